"""`trackshim learn`: what it proposes works when it is pasted, and says what it does."""

import json
import re

import pytest
from support.cli import Command
from support.library import ROOT

LOGS = sorted((ROOT / "Tests/logs").glob("trainers/*.log")) + sorted((ROOT / "Tests/logs").glob("free/*.log"))


@pytest.fixture
def cli(tmp_path) -> Command:
    return Command(tmp_path)


def learn(cli, log, *words):
    """Each template with its number of lines, and whether it is of lines that are read without it."""
    done = cli("learn", *words, log)
    if done.returncode:
        assert done.stdout == b"" and done.stderr.startswith(b"trackshim: ")
        return {}
    text = done.stdout.decode()
    cli.formats = cli.work / "my.formats"
    cli.formats.write_text(text)
    found = {}
    for section in text.split("\n\n")[1:]:
        lines = section.strip("\n").split("\n")
        count = int(re.match(r"# (\d+) lines?; line \d+: ", lines[0])[1])
        assert lines[1].startswith("# gives ")
        found[lines[-1]] = (count, any(line.startswith("# Read without it") for line in lines))
    return found


def check(cli, log, **variables):
    done = cli("check", "--json", log, **variables)
    assert done.stderr == b""
    return [json.loads(line, parse_float=str, parse_int=str) for line in done.stdout.splitlines()]


def values(cli, log):
    """What the templates give, as (key, values)."""
    found = {}
    for line in check(cli, log, TRACKSHIM_FORMATS=str(cli.formats)):
        if line["rule"] == "template":
            for key, value in line["metrics"].items():
                found.setdefault(key, []).append(value)
    return found


@pytest.mark.parametrize("log", LOGS, ids=lambda log: log.stem)
@pytest.mark.parametrize("words", [(), ("--all",)])
def test_whatever_is_proposed_can_be_used_and_takes_the_lines_it_says(log, words, cli):
    proposed = learn(cli, log, *words)
    if not proposed:
        pytest.skip("nothing is proposed")
    lines = check(cli, log, TRACKSHIM_FORMATS=str(cli.formats))
    taken = sum(line["rule"] == "template" for line in lines)
    assert taken == sum(count for count, _ in proposed.values())
    if not words:
        # What was read before is read as before, but for where the last step was printed.
        before = {line["line"]: line["metrics"] for line in check(cli, log)}
        after = {line["line"]: line["metrics"] for line in lines if line["rule"] != "template"}
        assert {number: before.get(number) for number in after} == after


# What the other readers leave of these logs: a template, its metric, and where its values stand in the log.
LEFT = {
    "crfsuite": [
        ("Seconds required for this iteration: {required_for_this_iteration}", "required_for_this_iteration",
         r"^Seconds required for this iteration: (\S+)"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", LEFT)
def test_what_is_left_of_a_trainers_log(name, cli):
    log = ROOT / f"Tests/logs/trainers/{name}.log"
    proposed = learn(cli, log)
    found = values(cli, log)
    for template, key, where in LEFT[name]:
        assert template is None or template in proposed
        printed = re.findall(where, log.read_text(), re.MULTILINE)
        assert printed and found[key] == printed


def written(cli, *lines):
    log = cli.work / "the.log"
    log.write_text("".join(f"{line}\n" for line in lines))
    return log


def test_sentences(cli):
    log = written(cli, *(
        f"2024-01-01 12:00:{n:02},123 host{n % 2} says: after {n * 10} steps the loss went down to {n / 8}, at "
        f"{n},000 tok/s\n  {{saved to run/ckpt_{n}00.pt in 0.{n} seconds}}" for n in range(1, 9)
    ))  # fmt: skip
    proposed = learn(cli, log)
    assert proposed == {
        "{{saved to run/{_} in {time_s} seconds}}": (8, False),
        **{f"{{_}} {{_}} host{n} says: after {{step}} steps the loss went down to {{loss}}, at {{tok_per_sec}} tok/s": (
            4, False) for n in (1, 0)},
    }  # fmt: skip
    lines = check(cli, log, TRACKSHIM_FORMATS=str(cli.formats))
    assert [line["step"] for line in lines] == [str(10 * (n // 2)) for n in range(2, 18)]
    assert [line["metrics"] for line in lines][-2:] == [
        {"loss": "1.0", "tok_per_sec": "8000"}, {"time_s": "0.8"},
    ]  # fmt: skip


def test_from_a_pipe_and_as_said_in_the_help(cli):
    log = written(cli, *(f"now the width is {n}.5 here" for n in range(3)))
    from_file = cli("learn", log)
    from_pipe = cli("learn", "-", input=log.read_bytes())
    assert from_pipe.stdout == from_file.stdout.replace(b"the.log", b"standard input")
    assert b"TRACKSHIM_FORMATS=my.formats" in from_file.stdout
    assert from_file.stdout.endswith(
        b"\n# 3 lines; line 1: now the width is 0.5 here\n"
        b"# gives width=0.5, at the step that was printed last\nnow the width is {width} here\n"
    )
    # Nothing is left of the copy.
    assert not [path for path in cli.work.iterdir() if path.name.startswith("trackshim")]


def test_what_is_read_already_is_left_out_and_can_be_had(cli):
    log = written(cli, *(f"step {n}: loss {n}.5" for n in range(1, 5)))
    done = cli("learn", log)
    assert (done.returncode, done.stdout) == (1, b"") and b"(--all shows them)" in done.stderr
    assert learn(cli, log, "--all") == {"step {step}: loss {loss}": (4, True)}


def test_as_many_lines_as_asked_for(cli):
    log = written(cli, *(f"now the width is {n}.5 here" for n in range(3)))
    assert cli("learn", "--min", 4, log).returncode == 1
    assert len(learn(cli, log, "--min", 3)) == 1
    assert cli("learn", "--min", 1, log).returncode == 64


@pytest.mark.parametrize("log", ["/no/such/log", "/"])
def test_a_log_that_cannot_be_read(log, cli):
    done = cli("learn", log)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.startswith(f"trackshim: {log} ".encode()) and done.stderr.count(b"\n") == 1


def test_no_template_shows_what_a_terminal_obeys(cli):
    done = cli("learn", written(cli, *(f"\x1b]0;x\x07now the width is {n}.5 here" for n in range(3))))
    assert done.returncode == 1 and b"\x1b" not in done.stderr and b"colours or control characters" in done.stderr


def test_prose_is_little_of_it(cli):
    """Lines of a story, each with a number of its own, beside one that reports."""
    words = "the ship went over sea and sand with men who saw birds in air".split()
    story = (" ".join(words[(n * k) % 14] for k in range(1, 9)) + f" {n}" for n in range(500))
    report = (f"now the width is {n}.5 here" for n in range(600))
    proposed = learn(cli, written(cli, *story, *report))
    assert next(iter(proposed)) == "now the width is {width} here"
    assert learn(cli, cli.work / "the.log", "--min", "100").keys() == {"now the width is {width} here"}


@pytest.mark.alone
def test_a_large_log(cli, measured, tmp_path):
    """Time grows with the log, memory does not."""
    log = tmp_path / "large.log"
    with log.open("w") as file:
        for n in range(80_000):
            file.write(f"2024-01-01 12:00:00,{n % 1000:03} host{n % 7} says: after {n} steps the loss is now {n / 7:.4f}\n")
            file.write(f"a line of {n:b} kinds of which there is {n:x}ly one {n}\n".replace("1", "a").replace("0", "b"))
    done, took, memory = cli.measured("learn", log)
    measured(f"learn: {log.stat().st_size >> 20} MB of log in {took:.1f} s, {memory >> 20} MB of memory")
    assert b"the loss is now {loss}" in done.stderr and memory < 60 << 20
