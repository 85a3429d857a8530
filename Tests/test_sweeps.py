"""Programs that W&B's own agent starts are runs of its sweep, as scripts with the official client are."""

import json
import math
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from server import official
from server.fixtures import stand_in  # noqa: F401
from server.official import environment
from server.sample import step, train_row, val, val_row
from server.traffic import state
from support.cli import tool
from support.journal import records, run_files
from support.online import Online
from wandb.sdk.lib.config_util import dict_from_config_file, save_config_file_from_dict

TWIN = Path(official.__file__).with_name("sweep_twin.py")
STEPS = b"".join(step(n, 10 / n, 1.5, 1000) for n in range(1, 6)) + val(0.5, 0.25)
ROWS = [[n, train_row(float(b"%f" % (10 / n)), 1.5, 1000)] for n in range(1, 6)]
ROWS[-1][1] |= val_row(0.5, 0.25, 0.25)
PARAMETERS = {"lr": 1e-05, "layers": 12, "optimizer": "adam", "nesterov": True}
# What a server may choose; none of it can be a word for another value once it has been written and read.
ODD = {
    "none": None, "huge": 10**30, "tiny": 5e-324, "large": 1.7976931348623157e308, "whole": 3.0, "minus": -7,
    "like a number": "1e5", "like another": "1.0", "octal": "017", "yes": "yes", "no": False, "null text": "null",
    "empty": "", "blanks": "  two  ", "colon": "a: b", "hash": "a #b", "dash": "- a", "brackets": "[1, {2}]",
    "quotes": "it's \"so\"", "lines": "one\ntwo\n\nfour\n", "tab": "a\tb", "escape": "\x1b[m\x07\\", "date": "2026-01-02",
    "time": "12:30", "long": "word " * 100, "longer": "x" * 3000, "mixed": 'say "é" ' * 40 + "\n" + " indented" * 30,
    "日本 é": "名前 😀", "list": [1, [2, [3.5, None]], {"a": [], "b": {}}], "nest": {"a": {"b": {"c": [True, "no"]}}},
    "empty list": [], "empty map": {}, "a.b": 1, "--dashed": 2, "k" * 200: "a long key", "multi\nline key": 1,
    "nan": math.nan, "inf": math.inf, "minus inf": -math.inf, "?": "?", ":": ":", "~": "~", "<<": "<<", "0": 0,
}


@dataclass
class Agency:
    """A user's machine where `wandb agent` works for a sweep of the server's."""

    programs: object
    shim: Path
    server: object
    folder: Path

    def watched(self, *words, source="official_print.c", **settings):
        """The sweep's command: a plain program under the library."""
        named = {"LD_PRELOAD": self.shim, "TRACKSHIM_DIR": self.folder / "track", **settings}
        variables = [f"{name}={value}" for name, value in named.items()]
        return ["${env}", *map(str, variables), *self.programs.argv(source), *map(str, words), "${args}"]

    def text(self, text=STEPS):
        file = self.folder / "text"
        file.write_bytes(text)
        return file

    def agent(self, sweep, **settings):
        work = self.folder / "agent"
        work.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="trackshim-official-") as home:
            done = subprocess.run(
                [sys.executable, "-m", "wandb", "agent", sweep.path], cwd=work, stdin=subprocess.DEVNULL,
                env=environment(home, self.server) | settings, capture_output=True, timeout=120,
            )
        assert done.returncode == 0 and sweep.waiting == [], done.stderr.decode()
        return done

    @property
    def journals(self):
        return run_files(self.folder / "track")


@pytest.fixture
def agency(programs, shim, tmp_path, stand_in):  # noqa: F811
    return Agency(programs, shim, stand_in, tmp_path)


def run_record(path):
    return next(record.run for record in records(path) if record.WhichOneof("record_type") == "run")


def upserts(run):
    bodies = [json.loads(r.body) for r in run.requests if r.operation == "UpsertBucket"]
    return [body["variables"] for body in bodies]


def test_runs_of_an_agent(agency, stand_in):  # noqa: F811
    """Each run that the agent starts is the sweep's, under the agent's id, with the sweep's parameters."""
    command = agency.watched(agency.text(), 0, "a line to stderr\n")
    other = {**PARAMETERS, "lr": 0.5}
    sweep = stand_in.add_sweep("s1", command, ("run-a", PARAMETERS), ("run-b", other))
    done = agency.agent(sweep)
    assert b", sweep s1" in done.stderr and done.stdout.count(STEPS) == 2
    assert stand_in.violations == []
    for run_id, parameters in (("run-a", PARAMETERS), ("run-b", other)):
        run = stand_in.run(run_id)
        assert (run.sweep, run.project, run.entity) == ("s1", "sweeps", stand_in.entity)
        assert {k: v for k, v in run.config.items() if k != "command"} == parameters
        assert run.complete and run.exit_code == 0 and [row["_step"] for row in run.history] == [1, 2, 3, 4, 5]
        kept = yaml.safe_load(run.files["config.yaml"])
        assert {k: kept[k]["value"] for k in parameters} == parameters
        # Said once, with the run's other facts.
        assert [given["sweep"] for given in upserts(run)] == ["s1"] + [None] * (len(upserts(run)) - 1)
        assert json.loads(upserts(run)[0]["config"])["lr"] == {"value": parameters["lr"]}
    assert len(stand_in.runs()) == 2 and len(agency.journals) == 2
    for path in agency.journals:
        record = run_record(path)
        assert record.sweep_id == "s1" and record.run_id in ("run-a", "run-b") and record.project == "sweeps"
        assert {item.key for item in record.config.update} == set(PARAMETERS)


def test_the_same_as_the_official_client(agency, stand_in):  # noqa: F811
    """A C program under the library and a script with the official client, in one sweep with the same parameters."""
    ours = stand_in.add_sweep("s1", agency.watched(agency.text()), ("run-a", PARAMETERS))
    told = agency.folder / "told.json"
    told.write_text(json.dumps({"text": STEPS.decode(), "rows": ROWS}))
    theirs = stand_in.add_sweep("s2", ["${env}", sys.executable, str(TWIN), str(told), "${args}"], ("run-b", PARAMETERS))
    agency.agent(ours)
    agency.agent(theirs)
    assert stand_in.violations == []
    found, expected = (dict(upserts(stand_in.run(run_id))[0]) for run_id in ("run-a", "run-b"))
    assert (found.pop("sweep"), expected.pop("sweep")) == ("s1", "s2")
    assert (found.pop("name"), expected.pop("name")) == ("run-a", "run-b")
    configs = [{k: v for k, v in json.loads(each.pop("config")).items() if k != "_wandb"} for each in (found, expected)]
    assert configs[0] == {**configs[1], "command": configs[0]["command"]}
    # The script's name, and no other difference.
    assert found.pop("program") and expected.pop("program")
    assert found == expected
    states = [state(stand_in.run(run_id)) for run_id in ("run-a", "run-b")]
    for name in ("project", "entity", "history", "summary", "state", "exit_code", "group", "tags", "notes"):
        assert states[0][name] == states[1][name], name


def test_without_a_network(agency, stand_in):  # noqa: F811
    """The run is kept on disk and is the sweep's when it is sent, by our command or by W&B's."""
    command = agency.watched(agency.text(), TRACKSHIM_MODE="offline")
    agency.agent(stand_in.add_sweep("s1", command, ("run-a", PARAMETERS)))
    (journal,) = agency.journals
    record = run_record(journal)
    assert (record.sweep_id, record.run_id) == ("s1", "run-a")
    assert {item.key: json.loads(item.value_json) for item in record.config.update} == PARAMETERS
    assert "command" not in stand_in.run("run-a").config and stand_in.run("run-a").sessions == 0
    shown = subprocess.run([tool(), "show", "--json", journal.parent], capture_output=True, check=True, timeout=30)
    assert json.loads(shown.stdout)["sweep"] == "s1" and json.loads(shown.stdout)["config"].items() >= PARAMETERS.items()
    copy = shutil.copytree(journal.parent, agency.folder / "copy" / journal.parent.name)
    user = Online(agency.programs, agency.shim, agency.folder, stand_in)
    sent = user.sync()
    assert sent.returncode == 0, sent.stderr
    run = stand_in.run("run-a")
    assert run.sweep == "s1" and run.complete and upserts(run)[0]["sweep"] == "s1"
    assert {k: v for k, v in run.config.items() if k != "command"} == PARAMETERS
    official.sync(copy, stand_in)
    assert stand_in.violations == []
    assert upserts(stand_in.run("run-a"))[-1]["sweep"] in ("s1", None) and stand_in.run("run-a").sweep == "s1"


def test_a_run_that_the_agent_stops_and_resumes(agency, stand_in):  # noqa: F811
    """Stopping is a SIGTERM, of which a program dies that does not handle it; the next command completes its journal. With
    WANDB_RESUME the one that is started in its place goes on."""
    trainer, *_ = agency.programs.argv("trainer.c")
    command = agency.watched(WANDB_RESUME="allow", TRACKSHIM_UPLOAD_INTERVAL=0.2)
    place = command.index("${args}") - 1
    # At first it takes a minute, then hardly any time.
    script = f"if mkdir {agency.folder}/began; then exec {trainer} 3 20000; else exec {trainer} 3 1; fi"
    command[place:] = ["sh", "-c", script, "sh", "${args}"]
    sweep = stand_in.add_sweep("s1", command, ("run-a", PARAMETERS), ("run-b", PARAMETERS))
    sweep.to_stop = {"run-a"}
    agency.agent(sweep)
    assert stand_in.violations == []
    assert sorted(run_record(path).run_id for path in agency.journals) == ["run-a", "run-a", "run-b"]
    for run_id in ("run-a", "run-b"):
        run = stand_in.run(run_id)
        assert (run.sweep, run.state) == ("s1", "finished"), run_id
    done = Online(agency.programs, agency.shim, agency.folder, stand_in).sync()
    assert done.returncode == 1 and "has gone on in another process" in done.stdout + done.stderr
    assert stand_in.run("run-a").state == "finished" and stand_in.violations == []
    shown = [json.loads(subprocess.check_output([tool(), "show", "--json", path])) for path in agency.journals]
    assert sorted((each["id"], each["state"]) for each in shown) == [
        ("run-a", "crashed"), ("run-a", "finished"), ("run-b", "finished")]


def test_the_agent_itself_under_the_library(agency, stand_in):  # noqa: F811
    """The preload said for the agent, not for its command: the agent is no run, what it starts is."""
    command = ["${env}", *agency.programs.argv("official_print.c"), str(agency.text()), "${args}"]
    sweep = stand_in.add_sweep("s1", command, ("run-a", PARAMETERS), ("run-b", PARAMETERS))
    agency.agent(sweep, LD_PRELOAD=str(agency.shim), TRACKSHIM_DIR=str(agency.folder / "track"))
    assert sorted(run.id for run in stand_in.runs()) == ["run-a", "run-b"]
    assert {run.sweep for run in stand_in.runs()} == {"s1"} and stand_in.violations == []
    assert sorted(run_record(path).run_id for path in agency.journals) == ["run-a", "run-b"]


# Without the agent, which takes five seconds for each run.


@pytest.fixture
def job(programs, shim, tmp_path, stand_in):  # noqa: F811
    """What an agent says to the program that it starts."""
    file = tmp_path / "wandb/sweep-s1/config-run-a.yaml"
    save_config_file_from_dict(str(file), {name: {"value": value} for name, value in PARAMETERS.items()})
    return Online(
        programs, shim, tmp_path, stand_in, WANDB_SWEEP_ID="s1", WANDB_RUN_ID="run-a", WANDB_PROJECT="sweeps",
        TRACKSHIM_PROJECT="", WANDB_SWEEP_PARAM_PATH=file,
    )


def parameter_file(job):
    return job.settings["WANDB_SWEEP_PARAM_PATH"]


def test_odd_parameters(job, stand_in):  # noqa: F811
    """As the agent writes them and as W&B's client reads them, to the last blank."""
    save_config_file_from_dict(str(parameter_file(job)), {name: {"value": value} for name, value in ODD.items()})
    expected = dict_from_config_file(str(parameter_file(job)))
    assert len(expected) == len(ODD)
    ended = job.run(3, 1)
    assert not [note for note in ended.notes if "PARAM" in note]
    found = {item.key: json.loads(item.value_json) for item in run_record(ended.journal).config.update}
    expected = {name.strip("-"): value for name, value in expected.items()}
    assert math.isnan(found.pop("nan")) and math.isnan(expected.pop("nan"))
    assert found == expected and list(map(type, found.values())) == list(map(type, expected.values()))
    sent = stand_in.run().config
    assert {k: v for k, v in sent.items() if k in found} == found and stand_in.violations == []


def test_the_sweep_has_the_last_word(job, stand_in):  # noqa: F811
    """A parameter that the program prints otherwise stays the sweep's; the user hears of it once."""
    save_config_file_from_dict(str(parameter_file(job)), {"max_steps": {"value": 9}, "learning_rate": {"value": 0.0003}})
    ended = job.run(5, 1)
    assert (stand_in.run().config["max_steps"], stand_in.run().config["learning_rate"]) == (9, 0.0003)
    assert stand_in.run().config["device"] == '"yes": a GPU'
    told = [note for note in ended.notes if "the sweep says" in note]
    assert told == ["trackshim: the sweep says max_steps = 9, the program 5; the config keeps the sweep's"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"lr: {value: 1", "is no YAML that is understood"),
        (b"\xff\xfe\x00\x01", ""),
        (b"wandb_version: 2\nlr:\n  value: 1\n", "has a wandb_version other than 1"),
        (b"- 1\n", "is no list of parameters"),
        (b"lr: 1\n", "has no value for lr"),
        (b"a:\n  value: 1\n" + b"#" * (1 << 20), "is longer than 1048576 bytes"),
        (b"[" * 200_000, "is no YAML that is understood"),
        (None, "cannot be read (no such file or directory)"),
    ],
)
def test_a_bad_file_costs_its_parameters_only(content, told, job, stand_in):  # noqa: F811
    if content is None:
        parameter_file(job).unlink()
    else:
        parameter_file(job).write_bytes(content)
    ended = job.run(3, 1)
    assert ended.status == 0 and stand_in.run().sweep == "s1" and len(stand_in.run().history) == 3
    notes = [note for note in ended.notes if "WANDB_SWEEP_PARAM_PATH" in note]
    assert len(notes) == 1 and told in notes[0]
    assert "lr" not in stand_in.run().config


def test_a_file_that_is_none(job, stand_in, tmp_path):  # noqa: F811
    """Nobody waits for what a device or a pipe has to say."""
    subprocess.run(["mkfifo", tmp_path / "pipe"], check=True)
    for path in ("/dev/zero", tmp_path / "pipe", tmp_path):
        ended = job.run(3, 1, WANDB_SWEEP_PARAM_PATH=path, WANDB_RUN_ID=f"run-{Path(path).name}")
        assert ended.status == 0 and ended.took < 10
        assert [note for note in ended.notes if "cannot be read" in note]
    assert {run.sweep for run in stand_in.runs()} == {"s1"}


def test_children_are_no_runs(job, stand_in):  # noqa: F811
    """Whatever of the agent's variables they inherit."""
    ended = job.run(6, 20, "fork@3")
    assert ended.status == 0 and b"child: at work" in ended.outcome.stdout
    assert len(run_files(job.track)) == 1 and stand_in.run().sessions == 1
    assert [row["_step"] for row in stand_in.run().history] == [1, 2, 3, 4, 5, 6]


def test_a_script_with_two_programs(job, stand_in):  # noqa: F811
    """A command that only evaluates, behind a trainer in one script, and a trainer's child: one run."""
    trainer = " ".join(job.argv(3, 1))
    done = subprocess.run(
        ["sh", "-c", f"{trainer}; /bin/echo done"], cwd=job.work, env=job.environment(), capture_output=True,
        stdin=subprocess.DEVNULL, timeout=60,
    )
    assert done.returncode == 0 and done.stdout.endswith(b"done\n")
    assert stand_in.run().sweep == "s1" and len(run_files(job.track)) == 1


def test_settings_of_the_users_do_not_move_it(job, stand_in):  # noqa: F811
    ended = job.run(3, 1, TRACKSHIM_PROJECT="mine", TRACKSHIM_RUN_ID="mine", TRACKSHIM_NAME="named")
    run = stand_in.run()
    assert (run.id, run.project, run.display_name, run.sweep) == ("run-a", "sweeps", "named", "s1")
    assert len([note for note in ended.notes if "is not used: the run is of a sweep" in note]) == 2


def test_a_run_that_the_sweep_resumes(job, stand_in):  # noqa: F811
    """The agent starts it again under its id: with WANDB_RESUME it goes on, and stays the sweep's."""
    job.run(3, 1, WANDB_RESUME="allow")
    ended = job.run(5, 1, WANDB_RESUME="allow")
    assert run_record(run_files(job.track)[-1]).resume and ended.status == 0
    run = stand_in.run()
    assert run.sessions == 2 and run.sweep == "s1" and [given["sweep"] for given in upserts(run)].count("s1") == 2
    # It counts from the start again, so its rows are behind those that are there (docs/differences.md).
    assert [row["_step"] for row in run.history] == list(range(1, 9))
    assert {k: run.config[k] for k in PARAMETERS} == PARAMETERS


@pytest.mark.parametrize("resume", ["allow", "must"])
def test_a_run_that_waits_on_the_server(resume, job, stand_in):  # noqa: F811
    """The server has a sweep's run before it starts. That is none to resume: `must` says so, as with W&B's client."""
    sweep = stand_in.add_sweep("s1", [], ("run-a", PARAMETERS))
    sweep.commands({}, stand_in.begin_for_sweep)
    ended = job.run(3, 1, WANDB_ENTITY=stand_in.entity, WANDB_RESUME=resume)
    told = [note for note in ended.notes if "there is no run run-a to resume" in note]
    assert (len(stand_in.run().history), len(told)) == ((3, 0) if resume == "allow" else (0, 1))
