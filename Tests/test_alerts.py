"""trackshim_alert: told to the server once, in order, and holding nothing else up."""

import json
import textwrap

import pytest
from server import faults, official
from server.fixtures import stand_in  # noqa: F401
from server.tracked import Recorded
from support.online import Online, wait_for
from support.script import Script

ALERT = "NotifyScriptableRunAlert"


@pytest.fixture
def program(programs, shim, tmp_path, stand_in):  # noqa: F811
    yield Script(programs, shim, tmp_path, stand_in)
    assert stand_in.violations == []


def titles(stand_in):  # noqa: F811
    return [title for title, *_ in stand_in.run().alerts]


def requests(stand_in):  # noqa: F811
    return [json.loads(request.body) for request in stand_in.requests if request.operation == ALERT]


def test_a_running_program_tells_at_once(program, stand_in):  # noqa: F811
    process = program.start("steps=1", "alert=it diverges=90", "sleep=20000", source="api_script.c", TRACKSHIM_UPLOAD_INTERVAL=60)
    try:
        wait_for(lambda: stand_in.runs() and titles(stand_in) == ["it diverges"], 5, "the alert")
    finally:
        process.kill()
        process.wait()
    assert stand_in.run().alerts == [("it diverges", "text", "WARN", 90_000)]


def test_the_request_is_that_of_the_official_client(program, stand_in, tmp_path):  # noqa: F811
    program.act("alert=it diverges=90", "alert=once more=0", TRACKSHIM_RUN_ID="ours", TRACKSHIM_PROJECT="p")
    script = tmp_path / "official.py"
    script.write_text(textwrap.dedent("""
        import wandb
        run = wandb.init(project="p", id="theirs")
        run.alert("it diverges", "text", level="WARN", wait_duration=90)
        run.alert("once more", "text", level="WARN", wait_duration=0)
        run.finish()
    """))
    done = official.run_python(script, cwd=tmp_path, server=stand_in)
    assert done.returncode == 0, done.stderr
    ours, theirs = (
        [{k: v for k, v in r["variables"].items() if k != "runName"} for r in requests(stand_in) if r["variables"]["runName"] == run]
        for run in ("ours", "theirs"))
    assert ours == theirs and len(ours) == 2
    assert {request["operationName"] for request in requests(stand_in)} == {ALERT}


def test_a_title_is_told_again_after_its_time(program, stand_in):  # noqa: F811
    program.act("alert=a=0.5", "alert=a=0.5", "alert=b=100", "sleep=700", "alert=a=0.5", "alert=b=100")
    assert titles(stand_in) == ["a", "b", "a"]


def test_a_flood_of_them_is_cut_and_said(program, stand_in):  # noqa: F811
    ended = program.act("alerts=1200")
    assert len(titles(stand_in)) == 1000 and titles(stand_in)[:2] == ["alert 0", "alert 1"]
    assert any("more than 1000 alerts" in note for note in ended.notes)


def test_a_server_that_tells_nobody_still_gets_the_rows(program, stand_in):  # noqa: F811
    stand_in.faults.add(faults.refused(503), ALERT)
    ended = program.act("alert=a=0", "steps=100", "sleep=1500", "steps=10", TRACKSHIM_UPLOAD_INTERVAL=0.2)
    run = stand_in.run()
    assert run.alerts == [] and len(run.history) == 110 and run.state == "finished"
    early = [r for r in run.requests if r.operation == "file_stream"]
    assert len(early) > 3, "rows waited for the alert"
    assert [note for note in ended.notes if "alert `a`" in note and "503" in note]


def test_a_refusal_is_said_once(program, stand_in):  # noqa: F811
    stand_in.faults.add(faults.graphql_errors("alerts are off"), ALERT)
    ended = program.act("alert=a=0", "steps=3")
    assert [note for note in ended.notes if "alerts are off" in note and "alert `a`" in note]
    assert len(requests(stand_in)) == 1 and stand_in.run().state == "finished"


def test_an_answer_that_was_lost_is_asked_for_again(program, stand_in):  # noqa: F811
    stand_in.faults.add(faults.LOST, ALERT, last=1)
    program.act("alert=a=0")
    assert titles(stand_in) == ["a", "a"]


def test_a_run_that_is_sent_later(program, stand_in):  # noqa: F811
    """By us once, however often; by the official client as well."""
    ended = program.act("alert=a=0", "alert=b=7", WANDB_MODE="offline", TRACKSHIM_RUN_ID="later")
    assert [(a.title, a.level) for a in Recorded(ended.outcome, b"", program.track).of("alert")] == [("a", "WARN"), ("b", "WARN")]
    for _ in range(2):
        done = program.sync()
        assert done.returncode == 0, done.stdout + done.stderr
    assert stand_in.run().alerts == [("a", "text", "WARN", 60_000), ("b", "text", "WARN", 7000)]


def test_the_official_client_sends_them_too(program, stand_in):  # noqa: F811
    ended = program.act("alert=a=0", WANDB_MODE="offline")
    synced = official.sync(ended.journal.parent, stand_in)
    assert synced.accepted, synced.output
    assert titles(stand_in) == ["a"]


def test_a_killed_program_has_raised_it(program, stand_in):  # noqa: F811
    """In the ring, if not in the journal yet."""
    program.act("steps=2", "flush", "alert=last words=0", "kill", WANDB_MODE="offline")
    done = program.sync()
    assert done.returncode == 0, done.stdout + done.stderr
    assert titles(stand_in) == ["last words"]


def test_a_server_that_comes_back(program, stand_in):  # noqa: F811
    stand_in.down()
    process = program.start("steps=1", "alert=a=0", "sleep=4000", source="api_script.c")
    try:
        wait_for(lambda: list(program.track.glob("wandb/run-*")), 5, "the run")
        stand_in.up()
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
    assert titles(stand_in) == ["a"] and stand_in.run().state == "finished"


def test_one_that_comes_between_rows_does_not_wait_for_them(program, stand_in):  # noqa: F811
    process = program.start(
        "steps=50", "sleep=1500", "steps=20", "alert=now=0", "sleep=20000", source="api_script.c", TRACKSHIM_UPLOAD_INTERVAL=30)
    try:
        wait_for(lambda: stand_in.runs() and titles(stand_in) == ["now"], 6, "the alert")
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("trouble", [faults.refused(503), faults.retry_later(503, 30)], ids=["503", "503 and later"])
def test_trouble_with_it_does_not_hold_the_end_up(trouble, program, stand_in):  # noqa: F811
    """Put off for long before the end, and tried at once when it comes."""
    stand_in.faults.add(trouble, ALERT)
    ended = program.act("alert=a=0", "steps=3", "sleep=8000", TRACKSHIM_EXIT_TIMEOUT=8)
    assert ended.took < 8 + 6 and stand_in.run().state == "finished"
    assert [note for note in ended.notes if "alert `a`" in note]


def test_a_sync_comes_to_its_end(program, stand_in):  # noqa: F811
    program.act("alert=a=0", "steps=2", WANDB_MODE="offline")
    stand_in.faults.add(faults.retry_later(503, 600), ALERT)
    done = program.sync(timeout=60)
    assert stand_in.run().state == "finished", done.stdout + done.stderr


# ---- TRACKSHIM_ALERT ------------------------------------------------------------------------------------


def test_rules_of_the_user(programs, shim, tmp_path, stand_in):  # noqa: F811
    """A program that knows nothing of us prints a NaN, passes a limit, and stops printing."""
    online = Online(programs, shim, tmp_path, stand_in, TRACKSHIM_UPLOAD_INTERVAL=0.3)
    process = online.start(source="goes_wrong.c", TRACKSHIM_ALERT="train_loss nan, tok_per_sec < 100; no line for 2s, nonsense")
    try:
        wait_for(lambda: stand_in.runs() and len(titles(stand_in)) == 3, 20, "three alerts")
        process.kill()
        said = process.communicate()[1]
    finally:
        process.kill()
        process.wait()
    told = {title: (text, level) for title, text, level, _ in stand_in.run().alerts}
    assert told["train_loss nan"] == ("train_loss is NaN at step 5", "WARN")
    assert told["tok_per_sec < 100"][0] == "tok_per_sec is 50 at step 8"
    assert "nothing has been printed for" in told["no line for 2s"][0]
    assert said.count(b"trackshim: alert (train_loss nan): train_loss is NaN at step 5") == 1
    assert b"TRACKSHIM_ALERT='nonsense' cannot be used" in said
    assert stand_in.violations == []
