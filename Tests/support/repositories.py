"""Git repositories for tests, and what git says of them and what a run's journal does."""

import os
import subprocess
from pathlib import Path

from google.protobuf.unknown_fields import UnknownFieldSet

from . import journal
from .execution import execute

# Numbers of W&B's environment record's fields that only we write (IdentityRecord.swift).
IDENTITY, DIRTY = 10_001, 5


class Repository:
    """One with some files of each kind, none of them changed, all older than its index."""

    FILES = {"a.txt": "first\n", "deep/b.txt": "second\n", "deep/er/c.txt": "third\n", "deep-er": "", "run.sh": "exit 1\n"}

    def __init__(self, folder: Path, *options: str):
        self.folder = folder
        self.home = folder.parent / "home"
        for made in (folder, self.home):
            made.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main", *options)
        for name, text in self.FILES.items():
            self.write(name, text)
        (folder / "run.sh").chmod(0o755)
        (folder / "link").symlink_to("a.txt")
        self.age()
        self.git("add", ".")
        self.git("commit", "-q", "-m", "one")

    def write(self, name: str, text: str | bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def age(self, folder: Path | None = None) -> None:
        """Files that were just written are read whatever the index says of them."""
        for path in (folder or self.folder).rglob("*"):
            if ".git" not in path.parts and not path.is_symlink():
                os.utime(path, (1_600_000_000, 1_600_000_000))

    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"], "HOME": str(self.home), "GIT_CONFIG_NOSYSTEM": "1", "GIT_PAGER": "cat",
            "GIT_AUTHOR_NAME": "n", "GIT_AUTHOR_EMAIL": "e", "GIT_COMMITTER_NAME": "n", "GIT_COMMITTER_EMAIL": "e",
            "GIT_EDITOR": "true", "GIT_ALLOW_PROTOCOL": "file",
        }

    def git(self, *words: str, status: int | None = 0, folder: Path | None = None) -> int:
        ended = subprocess.run(
            ["git", *words], cwd=folder or self.folder, env=self.environment(), capture_output=True, text=True
        )
        assert status is None or ended.returncode == status, f"git {words}: {ended.stderr}"
        return ended.returncode

    def shell(self, script: str) -> None:
        ended = subprocess.run(
            ["sh", "-e", "-c", script], cwd=self.folder, env=self.environment(), capture_output=True, text=True
        )
        assert ended.returncode == 0, f"{script}: {ended.stderr}"

    def is_dirty(self, folder: Path | None = None) -> bool | None:
        """As git says it. It notes in the index what it has looked at, so it is asked last."""
        self.git("update-index", "-q", "--refresh", status=None, folder=folder)
        return {0: False, 1: True}.get(self.git("diff-index", "--quiet", "HEAD", status=None, folder=folder))


def recorded(host: list[str], shim: Path, repository: Repository, folder: Path | None = None, **settings) -> bool | None:
    """As the journal of a program has it that runs there."""
    track = repository.folder.parent / "track"
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(repository.home), "LD_PRELOAD": str(shim), "TRACKSHIM_DIR": str(track),
        "TRACKSHIM_MODE": "offline", "TMPDIR": str(repository.folder.parent), **settings,
    }
    before = set(journal.run_files(track))
    ended = execute([*host, "2", "0"], "null", folder or repository.folder, environment, 60)
    assert ended.status == 0, ended.stderr
    (made,) = set(journal.run_files(track)) - before
    (environment,) = [record.environment for record in journal.records(made) if record.HasField("environment")]
    return dirty(environment)


def dirty(environment) -> bool | None:
    for field in UnknownFieldSet(environment):
        if field.field_number == IDENTITY:
            # A message inside is given as its fields, or as its bytes.
            return next((bool(value) for number, value in fields(field.data) if number == DIRTY), None)
    return None


def fields(data: bytes):
    """Number and value of each field that is a number or has a length."""
    at = 0

    def varint() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(data):
        tag = varint()
        value = varint()
        if tag & 7 == 2:
            at += value
        yield tag >> 3, value
