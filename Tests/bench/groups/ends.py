"""How long a program takes to end after its last line."""

import time

from bench import Bench, figures
from rounds import Spread, differences, interleaved
from table import Row, compared

STEPS, PAUSE_MS = 200, 10  # two seconds, so that an online run is well begun
LIMITS = {"offline": 20, "online": 300}


def tables(bench: Bench):
    ours = ("bare", "idle thread", "offline", "online")
    taken = interleaved({way: _each(bench, way) for way in ours}, bench.sized(5, 21))
    taken["wrapper offline"] = [milliseconds(bench, "wrapper offline") for _ in range(2)]
    taken["wrapper online"] = [milliseconds(bench, "wrapper online") for _ in range(2)]
    beside = {way: f"{Spread(values).median:,.0f} ms" for way, values in taken.items()}
    rows = []
    for way, limit in LIMITS.items():
        more = differences(taken, way, "bare")
        name = f"added to the end after the last line, {way}"
        rows.append(Row(name, f"≤ {limit} ms", more.text(1, " ms"), more.median <= limit, beside))
    rows[-1].note = "of the wrapper: until it has ended itself"
    return [compared("Ends", rows)]


def _each(bench: Bench, way: str):
    return lambda: milliseconds(bench, way)


def milliseconds(bench: Bench, way: str) -> float:
    """From the program's own last look at the clock to the moment at which its parent has seen it end."""
    found = []

    def look(folder, _, server):
        if server and not server.has_end:
            raise RuntimeError(f"{way}: the server does not know of the end, so the figure shows nothing")
        found.append((time.time() - figures(folder)[-1]) * 1e3)

    bench.end_of(way, [bench.place.program("last_line"), STEPS, PAUSE_MS], look)
    return found[0]
