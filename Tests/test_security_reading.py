"""A FIFO, a device or a folder in the place of a file that we read: nobody waits for it, and nothing goes wrong."""

import pytest
from server.certificates import Certificate
from server.fixtures import KEY, stand_in  # noqa: F401
from server.listener import StandIn
from support.online import Online
from support.planted import KINDS, planted

NO_KEY = ("WANDB_API_KEY",)
# The place, and what makes us look there.
PLACES = {
    "settings here": ("track/wandb/settings", {}),
    "settings of the user": (".config/wandb/settings", {}),
    "netrc": (".netrc", {}),
    "NETRC": ("elsewhere", {"NETRC": "{}"}),
    "git": ("work/.git", {}),
    "HEAD": ("work/.git/HEAD", {}),
    "git config": ("work/.git/config", {}),
    "commondir": ("work/.git/commondir", {}),
    "ref": ("work/.git/refs/heads/main", {}),
    "packed-refs": ("work/.git/packed-refs", {}),
    "TZ": ("zone", {"TZ": "{}"}),
    "resume": ("track/wandb/wandb-resume.json", {"WANDB_RESUME": "auto"}),
}


@pytest.fixture
def online(programs, shim, tmp_path, stand_in):  # noqa: F811
    return Online(programs, shim, tmp_path, stand_in, TRACKSHIM_EXIT_TIMEOUT=4)


def prepare(online, place):
    path, settings = PLACES[place]
    head = online.folder / "work/.git/HEAD"
    if path.startswith("work/.git/") and head != online.folder / path:
        head.parent.mkdir()
        head.write_text("ref: refs/heads/main\n")
    path = online.folder / path
    return path, {name: value.replace("{}", str(path)) for name, value in settings.items()}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", PLACES)
def test_nobody_waits_for_it(place, kind, online, stand_in):  # noqa: F811
    path, settings = prepare(online, place)
    without = NO_KEY if "netrc" in place.lower() else ()
    with planted(path, kind):
        ended = online.run(10, 1, without=without, **settings)
        assert ended.status == 0 and ended.took < 3, ended.notes
        assert ended.journal.stat().st_size > 1000
        if not without:
            assert stand_in.run().state == "finished"
        done = online.sync(timeout=10, **settings, **({"WANDB_API_KEY": ""} if without else {}))
        assert done.returncode == (1 if without else 0), done.stderr


@pytest.fixture(scope="module")
def secured(tmp_path_factory):
    with StandIn(key=KEY, tls=Certificate(tmp_path_factory.mktemp("certificate")).context()) as server:
        yield server


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["CURL_CA_BUNDLE", "SSL_CERT_FILE"])
def test_certificates(name, kind, secured, programs, shim, tmp_path):
    """What was named cannot be read, so nobody is trusted: no falling back to the system's."""
    online = Online(programs, shim, tmp_path, secured, TRACKSHIM_EXIT_TIMEOUT=4)
    with planted(tmp_path / "ca.pem", kind) as path:
        ended = online.run(10, 1, **{name: path}, TRACKSHIM_EXIT_TIMEOUT=2)
        assert ended.status == 0 and ended.took < 4
        assert any("certificate" in note.lower() for note in ended.notes), ended.notes
        done = online.sync("--attempts", "1", timeout=15, **{name: path})
        assert done.returncode == 1 and "certificate" in done.stderr.lower()
        assert secured.requests == []


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "folder"])
@pytest.mark.parametrize("name", ["run-x.wandb", "run-x.wandb.sent"])
def test_commands_on_a_run(name, kind, online):
    online.run(10, 1, TRACKSHIM_MODE="offline", TRACKSHIM_RUN_ID="x")
    [folder] = online.track.glob("wandb/offline-run-*")
    (folder / name).unlink(missing_ok=True)
    with planted(folder / name, kind):
        done = online.sync(folder, timeout=10)
        assert done.returncode == 1 and done.stderr.startswith("trackshim: ")
