"""Fixtures of the black-box tests, and a place for what they measure."""

import fcntl
import os
import resource
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from support.lab import Lab  # noqa: E402
from support.library import library  # noqa: E402
from support.programs import Programs  # noqa: E402
from support.table import Table  # noqa: E402

MEASUREMENTS: list[str] = []
MATRIX = Table()
RINGS = f"trackshim-{os.getuid()}-*.ring"


def pytest_configure(config):
    # Hosts crash on purpose; nobody wants their core files.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def pytest_terminal_summary(terminalreporter):
    for title, lines in [("the matrix", MATRIX.lines()), ("measured", MEASUREMENTS)]:
        if lines:
            terminalreporter.section(title)
            for line in lines:
                terminalreporter.write_line(line)


@pytest.fixture(scope="session", autouse=True)
def no_rings_left():
    """Hosts that are killed leave their ring for recovery; those of the tests' own hosts go with the tests."""
    before = set(Path("/dev/shm").glob(RINGS))
    yield
    for ring in set(Path("/dev/shm").glob(RINGS)) - before:
        with ring.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue  # its host lives, so it is none of ours
            ring.unlink(missing_ok=True)


@pytest.fixture(scope="session")
def programs(tmp_path_factory) -> Programs:
    return Programs(tmp_path_factory.mktemp("hosts"))


@pytest.fixture
def lab(programs, tmp_path) -> Lab:
    return Lab(programs, tmp_path)


@pytest.fixture(scope="session")
def shim() -> Path:
    """The library under test."""
    path = library()
    if not path.exists():
        pytest.fail(f"{path} is not there: run `make`, or set TRACKSHIM_LIB", pytrace=False)
    return path


@pytest.fixture
def table() -> Table:
    """Where a cell of the matrix goes; it is shown at the end of the test run."""
    return MATRIX


@pytest.fixture
def measured():
    """Call it with a sentence; it is shown at the end of the test run."""
    return MEASUREMENTS.append
