"""How fast lines are understood, by kind of line; median of three, with the spread.

Ratios count more than figures: all of one run are of the same machine in the same minute. Where valgrind is there,
instructions are counted as well: they are the same on a machine that others use too.
"""

import random
import re
import shutil
import statistics
import subprocess
from pathlib import Path

from bench import Bench
from table import Table

WORDS = Path(__file__).parents[3].joinpath("README.md").read_text().split()
# `NaN` is a number, and a line with one is read as such.
PLAIN = [word for word in WORDS if not any(sign.isdigit() for sign in word) and "nan" not in word.lower()]
# As people write them, with numbers where they have some.
MANUAL = [
    line
    for page in sorted(Path(__file__).parents[3].joinpath("docs").glob("*.md"))
    for line in page.read_text().splitlines()
]
LINES = 100_000


def seed(step, number):
    timing = f"{number() * 9:.6f} ms, {step % 90_000 + 1000} tok/s"
    return f"step {step:5d}/{LINES}: train loss {number():.6f} ({timing})"


def bars(step, number):
    return f"step {step}/{LINES} | loss {number():.4f} (+0.1z)| norm {number():.3f} | lr {number() / 1e3:.2e} | 12.3 ms"


def logger(step, number):
    at = f"{step // 3600 % 24:02}:{step // 60 % 60:02}:{step % 60:02}"
    values = f"epoch={step // 900} step={step} loss={number():.4f} acc={number():.1%}"
    return f"2024-05-01 {at},123 INFO train.py:88: {values}"


def columns(step, number):
    return f"{step},{number():.4f},{number():.3f},{number() / 1e3:.2e}" if step else "step,loss,acc,lr"


def text(step, number):
    return " ".join(PLAIN[int(number() * len(PLAIN))] for _ in range(12))


def text_with_numbers(step, number):
    return text(step, number) + f" {step} " + text(step, number)[:20]


def manual(step, number):
    return MANUAL[step % len(MANUAL)]


def hostile(length):
    """Everything that has to be looked at twice: labels, numbers, brackets and quotes without end."""
    pieces = ["loss ", "0.5 ", "a:", "(", "'", "1,000,", "nan ", "|", "3/4 ", "[", "-"]

    def line(step, number):
        made = "step "
        while len(made) < length:
            made += pieces[int(number() * len(pieces))]
        return made

    return line


KINDS = {
    "seed's step lines": seed, "bars between values": bars, "logger, key=value": logger, "columns, CSV": columns,
    "text without numbers": text, "text with a number": text_with_numbers, "a manual's pages": manual,
}  # fmt: skip


def measured(reader, path):
    runs = [subprocess.run([reader, str(path), "0.7"], capture_output=True, text=True, check=True) for _ in range(3)]
    return [float(re.match(r"([\d.]+) ns/line", run.stdout)[1]) for run in runs]


class Instructions:
    """How many a line costs, once the reader knows its kind: of two runs, one with more lines than the other."""

    def __init__(self, reader, folder):
        self.reader = Path(folder, "reader")
        self.part = Path(folder, "part")
        self.can = all(shutil.which(tool) for tool in ("valgrind", "objcopy"))
        # Swift's debugging symbols are too much for valgrind.
        if self.can:
            subprocess.run(["objcopy", "--strip-debug", reader, self.reader], check=True)

    def counted(self, lines):
        self.part.write_text("".join(lines))
        command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", self.reader, self.part, "0"]
        run = subprocess.run(command, capture_output=True, text=True, check=True)
        return int(re.search(r"refs: *([\d,]+)", run.stderr)[1].replace(",", ""))

    def of(self, path, count):
        if not self.can:
            return "-"
        lines = path.read_text().splitlines(keepends=True)[: count // 5]
        half = len(lines) // 2
        return round((self.counted(lines) - self.counted(lines[:half])) / (len(lines) - half))


HEAD = [
    "lines", "bytes each", "ns a line", "million lines/s", "MB/s", "ns a byte", "ratio", "spread", "instructions",
]  # fmt: skip


class Reading:
    """Each kind of line beside the first."""

    def __init__(self, reader: Path, folder: Path):
        self.reader, self.path = reader, folder / "log"
        self.instructions = Instructions(reader, folder)
        self.base = 0.0

    def row(self, name: str, make, count: int) -> list[str]:
        number = random.Random(1).random
        self.path.write_text("".join(make(step, number) + "\n" for step in range(count)))
        times = measured(self.reader, self.path)
        nanoseconds, size = statistics.median(times), self.path.stat().st_size / count
        self.base = self.base or nanoseconds
        return [
            name, f"{size:.0f}", f"{nanoseconds:,.0f}", f"{1e3 / nanoseconds:.2f}", f"{size * 1e3 / nanoseconds:.0f}",
            f"{nanoseconds / size:.2f}", f"{nanoseconds / self.base:.2f}",
            f"{min(times) / nanoseconds:.2f}–{max(times) / nanoseconds:.2f}",
            str(self.instructions.of(self.path, count)),
        ]  # fmt: skip


def tables(bench: Bench):
    if bench.reader is None:
        return []
    with bench.folder() as folder:
        reading = Reading(bench.reader, folder)
        rows = [reading.row(name, make, LINES) for name, make in KINDS.items()]
        for length in (1_000, 4_000, 16_000, 64_000):
            rows.append(reading.row(f"hostile, {length:,} bytes", hostile(length), max(100, 4_000_000 // length)))
    return [Table("How fast lines are read, without the rest", HEAD, rows)]
