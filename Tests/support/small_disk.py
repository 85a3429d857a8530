"""A disk of 16 KiB for a host's stdout, nearly full, so that it is full after the first few lines.

It is mounted in a mount namespace of its own and reached through /proc/PID/root: nothing of it is seen elsewhere,
nothing is left when the tests are killed, and without root a user namespace is enough. The host itself is in no
namespace.
"""

import functools
import os
import subprocess
from pathlib import Path

BYTES = 16 << 10
FREE = 200
SCRIPT = f'mount -t tmpfs -o size={BYTES},mode=700 tmpfs /mnt && echo ready && exec cat'


@functools.cache
def _mounted() -> tuple[subprocess.Popen, Path] | None:
    """The process that holds the mount for as long as we hold its stdin, and where it is."""
    ways = (["unshare", "-m"], ["unshare", "-Urm"])
    for words in ways[os.getuid() != 0 :]:
        holder = subprocess.Popen(
            [*words, "sh", "-c", SCRIPT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        if holder.stdout.readline() == b"ready\n":
            return holder, Path(f"/proc/{holder.pid}/root/mnt")
        holder.communicate()
    return None


def why_not() -> str | None:
    return None if _mounted() else "a 16 KiB disk can be mounted neither by this user nor in a user namespace"


def stdout_path() -> Path:
    """A file that has 200 bytes to go; what is written goes behind what it holds (`written`)."""
    path = _mounted()[1] / "stdout"
    path.write_bytes(b"\0" * (BYTES - FREE))
    return path


def written(path: Path) -> bytes:
    return path.read_bytes()[BYTES - FREE :]
