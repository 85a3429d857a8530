"""Programs with more rights than whoever starts them, and what others can learn of us: the environment, the key."""

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from server import faults
from server.fixtures import KEY, stand_in  # noqa: F401
from support import journal
from support.cli import tool
from support.execution import clean_environment
from support.library import HOSTS, ROOT
from support.online import Online, wait_for
from support.planted import NOBODY, needs_root
from support.rings import ring


@pytest.fixture
def online(programs, shim, tmp_path, stand_in):  # noqa: F811
    return Online(programs, shim, tmp_path, stand_in, TRACKSHIM_EXIT_TIMEOUT=4)


@pytest.fixture
def shared(tmp_path_factory):
    """A folder that another user reaches and writes to."""
    folder = Path("/tmp") / f"trackshim-test-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    if os.statvfs(folder).f_flag & os.ST_NOSUID:
        pytest.skip("no set-uid programs in /tmp")
    yield folder
    shutil.rmtree(folder)


def as_nobody(argv, environment):
    who = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    return subprocess.run(argv, env=environment, capture_output=True, timeout=20, **who)


def readable(shared, path) -> Path:
    """A copy that everybody may read: a home of root's is closed to others."""
    copy = shared / path.name
    shutil.copy(path, copy)
    copy.chmod(0o755)
    return copy


@needs_root
@pytest.mark.parametrize("bits, gains", [(0o755, False), (0o4755, True), (0o2755, True)])
def test_a_set_uid_program_is_left_alone(bits, gains, programs, shim, shared):
    """The loader preloads no library from a folder of somebody's choice there; its plain copy is recorded."""
    program = readable(shared, Path(programs.argv("puts.c")[0]))
    program.chmod(bits)
    environment = clean_environment(shared / "track") | {"LD_PRELOAD": str(readable(shared, shim))}
    done = as_nobody([program], environment)
    assert done.returncode == 0 and b"train loss" in done.stdout
    assert (b"trackshim: " in done.stderr, (shared / "track").exists()) == (not gains, not gains)


@needs_root
@pytest.mark.parametrize("bits, gains", [(0o755, False), (0o4755, True), (0o2755, True)])
def test_a_set_uid_program_that_is_linked_with_us(bits, gains, shim, shared):
    """Nothing but the library itself can then refuse what the environment asks a privileged process to do."""
    (shared / "libtrackshim.so.0").symlink_to(readable(shared, shim))
    program = shared / "linked"
    words = ["gcc", f"-I{ROOT}/Sources/CTrackShim/include", str(HOSTS / "prints_and_logs.c"), "-o", str(program)]
    subprocess.run([*words, f"-L{shared}", "-ltrackshim", f"-Wl,-rpath,{shared}"], check=True)
    program.chmod(bits)
    place = shared / "closed" if gains else shared / "track"
    if gains:
        place.mkdir(mode=0o700)  # root's, where nobody may not write
    done = as_nobody([program], clean_environment(place))
    assert done.returncode == 0 and done.stdout.count(b"train loss") == 60
    assert bool(journal.run_files(place)) == (not gains)
    assert (b"trackshim: " in done.stderr) == (not gains)


@needs_root
def test_sudo_hands_on_neither_the_library_nor_the_settings(programs, shim, shared):
    if not shutil.which("sudo"):
        pytest.skip("sudo is not installed")
    program = readable(shared, Path(programs.argv("puts.c")[0]))
    environment = clean_environment(shared / "track") | {"LD_PRELOAD": str(shim), "TRACKSHIM_IGNORE": "sudo"}
    done = subprocess.run(["sudo", "-n", program], env=environment, capture_output=True, timeout=20)
    assert done.returncode == 0 and b"train loss" in done.stdout, done.stderr
    assert b"trackshim: " not in done.stderr and not (shared / "track").exists()


@pytest.mark.parametrize("path", ["", ":", ".", "fifo", "folder", "/dev/null:/proc/self/mem"])
def test_a_strange_path_variable(path, tmp_path):
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "folder/train").mkdir(parents=True)
    os.mkfifo(tmp_path / "train")
    environment = clean_environment(tmp_path / "track") | {"PATH": path}
    words = [tool(), "run", "--", "train"]
    done = subprocess.run(words, env=environment, cwd=tmp_path, capture_output=True, timeout=10)
    assert done.returncode in (126, 127) and done.stderr.startswith(b"trackshim: ")


@pytest.mark.parametrize("words", [
    ["\x1b[2J\u202e"], ["-\x9b31m"], ["./" + "x" * 5000], ["a\nb"], ["", ""], ["--", "/dev/null"], ["/proc/self/fd/0"],
    ["."], ["--name", "\x1b]0;x\x07", "x"],
])
def test_strange_words(words, tmp_path):
    environment = clean_environment(tmp_path / "track")
    words = [tool(), "run", *words]
    done = subprocess.run(words, env=environment, cwd=tmp_path, capture_output=True, timeout=10, input=b"")
    assert done.returncode in (64, 125, 126, 127)
    assert not {"\x1b", "\x9b", "\u202e", "\x07"} & set(done.stderr.decode("utf-8", "replace"))


# ---- The key ------------------------------------------------------------------------------------


def test_the_key_is_not_given_to_children(online, stand_in):  # noqa: F811
    """The environment of a child is the program's own: what was exported is there, and nothing more."""
    (online.folder / ".netrc").write_text(f"machine {stand_in.url[7:]}\n  login user\n  password {KEY}\n")
    process = online.start(100, 5, "fork@20", without=("WANDB_API_KEY",))
    wait_for(lambda: stand_in.runs(), 10, "the run")
    seen = Path(f"/proc/{process.pid}/environ").read_bytes() + Path(f"/proc/{process.pid}/cmdline").read_bytes()
    seen += b"".join(path.read_bytes() for path in Path(f"/proc/{process.pid}/task").glob("*/comm"))
    _, errors = process.communicate(timeout=20)
    assert KEY.encode() not in seen + errors and stand_in.run().state == "finished"


def test_the_key_is_in_no_file_and_no_note_of_a_run_that_goes_wrong(online, stand_in, tmp_path):  # noqa: F811
    """Each refusal has its note, and none of them shows the key."""
    for status in (400, 401, 403, 404, 409, 500):
        stand_in.faults.clear()
        body = ('{"errors":[{"message":"your key is ' + KEY[:8] + '"}]}').encode()
        stand_in.faults.add(faults.Trouble("no", status, {}, body))
        ended = online.run(20, 2, TRACKSHIM_EXIT_TIMEOUT=1)
        assert KEY.encode() not in ended.outcome.stderr
        assert KEY not in online.sync("--attempts", "1", timeout=60).stderr
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 6 and not [path for path in files if KEY.encode() in path.read_bytes()]


@needs_root
def test_another_user_reads_neither_ring_nor_state(online, stand_in):  # noqa: F811
    process = online.start(200, 10, TRACKSHIM_UPLOAD_INTERVAL=0.1, TRACKSHIM_RUN_ID=f"secret{os.getpid()}")
    wait_for(lambda: list(online.track.glob("wandb/run-*/*.sent")), 10, "the state file")
    path = ring(f"secret{os.getpid()}", stand_in.url)
    done = as_nobody(["cat", path], {"PATH": "/bin:/usr/bin"})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and done.returncode == 1 and done.stdout == b""
    process.communicate(timeout=20)
    assert not path.exists()
