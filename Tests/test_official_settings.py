"""Settings arrive in the run as with the official client: from its variables and its files."""

import pytest
from server.sample import step
from server.tracked import Tracker, check_leet

TEXT = step(1, 1.0) + step(2, 0.5)
NO_PROJECT = ("TRACKSHIM_PROJECT",)


@pytest.fixture
def track(programs, shim, tmp_path):
    return Tracker(programs, shim, tmp_path)


# Variable with TRACKSHIM_, its twin, the field of the run record.
TWINS = [
    ("TRACKSHIM_PROJECT", "WANDB_PROJECT", "project"), ("TRACKSHIM_NAME", "WANDB_NAME", "display_name"),
    ("TRACKSHIM_ENTITY", "WANDB_ENTITY", "entity"), ("TRACKSHIM_GROUP", "WANDB_RUN_GROUP", "run_group"),
    ("TRACKSHIM_JOB_TYPE", "WANDB_JOB_TYPE", "job_type"), ("TRACKSHIM_NOTES", "WANDB_NOTES", "notes"),
    ("TRACKSHIM_RUN_ID", "WANDB_RUN_ID", "run_id"), ("TRACKSHIM_TAGS", "WANDB_TAGS", "tags"),
]


def value(recorded, field):
    found = getattr(recorded.run, field)
    return found if isinstance(found, str) else ",".join(found)


@pytest.mark.parametrize("ours, twin, field", TWINS)
def test_the_twin_counts_and_ours_counts_more(ours, twin, field, track):
    assert value(track(TEXT, without=NO_PROJECT, **{twin: "theirs"}), field) == "theirs"
    both = track(TEXT, without=() if ours in NO_PROJECT else NO_PROJECT, **{twin: "theirs", ours: "ours"})
    assert value(both, field) == "ours"


def test_the_directory_falls_back_too(track):
    recorded = track(TEXT, without=("TRACKSHIM_DIR",), WANDB_DIR="{track}")
    assert recorded.journal.is_relative_to(recorded.folder)


@pytest.mark.parametrize("settings, expected", [
    ({}, "of-the-file"), ({"WANDB_PROJECT": "of-the-environment"}, "of-the-environment"),
])
def test_the_local_settings_file(settings, expected, track, tmp_path):
    folder = tmp_path / "chosen" / "wandb"
    folder.mkdir(parents=True)
    (folder / "settings").write_text("[default]\nproject = of-the-file\nentity=e1\n")
    (tmp_path / "global").mkdir()
    (tmp_path / "global" / "settings").write_text("[default]\nproject = of-all\nentity = e2\n")
    recorded = track(TEXT, without=NO_PROJECT, TRACKSHIM_DIR=folder.parent,
                     WANDB_CONFIG_DIR=tmp_path / "global", **settings)
    recorded.folder = folder.parent
    assert (recorded.run.project, recorded.run.entity) == (expected, "e1")


@pytest.mark.parametrize("place", ["WANDB_CONFIG_DIR", "HOME"])
def test_the_global_settings_file(place, track, tmp_path):
    folder = tmp_path / "global" if place == "WANDB_CONFIG_DIR" else tmp_path / "global/.config/wandb"
    folder.mkdir(parents=True)
    (folder / "settings").write_text("[default]\nproject = of-all\n")
    recorded = track(TEXT, without=NO_PROJECT, **{place: tmp_path / "global"})
    assert recorded.run.project == "of-all"


BAD = {
    "TRACKSHIM_RUN_ID": "a/b", "WANDB_RUN_ID": "a:b", "TRACKSHIM_PROJECT": "what?",
    "TRACKSHIM_TAGS": "good," + "x" * 65, "TRACKSHIM_MODE": "sideways", "WANDB_MODE": "upside",
    "TRACKSHIM_EXIT_TIMEOUT": "soon", "TRACKSHIM_STREAMS": "nine", "TRACKSHIM_QUIET": "perhaps",
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_value_is_noted_and_the_program_runs(name, track):
    recorded = track(TEXT, "3", **{name: BAD[name]})
    shown = BAD[name].split(",")[-1][:10]
    assert [n for n in recorded.notes if name in n and shown in n], recorded.outcome.stderr
    assert recorded.outcome.status == 3 and recorded.outcome.stdout == TEXT
    assert check_leet(recorded)["exit_code"] == 3 and len(recorded.rows) == 2
    assert not set(":;,#?/'") & set(recorded.run.run_id) and "?" not in recorded.run.project
    assert all(1 <= len(tag) <= 64 for tag in recorded.run.tags)


@pytest.mark.parametrize("name", ["TRACKSHIM_MODE", "WANDB_MODE"])
def test_disabled_means_nothing_at_all(name, track):
    recorded = track(TEXT, **{name: "disabled"})
    assert not (recorded.folder / "wandb").exists()
    assert recorded.outcome.stderr == b"" and recorded.outcome.stdout == TEXT


@pytest.mark.parametrize("name, text", [("TRACKSHIM_QUIET", "1"), ("WANDB_SILENT", "true")])
def test_quiet(name, text, track):
    assert len(track(TEXT).notes) == 2
    recorded = track(TEXT, **{name: text})
    assert recorded.outcome.stderr == b"" and len(recorded.rows) == 2
