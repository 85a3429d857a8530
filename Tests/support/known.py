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


ALIASES = (
    "Output by another number than 1 and 2 (`dup`, `/dev/stdout`, numpy's `tofile`, node on a terminal) is not recorded."
)

GUEST_MALLOC = (
    "The same goes for a preloaded malloc that keeps descriptors or holds a lock across fork, as heaptrack's in front of "
    "ours: the worker has other descriptors, so the host's were closed (seen), and a child waited for ever (seen)."
)

KNOWN: tuple[Known, ...] = (
    Known(
        "A flush that the disk takes only a part of, with more text behind it that is never flushed: the console log "
        "joins the two.",
        (
            "printf-*", "puts", "putchar*", "fwrite", "setvbuf-own", "mixed", "exec-launcher", "close_range",
            "closefrom", "early-guest-*", "address_space", "seccomp_errno",
        ),
        ("small",),
    ),
    Known(ALIASES, ("alias",), ("pipe", "file", "terminal", "null", "small")),
    Known(ALIASES, ("numpy",), ("file",)),
    Known(ALIASES, ("node",), ("terminal",)),
    Known(
        "A child that shares its parent's memory (`vfork`, `clone` with `CLONE_VM`) and writes before its exec is taken "
        "for its parent.",
        ("raw_clone-shared",),
        ("pipe", "file", "terminal", "null", "small"),
    ),
    Known(
        "AddressSanitizer as a shared library refuses to start behind any preloaded library; "
        "`ASAN_OPTIONS=verify_asan_link_order=0`, `-static-libasan` or its own library in front of ours help.",
        ("asan",),
    ),
    Known("With CPython 3.12 and later `os.fork()` warns on stderr that the process has threads.", ("fork_warning",), KINDS),
    Known("A program that calls `chroot` before its first metric line has its run below the new root.", ("chroot-*",), KINDS),
    Known("A program that calls `chroot` before its first metric line", ("chroot",), ("closed", "full")),
    Known(
        "The worker uses the host's malloc. A host that brings a malloc of its own without locks, because it has one "
        "thread, is harmed by it",
        ("own_malloc",),
    ),
    Known(GUEST_MALLOC, ("descriptor_guest",)),
    # Seen in one of ten runs: output lost, or a child that waits for ever.
    Known(GUEST_MALLOC, ("heaptrack-*",), always=False),
    Known(
        "A host that installs a seccomp filter which kills for calls that the worker makes is killed",
        ("seccomp_kill*",),
    ),
)  # fmt: skip


def find(case: str, column: str) -> Known | None:
    return next((known for known in KNOWN if known.covers(case, column)), None)
