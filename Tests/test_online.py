"""A run on the server while it trains: what stands there, how soon, and what the end costs."""

import json
import re
import statistics

import pytest
from server.fixtures import stand_in  # noqa: F401
from server.tracked import same
from server.traffic import arrivals, pauses, state, streamed
from support.online import Online

pytestmark = pytest.mark.alone

IDENTITY = {
    "TRACKSHIM_PROJECT": "p 1", "TRACKSHIM_NAME": "a näme", "TRACKSHIM_GROUP": "g1", "TRACKSHIM_TAGS": "a,b c",
    "TRACKSHIM_JOB_TYPE": "j1", "TRACKSHIM_NOTES": 'nötes "quoted"', "TRACKSHIM_RUN_ID": "online1",
}
FILES = {"config.yaml", "wandb-metadata.json", "wandb-summary.json", "output.log"}


@pytest.fixture
def online(programs, shim, tmp_path, stand_in):  # noqa: F811
    yield Online(programs, shim, tmp_path, stand_in)
    assert stand_in.violations == []


def printed_row(step, text):
    """The row that a line of the trainer's own output says."""
    found = re.search(rf"^step +{step}/\d+: train loss (\S+) \((\S+) ms, (\S+) tok/s\)$", text, re.MULTILINE)
    row = {"_step": step} | dict(zip(("train_loss", "step_time_ms", "tok_per_sec"), map(float, found.groups())))
    rest = text[found.end() + 1 :].split("\n", 1)[0]
    if val := re.fullmatch(r"val loss (\S+) \(avg_train (\S+), gap (\S+)\)", rest):
        row |= dict(zip(("val_loss", "avg_train_loss", "generalization_gap"), map(float, val.groups())))
    return row


def on_screen(ended):
    """A terminal shows of the progress line what was written last."""
    return re.sub(r"saving.*\r", "", ended.outcome.stdout.decode()).splitlines()


def test_everything_of_a_run_is_there(online, stand_in):  # noqa: F811
    alone = online.run(300, 2, "exit@300:3", tracked=False)
    ended = online.run(300, 2, "exit@300:3", **IDENTITY)
    assert ended.visible == alone.visible and ended.status == 3
    text = ended.outcome.stdout.decode()
    run = stand_in.run("online1")
    found = state(run)
    assert same(found["history"], [printed_row(step, text) for step in range(1, 301)])
    assert same(found["summary"], printed_row(300, text))
    assert {"_timestamp", "_runtime", "_wandb"} <= run.summary.keys()
    assert found["console"]["stdout"] == on_screen(ended)
    assert found["console"]["stderr"] == [f"warning: step {n} was slow" for n in (100, 200, 300)]
    config = found["config"]
    assert "trainer" in config.pop("command")
    assert same(config, {"max_steps": 300, "learning_rate": 0.0003, "device": '"yes": a GPU'})
    assert (run.project, run.display_name, run.group, run.tags) == ("p 1", "a näme", "g1", ["a", "b c"])
    assert (run.job_type, run.notes, run.state, run.exit_code) == ("j1", 'nötes "quoted"', "failed", 3)
    check_files(run, text)


def check_files(run, text):
    assert FILES == run.files.keys() == set(run.uploaded)
    output = run.files["output.log"].decode().splitlines()
    assert sorted(output) == sorted(line for _, line in run.console)
    assert json.loads(run.files["wandb-summary.json"]) == run.summary
    metadata = json.loads(run.files["wandb-metadata.json"])
    assert "trainer" in metadata["program"] and metadata["startedAt"].endswith("Z")
    yaml = run.files["config.yaml"].decode()
    assert "max_steps:\n    value: 300\n" in yaml and "_wandb:\n    value:\n" in yaml
    assert "t" in run.wrapped_config["_wandb"]["value"]  # else the run could never be resumed


def test_what_stderr_says(online, stand_in):  # noqa: F811
    ended = online.run(30, 2, **IDENTITY)
    page = f"{stand_in.url}/stand-in-team/p%201/runs/online1"
    assert len([note for note in ended.notes if page in note]) == 1, ended.notes
    assert len(ended.notes) <= 4
    assert ended.journal.parent.name.startswith("run-")


def test_a_generated_name_is_told(online, stand_in):  # noqa: F811
    ended = online.run(30, 2)
    run = stand_in.run()
    assert run.display_name == "generated-name-1"
    assert run.id in ended.journal.name and any(run.id in note for note in ended.notes)


def test_a_row_is_there_within_three_seconds(online, stand_in, measured):  # noqa: F811
    """A step's row is whole when the next step is printed; what counts from then is the way to the server."""
    ended = online.run(40, 200, STAMPS=1)
    stamps = {int(n): float(t) for n, t in re.findall(rb"^stamp (\d+) (\S+)$", ended.outcome.stdout, re.MULTILINE)}
    run = stand_in.run()
    came = arrivals(run)
    delays = [came[step] - stamps[step + 1] for step in range(1, 40)]
    measured(f"row on the server after: median {statistics.median(delays):.2f} s, worst {max(delays):.2f} s")
    assert max(delays) < 3 and min(delays) > -0.01
    # 2 s between requests is the default pace; the first and those of the end may come at once.
    between = pauses(run)[1:-2]
    assert between and all(pause > 1.9 for pause in between), between


def test_an_end_costs_little(online, measured):
    """Against the same end offline; the goal is half a second, the bound leaves room for a loaded machine."""
    offline = [online.run(100, 5, WANDB_MODE="offline").took for _ in range(3)]
    ends = [online.run(100, 5).took for _ in range(3)]
    more = statistics.median(ends) - statistics.median(offline)
    measured(f"a run of half a second takes {more:.2f} s more online than offline")
    assert more < 2


@pytest.mark.parametrize("events, status, code", [
    ((), 0, 0), (("exit@40:7",), 7, 7), (("abort@40",), -6, 134),
])
def test_exit_codes(events, status, code, online, stand_in):  # noqa: F811
    ended = online.run(40, 2, *events)
    run = stand_in.run()
    assert (ended.status, run.exit_code, run.state) == (status, code, "failed" if code else "finished")


@pytest.mark.parametrize("features, plain", [({"STRUCTURED_CONSOLE_LOGS": True}, False), ({}, True)])
def test_console_lines_say_when_and_where(features, plain, online, stand_in):  # noqa: F811
    stand_in.features |= features
    online.run(100, 2)
    output = stand_in.run().output
    if plain:
        assert all(re.match(r"(ERROR )?\d{4}(-\d\d){2}T(\d\d:){2}\d\d\.\d{6} ", line) for line in output)
        assert sum(line.startswith("ERROR ") for line in output) == 1
        return
    lines = [json.loads(line) for line in output]
    assert [line["content"] for line in lines if line.get("level") == "error"] == ["warning: step 100 was slow"]
    assert all(re.fullmatch(r"\d{4}(-\d\d){2}T(\d\d:){2}\d\d\.\d{6}", line["ts"]) for line in lines)


@pytest.mark.parametrize("offered", [True, False])
def test_gzip_only_where_it_is_offered(offered, online, stand_in):  # noqa: F811
    """The stand-in complains when a compressed body comes unasked."""
    stand_in.features["FILESTREAM_GZIP"] = offered
    online.run(300, 2)
    encodings = {request.headers.get("content-encoding") for request, _ in streamed(stand_in.run())}
    assert ("gzip" in encodings) <= offered


def test_more_than_a_request_can_hold(online, stand_in):  # noqa: F811
    """20,000 steps at once: several requests, each as large as a server takes, none lost."""
    ended = online.run(20_000, 0, limit=120)
    run = stand_in.run()
    assert [row["_step"] for row in run.history] == list(range(1, 20_001))
    assert [text for stream, text in run.console if stream == "stdout"] == on_screen(ended)
