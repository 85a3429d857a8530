"""CPython 3.12 and later count the threads of a process that forks, and warn (docs/hazards.md, known and open)."""

import re
import subprocess

import pytest
from support.case import CHILD, Case
from support.lab import Lab
from support.programs import host_python


def version() -> tuple[int, int]:
    told = subprocess.run([host_python(), "--version"], capture_output=True, text=True, check=True).stdout
    major, minor = re.search(r"(\d+)\.(\d+)", told).groups()
    return int(major), int(minor)


@pytest.mark.xfail(version() >= (3, 12), reason="the worker is a thread, which CPython sees", strict=True)
def test_a_fork_is_no_reason_to_warn(lab: Lab, shim):
    assert lab.examine(Case("python-fork", "processes.py", foreign=CHILD), "pipe", shim) == []
