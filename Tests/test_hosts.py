"""The matrix: every host behaves the same with and without the library, and its run holds what it printed."""

import os

import pytest
from support import known
from support.case import Case
from support.cases import CASES
from support.lab import Lab
from support.table import DIFFERS, KNOWN, SAME, SKIPPED

MATRIX = [pytest.param(case, kind, id=f"{case}-{kind}") for case in CASES for kind in case.kinds]
# strace is slow, and how output is cut into calls seldom depends on where it goes.
EVERYWHERE = os.environ.get("TRACKSHIM_MATRIX") == "all"
CALLS = [
    pytest.param(case, kind, id=f"{case}-{kind}")
    for case in CASES
    if case.same_calls
    for kind in (case.kinds if EVERYWHERE else case.kinds[:1])
    # Which thread's line does not fit any more is chance, and so is how much is in the buffer then.
    if not (case.unordered and kind == "full")
]


@pytest.mark.parametrize("case, kind", MATRIX)
def test_host(case, kind, lab: Lab, shim, table):
    judge(case, kind, table, lambda: lab.examine(case, kind, shim))


@pytest.mark.parametrize("case, kind", CALLS)
def test_system_calls(case, kind, lab: Lab, shim, table):
    judge(case, "calls", table, lambda: lab.compare_calls(case, kind, shim))


def judge(case: Case, column: str, table, examine) -> None:
    """Puts one cell into the table; fails where it is not as it should be, or not as bad as it is said to be."""
    expected = known.find(case.name, column)
    try:
        problems = examine()
    except pytest.skip.Exception as skip:
        table(case.name, column, SKIPPED, str(skip))
        raise
    table(case.name, column, SAME if not problems else KNOWN if expected else DIFFERS)
    if problems and not expected:
        pytest.fail(f"{case}, {column}\n" + "\n".join(problems), pytrace=False)
    if expected and expected.always and not problems:
        pytest.fail(f"{case}, {column}: no longer differs; take it out of known.py: {expected.reason}", pytrace=False)


def test_names_are_unique():
    names = [case.name for case in CASES]
    assert sorted(set(names)) == sorted(names)
