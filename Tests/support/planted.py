"""What somebody else may leave in a place that we are about to open or to make."""

import contextlib
import os
import threading
from pathlib import Path

import pytest

NOBODY = 65534
KINDS = ("fifo", "fifo with a silent writer", "endless device", "terminal", "folder", "socket")
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")


@contextlib.contextmanager
def planted(path: Path, kind: str):
    """Something at `path` that is no file; reading from it waits, or never ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        if kind == "folder":
            path.mkdir()
        elif kind == "endless device":
            path.symlink_to("/dev/zero")
        elif kind == "terminal":
            master, slave = os.openpty()
            stack.callback(os.close, master)
            stack.callback(os.close, slave)
            path.symlink_to(os.ttyname(slave))
        elif kind == "socket":
            os.mknod(path, 0o140644)
        else:
            os.mkfifo(path)
            if "writer" in kind:
                # For reading, too: so the opening waits for nobody, and no reader ever finds an end.
                stack.callback(os.close, os.open(path, os.O_RDWR))
        yield path


def plant(path: Path, kind: str, victim: Path) -> None:
    """At `path`, something by which a write to it would reach `victim`."""
    if kind == "symlink":
        path.symlink_to(victim)
    elif kind == "dangling symlink":
        path.symlink_to(victim.parent / "made-through-a-link")
    elif kind == "hard link":
        path.hardlink_to(victim)
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()


class Attacker:
    """Does `act` again and again beside a program, until the end of its `with` block."""

    def __init__(self, act):
        self._act, self._over = act, threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.tries = 0

    def _run(self):
        while not self._over.is_set():
            with contextlib.suppress(OSError):
                self._act()
            self.tries += 1

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()
