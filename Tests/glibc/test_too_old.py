"""A glibc older than the oldest that is supported (2.34): Debian 11 has 2.31. README.md says what happens."""

import subprocess

import pytest
from support import journal
from support.cli import Command
from support.execution import clean_environment
from support.library import ROOT, command

OLD = ROOT / "build/glibc/bullseye/root"
FOLDERS = [OLD / "lib/x86_64-linux-gnu", OLD / "usr/lib/x86_64-linux-gnu"]
LOADER = FOLDERS[0] / "ld-2.31.so"
LIBRARIES = ":".join(map(str, FOLDERS))

pytestmark = pytest.mark.skipif(not LOADER.exists(), reason="only after `make test-glibc`")


def run_there(program, environment) -> subprocess.CompletedProcess:
    words = [LOADER, "--library-path", LIBRARIES, program, "hello"]
    return subprocess.run(words, capture_output=True, text=True, env=environment)


def test_a_preloaded_library_keeps_the_program_from_starting(shim, tmp_path):
    """Nothing of ours runs yet when the loader does this."""
    environment = clean_environment(tmp_path / "track")
    assert run_there(OLD / "bin/echo", environment).stdout == "hello\n"
    done = run_there(OLD / "bin/echo", environment | {"LD_PRELOAD": str(shim)})
    assert (done.returncode, done.stdout) == (1, "")
    assert f"version `GLIBC_2.34' not found (required by {shim})" in done.stderr


def test_the_command_does_not_start_and_the_loader_says_why(tmp_path):
    done = run_there(command(), clean_environment(tmp_path / "track"))
    assert (done.returncode, done.stdout) == (1, "")
    assert f"version `GLIBC_2.34' not found (required by {command()})" in done.stderr


def test_the_command_preloads_nothing_into_a_program_with_an_old_loader(shim, programs, tmp_path):
    """A program may bring a C library of its own, on a system with a newer one."""
    flags = ("-nostartfiles", f"-Wl,--dynamic-linker={LOADER}", f"-Wl,-rpath,{LIBRARIES}", "-Wl,--disable-new-dtags")
    program = programs.argv("no_start_files.c", flags)[0]
    cli = Command(tmp_path)
    alone = subprocess.run([program], capture_output=True, env=cli.environment)
    assert (alone.returncode, alone.stdout.count(b"\n")) == (3, 1), alone.stderr
    done = cli("run", "--", program)
    assert (done.returncode, done.stdout) == (alone.returncode, alone.stdout)
    assert "cannot be tracked: its loader has a glibc older than 2.34" in done.stderr.decode()
    assert journal.run_files(cli.track) == []
