"""`trackshim import`: a saved log becomes the run that tracking its program would have made."""

import datetime
import json
import os
import signal
import subprocess
import time

import pytest
from server import official as uploads
from server.fixtures import KEY, stand_in  # noqa: F401
from server.tracked import Recorded as Contents
from server.tracked import metrics, same
from support import journal, official
from support.cli import Command, tool
from support.execution import Outcome
from test_formats import GERMAN, LOG, LOGS, Recorded

HOST = os.uname().nodename


@pytest.fixture
def cli(tmp_path) -> Command:
    command = Command(tmp_path)
    command.track = tmp_path / "imported"
    command.environment |= {"TRACKSHIM_DIR": str(command.track), "TZ": "UTC"}
    return command


def imported(cli, log, *words, input=None, **variables) -> Contents:
    done = cli("import", log, *words, input=input, **variables)
    assert done.returncode == 0, done.stderr
    return Contents(Outcome(done.stdout, done.stderr, 0), b"", cli.track)


def written(cli, *lines, modified=None):
    log = cli.work / "the.log"
    log.write_text("".join(f"{line}\n" for line in lines))
    if modified is not None:
        os.utime(log, (modified, modified))
    return log


def unix(text: str) -> float:
    return datetime.datetime.fromisoformat(text + "+00:00").timestamp()


# ---- As if it had been tracked -------------------------------------------------------------------


def of_log(recorded) -> dict:
    """What a run has of its log: all but times and what is known of the program."""
    return {
        "rows": [{k: v for k, v in row.items() if k in ("_step",) or k[0] != "_"} for row in recorded.rows],
        "config": {key: value for key, value in recorded.config.items() if key != "command"},
        "summary": metrics(recorded.summary) | {"_step": recorded.summary.get("_step")},
        "console": recorded.console,
        "end": [record.exit_code for record in recorded.of("exit")],
    }


@pytest.mark.parametrize("log", LOGS, ids=lambda log: log.stem)
def test_a_log_becomes_the_run_of_its_program(log, cli, lab, shim):
    done = cli("import", log)
    tracked = Recorded(lab, shim, log)
    if not tracked.files:
        assert done.returncode == 1 and done.stdout == b"" and b"nothing in" in done.stderr
        assert not cli.track.exists()
        return
    assert done.returncode == 0, done.stderr
    ours = Contents(tracked.outcome, b"", cli.track)
    theirs = Contents(tracked.outcome, b"", lab.track)
    found, expected = of_log(ours), of_log(theirs)
    for part in expected:
        assert same(found[part], expected[part]), part
    assert official.differences(ours.journal, ours.kinds) == []
    kept = {"header", "run", "telemetry", "environment", "config", "history", "summary", "output_raw", "exit"}
    assert set(ours.kinds) <= kept and ours.kinds[:4] == theirs.kinds[:4] and ours.kinds[-1] == "exit"


def test_templates_count(cli, lab, shim, tmp_path):
    log = written(cli, *LOG.splitlines())
    ours = imported(cli, log, TRACKSHIM_FORMAT=GERMAN)
    assert [metrics(row) for row in ours.rows] == [{"loss": 9 - step} for step in range(5)]
    assert (ours.journal.parent / "formats").read_text().strip() == GERMAN
    assert cli("import", log).returncode == 1


def test_stderr_and_exit_code(cli):
    ours = imported(cli, written(cli, "step 1: loss 3", "step 2: loss 2"), "--stderr", "--exit-code", "3")
    assert journal.console(ours.records) == {"stdout": "", "stderr": "step 1: loss 3\nstep 2: loss 2\n"}
    assert ours.of("exit")[0].exit_code == 3
    assert cli("import", "--exit-code", "256", cli.work / "the.log").returncode == 64


def test_identity(cli):
    log = written(cli, "step 1: loss 3")
    words = ["--name", "n1", "--project", "p1", "--entity", "e1", "--group", "g1", "--tags", "a,b", "--notes", "a note"]
    ours = imported(cli, log, *words, "--job-type", "j1", "--id", "i1", WANDB_RUN_ID="other")
    run = ours.run
    assert (run.display_name, run.project, run.entity, run.run_group) == ("n1", "p1", "e1", "g1")
    assert (list(run.tags), run.notes, run.job_type, run.run_id) == (["a", "b"], "a note", "j1", "i1")
    assert ours.journal.name == "run-i1.wandb" and ours.journal.parent.name.startswith("offline-run-")
    assert (cli.track / "wandb/latest-run").resolve() == ours.journal.parent
    line = ours.outcome.stdout.decode()
    assert line.startswith("i1: the.log imported as n1 into project p1, 1 row, in ") and line.count("\n") == 1
    assert str(ours.journal.parent) in line
    shown, _ = cli.show_json()
    assert shown["id"] == "i1" and shown["command"] == "imported from the.log"


def test_nothing_of_this_machine_is_in_it(cli, tmp_path):
    subprocess.run(["git", "init", "-q", cli.work], check=True)
    ours = imported(cli, written(cli, "step 1: loss 3"), USER="somebody")
    data = ours.journal.read_bytes()
    release = os.uname().release
    # A short host name may stand in a run's id by chance; that the record has none is asserted below.
    for word in [*[HOST] * (len(HOST) > 6), str(cli.work), str(tmp_path), release, "somebody", "trackshim-cli", "bin/trackshim"]:
        assert word.encode() not in data
    [environment] = ours.of("environment")
    assert {field.name for field, _ in environment.ListFields()} == {"started_at", "writer_id"}
    assert ours.run.host == "" and not ours.run.HasField("git")
    # But for what somebody says of it.
    cli.track = cli.work / "second"
    said = imported(cli, cli.work / "the.log", TRACKSHIM_DIR=str(cli.track), WANDB_HOST="cluster-7", WANDB_PROGRAM="train.py")
    assert said.run.host == "cluster-7" and said.of("environment")[0].program == "train.py"


# ---- Ids -----------------------------------------------------------------------------------------


def test_two_imports_are_two_runs(cli):
    log = written(cli, "step 1: loss 3")
    for _ in range(2):
        assert cli("import", log).returncode == 0
    ids = {journal.records(path)[1].run.run_id for path in journal.run_files(cli.track)}
    assert len(ids) == 2


def test_an_id_that_is_taken_is_refused(cli):
    log = written(cli, "step 1: loss 3")
    assert cli("import", log, "--id", "i1").returncode == 0
    [known] = journal.run_files(cli.track)
    before = known.read_bytes()
    for words, variables in [(("--id", "i1"), {}), ((), {"WANDB_RUN_ID": "i1"})]:
        done = cli("import", log, *words, **variables)
        assert (done.returncode, done.stdout) == (1, b"")
        note = done.stderr.decode()
        assert note.startswith("trackshim: run i1 is there already, ") and str(known) in note and note.count("\n") == 1
    assert journal.run_files(cli.track) == [known] and known.read_bytes() == before


# ---- Times ---------------------------------------------------------------------------------------


def times(recorded) -> list[float]:
    return [row["_timestamp"] for row in recorded.rows]


FORMS = {
    "iso": "2024-01-31 12:00:0{n},500 INFO step {n}: loss 3",
    "zone": "2024-01-31T13:00:0{n}.500+01:00 step {n}: loss 3",
    "glog": "I0131 12:00:0{n}.500000  1234 solver.cpp:239] Iteration {n}, loss = 3",
    "syslog": "Jan 31 12:00:0{n}.5 host trainer: step {n}: loss 3",
    "time": "[12:00:0{n}.5] step {n}: loss 3",
}


@pytest.mark.parametrize("form", FORMS)
def test_times_are_the_logs(form, cli):
    log = written(cli, *(FORMS[form].format(n=n) for n in range(1, 6)), modified=unix("2024-01-31T13:00:00"))
    formats = {"TRACKSHIM_FORMAT": "{*} step {step}: loss {loss}"} if form == "syslog" else {}
    ours = imported(cli, log, **formats)
    start = unix("2024-01-31T12:00:01.500")
    assert times(ours) == [start + n for n in range(5)]
    assert [row["_runtime"] for row in ours.rows] == [0, 1, 2, 3, 4]
    assert ours.run.start_time.ToNanoseconds() == int(start * 1e9)
    assert ours.of("exit")[0].runtime == 4 and ours.summary["_runtime"] == 4
    lines = [record.timestamp.ToNanoseconds() / 1e9 for record in ours.of("output_raw")]
    assert lines == times(ours)
    assert ours.journal.parent.name.startswith("offline-run-20240131_120001-")
    assert b"no times" not in ours.outcome.stderr


def test_local_time_is_that_of_the_zone(cli):
    log = written(cli, "2024-07-31 12:00:00 step 1: loss 3")
    ours = imported(cli, log, TZ="America/New_York")
    assert times(ours) == [unix("2024-07-31T16:00:00")]
    assert ours.journal.parent.name.startswith("offline-run-20240731_120000-")


def test_over_midnight(cli):
    hours = [22, 23, 0, 1, 2]
    log = written(
        cli, *(f"[{hour:02}:00:00] step {n}: loss 3" for n, hour in enumerate(hours, 1)),
        modified=unix("2024-03-01T02:00:01"),
    )  # fmt: skip
    start = unix("2024-02-29T22:00:00")
    assert times(imported(cli, log)) == [start + 3600 * n for n in range(5)]


def test_without_times_all_is_at_the_files(cli):
    modified = unix("2024-01-31T12:00:00")
    ours = imported(cli, written(cli, "step 1: loss 3", "step 2: loss 2", modified=modified))
    assert times(ours) == [modified, modified] and ours.run.start_time.ToNanoseconds() == int(modified * 1e9)
    assert b"the.log has no times" in ours.outcome.stderr and ours.of("exit")[0].runtime == 0


# ---- Ways in, and what goes wrong ----------------------------------------------------------------


def test_from_a_pipe(cli):
    text = b"".join(b"2024-01-31 12:00:00 step %d: loss 3\n" % n for n in range(1, 4))
    ours = imported(cli, "-", input=text)
    assert len(ours.rows) == 3 and ours.config["command"] == "imported from standard input"


@pytest.mark.parametrize("log", ["/no/such/log", "/"])
def test_a_log_that_cannot_be_read(log, cli):
    done = cli("import", log)
    assert (done.returncode, done.stdout) == (1, b"") and done.stderr.startswith(f"trackshim: {log} ".encode())
    assert not cli.track.exists()


def test_a_log_in_which_nothing_is_recognised(cli):
    done = cli("import", written(cli, "nothing", "at all 5"))
    assert (done.returncode, done.stdout) == (1, b"") and not cli.track.exists()
    assert b"trackshim check" in done.stderr and b"trackshim learn" in done.stderr


def test_a_disk_that_is_full(cli, tmp_path):
    log = written(cli, *(f"step {n}: loss 3" for n in range(50_000)))
    script = 'ulimit -f 100; trap "" XFSZ; exec "$0" import "$1"'
    done = subprocess.run(["bash", "-c", script, tool(), log], capture_output=True, env=cli.environment, cwd=cli.work)
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"cannot be written (file too large)" in done.stderr
    [file] = journal.run_files(cli.track)
    journal.records_so_far(file)


def test_while_it_goes_on_nobody_takes_it_for_whole(cli):
    """Others see a run that is being recorded; where the import was killed, one that crashed."""
    text = b"".join(b"2024-01-31 12:00:00 step %d: loss 3\n" % n for n in range(1, 400_000))
    process = cli.start("import", "-", "--id", "live1", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    process.stdin.write(text)
    process.stdin.close()
    while not any(path.stat().st_size for path in journal.run_files(cli.track)):
        assert process.poll() is None
        time.sleep(0.001)
    process.send_signal(signal.SIGSTOP)
    sent = cli("sync", "live1", WANDB_API_KEY="k" * 40, WANDB_BASE_URL="http://127.0.0.1:9")
    again = cli("import", written(cli, "step 1: loss 3"), "--id", "live1", TRACKSHIM_DIR=str(cli.work / "elsewhere"))
    process.kill()
    process.wait()
    assert b"is still running" in sent.stdout + sent.stderr
    assert again.returncode == 1 and f"is being recorded by process {process.pid}".encode() in again.stderr
    run, _ = cli.show_json("live1")
    assert run["state"] == "crashed" and 0 < run["rows"] < 400_000
    [file] = journal.run_files(cli.track)
    journal.records(file)


def test_wandb_sync_sends_it(cli, stand_in):  # noqa: F811
    log = written(cli, *(f"2024-01-31 12:00:{n:02} step {n}: loss {n / 8}" for n in range(1, 31)))
    ours = imported(cli, log, "--id", "synced1", "--project", "p1", "--entity", "e1", "--name", "n1")
    result = uploads.sync(ours.journal, stand_in, timeout=300)
    assert result.accepted, result.output
    assert stand_in.violations == []
    run = stand_in.run("synced1")
    assert [row["_step"] for row in run.history] == list(range(1, 31))
    assert [row["loss"] for row in run.history] == [n / 8 for n in range(1, 31)]
    assert (run.state, run.exit_code, run.display_name) == ("finished", 0, "n1")
    assert run.config["command"] == "imported from the.log"
    assert [text for _, text in run.console] == log.read_text().splitlines()
    assert HOST.encode() not in run.files["wandb-metadata.json"]


def test_our_own_sync_sends_it(cli, stand_in):  # noqa: F811
    log = written(cli, *(f"2024-01-31 12:00:{n:02} step {n}: loss {n / 8}" for n in range(1, 31)))
    ours = imported(cli, log, "--id", "synced2")
    server = {"WANDB_BASE_URL": stand_in.url, "WANDB_API_KEY": KEY}
    done = cli("sync", ours.journal.parent, **server)
    assert done.returncode == 0, done.stderr
    run = stand_in.run("synced2")
    assert [row["_step"] for row in run.history] == list(range(1, 31)) and run.state == "finished"
    assert json.loads(run.files["wandb-metadata.json"]).keys() <= {"startedAt", "writerId"}


@pytest.mark.alone
def test_a_large_log(cli, measured, tmp_path):
    """Time grows with the log, memory does not."""
    log = tmp_path / "large.log"
    with log.open("w") as file:
        for n in range(80_000):
            file.write(f"2024-01-31 {n // 36000:02}:{n // 600 % 60:02}:{n // 10 % 60:02},{n % 10}00 INFO step {n}: loss {n / 7:.4f} lr 0.1\n")
    done, took, memory = cli.measured("import", log)
    measured(f"import: {log.stat().st_size >> 20} MB of log in {took:.1f} s, {memory >> 20} MB of memory")
    assert done.returncode == 0
    [file] = journal.run_files(cli.track)
    assert journal.kinds(journal.records(file)).count("history") == 80_000
    assert memory < 30 << 20
