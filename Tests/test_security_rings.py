"""/dev/shm, where everybody may make files: what lies there under a name of ours before we come."""

import os
import shutil
import signal
import subprocess

import pytest
from support import journal
from support.cli import Command
from support.online import Online
from support.planted import NOBODY, Attacker, needs_root, plant
from support.rings import SHARED, ring

PATH_AT, PATH_BYTES = 28, 2048  # of the journal's path, in a ring's file


def remove(path):
    if path.is_dir() and not path.is_symlink():
        path.rmdir()
    else:
        path.unlink(missing_ok=True)


@pytest.fixture
def online(programs, shim, tmp_path):
    return Online(programs, shim, tmp_path, None, TRACKSHIM_EXIT_TIMEOUT=4, TRACKSHIM_MODE="offline")


@pytest.fixture
def cli(tmp_path):
    (tmp_path / "cli").mkdir()
    return Command(tmp_path / "cli")


@pytest.fixture
def left(online):
    """The ring of a run that was killed, and its journal."""
    online.run(20, 1, "idle@20:500", "kill@20", TRACKSHIM_RUN_ID=f"killed{os.getpid()}")
    path = ring(f"killed{os.getpid()}")
    yield path, journal.run_files(online.track)[0]
    remove(path)


@pytest.fixture
def foreign(left):
    """A ring of somebody else's, as good as ours, under a name of ours; it names our journal."""
    path = ring(f"foreign{os.getpid()}")
    shutil.copy(left[0], path)
    os.chmod(path, 0o666)
    os.chown(path, NOBODY, NOBODY)
    left[0].unlink()
    yield path
    remove(path)


@pytest.mark.parametrize("kind", ["symlink", "dangling symlink", "hard link", "fifo", "folder"])
def test_a_run_whose_name_is_taken(kind, online, tmp_path):
    precious = SHARED / f"precious-{os.getpid()}"
    precious.write_bytes(b"precious" * 1000)
    path = ring(f"taken{os.getpid()}")
    plant(path, kind, precious)
    try:
        ended = online.run(50, 1, TRACKSHIM_RUN_ID=f"taken{os.getpid()}")
        assert ended.status == 0 and ended.took < 3
        found = journal.records(ended.journal)
        assert journal.kinds(found).count("history") == 50 and os.path.lexists(path)
        assert any("/dev/shm" in note for note in ended.notes)
        assert precious.read_bytes() == b"precious" * 1000
        assert not (SHARED / "made-through-a-link").exists()
    finally:
        remove(path)
        precious.unlink()


@pytest.mark.parametrize("kind", ["symlink", "fifo", "folder", "hard link"])
def test_other_things_under_names_of_ours(kind, online, tmp_path):
    """All rings of a user are looked at when a run begins, and by the commands."""
    precious = SHARED / f"precious-{os.getpid()}"
    precious.write_bytes(b"precious" * 1000)
    path = ring(f"other{os.getpid()}")
    plant(path, kind, precious)
    os.utime(path, (0, 0), follow_symlinks=False)  # old: what is no ring would be removed
    try:
        ended = online.run(20, 1)
        assert ended.status == 0 and ended.took < 2 and not any("/dev/shm" in note for note in ended.notes)
        assert online.sync("--dry-run", timeout=10).returncode == 0
        assert precious.read_bytes() == b"precious" * 1000
    finally:
        remove(path)
        precious.unlink()


@needs_root
def test_a_foreign_ring_is_not_taken_for_what_is_missing_in_our_journal(foreign, left, cli):
    """Who can name our journal could else write into it, through us."""
    path = left[1]
    before = path.read_bytes()
    done = cli("show", path)
    assert done.returncode == 0 and done.stderr == b""
    assert path.read_bytes() == before and foreign.exists()


@needs_root
def test_a_foreign_ring_that_is_locked_does_not_keep_us_from_recording(foreign, left, online, cli):
    holder = subprocess.Popen(["flock", foreign, "sleep", "60"])
    try:
        name = foreign.name.split("-")[-1].removesuffix(".ring")
        shutil.rmtree(online.track)
        ended = online.run(20, 1, TRACKSHIM_RUN_ID=name)
        assert ended.status == 0 and journal.kinds(journal.records(ended.journal)).count("history") == 20
        assert cli.show_json(ended.journal)[0]["state"] == "finished"
    finally:
        holder.kill()
        holder.wait()


@needs_root
def test_a_foreign_ring_that_becomes_shorter_under_our_eyes(foreign, online):
    """A page beyond a file's end is SIGBUS for whoever has it mapped, and ours is the host's process."""
    size = foreign.stat().st_size

    def shorten():
        os.truncate(foreign, 0)
        os.truncate(foreign, size)

    with Attacker(shorten):
        for number in range(30):
            ended = online.run(3, 0, TRACKSHIM_RUN_ID=f"bus{number}")
            assert ended.status != -signal.SIGBUS and ended.status == 0, f"run {number}: {ended.outcome.ending()}"


def test_a_ring_of_our_own_that_tells_nonsense(left, cli):
    """As a broken host may leave it. The journal stays what it was, or is completed; nothing else happens."""
    path, file = left
    data = bytearray(path.read_bytes())
    for index in range(PATH_AT + PATH_BYTES, 16384):
        data[index] ^= 0xA5
    path.write_bytes(data)
    done = cli("show", file)
    assert done.returncode in (0, 1)
    journal.records_so_far(file)
