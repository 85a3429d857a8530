"""Hosts that die, fork, close or become something else while their run is on the server, and a run's second part."""

import signal
import time

import pytest
from server import faults
from server.fixtures import stand_in  # noqa: F401
from server.sample import step, val
from server.traffic import state, streamed
from support.online import Online, wait_for
from support.rings import ring


@pytest.fixture
def online(programs, shim, tmp_path, stand_in):  # noqa: F811
    yield Online(programs, shim, tmp_path, stand_in)
    assert stand_in.violations == []


def steps(run):
    return [row["_step"] for row in run.history]


# ---- The end that no hook sees -----------------------------------------------------------------


def test_sync_completes_a_killed_run(online, stand_in):  # noqa: F811
    ended = online.run(100, 10, "kill@70", TRACKSHIM_UPLOAD_INTERVAL=0.2)
    assert ended.status == -signal.SIGKILL and stand_in.run().state == "running"
    done = online.sync()
    assert done.returncode == 0, done.stdout + done.stderr
    run = stand_in.run()
    assert run.state == "failed" and run.complete and "output.log" in run.files
    assert steps(run) == list(range(1, 71))  # the last one, still open at the end, too
    printed = ended.outcome.stdout.decode().replace("saving   0%\rsaving  50%\r", "").splitlines()
    assert [text for stream, text in run.console if stream == "stdout"] == printed


def test_sync_sends_nothing_twice(online, stand_in):  # noqa: F811
    online.run(50, 5)
    before, requests = state(stand_in.run()), len(stand_in.run().requests)
    assert online.sync().returncode == 0
    assert state(stand_in.run()) == before and len(stand_in.run().requests) == requests


@pytest.mark.parametrize("by", ["folder", "file", "id", "nothing"])
def test_sync_takes_runs_by_any_name(by, online, stand_in):  # noqa: F811
    ended = online.run(50, 2, WANDB_MODE="offline", TRACKSHIM_RUN_ID="named1")
    paths = {"folder": [ended.journal.parent], "file": [ended.journal], "id": ["named1"], "nothing": []}[by]
    done = online.sync(*paths)
    assert done.returncode == 0, done.stdout + done.stderr
    assert steps(stand_in.run("named1")) == list(range(1, 51)) and stand_in.run().state == "finished"
    assert [line for line in done.stdout.splitlines() if "named1" in line]


def test_sync_says_when_it_could_not(online, stand_in):  # noqa: F811
    online.run(50, 2, WANDB_MODE="offline")
    stand_in.faults.add(faults.refused(403))
    done = online.sync()
    assert done.returncode == 1 and "Traceback" not in done.stderr
    stand_in.faults.clear()
    assert online.sync().returncode == 0 and len(stand_in.run().history) == 50


# ---- Stop ---------------------------------------------------------------------------------------


def stopped_from(stand_in, rows):  # noqa: F811
    stand_in.faults.add(faults.STOPPED, "file_stream", when=lambda _: len(stand_in.run().history) > rows)


@pytest.mark.parametrize("steps, pause", [(300, 10), (3000, 1)])
def test_stop_on_the_web_page(steps, pause, online, stand_in):  # noqa: F811
    """Also for a program that prints on while its end is brought to the server."""
    stopped_from(stand_in, 20)
    ended = online.run(steps, pause, TRACKSHIM_UPLOAD_INTERVAL=0.2)
    assert ended.status == -signal.SIGINT and ended.took < 3
    assert len([note for note in ended.notes if "SIGINT" in note]) == 1, ended.notes
    assert online.sync().returncode == 0
    assert stand_in.run().state == "failed" and len(stand_in.run().history) < steps


def test_a_stop_that_is_ignored(online, stand_in):  # noqa: F811
    stopped_from(stand_in, 20)
    ended = online.run(200, 5, TRACKSHIM_STOP="ignore", TRACKSHIM_UPLOAD_INTERVAL=0.2)
    assert ended.status == 0 and len([note for note in ended.notes if "TRACKSHIM_STOP" in note]) <= 1
    assert len(stand_in.run().history) == 200 and stand_in.run().state == "finished"


# ---- Silence -------------------------------------------------------------------------------------


def test_an_idle_run_gives_signs_of_life(online, stand_in, measured):  # noqa: F811
    """A server takes a run that is silent for minutes for dead, so every 30 s comes at least an empty request."""
    online.run(20, 5, "idle@20:40000")
    run = stand_in.run()
    times = [request.time for request, _ in streamed(run)]
    longest = max(later - earlier for earlier, later in zip(times, times[1:]))
    measured(f"longest silence of an idle run: {longest:.1f} s")
    assert longest < 37
    assert run.heartbeats >= 1 or len(run.events) > 1


# ---- What hosts do to a process -----------------------------------------------------------------


@pytest.mark.parametrize("event", ["close@100", "fork@100"])
def test_the_run_goes_on(event, online, stand_in):  # noqa: F811
    alone = online.run(200, 5, event, tracked=False)
    ended = online.run(200, 5, event, TRACKSHIM_UPLOAD_INTERVAL=0.2)
    assert ended.visible == alone.visible
    run = stand_in.run()
    assert steps(run) == list(range(1, 201)) and run.state == "finished"
    assert not any("child" in text for _, text in run.console)


def test_a_host_that_becomes_another_program(online, stand_in):  # noqa: F811
    alone = online.run(100, 5, "exec@100:echo a new image", tracked=False)
    ended = online.run(100, 5, "exec@100:echo a new image", TRACKSHIM_UPLOAD_INTERVAL=0.2)
    assert ended.visible == alone.visible
    assert online.sync().returncode == 0
    assert steps(stand_in.run()) == list(range(1, 101))
    assert not any("new image" in text for _, text in stand_in.run().console)


def test_without_libcurl_the_run_is_offline(online, stand_in):  # noqa: F811
    ended = online.run(100, 5, preload=("no_curl_guest.c",))
    assert ended.status == 0 and stand_in.requests == []
    assert len([note for note in ended.notes if "libcurl.so" in note]) == 1, ended.notes
    assert online.sync().returncode == 0
    assert steps(stand_in.run()) == list(range(1, 101))


def test_a_host_with_few_descriptors(online, stand_in):  # noqa: F811
    """The connection is in our own table, so the host's numbers and limits are its own."""
    alone = online.run(source="fd_numbers.c", tracked=False)
    ended = online.run(source="fd_numbers.c")
    assert ended.visible == alone.visible and stand_in.run().complete


# ---- A second part ------------------------------------------------------------------------------


def text_of(online, name, first, last, begin=b""):
    file = online.folder / name
    file.write_bytes(begin + b"".join(step(n, 10 / n) for n in range(first, last + 1)) + val(0.5))
    return file



@pytest.mark.parametrize("mode", ["allow", "must"])
def test_a_resumed_run_goes_on(mode, online, stand_in):  # noqa: F811
    settings = {"TRACKSHIM_RUN_ID": "resumed1"}
    online.run(100, 5, **settings)
    lines = len(stand_in.run().console)
    second = text_of(online, "second", 101, 105, b"Resuming from step 100 (shard 0, sample 12)\n")
    online.run(second, source="official_print.c", WANDB_RESUME=mode, **settings)
    run = stand_in.run("resumed1")
    assert steps(run) == list(range(1, 106)) and run.sessions == 2 and run.state == "finished"
    assert len(run.console) == lines + 7  # appended, not written over
    runtimes = [row["_runtime"] for row in run.history]
    assert runtimes == sorted(runtimes) and runtimes[100] > 0.45
    assert run.config["max_steps"] == 100 and run.summary["_step"] == 105


def test_must_without_a_run_and_never_with_one(online, stand_in):  # noqa: F811
    settings = {"TRACKSHIM_RUN_ID": "resumed2"}
    ended = online.run(30, 2, WANDB_RESUME="must", **settings)
    assert ended.status == 0 and stand_in.runs() == [] and len(ended.notes) >= 1
    online.run(30, 2, WANDB_RESUME="never", **settings)
    before = state(stand_in.run())
    assert len(before["history"]) == 30
    ended = online.run(30, 2, WANDB_RESUME="never", **settings)
    assert ended.status == 0 and state(stand_in.run()) == before


def test_auto_remembers_a_run_that_died(online, stand_in):  # noqa: F811
    settings = {"WANDB_RESUME": "auto", "TRACKSHIM_UPLOAD_INTERVAL": 0.2}
    online.run(50, 10, "kill@50", **settings)
    second = text_of(online, "second", 61, 65, b"Resuming from step 60 (shard 0, sample 12)\n")
    online.run(second, source="official_print.c", **settings)
    [run] = stand_in.runs()
    assert run.sessions >= 1 and steps(run)[-5:] == list(range(61, 66))
    online.run(20, 2, **settings)  # that one ended well, so the next is a new one
    assert len(stand_in.runs()) == 2


def test_an_id_is_taken_only_in_its_project(online, stand_in):  # noqa: F811
    first = online.start(2000, 1, TRACKSHIM_RUN_ID="twin")
    try:
        wait_for(lambda: ring("twin", stand_in.url).exists(), 10, "the first run")
        other = online.run(20, 0, TRACKSHIM_RUN_ID="twin", TRACKSHIM_PROJECT="other")
        same = online.run(20, 0, TRACKSHIM_RUN_ID="twin")
    finally:
        first.kill()
        first.communicate()
    assert len(stand_in.find(None, "other", "twin").history) == 20 and not any("recorded by" in n for n in other.notes)
    assert any(f"run twin is being recorded by process {first.pid}, so process" in note for note in same.notes)


def test_the_same_id_without_resume_appends_its_history(online, stand_in):  # noqa: F811
    """As the official client: history after the server's lines, console and events from their first."""
    online.run(20, 2, TRACKSHIM_RUN_ID="again1")
    run = stand_in.run("again1")
    console_lines = len(run.console)
    online.run(20, 2, TRACKSHIM_RUN_ID="again1")
    assert len(run.history) == 40 and run.sessions == 2
    assert len(run.console) == console_lines


def test_an_interrupted_start_is_quick(online, stand_in):  # noqa: F811
    """A server that takes its time with the first answer holds nobody up for longer than the exit timeout."""
    hang = stand_in.faults.add(faults.HANG)
    process = online.start(500, 10, TRACKSHIM_EXIT_TIMEOUT=1)
    wait_for(lambda: hang.struck, 5, "the first request")
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert process.returncode == -signal.SIGINT and time.monotonic() - began < 1


# ---- A malloc that our threads must not call -----------------------------------------------------


def test_a_malloc_of_the_programs_own_is_left_alone(online, stand_in):  # noqa: F811
    """libcurl would take its memory from it, on a thread that it may know nothing of."""
    alone = online.run(source="own_malloc.c", tracked=False)
    ended = online.run(source="own_malloc.c")
    assert ended.visible == alone.visible
    assert any("malloc of its own" in note for note in ended.notes) and not stand_in.requests
    assert online.sync().returncode == 0
    assert stand_in.run().state == "finished"
