"""trackshim_save: a file goes to the server with its run, beside everything else, and holds nothing up."""

import os
import re
import signal
import subprocess
import textwrap
from pathlib import Path

import pytest
from server import faults, official
from server.fixtures import stand_in  # noqa: F401
from server.tracked import Recorded
from support.online import Online, wait_for
from support.planted import NOBODY, needs_root
from support.script import Script

FAST = {"TRACKSHIM_UPLOAD_INTERVAL": 0.2}


@pytest.fixture
def program(programs, shim, tmp_path, stand_in):  # noqa: F811
    return Script(programs, shim, tmp_path, stand_in)


@pytest.fixture
def sound(stand_in):  # noqa: F811
    yield
    assert stand_in.violations == []


def puts(stand_in, name):  # noqa: F811
    return [r for r in stand_in.requests if r.operation == "upload" and f"/{name}?" in r.target]


def is_of(request, name):
    return f"/{name}?" in request.target


def sync(program):
    done = program.sync()
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.mark.usefixtures("sound")
def test_a_running_program_sends_it(program, stand_in):  # noqa: F811
    (program.work / "ckpt").mkdir()
    process = program.start(
        "write=ckpt/m.bin=300000=a", "save=ckpt/m.bin", "sleep=30000", source="api_script.c", **FAST)
    try:
        wait_for(lambda: stand_in.runs() and "ckpt/m.bin" in stand_in.run().uploaded, 10, "the file")
    finally:
        process.kill()
        process.wait()
    assert stand_in.run().files["ckpt/m.bin"] == b"a" * 300_000


@pytest.mark.usefixtures("sound")
def test_names_and_requests_are_those_of_the_official_client(program, stand_in, tmp_path):  # noqa: F811
    """What the server has in the end is the same."""
    for folder in ("ckpt/sub", "elsewhere"):
        (program.work / folder).mkdir(parents=True)
    (program.work / "ckpt/sub/m.bin").write_bytes(b"m" * 1000)
    (program.work / "elsewhere/far.bin").write_bytes(b"far")
    (program.work / "empty").write_bytes(b"")
    saved = ["ckpt/sub/m.bin", program.work / "elsewhere/far.bin", "empty"]
    ended = program.act("steps=1", *(f"save={path}" for path in saved), TRACKSHIM_RUN_ID="ours")
    assert ended.outcome.stdout.count(b": ok") == 3
    script = tmp_path / "official.py"
    script.write_text(textwrap.dedent(f"""
        import wandb
        run = wandb.init(project="test", id="theirs", settings=wandb.Settings(x_disable_stats=True))
        run.log({{"loss": 1.0}})
        for path in {[str(path) for path in saved]}:
            run.save(path, policy="now")
        run.finish()
    """))
    done = official.run_python(script, cwd=program.work, server=stand_in)
    assert done.returncode == 0, done.stderr
    ours, theirs = ({k: v for k, v in stand_in.run(run).files.items() if k.endswith(("bin", "empty"))} for run in ("ours", "theirs"))
    assert ours == theirs and len(ours) == 3
    assert set(ours) <= set(stand_in.run("ours").uploaded)


@pytest.mark.usefixtures("sound")
def test_rows_do_not_wait_for_it(program, stand_in):  # noqa: F811
    slow = stand_in.faults.add(faults.slow(3), "upload", when=lambda r: is_of(r, "m.bin"))
    process = program.start(
        "write=m.bin=1000000=a", "save=m.bin", "steps=250", "sleep=1500", source="api_script.c", **FAST)
    try:
        wait_for(lambda: slow.struck, 10, "the upload's beginning")
        known = len(stand_in.run().history)
        wait_for(lambda: len(stand_in.run().history) > known + 50, 10, "rows")
        assert "m.bin" not in stand_in.run().files, "the upload was over, so nothing was tested"
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()
    run = stand_in.run()
    assert run.state == "finished" and len(run.history) == 250 and run.files["m.bin"] == b"a" * 1_000_000


@pytest.mark.alone
def test_the_end_waits_for_it_so_long_and_no_longer(program, stand_in):  # noqa: F811
    """Then the run is finished, and `trackshim sync` sends what is missing."""
    slow = stand_in.faults.add(faults.slow(60), "upload", when=lambda r: is_of(r, "m.bin"))
    ended = program.act(
        "write=m.bin=1000=a", "write=n.bin=9=b", "save=m.bin", "save=n.bin", "steps=3", TRACKSHIM_EXIT_TIMEOUT=4)
    run = stand_in.run()
    assert ended.took < 6 and run.state == "finished" and len(run.history) == 3
    assert [note for note in ended.notes if "m.bin and 1 more saved files did not get to the server in time" in note]
    assert stand_in.violations == []
    # W&B takes files of a run that is over, which the stand-in holds against a program.
    slow.last = 0
    sync(program)
    assert run.files["m.bin"] == b"a" * 1000 and run.files["n.bin"] == b"b" * 9
    assert len(run.history) == 3 and run.state == "finished"
    before = len(stand_in.requests)
    assert "already" in sync(program).stdout and len(stand_in.requests) == before


@pytest.mark.usefixtures("sound")
def test_a_file_that_is_written_again(program, stand_in):  # noqa: F811
    program.act(
        "write=m.bin=1000=a", "save=m.bin", "sleep=1000", "save=m.bin", "sleep=500", "write=m.bin=2000=b", "save=m.bin", **FAST)
    assert stand_in.run().files["m.bin"] == b"b" * 2000
    assert len(puts(stand_in, "m.bin")) == 2, "one that has not changed is not sent again"


@pytest.mark.usefixtures("sound")
def test_one_that_is_saved_often_is_sent_as_it_is_then(program, stand_in):  # noqa: F811
    words = [word for letter in "abcde" for word in (f"write=m.bin=1000={letter}", "save=m.bin")]
    program.act(*words)
    assert stand_in.run().files["m.bin"] == b"e" * 1000


@pytest.mark.usefixtures("sound")
def test_one_that_is_not_there(program, stand_in):  # noqa: F811
    (program.work / "folder").mkdir()
    ended = program.act("save=missing.bin", "save=folder", "write=gone.bin=10=a", "steps=1", WANDB_MODE="offline")
    assert [note for note in ended.notes if "missing.bin is not saved with the run: no such file" in note]
    assert [note for note in ended.notes if "folder is not saved with the run: it is no file" in note]
    assert Recorded(ended.outcome, b"", program.track).of("files") == []


@pytest.mark.usefixtures("sound")
def test_one_that_is_gone_when_it_is_sent(program, stand_in):  # noqa: F811
    program.act("write=m.bin=10=a", "save=m.bin", "steps=1", "flush", "remove=m.bin", WANDB_MODE="offline")
    done = sync(program)
    assert "m.bin cannot be sent with the run: no such file" in done.stdout + done.stderr
    assert stand_in.run().state == "finished"


@pytest.mark.usefixtures("sound")
@pytest.mark.parametrize("by", ["us", "the official client"])
def test_a_run_that_is_sent_later(by, program, stand_in):  # noqa: F811
    ended = program.act("write=m.bin=70000=a", "save=m.bin", "steps=2", WANDB_MODE="offline")
    if by == "us":
        sync(program)
    else:
        synced = official.sync(ended.journal.parent, stand_in)
        assert synced.accepted, synced.output
    assert stand_in.run().files["m.bin"] == b"a" * 70_000 and stand_in.run().state == "finished"


@pytest.mark.usefixtures("sound")
def test_a_killed_program(program, stand_in):  # noqa: F811
    """It is in the ring, if not in the journal yet."""
    program.act("write=m.bin=10=a", "steps=2", "flush", "save=m.bin", "kill", WANDB_MODE="offline")
    sync(program)
    assert stand_in.run().files["m.bin"] == b"a" * 10


@pytest.mark.usefixtures("sound")
def test_a_connection_that_breaks(program, stand_in):  # noqa: F811
    stand_in.faults.add(faults.RESET, "upload", when=lambda r: is_of(r, "m.bin"), last=2)
    program.act("write=m.bin=1000=a", "save=m.bin", "steps=2", "sleep=8000")
    assert stand_in.run().files["m.bin"] == b"a" * 1000 and len(puts(stand_in, "m.bin")) == 3


@pytest.mark.alone
def test_a_refusal_is_said_and_tried_again_by_sync(program, stand_in):  # noqa: F811
    refusal = stand_in.faults.add(faults.refused(413), "upload", when=lambda r: is_of(r, "m.bin"))
    ended = program.act("write=m.bin=1000=a", "write=n.bin=5=b", "save=m.bin", "save=n.bin", "steps=2")
    assert [note for note in ended.notes if "m.bin did not get to the server (413" in note]
    assert stand_in.run().state == "finished" and stand_in.run().files["n.bin"] == b"bbbbb"
    refusal.last = 0
    sync(program)
    assert stand_in.run().files["m.bin"] == b"a" * 1000
    assert len(puts(stand_in, "n.bin")) == 1, "what had gone was sent once more"


@pytest.mark.alone
def test_a_large_one_takes_no_memory(program, stand_in, measured):  # noqa: F811
    size = 200_000_000
    with (program.work / "large.bin").open("wb") as file:
        file.truncate(size)
    process = program.start("save=large.bin", "steps=1", "sleep=60000", source="api_script.c", **FAST)
    peak = 0
    try:
        wait_for(lambda: stand_in.runs() and "large.bin" in stand_in.run().files, 60, "the file")
        status = Path(f"/proc/{process.pid}/status").read_text()
        peak = int(re.search(r"VmHWM:\s+(\d+)", status)[1])
    finally:
        process.kill()
        process.wait()
    measured(f"{size // 1_000_000} MB sent with at most {peak} KiB resident")
    assert len(stand_in.run().files["large.bin"]) == size and peak < 60_000


@pytest.mark.alone
def test_after_an_end_that_could_not_wait_files_go_again(program, stand_in):  # noqa: F811
    """trackshim_finish, and the program goes on."""
    slow = stand_in.faults.add(faults.slow(60), "upload", when=lambda r: is_of(r, "m.bin"), last=1)
    ended = program.act(
        "write=m.bin=1000=a", "save=m.bin", "steps=3", "sleep=300", "finish", "write=n.bin=9=b", "save=n.bin", "steps=3",
        "sleep=4000", TRACKSHIM_EXIT_TIMEOUT=4, **FAST)
    run = stand_in.run()
    assert slow.struck == 1 and run.state == "finished" and len(run.history) == 6, ended.notes
    assert run.files["m.bin"] == b"a" * 1000 and run.files["n.bin"] == b"b" * 9


@pytest.mark.alone
def test_stop_does_not_wait_for_it(program, stand_in):  # noqa: F811
    stand_in.faults.add(faults.slow(60), "upload", when=lambda r: is_of(r, "m.bin"))
    stand_in.faults.add(faults.STOPPED, "file_stream", when=lambda _: len(stand_in.run().history) > 20)
    ended = program.act("write=m.bin=1000=a", "save=m.bin", "steps=2000", TRACKSHIM_EXIT_TIMEOUT=5, **FAST)
    assert ended.status == -signal.SIGINT
    run = stand_in.run()
    assert run.exit_code == 255 and run.complete
    assert [note for note in ended.notes if "m.bin did not get to the server in time" in note]


@pytest.mark.alone
def test_one_that_never_gets_through_does_not_keep_others(program, stand_in):  # noqa: F811
    broken = stand_in.faults.add(faults.RESET, "upload", when=lambda r: is_of(r, "m.bin"))
    program.act("write=m.bin=1000=a", "write=n.bin=9=b", "save=m.bin", "save=n.bin", "steps=2", WANDB_MODE="offline")
    done = program.sync()
    run = stand_in.run()
    assert run.state == "finished" and run.files["n.bin"] == b"b" * 9
    assert "m.bin did not get to the server" in done.stdout + done.stderr and done.returncode != 0
    broken.last = 0
    sync(program)
    assert run.files["m.bin"] == b"a" * 1000 and len(puts(stand_in, "n.bin")) == 1


def test_one_that_is_written_while_it_is_sent(program, stand_in):  # noqa: F811
    """fopen(path, "w") over a checkpoint that is on its way: what is there in the end is all of the new one."""
    stand_in.faults.add(faults.slow(1), "upload", when=lambda r: is_of(r, "m.bin"), last=1)
    program.act(
        "write=m.bin=30000000=a", "save=m.bin", "steps=1", "sleep=900", "write=m.bin=20000000=b", "sleep=5000", **FAST)
    assert stand_in.run().files["m.bin"] == b"b" * 20_000_000


@pytest.mark.alone
def test_a_disk_that_is_away_for_a_sync(program, stand_in):  # noqa: F811
    disk = program.work / "disk"
    disk.mkdir()
    program.act("write=disk/m.bin=10=a", "save=disk/m.bin", "steps=1", "flush", WANDB_MODE="offline")
    disk.rename(program.work / "unmounted")
    done = program.sync()
    assert "disk/m.bin cannot be sent" in done.stdout + done.stderr and stand_in.run().state == "finished"
    (program.work / "unmounted").rename(disk)
    sync(program)
    assert stand_in.run().files["disk/m.bin"] == b"a" * 10


def test_a_program_that_forbids_itself_to_ask(programs, shim, tmp_path):
    """getcwd on pain of death: the call does without, and says so."""
    program = Script(programs, shim, tmp_path, None)
    for settings in ({"WANDB_MODE": "offline"}, {"WANDB_MODE": "disabled"}):
        ended = program.run("no-getcwd", "save=/etc/hostname", "save=relative", "steps=1", source="api_script.c", **settings)
        assert ended.status == 0, ended.outcome.stderr
        assert b"relative: invalid" in ended.outcome.stdout or b"relative: inactive" in ended.outcome.stdout


# ---- Who else may write to the run's folder ------------------------------------------------------------


def plant(program, name, target, owner=None):
    (folder,) = program.track.glob("wandb/offline-run-*")
    link = folder / "files" / name
    link.unlink()
    link.symlink_to(target)
    if owner is not None:
        os.chown(link, owner, owner, follow_symlinks=False)


@needs_root
@pytest.mark.usefixtures("sound")
def test_somebody_elses_link_is_not_followed(program, stand_in, tmp_path):  # noqa: F811
    secret = tmp_path / "secret"
    secret.write_text("of the user's")
    program.act("write=m.bin=10=a", "save=m.bin", "steps=1", WANDB_MODE="offline")
    plant(program, "m.bin", secret, NOBODY)
    done = sync(program)
    assert "m.bin cannot be sent with the run: operation not permitted" in done.stdout + done.stderr
    assert "m.bin" not in stand_in.run().files


@pytest.mark.usefixtures("sound")
def test_a_link_to_what_is_no_file(program, stand_in, tmp_path):  # noqa: F811
    program.act("write=m.bin=10=a", "save=m.bin", "steps=1", WANDB_MODE="offline")
    os.mkfifo(tmp_path / "fifo")
    plant(program, "m.bin", tmp_path / "fifo")
    sync(program)
    assert "m.bin" not in stand_in.run().files


def test_a_file_of_the_run_itself_is_left_alone(program, tmp_path):
    """Under a name that the run's folder has otherwise nothing is linked."""
    process = program.start(
        "steps=1", "flush", "sleep=1000", "write=x.bin=5=a", "save=x.bin", "sleep=200", source="api_script.c", WANDB_MODE="offline",
        stderr=subprocess.PIPE)
    folder = wait_for(lambda: next(iter(program.track.glob("wandb/offline-run-*/files")), None), 5, "the run")
    (folder / "x.bin").write_text("precious")
    _, said = process.communicate(timeout=20)
    assert (folder / "x.bin").read_text() == "precious"
    assert b"x.bin is not saved with the run: the run has another file of its name" in said


# ---- Two of one name ---------------------------------------------------------------------------------------


def replaced(ended):
    return [note for note in ended.notes if "took the place of" in note]


@pytest.mark.usefixtures("sound")
def test_another_of_its_name_takes_its_place_and_is_told(program, stand_in, tmp_path):  # noqa: F811
    for number in range(4):
        (tmp_path / f"{number}/x").mkdir(parents=True)
        (tmp_path / f"{number}/x/m").write_bytes(b"%d" % number)
    paths = [tmp_path / f"{number}/x/m" for number in range(4)]
    ended = program.act("steps=1", *(f"save={path}" for path in [*paths, paths[3]]))
    first, rest = replaced(ended)
    assert f"{paths[1]} took the place of {paths[0]} in the run: both are x/m there" in first
    assert "2 more saved files took the place of others" in rest
    assert stand_in.run().files["x/m"] == b"3"


@pytest.mark.usefixtures("sound")
def test_one_file_by_two_paths_is_no_other(program, stand_in, tmp_path):  # noqa: F811
    (program.work / "x").mkdir()
    (program.work / "x/m").write_bytes(b"m")
    (tmp_path / "link").symlink_to(program.work)
    words = [f"save={path}" for path in ("x/m", "./x/../x/m", program.work / "x/m", tmp_path / "link/x/m")]
    ended = program.act("steps=1", *words, "flush", "save=x/m")
    assert ended.outcome.stdout.count(b": ok") >= 5 and replaced(ended) == []
    assert stand_in.run().files["x/m"] == b"m"


# ---- TRACKSHIM_SAVE -------------------------------------------------------------------------------------


def test_checkpoints_of_a_program_that_knows_nothing_of_us(programs, shim, tmp_path, stand_in):  # noqa: F811
    """Those that it writes, and not those that were there."""
    online = Online(programs, shim, tmp_path, stand_in, TRACKSHIM_SAVE="ckpt/*.bin, last.pt, *.none")
    (online.work / "ckpt").mkdir()
    (online.work / "ckpt/before.bin").write_bytes(b"of another run")
    os.utime(online.work / "ckpt/before.bin", (1e9, 1e9))
    ended = online.run(source="checkpoints.c")
    assert ended.status == 0, ended.notes
    run = stand_in.run()
    saved = {name: body for name, body in run.files.items() if name.startswith(("ckpt/", "last"))}
    assert saved == {f"ckpt/step{n}.bin": b"c" * n for n in (1, 2, 3)} | {"last.pt": b"last"}
    assert run.state == "finished" and stand_in.violations == []


def test_patterns_that_meet_are_told(programs, shim, tmp_path, stand_in):  # noqa: F811
    online = Online(programs, shim, tmp_path, stand_in)
    for folder in "ab":
        (tmp_path / folder / "ckpt").mkdir(parents=True)
        (tmp_path / folder / "ckpt/m").write_text(folder)
        os.utime(tmp_path / folder / "ckpt/m", (4e9, 4e9))
    ended = online.run(source="checkpoints.c", TRACKSHIM_SAVE=f"{tmp_path}/?/ckpt/m")
    (note,) = replaced(ended)
    assert f"{tmp_path}/b/ckpt/m took the place of {tmp_path}/a/ckpt/m" in note
    assert stand_in.run().files["ckpt/m"] == b"b" and stand_in.violations == []
