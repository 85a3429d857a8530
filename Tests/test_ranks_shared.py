"""TRACKSHIM_RANKS=shared: the ranks of a job write to one run, as the official client's processes do in its shared mode."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from server import faults, official
from server.fixtures import stand_in  # noqa: F401
from server.sample import step, train_row
from server.tracked import same
from support.cli import tool
from support.journal import records, run_files
from support.online import Online, notes_in
from test_ranks import mpi

SHARED = {"TRACKSHIM_RANKS": "shared", "TRACKSHIM_PROJECT": "p1", "TRACKSHIM_NAME": "n1", "TRACKSHIM_STATS_INTERVAL": 1}
STEPS = (10, 20, 30)
TIMES = ("_timestamp", "_runtime", "_wandb")


@pytest.fixture
def job(programs, shim, tmp_path, stand_in):  # noqa: F811
    yield Online(programs, shim, tmp_path, stand_in, **SHARED)
    assert stand_in.violations == []


def printed(rank):
    """What each rank prints: the same steps, and other losses."""
    return b"".join(step(n, 10 / n + rank, 1.5, 1000) for n in STEPS)


def rows(rank):
    return [train_row(float(b"%f" % (10 / n + rank)), 1.5, 1000) | {"step": n} for n in STEPS]


def start(job, rank, exit_code=0, **settings):
    file = job.folder / f"text{rank}"
    file.write_bytes(printed(rank))
    return job.start(file, exit_code, source="official_print.c", RANK=rank, **settings)


def together(job, count=2, exit_code=0, **settings):
    """The notes of each. The first ends last, so that the others find the run as it was."""
    gate = job.folder / "others-have-ended"
    started = [start(job, rank, 0 if rank else f"{exit_code}@{gate}", **settings) for rank in range(count)]
    notes = [notes_in(process.communicate(timeout=60)[1]) for process in started[1:]]
    gate.touch()
    return [notes_in(started[0].communicate(timeout=60)[1]), *notes]


def writers(server, run_id):
    """By label: what each client of a shared run has sent."""
    found = {}
    for request in server.run(run_id).requests:
        client = request.headers.get("x-wandb-async-client-id") or request.headers.get("x-wandb-client-id")
        if client:  # a PUT goes to the storage, which knows of no clients
            found.setdefault(client, []).append(request)
    return {label_of(requests): Writer(server.run(run_id), client, requests) for client, requests in found.items()}


def label_of(requests):
    text = b"".join(r.body for r in requests if r.operation == "file_stream").decode()
    labels = {f"rank_{n}" for n in range(9) if f"[rank_{n}] " in text}
    assert len(labels) == 1, labels
    return labels.pop()


class Writer:
    def __init__(self, run, client, requests):
        self.lines, self.requests = run.writers[client], requests
        self.streams = [json.loads(r.body) for r in requests if r.operation == "file_stream"]

    @property
    def history(self):
        return [{k: v for k, v in row.items() if k not in TIMES} for row in self.lines.history]

    @property
    def console(self):
        """Without the time."""
        marked = [line.removeprefix("ERROR ") for line in self.lines.output]
        return [line.split(" ", 1)[1] for line in marked if "wandb:" not in line]

    @property
    def event_keys(self):
        return {key for event in self.lines.events for key in event if not key.startswith("_")}

    @property
    def summary(self):
        return {k: v for k, v in self.lines.summary.items() if k not in TIMES}

    @property
    def files(self):
        asked = [json.loads(r.body)["variables"]["files"] for r in self.requests if r.operation == "CreateRunFiles"]
        return {name for names in asked for name in names} - {"requirements.txt"}

    @property
    def ends(self):
        return [(s.get("complete"), s.get("exitcode")) for s in self.streams if "complete" in s or "exitcode" in s]

    def sent_headers(self, name):
        return {(r.operation == "file_stream", r.headers.get("x-wandb-use-async-filestream")) for r in self.requests if name in r.headers}


def theirs(stand_in, rank, exit_code=0):  # noqa: F811
    told = {"config": {}, "text": printed(rank).decode(), "rows": rows(rank) if rank == 0 else [], "exit_code": exit_code}
    script = Path(official.__file__).with_name("official_shared.py")
    with tempfile.TemporaryDirectory(prefix="trackshim-official-") as home:
        return subprocess.run(
            [sys.executable, script, str(rank), json.dumps(told)], cwd=home, capture_output=True, text=True, timeout=120,
            env=official.environment(home, stand_in))


def axes(run):
    """Which metric is drawn over which, whatever their order in the list."""
    listed = run.wrapped_config["_wandb"]["value"]["m"]
    name = lambda entry: entry.get("1") or entry.get("2")  # noqa: E731
    return {name(e): (name(listed[e["5"] - 1]) if "5" in e else None, e["6"], e["7"]) for e in listed}


@pytest.mark.alone
def test_each_rank_says_what_the_official_client_does(job, stand_in):  # noqa: F811
    together(job, exit_code=3, TRACKSHIM_RUN_ID="ours")
    for rank in (1, 0):
        done = theirs(stand_in, rank, exit_code=3 if rank == 0 else 0)
        assert "Traceback" not in done.stderr, done.stderr
    ours, others = writers(stand_in, "ours"), writers(stand_in, "theirs")
    assert ours.keys() == others.keys() == {"rank_0", "rank_1"}
    for label, mine in ours.items():
        other = others[label]
        assert mine.console == other.console and len(mine.console) == len(STEPS)
        assert same(mine.history, other.history), (mine.history, other.history)
        assert mine.ends == other.ends and mine.files == other.files
        for keys in (mine.event_keys, other.event_keys):
            assert keys and all(key.startswith("system.") and key.endswith(f"/l:{label}") for key in keys)
        for name in ("x-wandb-client-id", "x-wandb-async-client-id"):
            assert mine.sent_headers(name) == other.sent_headers(name)
    assert [row["_step"] for row in ours["rank_0"].history] == [0, 1, 2]
    assert [row["step"] for row in ours["rank_0"].history] == list(STEPS)
    assert ours["rank_1"].history == [] and ours["rank_1"].ends == [] and ours["rank_1"].summary == {}
    found = ours["rank_0"].summary
    assert same({key: found[key] for key in others["rank_0"].summary}, others["rank_0"].summary)
    assert axes(stand_in.run("ours")) == axes(stand_in.run("theirs")) != {}
    run = stand_in.run("ours")
    assert (run.state, run.exit_code, run.display_name) == ("failed", 3, "n1") and "command" in run.config


@pytest.mark.alone
def test_a_run_that_is_sent_later(job, stand_in):  # noqa: F811
    """Each rank has a folder of its own, and trackshim sync sends the first one's end last."""
    together(job, 3, TRACKSHIM_RUN_ID="later", WANDB_MODE="offline")
    names = sorted(path.parent.name.split("-", 3)[3] for path in run_files(job.track))
    assert names == ["later", "rank_1-later", "rank_2-later"]
    latest = (job.track / "wandb/latest-run").resolve()
    assert latest.name.endswith("-later") and "rank" not in latest.name
    done = job.sync()
    assert done.returncode == 0, done.stdout + done.stderr
    found = writers(stand_in, "later")
    assert found.keys() == {"rank_0", "rank_1", "rank_2"}
    assert [len(found[f"rank_{n}"].history) for n in range(3)] == [3, 0, 0]
    assert all(len(writer.console) == len(STEPS) for writer in found.values())
    assert stand_in.run().state == "finished"
    last = [r for r in stand_in.run().requests if r.operation == "file_stream"][-1]
    assert b'"complete":true' in last.body
    before = len(stand_in.requests)
    assert "nothing to send" in job.sync().stdout and len(stand_in.requests) == before


def test_what_the_journal_says(job):
    together(job, TRACKSHIM_RUN_ID="said", WANDB_MODE="offline")
    found = {}
    for path in run_files(job.track):
        assert official.leet_summary(path)["run_id"] == "said"
        run = next(r.run for r in records(path) if r.WhichOneof("record_type") == "run")
        found[path.parent.name.split("-", 3)[3]] = {item.key: json.loads(item.value_json) for item in run.settings.item}
    common = {"mode": "shared"}
    assert found == {
        "said": common | {"x_label": "rank_0", "x_primary": True, "x_update_finish_state": True},
        "rank_1-said": common | {"x_label": "rank_1", "x_primary": False, "x_update_finish_state": False},
    }


def slurm(job, rank, **settings):
    names = {"SLURM_JOB_ID": 77, "SLURM_STEP_ID": 0, "SLURM_PROCID": rank, "WANDB_MODE": "offline"}
    file = job.folder / "text"
    file.write_bytes(printed(rank))
    return job.run(file, source="official_print.c", **names | settings)


def test_slurms_ranks_know_their_run(job):
    for rank in (0, 1):
        slurm(job, rank)
    slurm(job, 0, SLURM_STEP_ID=1)
    slurm(job, 0, SLURM_RESTART_COUNT=1)
    # Two clusters count their jobs each from one.
    slurm(job, 0, SLURM_CLUSTER_NAME="other")
    ids = [next(r.run.run_id for r in records(path) if r.WhichOneof("record_type") == "run") for path in run_files(job.track)]
    assert len(ids) == 5 and len(set(ids)) == 4


def test_without_an_id_the_first_rank_is_recorded_and_says_so(job):
    first, second = together(job, WANDB_MODE="offline")
    assert [note for note in first if "TRACKSHIM_RANKS=shared needs an id" in note] and second == []
    (path,) = run_files(job.track)
    run = next(r.run for r in records(path) if r.WhichOneof("record_type") == "run")
    assert not run.settings.item


def test_a_program_that_is_no_job_is_a_run_like_any(job, stand_in):  # noqa: F811
    file = job.folder / "text"
    file.write_bytes(printed(0))
    job.run(file, source="official_print.c", TRACKSHIM_RUN_ID="alone")
    run = stand_in.run("alone")
    assert not run.writers and [row["_step"] for row in run.history] == list(STEPS)


@pytest.mark.alone
def test_requests_that_get_lost_are_repeated(job, stand_in):  # noqa: F811
    """A writer is the same one to the server each time."""
    lost = [stand_in.faults.add(faults.LOST, name, last=2) for name in ("UpsertBucket", "file_stream")]
    together(job, TRACKSHIM_RUN_ID="lost", TRACKSHIM_EXIT_TIMEOUT=20)
    assert all(fault.struck == 2 for fault in lost)
    found = writers(stand_in, "lost")
    assert found.keys() == {"rank_0", "rank_1"} and len(found["rank_0"].history) == len(STEPS)
    assert all(len(writer.console) == len(STEPS) for writer in found.values())
    assert stand_in.run().state == "finished"


@pytest.mark.alone
@pytest.mark.parametrize("rank", [0, 1])
def test_a_rank_that_is_killed_is_completed_by_sync(job, stand_in, rank):  # noqa: F811
    file = job.folder / "text"
    file.write_bytes(printed(rank))
    job.run(file, "kill", source="official_print.c", RANK=rank, TRACKSHIM_RUN_ID="killed")
    done = job.sync()
    assert done.returncode == 0, done.stdout + done.stderr
    (writer,) = writers(stand_in, "killed").values()
    assert len(writer.console) == len(STEPS) and len(writer.history) == (0 if rank else len(STEPS))
    assert stand_in.run().state == ("running" if rank else "failed")


def test_show_says_whose_a_journal_is(job):
    together(job, TRACKSHIM_RUN_ID="shown", WANDB_MODE="offline")
    for path in run_files(job.track):
        shown = json.loads(subprocess.check_output([tool(), "show", "--json", path]))
        assert shown["writer"] == ("rank_1" if "rank_1" in str(path) else "rank_0")
        assert f"writer    {shown['writer']}" in subprocess.check_output([tool(), "show", path], text=True)


@pytest.mark.alone
def test_four_ranks_under_mpirun(job, tmp_path, stand_in):  # noqa: F811
    mpi(job, tmp_path, TRACKSHIM_RUN_ID="four", WANDB_MODE="offline")
    done = job.sync()
    assert done.returncode == 0, done.stdout + done.stderr
    found = writers(stand_in, "four")
    assert found.keys() == {f"rank_{n}" for n in range(4)}
    losses = [row["train_loss"] for row in found["rank_0"].history]
    assert losses == [step / 100 for step in range(1, 11)]
    assert all(len([line for line in writer.console if "step" in line]) == 10 for writer in found.values())
    assert stand_in.run().state == "finished"
