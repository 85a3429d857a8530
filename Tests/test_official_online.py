"""The official client and TrackShim tell the same server of the same run; what stands there must be the same.

Differences that are meant are in docs/differences.md; no other is tolerated here.
"""

import json
import shutil
from math import inf, nan
from pathlib import Path

import pytest
import yaml
from server import official, sample
from server.fixtures import KEY, stand_in  # noqa: F401
from server.listener import StandIn
from server.sample import ROWS, step, train_row, val, val_row
from server.tracked import same
from server.traffic import state
from support.comparison import as_recorded
from support.lab import recover
from support.library import ROOT
from support.online import Online

TWIN = Path(official.__file__).with_name("official_twin.py")
IDENTITY = {"project": "p1", "name": "n1", "group": "g1", "tags": ["a", "b"], "notes": 'nö"te', "job_type": "jt"}
ERRORS = "a line to stderr\n"
STEPS = b"".join(step(n, 10 / n, 1.5, 1000) for n in range(1, 6)) + val(0.5, 0.25)
STEP_ROWS = [[n, train_row(float(b"%f" % (10 / n)), 1.5, 1000)] for n in range(1, 6)]
STEP_ROWS[-1][1] |= val_row(0.5, 0.25, 0.25)
ODD = step(1, nan) + val(inf, 1.0) + step(2, -inf) + step(3, 1.0)
ODD_ROWS = [
    [1, train_row(nan, 1.0, 1) | val_row(inf, 1.0, inf)], [2, train_row(-inf, 1.0, 1)], [3, train_row(1.0, 1.0, 1)],
]


class Pair:
    """The same program twice: under the library, and as the official client's script."""

    def __init__(self, programs, shim, folder, server, run_id="twin1", **settings):
        self.server, self._folder, self._run_id = server, folder, run_id
        own = {"TRACKSHIM_PROJECT": "p1", "TRACKSHIM_NAME": "n1", "TRACKSHIM_GROUP": "g1", "TRACKSHIM_TAGS": "a,b"}
        own |= {"TRACKSHIM_NOTES": IDENTITY["notes"], "TRACKSHIM_JOB_TYPE": "jt", "TRACKSHIM_RUN_ID": run_id}
        self.online = Online(programs, shim, folder, server, **own, **settings)

    def ours(self, text, exit_code=0, **settings):
        file = self._folder / "text"
        file.write_bytes(text)
        ended = self.online.run(file, exit_code, ERRORS, source="official_print.c", **settings)
        assert ended.outcome.stdout == text
        return ended

    def theirs(self, text, rows, config, exit_code=0, server=True, **settings):
        told = self._folder / "told.json"
        told.write_text(json.dumps({
            "text": text.decode(errors="replace"), "errors": ERRORS, "rows": rows, "config": config,
            "exit_code": exit_code, "identity": IDENTITY | {"id": self._run_id},
        }))
        folder = self._folder / "official"
        folder.mkdir(exist_ok=True)
        done = official.run_python(TWIN, told, cwd=folder, server=server and self.server, **settings)
        assert "Traceback" not in done.stderr, done.stderr
        return folder


@pytest.fixture
def pair(programs, shim, tmp_path):
    """Each on a server of its own kind."""
    with StandIn(key=KEY) as ours, StandIn(key=KEY) as theirs:
        made = Pair(programs, shim, tmp_path, ours)

        def compare(text, rows, config, exit_code=0):
            made.server = ours
            made.ours(text, exit_code)
            made.server = theirs
            made.theirs(text, rows, config, exit_code)
            return agree(ours, theirs)

        yield compare


# What is different by design: docs/differences.md says why. Name of the part -> a function that removes it.
TOLERATED = {
    "host program": lambda found: found["config"].pop("command", None),
    "config.yaml": lambda found: [found["config.yaml"].pop(key, None) for key in ("_wandb", "command")],
    "requirements.txt": lambda found: found.update(files=[f for f in found["files"] if f != "requirements.txt"]),
}


def agree(ours, theirs):
    """All that is different between two servers, in words."""
    assert ours.violations == [] and theirs.violations == []
    found, expected = state(ours.run()), state(theirs.run())
    for part in (found, expected):
        part["config.yaml"] = yaml.safe_load(part["config.yaml"])
        part["console"] = {stream: list(map(as_recorded, lines)) for stream, lines in part["console"].items()}
        for remove in TOLERATED.values():
            remove(part)
    return [
        f"{key}: {found[key]!r}, official {expected[key]!r}" for key in expected if not same(found[key], expected[key])
    ]


@pytest.mark.parametrize("exit_code", [0, 3])
def test_a_run(exit_code, pair):
    assert pair(STEPS, STEP_ROWS, {}, exit_code) == []


def test_nan_and_infinity(pair):
    assert pair(ODD, ODD_ROWS, {}) == []


def test_a_table_of_config(pair):
    rows = [[number, row] for number, row in ROWS["table"]]
    assert pair(sample.text("table"), rows, sample.CONFIG) == []


def test_odd_lines(pair):
    text = STEPS + b"10%\r20%\r30%\nabc\rX\nbad \xff\xfe bytes\na windows line\r\n\n\x1b[32mgreen\x1b[0m\nno newline"
    assert pair(text, STEP_ROWS, {}) == []


def test_a_resumed_run(programs, shim, tmp_path):
    second = b"Resuming from step 5 (shard 0, sample 12)\n" + step(6, 1.0, 1.5, 1000) + step(7, 0.5, 1.5, 1000)
    second_rows = [[6, train_row(1.0, 1.5, 1000)], [7, train_row(0.5, 1.5, 1000)]]
    with StandIn(key=KEY) as ours, StandIn(key=KEY) as theirs:
        mine = Pair(programs, shim, tmp_path, ours)
        mine.ours(STEPS)
        mine.ours(second, WANDB_RESUME="must")
        mine.server = theirs
        mine.theirs(STEPS, STEP_ROWS, {})
        mine.theirs(second, second_rows, {}, WANDB_RESUME="must")
        assert agree(ours, theirs) == []
        assert ours.run().sessions == theirs.run().sessions == 2


def test_a_resumed_run_that_prints_again_what_is_there(programs, shim, tmp_path):
    """A val line at the step that it resumes from. The official client's warning of it is on its console at times."""
    second = b"Resuming from step 5 (shard 0, sample 12)\n" + val(0.5, 0.25)
    second += step(6, 1.0, 1.5, 1000) + step(7, 0.5, 1.5, 1000)
    second_rows = [[5, val_row(0.5, 0.25, 0.25)], [6, train_row(1.0, 1.5, 1000)], [7, train_row(0.5, 1.5, 1000)]]
    with StandIn(key=KEY) as ours, StandIn(key=KEY) as theirs:
        mine = Pair(programs, shim, tmp_path, ours)
        mine.ours(STEPS)
        mine.ours(second, WANDB_RESUME="must")
        mine.server = theirs
        mine.theirs(STEPS, STEP_ROWS, {})
        mine.theirs(second, second_rows, {}, WANDB_RESUME="must")
        assert [found for found in agree(ours, theirs) if not found.startswith("console: ")] == []
        assert [row["_step"] for row in ours.run().history] == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize("ending", ["0", "3", "flush-kill"])
def test_sync_of_an_offline_run_and_of_its_twin(ending, programs, shim, tmp_path):
    """One directory, copied: `trackshim sync` sends one, `wandb sync` the other."""
    with StandIn(key=KEY) as ours, StandIn(key=KEY) as theirs:
        mine = Pair(programs, shim, tmp_path, ours)
        mine.online.settings["WANDB_MODE"] = "offline"
        ended = mine.ours(sample.text("table"), ending)
        if ending == "flush-kill":
            recover(ended.journal)
        copy = tmp_path / "twin" / ended.journal.parent.name
        shutil.copytree(ended.journal.parent, copy)
        done = mine.online.sync(ended.journal.parent)
        assert done.returncode == 0, done.stdout + done.stderr
        assert official.sync(copy, theirs).accepted
        assert agree(ours, theirs) == []
        found, expected = ours.run().files, theirs.run().files
        assert same(state(ours.run())["config"], state(theirs.run())["config"])
        assert metadata(found) == metadata(expected)
        assert same(json.loads(found["wandb-summary.json"]), json.loads(expected["wandb-summary.json"]))
        assert as_recorded(found["output.log"].decode()) == as_recorded(expected["output.log"].decode())


def metadata(files):
    """The start to the microsecond: `wandb sync` writes as many digits as the journal has. And without what W&B has no
    key for, which its client passes over."""
    value = json.loads(files["wandb-metadata.json"])
    value.pop("trackshim", None)
    return value | {"startedAt": value["startedAt"].rstrip("Z")[:26]}


def test_wandb_sync_after_a_live_run_adds_nothing_twice(programs, shim, tmp_path, stand_in):  # noqa: F811
    """Its default is to leave online runs alone, and ours is named as one."""
    mine = Pair(programs, shim, tmp_path, stand_in)
    ended = mine.ours(STEPS)
    before = state(stand_in.run())
    official.sync(ended.journal.parent, stand_in)
    assert state(stand_in.run()) == before and stand_in.violations == []


def test_trackshim_sync_after_wandb_sync_sends_nothing(programs, shim, tmp_path, stand_in):  # noqa: F811
    mine = Pair(programs, shim, tmp_path, stand_in)
    ended = mine.ours(STEPS, WANDB_MODE="offline")
    assert official.sync(ended.journal.parent, stand_in).accepted
    before = state(stand_in.run())
    done = mine.online.sync(ended.journal.parent)
    assert done.returncode == 0 and state(stand_in.run()) == before and stand_in.violations == []


def test_the_document_names_what_is_tolerated():
    text = (ROOT / "docs/differences.md").read_text()
    assert [name for name in TOLERATED if name not in text] == []
