"""`trackshim run`: what it starts, what it leaves alone, what it says."""

import os
import re
import shutil
import signal
import stat
import subprocess
import time
from pathlib import Path

import pytest
from support import journal
from support.cli import Command, tree
from support.comparison import without_notes
from support.library import library


@pytest.fixture
def cli(tmp_path, shim) -> Command:
    return Command(tmp_path)


@pytest.fixture
def printf(programs) -> str:
    return programs.argv("printf.c")[0]


def only_run(cli: Command):
    files = journal.run_files(cli.track)
    assert len(files) == 1, files
    return journal.records(files[0])


def run_record(cli: Command):
    return next(record.run for record in only_run(cli) if record.WhichOneof("record_type") == "run")


def test_a_rank_stands_behind_the_id_once(cli, printf):
    cli.environment |= {"TRACKSHIM_RANKS": "all", "RANK": "3", "TRACKSHIM_RUN_ID": "x"}
    done = cli("run", "--", "sh", "-c", f"{printf}; true")
    assert run_record(cli).run_id == "x-3" and b"no line of the output" not in done.stderr


# ---- The command is itself --------------------------------------------------------------------


def test_output_and_status_are_the_commands_own(cli, printf):
    alone = subprocess.run([printf], capture_output=True, env=cli.environment)
    done = cli("run", "--", printf)
    assert (done.stdout, without_notes(done.stderr), done.returncode) == (
        alone.stdout,
        alone.stderr,
        alone.returncode,
    )
    assert only_run(cli)


@pytest.mark.parametrize("status", [0, 1, 7, 255])
def test_the_exit_status_passes_through(status, cli):
    assert cli("run", "--", "python3", "-c", f"raise SystemExit({status})").returncode == status


def test_a_death_by_signal_passes_through(cli):
    done = cli("run", "--", "sh", "-c", "kill -TERM $$; sleep 5")
    assert done.returncode == -signal.SIGTERM


def test_no_process_stays_behind_and_signals_reach_the_command(cli):
    process = cli.start("run", "--", "sleep", "30")
    try:
        name = wait_for(lambda: Path(f"/proc/{process.pid}/comm").read_text(), "sleep\n")
        assert name == "sleep\n"
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
        assert children == ""
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == -signal.SIGINT
    finally:
        process.kill()
        process.wait()


def wait_for(look, wanted, limit: float = 10):
    end = time.monotonic() + limit
    while (seen := look()) != wanted and time.monotonic() < end:
        time.sleep(0.01)
    return seen


def test_stdin_is_the_commands_own(cli):
    data = bytes(range(256)) * 1000
    assert cli("run", "--", "cat", input=data).stdout == data


def test_the_command_starts_as_it_would_alone(cli):
    """Signals, open files and arguments, compared with the same command without us."""
    script = "grep -E '^(Sig|Shd|NoNewPrivs)' /proc/self/status | grep -v SigQ; ls /proc/self/fd; pwd"
    words = ["sh", "-c", script + '; printf "%s|" "$0" "$@"', "zero", "a b", "", "--", "--help", "$x"]
    alone = subprocess.run(
        words, capture_output=True, cwd=cli.work, env=cli.environment, input=b""
    )
    done = cli("run", "--project", "p", "--", *words)
    assert done.stdout == alone.stdout


def test_options_of_the_command_need_no_separator(cli):
    assert cli("run", "--name", "n", "echo", "--name", "-x").stdout == b"--name -x\n"


def test_other_preloads_stay(cli, programs):
    other = str(programs.guest("other_guest.c"))
    done = cli("run", "--", "sh", "-c", "echo $LD_PRELOAD", LD_PRELOAD=other)
    ours, behind = done.stdout.decode().strip().split(":")
    assert (Path(ours).resolve(), behind) == (library(), other)


# ---- Options ----------------------------------------------------------------------------------


def test_options_become_the_run(cli, printf):
    options = {
        "project": "mod97", "name": "a name", "entity": "me", "group": "g", "tags": "one, two",
        "job-type": "train", "notes": "first line\nsecond", "id": "my-id",
    }  # fmt: skip
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    assert cli("run", *words, "--", printf).returncode == 0
    run = run_record(cli)
    assert (run.project, run.display_name, run.entity, run.run_group) == ("mod97", "a name", "me", "g")
    assert (list(run.tags), run.job_type, run.notes) == (["one", "two"], "train", "first line\nsecond")
    assert run.run_id == "my-id"
    assert journal.run_files(cli.track)[0].name == "run-my-id.wandb"


def test_an_option_wins_over_the_environment(cli, printf):
    cli("run", "--project", "option", "--", printf, TRACKSHIM_PROJECT="variable", WANDB_NAME="twin")
    run = run_record(cli)
    assert (run.project, run.display_name) == ("option", "twin")


def test_without_an_id_each_run_gets_one(cli, printf):
    for _ in range(2):
        cli("run", "--", printf)
    ids = [file.stem.removeprefix("run-") for file in journal.run_files(cli.track)]
    assert len(set(ids)) == 2 and all(re.fullmatch("[a-z0-9]{8}", name) for name in ids)


def test_a_relative_folder_is_meant_from_here(cli, printf):
    done = cli("run", "--dir", "runs", "--", "sh", "-c", f"cd / && exec {printf}")
    assert done.returncode == 0
    assert len(journal.run_files(cli.work / "runs")) == 1


def test_disabled_does_nothing(cli, printf):
    done = cli("run", "--mode", "disabled", "--", "sh", "-c", f"echo =$LD_PRELOAD=; {printf}")
    assert done.stdout.startswith(b"==\n") and done.stderr == b"" and not cli.track.exists()


@pytest.mark.parametrize(
    "option, value, accepted",
    [
        ("--project", "a/b", "none of / \\ # ? % :"),
        ("--id", "a:b", "none of : ; , # ? / '"),
        ("--tags", "t" * 65, "tags of 1 to 64 characters"),
        ("--name", "two\nlines", "one line"),
        ("--mode", "onlin", "offline"),
    ],
)
def test_values_that_cannot_be_used_are_refused(option, value, accepted, cli):
    done = cli("run", option, value, "--", "touch", "ran")
    assert done.returncode == 64 and done.stdout == b""
    assert accepted in done.stderr.decode() and not (cli.work / "ran").exists()


@pytest.mark.parametrize("words", [["--projct", "p", "--", "echo"], [], ["--"], ["--project"], ["--", ""]])
def test_wrong_usage_starts_nothing(words, cli):
    done = cli("run", *words)
    assert done.returncode == 64 and done.stdout == b"" and b"Usage: trackshim run" in done.stderr


def test_a_bad_variable_is_no_refusal(cli, printf):
    done = cli("run", "--", printf, WANDB_RUN_ID="a/b", TRACKSHIM_PROJECT="x:y")
    assert done.returncode == 0 and b"WANDB_RUN_ID='a/b' cannot be used" in done.stderr
    assert run_record(cli).project == "uncategorized"


# ---- What cannot be run or tracked --------------------------------------------------------------


@pytest.mark.parametrize("word", ["no-such-program", "/no/such/program", "./none"])
def test_a_missing_command_is_127(word, cli):
    done = cli("run", "--", word)
    assert done.returncode == 127
    assert done.stderr.startswith(b"trackshim: " + word.encode()) and done.stderr.count(b"\n") == 1


@pytest.mark.parametrize("word", ["/etc/passwd", "/tmp"])
def test_what_is_no_program_is_126(word, cli):
    done = cli("run", "--", word)
    assert done.returncode == 126 and done.stderr.startswith(b"trackshim: " + word.encode())


def test_a_missing_interpreter_is_named(cli):
    script = cli.work / "script"
    script.write_text("#!/no/such/interpreter -x\n")
    script.chmod(0o755)
    done = cli("run", "--", script)
    assert done.returncode == 127 and b"/no/such/interpreter" in done.stderr


def test_a_script_without_a_first_line_runs_as_a_shell_would(cli):
    script = cli.work / "script"
    script.write_text("echo ran\n")
    script.chmod(0o755)
    assert cli("run", "--", script).stdout == b"ran\n"


@pytest.mark.parametrize("flags", [("-static",), ("-static-pie",)])
def test_a_static_program_runs_and_is_named(flags, cli, programs):
    program = programs.argv("printf.c", flags)[0]
    alone = subprocess.run([program], capture_output=True, env=cli.environment)
    done = cli("run", "--", program)
    assert (done.stdout, done.returncode) == (alone.stdout, alone.returncode)
    notes = [line for line in done.stderr.decode().splitlines() if line.startswith("trackshim: ")]
    assert len(notes) == 1 and "statically linked" in notes[0] and program in notes[0]
    assert without_notes(done.stderr) == alone.stderr
    assert cli("run", "--", program, TRACKSHIM_QUIET="1").stderr == alone.stderr


def test_a_script_of_a_static_interpreter_is_named(cli, programs):
    script = cli.work / "script"
    script.write_text(f"#!{programs.argv('printf.c', ('-static',))[0]}\n")
    script.chmod(0o755)
    assert b"statically linked" in cli("run", "--", script).stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")
def test_a_set_uid_program_runs_and_is_named(cli, printf):
    program = cli.work / "privileged"
    shutil.copy(printf, program)
    program.chmod(0o755 | stat.S_ISUID)
    assert b"set-uid" not in cli("run", "--", program).stderr  # one's own gains nothing
    os.chown(program, 12345, 12345)
    program.chmod(0o755 | stat.S_ISUID)
    done = cli("run", "--", program)
    assert b"it is set-uid" in done.stderr and done.returncode == 0
    assert len(journal.run_files(cli.track)) == 1


def test_a_program_of_another_machine_is_named(cli):
    header = bytearray(64)
    header[:7] = b"\x7fELF\x01\x01\x01"
    header[16:20] = (2).to_bytes(2, "little") + (3).to_bytes(2, "little")
    program = cli.work / "old"
    program.write_bytes(header)
    program.chmod(0o755)
    done = cli("run", "--", program)
    alone = subprocess.run(["env", program], capture_output=True, env=cli.environment)
    assert b"it is a 32-bit program" in done.stderr and done.returncode == alone.returncode


def test_output_without_a_metric_is_told_at_the_end(cli, programs):
    program = programs.argv("no_metric.c")[0]
    done = cli("run", "--", program)
    assert done.returncode == 2 and not (cli.track / "wandb").exists()
    last = done.stderr.decode().splitlines()[-1]
    assert last.startswith("trackshim: no line") and "trackshim check" in last
    assert b"no line of" not in cli("run", "--", program, TRACKSHIM_QUIET="1").stderr


# ---- The library --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["copy", "my tree", "a:b", "$ORIGIN"])
def test_a_copied_tree_works(name, cli, printf, tmp_path):
    cli.tool = tree(tmp_path / name)
    done = cli("run", "--", printf)
    assert done.returncode == 0 and b"ld.so" not in done.stderr
    assert only_run(cli)
    assert cli("show").returncode == 0


def test_a_link_to_the_command_works(cli, printf, tmp_path):
    link = tmp_path / "trackshim"
    link.symlink_to(tree(tmp_path / "tree"))
    cli.tool = link
    assert cli("run", "--", printf).returncode == 0 and only_run(cli)


def test_a_missing_library_is_named(cli, printf, tmp_path):
    cli.tool = tree(tmp_path / "tree")
    place = tmp_path / "tree" / "lib" / "libtrackshim.so"
    place.unlink()
    done = cli("run", "--", printf)
    assert (done.returncode, done.stdout) == (125, b"") and str(place) in done.stderr.decode()


# ---- Help -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", [["--help"], ["run", "--help"], ["run", "-h"], ["help", "run"], ["show", "--help"]]
)
def test_help_has_an_example(words, cli):
    done = cli(*words)
    assert done.returncode == 0 and b"  trackshim " in done.stdout and done.stderr == b""


def test_the_version_is_the_headers(cli):
    header = (Path(__file__).parents[1] / "Sources/CTrackShim/include/trackshim.h").read_text()
    version = re.search(r'TRACKSHIM_VERSION "(.+)"', header)[1]
    assert cli("--version").stdout.decode() == version + "\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_there_are_completion_scripts(shell, cli):
    script = cli("--generate-completion-script", shell)
    assert script.returncode == 0 and b"--job-type" in script.stdout.replace(b"'job-type'", b"--job-type")
    if shutil.which(shell):
        checked = subprocess.run([shell, "-n"], input=script.stdout, capture_output=True)
        assert checked.returncode == 0, checked.stderr
