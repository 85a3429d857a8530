"""Fixtures of the black-box tests, and a place for what they measure."""

import fcntl
import os
import resource
import signal
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from support.cases import CASES  # noqa: E402
from support.lab import Lab  # noqa: E402
from support.library import library  # noqa: E402
from support.programs import Programs  # noqa: E402
from support.table import Table  # noqa: E402

MEASUREMENTS: list[str] = []
MATRIX = Table([case.name for case in CASES])
RINGS = f"trackshim-{os.getuid()}-*.ring"


def pytest_configure(config):
    config.addinivalue_line("markers", "alone: it measures times, so no other test may run beside it")
    # Hosts crash on purpose; nobody wants their core files.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # A shell that starts this in the background ignores SIGINT for it, and so would every host.
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Whatever --dist says: files that must stay together do."""
    from support.spreading import Spreading

    return Spreading(config, log)


def pytest_runtest_logreport(report):
    """What tests found comes with their reports, since several processes may run them."""
    if report.when != "teardown":
        return
    for name, value in report.user_properties:
        if name == "cell":
            MATRIX.add(*value)
        elif name == "measured":
            MEASUREMENTS.append(value)


def pytest_terminal_summary(terminalreporter):
    for title, lines in [("the matrix", MATRIX.lines()), ("measured", MEASUREMENTS)]:
        if lines:
            terminalreporter.section(title)
            for line in lines:
                terminalreporter.write_line(line)


def pytest_sessionstart(session):
    session.config.rings_before = set(Path("/dev/shm").glob(RINGS))


def pytest_sessionfinish(session):
    """Hosts that are killed leave their ring for recovery; those of the tests' own hosts go with the tests."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        return  # another process of these tests may be about to recover one
    for ring in set(Path("/dev/shm").glob(RINGS)) - session.config.rings_before:
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
def table(request):
    """Call it with a cell of the matrix; it is shown at the end of the test run."""
    return lambda *cell: request.node.user_properties.append(("cell", cell))


@pytest.fixture
def measured(request):
    """Call it with a sentence; it is shown at the end of the test run."""
    return lambda sentence: request.node.user_properties.append(("measured", sentence))
