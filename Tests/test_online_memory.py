"""A server that is away for long costs no memory: what waits is in the journal."""

import os
import re
import subprocess
import time
from pathlib import Path

import pytest
from server.fixtures import stand_in  # noqa: F401
from support.online import Online

pytestmark = pytest.mark.alone

# A million take a minute and a half; they are for whoever asks for them.
STEPS = [60_000] + [1_000_000] * ("TRACKSHIM_TEST_SLOW" in os.environ)
GROWTH_ALLOWED = 16 * 1024  # KiB


def resident(process) -> int:
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{process.pid}/status").read_text())
    return int(found[1]) if found else 0


def watch(process, limit):
    """Resident memory each 50 ms until the end."""
    seen, end = [], time.monotonic() + limit
    while process.poll() is None and time.monotonic() < end:
        seen.append(resident(process))
        time.sleep(0.05)
    return [value for value in seen if value]


@pytest.mark.parametrize("away", ["down", "back at the end"])
@pytest.mark.parametrize("steps", STEPS)
def test_a_server_that_is_away(away, steps, programs, shim, tmp_path, stand_in, measured):  # noqa: F811
    online = Online(programs, shim, tmp_path, stand_in, TRACKSHIM_EXIT_TIMEOUT=1)
    stand_in.down()
    process = online.start(steps, 0, f"idle@{steps}:3000", stderr=subprocess.DEVNULL)
    try:
        time.sleep(1)
        if away != "down":
            stand_in.up()
        seen = watch(process, 600)
    finally:
        process.kill()
        process.wait()
    measured(f"{steps} steps, server {away}: {seen[0]} KiB resident after 1 s, at most {max(seen)}")
    assert max(seen) - seen[0] < GROWTH_ALLOWED
    if away == "down":
        stand_in.up()
    began = time.monotonic()
    done = online.sync(timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    measured(f"the rest of {steps} steps sent in {time.monotonic() - began:.1f} s")
    assert [row["_step"] for row in stand_in.run().history] == list(range(1, steps + 1))
    assert stand_in.violations == []
