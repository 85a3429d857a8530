"""Runs a program to its end and says what it took."""

import os
import select
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

LIMIT = 3600.0  # seconds; by then something hangs


@dataclass
class Ended:
    status: int
    seconds: float
    cpu: float  # of it and of the children that it waited for
    errors: str


def run(words: list, environment: dict[str, str], folder: Path, stdout: Path | None = None) -> Ended:
    """Its stdout goes into this file, or nowhere."""
    errors = folder / "errors"
    with open(stdout or os.devnull, "wb") as out, open(errors, "wb") as err:
        began = time.monotonic()
        process = subprocess.Popen(
            [str(word) for word in words], env=environment, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=err
        )
        taken = _wait(process, LIMIT)
    seconds = time.monotonic() - began
    return Ended(process.returncode, seconds, taken.ru_utime + taken.ru_stime, errors.read_text(errors="replace"))


def run_well(*words, **options) -> Ended:
    """The same of a program whose failure would make the figure worthless."""
    ended = run(list(words), **options)
    if ended.status != 0:
        raise RuntimeError(f"{words[0]}: exit status {ended.status}: {ended.errors[-2000:]}")
    return ended


def _wait(process: subprocess.Popen, limit: float):
    """wait4 and not Popen's wait: that does not say what the process took."""
    handle = os.pidfd_open(process.pid)
    try:
        in_time = select.select([handle], [], [], limit)[0]
        if not in_time:
            process.kill()
        _, status, taken = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    finally:
        os.close(handle)
    if not in_time:
        raise TimeoutError(f"{process.args}: not within {limit} s")
    return taken
