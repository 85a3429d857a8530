"""A fault of ours on purpose, at every stage and of every kind: recording ends, the program does not notice.

The library here is the one of `make faults`, in which TRACKSHIM_FAULT asks for it (Sources/CTrackShim/faults)."""

import os
import time

import pytest
from server.fixtures import stand_in  # noqa: F401
from support import journal
from support.case import Case
from support.comparison import differences
from support.lab import Lab, recover
from support.library import ROOT
from support.online import Online, notes_in

STAGES = ("start", "wake", "take", "claimed", "journal", "end")
KINDS = ("segv", "bus", "ill", "fpe", "trap", "abort", "sys", "stack", "memory", "loop", "stuck")
# Where the worker hangs, the end waits as long as it may and no longer.
EXIT_TIMEOUT = 0.5

STEADY = "steady.c"


@pytest.fixture(scope="session")
def faulty():
    path = ROOT / "build/faults/libtrackshim.so"
    path = type(path)(os.environ.get("TRACKSHIM_FAULTY_LIB", path))
    if not path.exists():
        pytest.fail(f"{path} is not there: run `make faults`, or set TRACKSHIM_FAULTY_LIB", pytrace=False)
    return path


def case(fault, source=STEADY, flags=(), command=("{}",), **settings):
    settings = {"TRACKSHIM_FAULT": fault, "TRACKSHIM_EXIT_TIMEOUT": EXIT_TIMEOUT} | settings
    environment = tuple((name, str(value)) for name, value in settings.items())
    return Case("fault", source, flags, command=command, environment=environment)


def steps(file):
    rows = [record.history for record in journal.records(file) if record.WhichOneof("record_type") == "history"]
    return [int(item.value_json) for row in rows for item in row.item if item.nested_key[:1] == ["_step"]]


def examine(lab: Lab, host: Case, faulty, kind="pipe"):
    """The same as alone, in time, and not much said; the outcome under the library."""
    alone = lab.alone(host, kind)
    began = time.monotonic()
    tracked = lab.run(host, kind, faulty)
    took = time.monotonic() - began
    assert differences(host, alone, tracked) == []
    assert took < 0.2 * 40 + EXIT_TIMEOUT + 3
    assert len(notes_in(tracked.stderr)) <= 4
    return tracked


@pytest.mark.parametrize("fault", KINDS)
@pytest.mark.parametrize("stage", STAGES)
def test_at_every_stage(stage, fault, lab: Lab, faulty):
    tracked = examine(lab, case(f"{stage}:{fault}", command=("{}", "30", "4")), faulty)
    said = " ".join(notes_in(tracked.stderr))
    files = journal.run_files(lab.track)
    if not files or not files[0].stat().st_size:
        # Of a run that had not begun there is nothing to keep, and somebody says so.
        assert "this program is not recorded" in said or "journal was not complete" in said or "ends here" in said
        return
    recover(files[0])
    assert steps(files[0]) == list(range(1, 31)), said


@pytest.mark.parametrize("fault", ["segv", "ill", "abort", "stuck", "memory"])
@pytest.mark.parametrize("stage, time", [("wake", 12), ("take", 8), ("journal", 12)])
def test_in_the_middle_of_a_run(stage, time, fault, lab: Lab, faulty):
    tracked = examine(lab, case(f"{stage}:{fault}:{time}", command=("{}", "250", "2")), faulty)
    [file] = journal.run_files(lab.track)
    # Nothing of ours has written half a record, whatever happened.
    so_far = journal.records_so_far(file)
    assert so_far and so_far[1].WhichOneof("record_type") == "run"
    recover(file)
    assert steps(file) == list(range(1, 251))
    assert journal.records(file)[-1].exit.exit_code == tracked.status == 3


def test_endless_computing_is_put_to_rest(lab: Lab, faulty):
    """It takes a core from the training, so it is not let go on (after half a second here, a minute in earnest)."""
    tracked = examine(lab, case("wake:loop:12", command=("{}", "1200", "2")), faulty)
    assert any("computed without end" in note for note in notes_in(tracked.stderr))
    [file] = journal.run_files(lab.track)
    recover(file)
    assert steps(file) == list(range(1, 1201))


def test_what_does_not_fit_any_more_is_counted(lab: Lab, faulty):
    """The ring takes 4 MiB; a worker that is gone or hangs takes nothing out of it."""
    tracked = lab.run(case("take:segv:2", command=("{}", "100000", "0")), "pipe", faulty)
    assert tracked.status == 3
    [file] = journal.run_files(lab.track)
    recover(file)
    found = steps(file)
    assert found == sorted(set(found)) and 20_000 < len(found) < 100_000
    assert "output was lost here" in journal.console(journal.records(file))["stdout"]
    assert any("missing in the run" in note for note in notes_in(tracked.stderr))


# ---- Programs with handlers of their own ----

FAULTS = [None, "wake:segv:4", "wake:ill:4", "claimed:abort", "journal:fpe:4"]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("flags", [(), ("-DAFTER",)], ids=["before", "after"])
@pytest.mark.parametrize("kind", ["pipe", "terminal"])
def test_handlers_of_the_host(kind, flags, fault, lab: Lab, faulty):
    """Each sees what it would see alone, also when the worker had its own fault meanwhile."""
    examine(lab, case(fault or "none", "fault_handlers.c", flags), faulty, kind)


DEATHS = [
    "signal(SIGSEGV, SIG_DFL); *(volatile int *)8 = 1",
    "signal(SIGFPE, SIG_DFL); raise(SIGFPE)",
    "signal(SIGILL, SIG_DFL); cause(SIGILL)",
    "signal(SIGTRAP, SIG_DFL); cause(SIGTRAP)",
    "signal(SIGBUS, SIG_DFL); cause(SIGBUS)",
    "signal(SIGSYS, SIG_DFL); kill(getpid(), SIGSYS)",
    "signal(SIGABRT, SIG_DFL); abort()",
    "abort()",
    "signal(SIGSEGV, SIG_IGN); *(volatile int *)8 = 1",
    "sigset_t all; sigfillset(&all); sigprocmask(SIG_SETMASK, &all, NULL); *(volatile int *)8 = 1",
]


@pytest.mark.parametrize("fault", [None, "wake:segv:4"])
@pytest.mark.parametrize("death", DEATHS)
def test_deaths_of_the_host(death, fault, lab: Lab, faulty):
    host = case(fault or "none", "fault_handlers.c", (f"-DEND={death}",))
    tracked = examine(lab, host, faulty)
    [file] = journal.run_files(lab.track)
    recover(file)
    assert steps(file) == [1, 2]
    assert tracked.status != 0


@pytest.mark.parametrize("fault", ["segv", "stuck", "loop", "memory"])
@pytest.mark.parametrize("source", ["pthread_exit.c", "pthread_exit_alone.c"])
def test_a_main_that_left_by_pthread_exit(source, fault, lab: Lab, faulty):
    """The lost thread must not be what keeps the process."""
    examine(lab, case(f"wake:{fault}:2", source), faulty)


def test_changing_the_user_is_possible_with_a_lost_thread(lab: Lab, faulty):
    """libc asks every thread to take part, also one that rests."""
    if os.geteuid() != 0:
        pytest.skip("only root can change the user")
    examine(lab, case("wake:segv:4", "changes_user.c"), faulty)


# ---- The uploader ----


@pytest.fixture(scope="module")
def trainer_alone(programs, tmp_path_factory):
    return Online(programs, None, tmp_path_factory.mktemp("alone")).run(100, 10, tracked=False)


@pytest.mark.parametrize("fault", ["segv", "ill", "abort", "memory", "stuck", "loop"])
@pytest.mark.parametrize("stage", ["upload", "look:2", "stream"])
def test_a_fault_of_the_uploader(stage, fault, trainer_alone, programs, faulty, tmp_path, stand_in):  # noqa: F811
    stage, _, turn = stage.partition(":")
    online = Online(programs, faulty, tmp_path, stand_in, TRACKSHIM_EXIT_TIMEOUT=1.5, TRACKSHIM_UPLOAD_INTERVAL=0.1)
    ended = online.run(100, 10, TRACKSHIM_FAULT=f"{stage}:{fault}" + (f":{turn}" if turn else ""))
    assert ended.visible == trainer_alone.visible
    assert ended.took < 5
    assert steps(ended.journal) == list(range(1, 101)), "the journal is the worker's and whole"
    if fault in ("segv", "ill", "abort"):
        assert any("trackshim sync" in note for note in ended.notes), ended.notes
    done = online.sync()
    assert done.returncode == 0, done.stderr
    assert [row["_step"] for row in stand_in.run().history] == list(range(1, 101))
