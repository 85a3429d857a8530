"""What cannot be known of a dprintf that passes no FILE is counted and said."""

import re
import subprocess

import pytest
from support import journal
from support.case import Case
from support.comparison import differences
from support.lab import Lab


@pytest.fixture(autouse=True)
def passes_no_file(programs):
    told = subprocess.run(programs.argv("libc_version.c"), capture_output=True, text=True, check=True).stdout
    if int(told.split(".")[1]) < 37:
        pytest.skip("dprintf goes through a FILE before glibc 2.37")


def run(lab: Lab, shim, source: str) -> tuple[int, str]:
    """How many bytes are said to be missing, and the console log."""
    case = Case("any", source)
    alone, tracked = lab.run(case, "pipe", None), lab.run(case, "pipe", shim)
    assert differences(case, alone, tracked) == []
    missing = re.search(rb"trackshim: (\d+) bytes of the output cannot be read again", tracked.stderr)
    console = journal.console(journal.records(journal.run_files(lab.track)[0]))["stdout"]
    assert [line[:11] for line in console.splitlines() if line.startswith("step")] == ["step    1/3", "step    2/3"]
    return int(missing[1]), console


def test_part_of_a_long_text_was_written(lab: Lab, shim):
    missing, console = run(lab, shim, "dprintf_blocked.c")
    assert missing == 9000 and "output was lost here" in console


def test_a_text_longer_than_the_ring(lab: Lab, shim):
    missing, _ = run(lab, shim, "dprintf_long.c")
    assert missing == 6_000_000 - ((4 << 20) - 1)
