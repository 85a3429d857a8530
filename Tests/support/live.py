"""Watches a host while it runs: what it has printed, what its journal holds, and when."""

import os
import re
import signal
import subprocess
import time
from pathlib import Path

from . import journal
from .execution import clean_environment


class LiveHost:
    """A host under the library, its stdout a pipe, read as fast as it comes."""

    def __init__(self, argv: list[str], library: Path, folder: Path):
        self.track = folder / "track"
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        environment = clean_environment(self.track) | {"LD_PRELOAD": str(library)}
        self.process = subprocess.Popen(
            argv, env=environment, stdin=subprocess.DEVNULL, stdout=writer, stderr=subprocess.PIPE
        )
        os.close(writer)
        os.set_blocking(self.process.stderr.fileno(), False)
        self._reader = reader
        self._chunks: list[tuple[float, bytes]] = []
        self.stderr = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stderr.close()
        os.close(self._reader)

    def read(self) -> None:
        """Takes what is waiting in the pipes."""
        self.stderr += _waiting(self.process.stderr.fileno())
        data = _waiting(self._reader)
        if data:
            self._chunks.append((time.monotonic(), data))

    def printed(self, until: float = float("inf")) -> bytes:
        return b"".join(data for when, data in self._chunks if when <= until)

    def kill_after(self, seconds: float) -> float:
        """Reads on, sends SIGKILL, takes the rest; the moment of the kill."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.read()
            time.sleep(0.002)
        moment = time.monotonic()
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.read()
        return moment

    def journal(self) -> Path | None:
        files = journal.run_files(self.track)
        return files[0] if files else None

    def recorded(self) -> str:
        """The console log's stdout as a reader sees it now."""
        file = self.journal()
        return journal.console(journal.records_so_far(file))["stdout"] if file else ""


def _waiting(descriptor: int) -> bytes:
    data = b""
    while True:
        try:
            more = os.read(descriptor, 1 << 16)
        except BlockingIOError:
            return data
        if not more:
            return data
        data += more


def first_seen(host: LiveHost, pattern: str, count: int, limit: float) -> dict[str, float]:
    """The times at which the matches of `pattern` first stood in the journal."""
    seen: dict[str, float] = {}
    end = time.monotonic() + limit
    while time.monotonic() < end and len(seen) < count:
        host.read()
        now = time.time()
        for match in re.findall(pattern, host.recorded(), re.MULTILINE):
            seen.setdefault(match, now)
        time.sleep(0.004)
    return seen
