"""What every group is given."""

import contextlib
from dataclasses import dataclass
from pathlib import Path

from place import Place, has
from run import Ended, run_well
from sink import Sink

# Three ways that need a server; each run has one of its own, which ends with it.
ONLINE = ("online", "wrapper online")


@dataclass
class Bench:
    place: Place
    full: bool  # as long as it takes
    reader: Path | None  # the program that only reads lines

    def sized(self, short: int, full: int) -> int:
        return full if self.full else short

    @contextlib.contextmanager
    def server(self, way: str, keeps: bool = False):
        if way not in ONLINE:
            yield None
        else:
            with Sink(keeps) as sink:
                yield sink

    @contextlib.contextmanager
    def folder(self):
        path = self.place.fresh()
        try:
            yield path
        finally:
            self.place.clear(path)

    def end_of(self, way: str, program: list, look=None, **settings) -> Ended:
        """Runs it to its end with its stdout in a file. `look` sees folder and server before they are gone."""
        with self.folder() as folder, self.server(way) as server:
            settings |= figures_in(folder)
            environment = self.place.environment(way, folder / "track", server, **settings)
            (folder / "track").mkdir()
            words = self.place.words(way, program, folder / "copy")
            # What only passes text on has it in a file of its own; else it would be written twice.
            stdout = None if way in ("tee", "script") else folder / "out"
            ended = run_well(*words, environment=environment, folder=folder, stdout=stdout)
            if look:
                look(folder, ended, server)
            return ended


def possible(*ways: str) -> list[str]:
    return [way for way in ways if has(way)]


def figures_in(folder: Path) -> dict[str, str]:
    """Where a program leaves what it has measured of itself (hosts/figures.h)."""
    return {"BENCH_FIGURES": str(folder / "figures")}


def figures(folder: Path) -> list[float]:
    return list(map(float, (folder / "figures").read_text().split()))
