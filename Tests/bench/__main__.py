"""python Tests/bench: what TrackShim costs and how fast it is, beside what else there is (docs/benchmarks.md).

ONLY=calls,flood   these groups and no others
BENCH=full         as long as it takes: more rounds, 10 GB of output, a million steps where it is slow
WRITE=1            the figures go into docs/benchmarks.md as well
READER=PATH        the program that only reads lines (make bench builds it); without it that group is left out
"""

import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import document  # noqa: E402
from bench import Bench  # noqa: E402
from groups import calls, ends, flood, growth, latency, memory, reader, starts, upload  # noqa: E402
from machine import facts  # noqa: E402
from place import Place  # noqa: E402
from support.library import command, library  # noqa: E402
from table import promises  # noqa: E402

GROUPS = {
    "calls": calls, "flood": flood, "starts": starts, "memory": memory, "latency": latency, "ends": ends,
    "upload": upload, "growth": growth, "reader": reader,
}  # fmt: skip


def wanted() -> list[str]:
    names = [name for name in os.environ.get("ONLY", "").replace(",", " ").split()]
    if unknown := set(names) - set(GROUPS):
        sys.exit(f"bench: no group {', '.join(sorted(unknown))}; there are {', '.join(GROUPS)}")
    return names or list(GROUPS)


def main() -> None:
    if not library().exists() or command() is None:
        sys.exit("bench: build/lib and build/bin are not there: run `make`")
    given = os.environ.get("READER")
    writes = os.environ.get("WRITE") == "1"
    if writes and os.environ.get("ONLY"):
        sys.exit("bench: the document's figures are all of one run: WRITE=1 goes without ONLY")
    found, loads = [], [os.getloadavg()[0]]
    with tempfile.TemporaryDirectory(prefix="trackshim-bench-") as folder:
        bench = Bench(Place(Path(folder)), os.environ.get("BENCH") == "full", Path(given).resolve() if given else None)
        for name in wanted():
            began = time.monotonic()
            tables = GROUPS[name].tables(bench)
            found += [replace(table, group=name) for table in tables]
            for table in tables:
                print(table.text(), flush=True)
            loads.append(os.getloadavg()[0])
            print(f"({name}: {time.monotonic() - began:.0f} s)\n", flush=True)
    print(promises(found).text())
    if writes:
        document.write(facts(loads), [promises(found), *found])


if __name__ == "__main__":
    main()
