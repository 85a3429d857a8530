"""Runs the official W&B tools on a journal, away from the user's own settings and account."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from support.official import leet

from .fixtures import KEY

FAULTS = ("ERROR", "WARN", "Traceback", "panic")


class OfficialError(AssertionError):
    """An official tool did not accept what it was given."""


def environment(home, server=None, key=KEY):
    """An environment in which W&B finds nobody's account and tells nobody of its errors."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("WANDB", "TRACKSHIM_"))}
    places = ("CONFIG", "CACHE", "DATA", "ARTIFACT")
    kept |= {f"WANDB_{place}_DIR": str(Path(home) / place.lower()) for place in places}
    kept |= {"HOME": str(home), "NETRC": str(Path(home) / "netrc"), "WANDB_ERROR_REPORTING": "false"}
    kept |= {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1", "WANDB_DISABLE_GIT": "true"}
    kept.pop("LD_PRELOAD", None)
    if server is not None:
        kept |= {"WANDB_BASE_URL": server.url, "WANDB_API_KEY": key}
    return kept


def run_python(*arguments, cwd, server=None, timeout=120, **extra):
    """The tests' own Python with the official client in it, in that environment."""
    with tempfile.TemporaryDirectory(prefix="trackshim-official-") as home:
        return subprocess.run(
            [sys.executable, *map(str, arguments)], cwd=cwd, stdin=subprocess.DEVNULL,
            env=environment(home, server) | extra, capture_output=True, text=True, timeout=timeout,
        )


def leet_records(path):
    """Each record of the journal as `wandb leet inspect` prints it."""
    records = [json.loads(line) for line in _leet(path).splitlines()]
    if not records or any("num" not in r or "type" not in r for r in records):
        raise OfficialError(f"leet on {path}: {records[:3] or 'no record'}")
    return records


def leet_summary(path):
    """State, config, summary, console and exit code as `wandb leet` shows them."""
    return json.loads(_leet(path, "--summary"))


def _leet(path, *options):
    """A sound journal leaves stderr empty."""
    done = leet(journal_in(path), *options)
    if done.returncode or done.stderr.strip():
        raise OfficialError(f"leet {options} on {path}: status {done.returncode}: {done.stderr}")
    return done.stdout


@dataclass
class Synced:
    output: str
    marked: bool  # the `.synced` file is there

    @property
    def faults(self):
        return [l for l in self.output.splitlines() if any(f in l for f in FAULTS)]

    @property
    def accepted(self):
        return self.marked and not self.faults


def sync(path, server, *options, timeout=120):
    """`wandb sync`. Its exit status is 0 even when it fails: read `accepted`, not that."""
    journal = journal_in(path)
    words = ["-m", "wandb", "sync", *options, journal.parent]
    done = run_python(*words, cwd=journal.parent, server=server, timeout=timeout)
    marker = journal.with_name(journal.name + ".synced")
    return Synced(done.stdout + done.stderr, marker.exists())


def journal_in(path):
    """The one journal at or under a path: a `.wandb` file, a run directory or what holds wandb/."""
    path = Path(path)
    if path.is_file():
        return path
    found = [p for p in sorted(path.rglob("run-*.wandb")) if "latest-run" not in p.parts]
    if len(found) != 1:
        raise OfficialError(f"{len(found)} journals under {path}: {found}")
    return found[0]
