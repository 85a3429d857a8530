"""A program that prints faster than can be recorded: it does not wait, and what is missing is counted."""

import re

import pytest
from support import journal
from support.case import Case
from support.lab import Lab

pytestmark = pytest.mark.alone

FLOOD = Case("flood", "flood.c")
# The bytes of several losses that are noticed together stand in the first one's line.
LOST = re.compile(r"\[trackshim: (?:(\d+) bytes of )?output (?:were|was) lost here")
SAID = re.compile(rb"trackshim: (\d+) bytes of output came faster")


@pytest.fixture(scope="module")
def flood(programs, shim, tmp_path_factory):
    """It alone, under the library, and the records of its run."""
    lab = Lab(programs, tmp_path_factory.mktemp("flood"))
    alone, tracked = lab.run(FLOOD, "file", None), lab.run(FLOOD, "file", shim)
    [file] = journal.run_files(lab.track)
    return alone, tracked, journal.records(file)


def test_a_flood_loses_nothing_in_silence(flood, measured):
    alone, tracked, records = flood
    assert tracked.stdout == alone.stdout
    assert tracked.status == alone.status
    console = journal.console(records)["stdout"]
    gaps = LOST.findall(console)
    lost = sum(int(count or 0) for count in gaps)
    kept = sum(len(line) + 1 for line in console.splitlines() if not LOST.match(line))
    # A lost stretch breaks a line, which adds a line end: where it was noticed and where it was.
    assert len(alone.stdout) <= kept + lost <= len(alone.stdout) + 2 * len(gaps)
    assert sum(int(count) for count in SAID.findall(tracked.stderr)) == lost
    measured(f"flood of {len(alone.stdout)} bytes: {lost} lost, all of them counted")


def test_no_metric_of_a_flood_is_wrong(flood):
    """A line that lost its middle must not become another line's beginning and end."""
    rows = 0
    for record in flood[2]:
        if record.WhichOneof("record_type") != "history":
            continue
        row = {item.nested_key[0]: item.value_json for item in record.history.item}
        step = int(row.get("step", row["_step"]))
        assert row["train_loss"] == f"{4.5 / step:.6f}"
        assert row["tok_per_sec"] == "1000"
        rows += 1
    assert rows > 1000


def test_no_number_of_a_flood_lost_its_end(lab: Lab, shim):
    """Where the last that was kept is the beginning of a line, its number may be the beginning of a number."""
    lab.run(Case("flood", "flood.c", command=("{}", "pieces")), "file", shim)
    [file] = journal.run_files(lab.track)
    rows = [record.history for record in journal.records(file) if record.WhichOneof("record_type") == "history"]
    values = [{item.nested_key[0]: item.value_json for item in row.item} for row in rows]
    assert len(values) > 1000
    assert [row for row in values if row["loss"] != f"{row['_step']}.{row['_step']}"] == []
