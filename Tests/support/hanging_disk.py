"""A disk that stops answering when told to: what a lost file server is to those who write to it.

Mounted by FUSE in a mount namespace of its own and reached through /proc/PID/root, so that nothing of it is seen
elsewhere, and what hangs on it goes on when the process that answers is gone.
"""

import os
import select
import subprocess
import sys
from pathlib import Path

TOOL = Path(__file__).parent.parent / "tools/hanging_disk.py"
MOUNT = "/mnt"


class HangingDisk:
    def __init__(self, folder: Path):
        """`folder` holds what was written, also while the disk hangs or is gone."""
        self.folder = folder
        folder.mkdir(parents=True)
        way = ["unshare", "-m"] if os.getuid() == 0 else ["unshare", "-Urm"]
        self._process = subprocess.Popen(
            [*way, sys.executable, str(TOOL), str(folder), MOUNT],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        self.path = Path(f"/proc/{self._process.pid}/root{MOUNT}")
        self.mounted = self._ask("go") and self._is_there()

    def hang(self, *operations: str) -> None:
        self._ask(f"hang {' '.join(operations)}")

    def go_on(self) -> None:
        self._ask("go")

    def wait_until_something_hangs(self, seconds: float = 10) -> None:
        ready, _, _ = select.select([self._process.stdout], [], [], seconds)
        assert ready, f"nothing was asked of the disk in {seconds} s"
        assert self._process.stdout.readline() == "hangs\n"

    def die(self) -> None:
        """Whoever waits for an answer gets an error instead."""
        self._process.kill()
        self._process.communicate()

    def _ask(self, command: str) -> bool:
        try:
            self._process.stdin.write(command + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            return False
        answers = iter(self._process.stdout.readline, "")
        return any(answer == "done\n" for answer in answers)

    def _is_there(self) -> bool:
        """The first answer may come before the mount does."""
        mounts = Path(f"/proc/{self._process.pid}/mounts")
        while self._process.poll() is None:
            if f" {MOUNT} fuse" in mounts.read_text():
                return True
            os.sched_yield()
        return False
