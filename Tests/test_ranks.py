"""Jobs of many processes: which of them are runs, and what the runs are called."""

import os
import shutil
import subprocess

import pytest
from server.fixtures import stand_in  # noqa: F401
from support.journal import records, run_files
from support.online import Online

RANKS = ("RANK", "OMPI_COMM_WORLD_RANK", "PMI_RANK", "PMIX_RANK", "SLURM_PROCID")


@pytest.fixture
def job(programs, shim, tmp_path, stand_in):  # noqa: F811
    return Online(programs, shim, tmp_path, stand_in, WANDB_MODE="offline")


def of_kind(found, kind):
    return [getattr(record, kind) for record in found if record.WhichOneof("record_type") == kind]


def runs(job):
    return [of_kind(records(path), "run")[0] for path in run_files(job.track)]


@pytest.mark.parametrize("name", RANKS)
def test_only_the_first_is_a_run(name, job):
    for rank in (3, 1):
        ended = job.run(5, 1, **{name: rank})
        assert (ended.status, ended.outcome.stderr) == (0, b"") and not job.track.exists()
    job.run(5, 1, **{name: 0})
    (run,) = runs(job)
    assert run.display_name == "" and run.run_group == ""


def test_what_is_no_rank_leaves_nobody_out(job):
    for text in ("", "-1", "1x", "first"):
        job.run(5, 1, RANK=text)
    assert len(runs(job)) == 4


def test_the_innermost_counts(job):
    """mpirun in a batch job: each of its processes has the batch job's number."""
    job.run(5, 1, OMPI_COMM_WORLD_RANK=2, SLURM_PROCID=0)
    assert not job.track.exists()


def test_all_of_them_in_one_group(job):
    settings = {"TRACKSHIM_RANKS": "all", "SLURM_JOB_ID": "77", "SLURM_STEP_ID": "0", "SLURM_JOB_ACCOUNT": "secret"}
    for rank in (0, 1):
        job.run(5, 1, SLURM_PROCID=rank, TRACKSHIM_NAME="big" if rank else "", TRACKSHIM_RUN_ID="id", **settings)
    found = sorted((run.run_id, run.display_name, run.run_group) for run in runs(job))
    assert found == [("id-0", "rank 0", "77.0"), ("id-1", "big rank 1", "77.0")]
    environment = of_kind(records(run_files(job.track)[0]), "environment")[0]
    assert dict(environment.slurm) == {"job_id": "77", "step_id": "0", "procid": environment.slurm["procid"]}


def test_a_word_that_is_none_is_told(job):
    ended = job.run(5, 1, RANK=0, TRACKSHIM_RANKS="each")
    accepted = "TRACKSHIM_RANKS='each' cannot be used (accepted: 0, all or shared)"
    assert [note for note in ended.notes if accepted in note]


def mpi(job, tmp_path, **settings):
    """Four ranks on this machine, as a user starts them."""
    mpicc, mpirun = shutil.which("mpicc"), shutil.which("mpirun")
    if not mpicc or not mpirun:
        pytest.skip("mpicc or mpirun is not installed (Debian: libopenmpi-dev, openmpi-bin)")
    source = os.path.join(os.path.dirname(__file__), "hosts/mpi_ranks.c")
    built = subprocess.run([mpicc, "-o", tmp_path / "ranks", source], capture_output=True, text=True)
    if built.returncode != 0:
        pytest.skip(f"mpicc does not compile: {built.stderr[-200:]}")
    allowed = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    done = subprocess.run(
        [mpirun, "--oversubscribe", "-n", "4", tmp_path / "ranks"], cwd=job.work, capture_output=True, timeout=120,
        env=job.environment(**settings) | allowed)
    assert done.returncode == 0, done.stderr
    return done


@pytest.mark.alone
def test_four_ranks_under_mpirun(job, tmp_path):
    done = mpi(job, tmp_path)
    assert done.stdout.count(b"step ") == 40
    (path,) = run_files(job.track)
    rows = [{item.key or item.nested_key[0]: item.value_json for item in row.item} for row in of_kind(records(path), "history")]
    assert [row["train_loss"] for row in rows] == [f"{step / 100:.2f}" for step in range(1, 11)]


@pytest.mark.alone
def test_four_ranks_are_four_runs_of_a_group(job, tmp_path):
    mpi(job, tmp_path, TRACKSHIM_RANKS="all")
    found = runs(job)
    assert sorted(run.display_name for run in found) == [f"rank {rank}" for rank in range(4)]
    assert len({run.run_group for run in found}) == 1 and found[0].run_group
