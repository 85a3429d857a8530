"""A program beside a server that means harm: what it may cost, and what may be seen of it."""

import contextlib
import re
import subprocess
import time
from pathlib import Path

from server.fixtures import KEY

from .online import Online
from .unseen import UNSEEN

MEMORY = 80 << 10  # KiB that an answer may cost


def hasty(programs, shim, folder, server) -> Online:
    return Online(programs, shim, folder, server, TRACKSHIM_EXIT_TIMEOUT=1, TRACKSHIM_UPLOAD_INTERVAL=0.1)


def run(online, *words, **settings):
    """Status, seconds, KiB at most, stderr."""
    began, most = time.monotonic(), 0
    process = online.start(*words, stderr=subprocess.PIPE, **settings)
    while process.poll() is None:
        most = max(most, memory(process))
        time.sleep(0.005)
    with process.stderr as errors:
        return process.returncode, time.monotonic() - began, most, errors.read()


def memory(process):
    """What it had at most since its exec; what wait4 tells of that counts this process's own, too."""
    with contextlib.suppress(OSError):
        found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process.pid}/status").read_text())
        return int(found[1]) if found else 0
    return 0


def unharmed(result, usual=0):
    status, took, memory, errors = result
    assert status == 0 and took < 5
    assert not usual or memory < usual + MEMORY, f"{memory} KiB, with a good server {usual}"
    text = errors.decode("utf-8", "replace")
    assert not UNSEEN.search(text) and KEY not in text
    assert all(line.startswith(("trackshim: ", "warning: ")) for line in text.splitlines())
    assert max(map(len, text.splitlines()), default=0) < 1500
