"""What the summary keeps of a metric that was defined: as the official client's define_metric has it."""

import math
import textwrap

import pytest
from server import official
from server.fixtures import stand_in  # noqa: F401
from server.tracked import same
from support.script import Script

RULES = ["min", "max", "first", "mean"]
VALUES = ["3.5", "0.1", "4.7", "0.3"]
TWIN = """
import sys, wandb
run = wandb.init(project="test", id="theirs", settings=wandb.Settings(x_disable_stats=True))
run.define_metric("last")
run.define_metric("mean", summary="min")
for rule in ("min", "max", "first", "mean"):
    run.define_metric(rule, summary=rule, overwrite=True)
for step, value in enumerate(sys.argv[2:], int(sys.argv[1])):
    run.log({key: float(value) for key in ("last", "min", "max", "first", "mean")}, step=step)
run.finish()
"""


def state(run):
    """What the summary has of them, and how they are defined."""
    summary = {key: run.assembled()["summary"][key] for key in ["last", *RULES]}
    return summary, sorted(run.wrapped_config["_wandb"]["value"]["m"], key=lambda one: one["1"])


@pytest.fixture
def twins(programs, shim, tmp_path, stand_in):  # noqa: F811
    """Runs both with these words, and gives what the server has of each: its summary and its definitions."""
    program = Script(programs, shim, tmp_path, stand_in, TRACKSHIM_RUN_ID="ours")
    script = tmp_path / "twin.py"
    script.write_text(textwrap.dedent(TWIN))

    def run(*words, resume=False):
        extra = {"WANDB_RESUME": "must"} if resume else {}
        assert program.run(*words, source="api_defines.c", **extra).status == 0
        done = official.run_python(script, *words, cwd=program.work, server=stand_in, **extra)
        assert done.returncode == 0, done.stderr
        assert stand_in.violations == []
        return state(stand_in.run("ours")), state(stand_in.run("theirs"))

    return run


def test_rules_and_definitions(twins):
    (summary, definitions), (their_summary, their_definitions) = twins("1", *VALUES)
    assert summary["mean"] == {"mean": sum(map(float, VALUES)) / len(VALUES)}
    assert summary == their_summary and definitions == their_definitions


SEVERAL = """
import sys, wandb
run = wandb.init(project="test", id="theirs", settings=wandb.Settings(x_disable_stats=True))
run.define_metric("last", summary="min,last")
run.define_metric("first", summary="first,max,mean")
for step, value in enumerate(sys.argv[1:], 1):
    run.log({key: float(value) for key in ("last", "first")}, step=step)
run.finish()
"""


def test_several_rules(programs, shim, tmp_path, stand_in):  # noqa: F811
    """TRACKSHIM_SUMMARY, which has the last word."""
    program = Script(programs, shim, tmp_path, stand_in, TRACKSHIM_RUN_ID="ours")
    wishes = "l*st last min, first mean max first"
    assert program.run("1", *VALUES, source="api_defines.c", TRACKSHIM_SUMMARY=wishes).status == 0
    script = tmp_path / "twin.py"
    script.write_text(textwrap.dedent(SEVERAL))
    done = official.run_python(script, *VALUES, cwd=program.work, server=stand_in)
    assert done.returncode == 0, done.stderr
    assert stand_in.violations == []
    ours, theirs = stand_in.run("ours"), stand_in.run("theirs")
    for key in ("last", "first"):
        assert ours.assembled()["summary"][key] == theirs.assembled()["summary"][key], key
    assert ours.assembled()["summary"]["last"] == {"last": 0.3, "min": 0.1}

    def rules(run):
        definitions = run.wrapped_config["_wandb"]["value"]["m"]
        return {one["1"]: sorted(one["7"]) for one in definitions if one["1"] in ("last", "first")}

    assert rules(ours) == rules(theirs) == {"last": [1, 5], "first": [2, 3, 8]}


def test_the_official_client_sends_the_same(programs, shim, tmp_path, stand_in):  # noqa: F811
    program = Script(programs, shim, tmp_path, stand_in, TRACKSHIM_RUN_ID="ours", WANDB_MODE="offline")
    ended = program.run("1", *VALUES, source="api_defines.c")
    assert official.sync(ended.journal.parent, stand_in).accepted
    synced = state(stand_in.run("ours"))
    assert synced[0]["mean"] == {"mean": sum(map(float, VALUES)) / len(VALUES)}
    assert {"1": "mean", "6": [3], "7": [3]} in [{k: v for k, v in one.items() if k != "9"} for one in synced[1]]


def test_a_resumed_run_begins_anew(twins):
    twins("1", *VALUES)
    (summary, _), (their_summary, _) = twins("5", "2", "3", resume=True)
    # It takes what the server has for the first value, and loses it (docs/differences.md).
    assert their_summary == summary | {"first": {"first": None}}
    assert summary == {
        "last": 3, "min": {"min": 2}, "max": {"max": 3}, "first": {"first": 2}, "mean": {"mean": 2.5}}


def test_nan_is_another_matter(twins):
    """docs/differences.md says why."""
    (summary, _), (their_summary, _) = twins("1", "3", "nan", "1")
    assert summary == {"last": 1, "min": {"min": 1}, "max": {"max": 3}, "first": {"first": 3}, "mean": {"mean": 2}}
    assert same(their_summary, summary | {rule: {rule: math.nan} for rule in ("min", "max", "mean")})
