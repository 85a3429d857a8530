"""W&B's own reader, started as `wandb leet` starts it (without Python's second of imports)."""

import json
import subprocess
from pathlib import Path

from wandb.util import get_core_path


def leet(journal: Path, *options: str) -> subprocess.CompletedProcess:
    """`wandb leet inspect` on this journal. Damage is told on stderr, at times with exit status 0."""
    words = [get_core_path(), "leet", "inspect", "--no-observability", "--json", *options]
    words += ["--run-file", str(journal), str(journal.parent)]
    environment = {"HOME": str(journal.parent), "PATH": "/usr/bin:/bin"}
    return subprocess.run(words, capture_output=True, text=True, timeout=30, env=environment)


def inspect(journal: Path) -> tuple[list[dict], str]:
    """The records as `wandb leet inspect --json` prints them, and what it complains about."""
    done = leet(journal)
    complaint = done.stderr.strip()
    if done.returncode != 0:
        complaint += f" (exit status {done.returncode})"
    return [json.loads(line) for line in done.stdout.splitlines()], complaint


def differences(journal: Path, kinds: list[str]) -> list[str]:
    """What W&B's reader finds wrong in a finished journal whose records our own reader has read."""
    found, complaint = inspect(journal)
    if complaint:
        return [f"journal: W&B's reader says: {complaint}"]
    if [record["type"] for record in found] != kinds:
        return [f"journal: W&B's reader sees {len(found)} records, the file has {len(kinds)}"]
    return []
