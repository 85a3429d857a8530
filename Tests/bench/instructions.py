"""Instructions, counted by callgrind: they are the same on a machine that others use too.

One count for each thread, for what a program's own thread does and what ours does are different questions. callgrind
counts each round of a `rep movsb` as one instruction, that is one for each byte that is copied.
"""

import re
import shutil
import subprocess
from pathlib import Path


def can_count() -> bool:
    return shutil.which("valgrind") is not None


def by_thread(words: list, environment: dict[str, str], folder: Path) -> list[int]:
    """Of each thread, the program's own first, in the order in which they were started."""
    out = folder / "callgrind"
    for old in folder.glob("callgrind*"):
        old.unlink()
    valgrind = ["valgrind", "--tool=callgrind", "--separate-threads=yes", f"--callgrind-out-file={out}"]
    command = [*valgrind, *map(str, words)]
    with open(folder / "stdout", "wb") as stdout:
        done = subprocess.run(command, env=environment, cwd=folder, stdout=stdout, stderr=subprocess.PIPE, timeout=600)
    if done.returncode != 0:
        raise RuntimeError(f"{command}: {done.returncode}: {done.stderr.decode(errors='replace')[-2000:]}")
    # A program of one thread has it all in the first file; of several, each has a file, and the first is empty.
    parts = sorted(folder.glob("callgrind-*")) or [out]
    return [int(re.search(r"^totals: (\d+)", part.read_text(), re.MULTILINE)[1]) for part in parts]
