"""CPython 3.12 and later count the threads of a process that forks, and warn."""

import shutil
from pathlib import Path

import pytest
from support.case import CHILD, Case
from support.lab import Lab
from support.programs import host_python



def is_program(path: str | None) -> bool:
    """A version manager's is a shell script."""
    return path is not None and Path(path).read_bytes()[:4] == b"\x7fELF"


OTHERS = [shutil.which(f"python3.{minor}") for minor in (12, 13, 14)]
PYTHONS = [host_python(), *filter(is_program, OTHERS)]


@pytest.mark.parametrize("python", PYTHONS)
def test_a_fork_is_no_reason_to_warn(python, lab: Lab, shim):
    case = Case("python-fork", "processes.py", foreign=CHILD, command=(python, "{hosts}/processes.py"))
    assert lab.examine(case, "pipe", shim) == []
