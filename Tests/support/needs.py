"""Whether this machine has what a host needs; a missing thing is a skip with its reason."""

import functools
import glob
import os
import shutil
import subprocess

import pytest

from .programs import host_python


def require(*needs: str) -> None:
    for need in needs:
        if why := _why_not(need):
            pytest.skip(why)


@functools.cache
def _why_not(need: str) -> str | None:
    if need == "root":
        return None if os.getuid() == 0 else "only root can do this"
    if need == "not:root":
        return None if os.getuid() != 0 else "root is not held to this"
    if need.startswith("python:"):
        module = need.removeprefix("python:")
        done = subprocess.run([host_python(), "-c", f"import {module}"], capture_output=True)
        return None if done.returncode == 0 else f"Python has no {module}"
    there = glob.glob(need) if "/" in need else shutil.which(need)
    return None if there else f"{need} is not installed"
