"""The example programs that `make` builds: those that call the library, and one that knows nothing of it."""

import re
import subprocess

import pytest
from server.tracked import Recorded, metrics, same
from support import official
from support.examples import FIRST_RATE, HEADER, STEPS, Examples, check_end, check_rows, descent
from support.execution import clean_environment, execute
from support.library import ROOT

TRAIN_STEPS = 300
NUMBER = r"[-+]?(?:\d+\.\d+|nan|inf)"


@pytest.fixture
def examples(shim, tmp_path):
    return Examples(shim, tmp_path)


def with_gain():
    """train_hook also logs what each step gained."""
    before = float("nan")
    for step, row in descent():
        yield step, row | {"gain": before - row["loss"]}
        before = row["loss"]


def test_train_hook_is_recorded(examples):
    recorded = examples.built("train_hook")
    check_end(recorded)
    check_rows(recorded, with_gain(), printed=("loss",))
    first = recorded.of("history")[0].item
    assert [item.value_json for item in first if "gain" in (item.key, *item.nested_key)] == ["NaN"]
    assert recorded.console["stdout"].encode() == recorded.printed
    assert (recorded.config["learning_rate"], recorded.config["steps"]) == (FIRST_RATE, STEPS)
    assert recorded.summary["weight"] == pytest.approx(2.978358507128561)


def test_train_hook_goes_on_when_tracking_is_off(examples):
    recorded = examples.built("train_hook", TRACKSHIM_MODE="disabled")
    assert (recorded.outcome.status, recorded.outcome.stderr) == (0, b"")
    assert len(recorded.outcome.stdout.splitlines()) == STEPS
    assert not recorded.folder.exists()


def test_optional_calls_do_nothing_without_the_library(examples):
    recorded = examples.built("optional", linked=False)
    assert (recorded.outcome.status, recorded.outcome.stderr) == (0, b"")
    assert len(recorded.outcome.stdout.splitlines()) == STEPS
    assert not recorded.folder.exists()


def test_optional_calls_come_alive_with_it(examples):
    recorded = examples.built("optional", preload=True)
    check_end(recorded)
    check_rows(recorded, descent(), printed=("loss",))
    assert recorded.config["learning_rate"] == FIRST_RATE


def test_optional_calls_are_inactive_when_tracking_is_off(examples):
    recorded = examples.built("optional", preload=True, TRACKSHIM_MODE="disabled")
    assert (recorded.outcome.status, recorded.outcome.stderr) == (0, b"")
    assert not recorded.folder.exists()


def test_a_run_in_cpp_has_what_it_was_given(examples):
    recorded = examples.built("train_hook_cpp")
    check_end(recorded)
    check_rows(recorded, ((step, row | {"samples_seen": 32 * step}) for step, row in descent()), printed=("loss",))
    given = {"learning_rate": FIRST_RATE, "steps": STEPS, "seed": 2**64 - 1, "nesterov": False}
    given |= {"optimizer": "sgd", "schedule": "linear"}
    assert given.items() <= recorded.config.items() and recorded.config["nesterov"] is False
    assert recorded.summary["weight"] == pytest.approx(2.978358507128561)


def test_a_run_in_cpp_that_an_exception_ends_has_failed(examples):
    recorded = examples.built("train_hook_cpp", "diverge")
    check_end(recorded, 1)
    assert recorded.console["stderr"] == "the loss is no number any more\n"
    assert len(recorded.rows) == STEPS // 2 - 1


def test_printed_and_logged_metrics_share_a_row(programs, shim, tmp_path):
    flags = (f"-I{HEADER}", f"-L{shim.parent}", "-ltrackshim", f"-Wl,-rpath,{shim.parent}")
    work, track = tmp_path / "work", tmp_path / "track"
    work.mkdir()
    outcome = execute(programs.argv("prints_and_logs.c", flags), "pipe", work, clean_environment(track), limit=60)
    recorded = Recorded(outcome, outcome.stdout, track)
    assert [row["_step"] for row in recorded.rows] == list(range(1, 61))
    for row in recorded.rows:
        assert same(row["extra"], 2 * row["_step"]) and "train_loss" in row


# What llm.c's loop stands in, as far as docs/api.md uses it.
AROUND = """
#include <stdio.h>
static struct { float mean_loss; } model;
static float get_learning_rate(int step) { return 0.5f / (step + 1); }
static float gpt2_update(void *m, float rate, int step) { (void)m; model.mean_loss = rate; return 2 * step; }
int main(void) {
  int train_num_batches = 10, tok_per_sec = 1000;
  double ms = 1;
  %s
  return 0;
}
"""


def test_the_loop_in_the_documentation_makes_rows_of_both(examples, tmp_path):
    block = re.search(r"```c\n(.*?)```", (ROOT / "docs/api.md").read_text(), re.DOTALL)[1]
    include, loop = block.split("\n", 1)
    source = tmp_path / "llm.c"
    source.write_text(include + AROUND % loop)
    recorded = examples.run(examples.compile(source, "gcc", "-Wall", "-Wextra", "-Werror", f"-I{HEADER}"))
    check_end(recorded)
    line = {"step_time_ms": 1, "tok_per_sec": 1000}
    rows = [(step, line | {"train_loss": 0.5 / step, "lr": 0.5 / step, "grad_norm": 2 * step}) for step in range(1, 11)]
    check_rows(recorded, rows, printed=("train_loss", "lr"))


def printed_rows(text):
    """What train.c's output says, read with nothing of ours: a metric belongs to the step last printed."""
    rows = {}
    step = 0
    for line in text.splitlines():
        if found := re.match(rf"step +(\d+)/\d+: train loss ({NUMBER}) \(({NUMBER}) ms, (\d+) tok/s\)$", line):
            step = int(found[1])
            rows[step] = [float(found[2]), float(found[3]), float(found[4])]
        elif found := re.match(rf"val loss ({NUMBER}) \(avg_train ({NUMBER}), gap ({NUMBER})\)$", line):
            rows.setdefault(step, []).extend(float(found[i]) for i in (1, 2, 3))
        elif found := re.match(rf"test loss ({NUMBER})$", line):
            rows[step].append(float(found[1]))
    return rows


def test_every_number_that_train_printed_is_in_its_run(examples, tmp_path):
    data = tmp_path / "data"
    subprocess.run([ROOT / "build/bin/train", "make-data", data], check=True, capture_output=True)
    words = ["-e", str(data / "model.bin"), "-i", str(data / "train.bin"), "-j", str(data / "val.bin")]
    words += ["-x", str(data / "test.bin"), "-n", str(TRAIN_STEPS), "-v", "50", "-s", "100"]
    recorded = examples.built("train", *words, preload=True)
    assert recorded.outcome.status == 0, recorded.outcome.stderr
    expected = printed_rows(recorded.printed.decode())
    assert list(expected) == list(range(TRAIN_STEPS + 1)) and len(expected[TRAIN_STEPS]) == 7
    found = {row["_step"]: sorted(metrics(row).values()) for row in recorded.rows}
    assert found == {step: sorted(numbers) for step, numbers in expected.items()}
    assert recorded.console["stdout"].encode() == recorded.printed
    assert (recorded.config["batch_size_b"], recorded.config["weight_decay"]) == (256, 1.0)
    assert official.differences(recorded.journal, recorded.kinds) == []
