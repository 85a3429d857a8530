"""formats COMMAND [FOLDER...] [-v] [--no-presets]: scores what `trackshim check` reads in saved logs against what is expected of it.

For each folder of Tests/logs: how many of the expected observations were found, how many of those at their step,
and how many were wrong: a value that is not expected of its line. What is marked ambiguous there counts for nothing,
found or not. Values are compared as they were printed.
"""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

LOGS = Path(os.environ.get("LOGS", Path(__file__).parent.parent / "logs"))
FOLDERS = (
    "trainers", "free", "held_back/trainers", "held_back/free", "held_back/second/trainers", "held_back/second/free",
    "held_back/third/trainers", "held_back/third/free", "held_back/fourth/trainers", "held_back/fourth/free",
)  # fmt: skip


@dataclass
class Line:
    step: str | None = None
    metrics: dict[str, str] = field(default_factory=dict)
    # May be otherwise; "*" stands for the whole line, "step" for its step.
    open: set[str] = field(default_factory=set)

    def is_open(self, key: str) -> bool:
        return bool(self.open & {"*", key})


@dataclass
class Score:
    wanted: int = 0
    found: int = 0
    at_step: int = 0
    wrong: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))

    def __str__(self) -> str:
        recall = f"recall {self.found / self.wanted:.3f}, " if self.wanted else ""
        return f"{recall}{self.found} of {self.wanted}, {self.found - self.at_step} at another step, {self.wrong} wrong"


def found(command: str, log: Path, presets: bool) -> dict[int, Line]:
    environment = dict(os.environ, TRACKSHIM_FORMAT="presets on" if presets else "presets off")
    done = subprocess.run([command, "check", "--json", str(log)], capture_output=True, text=True, env=environment)
    if done.returncode != 0 or done.stderr:
        sys.exit(f"{log}: {done.stderr or done.returncode}")
    lines = {}
    # Rows of a log without a counter are counted: a metric that comes again begins the next one.
    row, in_row = 0, set()
    for text in done.stdout.splitlines():
        said = json.loads(text, parse_float=str, parse_int=str)
        if in_row & said["metrics"].keys():
            row, in_row = row + 1, set()
        in_row |= said["metrics"].keys()
        lines[int(said["line"])] = Line(said["step"] or str(row), said["metrics"])
    return lines


def expected(path: Path) -> dict[int, Line]:
    lines: dict[int, Line] = {}
    marked: set[str] | None = None
    for text in path.read_text().splitlines():
        if match := re.match(r"# ambiguous\b(.*)", text):
            marked = set(match[1].split()) or {"*"}
        elif match := re.match(r"(\d+): (step (\S+)|config)(.*)", text):
            line = lines.setdefault(int(match[1]), Line())
            if match[3]:
                line.step = match[3]
                line.metrics |= dict(item.split("=", 1) for item in match[4].split())
                line.open |= marked or set()
            marked = None
    return lines


# The values of a box may come with its last line: so many lines below the one that shows them.
BOX = 40


def in_its_box(want: dict[int, Line], got: dict[int, Line]) -> None:
    """Moves what came with a later line to the line that shows it, where key, value and step are the same."""
    for number, said in sorted(got.items()):
        for key, value in list(said.metrics.items()):
            if value in want.get(number, Line()).metrics.values() and key in want[number].metrics:
                continue
            for above in range(number - 1, number - BOX, -1):
                wanted = want.get(above, Line())
                there = got.get(above, Line()).metrics
                if wanted.metrics.get(key) == value and wanted.step == said.step and key not in there:
                    del said.metrics[key]
                    got.setdefault(above, Line(said.step)).metrics[key] = value
                    break


def score(log: Path, got: dict[int, Line], shows: bool) -> Score:
    want = expected(log.with_suffix(".expected"))
    total = Score()
    in_its_box(want, got)
    for number in sorted(want.keys() | got.keys()):
        wanted, said = want.get(number, Line()), got.get(number, Line())
        for key, value in wanted.metrics.items():
            if wanted.is_open(key):
                continue
            total.wanted += 1
            if said.metrics.get(key) == value:
                total.found += 1
                total.at_step += said.step == wanted.step or bool(wanted.open & {"*", "step"})
                if shows and said.step != wanted.step and not wanted.open & {"*", "step"}:
                    print(f"      {number}: step {said.step}, expected {wanted.step}")
            elif shows:
                print(f"      {number}: missing {key}={value}")
        for key, value in said.metrics.items():
            if not wanted.is_open(key) and wanted.metrics.get(key) != value:
                total.wrong += 1
                if shows:
                    print(f"      {number}: wrong {key}={value}")
    return total


def main() -> None:
    command, *words = sys.argv[1:]
    presets = "--no-presets" not in words
    for folder in [word for word in words if not word.startswith("-")] or FOLDERS:
        total = Score()
        for log in sorted((LOGS / folder).glob("*.log")):
            one = score(log, found(command, log, presets), "-v" in words)
            total += one
            if "held_back" not in folder or "-v" in words:
                print(f"  {log.stem:26} {one}")
        print(f"{folder}: {total}")


main()
