"""TRACKSHIM_UPLOAD_RATE: a bound for the speed of saved files, and for nothing else."""

import time

import pytest
from server.fixtures import stand_in  # noqa: F401
from support.online import wait_for
from support.script import Script

SIZE = 600_000
RATE = {"TRACKSHIM_UPLOAD_RATE": "200K"}
# Of the 3 s that the rate gives, less what libcurl sends before it looks at the clock.
LEAST = 2.7


@pytest.fixture
def program(programs, shim, tmp_path, stand_in):  # noqa: F811
    yield Script(programs, shim, tmp_path, stand_in, TRACKSHIM_UPLOAD_INTERVAL=0.2)
    assert stand_in.violations == []


def asked(stand_in):  # noqa: F811
    """When the server was asked where the file may go: before that nothing of it is sent."""
    return next((r.time for r in stand_in.requests if r.operation == "CreateRunFiles" and b"m.bin" in r.body), None)


def has_file(stand_in):  # noqa: F811
    return "m.bin" in stand_in.run().files


@pytest.mark.alone
def test_it_holds_and_rows_do_not_wait(program, stand_in):  # noqa: F811
    process = program.start(
        f"write=m.bin={SIZE}=a", "save=m.bin", "steps=400", "sleep=20000", source="api_script.c", **RATE)
    try:
        began = wait_for(lambda: asked(stand_in), 10, "the upload's beginning")
        known = len(stand_in.run().history)
        wait_for(lambda: len(stand_in.run().history) > known + 50, 10, "rows")
        assert not has_file(stand_in), "the upload was over, so nothing was tested"
        wait_for(lambda: has_file(stand_in), 30, "the file")
        took = time.time() - began
    finally:
        process.kill()
        process.wait()
    assert took >= LEAST
    assert stand_in.run().files["m.bin"] == b"a" * SIZE


@pytest.mark.alone
def test_it_holds_for_what_is_sent_later(program, stand_in):  # noqa: F811
    program.act(f"write=m.bin={SIZE}=a", "save=m.bin", "steps=5", WANDB_MODE="offline")
    done = program.sync(**RATE)
    took = time.time() - asked(stand_in)
    assert done.returncode == 0, done.stdout + done.stderr
    assert took >= LEAST
    run = stand_in.run()
    assert run.files["m.bin"] == b"a" * SIZE and run.state == "finished" and len(run.history) == 5


@pytest.mark.alone
def test_the_end_does_not_wait_longer_for_a_slow_one(program, stand_in):  # noqa: F811
    """The run is finished, its own files are there, and `trackshim sync` sends what is missing."""
    ended = program.act(
        "write=m.bin=2000000=a", "save=m.bin", "steps=5", TRACKSHIM_UPLOAD_RATE="10K", TRACKSHIM_EXIT_TIMEOUT=4)
    run = stand_in.run()
    assert ended.took < 6 and run.state == "finished" and "config.yaml" in run.files
    assert [note for note in ended.notes if "m.bin did not get to the server in time" in note]


def test_one_that_is_no_rate_is_told(program):
    ended = program.act("steps=1", TRACKSHIM_UPLOAD_RATE="fast", WANDB_MODE="offline")
    (note,) = [note for note in ended.notes if "TRACKSHIM_UPLOAD_RATE" in note]
    assert "TRACKSHIM_UPLOAD_RATE='fast' cannot be used (accepted: bytes a second from 1K" in note
