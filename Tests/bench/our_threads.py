"""What our threads of a program that runs have computed, from /proc."""

import re
from pathlib import Path

WORKER, UPLOADER = "trackshim", "trackshim-net"


def computed(process: int) -> dict[str, float]:
    """Seconds by the thread's name; the program's own threads have its name."""
    found: dict[str, float] = {}
    for task in Path(f"/proc/{process}/task").iterdir():
        name = (task / "comm").read_text().strip()
        found[name] = found.get(name, 0) + int((task / "schedstat").read_text().split()[0]) / 1e9
    return found


def memory(process: int) -> dict[str, int]:
    """KiB: VmRSS, VmHWM, RssAnon and the like."""
    text = Path(f"/proc/{process}/status").read_text()
    return {name: int(size) for name, size in re.findall(r"^(\w+):\s+(\d+) kB", text, re.MULTILINE)}
