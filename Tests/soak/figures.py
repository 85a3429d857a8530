"""What a process takes, from /proc, and whether that stays the same."""

import re
import statistics
from dataclasses import dataclass
from pathlib import Path

OURS = ("trackshim", "trackshim-net")


@dataclass
class Figures:
    seconds: float
    resident: int  # KiB
    alone: int  # of the same program without us at the same moment
    threads: int  # of ours
    files: int  # of the host
    own_files: int  # in the table that our threads share

    @property
    def ours(self) -> int:
        return self.resident - self.alone


def resident(pid: int) -> int:
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1])


def look(pid: int, alone: int, seconds: float) -> Figures:
    """Of both processes as near to each other in time as can be."""
    memory = resident(pid), resident(alone)
    threads = {path: (path / "comm").read_text().strip() for path in Path(f"/proc/{pid}/task").iterdir()}
    ours = [path for path, name in threads.items() if name in OURS]
    own = len(list((ours[0] / "fd").iterdir())) if ours else 0
    return Figures(seconds, *memory, len(ours), len(list(Path(f"/proc/{pid}/fd").iterdir())), own)


def growth(values: list[int]) -> float:
    """From the second quarter to the last, by their medians: the first is the beginning."""
    quarter = max(1, len(values) // 4)
    return statistics.median(values[-quarter:]) - statistics.median(values[quarter : 2 * quarter] or values)


class Checks:
    """Counts what is as it should be, and says what is not."""

    def __init__(self):
        self.passed = self.failed = 0

    def __call__(self, what: str, is_good: bool, detail="") -> None:
        self.passed += bool(is_good)
        self.failed += not is_good
        print(f"{'good' if is_good else 'BAD '}  {what}{f': {detail}' if detail != '' else ''}", flush=True)
