"""Fixtures of the black-box tests, and a place for what they measure."""

import resource
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from support.lab import Lab  # noqa: E402
from support.library import library  # noqa: E402
from support.programs import Programs  # noqa: E402

MEASUREMENTS: list[str] = []


def pytest_configure(config):
    # Hosts crash on purpose; nobody wants their core files.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def pytest_terminal_summary(terminalreporter):
    if MEASUREMENTS:
        terminalreporter.section("measured")
        for line in MEASUREMENTS:
            terminalreporter.write_line(line)


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
def measured():
    """Call it with a sentence; it is shown at the end of the test run."""
    return MEASUREMENTS.append
