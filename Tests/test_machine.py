"""What the machine was doing, in the journal and on the server, beside what the official client says of the same machine."""

import contextlib
import json
import os
import shutil
import textwrap
import time
from pathlib import Path

import pytest
from server import official
from server.fixtures import stand_in  # noqa: F401
from server.tracked import Recorded
from support.online import Online

pytestmark = pytest.mark.alone
ALWAYS = {
    "memory_percent", "proc.memory.availableMB", "proc.memory.rssMB", "proc.memory.percent", "proc.cpu.threads",
    "disk./.usagePercent", "disk./.usageGB", "network.sent", "network.recv",
}


@pytest.fixture
def machine(programs, shim, tmp_path, stand_in):  # noqa: F811
    return Online(programs, shim, tmp_path, stand_in, TRACKSHIM_STATS_INTERVAL=0.5)


def record(machine, *words, **settings) -> list[dict]:
    ended = machine.run(*words, source="machine.c", WANDB_MODE="offline", **settings)
    recorded = Recorded(ended.outcome, b"", machine.track)
    return [{item.key: json.loads(item.value_json) for item in stats.item} for stats in recorded.of("stats")]


def test_what_a_program_uses(machine):
    """200 MB, and two busy processes for 2 s."""
    samples = record(machine, 200, 2)
    assert len(samples) >= 4 and all(ALWAYS <= sample.keys() for sample in samples)
    assert "cpu" not in samples[0]
    processors = min(os.cpu_count(), len(os.sched_getaffinity(0)))
    # Other programs want their share of the processors, too.
    busy = max(sample["cpu"] for sample in samples[1:]) * processors / 100
    assert 0.4 < busy < 2.3, samples
    assert 195 < samples[1]["proc.memory.rssMB"] < 260
    assert samples[0]["proc.cpu.threads"] >= 2 and max(s["proc.cpu.threads"] for s in samples) <= 6
    assert all(any(key.startswith("disk.") and key.endswith(".in") for key in sample) for sample in samples)


def test_they_can_be_switched_off(machine):
    for settings in ({"TRACKSHIM_STATS_INTERVAL": 0}, {"TRACKSHIM_STATS_INTERVAL": "", "WANDB_X_DISABLE_STATS": "true"}):
        assert record(machine, 1, 0.5, **settings) == []
        shutil.rmtree(machine.track)


def test_the_official_client_says_the_same(machine, stand_in, tmp_path):  # noqa: F811
    """Keys, units and magnitudes, from one machine at one time."""
    script = tmp_path / "official.py"
    script.write_text(textwrap.dedent("""
        import time, wandb
        ballast = bytearray(b"x" * (200 << 20))
        run = wandb.init(id="theirs", project="test", settings=wandb.Settings(x_stats_sampling_interval=0.5))
        run.log({"loss": 1.0})
        time.sleep(2)
        run.finish()
    """))
    done = official.run_python(script, cwd=tmp_path, server=stand_in)
    assert done.returncode == 0, done.stderr
    ended = machine.run(200, 2, source="machine.c", TRACKSHIM_RUN_ID="ours")
    assert ended.status == 0, ended.notes
    ours, theirs = (stand_in.run(run).events for run in ("ours", "theirs"))
    assert len(ours) >= 4 and len(theirs) >= 4
    assert set(ours[-1]) >= {f"system.{key}" for key in ALWAYS} | {"system.cpu", "_timestamp", "_runtime", "_wandb"}
    # What only the official client knows are GPUs and the like.
    assert {key for key in theirs[-1] if key.startswith("system.")} - set(ours[-1]) <= {"system.network.tcpRetransmits"}
    close = {"memory_percent": 5, "disk./.usagePercent": 0.5, "disk./.usageGB": 0.5}
    for key, most in close.items():
        assert ours[-1][f"system.{key}"] == pytest.approx(theirs[-1][f"system.{key}"], abs=most), key
    assert ours[-1]["system.proc.memory.availableMB"] == pytest.approx(theirs[-1]["system.proc.memory.availableMB"], rel=0.1)
    mine, other = ours[1], theirs[1]
    assert mine["system.proc.memory.percent"] / mine["system.proc.memory.rssMB"] == pytest.approx(
        other["system.proc.memory.percent"] / other["system.proc.memory.rssMB"], rel=0.02)
    metadata = [json.loads(stand_in.run(run).files["wandb-metadata.json"]) for run in ("ours", "theirs")]
    assert metadata[0]["disk"]["/"].keys() == metadata[1]["disk"]["/"].keys()
    assert metadata[0]["disk"]["/"]["total"] == metadata[1]["disk"]["/"]["total"]
    assert metadata[0]["memory"] == metadata[1]["memory"]
    assert stand_in.violations == []


def test_nothing_comes_behind_the_end(machine):
    ended = machine.run(1, 0.2, source="machine.c", WANDB_MODE="offline", TRACKSHIM_STATS_INTERVAL=0.1)
    recorded = Recorded(ended.outcome, b"", machine.track)
    assert recorded.kinds[-1] == "exit" and "stats" in recorded.kinds


LIMITS = {"memory.max": 600 << 20, "cpu.max": "50000 100000"}
FIRST_LIMITS = {
    "memory": {"memory.limit_in_bytes": 600 << 20}, "cpu": {"cpu.cfs_period_us": 100_000, "cpu.cfs_quota_us": 50_000},
}


def group_folders():
    """Folders of a group that is to be made, and what limits it: of either version."""
    root, name = Path("/sys/fs/cgroup"), f"trackshim-test-{os.getpid()}"
    if (root / "memory").is_dir():
        return {root / controller / name: limits for controller, limits in FIRST_LIMITS.items()}
    return {root / name: LIMITS}


@pytest.fixture
def group():
    """A control group of half a processor and 600 MiB, where this user may make one: the folders to enter it by."""
    folders = group_folders()
    try:
        for folder, limits in folders.items():
            folder.mkdir()
            for name, value in limits.items():
                (folder / name).write_text(str(value))
    except OSError as error:
        remove(folders)
        pytest.skip(f"no control group can be made here: {error}")
    yield list(folders)
    end = time.monotonic() + 5
    while remove(folders) and time.monotonic() < end:
        time.sleep(0.1)


def remove(folders):
    """Those that are still in use are left."""
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.rmdir()
    return [folder for folder in folders if folder.exists()]


def test_a_limited_group(machine, group, tmp_path):
    """Half a processor and 600 MiB are all there is."""
    enter = tmp_path / "enter.sh"
    joins = "".join(f"echo $$ > {folder}/cgroup.procs\n" for folder in group)
    enter.write_text(f'#!/bin/sh\n{joins}exec "$@"\n')
    enter.chmod(0o755)
    run = machine.argv
    machine.argv = lambda *words, **options: [str(enter), *run(*words, **options)]
    samples = record(machine, 200, 2)
    last = samples[-1]
    assert 30 < last["memory_percent"] < 70, last
    assert last["memory_percent"] / 100 * 600 + last["proc.memory.availableMB"] == pytest.approx(600, rel=0.02)
    assert 30 < last["proc.memory.percent"] < 60
    assert 60 < max(sample.get("cpu", 0) for sample in samples) < 125
