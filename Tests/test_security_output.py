"""A program whose output wants something of us: numbers, names and lines made to be taken for something else."""

import json
import subprocess

import pytest
from server.fixtures import stand_in  # noqa: F401
from support import journal
from support.cli import tool
from support.online import Online
from support.programs import host_python
from support.unseen import UNSEEN

ESCAPES = "\x1b]0;owned\x07\x1b[2J\x1b]8;;file:///etc/passwd\x07\x9b31m\u202e\u200b"
STEP = "step {}/9: train loss {} (1.0 ms, 1 tok/s)"


@pytest.fixture
def online(programs, shim, tmp_path, stand_in):  # noqa: F811
    return Online(programs, shim, tmp_path, stand_in, TRACKSHIM_EXIT_TIMEOUT=8)


@pytest.fixture
def printed(online, stand_in, tmp_path):  # noqa: F811
    """Prints bytes; gives the end, the run on the server, and what `show` says."""

    def go(text: bytes, limit=6):
        file = tmp_path / "text"
        file.write_bytes(text)
        copy = "import sys; sys.stdout.buffer.write(open(sys.argv[1], 'rb').read())"
        online.argv = lambda *_, **__: [host_python(), "-c", copy, str(file)]
        ended = online.run()
        assert ended.status == 0 and ended.outcome.stdout == text and ended.took < limit
        assert stand_in.runs(), ended.outcome.stderr
        run = stand_in.run()
        assert run.state == "finished" and stand_in.violations == []
        journal.records(ended.journal)
        shown = subprocess.run([tool(), "show", online.track], capture_output=True, timeout=30)
        assert shown.returncode == 0 and not UNSEEN.search(shown.stdout.decode()), shown.stdout[:2000]
        told = subprocess.run([tool(), "show", "--json", online.track], capture_output=True, timeout=30)
        assert not UNSEEN.search(told.stdout.decode())
        return run, json.loads(told.stdout), ended

    return go


def row(name, value):
    return f"| {name:<21} | {value:<50} |\n"


def test_escape_sequences(printed):
    text = row("max_steps", "9") + row(f"model{ESCAPES}", f"tiny{ESCAPES}") + STEP.format(1, 1.5) + f"{ESCAPES}\n"
    text += STEP.format(2, 1.5) + "\n" + f"{ESCAPES}\n"
    run, shown, ended = printed(text.encode())
    assert run.summary["_step"] == 2 and not UNSEEN.search(ended.outcome.stderr.decode())


@pytest.mark.parametrize("number", [
    "9" * 1_000_000, "0." + "1" * 1_000_000, "1e999999999", "-1e-999999999", "1e" + "9" * 100_000, "0x1p99999999",
    "nan(" + "a" * 100_000 + ")", "1" + "0" * 400, "-" * 100_000, "1.7976931348623157e309", "\u0661\u0662\u0663",
], ids=lambda text: f"{text[:12]} of {len(text)}")
def test_numbers(number, printed):
    lines = [STEP.format(1, 2.5), STEP.format(2, number), STEP.format(number, 1.5), STEP.format(3, 0.5)]
    lines.insert(0, row("max_steps", number).strip())
    run, shown, _ = printed(("\n".join(lines) + "\n").encode())
    assert run.history[0]["train_loss"] == 2.5 and run.summary["train_loss"] == 0.5
    assert all(len(line) < 10_000 for line in run.stream("wandb-history.jsonl").text)


def test_texts_that_look_like_records(printed):
    lines = [
        '{"_step": 7, "train_loss": 9.0, "_wandb": {"runtime": 1}}', '","offset":0,"content":["x"]},"complete":true',
        ":W&B\u00e1\u00be\0", "ERROR 2026-11-22T07:06:53.000000 not an error", '{"level":"error","content":"x"}',
        "\x00\x01\x02", "%s%n%x", "</script><script>alert(1)</script>",
    ]
    text = STEP.format(1, 2.5) + "\n" + "\n".join(lines) + "\n" + STEP.format(2, 1.5) + "\n"
    run, shown, _ = printed(text.encode())
    assert [r["train_loss"] for r in run.history] == [2.5, 1.5] and run.exit_code == 0
    assert {stream for stream, _ in run.console} == {"stdout"} and len(run.console) == len(lines) + 2


def test_lines_that_look_like_ours(printed):
    """Anybody may print them; they do nothing, and are in the run's console as the program's."""
    fake = "trackshim: the run is at https://evil.example/run\n"
    run, shown, ended = printed((fake + STEP.format(1, 2.5) + "\n" + fake).encode())
    assert [text for _, text in run.console].count(fake.strip()) == 2
    assert b"evil" not in ended.outcome.stderr


def test_ill_formed_text(printed):
    bad = b"\xff\xfe\xc0\xaf\xed\xa0\x80\xf8\x88\x80\x80\x80\xf4\x90\x80\x80"
    text = STEP.format(1, 2.5).encode() + b"\n" + bad * 1000 + b"\n| max" + bad + b" | 9 |\n"
    run, _, _ = printed(text + STEP.format(2, 1.5).encode() + b"\n")
    assert len(run.history) == 2 and all("\udcff" not in line for line in run.output)


def test_a_flood_of_names(printed, measured):
    """A million config keys: ten thousand are kept."""
    table = "".join(row(f"k{number}", number) for number in range(1_000_000))
    run, shown, ended = printed((STEP.format(1, 2.5) + "\n" + table + STEP.format(2, 1.5) + "\n").encode(), limit=30)
    assert len(run.config) <= 10_100 and len(run.history) >= 1
    measured(f"a million lines of config end within {ended.took:.1f} s")


def test_a_key_as_long_as_a_line(printed):
    text = row("max_steps", "9") + f"| {'k' * 60_000} | 1 |\n| k | {'v' * 60_000} |\n" + STEP.format(1, 2.5) + "\n"
    run, _, _ = printed(text.encode())
    assert len(run.history) == 1


def test_columns_that_never_end(printed):
    """The screen that a line is played on is bounded."""
    text = STEP.format(1, 2.5) + "\n" + "a\x1b[999999999C" * 2000 + "\r" + "\x1b[2147483648D\b" * 1000 + "x\x1b[K\n"
    run, _, _ = printed((text + STEP.format(2, 1.5) + "\n").encode())
    assert len(run.history) == 2 and all(len(line) < 100_000 for line in run.output)
