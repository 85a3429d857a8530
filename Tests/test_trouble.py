"""Hosts that make an end or a disk difficult, and tools around a host."""

import re
import shlex
import shutil
import subprocess
import sys
import time

import pytest
from support import journal
from support.case import Case
from support.lab import Lab, recover


def rows(file):
    return [record for record in journal.records(file) if record.WhichOneof("record_type") == "history"]


def exits(file):
    return [record.exit.exit_code for record in journal.records(file) if record.WhichOneof("record_type") == "exit"]


def test_an_end_does_not_wait_for_a_thread_that_never_stops(lab: Lab, shim, measured):
    began = time.monotonic()
    outcome = lab.run(Case("never_stops", "never_stops.c"), "null", shim)
    took = time.monotonic() - began
    assert outcome.status == 5
    # The exit timeout is 10 s; it was waited for whole when this went wrong.
    assert took < 8
    [file] = journal.run_files(lab.track)
    # Where the machine had no core for main between its end and the process's, what was printed meanwhile was just
    # being written.
    recover(file)
    assert exits(file) == [5]
    measured(f"end beside a thread that never stops printing: {took:.2f} s")


@pytest.fixture
def small_disk(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", folder], capture_output=True).returncode:
        pytest.skip("a small disk can only be mounted by root")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_disk_that_is_full_for_a_while_loses_nothing(lab: Lab, shim, small_disk):
    case = Case(
        "late_space", "late_space.c", command=("{}", str(small_disk / "fill")),
        environment=(("TRACKSHIM_DIR", str(small_disk)),),
    )
    outcome = lab.run(case, "pipe", shim)
    assert outcome.status == 0
    [file] = journal.run_files(small_disk)
    assert len(rows(file)) == 300
    assert exits(file) == [0]
    assert b"no space left" in outcome.stderr and b"nothing was lost" in outcome.stderr


def test_a_file_size_limit_leaves_whole_records(lab: Lab, shim):
    case = Case("printf", "many_lines.c", command=("bash", "-c", "ulimit -f 20; exec {}"))
    outcome = lab.run(case, "null", shim)
    assert outcome.status == 0
    [file] = journal.run_files(lab.track)
    journal.records(file)
    assert 19 * 1024 < file.stat().st_size <= 20 * 1024


def test_no_note_stands_in_a_line_that_is_written_in_pieces(lab: Lab, shim):
    whole = re.compile(rb"trainer\.cc\(88\) LOG\(INFO\) step=\d+ loss=0\.5|trackshim: .*")
    notes = 0
    for _ in range(8):
        lines = lab.run(Case("stderr_in_pieces", "stderr_in_pieces.c"), "pipe", shim).stderr.splitlines()
        assert [line for line in lines if not whole.fullmatch(line)] == []
        notes += sum(line.startswith(b"trackshim: ") for line in lines)
    # Two each; none where the reader is so far behind, on a busy machine, that the pipe is full at the program's end.
    assert notes >= 8


def test_a_step_that_no_training_reaches_is_no_step(lab: Lab, shim):
    text = "step 9223372036854775807/9: train loss 1.0 (1.0 ms, 1 tok/s)\\nstep 2/9: train loss 2.0 (1.0 ms, 1 tok/s)\\n"
    case = Case("perl", "print.pl", command=("/usr/bin/perl", "-e", f'print "{text}"'))
    lab.run(case, "pipe", shim)
    [file] = journal.run_files(lab.track)
    [row] = rows(file)
    assert {item.nested_key[0]: item.value_json for item in row.history.item}["_step"] == "2"


def test_valgrind_runs_a_tracked_program(lab: Lab, shim):
    if not shutil.which("valgrind"):
        pytest.skip("valgrind is not installed")
    alone = lab.run(Case("printf", "printf.c"), "pipe", None)
    case = Case("printf", "printf.c", command=("valgrind", "-q", "--error-exitcode=99", "{}"))
    outcome = lab.run(case, "pipe", shim)
    assert (outcome.stdout, outcome.status) == (alone.stdout, alone.status)
    assert len(journal.run_files(lab.track)) == 1


def test_an_end_that_nobody_waits_for_is_recovered(lab: Lab, shim):
    """The exit code and the last lines are in shared memory when the time for the journal is over."""
    case = Case("late", "ends.c", ("-DEND=return 6", "-DSETTLE"), environment=(("TRACKSHIM_EXIT_TIMEOUT", "0"),))
    outcome = lab.run(case, "pipe", shim)
    assert outcome.status == 6
    [file] = journal.run_files(lab.track)
    recover(file)
    assert exits(file) == [6]
    recorded = journal.console(journal.records(file))["stdout"]
    # What stdio flushed after its last chance to be waited for may be gone with the process.
    assert outcome.stdout.decode().startswith(recorded) and recorded


SLOW_READER = """
import fcntl, pathlib, struct, sys, termios, time
pathlib.Path("reads").touch()
while struct.unpack("i", fcntl.ioctl(0, termios.FIONREAD, bytes(4)))[0] < 60_000:
    time.sleep(0.0005)
time.sleep({})
sys.stdout.buffer.write(sys.stdin.buffer.read())
"""


@pytest.mark.parametrize("pause", [0.005, 3])
def test_a_note_at_the_end_waits_a_little_for_a_slow_reader_of_stderr(lab: Lab, shim, pause):
    reader = f"{sys.executable} -c {shlex.quote(SLOW_READER.format(pause))} >&2"
    script = f"exec 3> >({reader}); until [ -e reads ]; do sleep 0.01; done; {{}} 2>&3 3>&-"
    case = Case("full_stderr", "full_stderr.c", command=("bash", "-c", script))
    outcome = lab.run(case, "pipe", shim)
    assert outcome.status == 3
    note = b"lines had numbers that were not understood"
    assert (note in outcome.stderr) == (pause < 1)
