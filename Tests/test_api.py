"""trackshim.h, as a program uses it: every call, hostile arguments, threads, children, a death."""

import math
import subprocess

import pytest
from server import faults, official
from server.fixtures import stand_in  # noqa: F401
from server.tracked import Recorded, check_leet, metrics, same
from support.execution import clean_environment, execute
from support.library import ROOT, command
from support.online import Online

SILENT = {"TRACKSHIM_QUIET": "1"}
FIRST = 5_000_000_000


@pytest.fixture
def api(programs, shim, tmp_path):
    """Runs a host that is linked with the library."""
    flags = (f"-I{ROOT / 'build/include'}", "-Wextra", "-Werror", f"-L{shim.parent}", "-ltrackshim", "-lm", f"-Wl,-rpath,{shim.parent}")

    def run(source, **settings) -> Recorded:
        work, track = tmp_path / "work", tmp_path / "track"
        work.mkdir(exist_ok=True)
        outcome = execute(programs.argv(source, flags), "pipe", work, clean_environment(track) | settings, limit=60)
        return Recorded(outcome, outcome.stdout, track)

    run.flags = flags
    return run


def said(recorded) -> list[str]:
    return recorded.outcome.stdout.decode().splitlines()


EXPECTED_ROWS = [
    [FIRST, {"loss": 4, "val/acc": 0, "epoch": 0, "first": 1.5}],
    [FIRST + 1, {"loss": 0.25, "val/acc": 0.25, "epoch": 1, "first": 2.5}],
    [FIRST + 2, {"loss": 6, "val/acc": 0.5, "epoch": 2, "first": 3.5}],
    [FIRST + 3, {"nan": math.nan, "infinite": -math.inf, "auto": 1}],
    [FIRST + 4, {"auto": 2}],
    [FIRST + 5, {"auto": 3, "beside": 4}],
]
CONFIG = {
    "int": -(2**63) + 1, "double": 0.1, "bool": True, "no": False, "string": 'a "text"\nof two lines ü',
    "json.layers": [1, 2.5, None], "json.on": True,
}
SUMMARY = {
    "loss.min": 0.25, "first.first": 1.5, "epoch": 2, "val/acc": 0.5, "auto": 3, "beside": 4, "s_int": 2**63 - 1,
    "s_double": 2.5, "s_bool": True, "s_string": "good", "s_json": [1, 2], "infinite": -math.inf,
}


def check_every_call(recorded):
    lines = said(recorded)
    statuses = [line for line in lines if ", errno " in line]
    assert len(statuses) == 33 and all(line.endswith(": ok, errno 77") for line in statuses), statuses
    assert f"active 1, stop requested 0, version {version()}" in lines
    assert [[row["_step"], metrics(row)] for row in recorded.rows] == [
        [step, pytest.approx(row, nan_ok=True)] for step, row in EXPECTED_ROWS
    ]
    found = {key: value for key, value in recorded.config.items() if key != "command"}
    assert same(found, CONFIG), found
    assert same({key: recorded.summary[key] for key in SUMMARY}, SUMMARY), recorded.summary
    run = recorded.run
    assert (run.display_name, run.run_group, run.job_type, list(run.tags)) == (
        "named by the program", "a group", "a job", ["one", "two"])
    assert run.notes == 'notes "quoted"'
    assert "a line that nobody prints\n" in recorded.console["stdout"]
    assert [record.exit_code for record in recorded.of("exit")] == [3]
    alerts = [(alert.title, alert.text, alert.level, alert.wait_duration) for alert in recorded.of("alert")]
    assert alerts == [("an alert", 'of "two"\nlines', "WARN", 90_500)]
    assert [[(file.path, file.policy) for file in record.files] for record in recorded.of("files")] == [[("saved.txt", 0)]]
    assert (recorded.journal.parent / "files/saved.txt").read_text() == "what is saved\n"


def version():
    text = (ROOT / "Sources/CTrackShim/include/trackshim.h").read_text()
    return text.split('#define TRACKSHIM_VERSION "')[1].split('"')[0]


def test_every_call(api):
    recorded = api("api_every_call.c", TRACKSHIM_PROJECT="")
    assert recorded.outcome.status == 3, recorded.outcome.stderr
    check_every_call(recorded)
    assert recorded.run.project == "from the program"
    lines = said(recorded)
    assert "observations 18, rows 6, dropped 0, recorded 1, unsent 0" in lines
    assert f"id {recorded.run.run_id}" in lines and "name named by the program" in lines and "url []" in lines
    assert f"dir {recorded.journal.parent}" in lines
    assert "unknown dropped timeout" in lines
    defined = [(m.name or m.glob_name, m.step_metric, m.summary.min, m.goal, m.options.hidden) for m in recorded.of("metric")]
    assert defined == [("loss", "", True, 1, False), ("val/*", "epoch", False, 0, False), ("first", "", False, 0, True)]
    check_leet(recorded)


def test_the_environment_wins_over_options(api):
    recorded = api("api_every_call.c", TRACKSHIM_PROJECT="", WANDB_PROJECT="the user's")
    assert recorded.run.project == "the user's"
    check_every_call(recorded)


def test_without_tracking_every_call_says_so(api):
    recorded = api("api_every_call.c", TRACKSHIM_MODE="disabled")
    statuses = [line for line in said(recorded) if ", errno " in line]
    assert all(line.endswith(": inactive, errno 77") for line in statuses)
    assert (recorded.outcome.status, recorded.outcome.stderr, recorded.folder.exists()) == (3, b"", False)


def test_streams_none_leaves_only_the_calls(api):
    recorded = api("api_every_call.c", TRACKSHIM_STREAMS="none")
    assert [row["_step"] for row in recorded.rows] == [step for step, _ in EXPECTED_ROWS]
    assert recorded.console["stdout"] == "a line that nobody prints\n"


def test_options_that_come_too_late_are_refused_aloud(api):
    recorded = api("api_late_start.c")
    assert said(recorded)[1].startswith("ok: the options of trackshim_start came when the run had begun")
    assert b"call it first" in recorded.outcome.stderr and recorded.run.display_name == ""


def test_hostile_arguments(api):
    recorded = api("api_hostile.c")
    assert recorded.outcome.status == 0, recorded.outcome.stderr
    answers = dict(line.split(": ", 1) for line in said(recorded))
    good = {name for name, answer in answers.items() if answer == "ok"}
    assert good == {
        "the longest key", "a key that is no UTF-8", "the last step", "a wide row", "the longest text", "an empty text",
        "the longest value", "a config value that is none", "options of an earlier version", "counters of a later version",
        "the longest alert, and wait", "a flush without end", "a flush that only asks",
    }
    assert {answer for name, answer in answers.items() if name not in good} == {"invalid", "1"}
    found = {}
    for row in recorded.rows:
        found |= metrics(row)
    assert found["k" * 1024] == 1 and found["a\ufffd\ufffd("] == 2 and found["last"] == 1
    assert not {"k", "good"} & found.keys() and "k" not in recorded.config
    assert [(alert.level, len(alert.title), alert.wait_duration) for alert in recorded.of("alert")] == [("ERROR", 1024, 3e11)]
    assert len(recorded.config["long"]) == 60_000 and math.isnan(recorded.config["nan"])
    assert sum(key.startswith("m") for key in found) == 2000
    check_leet(recorded)


def test_sixteen_threads(api):
    recorded = api("api_threads.c")
    assert recorded.outcome.status == 0, recorded.outcome.stderr
    # What was not taken was told to the caller, who counted.
    logged = [key for row in recorded.rows for key in metrics(row) if key.startswith("k")]
    assert len(logged) == recorded.summary["taken"] > 16 * 1000
    # A row of two is never torn.
    pairs = [(row.get(f"k{key[1:]}"), value) for row in recorded.rows for key, value in row.items() if key[0] == "o"]
    assert len(pairs) > 16 * 500 and all(one == -other for one, other in pairs)


def test_children_and_the_time_behind_the_end(api):
    recorded = api("api_elsewhere.c")
    assert said(recorded) == ["the child: 0", "finish: ok", "behind it: ok"]
    assert [(row["_step"], metrics(row)) for row in recorded.rows] == [(1, {"before": 1}), (2, {"behind": 2})]
    assert recorded.config["before main"] is True and "child" not in recorded.config


def test_what_was_flushed_survives_a_death(api):
    recorded = api("api_killed.c")
    assert recorded.outcome.status == -9
    shown = subprocess.run([command(), "show", recorded.journal.parent], capture_output=True, text=True, check=True)
    recorded = Recorded(recorded.outcome, b"", recorded.folder)
    assert recorded.config["layers"] == 12
    assert recorded.summary["loss"] == 0.25 and recorded.summary["state"] == "half way"
    # The least of `low` is not its last value, and the last row has that all the same.
    assert [(row["_step"], metrics(row)) for row in recorded.rows] == [
        (1, {"loss": 0.5, "low": 1, "early": 7, "usual": 1}), (2, {"loss": 0.25, "low": 2, "early": 8, "usual": 2})]
    assert recorded.summary["low.min"] == 1 and recorded.summary["early.first"] == 7
    assert recorded.summary["usual.mean"] == 1.5
    assert all(row["_timestamp"] > 1.7e9 and 0 <= row["_runtime"] < 60 for row in recorded.rows)
    assert recorded.console["stdout"] == "printed and not flushed\n", shown.stdout


def test_the_server_gets_it_as_from_the_official_client(programs, shim, api, stand_in, tmp_path):  # noqa: F811
    online = Online(programs, shim, tmp_path, stand_in)
    # What is printed behind trackshim_finish would move the end.
    environment = online.environment(tracked=False, TRACKSHIM_STREAMS="none")
    outcome = execute(programs.argv("api_every_call.c", api.flags), "pipe", tmp_path, environment, limit=60)
    assert outcome.status == 3, outcome.stderr
    (run,) = stand_in.runs()
    assert run.wrapped_config["_wandb"]["value"]["m"] == [
        {"1": "loss", "6": [3], "7": [1], "8": 1}, {"1": "epoch", "6": [], "7": []},
        {"2": "val/*", "5": 2, "6": [1], "7": []}, {"1": "first", "6": [2, 3], "7": [8]},
    ]
    assembled = run.assembled()
    assert assembled["summary"]["loss"] == {"min": 0.25}
    assert [row["_step"] for row in assembled["history"]] == [step for step, _ in EXPECTED_ROWS]
    assert not stand_in.violations


def test_the_official_client_syncs_it(api, stand_in):  # noqa: F811
    recorded = api("api_every_call.c")
    synced = official.sync(recorded.journal.parent, stand_in)
    assert synced.accepted, synced.output
    (run,) = stand_in.runs()
    assert run.assembled()["summary"]["loss"] == {"min": 0.25}


def test_a_program_that_asks_is_not_interrupted(programs, shim, api, stand_in, tmp_path):  # noqa: F811
    stand_in.faults.add(faults.STOPPED, "file_stream", when=lambda _: len(stand_in.run().history) > 20)
    online = Online(programs, shim, tmp_path, stand_in)
    environment = online.environment(tracked=False, TRACKSHIM_UPLOAD_INTERVAL=0.2)
    outcome = execute(programs.argv("api_stops.c", api.flags), "pipe", tmp_path, environment, limit=60)
    assert (outcome.status, outcome.stdout) == (0, b"stopped, and the checkpoint is written\n")
    assert b"the program was told so" in outcome.stderr
    run = stand_in.run()
    assert run.state == "finished" and 20 < len(run.history) < 2000
