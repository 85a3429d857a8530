"""Every host behaves the same with and without the library, and its run holds what it printed."""

import pytest

from support.cases import CASES
from support.lab import Lab

MATRIX = [pytest.param(case, kind, id=f"{case}-{kind}") for case in CASES for kind in case.kinds]


@pytest.mark.parametrize("case, kind", MATRIX)
def test_host(case, kind, lab: Lab, shim):
    problems = lab.examine(case, kind, shim)
    if problems:
        pytest.fail(f"{case} with stdout = {kind}\n" + "\n".join(problems), pytrace=False)


def test_names_are_unique():
    names = [case.name for case in CASES]
    assert sorted(set(names)) == sorted(names)
