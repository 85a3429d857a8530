"""The official client must find nothing strange in the stand-in, nor the stand-in in the client."""

import math
from pathlib import Path

import pytest

from . import faults, official
from .certificates import Certificate
from .fixtures import KEY, stand_in  # noqa: F401
from .listener import StandIn

SCRIPT = Path(__file__).with_name("official_script.py")
GENERATED = {"config.yaml", "output.log", "wandb-metadata.json", "wandb-summary.json"}


def client_run(folder, server, steps=5, first=0, exit_code=0, **extra):
    settings = {"WANDB_RUN_ID": "official1", **extra}
    done = official.run_python(SCRIPT, steps, first, exit_code, cwd=folder, server=server, **settings)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def check_first_run(run, exit_code):
    assert [row["_step"] for row in run.history] == [0, 1, 2, 3, 4]
    assert all(math.isnan(row["nan"]) and row["inf"] == -math.inf for row in run.history)
    assert run.history[3]["loss"] == 0.25 and run.summary["loss"] == 0.2
    assert run.config == {"i": 1, "f": 0.5, "s": "x", "none": None}
    assert (run.display_name, run.group, run.job_type, run.notes) == ("n1", "g1", "jt", 'nö"te')
    assert run.tags == ["a", "b"] and GENERATED <= run.files.keys()
    assert run.console == [("stdout", f"step {n}") for n in range(5)] + [("stderr", "to stderr")]
    assert (run.complete, run.exit_code, run.sessions) == (True, exit_code, 1)
    assert run.state == ("failed" if exit_code else "finished")


@pytest.mark.parametrize("exit_code", [0, 3])
def test_an_online_run(stand_in, tmp_path, exit_code):  # noqa: F811
    client_run(tmp_path, stand_in, exit_code=exit_code)
    check_first_run(stand_in.run("official1"), exit_code)
    assert stand_in.violations == []


def test_gzip_and_structured_console(tmp_path):
    with StandIn(key=KEY, features={"STRUCTURED_CONSOLE_LOGS": True}) as server:
        client_run(tmp_path, server, WANDB__FILE_STREAM_NO_GZIP="false")
        run = server.run("official1")
    check_first_run(run, 0)
    streamed = [r for r in run.requests if r.operation == "file_stream"]
    assert streamed[-1].headers["content-encoding"] == "gzip" and run.output[0].startswith("{")
    assert server.violations == []


def test_an_offline_run_is_read_and_synced(stand_in, tmp_path):  # noqa: F811
    client_run(tmp_path, None, exit_code=3, WANDB_MODE="offline")
    assert [r["type"] for r in official.leet_records(tmp_path)][-1] == "exit"
    assert official.leet_summary(tmp_path)["exit_code"] == 3
    synced = official.sync(tmp_path, stand_in)
    assert synced.accepted, synced
    check_first_run(stand_in.run("official1"), 3)
    assert stand_in.violations == []


def test_the_client_gets_over_what_goes_wrong(tmp_path):
    """Over TLS, with a lost reply, which it sends once more, and an upload that is refused at first."""
    certificate = Certificate(tmp_path)
    with StandIn(key=KEY, tls=certificate.context()) as server:
        lost = server.faults.add(faults.LOST, "file_stream", last=1)
        refused = server.faults.add(faults.retry_later(429, 1), "upload", last=1)
        client_run(tmp_path, server, SSL_CERT_FILE=str(certificate.path))
        check_first_run(server.run("official1"), 0)
        assert (lost.struck, refused.struck, server.violations) == (1, 1, [])


def test_a_resumed_run_goes_on(stand_in, tmp_path):  # noqa: F811
    client_run(tmp_path, stand_in)
    client_run(tmp_path, stand_in, first=5, steps=2, WANDB_RESUME="must")
    run = stand_in.run("official1")
    assert [row["_step"] for row in run.history] == list(range(7))
    assert [text for _, text in run.console].count("to stderr") == 2
    assert run.sessions == 2 and stand_in.violations == []


def test_resume_must_fails_where_there_is_no_run(stand_in, tmp_path):  # noqa: F811
    done = official.run_python(SCRIPT, 1, 0, 0, cwd=tmp_path, server=stand_in,
                               WANDB_RUN_ID="official1", WANDB_RESUME="must")
    assert done.returncode != 0 and "resume" in done.stderr and stand_in.runs() == []


def test_a_wrong_key_is_refused(tmp_path):
    with StandIn(key="x" * 40) as server:
        done = official.run_python(SCRIPT, 1, 0, 0, cwd=tmp_path, server=server,
                                   WANDB_RUN_ID="official1")
        assert done.returncode != 0 and server.runs() == []
        assert all("no valid key" in text for text in server.violations) and server.violations


@pytest.mark.parametrize("damage", ["cut", "flipped"])
def test_a_damaged_journal_is_not_accepted(damage, stand_in, tmp_path):  # noqa: F811
    client_run(tmp_path, None, WANDB_MODE="offline")
    journal = official.journal_in(tmp_path)
    data = bytearray(journal.read_bytes())
    data[len(data) // 2] ^= damage == "flipped"
    journal.write_bytes(data[:-2] if damage == "cut" else data)
    with pytest.raises(official.OfficialError):
        official.leet_records(tmp_path)
    assert not official.sync(tmp_path, stand_in).accepted
