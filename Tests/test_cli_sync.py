"""`trackshim sync`: what was recorded comes to the server, once, whatever was in the way before."""

import fcntl
import json
import os
import shutil
import signal
import struct
import subprocess
import termios
import time

import pytest
import yaml
from server import faults, official
from server.fixtures import KEY, stand_in  # noqa: F401
from server.listener import StandIn
from server.sample import step
from server.tracked import same
from server.traffic import state
from support.cli import tool
from support.journal import run_files
from support.online import Online, wait_for

NO_KEY = {"WANDB_API_KEY": ""}


class Offline(Online):
    """Runs are recorded offline; `sync` finds the server."""

    def record(self, *words, run_id="sync1", **settings):
        """The run's folder."""
        before = set(run_files(self.track))
        self.run(*(words or (20, 1)), TRACKSHIM_RUN_ID=run_id, **settings)
        (made,) = set(run_files(self.track)) - before
        return made.parent

    def show(self, name):
        done = subprocess.run(
            [tool(), "show", "--json", name], env=self.environment(tracked=False), capture_output=True, check=True
        )
        return json.loads(done.stdout)


@pytest.fixture
def user(programs, shim, tmp_path, stand_in):  # noqa: F811
    yield Offline(programs, shim, tmp_path, stand_in, WANDB_MODE="offline")
    assert stand_in.violations == []


def page(stand_in, run_id="sync1"):  # noqa: F811
    return f"{stand_in.url}/stand-in-team/test/runs/{run_id}"


def steps(run):
    return [row["_step"] for row in run.history]


# ---- What is sent ---------------------------------------------------------------------------------


@pytest.mark.parametrize("event, code", [("note@10:hello", 0), ("exit@300:3", 3), ("kill@300", None)])
def test_everything_of_a_run_is_there_as_of_its_twin(event, code, user, stand_in, tmp_path):  # noqa: F811
    folder = user.record(300, 1, event, TRACKSHIM_NOTES="a note", TRACKSHIM_TAGS="a,b")
    shown = user.show(folder)  # which completes the journal of a run that was killed
    twin = tmp_path / "twin" / folder.name
    shutil.copytree(folder, twin)
    done = user.sync(folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"sync1: on the server, {page(stand_in)}\n"
    with StandIn(key=KEY) as theirs:
        assert official.sync(twin, theirs).accepted
        found, expected = state(stand_in.run()), state(theirs.run())
    for part in (found, expected):
        part["config.yaml"] = {k: v for k, v in yaml.safe_load(part["config.yaml"]).items() if k != "_wandb"}
    assert [(key, found[key], expected[key]) for key in expected if not same(found[key], expected[key])] == []
    assert steps(stand_in.run()) == list(range(1, shown["rows"] + 1)) and shown["rows"] >= 299
    assert found["exit_code"] == (1 if code is None else code)


def test_a_killed_run_is_completed_first(user, stand_in):  # noqa: F811
    user.record(100, 1, "kill@80")
    done = user.sync()
    run = stand_in.run()
    assert done.returncode == 0 and "sync1: the process died" in done.stderr and done.stderr.count("\n") == 1
    assert steps(run) == list(range(1, 81)) and (run.state, run.exit_code) == ("failed", 1)


def test_what_is_there_is_not_sent_again(user, stand_in):  # noqa: F811
    folder = user.record()
    assert user.sync().stdout.startswith("1 run to send\n")
    before, count = state(stand_in.run()), len(stand_in.requests)
    again = user.sync()
    assert (again.returncode, again.stdout, again.stderr) == (0, "nothing to send; 1 run on the server already\n", "")
    named = user.sync(folder, "sync1")
    assert (named.returncode, named.stdout) == (0, f"sync1: already there, {page(stand_in)}\n")
    assert len(stand_in.requests) == count and state(stand_in.run()) == before
    # W&B's own client takes our word for it.
    assert "no runs" in official.sync(folder, stand_in).output.lower() or len(stand_in.requests) == count


def test_all_that_is_not_there_goes_oldest_first(user, stand_in):  # noqa: F811
    user.record(run_id="zulu")
    user.record(run_id="alpha")
    assert user.sync("zulu").returncode == 0
    user.record(run_id="bravo")
    count = len(stand_in.requests)
    done = user.sync()
    lines = done.stdout.splitlines()
    assert lines[0] == "2 runs to send; 1 run on the server already"
    assert [line.split(":")[0] for line in lines[1:]] == ["alpha", "bravo"] and done.returncode == 0
    assert not any(b"zulu" in r.body or "zulu" in r.target for r in stand_in.requests[count:])
    assert {run.state for run in stand_in.runs()} == {"finished"}


def text_file(user, name, *numbers):
    file = user.folder / name
    file.write_bytes(b"".join(step(n, 1 / n) for n in numbers))
    return file


def test_several_journals_of_a_run_in_their_order(user, stand_in):  # noqa: F811
    user.record(text_file(user, "first", 1, 2, 3), source="official_print.c")
    user.record(text_file(user, "second", 4, 5), source="official_print.c", WANDB_RESUME="allow")
    done = user.sync("sync1")
    assert done.returncode == 0 and done.stdout.count("sync1: on the server") == 2, done.stderr
    run = stand_in.run()
    assert steps(run) == [1, 2, 3, 4, 5] and run.sessions == 2
    assert [line.split("/")[0] for _, line in run.console] == [f"step {n:4d}" for n in (1, 2, 3, 4, 5)]


def test_every_name_of_a_run_and_of_its_folders(user, stand_in):  # noqa: F811
    folder = user.record()
    journal = next(folder.glob("*.wandb"))
    for name in ["sync1", folder.name, journal, folder, folder.parent, user.track, "latest-run", "."]:
        journal.with_name(journal.name + ".sent").unlink(missing_ok=True)
        journal.with_name(journal.name + ".synced").unlink(missing_ok=True)
        done = user.sync(name, "--dry-run")
        assert done.returncode == 0 and "sync1: would be sent (" in done.stdout, (name, done.stderr)
    assert stand_in.requests == []


@pytest.mark.parametrize("words", [["nope"], ["/no/such/place"], ["/usr/bin"], []])
def test_what_is_not_there_is_named(words, user, stand_in):  # noqa: F811
    done = user.sync(*words)
    assert done.returncode == 1 and done.stdout == "" and done.stderr.count("\n") == 1
    assert (words[0] if words else str(user.track)) in done.stderr and stand_in.requests == []


def test_one_wrong_name_keeps_no_run_back(user, stand_in):  # noqa: F811
    user.record()
    done = user.sync("nope", "sync1")
    assert done.returncode == 1 and "nope" in done.stderr and stand_in.run().state == "finished"


# ---- What is not sent -----------------------------------------------------------------------------


def test_without_a_key_one_line_says_what_to_do(user, stand_in):  # noqa: F811
    user.record(run_id="one")
    user.record(run_id="two")
    done = user.sync(**NO_KEY)
    assert done.returncode == 1 and stand_in.requests == [] and done.stderr.count("\n") == 1
    assert "wandb login" in done.stderr and "WANDB_API_KEY" in done.stderr
    assert user.sync("--dry-run", **NO_KEY).returncode == 0


def test_a_server_that_is_down(user, stand_in):  # noqa: F811
    user.record(run_id="one")
    user.record(run_id="two")
    stand_in.down()
    began = time.monotonic()
    done = user.sync("--attempts", "1")
    assert time.monotonic() - began < 3 and done.returncode == 1
    assert "one: the server cannot be reached" in done.stderr and "1 run more is not tried" in done.stderr
    stand_in.up()
    assert user.sync().returncode == 0 and len(stand_in.runs()) == 2


def test_a_server_that_is_away_for_a_moment(user, stand_in):  # noqa: F811
    user.record()
    stand_in.faults.add(faults.refused(503), last=2)
    stand_in.faults.add(faults.LOST, "file_stream", last=1)
    assert user.sync().returncode == 0 and steps(stand_in.run()) == list(range(1, 21))


def test_a_key_that_the_server_does_not_know(user, stand_in):  # noqa: F811
    user.record(run_id="one")
    user.record(run_id="two")
    done = user.sync(WANDB_API_KEY="w" * 40)
    assert done.returncode == 1 and stand_in.runs() == []
    assert "wandb login" in done.stderr and "1 run more is not tried" in done.stderr and "w" * 40 not in done.stderr
    assert len(stand_in.requests) == 1 and stand_in.violations
    stand_in.violations.clear()


def test_a_no_to_one_run_is_none_to_the_next(user, stand_in):  # noqa: F811
    user.record(run_id="one")
    user.record(run_id="two")
    stand_in.faults.add(faults.refused(403), "UpsertBucket", last=1)
    done = user.sync()
    assert done.returncode == 1 and "one: " in done.stderr and "wandb sync -e" in done.stderr
    assert stand_in.run("two").state == "finished" and "two: on the server" in done.stdout


def test_a_run_that_goes_on_is_left_alone(user, stand_in):  # noqa: F811
    process = user.start(40, 5, "idle@20:3000", TRACKSHIM_RUN_ID="sync1")
    wait_for(lambda: run_files(user.track), 5, "a journal")
    time.sleep(0.3)
    done = user.sync()
    assert done.returncode == 0 and stand_in.requests == []
    assert done.stdout.splitlines()[-1].startswith(f"sync1: is still running (process {process.pid})"), done.stdout
    process.communicate(timeout=20)
    assert user.sync().returncode == 0 and steps(stand_in.run()) == list(range(1, 41))


# ---- Two tools, one run -----------------------------------------------------------------------------


def test_what_wandb_sync_has_sent_is_sent_again_only_if_asked_for(user, stand_in):  # noqa: F811
    folder = user.record()
    assert official.sync(folder, stand_in).accepted
    count = len(stand_in.requests)
    done = user.sync(folder)
    assert done.returncode == 0 and "sync1: W&B's own client has sent it" in done.stdout
    assert user.sync().stdout == "nothing to send; 1 run on the server already\n"
    assert len(stand_in.requests) == count
    assert user.sync(folder, "--append").returncode == 0
    assert len(steps(stand_in.run())) == 40


def test_both_tools_at_one_run(user, stand_in):  # noqa: F811
    folder = user.record(300, 1)
    fault = stand_in.faults.add(faults.refused(503), "file_stream", first=2)
    assert user.sync("--attempts", "1").returncode == 1 and fault.struck
    stand_in.faults.clear()
    assert official.sync(folder, stand_in).accepted
    # Every row a second time, and each look at the machine in the official client's form of the number.
    again = ("step 1 in line 300", "wandb-events.jsonl: line 0 was sent before")
    assert all(any(what in text for what in again) for text in stand_in.violations)
    stand_in.violations.clear()
    count = len(stand_in.requests)
    done = user.sync(folder)
    assert done.returncode == 0 and "rows may be there twice" in done.stdout
    assert len(stand_in.requests) == count


@pytest.mark.parametrize("left", [None, b"", bytes(4096), b"{broken"])
def test_a_run_whose_marks_are_gone_is_known_by_its_rows(left, user, stand_in):  # noqa: F811
    folder = user.record()
    assert user.sync().returncode == 0
    for mark in folder.glob("*.wandb.*"):
        mark.unlink()
    if left is not None:
        (folder / "run-sync1.wandb.sent").write_bytes(left)
    done = user.sync()
    assert done.returncode == 0 and "20 rows are the first of this journal" in done.stderr
    assert ("damaged" in done.stderr) == bool(left and any(left))
    assert len(steps(stand_in.run())) == 20
    assert user.sync().stdout == "nothing to send; 1 run on the server already\n"


def test_rows_of_unknown_origin_are_not_doubled(user, stand_in):  # noqa: F811
    folder = user.record()
    assert user.sync().returncode == 0
    shutil.rmtree(folder)
    user.record()
    done = user.sync()
    assert done.returncode == 1 and "20 rows" in done.stderr and "--append" in done.stderr
    assert len(steps(stand_in.run())) == 20
    assert user.sync("--append").returncode == 0
    assert len(steps(stand_in.run())) == 40


# ---- What is no run -------------------------------------------------------------------------------


def test_a_run_that_has_gone_on_since_is_not_written_over(user, stand_in):  # noqa: F811
    """It was killed, and started again with WANDB_RESUME: the rest of the first journal is no business of the server's any
    more, nor how that process ended."""
    online = {"TRACKSHIM_MODE": "online", "WANDB_MODE": "", "WANDB_RESUME": "allow"}
    # Not before it has come to the server.
    first = user.record(30, 40, "kill@20", TRACKSHIM_UPLOAD_INTERVAL=60, **online)
    user.record(40, 1, **online)
    run = stand_in.run("sync1")
    before = (run.history, run.console, run.config, run.summary, run.state)
    assert run.state == "finished" and len(run.history) >= 38
    done = user.sync()
    assert done.returncode == 1 and "has gone on in another process" in done.stdout + done.stderr, done
    assert (run.history, run.console, run.config, run.summary, run.state) == before
    assert not user.show(first)["isOnServer"] and user.show(first)["metrics"]["train_loss"]["points"] >= 20


@pytest.mark.parametrize("resumed", [False, True])
def test_rows_whose_receipt_got_lost_are_known(resumed, user, stand_in):  # noqa: F811
    """The server has more than anybody here knows of, and it is ours."""
    online = {"TRACKSHIM_MODE": "online", "WANDB_MODE": "", "WANDB_RESUME": "allow" if resumed else ""}
    if resumed:
        user.record(5, 1, **online)
    before = len(stand_in.run("sync1").history) if resumed else 0
    lost = stand_in.faults.add(faults.LOST, "file_stream", when=lambda r: b'"wandb-history.jsonl"' in r.body)
    user.record(60, 20, "kill@59", TRACKSHIM_UPLOAD_INTERVAL=0.2, **online)
    assert lost.struck and len(stand_in.run("sync1").history) > before
    lost.last = 0
    done = user.sync()
    assert done.returncode == 0, done.stdout + done.stderr
    found = steps(stand_in.run("sync1"))
    assert len(found) == before + 59 and found == sorted(set(found))


def test_a_run_of_which_nothing_was_recorded(user, stand_in):  # noqa: F811
    folder = user.record()
    (folder / "run-sync1.wandb").write_bytes(b"")
    said = "its program died before anything was recorded"
    for words in [(), (folder,), ("--dry-run",)]:
        done = user.sync(*words)
        assert done.returncode == 0 and f"sync1: nothing to send: {said}" in done.stdout and not done.stderr
    assert stand_in.requests == []
    shown = subprocess.run(
        [tool(), "show", folder], env=user.environment(tracked=False), capture_output=True, text=True
    )
    assert shown.returncode == 1 and said in shown.stderr and not shown.stdout


def test_marks_that_are_no_files_keep_nobody_waiting(user, stand_in):  # noqa: F811
    folder = user.record()
    os.mkfifo(folder / "run-sync1.wandb.sent")
    done = user.sync()
    assert done.returncode == 1 and "not a regular file" in done.stderr
    assert stand_in.requests == []


def test_runs_of_the_official_client_are_its_own_affair(user, stand_in):  # noqa: F811
    user.record()
    told = user.folder / "told.json"
    told.write_text(json.dumps(
        {"text": "", "errors": "", "rows": [[1, {"x": 1}]], "config": {}, "exit_code": 0, "identity": {"id": "theirs"}}
    ))
    script = official.__file__.replace("official.py", "official_twin.py")
    official.run_python(script, told, cwd=user.track, WANDB_MODE="offline")
    done = user.sync()
    assert done.returncode == 0 and "1 run to send; 1 run recorded by W&B's own client" in done.stdout
    done = user.sync("theirs")
    assert done.returncode == 1 and "wandb sync" in done.stderr and stand_in.run().id == "sync1"


# ---- Manners ----------------------------------------------------------------------------------------


def test_a_rehearsal_sends_nothing(user, stand_in):  # noqa: F811
    folder = user.record()
    before = sorted(folder.iterdir())
    done = user.sync("--dry-run")
    assert (done.returncode, done.stderr) == (0, "") and "sync1: would be sent (" in done.stdout
    assert stand_in.requests == [] and sorted(folder.iterdir()) == before


def test_quiet_is_quiet(user):
    user.record()
    done = user.sync("--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("words", [["--attempts", "0"], ["--attempts", "x"], ["--nope"]])
def test_wrong_options(words, user):
    assert user.sync(*words).returncode == 64


def test_a_reader_that_leaves_stops_nothing(user, stand_in):  # noqa: F811
    user.record()
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([tool(), "sync"], cwd=user.track, env=user.environment(tracked=False), stdout=writer)
    os.close(writer)
    assert done.returncode == 0 and stand_in.run().state == "finished"


def test_an_interrupted_sync_is_gone_on_with(user, stand_in):  # noqa: F811
    """Several requests, and ^C in the middle of one that the server has taken: its answer never comes."""
    user.record(20_000, 0, limit=120)
    stand_in.faults.add(faults.HANG, "file_stream", first=3)
    process = subprocess.Popen(
        [tool(), "sync"], cwd=user.track, env=user.environment(tracked=False), stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    wait_for(lambda: len(stand_in.runs()) and steps(stand_in.run()), 20, "rows on the server")
    process.send_signal(signal.SIGINT)
    assert process.wait(5) == -signal.SIGINT and process.stderr.read() == b""
    process.stderr.close()
    assert 0 < len(steps(stand_in.run())) < 20_000 and not user.show("sync1")["isOnServer"]
    stand_in.faults.clear()
    done = user.sync()
    assert done.returncode == 0 and steps(stand_in.run()) == list(range(1, 20_001)), done.stderr
    assert stand_in.run().state == "finished"


def test_two_at_once_send_once(user, stand_in):  # noqa: F811
    folder = user.record()
    hang = stand_in.faults.add(faults.HANG, "file_stream")
    first = subprocess.Popen(
        [tool(), "sync"], cwd=user.track, env=user.environment(tracked=False), stdout=subprocess.DEVNULL
    )
    wait_for(lambda: hang.struck, 10, "the first one at work")
    done = user.sync(folder)
    assert done.returncode == 1 and "sync1: is being sent by another process" in done.stderr
    first.kill()
    first.wait()


def test_progress_is_for_terminals(user, stand_in):  # noqa: F811
    user.record(2000, 0, TRACKSHIM_NAME="a run")
    stand_in.faults.add(faults.slow(0.3), "file_stream")
    text, status, printed = on_terminal(user, "sync")
    assert status == 0 and printed.endswith(f"sync1: on the server, {page(stand_in)}\n".encode())
    lines = text.split("\r")
    assert any(line.startswith("a run  ░") and "0 bytes of " in line for line in lines), lines
    assert text.endswith("\r\x1b[K") and all(len(line) < 64 + 4 for line in lines)


def on_terminal(user, *words):
    """What stderr shows on a terminal of 60 columns; exit status, stdout."""
    reader, writer = os.openpty()
    fcntl.ioctl(writer, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
    environment = user.environment(tracked=False) | {"TERM": "xterm"}
    process = subprocess.Popen(
        [tool(), *words], cwd=user.track, env=environment, stdout=subprocess.PIPE, stderr=writer
    )
    os.close(writer)
    text = b""
    while True:
        try:
            text += os.read(reader, 65536)
        except OSError:
            break
    os.close(reader)
    printed = process.stdout.read()
    process.stdout.close()
    return text.decode(), process.wait(10), printed


def test_show_says_what_is_on_the_server(user, stand_in):  # noqa: F811
    folder = user.record(300, 1)
    assert (user.show(folder)["page"], user.show(folder)["isOnServer"]) == (None, False)
    stand_in.faults.add(faults.refused(503), "file_stream")
    assert user.sync("--attempts", "1").returncode == 1
    assert (user.show(folder)["page"], user.show(folder)["isOnServer"]) == (page(stand_in), False)
    environment = user.environment(tracked=False)
    text = subprocess.run([tool(), "show", folder], env=environment, capture_output=True, text=True).stdout
    assert f"  server    {page(stand_in)} (300 rows and " in text
    stand_in.faults.clear()
    assert user.sync().returncode == 0
    assert (user.show(folder)["page"], user.show(folder)["isOnServer"]) == (page(stand_in), True)
    text = subprocess.run([tool(), "show", folder], env=environment, capture_output=True, text=True).stdout
    assert f"  server    {page(stand_in)}\n" in text
