"""What the library says and where it writes: notes, settings that silence it, folders it cannot use."""

import re

import pytest
from support import journal
from support.case import Case
from support.comparison import without_notes
from support.execution import execute
from support.lab import Lab

PRINTF = Case("printf", "printf.c")


def tracked(lab: Lab, shim, source="printf.c", **environment):
    case = Case("any", source, environment=tuple(environment.items()))
    return lab.run(case, "pipe", shim)


def alone(lab: Lab, source="printf.c"):
    return lab.run(Case("any", source), "pipe", None)


def test_a_run_is_announced_in_two_lines(lab: Lab, shim):
    expected = alone(lab)
    outcome = tracked(lab, shim)
    notes = outcome.stderr.decode().splitlines()
    assert len(notes) == 2 and all(note.startswith("trackshim: ") for note in notes), notes
    assert journal.run_files(lab.track)[0].parent.name in outcome.stderr.decode()
    assert outcome.stdout == expected.stdout


@pytest.mark.parametrize("variable, value", [("TRACKSHIM_QUIET", "1"), ("WANDB_SILENT", "true")])
def test_quiet_says_nothing_and_records(variable, value, lab: Lab, shim):
    outcome = tracked(lab, shim, **{variable: value})
    assert outcome.stderr == b""
    assert len(journal.run_files(lab.track)) == 1


@pytest.mark.parametrize("variable", ["TRACKSHIM_MODE", "WANDB_MODE"])
def test_disabled_does_nothing(variable, lab: Lab, shim):
    expected = alone(lab)
    outcome = tracked(lab, shim, **{variable: "disabled"})
    assert (outcome.stdout, outcome.stderr, outcome.status) == (expected.stdout, b"", 0)
    assert not lab.track.exists() and not outcome.files


def test_a_named_program_is_ignored(lab: Lab, shim):
    outcome = tracked(lab, shim, TRACKSHIM_IGNORE="printf")
    assert outcome.stderr == b"" and not lab.track.exists()


def test_pieces_on_stderr_are_untouched_when_quiet(lab: Lab, shim):
    case = Case("pieces", "cerr.cpp", ("-DPIECES",), environment=(("TRACKSHIM_QUIET", "1"),))
    assert lab.examine(case, "pipe", shim) == []


def test_without_a_folder_given_the_run_is_in_the_working_directory(lab: Lab, shim, tmp_path):
    expected = alone(lab)
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "LD_PRELOAD": str(shim)}
    argv = lab.argv(PRINTF)
    outcome = execute(argv, "pipe", lab.work, environment)
    assert outcome.stdout == expected.stdout and outcome.status == expected.status
    assert len(journal.run_files(lab.work)) == 1


@pytest.mark.parametrize("folder", ["/proc/nowhere", "/dev/null", "/dev/full/x"])
def test_an_unusable_folder_is_the_hosts_last_concern(folder, lab: Lab, shim):
    expected = alone(lab)
    outcome = tracked(lab, shim, TRACKSHIM_DIR=folder)
    assert (outcome.stdout, outcome.status) == (expected.stdout, expected.status)
    assert without_notes(outcome.stderr) == expected.stderr
    assert re.search(rb"^trackshim: ", outcome.stderr, re.MULTILINE), "nothing says so"
