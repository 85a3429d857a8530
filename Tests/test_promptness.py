"""What was printed is on disk soon, though the host never flushes, and stays there when it is killed."""

import random
import re
import statistics
import time

import pytest
from support import journal
from support.lab import recover
from support.library import command
from support.live import LiveHost, first_seen

pytestmark = pytest.mark.alone

# The promise is 100 ms; a loaded machine of somebody's CI gets more, the measured value is shown.
LIMIT = 2.0
STEP = r"^step    1/3: train loss 4\.500000 \(1\.000000 ms, 1000 tok/s\)$"


def test_unflushed_line_is_on_disk_and_survives_sigkill(programs, shim, tmp_path, measured):
    with LiveHost(programs.argv("unflushed.c"), shim, tmp_path) as host:
        seen = first_seen(host, STEP, count=1, limit=LIMIT + 1)
        assert seen, f"not in the journal after {LIMIT + 1} s, stderr {host.stderr!r}"
        printed_at = float(re.search(rb"^(\d+\.\d+)$", host.stderr, re.MULTILINE)[1])
        late = next(iter(seen.values())) - printed_at
        measured(f"first unflushed line on disk after {late * 1000:.0f} ms")
        assert late < LIMIT
        host.kill_after(0)
        assert host.printed() == b"", "the host flushed: this test shows nothing"
        recover(host.journal())
        assert re.search(STEP, host.recorded(), re.MULTILINE)
        journal.records(host.journal())


def test_each_unflushed_line_is_on_disk_soon(programs, shim, tmp_path, measured):
    with LiveHost(programs.argv("paced.c"), shim, tmp_path) as host:
        seen = first_seen(host, r"^stamp \d+ \d+\.\d+$", count=100, limit=2 + LIMIT + 1)
        late = [when - float(line.split()[2]) for line, when in seen.items()]
        assert len(late) == 100, f"{len(late)} of 100 lines in the journal"
        measured(
            f"unflushed lines on disk after {statistics.median(late) * 1000:.0f} ms (median), "
            f"{max(late) * 1000:.0f} ms (slowest of 100)"
        )
        assert max(late) < LIMIT


@pytest.mark.parametrize("seed", range(6))
def test_killed_at_any_moment_keeps_what_was_printed(seed, programs, shim, tmp_path):
    with LiveHost(programs.argv("endless.c"), shim, tmp_path) as host:
        moment = host.kill_after(random.Random(seed).uniform(0.2, 1.5))
        due = _last_number(host.printed(until=moment - 0.1))
        all_printed = _last_number(host.printed())
        assert all_printed > 500, "the host printed too little: this test shows nothing"
        assert host.journal(), f"no run, stderr {host.stderr!r}"
        recover(host.journal())
        got = [int(number) for number in re.findall(r"^line (\d+),", host.recorded(), re.MULTILINE)]
        assert got == list(range(len(got))), "the console log has a gap or a repetition"
        # With the command at hand what was in the ring is there too, to the last byte on stdout.
        assert len(got) > (all_printed if command() else due)
        if command():
            journal.records(host.journal())


def _last_number(printed: bytes) -> int:
    whole = printed[: printed.rfind(b"\n") + 1]
    return max(map(int, re.findall(rb"^line (\d+),", whole, re.MULTILINE)), default=-1)


def test_a_recovered_run_has_no_line_twice(programs, shim, tmp_path):
    if not command():
        pytest.skip("build/bin/trackshim is not there")
    with LiveHost(programs.argv("endless.c"), shim, tmp_path) as host:
        host.kill_after(0.7)
        recover(host.journal())
        once = host.journal().read_bytes()
        time.sleep(0.01)
        recover(host.journal())
        assert host.journal().read_bytes() == once
