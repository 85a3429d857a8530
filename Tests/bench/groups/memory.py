"""Resident memory that the library adds."""

import subprocess
import time

from bench import Bench
from our_threads import memory
from rounds import Spread, differences, interleaved
from table import Row, compared

STEPS, PAUSE_MS = 20_000, 1  # twenty lines each millisecond
HOLD_MS = 2_000


def tables(bench: Bench):
    silent = [bench.place.program("silent"), 600]
    # A second of printing, and then it stays.
    lines = [bench.place.program("lines"), STEPS, 20, PAUSE_MS, HOLD_MS]
    rows = [
        added(bench, "a program that prints nothing", "offline", silent, 0.3, 2),
        added(bench, f"recording offline, after {STEPS:,} steps", "offline", lines, 2.5, 6),
        added(bench, f"recording online, after {STEPS:,} steps", "online", lines, 2.5, 12),
    ]
    return [compared("Resident memory", rows)]


def resident(bench: Bench, way: str, program: list, after: float) -> dict[str, int]:
    with bench.folder() as folder, bench.server(way) as server:
        environment = bench.place.environment(way, folder / "track", server)
        with open(folder / "out", "wb") as out:
            process = subprocess.Popen(
                list(map(str, program)), env=environment, cwd=folder, stdout=out, stderr=subprocess.DEVNULL
            )
            try:
                time.sleep(after)
                return memory(process.pid)
            finally:
                # To its own end: one that is killed leaves its ring.
                process.wait(60)


def added(bench: Bench, name: str, way: str, program: list, after: float, limit: float) -> Row:
    kinds: dict[str, list[dict]] = {"bare": [], way: []}

    def each(which):
        def once():
            kinds[which].append(resident(bench, which, program, after))
            return kinds[which][-1]["VmRSS"] / 1024

        return once

    taken = interleaved({which: each(which) for which in kinds}, 3)
    more = differences(taken, way, "bare")
    private = Spread(a["RssAnon"] / 1024 - b["RssAnon"] / 1024 for a, b in zip(kinds[way], kinds["bare"]))
    most = Spread(a["VmHWM"] / 1024 - b["VmHWM"] / 1024 for a, b in zip(kinds[way], kinds["bare"]))
    shared = Spread(a["RssShmem"] / 1024 for a in kinds[way])
    return Row(
        name, f"≤ +{limit:g} MB", f"+{more.text(1)} MB", more.median <= limit,
        {which: f"{Spread(values).median:.1f} MB" for which, values in taken.items()},
        f"of this {private.median:.1f} MB are the process's own and {shared.median:.1f} MB the ring; the rest are "
        f"pages of libraries' files, which all processes share. At most it was +{most.median:.1f} MB",
    )  # fmt: skip
