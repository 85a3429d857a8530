"""What it takes a program to start with the library."""

import subprocess

from bench import Bench
from rounds import Spread, differences, interleaved
from table import Row, compared


def tables(bench: Bench):
    return [compared("Starts", [untracked(bench), first_line(bench), short_life(bench)])]


def untracked(bench: Bench) -> Row:
    start = Start(bench, "end", ["/bin/true"], times=10)
    note = "what the loader does with the library, which is mapped and relocated, and its constructor"
    return start.row("/bin/true, to its end", ("bare", "idle thread", "offline"), 0.7, note)


def first_line(bench: Bench) -> Row:
    start = Start(bench, "line", [bench.place.program("first_line")], times=4)
    note = "the run itself begins on the worker, behind that line"
    ways = ("bare", "idle thread", "offline", "online")
    return start.row("a tracked program, until its first line is in the pipe", ways, 2.0, note)


def short_life(bench: Bench) -> Row:
    """All that a run has, for one line."""
    start = Start(bench, "end", [bench.place.program("last_line"), 1, 0], times=4)
    return start.row("a tracked program of one line, to its end", ("bare", "idle thread", "offline", "online"))


class Start:
    """A program that is started so many times in each round, until hosts/starts.c has seen what it waits for."""

    def __init__(self, bench: Bench, until: str, program: list, times: int):
        self.bench = bench
        self.words = [str(word) for word in (bench.place.program("starts"), until, times, *program)]

    def milliseconds(self, way: str) -> float:
        with self.bench.folder() as folder, self.bench.server(way) as server:
            environment = self.bench.place.environment(way, folder / "track", server)
            # The starter itself is not to be slowed down by what it measures.
            environment["BENCH_PRELOAD"] = environment.pop("LD_PRELOAD", "")
            done = subprocess.run(
                self.words, env=environment, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True
            )
        return Spread(map(float, done.stdout.split())).median * 1e3

    def row(self, name: str, ways: tuple[str, ...], limit: float | None = None, note: str = "") -> Row:
        taken = interleaved({way: lambda way=way: self.milliseconds(way) for way in ways}, self.bench.sized(20, 90))
        added = differences(taken, "offline", "bare")
        figure = f"{added.median:+.2f} ms ({added.low:+.2f}–{added.high:+.2f})"
        return Row(
            name, f"≤ +{limit:g} ms" if limit else "–", figure, added.median <= limit if limit else None,
            {way: f"{Spread(taken[way]).median:.2f} ms" for way in ways}, note,
        )  # fmt: skip
