"""Programs that other people wrote, as they are packaged, training for real: what they print becomes their run."""

import importlib.util
import re
import shutil
import subprocess
import sys

import pytest
from support import journal, needs
from support.comparison import console_text, without_notes
from support.execution import Outcome, clean_environment, execute
from support.trainers import SCRIPTS, TRAINERS, Trainer, shown

# One thread each: the order of sums is then no chance, and threads do not wait for each other on a busy machine.
ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS")}

# Line by line to a terminal, all at once to a pipe. Python's libraries cost seconds and go the same ways.
CASES = [(trainer, "pipe") for trainer in TRAINERS]
CASES += [(trainer, "terminal") for trainer in TRAINERS if not trainer.needs.startswith("venv:")]
# What the library says of every run that it records.
USUAL = {"recording", "offline", "finished"}


def skip_where_missing(trainer: Trainer) -> None:
    kind, _, name = trainer.needs.rpartition(":")
    if kind != "venv":
        needs.require(trainer.needs)
    elif not importlib.util.find_spec(name):
        pytest.skip(f"{name} is not in the tests' Python")


def run(trainer: Trainer, kind: str, lab, shim=None) -> Outcome:
    """Its datasets are written each time: no run finds another one's files."""
    shutil.rmtree(lab.work, ignore_errors=True)
    lab.work.mkdir(parents=True)
    environment = clean_environment(lab.track, shim is not None) | ONE_THREAD
    for words in ((sys.executable, SCRIPTS / "datasets.py"), *trainer.before):
        subprocess.run(words, cwd=lab.work, env=environment, check=True, capture_output=True)
    preload = {"LD_PRELOAD": str(shim)} if shim else {}
    return execute(trainer.argv(), kind, lab.work, environment | preload)


def own_text(data: bytes) -> bytes:
    """Less our notes: std::cerr writes a line in pieces, and one of ours may come between."""
    return without_notes(data, anywhere=True)


def without_clock(trainer: Trainer, data: bytes) -> str:
    text = own_text(data).decode()
    return re.sub(trainer.clock, "", text) if trainer.clock else text


def recorded(records) -> list[tuple[int, str, str]]:
    """Step, name and number of all that the run's history has."""
    found = []
    for record in records:
        if record.WhichOneof("record_type") != "history":
            continue
        row = {item.nested_key[0]: item.value_json for item in record.history.item}
        step = int(row.get("step", row["_step"]))
        found += [(step, key, value) for key, value in row.items() if key[0] != "_" and key != "step"]
    return sorted(found)


@pytest.mark.parametrize("trainer, kind", CASES, ids=str)
def test_what_a_program_prints_is_its_run(trainer, kind, lab, shim):
    skip_where_missing(trainer)
    alone = run(trainer, kind, lab)
    assert alone.status == 0 and not lab.track.exists()
    tracked = run(trainer, kind, lab, shim)
    assert tracked.ending() == alone.ending()
    if trainer.same:
        for stream in ("stdout", "stderr"):
            assert without_clock(trainer, getattr(tracked, stream)) == without_clock(trainer, getattr(alone, stream))
        # Also what it has learned.
        assert [name for name in tracked.files | alone.files if tracked.files.get(name) != alone.files.get(name)] == []
    notes = set(re.findall(r"trackshim: (\w+)", tracked.stderr.decode()))
    assert notes <= USUAL | ({"step"} if trainer.counts_again else set())
    expected = trainer.printed(own_text(getattr(tracked, trainer.stream)).decode())
    assert expected, "it has reported nothing"
    [file] = journal.run_files(lab.track)
    records = journal.records(file)
    assert recorded(records) == expected
    console = journal.console(records)
    for stream in ("stdout", "stderr"):
        assert [*shown(console[stream])] == [*shown(console_text(own_text(getattr(tracked, stream))))]
    assert [record.exit.exit_code for record in records if record.HasField("exit")] == [0]
