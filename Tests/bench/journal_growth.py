"""Watches a journal grow, and says afterwards when each of its records was in the file."""

import bisect
import threading
import time
from pathlib import Path

from support import journal
from wandb.proto.wandb_internal_pb2 import Record


class Growth:
    """Looks at the only journal below `track` each half millisecond until it is stopped."""

    def __init__(self, track: Path):
        self._track = track
        self._seen: list[tuple[int, float]] = []  # size, and when it was first so large
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self):
        file = None
        while not self._over.wait(0.0005):
            file = file or next(iter(journal.run_files(self._track)), None)
            if file is None:
                continue
            size, now = file.stat().st_size, time.time()
            if not self._seen or size > self._seen[-1][0]:
                self._seen.append((size, now))

    def stop(self):
        self._over.set()
        self._thread.join()

    def records(self):
        """Each with the time at which all of it was there."""
        sizes = [size for size, _ in self._seen]
        for end, payload in _with_ends(journal.run_files(self._track)[0].read_bytes()):
            at = bisect.bisect_left(sizes, end)
            if at < len(sizes):
                yield self._seen[at][1], Record.FromString(payload)


def _with_ends(data: bytes):
    """Payloads, and where in the file the chunk of each ends: as `journal.payloads`, which does not say the places."""
    at = len(journal.PREAMBLE)
    parts = b""
    while at + journal.HEADER.size <= len(data):
        left = journal.BLOCK - at % journal.BLOCK
        if left < journal.HEADER.size:
            at += left
            continue
        _, length, kind = journal.HEADER.unpack_from(data, at)
        body = data[at + journal.HEADER.size : at + journal.HEADER.size + length]
        at += journal.HEADER.size + length
        parts = parts + body if kind in (journal.MIDDLE, journal.LAST) else body
        if kind in (journal.FULL, journal.LAST):
            yield at, parts
