"""Cells of the matrix that differ, and why. Each reason stands in docs/hazards.md, word for word.

A cell that no longer differs makes its test fail, so that it goes from here and from there.
"""

import fnmatch
from collections.abc import Iterable
from dataclasses import dataclass

from .execution import KINDS


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


ALIAS = (
    "Output by another number than 1 and 2 (`dup`, `/dev/stdout`, numpy's `tofile`, node on a terminal) is not "
    "recorded."
)
SHARED_MEMORY = (
    "A child that shares its parent's memory (`vfork`, `clone` with `CLONE_VM`) and writes before its exec is taken "
    "for its parent."
)
CHROOT = "A program that calls `chroot` before its first metric line has its run below the new root."
ASAN = (
    "AddressSanitizer as a shared library refuses to start behind any preloaded library; "
    "`ASAN_OPTIONS=verify_asan_link_order=0`, `-static-libasan` or its own library in front of ours help."
)

DPRINTF = (
    "From glibc 2.37 on, of a `dprintf` that the disk took only a part of, that part is not in the console log."
)

EACH_RECORDED = ("pipe", "file", "terminal", "null", "small")

KNOWN: tuple[Known, ...] = (
    Known(ALIAS, ("alias",), EACH_RECORDED),
    Known(ALIAS, ("numpy",), ("file",)),
    Known(ALIAS, ("node",), ("terminal",)),
    Known(SHARED_MEMORY, ("raw_clone-shared",), EACH_RECORDED),
    # Where nothing can be printed the run begins late.
    Known(CHROOT, ("chroot",), ("closed", "full")),
    Known(CHROOT, ("chroot-at-once",), KINDS),
    Known(ASAN, ("asan",)),
    # On an older one it goes past the FILE slot, which knows.
    Known(DPRINTF, ("dprintf*",), ("small",), always=False),
)


def find(case: str, column: str) -> Known | None:
    return next((known for known in KNOWN if known.covers(case, column)), None)
