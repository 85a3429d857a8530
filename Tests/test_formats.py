"""What the lines of all kinds of trainers become, through the preloaded library."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys

import pytest
from support import journal
from support.case import Case
from support.execution import clean_environment, execute
from support.lab import Lab, recover
from support.library import ROOT, command

LOGS = sorted((ROOT / "Tests/logs").glob("trainers/*.log"))
FREE = sorted((ROOT / "Tests/logs").glob("free/*.log"))


class Recorded:
    def __init__(self, lab: Lab, shim, log, end: int | None = None, **settings):
        self.lab = lab
        words = (str(log), str(end)) if end else (str(log),)
        host = Case("prints_file", "prints_file.c", command=("{}", *words))
        lab.work.mkdir(parents=True, exist_ok=True)
        environment = clean_environment(lab.track) | {"LD_PRELOAD": str(shim)} | settings
        self.outcome = execute(lab.argv(host), "pipe", lab.work, environment)
        assert self.outcome.stdout == log.read_bytes()

    @property
    def files(self):
        return journal.run_files(self.lab.track)

    def rows(self) -> list[dict]:
        [file] = self.files
        rows = [record.history for record in journal.records(file) if record.WhichOneof("record_type") == "history"]
        return [{item.nested_key[0]: item.value_json for item in row.item} for row in rows]

    def said(self) -> str:
        return self.outcome.stderr.decode()


def own(rows: list[dict]) -> list[dict]:
    return [{key: value for key, value in row.items() if key == "_step" or key[0] != "_"} for row in rows]


def write(folder, text: str):
    log = folder / "the.log"
    log.write_text(text)
    return log


@pytest.mark.parametrize("log", LOGS, ids=lambda log: log.stem)
def test_a_trainers_log(log, lab, shim):
    """The same as `trackshim check` says, value by value, and at the steps that were printed."""
    done = subprocess.run([command(), "check", "--json", str(log)], capture_output=True, text=True, check=True)
    lines = [json.loads(line, parse_float=str, parse_int=str) for line in done.stdout.splitlines()]
    expected = sorted((key, value) for line in lines for key, value in line["metrics"].items())
    if not expected:
        pytest.skip("nothing is read of it")
    rows = own(Recorded(lab, shim, log).rows())
    found = sorted((key, value) for row in rows for key, value in row.items() if key not in ("_step", "step"))
    assert found == expected
    steps = [int(row["_step"]) for row in rows]
    assert steps == sorted(set(steps))
    printed = {line["step"] for line in lines if line["metrics"]}
    if None not in printed:
        assert {row.get("step", row["_step"]) for row in rows} == printed


FLOORS = {
    "trainers": (0.989, 35), "free": (None, 1),
    "held_back/trainers": (0.999, 0), "held_back/free": (None, 0),
    "held_back/second/trainers": (0.986, 1), "held_back/second/free": (None, 0),
    "held_back/third/trainers": (0.974, 40), "held_back/third/free": (None, 0),
    "held_back/fourth/trainers": (0.988, 1), "held_back/fourth/free": (None, 0),
}  # fmt: skip


def test_what_is_understood_does_not_become_less():
    done = subprocess.run(
        [sys.executable, str(ROOT / "Tests/formats"), command()], capture_output=True, text=True, check=True
    )
    for folder, (recall, wrong) in FLOORS.items():
        [total] = [line for line in done.stdout.splitlines() if line.startswith(f"{folder}: ")]
        assert int(re.search(r"(\d+) wrong", total)[1]) <= wrong, total
        assert recall is None or float(re.search(r"recall ([\d.]+)", total)[1]) >= recall, total


@pytest.mark.parametrize("log", [log for log in FREE if log.stem not in ("pytest",)], ids=lambda log: log.stem)
def test_other_programs_are_no_runs(log, lab, shim):
    recorded = Recorded(lab, shim, log)
    assert recorded.files == [] and recorded.said() == ""


def test_rows_of_a_log_without_a_counter_are_counted(lab, shim, tmp_path):
    recorded = Recorded(lab, shim, write(tmp_path, "loss: 3\nacc: 1\nloss: 2\nacc: 2\nloss: 1\n"))
    assert own(recorded.rows()) == [
        {"_step": "0", "loss": "3", "acc": "1"}, {"_step": "1", "loss": "2", "acc": "2"}, {"_step": "2", "loss": "1"},
    ]  # fmt: skip
    assert "went back" not in recorded.said()


def test_a_line_is_not_torn_between_two_rows(lab, shim, tmp_path):
    text = "step 1: loss 3\nstep 1: acc 5 loss 2\n"
    assert [sorted(row) for row in own(Recorded(lab, shim, write(tmp_path, text)).rows())] == [
        ["_step", "loss"], ["_step", "acc", "loss", "step"],
    ]  # fmt: skip


def test_what_the_summary_keeps(lab, shim, tmp_path):
    log = write(tmp_path, "run 1 a 3 b nan c 1 d 1\nrun 2 a 1 b 5 c 2 d nan\nrun 3 a 2 b 4 c inf d 2\n")
    rules = "summary a min summary b max summary c first summary d mean :: run {step} a {a} b {b} c {c} d {d}"
    for end in (None, signal.SIGKILL):
        recorded = Recorded(lab, shim, log, end, TRACKSHIM_FORMAT=rules)
        [file] = recorded.files
        if end:
            recover(file)
        summary = {}
        for record in journal.records(file):
            if record.WhichOneof("record_type") == "summary":
                summary |= {(item.key or item.nested_key[0]): item.value_json for item in record.summary.update}
        assert {key: summary[key] for key in "abcd"} == {"a": "1", "b": "5", "c": "1", "d": "1.5"}
        assert json.loads(summary["_trackshim"]) == {"lines": 3, "recognised": 3, "unknown_numbers": 0, "cut": 0}
        shutil.rmtree(lab.track)
        lab.track.mkdir()


def test_a_run_of_which_most_was_not_understood_says_so(lab, shim, tmp_path):
    log = write(tmp_path, "loss: 0.5\n" + "".join(f"then 3 of {n} were there, and {n} more\n" for n in range(60)))
    said = Recorded(lab, shim, log).said()
    assert "60 lines had numbers that were not understood; `trackshim check LOG`" in said
    long = write(tmp_path, "loss: 0.5\n" + "x" * 70_000 + "\n")
    assert "1 lines were longer than 65536 bytes" in Recorded(lab, shim, long).said()


LOG = "\n".join(f"Runde Nr. {step} ergibt Verlust={9 - step} <x>" for step in range(5)) + "\n"
GERMAN = "Runde Nr. {step} ergibt Verlust={loss} <{_}>"


def test_a_template(lab, shim, tmp_path):
    recorded = Recorded(lab, shim, write(tmp_path, LOG), TRACKSHIM_FORMAT=GERMAN)
    assert own(recorded.rows()) == [{"_step": str(step), "loss": str(9 - step)} for step in range(5)]


def test_a_file_of_templates(lab, shim, tmp_path):
    formats = tmp_path / "my.formats"
    formats.write_text(f"# ours\ngeneral off\nstep+1 prefix val/ :: {GERMAN}\n")
    log = write(tmp_path, LOG + "step 9: loss 3\n")
    recorded = Recorded(lab, shim, log, TRACKSHIM_FORMATS=str(formats))
    assert own(recorded.rows()) == [{"_step": str(step + 1), "val/loss": str(9 - step)} for step in range(5)]


def test_a_template_that_is_wrong_is_named_and_the_others_are_used(lab, shim, tmp_path):
    recorded = Recorded(lab, shim, write(tmp_path, LOG), TRACKSHIM_FORMAT="loss {loss\n" + GERMAN)
    assert len(recorded.rows()) == 5
    assert "TRACKSHIM_FORMAT: line 1, column 6:" in recorded.said()


def test_a_killed_run_is_completed_by_the_templates_it_was_recorded_with(lab, shim, tmp_path):
    recorded = Recorded(lab, shim, write(tmp_path, LOG), signal.SIGKILL, TRACKSHIM_FORMAT=GERMAN)
    assert recorded.outcome.status == -signal.SIGKILL
    assert "TRACKSHIM_FORMAT" not in os.environ
    recover(recorded.files[0])
    assert [row["loss"] for row in recorded.rows()] == ["9", "8", "7", "6", "5"]


def test_run_points_to_check_where_nothing_was_read(lab, tmp_path):
    log = write(tmp_path, "result 5 of nothing\n")
    program = lab.argv(Case("prints_file", "prints_file.c"))
    done = subprocess.run(
        [command(), "run", "--", *program, str(log)], capture_output=True, text=True,
        env=clean_environment(lab.track), cwd=tmp_path,
    )  # fmt: skip
    assert done.stdout == log.read_text()
    assert "`trackshim check -`" in done.stderr
