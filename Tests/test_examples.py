"""The two example programs: one that calls the library, one that knows nothing of it."""

import re
import subprocess

import pytest
from server.tracked import Recorded, metrics, same
from support import official
from support.execution import clean_environment, execute
from support.library import ROOT

STEPS = 300
NUMBER = r"[-+]?(?:\d+\.\d+|nan|inf)"


@pytest.fixture
def run(shim, tmp_path):
    """Runs a program of Examples and answers with its record."""

    def execute_example(name, *words, preload=True, **settings) -> Recorded:
        work, track = tmp_path / "work", tmp_path / "track"
        work.mkdir()
        environment = clean_environment(track) | settings
        environment |= {"LD_PRELOAD": str(shim)} if preload else {"LD_LIBRARY_PATH": str(shim.parent)}
        outcome = execute([str(ROOT / "build/bin" / name), *words], "pipe", work, environment, limit=60)
        return Recorded(outcome, outcome.stdout, track)

    return execute_example


def losses():
    """train_hook's descent, done again here."""
    weight, before = 0.0, float("nan")
    for step in range(1, 21):
        loss = (weight - 3) * (weight - 3)
        weight -= 0.1 * 2 * (weight - 3)
        yield step, {"train_loss": loss, "gain": before - loss}
        before = loss


def test_train_hook_is_recorded(run):
    recorded = run("train_hook", preload=False)
    assert recorded.outcome.status == 0, recorded.outcome.stderr
    rows = [(row["_step"], metrics(row)) for row in recorded.rows]
    assert [step for step, _ in rows] == list(range(1, 21))
    for (step, found), (_, expected) in zip(rows, losses()):
        assert same(found, {key: pytest.approx(value, rel=1e-12, nan_ok=True) for key, value in expected.items()}), step
    first = recorded.of("history")[0].item
    assert [item.value_json for item in first if "gain" in (item.key, *item.nested_key)] == ["NaN"]
    assert recorded.console["stdout"] == "the weight is 2.965 after 20 steps\n"
    assert [record.exit_code for record in recorded.of("exit")] == [0]
    assert official.differences(recorded.journal, recorded.kinds) == []


def test_train_hook_goes_on_when_tracking_is_off(run):
    recorded = run("train_hook", preload=False, TRACKSHIM_MODE="disabled")
    assert (recorded.outcome.status, recorded.outcome.stderr) == (0, b"")
    assert recorded.outcome.stdout == b"the weight is 2.965 after 20 steps\n"
    assert not recorded.folder.exists()


def test_printed_and_logged_metrics_share_a_row(programs, shim, tmp_path):
    flags = (f"-I{ROOT / 'build/include'}", f"-L{shim.parent}", "-ltrackshim", f"-Wl,-rpath,{shim.parent}")
    work, track = tmp_path / "work", tmp_path / "track"
    work.mkdir()
    outcome = execute(programs.argv("prints_and_logs.c", flags), "pipe", work, clean_environment(track), limit=60)
    recorded = Recorded(outcome, outcome.stdout, track)
    assert [row["_step"] for row in recorded.rows] == list(range(1, 61))
    for row in recorded.rows:
        assert same(row["extra"], 2 * row["_step"]) and "train_loss" in row


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


def test_every_number_that_train_printed_is_in_its_run(run, tmp_path):
    data = tmp_path / "data"
    subprocess.run([ROOT / "build/bin/train", "make-data", data], check=True, capture_output=True)
    words = ["-e", str(data / "model.bin"), "-i", str(data / "train.bin"), "-j", str(data / "val.bin")]
    words += ["-x", str(data / "test.bin"), "-n", str(STEPS), "-v", "50", "-s", "100"]
    recorded = run("train", *words)
    assert recorded.outcome.status == 0, recorded.outcome.stderr
    expected = printed_rows(recorded.printed.decode())
    assert list(expected) == list(range(STEPS + 1)) and len(expected[STEPS]) == 7
    found = {row["_step"]: sorted(metrics(row).values()) for row in recorded.rows}
    assert found == {step: sorted(numbers) for step, numbers in expected.items()}
    assert recorded.console["stdout"].encode() == recorded.printed
    assert (recorded.config["batch_size_b"], recorded.config["weight_decay"]) == (256, 1.0)
    assert official.differences(recorded.journal, recorded.kinds) == []
