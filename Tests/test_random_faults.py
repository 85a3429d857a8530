"""A fault of ours of a random kind at a random place, and now and then a kill: what was printed is recorded, once.

TRACKSHIM_TEST_SEEDS=500 looks for longer; a seed that fails fails again with TRACKSHIM_TEST_FIRST_SEED."""

import os
import random
import re
import signal
import subprocess
import time

import pytest
from support import journal
from support.execution import clean_environment
from support.lab import recover
from test_shield import KINDS, STAGES, faulty, steps  # noqa: F401

SEEDS = int(os.environ.get("TRACKSHIM_TEST_SEEDS", "15"))
FIRST = int(os.environ.get("TRACKSHIM_TEST_FIRST_SEED", "1"))
STEPS = 150
# stdio writes 4,096 bytes at a time, and a kill may come between the write and its record.
LINES_OF_A_FLUSH = 70


def run(program, faulty, folder, seed):  # noqa: F811
    """Its output as far as it came, its status, and what the run was."""
    dice = random.Random(seed)
    fault = f"{dice.choice(STAGES)}:{dice.choice(KINDS)}:{dice.randint(1, 30)}"
    killed_at = dice.uniform(0.02, 0.5) if dice.random() < 0.4 else None
    environment = clean_environment(folder / "track") | {
        "LD_PRELOAD": str(faulty), "TRACKSHIM_FAULT": fault, "TRACKSHIM_EXIT_TIMEOUT": "0.5", "TRACKSHIM_QUIET": "1",
    }
    output = folder / "stdout"
    with output.open("wb") as stdout:
        process = subprocess.Popen(
            [program, str(STEPS), "2"], env=environment, stdin=subprocess.DEVNULL, stdout=stdout,
            stderr=subprocess.DEVNULL,
        )
        if killed_at is not None:
            time.sleep(killed_at)
            process.kill()
        status = process.wait(timeout=20)
    return output.read_bytes(), status, f"seed {seed}: {fault}, killed at {killed_at}"


@pytest.mark.parametrize("seed", range(FIRST, FIRST + SEEDS))
def test_what_was_printed_is_recorded_once(seed, programs, faulty, tmp_path):  # noqa: F811
    program = programs.argv("steady.c")[0]
    alone = subprocess.run([program, str(STEPS), "0"], capture_output=True, check=False).stdout
    printed, status, what = run(program, faulty, tmp_path, seed)
    assert alone.startswith(printed), what
    assert status == -signal.SIGKILL or (status == 3 and printed == alone), what
    count = len(re.findall(rb"^step ", printed, re.MULTILINE))
    files = journal.run_files(tmp_path / "track")
    if not files or not files[0].stat().st_size:
        return  # the fault came before there was a run
    recover(files[0])
    found = steps(files[0])
    assert found == list(range(1, len(found) + 1)), what
    assert len(found) >= (count - LINES_OF_A_FLUSH if status == -signal.SIGKILL else STEPS), what
