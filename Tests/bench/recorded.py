"""A program that prints no faster than can be recorded, and what our threads had done of it when it was through."""

import json
import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from bench import Bench
from our_threads import UPLOADER, WORKER, computed, memory
from support.journal import run_files
from support.library import command

SAID = re.compile(r"trackshim: (\d+) bytes of output came faster")
# It leaves the worker time: bursts of what is far less than the ring holds.
BURST = 2_000
PAUSES_MS = (5, 10, 20, 40)
STAYS_MS = 1_500


@dataclass
class Recorded:
    worker: float  # seconds of computing
    uploader: float
    memory: dict[str, int]  # KiB
    journal: int  # bytes
    names: int  # of metrics; counted only where there are many


def recorded(bench: Bench, way: str, lines: int, kind: str = "seed") -> Recorded:
    """Of the first try in which nothing was dropped: others on the machine may leave the worker too little time."""
    for pause in PAUSES_MS:
        if found := _once(bench, way, lines, kind, pause):
            return found
    raise RuntimeError(f"{lines:,} lines, {BURST:,} each {PAUSES_MS[-1]} ms: more than the worker could take")


def _once(bench: Bench, way: str, lines: int, kind: str, pause: int) -> Recorded | None:
    with bench.folder() as folder, bench.server(way) as server:
        environment = bench.place.environment(way, folder / "track", server, TRACKSHIM_EXIT_TIMEOUT="60")
        words = [bench.place.program("lines"), lines, BURST, pause, STAYS_MS, kind]
        with open(folder / "out", "wb") as out, open(folder / "errors", "wb") as errors:
            process = subprocess.Popen(list(map(str, words)), env=environment, cwd=folder, stdout=out, stderr=errors)
            try:
                _wait_until_printed(folder / "out", process)
                threads, held = computed(process.pid), memory(process.pid)
            finally:
                # To its own end: one that is killed leaves its ring.
                process.wait(180)
        if SAID.search((folder / "errors").read_text()):
            return None
        file = run_files(folder / "track")[0]
        names = _names(file) if kind.startswith("keys") else 0
        return Recorded(threads[WORKER], threads.get(UPLOADER, 0.0), held, file.stat().st_size, names)


def _names(file: Path) -> int:
    shown = subprocess.run([command(), "show", "--json", file], capture_output=True, check=True)
    return len(json.loads(shown.stdout)["metrics"])


def _wait_until_printed(out: Path, process) -> None:
    """Its file has not grown for half a second, which is a third of the time that it stays."""
    size, since = -1, time.monotonic()
    while time.monotonic() - since < STAYS_MS / 3000:
        if process.poll() is not None:
            raise RuntimeError(f"the program ended ({process.returncode}) before it was looked at")
        if (now := out.stat().st_size) != size:
            size, since = now, time.monotonic()
        time.sleep(0.01)
