"""TRACKSHIM_LOG_MODEL: each file that a program writes becomes a version of the run's model, as run.log_model makes one."""

import contextlib
import textwrap
from pathlib import Path

import pytest
from server import faults, official
from server.fixtures import stand_in  # noqa: F401
from support.online import Online, wait_for
from support.script import Script
from test_saved_files import is_of, sync

STEPS = ("CreateArtifact", "CreateArtifactManifest", "CreateArtifactFiles", "CommitArtifact")
FAST = {"TRACKSHIM_UPLOAD_INTERVAL": 0.2}


@pytest.fixture
def program(programs, shim, tmp_path, stand_in):  # noqa: F811
    yield Script(programs, shim, tmp_path, stand_in, TRACKSHIM_LOG_MODEL="*.bin", TRACKSHIM_RUN_ID="ours")
    assert stand_in.violations == []


def versions(server, run="ours"):
    """Contents by file name of each version, in order."""
    found = server.artifacts.named(f"model-{run}")
    assert all(version.state == "COMMITTED" and version.type == "model" for version in found), found
    return [{name: data for name, data in version.assembled()["files"].items()} for version in found]


def asked_for(requests):
    """The operations of artifacts, and what was sent."""
    return [r.operation for r in requests if r.operation in STEPS or "/artifacts/" in r.target]


def test_each_checkpoint_is_a_version(programs, shim, tmp_path, stand_in):  # noqa: F811
    online = Online(programs, shim, tmp_path, stand_in, TRACKSHIM_RUN_ID="ours", TRACKSHIM_LOG_MODEL="ckpt/*.bin,last.pt")
    (online.work / "ckpt").mkdir()
    ended = online.run(source="checkpoints.c")
    assert ended.status == 0 and len(ended.notes) == 3, ended.notes
    steps = [{f"step{n}.bin": b"c" * n} for n in (1, 2, 3)]
    assert versions(stand_in) == [*steps, {"last.pt": b"last"}]
    run = stand_in.run()
    assert not [name for name in run.files if name.endswith((".bin", ".pt"))] and run.state == "finished"
    assert stand_in.violations == []
    assert [a.step for a in stand_in.artifacts.all] == [3] * 4


@pytest.mark.parametrize("count", [1, 2])
def test_the_official_client_makes_the_same(programs, shim, tmp_path, stand_in, count):  # noqa: F811
    """Of the same files the same versions, by the same requests."""
    online = Online(programs, shim, tmp_path, stand_in, TRACKSHIM_RUN_ID="ours", TRACKSHIM_LOG_MODEL="ckpt/step[12].bin")
    names = [f"ckpt/step{n}.bin" for n in range(1, count + 1)]
    (online.work / "ckpt").mkdir()
    assert online.run(source="checkpoints.c", TRACKSHIM_LOG_MODEL=",".join(names)).status == 0
    script = tmp_path / "official.py"
    script.write_text(textwrap.dedent(f"""
        import wandb
        run = wandb.init(project="test", id="theirs", settings=wandb.Settings(x_disable_stats=True))
        for step in range(1, 4):
            run.log({{"train_loss": 1.5}}, step=step)
        for name in {names}:
            run.log_model(name, name="model-theirs")
        run.finish()
    """))
    mine = list(stand_in.requests)
    stand_in.artifacts.all, kept = [], stand_in.artifacts.all
    done = official.run_python(script, cwd=online.work, server=stand_in)
    assert done.returncode == 0, done.stderr
    ours, theirs = ([a.assembled() for a in found] for found in (kept, stand_in.artifacts.all))
    assert ours == theirs and len(ours) == count
    assert asked_for(mine) == asked_for(stand_in.requests[len(mine):]) and len(asked_for(mine)) == 7 * count
    assert stand_in.violations == []


def test_what_the_server_has_is_not_sent_again(program, stand_in):  # noqa: F811
    """Not to another run's model, and no second version of the same."""
    program.act("write=m.bin=1000=a", "steps=2")
    program.act("write=m.bin=1000=a", "steps=2", TRACKSHIM_RUN_ID="second")
    first, second = stand_in.artifacts.named("model-ours") + stand_in.artifacts.named("model-second")
    assert first.files["m.bin"] == b"a" * 1000 and "m.bin" not in second.files and second.complete
    assert second.manifest["contents"]["m.bin"]["birthArtifactID"] == first.id
    for marks in program.track.rglob("run-ours.wandb.sent"):
        marks.unlink()
    before = len(stand_in.requests)
    sync(program)
    assert len(stand_in.artifacts.named("model-ours")) == 1
    assert "CreateArtifactFiles" not in [r.operation for r in stand_in.requests[before:]]


def test_a_run_that_is_sent_later(program, stand_in):  # noqa: F811
    program.act("write=a.bin=10=a", "write=b.bin=0=b", "steps=2", WANDB_MODE="offline")
    assert not stand_in.runs()
    sync(program)
    assert versions(stand_in) == [{"a.bin": b"a" * 10}, {"b.bin": b""}]
    before = len(stand_in.requests)
    assert "already" in sync(program).stdout and len(stand_in.requests) == before


def test_wandb_sync_sends_it_as_a_file_of_the_run(program, stand_in):  # noqa: F811
    ended = program.act("write=a.bin=10=a", "steps=2", WANDB_MODE="offline")
    assert official.sync(ended.journal.parent, stand_in).accepted
    assert stand_in.run("ours").files["a.bin"] == b"a" * 10 and not stand_in.artifacts.all


@pytest.mark.parametrize("operation", [*STEPS, "upload"])
@pytest.mark.parametrize("trouble", [faults.LOST, faults.RESET, faults.refused(503)], ids=lambda trouble: trouble.name)
def test_troubles_on_the_way(program, stand_in, operation, trouble):  # noqa: F811
    """Whatever gets lost, there is one version, and it is whole."""
    fault = stand_in.faults.add(trouble, operation, last=2, when=lambda r: r.operation != "upload" or "/artifacts/" in r.target)
    ended = program.act("write=m.bin=70000=m", "steps=3", TRACKSHIM_EXIT_TIMEOUT=20)
    assert fault.struck == 2 and ended.status == 0
    assert versions(stand_in) == [{"m.bin": b"m" * 70_000}]
    assert stand_in.run().state == "finished"


def test_the_list_of_contents_that_gets_lost(program, stand_in):  # noqa: F811
    fault = stand_in.faults.add(faults.RESET, "upload", last=2, when=lambda r: is_of(r, "wandb_manifest.json"))
    program.act("write=m.bin=5=m", "steps=3", TRACKSHIM_EXIT_TIMEOUT=20)
    assert fault.struck == 2 and versions(stand_in) == [{"m.bin": b"m" * 5}]


@pytest.mark.parametrize("refusal", [faults.refused(403), faults.graphql_errors("no artifacts here")], ids=lambda t: t.name)
def test_a_refusal_is_said_and_tried_again_by_sync(program, stand_in, refusal):  # noqa: F811
    fault = stand_in.faults.add(refusal, "CreateArtifact")
    ended = program.act("write=a.bin=10=a", "write=b.bin=10=b", "steps=3")
    assert [note for note in ended.notes if "a.bin did not get to the server" in note and "trackshim sync" in note]
    assert stand_in.run().state == "finished" and not stand_in.artifacts.all
    fault.last = 0
    sync(program)
    assert versions(stand_in) == [{"a.bin": b"a" * 10}, {"b.bin": b"b" * 10}]


@pytest.mark.alone
def test_the_end_waits_for_it_so_long_and_no_longer(program, stand_in):  # noqa: F811
    slow = stand_in.faults.add(faults.slow(60), "upload", when=lambda r: is_of(r, "m.bin"))
    ended = program.act("write=m.bin=1000=a", "steps=3", TRACKSHIM_EXIT_TIMEOUT=4)
    assert ended.took < 6 and stand_in.run().state == "finished"
    assert [note for note in ended.notes if "m.bin did not get to the server in time" in note]
    slow.last = 0
    sync(program)
    assert versions(stand_in) == [{"m.bin": b"a" * 1000}]


def test_one_that_is_written_while_it_is_sent(program, stand_in):  # noqa: F811
    """No version is half old and half new."""
    program.act("write=m.bin=1000=a", "steps=3", WANDB_MODE="offline")

    def rewrite(request):
        if is_of(request, "m.bin"):
            (program.work / "m.bin").write_bytes(b"b" * 1000)
        return is_of(request, "m.bin")

    stand_in.faults.add(faults.slow(0.5), "upload", when=rewrite, last=1)
    sync(program)
    whole = [a for a in stand_in.artifacts.named("model-ours") if a.complete]
    assert [a.assembled()["files"] for a in whole] == [{"m.bin": b"b" * 1000}]


def test_a_file_may_be_a_model_and_go_with_the_run_too(program, stand_in):  # noqa: F811
    program.act("write=m.bin=10=a", "steps=2", TRACKSHIM_SAVE="m.bin")
    assert versions(stand_in) == [{"m.bin": b"a" * 10}] and stand_in.run().files["m.bin"] == b"a" * 10


def test_a_run_whose_id_is_no_name_for_an_artifact(program, stand_in):  # noqa: F811
    program.act("write=m.bin=10=a", "steps=2", TRACKSHIM_RUN_ID="a b.c_d@é")
    (version,) = stand_in.artifacts.all
    assert version.name == "model-a-b.c_d--" and version.complete


def test_one_that_is_too_large_is_named(program, stand_in):  # noqa: F811
    ended = program.act("write=m.bin=10=a", "write=huge.bin=1=x", "extend=huge.bin=6000000000", "steps=2")
    assert [note for note in ended.notes if "huge.bin" in note and "more than 5 GiB" in note and "TRACKSHIM_SAVE" in note]
    assert versions(stand_in) == [{"m.bin": b"a" * 10}] and stand_in.run().state == "finished"


@pytest.mark.alone
def test_rows_do_not_wait_for_one_that_is_sent(program, stand_in):  # noqa: F811
    """It is sent while the program runs, once it has rested: after 10 to 20 s."""
    slow = stand_in.faults.add(faults.slow(3), "upload", when=lambda r: is_of(r, "m.bin"))
    process = program.start("write=m.bin=20000000=a", "steps=2600", source="api_script.c", **FAST)
    try:
        wait_for(lambda: slow.struck, 30, "the upload's beginning")
        known = len(stand_in.run().history)
        wait_for(lambda: len(stand_in.run().history) > known + 50, 10, "rows")
        assert not stand_in.artifacts.all[0].files, "the upload was over, so nothing was tested"
        assert process.wait(40) == 0
    finally:
        process.kill()
        process.wait()
    assert versions(stand_in) == [{"m.bin": b"a" * 20_000_000}]
    assert len(stand_in.run().history) == 2600 and stand_in.run().state == "finished"


def has_open(process, name):
    """By any of its threads, each of which may have files of its own."""
    for link in Path(f"/proc/{process.pid}/task").glob("*/fd/*"):
        with contextlib.suppress(OSError):
            if link.readlink().name == name:
                return True
    return False


def test_rows_do_not_wait_for_the_sum_of_one(program, stand_in):  # noqa: F811
    """400 MB take more than a second, before the first request that tells of them."""
    refused = stand_in.faults.add(faults.refused(403), "CreateArtifact")
    process = program.start("steps=6000", source="api_script.c", **FAST)
    try:
        wait_for(lambda: [r for r in stand_in.requests if r.operation == "file_stream"], 20, "rows")
        with open(program.work / "m.bin", "wb") as file:
            file.truncate(400_000_000)
        wait_for(lambda: has_open(process, "m.bin"), 30, "somebody who reads the file")
        known = len(stand_in.run().history)
        wait_for(lambda: len(stand_in.run().history) > known + 20, 10, "rows")
        assert has_open(process, "m.bin") and not refused.struck, "the sum was made, so nothing was tested"
        wait_for(lambda: refused.struck, 30, "the request behind it")
    finally:
        process.kill()
        process.wait()
