"""Whose account and which server: where the key is found, who never sees it, and whom it trusts."""

import base64
import time
from pathlib import Path

import pytest
from server import faults
from server.certificates import Certificate
from server.fixtures import KEY, stand_in  # noqa: F401
from server.listener import StandIn
from support.journal import run_files
from support.online import Online, wait_for

NO_KEY = ("WANDB_API_KEY",)


@pytest.fixture
def online(programs, shim, tmp_path, stand_in):  # noqa: F811
    yield Online(programs, shim, tmp_path, stand_in)
    assert stand_in.violations == []


def write_netrc(online, stand_in, name=".netrc", host=None):  # noqa: F811
    file = online.folder / name
    host = host or stand_in.url.removeprefix("http://")
    other = f"machine other.example login x password {'y' * 40}\n"
    file.write_text(f"{other}machine {host}\n  login user\n  password {KEY}\n")
    file.chmod(0o600)
    return file


@pytest.mark.parametrize("name", [".netrc", "_netrc", "elsewhere"])
def test_the_key_is_found_in_netrc(name, online, stand_in):  # noqa: F811
    settings = {"NETRC": write_netrc(online, stand_in, name)} if name == "elsewhere" else {}
    write_netrc(online, stand_in, name)
    online.run(20, 2, without=NO_KEY, **settings)
    assert stand_in.run().state == "finished"


def test_the_port_belongs_to_the_machine(online, stand_in):  # noqa: F811
    write_netrc(online, stand_in, host="127.0.0.1")
    online.run(20, 2, without=NO_KEY)
    assert stand_in.requests == []


def test_the_environment_wins_over_netrc(online, stand_in):  # noqa: F811
    file = write_netrc(online, stand_in)
    file.write_text(file.read_text().replace(KEY, "z" * 40))
    online.run(20, 2)
    assert stand_in.run().state == "finished"


def test_without_a_key_the_run_is_offline(online, stand_in):  # noqa: F811
    ended = online.run(20, 2, without=NO_KEY)
    assert stand_in.requests == [] and ended.journal.parent.name.startswith("offline-run-")
    assert len([note for note in ended.notes if "sync" in note]) == 1, ended.notes


@pytest.mark.parametrize("key", ["short", "x" * 39, "with blanks " * 4])
def test_a_malformed_key_is_not_sent(key, online, stand_in):  # noqa: F811
    ended = online.run(20, 2, WANDB_API_KEY=key)
    assert stand_in.requests == [] and ended.status == 0
    assert key not in ended.outcome.stderr.decode()


@pytest.mark.parametrize("mode", ["offline", "dryrun", "disabled"])
def test_modes_without_a_server(mode, online, stand_in):  # noqa: F811
    online.run(20, 2, WANDB_MODE=mode)
    assert stand_in.requests == []


@pytest.mark.parametrize("place", ["track/wandb/settings", ".config/wandb/settings"])
def test_the_server_is_named_in_a_settings_file(place, online, stand_in):  # noqa: F811
    file = online.folder / place
    file.parent.mkdir(parents=True)
    file.write_text(f"[default]\nbase_url = {stand_in.url}/\n")
    online.run(20, 2, without=("WANDB_BASE_URL",))
    assert stand_in.run().state == "finished"


def test_a_key_that_the_server_does_not_know(online, stand_in):  # noqa: F811
    ended = online.run(100, 5, WANDB_API_KEY="w" * 40)
    assert ended.status == 0 and stand_in.runs() == []
    assert stand_in.violations and all("no valid key" in text for text in stand_in.violations)
    assert len(stand_in.violations) <= 3  # a final answer is not asked for again and again
    assert 1 <= len(ended.notes) <= 5
    stand_in.violations.clear()
    assert online.sync().returncode == 0
    assert len(stand_in.run().history) == 100


SECRETS = (KEY.encode(), base64.b64encode(f"api:{KEY}".encode()))


def test_nobody_sees_the_key(online, stand_in, tmp_path):  # noqa: F811
    """From netrc, so that a key anywhere else is one that we put there."""
    netrc = write_netrc(online, stand_in)
    before = set(Path("/dev/shm").iterdir())
    words = (300, 5, "fork@50", f"exec@250:env > {tmp_path}/child; tr '\\0' '\\n' < /proc/self/environ")
    process = online.start(*words, without=NO_KEY, TRACKSHIM_UPLOAD_INTERVAL=0.2)
    wait_for(lambda: stand_in.runs() and len(stand_in.run().history) > 50, 15, "rows on the server")
    proc = Path(f"/proc/{process.pid}")
    seen = [(proc / "environ").read_bytes(), (proc / "cmdline").read_bytes(), (proc / "comm").read_bytes()]
    seen += [f.read_bytes() for f in set(Path("/dev/shm").iterdir()) - before if f.is_file()]
    seen.append(process.communicate(timeout=30)[1])
    files = [f for f in tmp_path.rglob("*") if f.is_file() and f != netrc]
    assert any(f.name == "child" for f in files) and any(f.suffix == ".wandb" for f in files)
    seen += [f.read_bytes() for f in files]
    assert not [text[:200] for text in seen if any(secret in text for secret in SECRETS)]


def test_an_exported_key_stays_as_it_was(online, stand_in, tmp_path):  # noqa: F811
    online.run(30, 5, f"exec@30:env > {tmp_path}/child")
    assert f"WANDB_API_KEY={KEY}\n" in (tmp_path / "child").read_text()
    for file in run_files(online.track)[0].parent.rglob("*"):
        assert file.is_dir() or KEY.encode() not in file.read_bytes()


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificates")
    return {name: Certificate(folder, name) for name in ("good", "wrong-name")}


@pytest.mark.parametrize("name, settings, fine", [
    ("good", {"CURL_CA_BUNDLE": "{ca}"}, True),
    ("good", {"SSL_CERT_FILE": "{ca}"}, True),
    ("good", {"REQUESTS_CA_BUNDLE": "{ca}"}, True),
    ("good", {"WANDB_INSECURE_DISABLE_SSL": "true"}, True),
    ("good", {}, False),
    ("wrong-name", {"SSL_CERT_FILE": "{ca}"}, False),
], ids=["CURL_CA_BUNDLE", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "not verified", "unknown", "wrong name"])
def test_tls(name, settings, fine, certificates, programs, shim, tmp_path):
    certificate = certificates[name]
    settings = {key: value.replace("{ca}", str(certificate.path)) for key, value in settings.items()}
    with StandIn(key=KEY, tls=certificate.context()) as server:
        online = Online(programs, shim, tmp_path, server, TRACKSHIM_EXIT_TIMEOUT=2)
        ended = online.run(50, 5, **settings)
        assert ended.status == 0 and ended.took < 0.25 + 2 + 2
        if fine:
            assert server.run().state == "finished" and server.violations == []
            return
        assert server.requests == []
        assert any("certificate" in note.lower() for note in ended.notes), ended.notes
        assert online.sync(CURL_CA_BUNDLE=certificate.path).returncode == (0 if name == "good" else 1)


def test_a_redirect_does_not_take_the_key_elsewhere(online, stand_in):  # noqa: F811
    with StandIn(key=KEY) as elsewhere:
        stand_in.faults.add(faults.refused(307, Location=f"{elsewhere.url}/graphql"))
        began = time.monotonic()
        ended = online.run(20, 2, TRACKSHIM_EXIT_TIMEOUT=2)
        assert elsewhere.requests == [] and ended.status == 0 and time.monotonic() - began < 6
