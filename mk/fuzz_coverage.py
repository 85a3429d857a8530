#!/usr/bin/env python3
"""Adds up what libFuzzer's -print_coverage=1 says in the given logs: per folder, edges that some target reaches.

Of a function that several targets reach in part the best one counts, so it is at least this much.
"""

import re
import sys
from collections import defaultdict
from pathlib import Path

LINE = re.compile(r"^(UN)?COVERED_FUNC: hits: \d+ edges: (\d+)/(\d+) (\S+) \S*?/(Sources/\S+):\d+")


def main(logs: list[str]) -> None:
    best: dict[tuple[str, str], tuple[int, int]] = {}
    for log in logs:
        for line in Path(log).read_text(errors="replace").splitlines():
            if match := LINE.match(line):
                uncovered, hit, edges, name, path = match.groups()
                key = (path, name)
                reached = 0 if uncovered else int(hit)
                best[key] = (max(reached, best.get(key, (0, 0))[0]), int(edges))
    folders: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    files: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for (path, _), (hit, edges) in best.items():
        parts = Path(path).parts
        if parts[1] not in ("TrackShim", "CTrackShim"):
            continue
        folder = "/".join(parts[1:3] if len(parts) > 3 else parts[1:2])
        for table, name in ((folders, folder), (files, path)):
            table[name][0] += hit
            table[name][1] += edges
    for name, (hit, edges) in sorted(folders.items()):
        print(f"{name:24} {hit:6} of {edges:6} edges, {100 * hit // max(1, edges):3} %")
    missed = sorted(files.items(), key=lambda entry: entry[1][0] - entry[1][1])[:12]
    print("most is missing in: " + ", ".join(f"{Path(path).name} {hit}/{edges}" for path, (hit, edges) in missed))


if __name__ == "__main__":
    main(sys.argv[1:])
