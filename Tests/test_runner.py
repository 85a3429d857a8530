"""The runner itself: it must catch every misbehaving guest, else the other tests prove nothing."""

import os
import struct
import zlib
from pathlib import Path

import pytest
from support import journal, known, official, small_disk, system_calls
from support.case import Case
from support.cases import CASES
from support.comparison import record_differences, without_notes
from support.lab import Lab
from support.table import KNOWN as KNOWN_SIGN
from support.table import SAME, Table
from test_hosts import judge
from wandb.proto.wandb_internal_pb2 import Record

BY_NAME = {case.name: case for case in CASES}

BAD_GUESTS = [
    ("PRINTS_A_BYTE", "puts", "stdout: differs from byte 0"),
    ("SPEAKS_ON_STDERR", "puts", "stderr: differs from byte 0"),
    ("LEAKS_A_DESCRIPTOR", "fd_numbers", "stderr: differs"),
    ("CHANGES_ERRNO", "errno", "stderr: differs"),
    ("CHANGES_THE_ENVIRONMENT", "environment", "stderr: differs"),
    ("CHANGES_THE_STATUS", "puts", "status: exit status 99, alone exit status 0"),
    ("SWALLOWS_OUTPUT", "write", "stdout: differs"),
    ("LEAVES_A_FILE", "puts", "file guest.txt is there"),
    ("HANGS_AT_EXIT", "puts", "status: still running"),
]


@pytest.mark.parametrize("deed, host, sign", BAD_GUESTS, ids=[guest[0] for guest in BAD_GUESTS])
def test_bad_guest_is_caught(deed, host, sign, lab: Lab, programs):
    guest = programs.guest("bad_guest.c", (f"-D{deed}",))
    problems = lab.examine(BY_NAME[host], "pipe", guest, limit=2)
    assert any(problem.startswith(sign) for problem in problems), problems


def test_a_write_cut_in_two_is_caught(lab: Lab, programs):
    guest = programs.guest("bad_guest.c", ("-DWRITES_IN_TWO",))
    problems = lab.compare_calls(BY_NAME["write"], "pipe", guest)
    assert any("write(1, …, 1) = 1" in problem for problem in problems), problems
    assert lab.compare_calls(BY_NAME["write"], "pipe", programs.guest("other_guest.c")) == []


TRACE = """\
7 write(1, ""..., 5) = 5
8 close_range(0, 4294967295, CLOSE_RANGE_UNSHARE) = 0
8 write(1, ""..., 9) = 9
7 write(2, ""..., 1) = 1
7 sendfile(1, 5, [0] => [3], 10 <unfinished ...>
9 splice(3, NULL, 1, NULL, 4, 0) = -1 EAGAIN (Resource temporarily unavailable)
7 <... sendfile resumed>) = 3
7 writev(1, [{iov_base=""..., iov_len=2}, {iov_base=""..., iov_len=1}], 2) = 3
7 write(1, ""..., 5) = 5
7 +++ exited with 0 +++
"""


def test_calls_are_read_from_a_trace(tmp_path):
    log = tmp_path / "calls"
    log.write_text(TRACE)
    found = system_calls.on_stdout(log)
    assert found == {
        "write(1, …, 5) = 5": 2,
        "sendfile(1, …, 10) = 3": 1,
        "splice(1, …, 0) = EAGAIN": 1,
        "writev(1, …, 2) = 3": 1,
    }
    assert system_calls.differences(found, found) == []


@pytest.mark.parametrize("size, taken", [(100, 100), (small_disk.FREE, small_disk.FREE), (300, small_disk.FREE)])
def test_the_small_disk_takes_a_part(size, taken):
    if why := small_disk.why_not():
        pytest.skip(why)
    path = small_disk.stdout_path()
    with path.open("r+b", buffering=0) as disk:
        disk.seek(0, os.SEEK_END)
        assert disk.write(b"x" * size) == taken
        if taken < size:
            pytest.raises(OSError, disk.write, b"x")
    assert small_disk.written(path) == b"x" * taken
    path.unlink()


class OneKnown:
    def __init__(self, monkeypatch, always: bool):
        cell = known.Known("a reason", ("puts",), ("pipe",), always)
        monkeypatch.setattr(known, "KNOWN", (cell,))
        self.table = Table(["puts"])

    def judge(self, column: str, *problems: str) -> str:
        judge(BY_NAME["puts"], column, self.table.add, lambda: list(problems))
        return self.table.lines()[1].split()[-1]


def test_a_known_difference_passes_and_only_where_it_is_known(monkeypatch):
    matrix = OneKnown(monkeypatch, always=True)
    assert matrix.judge("pipe", "differs") == KNOWN_SIGN
    with pytest.raises(pytest.fail.Exception):
        matrix.judge("file", "differs")


def test_a_known_difference_that_is_gone_fails(monkeypatch):
    with pytest.raises(pytest.fail.Exception, match="no longer differs"):
        OneKnown(monkeypatch, always=True).judge("pipe")
    assert OneKnown(monkeypatch, always=False).judge("pipe") == SAME


@pytest.mark.parametrize("kind", ["pipe", "file", "terminal", "null"])
def test_a_guest_that_records_nothing_is_caught(kind, lab: Lab, programs):
    inert = programs.guest("other_guest.c")
    assert lab.examine(BY_NAME["printf-O2"], kind, inert) == ["runs: 0 instead of 1 []"]


def test_a_guest_that_does_nothing_passes_where_no_run_is_expected(lab: Lab, programs):
    assert lab.examine(BY_NAME["no_metric"], "pipe", programs.guest("other_guest.c")) == []


@pytest.mark.parametrize("kind", ["pipe", "file", "terminal", "null"])
def test_an_honest_guest_passes(kind, lab: Lab, programs):
    assert lab.examine(BY_NAME["write"], kind, programs.guest("toy_guest.c")) == []


BAD_RECORDS = [
    ("FORGETS_A_LINE", "console log, stdout: differs"),
    ("RECORDS_TWICE", "console log, stdout: differs"),
    ("RETURNS_ANOTHER_CODE", "journal: exit code 1, the process returned 0"),
    ("FORGETS_THE_END", "journal: exit record missing"),
    ("CUTS_THE_JOURNAL", "journal: half a chunk"),
    ("SPOILS_A_BYTE", "journal: wrong checksum"),
]


@pytest.mark.parametrize("deed, sign", BAD_RECORDS, ids=[record[0] for record in BAD_RECORDS])
def test_bad_record_is_caught(deed, sign, lab: Lab, programs):
    guest = programs.guest("toy_guest.c", (f"-D{deed}",))
    problems = lab.examine(BY_NAME["write"], "pipe", guest)
    assert any(problem.startswith(sign) for problem in problems), problems


HOST = Case("any", "any.c", foreign="child", optional="progress")


def test_complete_record_passes():
    assert record_differences(HOST, "stdout", b"a\nchild\nb\r\n\xff", "a\nprogress\nb\n\ufffd\n") == []


@pytest.mark.parametrize(
    "recorded",
    ["a\n", "a\nb\nb\n", "b\na\n", "a\nchild\nb\n", "a\nb", "a\nc\n", ""],
)
def test_wrong_record_is_caught(recorded):
    problems = record_differences(HOST, "stdout", b"a\nb\n", recorded)
    assert bool(problems) == (recorded != "a\nb")


@pytest.mark.parametrize(
    "recorded, good",
    [("a\nb\n", True), ("a\nb\nc\n", True), ("a\nlost\nb\n", True), ("a\n", False), ("a\nb\nd\n", False)],
)
def test_record_of_a_host_that_loses_text(recorded, good):
    problems = record_differences(HOST, "stdout", b"a\nb", recorded, b"a\nlost\nb\nc\n")
    assert (problems == []) == good, problems


def test_only_whole_notes_are_taken_out():
    assert without_notes(b"trackshim: one\nx trackshim: two\ntrackshim: three\n") == b"x trackshim: two\n"
    assert without_notes(b"x trackshim: two\n", anywhere=True) == b"x "


def _chunked(payload: bytes) -> bytes:
    return struct.pack("<IHB", zlib.crc32(b"\x01" + payload), len(payload), 1) + payload


def _example(tmp_path: Path) -> Path:
    run, line, end = Record(num=1), Record(num=2), Record(num=3)
    run.run.run_id, run.run.project = "r1", "p"
    line.output_raw.output_type, line.output_raw.line = 1, "hello\n"
    end.exit.exit_code = 3
    path = tmp_path / "run-r1.wandb"
    chunks = [_chunked(record.SerializeToString()) for record in (run, line, end)]
    path.write_bytes(journal.PREAMBLE + b"".join(chunks))
    return path


def test_reader_agrees_with_the_official_one(tmp_path):
    path = _example(tmp_path)
    found = journal.records(path)
    assert journal.console(found) == {"stdout": "hello\n", "stderr": ""}
    assert official.differences(path, journal.kinds(found)) == []
    assert official.differences(path, ["run"]) != []


@pytest.mark.parametrize("cut", [1, 5, 9])
def test_reader_refuses_an_unfinished_tail(tmp_path, cut):
    path = _example(tmp_path)
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(journal.JournalError):
        journal.records(path)
    assert official.differences(path, []) != []


def test_reader_refuses_a_changed_byte(tmp_path):
    path = _example(tmp_path)
    data = bytearray(path.read_bytes())
    data[20] ^= 1
    path.write_bytes(data)
    with pytest.raises(journal.JournalError):
        journal.records(path)
