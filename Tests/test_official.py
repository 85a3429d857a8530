"""What a program printed, read back from its journal with W&B's own reader and W&B's protobuf."""

import os
import re
import time

import pytest
from server import official, sample
from server.sample import ROWS, step, val
from server.tracked import Tracker, check_leet, metrics, same
from support.comparison import console_text

THREE_STEPS = step(1, 3.0) + step(2, 2.0) + step(3, 1.0)


@pytest.fixture
def track(programs, shim, tmp_path):
    return Tracker(programs, shim, tmp_path)


@pytest.mark.parametrize("name", ROWS)
def test_history_is_what_was_printed(name, track):
    recorded = track(sample.text(name))
    found = [(row["_step"], metrics(row)) for row in recorded.rows]
    assert same([s for s, _ in found], [s for s, _ in ROWS[name]])
    for (number, values), (_, expected) in zip(found, ROWS[name]):
        assert same(values, expected), f"step {number}: {values}"
    check_leet(recorded)


def test_config_has_types(track):
    recorded = track(sample.text("table"))
    config = dict(recorded.config)
    assert isinstance(config.pop("command"), str)
    assert same(config, sample.CONFIG), config
    shown = check_leet(recorded)["config"]
    assert same({key: shown[key] for key in sample.CONFIG}, sample.CONFIG)


def test_summary_is_the_last_of_each_metric(track):
    recorded = track(sample.text("table"))
    expected = {key: value for _, row in ROWS["table"] for key, value in row.items()}
    assert same(metrics(recorded.summary), expected), recorded.summary
    assert recorded.summary["_step"] == 6
    assert {"_runtime", "_timestamp", "_wandb.runtime"} <= recorded.summary.keys()


def test_rows_say_when_they_were_printed(track):
    before = time.time()
    recorded = track(THREE_STEPS)
    after = time.time()
    for row in recorded.rows:
        assert before - 1 <= row["_timestamp"] <= after + 1
        assert 0 <= row["_runtime"] <= after - before + 1
    started = recorded.run.start_time
    assert before - 1 <= started.seconds + started.nanos / 1e9 <= after + 1


@pytest.mark.parametrize("name", ROWS)
def test_the_console_is_complete(name, track):
    recorded = track(sample.text(name), "0", "one line to stderr\n")
    assert recorded.outcome.stdout == recorded.printed
    # A terminal shows no end of the last line; whether the log closes it is not our concern.
    printed = console_text(recorded.printed).rstrip("\n")
    assert recorded.console["stdout"].rstrip("\n") == printed
    assert recorded.console["stderr"].rstrip("\n") == "one line to stderr"


def test_identity(track):
    recorded = track(
        THREE_STEPS, TRACKSHIM_PROJECT="p1", TRACKSHIM_NAME="a name", TRACKSHIM_ENTITY="e1",
        TRACKSHIM_GROUP="g1", TRACKSHIM_TAGS="one,two words", TRACKSHIM_JOB_TYPE="j1",
        TRACKSHIM_NOTES='nötes "quoted"', TRACKSHIM_RUN_ID="chosen-id",
    )
    run = recorded.run
    assert (run.project, run.display_name, run.entity, run.run_group) == ("p1", "a name", "e1", "g1")
    assert (run.job_type, run.notes, run.run_id) == ("j1", 'nötes "quoted"', "chosen-id")
    assert list(run.tags) == ["one", "two words"]
    shown = check_leet(recorded)
    assert (shown["run_id"], shown["name"], shown["tags"]) == ("chosen-id", "a name", list(run.tags))


def test_the_directory_is_named_as_the_official_one(track):
    before = time.strftime("%Y%m%d_%H%M%S")
    recorded = track(THREE_STEPS)
    folder = recorded.journal.parent
    match = re.fullmatch(r"offline-run-(\d{8}_\d{6})-([a-z0-9]{8})", folder.name)
    assert match and before <= match[1] <= time.strftime("%Y%m%d_%H%M%S")
    assert recorded.journal.name == f"run-{match[2]}.wandb" and recorded.run.run_id == match[2]
    assert (folder / "files").is_dir()
    assert os.readlink(folder.parent / "latest-run") == folder.name


def test_latest_run_moves_on(track, tmp_path):
    track(THREE_STEPS, TRACKSHIM_DIR=tmp_path / "same")
    track(THREE_STEPS, TRACKSHIM_DIR=tmp_path / "same", TRACKSHIM_RUN_ID="later")
    runs = tmp_path / "same" / "wandb"
    assert os.readlink(runs / "latest-run").endswith("-later")
    assert len(list(runs.glob("offline-run-*/run-*.wandb"))) == 2


def test_the_journal_has_its_order(track):
    kinds = track(sample.text("table")).kinds
    assert kinds[:2] == ["header", "run"] and kinds[-1] == "exit"
    assert {"telemetry", "environment", "output_raw", "history", "summary"} <= set(kinds)


@pytest.mark.parametrize("ending, status, code, state", [
    ("0", 0, 0, "finished"), ("3", 3, 3, "failed"), ("abort", -6, 134, "failed"),
])
def test_exit_code(ending, status, code, state, track):
    recorded = track(THREE_STEPS, ending)
    assert recorded.outcome.status == status
    assert [record.exit_code for record in recorded.of("exit")] == [code]
    shown = check_leet(recorded)
    assert (shown["exit_code"], shown["state"]) == (code, state)


@pytest.mark.parametrize("ending", ["kill", "flush-kill"])
def test_a_killed_run_is_readable(ending, track):
    """The sample fits into stdio's buffer: with "kill" not a byte of it reaches the pipe."""
    recorded = track(sample.text("table"), ending)
    assert recorded.outcome.status == -9 and "exit" not in recorded.kinds
    found = [(row["_step"], metrics(row)) for row in recorded.rows]
    for (number, values), (wanted, expected) in zip(found, ROWS["table"]):
        assert number == wanted and same(values, expected)
    assert len(found) >= len(ROWS["table"]) - 1  # the last step was still open
    assert recorded.console["stdout"].count("\n") >= recorded.printed.count(b"\n")
    assert check_leet(recorded).get("exit_code") is None


def test_restarted_counting_goes_on(track):
    recorded = track(THREE_STEPS + step(1, 0.5) + step(2, 0.25))
    assert [row["_step"] for row in recorded.rows] == [1, 2, 3, 4, 5]
    assert [row["train_loss"] for row in recorded.rows] == [3, 2, 1, 0.5, 0.25]
    assert [row.get("step") for row in recorded.rows] == [None, None, None, 1, 2]
    assert len([note for note in recorded.notes if "step" in note]) == 1, recorded.notes
    check_leet(recorded)


def test_a_metric_printed_twice_begins_a_row(track):
    recorded = track(step(1, 3.0) + val(2.0) + val(1.5) + step(2, 1.0))
    assert [row["_step"] for row in recorded.rows] == [1, 2, 3]
    assert [row.get("val_loss") for row in recorded.rows] == [2.0, 1.5, None]
    assert [row.get("train_loss") for row in recorded.rows] == [3.0, None, 1.0]
    assert [row.get("step") for row in recorded.rows] == [None, 1, 2]


def test_nothing_recognised_nothing_written(track):
    recorded = track(b"hello\nstep one\nval loss soon\n| half a row\n")
    assert not (recorded.folder / "wandb").exists()
    assert recorded.outcome.stdout == recorded.printed and recorded.notes == []


# W&B's reader takes seven seconds for the hundred thousand; they are for whoever asks for them.
@pytest.mark.parametrize("steps", [20_000] + [100_000] * ("TRACKSHIM_TEST_SLOW" in os.environ))
def test_many_steps(steps, track, measured):
    text = b"".join(step(n, 1 / n, total=steps) for n in range(1, steps + 1))
    started = time.monotonic()
    recorded = track(text)
    measured(f"{steps} steps printed and recorded in {time.monotonic() - started:.1f} s")
    assert recorded.outcome.stdout == text
    assert [row["_step"] for row in recorded.rows] == list(range(1, steps + 1))
    assert recorded.console["stdout"].count("\n") == steps
    assert official.leet_summary(recorded.journal)["step"] == steps
