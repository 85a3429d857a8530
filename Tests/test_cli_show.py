"""`trackshim show`: runs that ended well, badly or not at all, as text and as JSON."""

import fcntl
import json
import math
import os
import re
import signal
import struct
import subprocess
import termios
import time

import pytest
from support import journal, official
from support.cli import Command
from support.live import LiveHost

TRAINER = r"""
import math
print("| max_steps             | 200                                                |")
for step in range(1, 201):
    loss = "nan" if step == 7 else f"{4 * math.exp(-step / 50):.6f}"
    print(f"step {step:4d}/200: train loss {loss} (1.500000 ms, {1000 + step} tok/s)")
    if step % 50 == 0:
        print(f"val loss {5 * math.exp(-step / 60):.6f}")
"""


@pytest.fixture
def cli(tmp_path, shim) -> Command:
    return Command(tmp_path)


@pytest.fixture
def trained(cli) -> Command:
    cli.environment["TRACKSHIM_RUN_ID"] = "trained"
    script = cli.work / "train.py"
    script.write_text(TRAINER)
    done = cli("run", "--name", "first", "--tags", "a,b", "--", "/usr/bin/python3", str(script))
    assert done.returncode == 0, done.stderr
    return cli


def only_journal(cli):
    files = journal.run_files(cli.track)
    assert len(files) == 1, files
    return files[0]


# ---- A finished run -----------------------------------------------------------------------------


def test_a_finished_run_as_text(trained):
    text = trained("show").stdout.decode()
    assert text.startswith("first (trained)\n  state     finished, exit code 0\n  project   test\n")
    assert "  tags      a, b\n" in text and str(only_journal(trained)) in text
    assert "config\n  max_steps  200\n" in text
    row = next(line for line in text.splitlines() if line.startswith("  train_loss "))
    assert row.split() == ["train_loss", "200", "3.9208", "0.073263", "0.073263", "3.9208"]
    assert "● val_loss" in text and "\x1b" not in text
    assert all(len(line) <= 80 for line in text[text.index("config") :].splitlines())


def test_a_finished_run_as_json(trained):
    run, errors = trained.show_json()
    assert errors == b""
    assert (run["id"], run["name"], run["project"], run["tags"]) == ("trained", "first", "test", ["a", "b"])
    assert (run["state"], run["exitCode"], run["damage"]) == ("finished", 0, None)
    assert run["path"] == str(only_journal(trained))
    assert run["config"]["max_steps"] == 200 and run["command"].endswith("train.py")
    assert run["rows"] == 200 and run["consoleLines"] == 205
    loss = run["metrics"]["train_loss"]
    assert loss == {"points": 200, "first": 3.920795, "last": 0.073263, "min": 0.073263, "max": 3.920795}
    assert run["metrics"]["val_loss"]["points"] == 4
    assert run["summary"]["val_loss"] == round(5 * math.exp(-200 / 60), 6)
    assert abs(run["startedAt"] - time.time()) < 60 and 0 <= run["duration"] < 60


def test_numbers_that_json_has_not_are_strings(cli):
    cli("run", "--", "sh", "-c", "exec /bin/echo 'step 1/1: train loss nan (inf ms, 1 tok/s)'", TRACKSHIM_IGNORE="")
    cli("run", "--", "/usr/bin/python3", "-c", "print('step 1/1: train loss nan (inf ms, 1 tok/s)')")
    run, _ = cli.show_json()
    assert run["metrics"]["train_loss"] == {
        "points": 1, "first": "NaN", "last": "NaN", "min": "NaN", "max": "NaN"
    }  # fmt: skip
    assert run["metrics"]["step_time_ms"]["max"] == "Infinity" and run["summary"]["train_loss"] == "NaN"
    assert b"NaN" in cli("show").stdout


@pytest.mark.parametrize("variables", [{"LANG": "C"}, {"LC_ALL": "POSIX"}])
def test_other_locales_get_ascii(variables, trained):
    text = trained("show", **variables).stdout
    assert text.isascii() and b"* train_loss" in text and b"o val_loss" in text
    assert trained("show", "--ascii").stdout == text


def test_plots_what_is_asked_for(trained):
    text = trained("show", "--plot", "tok_per_sec", "--plot", "val_loss").stdout.decode()
    assert "⠒ tok_per_sec   ● val_loss" in text
    done = trained("show", "--plot", "nope")
    assert done.returncode == 1 and b"train_loss" in done.stderr
    assert trained("show", *["--plot", "val_loss"] * 3).returncode == 64


@pytest.mark.parametrize("no_color", ["", "1"])
def test_colour_is_for_terminals(no_color, trained):
    reader, writer = os.openpty()
    fcntl.ioctl(writer, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
    environment = trained.environment | {"TERM": "xterm", "NO_COLOR": no_color}
    process = subprocess.Popen([trained.tool, "show"], stdout=writer, env=environment, cwd=trained.work)
    os.close(writer)
    text = b""
    while True:
        try:
            piece = os.read(reader, 65536)
        except OSError:
            break
        if not piece:
            break
        text += piece
    os.close(reader)
    assert process.wait(10) == 0
    assert (b"\x1b[32mfinished" in text) == (no_color == "")
    plain = text.decode().replace("\r\n", "\n")
    assert all(len(line) <= 60 for line in plain[plain.rindex("└") :].splitlines() if "\x1b" not in line)


def test_a_failed_run(cli):
    script = "print('step 1/1: train loss 1.0 (1.0 ms, 1 tok/s)'); raise SystemExit(3)"
    assert cli("run", "--", "/usr/bin/python3", "-c", script).returncode == 3
    run, _ = cli.show_json()
    assert (run["state"], run["exitCode"]) == ("failed", 3)
    assert b"failed, exit code 3" in cli("show").stdout


# ---- Which run ----------------------------------------------------------------------------------


def test_a_run_is_found_by_all_its_names(trained):
    file = only_journal(trained)
    here = {"cwd": file.parent}
    for name in ["trained", file.parent.name, file, file.parent, f"{file.parent}/", file.parent.parent, trained.track]:
        assert trained.show_json(name)[0]["path"] == str(file)
    for name in [".", file.name]:
        done = subprocess.run([trained.tool, "show", "--json", name], capture_output=True, **here)
        assert json.loads(done.stdout)["path"] == str(file)


def test_the_latest_run_is_the_default(trained):
    trained("run", "--id", "second", "--", "/usr/bin/python3", str(trained.work / "train.py"))
    assert trained.show_json()[0]["id"] == "second"
    assert trained.show_json("trained")[0]["id"] == "trained"


@pytest.mark.parametrize("words", [[], ["nope"], ["/no/such/place"], ["/dev/null"], ["/usr/bin"]])
def test_what_is_not_there_is_named(words, cli):
    done = cli("show", *words)
    assert (done.returncode, done.stdout) == (1, b"")
    named = words[0] if words else str(cli.track)
    note = done.stderr.decode()
    assert note.startswith("trackshim: ") and named in note and note.count("\n") == 1


# ---- Killed and running ---------------------------------------------------------------------------


def test_a_killed_run_is_completed_and_shown(cli, programs, shim, tmp_path):
    with LiveHost(programs.argv("endless.c"), shim, tmp_path) as host:
        host.kill_after(1.0)
        assert host.process.returncode == -signal.SIGKILL
    before = journal.kinds(journal.records_so_far(only_journal(cli)))
    assert "exit" not in before
    run, errors = cli.show_json()
    assert (run["state"], run["exitCode"]) == ("crashed", None)
    assert errors.startswith(b"trackshim: ") and errors.count(b"\n") == 1
    found = journal.records(only_journal(cli))
    recorded, printed = journal.console(found)["stdout"], host.printed().decode()
    # What the pipe got is recorded to the last byte; more may be: what stdio held.
    at = next((i for i, (a, b) in enumerate(zip(printed, recorded)) if a != b), len(printed))
    assert recorded.startswith(printed), f"from {at}: {printed[at - 99 : at + 99]!r} / {recorded[at - 99 : at + 99]!r}"
    assert len(printed) > 1000
    steps = [int(step) for step in re.findall(r"^step +(\d+)/\d+: .*\)\n", recorded, re.MULTILINE)]
    assert run["metrics"]["train_loss"]["points"] == len(steps) and run["summary"]["_step"] == steps[-1]
    assert official.differences(only_journal(cli), journal.kinds(found)) == []
    again, errors = cli.show_json()
    assert again == run and errors == b""
    assert b"crashed, exit not seen" in cli("show").stdout


def test_a_line_recorded_by_half_is_completed_once(cli):
    script = """
import os, signal, time
os.write(1, b"step 1/2: train loss 2.0 (1.0 ms, 1 tok/s)\\nstep 2/2: train lo")
time.sleep(0.5)
os.write(1, b"ss 1.0 (1.0 ms, 1 tok/s)\\nlast words")
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = cli("run", "--", "/usr/bin/python3", "-c", script)
    assert done.returncode == -signal.SIGKILL
    run, _ = cli.show_json()
    found = journal.records(only_journal(cli))
    # A line that the death cut off gets a line end in the record.
    assert journal.console(found)["stdout"] == done.stdout.decode() + "\n"
    assert run["metrics"]["train_loss"] == {"points": 2, "first": 2, "last": 1, "min": 1, "max": 2}


def test_a_running_run_is_shown_and_left_alone(cli, programs, shim, tmp_path):
    with LiveHost(programs.argv("endless.c"), shim, tmp_path) as host:
        end = time.monotonic() + 10
        while host.journal() is None and time.monotonic() < end:
            host.read()
            time.sleep(0.01)
        time.sleep(0.2)
        first, errors = cli.show_json()
        assert (first["state"], first["exitCode"], errors) == ("running", None, b"")
        assert f"running (process {host.process.pid})" in cli("show").stdout.decode()
        host.kill_after(0.5)
    second, _ = cli.show_json()
    assert second["state"] == "crashed" and second["consoleLines"] > first["consoleLines"]


# ---- Damage ---------------------------------------------------------------------------------------


def test_a_damaged_journal_is_shown_up_to_the_damage(trained):
    file = only_journal(trained)
    data = bytearray(file.read_bytes())
    place = len(data) * 2 // 3
    data[place] ^= 0xFF
    file.write_bytes(data)
    done = trained("show")
    assert done.returncode == 1 and b"first (trained)" in done.stdout and b"damaged at byte" in done.stdout
    done = trained("show", "--json")
    run = json.loads(done.stdout)
    assert done.returncode == 1 and 0 < run["rows"] < 200 and "checksum" in run["damage"]
    offset = int(run["damage"].split("byte ")[1].split()[0])
    assert place - 1000 < offset <= place


def test_a_journal_cut_short_is_shown(trained):
    file = only_journal(trained)
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2])
    run, _ = trained.show_json(file)
    assert run["state"] == "crashed" and 0 < run["rows"] < 200


def test_a_large_journal_takes_little_memory(trained, measured):
    file = only_journal(trained)
    payloads = list(journal.payloads(file.read_bytes()))
    rows = [item for item in payloads if item != payloads[-1]]
    grown = file.with_name("large.wandb")
    grown.write_bytes(framed(rows[:5] + rows[5:-1] * 300))
    started = time.monotonic()
    script = "import resource,subprocess,sys;subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,check=True);"
    script += "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    words = ["/usr/bin/python3", "-c", script, str(trained.tool), "show", str(grown)]
    done = subprocess.run(words, capture_output=True, text=True, check=True, env=trained.environment)
    size, memory = grown.stat().st_size, int(done.stdout) * 1024
    measured(f"show: {size >> 20} MB of journal in {time.monotonic() - started:.1f} s, {memory >> 20} MB of memory")
    assert size > 10 << 20 and memory < 40 << 20


def framed(payloads: list[bytes]) -> bytes:
    """Records in W&B's container, written by nothing of ours."""
    out = bytearray(journal.PREAMBLE)
    for payload in payloads:
        parts, rest = 0, payload
        while rest or parts == 0:
            room = journal.BLOCK - len(out) % journal.BLOCK
            if room < journal.HEADER.size:
                out += bytes(room)
                continue
            piece, rest = rest[: room - journal.HEADER.size], rest[room - journal.HEADER.size :]
            kind = {(0, 0): 1, (0, 1): 2, (1, 1): 3, (1, 0): 4}[(min(parts, 1), int(bool(rest)))]
            out += journal.HEADER.pack(journal.zlib.crc32(bytes([kind]) + piece), len(piece), kind) + piece
            parts += 1
    return bytes(out)
