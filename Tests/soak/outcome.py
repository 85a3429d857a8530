"""What is in the journal and on the server against what the program printed."""

import re
from collections import Counter
from pathlib import Path

from support import journal

# Of a forked child; it may stand in the middle of another line, where a buffer of the program's ended.
CHILD = b"child: step  900/900: train loss 9.900000 (1.000000 ms, 1000 tok/s)\n"
STEP = re.compile(r"step +(\d+)/\d+: train loss")
OWN = "trackshim: "


def printed_lines(file: Path) -> list[str]:
    return _lines(file.read_bytes().replace(CHILD, b"").decode())


def _lines(text: str) -> list[str]:
    """But for progress bars, which a console shows otherwise than they are printed, and for our own notes."""
    return [line for line in text.split("\n") if "saving" not in line and not line.startswith(OWN)]


def check_journal(check, file: Path, stdout: Path, stderr: Path) -> tuple[list[str], list[int]]:
    """The console lines of stdout and the steps that the journal has."""
    texts, steps, losses = {"stdout": [], "stderr": []}, [], 0
    for record in journal.records(file):
        kind = record.WhichOneof("record_type")
        if kind == "output_raw":
            is_error = record.output_raw.output_type == record.output_raw.OutputType.STDERR
            texts["stderr" if is_error else "stdout"].append(record.output_raw.line)
        elif kind == "history":
            items = {(*item.nested_key, item.key)[0]: item.value_json for item in record.history.item}
            steps.append(int(items["_step"]))
            losses += "train_loss" not in items
    recorded = _lines("".join(texts["stdout"]))
    printed = printed_lines(stdout)
    wanted = [int(found[1]) for line in printed if (found := STEP.match(line))]
    is_whole = steps == wanted == list(range(1, len(wanted) + 1))
    check("every step is a row of the journal, once", is_whole, f"{len(steps)} rows")
    check("every row has its loss", losses == 0)
    check("the journal has every line of stdout, in order", recorded == printed, _first_difference(recorded, printed))
    errors = Counter(_lines("".join(texts["stderr"]))), Counter(_lines(stderr.read_text()))
    check("the journal has every line of stderr", errors[0] == errors[1], f"{errors[1].total()} lines")
    check("nothing of a child is in the journal", not any("child:" in line for line in recorded))
    return recorded, steps


def _first_difference(got: list[str], wanted: list[str]) -> str:
    for number, (a, b) in enumerate(zip(got, wanted)):
        if a != b:
            return f"line {number}: {a[:90]!r} instead of {b[:90]!r}"
    return f"{len(got)} lines" if len(got) == len(wanted) else f"{len(got)} lines instead of {len(wanted)}"


def check_server(check, run, lines: list[str], steps: list[int]) -> None:
    check("the server has the end", run.state == "finished" and run.exit_code == 0, run.state)
    there = [row["_step"] for row in run.history]
    check("the server has every row, once", there == steps, f"{len(there)} rows")
    sent = [text for stream, text in run.console if stream == "stdout" and "saving" not in text]
    wanted = lines[: len(lines) - (lines[-1] == "")]
    check("the server has every line of stdout, in order", sent == wanted, _first_difference(sent, wanted))
