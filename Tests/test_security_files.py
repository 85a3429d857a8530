"""Links and foreign folders where we write: whose file is reached, and by whom what we write can be read."""

import os
import stat
import time

import pytest
from server.fixtures import stand_in  # noqa: F401
from server.listener import StandIn
from support.online import Online, wait_for
from support.planted import NOBODY, Attacker, needs_root, plant

PRECIOUS = b"[default]\nkey = value\n" * 300
LINKS = ("symlink", "dangling symlink", "hard link", "fifo", "folder")
FILES = ("config.yaml", "output.log", "wandb-metadata.json", "wandb-summary.json")


@pytest.fixture
def online(programs, shim, tmp_path, stand_in):  # noqa: F811
    return Online(programs, shim, tmp_path, stand_in, TRACKSHIM_EXIT_TIMEOUT=5)


@pytest.fixture
def victim(tmp_path):
    """A file of the user's that must stay as it is, and nothing may appear beside it."""
    folder = tmp_path / "precious"
    folder.mkdir()
    file = folder / "config.yaml"
    file.write_bytes(PRECIOUS)
    yield file
    assert file.read_bytes() == PRECIOUS
    assert [path.name for path in folder.iterdir()] == [file.name]


@pytest.fixture
def recorded(online):
    """A run on disk that was not sent yet."""
    online.run(20, 1, TRACKSHIM_MODE="offline")
    [folder] = online.track.glob("wandb/offline-run-*")
    return folder


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("kind", LINKS)
def test_a_link_in_the_place_of_a_file_of_the_run(kind, name, online, recorded, victim, stand_in):  # noqa: F811
    plant(recorded / "files" / name, kind, victim)
    assert online.sync().returncode == 0
    run = stand_in.run()
    assert run.state == "finished" and PRECIOUS not in run.files.values()
    assert kind == "folder" or b"train loss" in run.files["output.log"]


@pytest.mark.parametrize("name", FILES)
def test_a_link_in_the_place_of_the_files_folder(name, online, recorded, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / name).write_bytes(PRECIOUS)
    (recorded / "files").rmdir()
    (recorded / "files").symlink_to(other)
    online.sync()
    assert (other / name).read_bytes() == PRECIOUS and os.listdir(other) == [name]


@pytest.mark.parametrize("suffix", [".sent", ".synced"])
@pytest.mark.parametrize("kind", ["symlink", "dangling symlink"])
def test_a_link_beside_the_journal(kind, suffix, online, recorded, victim):
    [journal] = recorded.glob("*.wandb")
    plant(journal.with_name(journal.name + suffix), kind, victim)
    online.sync(timeout=20)


@pytest.mark.parametrize("kind", LINKS)
def test_latest_run(kind, online, victim):
    (online.track / "wandb").mkdir(parents=True)
    plant(online.track / "wandb/latest-run", kind, victim)
    assert online.run(20, 1).status == 0
    assert kind == "folder" or (online.track / "wandb/latest-run").resolve().name.startswith("run-")


@pytest.mark.parametrize("kind", LINKS)
def test_the_name_under_which_the_resume_file_is_written(kind, online, victim):
    """Its name has the process's number, which the shell that becomes the program knows before it does."""
    folder = online.track / "wandb"
    folder.mkdir(parents=True)
    plant(folder / "planted", kind, victim)
    words = online.argv(20, 1)
    script = f'mv {folder}/planted {folder}/wandb-resume.json.$$; exec "$@"'
    online.argv = lambda *_, **__: ["sh", "-c", script, "sh", *words]
    assert online.run(WANDB_RESUME="auto").status == 0


def test_what_is_put_in_place_of_output_log_is_not_sent(online, victim, stand_in):  # noqa: F811
    """In a folder that others may write, the file that was written could be another when it is read."""
    process = online.start(60, 20, TRACKSHIM_UPLOAD_INTERVAL=0.1)
    [log] = wait_for(lambda: list(online.track.glob("wandb/run-*/files/output.log")), 10, "the console file")
    log.unlink()
    log.symlink_to(victim)
    process.communicate(timeout=30)
    assert process.returncode == 0 and stand_in.run().state == "finished"
    assert not [name for name, data in stand_in.run().files.items() if PRECIOUS[:20] in data]


@pytest.mark.parametrize("returns", [True, False], ids=["again and again", "for good"])
def test_a_run_folder_that_is_exchanged_while_it_is_used(returns, online, tmp_path):
    """The folder's name leads elsewhere, and back."""
    other = tmp_path / "other"
    (other / "files").mkdir(parents=True)
    for name in FILES:
        (other / "files" / name).write_bytes(PRECIOUS)
    process = online.start(100, 10, TRACKSHIM_UPLOAD_INTERVAL=0.1)
    [folder] = wait_for(lambda: list(online.track.glob("wandb/run-*")), 10, "the run's folder")
    aside = folder.with_name("aside")

    def exchange():
        folder.rename(aside)
        folder.symlink_to(other)
        if returns:
            folder.unlink()
            aside.rename(folder)
        else:
            time.sleep(0.01)

    with Attacker(exchange) as attacker:
        process.communicate(timeout=30)
    assert process.returncode == 0 and attacker.tries > 20
    assert all((other / "files" / name).read_bytes() == PRECIOUS for name in FILES)
    assert sorted(path.name for path in other.rglob("*") if path.is_file()) == sorted(FILES)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_who_may_read_what(online, stand_in):  # noqa: F811
    process = online.start(100, 10, TRACKSHIM_UPLOAD_INTERVAL=0.1, WANDB_RESUME="auto", TRACKSHIM_RUN_ID="modes")
    state = wait_for(lambda: list(online.track.glob("wandb/run-*/*.sent")), 10, "the state file")
    files = [*state, online.track / "wandb/wandb-resume.json", *os.scandir("/dev/shm")]
    modes = {os.path.basename(os.fspath(path)): stat.S_IMODE(os.stat(path).st_mode) for path in files}
    process.communicate(timeout=30)
    ours = {name: oct(value) for name, value in modes.items() if "modes" in name or "resume" in name}
    assert len(ours) == 3 and set(ours.values()) == {"0o600"}


@needs_root
@pytest.mark.parametrize("name", ["wandb", ".wandb"])
def test_a_folder_for_temporary_files_where_somebody_waits_for_us(name, online, tmp_path):
    """Where the program stands nothing can be made; what is in /tmp under our name belongs to somebody else."""
    temporary, blocked = tmp_path / "tmp", tmp_path / "blocked"
    (temporary / name).mkdir(parents=True)
    blocked.write_text("no folder")
    os.chmod(temporary, 0o1777)
    os.chmod(temporary / name, 0o777)
    os.chown(temporary / name, NOBODY, NOBODY)
    ended = online.run(20, 1, TRACKSHIM_DIR=blocked, TMPDIR=temporary)
    assert ended.status == 0 and os.listdir(temporary / name) == []
    assert len(ended.notes) >= 1


@needs_root
@pytest.mark.parametrize("line", [
    "base_url = {}", "https_proxy = {}", "http_proxy = {}", "insecure_disable_ssl = true", "entity = theirs",
])
def test_somebody_elses_settings_do_not_say_where_the_key_goes(line, online, stand_in):  # noqa: F811
    with StandIn() as other:
        file = online.track / "wandb/settings"
        file.parent.mkdir(parents=True)
        file.write_text(f"[default]\nproject = theirs\n{line.format(other.url)}\n")
        os.chown(file, NOBODY, NOBODY)
        without = ("WANDB_BASE_URL",) if "base_url" in line else ()
        ended = online.run(20, 1, without=without)
        assert ended.status == 0 and other.requests == [] and stand_in.requests == []
        assert len([note for note in ended.notes if "belongs to another user" in note]) == 1, ended.notes
        # The address that somebody says himself is not asked of the file.
        assert online.sync(WANDB_BASE_URL=stand_in.url).returncode == ("base_url" not in line)
        assert other.requests == []
        os.chown(file, os.geteuid(), os.getegid())
        online.run(20, 1, without=without)
        assert other.requests or stand_in.requests or "insecure" in line


def test_a_folder_that_was_linked_by_the_user_is_followed(online, tmp_path, stand_in):  # noqa: F811
    """A wandb folder on a larger disk is what people have: only what we make ourselves is made without links."""
    disk = tmp_path / "disk"
    disk.mkdir()
    online.track.mkdir()
    (online.track / "wandb").symlink_to(disk)
    assert online.run(20, 1).status == 0 and stand_in.run().state == "finished"
