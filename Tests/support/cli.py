"""Runs the `trackshim` command as a user would."""

import json
import subprocess
import time
from pathlib import Path

import pytest

from .execution import clean_environment
from .library import command, library


def tool() -> Path:
    path = command()
    if path is None:
        pytest.fail("build/bin/trackshim is not there: run `make`, or set TRACKSHIM_CLI", pytrace=False)
    return path


class Command:
    """The command, its runs in `folder`/track, and a working directory of its own."""

    def __init__(self, folder: Path):
        self.tool = tool()
        self.track = folder / "track"
        self.work = folder / "work"
        self.work.mkdir()
        self.environment = clean_environment(self.track)

    def __call__(self, *words, input: bytes | None = None, **variables) -> subprocess.CompletedProcess:
        return subprocess.run(
            [str(self.tool), *map(str, words)],
            input=input if input is not None else b"",
            capture_output=True,
            timeout=60,
            cwd=self.work,
            env=self.environment | variables,
        )

    def start(self, *words, **options) -> subprocess.Popen:
        return subprocess.Popen(
            [str(self.tool), *map(str, words)], cwd=self.work, env=self.environment, **options
        )

    def measured(self, *words) -> tuple[subprocess.CompletedProcess, float, int]:
        """The command's end (what it printed is in stderr), its seconds, and the most memory that it had, in bytes."""
        script = (
            "import resource,subprocess,sys;done=subprocess.run(sys.argv[2:],stdout=sys.stderr.fileno());"
            "open(sys.argv[1],'w').write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss));"
            "sys.exit(done.returncode)"
        )
        answer = self.work / "memory"
        started = time.monotonic()
        done = subprocess.run(
            ["/usr/bin/python3", "-c", script, answer, self.tool, *words], capture_output=True, cwd=self.work,
            env=self.environment, timeout=300,
        )  # fmt: skip
        return done, time.monotonic() - started, int(answer.read_text()) * 1024

    def show_json(self, *words) -> tuple[dict, bytes]:
        """The document, read as strictly as JSON is written, and stderr."""
        done = self("show", "--json", *words)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout, parse_constant=_refuse), done.stderr


def _refuse(word: str):
    raise ValueError(f"{word} is no JSON")


def tree(folder: Path) -> Path:
    """A copy of the two files that belong together; the command in it."""
    for source, name in [(tool(), "bin/trackshim"), (library(), "lib/libtrackshim.so")]:
        target = folder / name
        target.parent.mkdir(parents=True)
        target.write_bytes(source.read_bytes())
        target.chmod(0o755)
    return folder / "bin" / "trackshim"
