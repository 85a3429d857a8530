"""A journal that lies on disk is sent: by `trackshim sync`, and by W&B's own `wandb sync`."""

import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

from bench import Bench
from rounds import Spread
from server.fixtures import KEY
from server.official import environment as official_environment
from sink import Sink
from support.execution import clean_environment
from support.journal import run_files
from support.library import command
from table import Row, compared

OFFICIAL_STEPS = 50_000


def tables(bench: Bench):
    steps = bench.sized(300_000, 1_000_000)
    with bench.folder() as folder:
        journals = {count: imported(bench, folder, count) for count in (steps, OFFICIAL_STEPS)}
        ours = [sent(folder, journals[steps], steps, _ours) for _ in range(3)]
        official = [sent(folder, journals[OFFICIAL_STEPS], OFFICIAL_STEPS, _official) for _ in range(bench.sized(1, 3))]
        same = [sent(folder, journals[OFFICIAL_STEPS], OFFICIAL_STEPS, _ours) for _ in range(3)]
    return [compared("Upload, to a server that only counts", [_row(steps, ours, official, same)])]


def _row(steps: int, ours: list, official: list, same: list) -> Row:
    kinds = (ours, official, same)
    speed, theirs, ours_of_few = (Spread(count / seconds for count, seconds, _ in runs) for runs in kinds)
    ratio = speed.median / theirs.median
    brake = Spread(server / seconds for _, seconds, server in ours).median
    return Row(
        "steps a second from a journal, with their lines", "≥ 10 × wandb sync", f"{ratio:.1f} ×", ratio >= 10,
        {"trackshim sync": speed.text(0), "wandb sync": theirs.text(0)},
        f"`trackshim sync` sent {steps:,} steps and `wandb sync` {OFFICIAL_STEPS:,}, for which `trackshim sync` "
        f"has {ours_of_few.median:,.0f}/s. The server computed for {brake:.0%} of the time of `trackshim sync`",
    )  # fmt: skip


def imported(bench: Bench, folder: Path, steps: int) -> Path:
    """The run of a program's saved output: nothing is dropped of it, however fast."""
    log, track = folder / f"log{steps}", folder / f"track{steps}"
    with open(log, "wb") as out:
        subprocess.run([bench.place.program("lines"), str(steps)], stdout=out, check=True)
    track.mkdir()
    environment = clean_environment(track)
    subprocess.run([command(), "import", log], env=environment, cwd=folder, stdout=subprocess.DEVNULL, check=True)
    return run_files(track)[0]


def sent(folder: Path, journal: Path, steps: int, words) -> tuple[int, float, float]:
    """A fresh copy to a fresh server: steps, seconds, and those that the server, which is in this process, computed."""
    copy = folder / "copy" / "wandb" / journal.parent.name
    shutil.copytree(journal.parent, copy)
    with Sink() as server:
        began, computed = time.monotonic(), time.process_time()
        command, environment = words(copy, folder, server)
        done = subprocess.run(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=1800
        )
        taken, computed = time.monotonic() - began, time.process_time() - computed
        is_sent = done.returncode == 0 and server.has_end and server.streamed > steps * 50
    shutil.rmtree(folder / "copy")
    if not is_sent:
        raise RuntimeError(f"{command}: {done.returncode}, {server.streamed} bytes: {done.stdout} {done.stderr}")
    return steps, taken, computed


def _ours(copy: Path, folder: Path, server: Sink):
    environment = clean_environment(folder) | {"WANDB_BASE_URL": server.url, "WANDB_API_KEY": KEY}
    return [str(command()), "sync", str(copy)], environment


def _official(copy: Path, folder: Path, server: Sink):
    return [sys.executable, "-m", "wandb", "sync", str(copy)], official_environment(folder, server)
