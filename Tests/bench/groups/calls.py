"""What the program's own thread pays for a call that prints."""

import contextlib
import statistics
import subprocess
from dataclasses import dataclass
from pathlib import Path

from bench import Bench, figures, figures_in
from instructions import by_thread, can_count
from rounds import Spread, differences, interleaved, ratios
from table import Row, compared

LINE = 80
WAYS = ("bare", "idle thread", "offline", "online")


def tables(bench: Bench):
    rows = []
    if can_count():
        rows += [*instructions_of_lines(bench), instructions_of_writes(bench)]
    rows += [writes_into(bench, stdout) for stdout in ("file", "pipe", "/dev/null")]
    rows += [big_blocks(bench)]
    return [compared("Calls that print, on the program's own thread", rows)]


# ---- Instructions ----


def counted(bench: Bench, way: str, kind: str, count: int, size: int = 0) -> int:
    """What the main thread needs for this many more, from two runs: what each start costs is in both."""
    words = [bench.place.program("counted"), kind]

    def once(number):
        with bench.folder() as folder:
            environment = bench.place.environment(way, folder / "track")
            return by_thread([*words, number, size], environment, folder)[0]

    return once(2 * count) - once(count)


def instructions_of_lines(bench: Bench):
    """Two sizes of the buffer tell what a flush costs from what its bytes cost."""
    small, large, count = 1024, 4096, 10_240
    added = {
        size: counted(bench, "offline", "printf", count, size) - counted(bench, "bare", "printf", count, size)
        for size in (small, large)
    }
    flush = {size: added[size] * size / (count * LINE) for size in added}
    per_byte = (flush[large] - flush[small]) / (large - small)
    alone = flush[large] - large * per_byte
    bare = counted(bench, "bare", "printf", count, large) / count
    line = added[large] / count - per_byte * LINE
    yield Row(
        "instructions added to a printf of 80 bytes, buffered", "≤ 50", f"{line:.0f} and the copy", line <= 50,
        {"bare": f"{bare:,.0f}", "offline": f"{bare + line:,.0f}"},
        f"the copy is {per_byte:.2f} for each byte, so {added[large] / count:.0f} with it; online is the same code",
    )  # fmt: skip
    yield Row(
        "instructions added to a flush", "≤ 250 and the copy", f"{alone:.0f} and the copy", alone <= 250, {},
        f"from buffers of {small} and {large} bytes",
    )  # fmt: skip


def instructions_of_writes(bench: Bench):
    count = 5_000
    bare = counted(bench, "bare", "write", count) / count
    added = counted(bench, "offline", "write", count) / count - bare
    return Row(
        "instructions added to a write of 80 bytes", "–", f"{added - LINE:.0f} and the copy", None,
        {"bare": f"{bare:,.0f}", "offline": f"{bare + added - LINE:,.0f}"},
        "of the program's side; the kernel's is not counted",
    )  # fmt: skip


# ---- Time ----


@dataclass(frozen=True)
class Call:
    """What hosts/timed_calls.c does, and where its stdout goes: a path, or `pipe`."""

    kind: str
    size: int
    calls: int
    bursts: int
    pause: int  # ms

    def nanoseconds(self, bench: Bench, way: str, stdout: str) -> float:
        """The median of one process's bursts."""
        with bench.folder() as folder, bench.server(way) as server, _opened(folder, stdout) as into:
            environment = bench.place.environment(way, folder / "track", server, **figures_in(folder))
            words = [bench.place.program("timed_calls"), self.kind, self.size, self.calls, self.bursts, self.pause]
            words = list(map(str, words))
            subprocess.run(words, env=environment, cwd=folder, stdout=into, stderr=subprocess.DEVNULL, check=True)
            return statistics.median(figures(folder)) * 1e9


@contextlib.contextmanager
def _opened(folder: Path, stdout: str):
    if stdout != "pipe":
        places = {"file": folder / "out", "memory": Path("/dev/shm") / f"{folder.parent.name}-{folder.name}"}
        path = places.get(stdout, stdout)
        with open(path, "wb") as out:
            yield out
        if stdout == "memory":
            path.unlink()
        return
    reader = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    try:
        yield reader.stdin
    finally:
        reader.stdin.close()
        reader.wait()


def rounds_of(bench: Bench, ways: dict[str, tuple[str, Call, str]]) -> dict[str, list[float]]:
    def each(way, call, stdout):
        return lambda: call.nanoseconds(bench, way, stdout)

    return interleaved({name: each(*what) for name, what in ways.items()}, bench.sized(7, 15))


def writes_into(bench: Bench, stdout: str):
    """Against the bare call, and against that of a program which has a second thread for other reasons."""
    taken = rounds_of(bench, {way: (way, Call("write", LINE, 1000, 25, 5), stdout) for way in WAYS})
    added, threaded = ratios(taken, "offline", "bare"), ratios(taken, "offline", "idle thread")
    figure = f"{_percent(added.median)} % ({_percent(added.low)}–{_percent(added.high)})"
    return Row(
        f"time added to write(1, 80 bytes), {stdout}", "≤ 5 %", figure, added.median <= 1.05,
        {way: f"{Spread(taken[way]).median:,.0f} ns" for way in WAYS},
        f"{_percent(threaded.median)} % against a program that has an idle second thread",
    )  # fmt: skip


def _percent(ratio: float) -> str:
    return f"{(ratio - 1) * 100:+.0f}"


def big_blocks(bench: Bench):
    size = 64 << 10
    ways = {way: (way, Call("fwrite", size, 20, 12, 25), "memory") for way in WAYS}
    taken = rounds_of(bench, ways | {"copy": ("bare", Call("memcpy", size, 20, 12, 25), "/dev/null")})
    added = differences(taken, "offline", "bare")
    copies = ratios({"added": added.given, "copy": taken["copy"]}, "added", "copy")
    return Row(
        "fwrite of 64 KiB: what is added, in copies of as much", "≤ 1.5", copies.text(2), copies.median <= 1.5,
        {way: f"{Spread(taken[way]).median:,.0f} ns" for way in WAYS},
        f"into a file in memory; {added.text(0, ' ns')} are added, and a memcpy of 64 KiB takes "
        f"{Spread(taken['copy']).median:,.0f} ns. The rule for a flood of any bytes: what does not fit into the ring "
        "of 4 MiB is dropped and counted and never waited for, so that the copy is the most that it costs",
    )  # fmt: skip
