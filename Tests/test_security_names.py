"""Names that are no names: to headers, addresses, folders and terminals they are text and nothing else."""

import json
import subprocess

import pytest
from server.fixtures import stand_in  # noqa: F401
from support import journal
from support.cli import tool
from support.online import Online
from support.programs import host_python
from support.unseen import UNSEEN

VARIABLES = ("PROJECT", "NAME", "ENTITY", "GROUP", "JOB_TYPE", "NOTES", "TAGS", "RUN_ID", "RESUME", "STOP", "MODE",
             "BASE_URL", "APP_URL", "STREAMS", "EXIT_TIMEOUT")
OTHERS = ("WANDB_PROGRAM", "WANDB_HOST", "WANDB_USERNAME", "WANDB_HTTP_TIMEOUT", "WANDB_API_KEY", "WANDB_HTTP_PROXY")
VALUES = {
    "header": "x\r\nAuthorization: Basic eDp5\r\nX-Injected: 1",
    "line feed": "a\nb",
    "up": "../../../../tmp/up",
    "absolute": "/etc/passwd",
    "dots": "..",
    "escape": "\x1b]0;owned\x07\x1b[2J\x1b[31mred",
    "C1": "\u009b31m\u0090x\u009c",
    "direction": "a\u202etxt.exe\u2066b\u200bc\ufeff",
    "percent": "%s%n%00%2e%2e%2f%0d%0aX:1",
    "quotes": "\"'`$(id);|&<>{}[]\\",
    "JSON": '","entity":"other","x":"',
    "ill-formed": "\udcff\udcfe\udc80",
    "long": "x" * 100_000,
    "wide": "\U0001f600" * 20_000,
}


@pytest.fixture
def online(programs, shim, tmp_path, stand_in):  # noqa: F811
    return Online(programs, shim, tmp_path, stand_in, TRACKSHIM_EXIT_TIMEOUT=1)


def check(online, stand_in, ended):  # noqa: F811
    assert ended.status == 0 and ended.took < 4
    assert stand_in.violations in ([], [v for v in stand_in.violations if "no valid key" in v])
    for request in stand_in.requests:
        assert "x-injected" not in request.headers and "\r" not in request.target
    text = ended.outcome.stderr.decode("utf-8", "replace")
    assert not UNSEEN.search(text), UNSEEN.search(text)
    assert all(line.startswith("trackshim: ") for line in text.splitlines()) and len(text) < 8000
    made = {path.name for path in online.folder.iterdir()} - {"work", "track", ".config"}
    assert made == set()


@pytest.mark.parametrize("value", VALUES)
def test_variables(value, online, stand_in):  # noqa: F811
    for name in [*(f"TRACKSHIM_{name}" for name in VARIABLES), *OTHERS]:
        check(online, stand_in, online.run(3, 0, **{name: VALUES[value]}))
    online.sync(timeout=60)
    assert stand_in.violations in ([], [v for v in stand_in.violations if "no valid key" in v])


@pytest.mark.parametrize("value", VALUES)
def test_settings_file(value, online, stand_in):  # noqa: F811
    keys = ("project", "run_name", "entity", "run_group", "run_notes", "run_id", "program", "host", "username")
    file = online.track / "wandb/settings"
    file.parent.mkdir(parents=True)
    for key in keys:
        file.write_bytes(f"[default]\n{key} = ".encode() + VALUES[value].encode(errors="surrogateescape") + b"\0\n")
        check(online, stand_in, online.run(3, 0))


@pytest.mark.parametrize("value", VALUES)
def test_what_show_prints(value, online, stand_in):  # noqa: F811
    """Whatever a run is called, its text for a terminal has no byte that a terminal obeys."""
    name = VALUES[value][:100]
    named = {variable: name for variable in ("TRACKSHIM_NOTES", "WANDB_HOST", "TRACKSHIM_TAGS", "TRACKSHIM_NAME")}
    online.run(3, 0, TRACKSHIM_MODE="offline", **named)
    done = subprocess.run([tool(), "show", online.track], capture_output=True, timeout=20)
    assert done.returncode == 0 and not UNSEEN.search(done.stdout.decode())
    done = subprocess.run([tool(), "show", "--json", online.track], capture_output=True, timeout=20)
    json.loads(done.stdout)
    assert not UNSEEN.search(done.stdout.decode())


LOG = r"""
import ctypes, json, sys
log = ctypes.CDLL(None).trackshim_log
log.argtypes = [ctypes.c_int64, ctypes.c_char_p, ctypes.c_double]
names = [bytes.fromhex(word) for word in sys.argv[1:]]
for step in range(1, 4):
    print(json.dumps([log(step, name, step / 3) for name in names]))
log(5, b"last", 1.0)
"""


def test_metric_names(online, stand_in, shim):  # noqa: F811
    names = [value.encode(errors="surrogateescape")[:2000] for value in VALUES.values()]
    names += [b"_step", b"_timestamp", b"_runtime", b"_wandb", b"a.b.c", b"", b"\xff" * 1024, b"x" * 1025]
    online.argv = lambda *_, **__: [host_python(), "-c", LOG, *(name.hex() for name in names)]
    ended = online.run(TRACKSHIM_EXIT_TIMEOUT=3)
    check(online, stand_in, ended)
    taken = json.loads(ended.outcome.stdout.splitlines()[0])
    assert taken.count(2) == sum(len(name) not in range(1, 1025) for name in names)
    run = stand_in.run()
    assert run.state == "finished" and [row["_step"] for row in run.history] == [1, 2, 3, 5]
    wanted = VALUES["header"], VALUES["escape"], VALUES["JSON"], VALUES["quotes"]
    assert all(name in run.history[0] for name in wanted)
    journal.records(ended.journal)
    done = subprocess.run([tool(), "show", online.track], capture_output=True, timeout=20)
    assert done.returncode == 0 and not UNSEEN.search(done.stdout.decode())
