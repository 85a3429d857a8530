"""Runs hosts under the library with a server and an account, as someone does who has logged in once."""

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from server.fixtures import KEY

from .cli import tool
from .comparison import without_notes
from .execution import Outcome, clean_environment, execute
from .journal import run_files


@dataclass
class Ended:
    """A host that has run: what a user saw of it, and where its run is."""

    outcome: Outcome
    took: float
    track: Path

    @property
    def status(self) -> int:
        return self.outcome.status

    @property
    def notes(self) -> list[str]:
        return notes_in(self.outcome.stderr)

    @property
    def visible(self) -> tuple:
        """What must be the same without the library."""
        return self.outcome.stdout, without_notes(self.outcome.stderr), self.outcome.ending()

    @property
    def journal(self) -> Path:
        found = run_files(self.track)
        assert len(found) == 1, f"{len(found)} runs; stderr: {self.outcome.stderr!r}"
        return found[0]


class Online:
    """One user on one machine: a home, a place for runs, a server to send them to."""

    def __init__(self, programs, shim, folder, server=None, **settings):
        self._programs, self._shim, self._server = programs, shim, server
        self.folder, self.track, self.work = folder, folder / "track", folder / "work"
        self.work.mkdir(parents=True, exist_ok=True)
        self.settings = settings

    def environment(self, tracked=True, preload=(), without=(), **settings) -> dict[str, str]:
        found = clean_environment(self.track, settles=False)
        if self._server:
            found |= {"WANDB_BASE_URL": self._server.url, "WANDB_API_KEY": KEY}
        found |= {name: str(value) for name, value in (self.settings | settings).items()}
        guests = [str(self._programs.guest(name)) for name in preload]
        libraries = ([str(self._shim)] if tracked else []) + guests
        if libraries:
            found["LD_PRELOAD"] = ":".join(libraries)
        return {name: value for name, value in found.items() if name not in without}

    def argv(self, *words, source="trainer.c") -> list[str]:
        return [*self._programs.argv(source), *map(str, words)]

    def run(self, *words, source="trainer.c", limit=60.0, **options) -> Ended:
        """`words` are the program's own; `options` are settings, or `tracked`, `preload`, `without`."""
        began = time.monotonic()
        outcome = execute(
            self.argv(*words, source=source), "pipe", self.work, self.environment(**options), limit
        )
        return Ended(outcome, time.monotonic() - began, self.track)

    def start(self, *words, source="trainer.c", stderr=subprocess.PIPE, **options) -> subprocess.Popen:
        return subprocess.Popen(
            self.argv(*words, source=source), cwd=self.work, env=self.environment(**options),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=stderr,
        )

    def sync(self, *paths, timeout=90, **settings) -> subprocess.CompletedProcess:
        """`trackshim sync`; without paths in the folder that holds wandb/."""
        environment = self.environment(tracked=False, **settings)
        self.track.mkdir(exist_ok=True)
        return subprocess.run(
            [tool(), "sync", *map(str, paths)], cwd=self.track, env=environment, capture_output=True, text=True,
            timeout=timeout, stdin=subprocess.DEVNULL,
        )


def notes_in(stderr: bytes) -> list[str]:
    lines = stderr.decode(errors="replace").splitlines()
    return [line for line in lines if line.startswith("trackshim: ")]


def wait_for(condition, limit: float, what: str):
    """What `condition` gives once it gives something true."""
    end = time.monotonic() + limit
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.02)
    raise AssertionError(f"{what}: not within {limit} s")
