"""Cells of the matrix that differ, and why. Each reason stands in docs/hazards.md, word for word.

A cell that no longer differs makes its test fail, so that it goes from here and from there.
"""

import fnmatch
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    reason: str
    cases: tuple[str, ...]  # patterns
    columns: tuple[str, ...] = ("*",)
    # False where it is chance, or the machine, whether the cell differs.
    always: bool = True

    def covers(self, case: str, column: str) -> bool:
        return _matches(case, self.cases) and _matches(column, self.columns)


def _matches(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


KNOWN: tuple[Known, ...] = (
    Known(
        "A flush that the disk takes only a part of, with more text behind it that is never flushed: the console log "
        "joins the two.",
        (
            "printf-[!s]*", "puts", "putchar*", "fwrite", "setvbuf-own", "mixed", "exec-launcher", "close_range",
            "closefrom", "early-guest-*",
        ),  # fmt: skip
        ("small",),
    ),
)


def find(case: str, column: str) -> Known | None:
    return next((known for known in KNOWN if known.covers(case, column)), None)
