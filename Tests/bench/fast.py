"""Programs that print as fast as they can, and what was seen of each."""

from bench import Bench, figures
from recorded import SAID


class Fast:
    """By the way in which they were run; a value for each time."""

    def __init__(self, bench: Bench):
        self.bench = bench
        self.printing: dict[str, list[float]] = {}  # seconds to the last line
        self.own: dict[str, list[float]] = {}  # seconds that the program's own thread computed
        self.peak: dict[str, list[float]] = {}  # KiB
        self.waited: dict[str, list[float]] = {}  # seconds for which it had no core
        self.dropped: dict[str, list[float]] = {}  # the share of what was printed

    def seconds(self, way: str, lines: int, kind: str = "seed") -> float:
        """To the program's end."""

        def look(folder, ended, _):
            printing, own, peak, waited = figures(folder)
            lost, printed = sum(map(int, SAID.findall(ended.errors))), max(1, _size(folder / "out"))
            kept = (self.printing, printing), (self.own, own), (self.peak, peak), (self.waited, waited)
            kept += ((self.dropped, lost / printed),)
            for values, value in kept:
                values.setdefault(way, []).append(value)

        return self.bench.end_of(way, [self.bench.place.program("lines"), lines, 0, 0, 0, kind], look).seconds


def _size(path) -> int:
    return path.stat().st_size if path.exists() else 0
