"""A system with a C library, a shell and what is put there: no toolchain, no Swift, none of the machine's settings."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from .needs import require

# /proc, where a command reads where it is, and /dev, where the ring is, are the machine's.
ENTER = """
cd "$1" && mount --rbind /proc proc && mount --rbind /dev dev || { echo no mounts >&2; exit 77; }
exec chroot . /bin/sh -c "$2"
"""
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "TRACKSHIM_DIR": "/runs", "TRACKSHIM_MODE": "offline"}


class BareRoot:
    """`usr` is what a package has in there; it must bring everything but the libraries that it depends on."""

    def __init__(self, folder: Path, usr: Path):
        self.folder = folder
        for name in ("bin", "sbin", "lib", "lib64"):
            (folder / "usr" / name).mkdir(parents=True)
            if Path("/", name).is_symlink():
                (folder / name).symlink_to(f"usr/{name}")
        for name in ("proc", "dev", "tmp", "runs"):
            (folder / name).mkdir()
        shutil.copytree(usr, folder / "usr", symlinks=True, dirs_exist_ok=True)
        self.add("/bin/sh", "bin/sh")
        for file in _loaded(folder / "usr/bin/trackshim"):
            self.add(file, file)

    def add(self, file, name: str) -> None:
        """A file of the machine, with the libraries that it is loaded with."""
        target = self.folder / name.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target)
        for library in _loaded(file):
            copy = self.folder / library.lstrip("/")
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(library, copy)

    def run(self, script: str) -> subprocess.CompletedProcess:
        """In a mount namespace that goes with it. Without root it takes a user namespace as well."""
        require("unshare", "chroot")
        become = [] if os.getuid() == 0 else ["--user", "--map-root-user"]
        words = ["unshare", *become, "--mount", "--", "/bin/sh", "-c", ENTER, "sh", self.folder, script]
        done = subprocess.run(words, env=ENVIRONMENT, capture_output=True, text=True, timeout=60)
        if done.stderr.startswith("unshare: ") or done.returncode == 77:
            pytest.skip(f"a root folder of its own cannot be entered here: {done.stderr.strip()}")
        return done


def _loaded(file) -> list[str]:
    done = subprocess.run(["ldd", file], capture_output=True, text=True)
    return re.findall(r"(/\S+) \(0x", done.stdout)
