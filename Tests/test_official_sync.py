"""`wandb sync` sends what was recorded, and a strict server finds nothing wrong with it."""

import os
import time

import pytest
from server import official, sample
from server.fixtures import stand_in  # noqa: F401
from server.sample import ROWS, step
from server.tracked import Tracker, metrics, same

GENERATED = {"config.yaml", "wandb-metadata.json", "output.log", "wandb-summary.json"}
IDENTITY = {
    "TRACKSHIM_PROJECT": "p1", "TRACKSHIM_NAME": "n1", "TRACKSHIM_ENTITY": "e1",
    "TRACKSHIM_GROUP": "g1", "TRACKSHIM_TAGS": "a,b", "TRACKSHIM_JOB_TYPE": "j1",
    "TRACKSHIM_NOTES": "a note", "TRACKSHIM_RUN_ID": "synced1",
}


@pytest.fixture
def synced(programs, shim, tmp_path, stand_in):  # noqa: F811
    """Prints, syncs, and gives the server's run with what was recorded locally."""
    track = Tracker(programs, shim, tmp_path)

    def print_and_sync(*words, **settings):
        recorded = track(*words, **(IDENTITY | settings))
        result = official.sync(recorded.journal, stand_in, timeout=300)
        assert result.accepted, result.output
        assert stand_in.violations == []
        return stand_in.run("synced1"), recorded

    return print_and_sync


def test_history_config_summary_and_identity(synced):
    run, _ = synced(sample.text("table"), "3")
    assert [row["_step"] for row in run.history] == [number for number, _ in ROWS["table"]]
    assert same([metrics(row) for row in run.history], [expected for _, expected in ROWS["table"]])
    config = run.config
    assert "official_print" in config.pop("command")
    assert same(config, sample.CONFIG), config
    expected = {key: value for _, row in ROWS["table"] for key, value in row.items()}
    assert same(metrics(run.summary), expected) and run.summary["_step"] == 6
    assert {"_runtime", "_timestamp"} <= run.summary.keys() and "runtime" in run.summary["_wandb"]
    assert (run.entity, run.project, run.display_name, run.group) == ("e1", "p1", "n1", "g1")
    assert (run.job_type, run.notes, run.tags) == ("j1", "a note", ["a", "b"])
    assert (run.state, run.exit_code) == ("failed", 3)


def test_files_are_there(synced):
    run, _ = synced(sample.text("table"))
    assert GENERATED <= run.files.keys() and GENERATED <= set(run.uploaded)
    assert b"max_steps:\n    value: 6\n" in run.files["config.yaml"]
    assert b"official_print" in run.files["wandb-metadata.json"]
    assert "t" in run.wrapped_config["_wandb"]["value"]  # else the run could never be resumed


@pytest.mark.parametrize("name", ROWS)
def test_console(name, synced):
    run, recorded = synced(sample.text(name), "0", "a line to stderr\n")
    printed = recorded.printed.replace(b"\r\n", b"\n").decode(errors="replace").splitlines()
    assert [text for stream, text in run.console if stream == "stdout"] == printed
    assert ("stderr", "a line to stderr") in run.console
    assert (run.state, run.exit_code) == ("finished", 0)


@pytest.mark.parametrize("ending, code", [("abort", 134), ("0", 0)])
def test_exit_code(ending, code, synced):
    run, _ = synced(step(1, 1.0), ending)
    assert run.complete and run.exit_code == code


def test_a_killed_run_is_uploaded_and_failed(synced):
    run, recorded = synced(sample.text("table"), "flush-kill")
    assert recorded.outcome.status == -9
    assert run.complete and run.state == "failed"
    assert [row["_step"] for row in run.history] in ([0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5, 6])
    assert [text for _, text in run.console][:5] == recorded.printed.decode("latin-1").splitlines()[:5]
    assert run.config["train_num_batches"] == 6


def test_odd_bytes(synced):
    text = (step(1, 1.0) + b"bad \xff\xfe bytes\n" + b"nul \0 here\n" + b"10%\r20%\r30%\n"
            + b"a windows line\r\n" + b"\n" + step(2, 0.5) + b"no newline at the end")
    run, recorded = synced(text)
    assert recorded.outcome.stdout == text
    lines = [line for stream, line in run.console if stream == "stdout"]
    assert [row["_step"] for row in run.history] == [1, 2]
    assert lines[1].startswith("bad \ufffd") and lines[1].endswith("\ufffd bytes")
    assert lines[2].startswith("nul ") and lines[2].endswith(" here")
    assert lines[3:6] == ["30%", "a windows line", ""]
    assert lines[7] == "no newline at the end" and len(lines) == 8


def test_restarted_counting_is_not_renumbered_again(synced):
    run, recorded = synced(step(1, 3.0) + step(2, 2.0) + step(1, 1.0))
    assert same([metrics(r) for r in run.history], [metrics(r) for r in recorded.rows])
    assert [row["_step"] for row in run.history] == [row["_step"] for row in recorded.rows]


# The official client sends some 2,000 rows a second when a run has console lines too, so the
# hundred thousand take it a minute; they are for whoever asks for them.
ROW_COUNTS = [5_000] + [100_000] * ("TRACKSHIM_TEST_SLOW" in os.environ)


@pytest.mark.parametrize("steps", ROW_COUNTS)
def test_many_steps(steps, synced, measured):
    text = b"".join(step(n, 1 / n, total=steps) for n in range(1, steps + 1))
    started = time.monotonic()
    run, recorded = synced(text)
    measured(f"{steps} steps printed, recorded and synced in {time.monotonic() - started:.1f} s")
    assert recorded.outcome.stdout == text
    rows = run.history
    assert [row["_step"] for row in rows] == list(range(1, steps + 1))
    assert rows[-1]["train_loss"] == pytest.approx(1 / steps, abs=1e-6)
    assert len(run.output) == steps
