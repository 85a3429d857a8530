"""One row of the matrix: what a host is made from, where its output goes, what its record must hold."""

from dataclasses import dataclass

from .execution import KINDS

NO_DEVICE = ("pipe", "file", "terminal")
# A disk that is full from some byte on: which line that byte is in must not be chance.
NOT_SMALL = tuple(kind for kind in KINDS if kind != "small")
CHILD = r"child|launcher|step +900/"
ELSEWHERE = r"elsewhere|x*$"
# Where a line of ours stands for text that failed to be printed.
LOST = r"\[trackshim: output was lost here\]"
# Binary that goes into a host's own file, under a number that was the console's.
CHECKPOINT = CHILD + r"|.*CHECKPOINT"


@dataclass(frozen=True)
class Case:
    name: str
    source: str
    flags: tuple[str, ...] = ()
    kinds: tuple[str, ...] = KINDS
    # Words around the program: "{}" stands for it, "{guest:NAME}" for hosts/NAME.c built as a library,
    # "{hosts}" for the folder.
    command: tuple[str, ...] = ("{}",)
    environment: tuple[tuple[str, str], ...] = ()
    # Other libraries to preload, alone and tracked: "{lib}" stands for ours, a name for hosts/NAME.c,
    # what begins with / for the library that is found there.
    preload: tuple[str, ...] = ("{lib}",)
    # Without these it is skipped: commands, paths (with * in them), "python:MODULE", "root", "not:root".
    needs: tuple[str, ...] = ()
    runs: int = 1
    # Lines of processes that must stay dark: printed, never recorded (a regular expression).
    foreign: str | None = None
    # Lines that may or may not be recorded.
    optional: str | None = None
    # The order of lines is chance (threads), so only the lines are compared.
    unordered: bool = False
    # Text handed to stdio is lost at the end: it may stand in the record, need not.
    loses_text: bool = False
    # No hook sees the end: the record is whole after `trackshim show`.
    recovers: bool = False
    # One stderr line in several calls: a note of ours may come between.
    notes_anywhere: bool = False
    # What the console log must hold, where that is not simply what was printed.
    duplicates: bool = False
    shortened: bool = False
    # What the run must say the program returned, where that is not the command's own status; -1: anything.
    exit_code: int | None = None
    # How its output is cut into system calls is not chance and can be seen by strace.
    same_calls: bool = True

    def __str__(self) -> str:
        return self.name


def c(name: str, *flags: str, source: str = "", **rest) -> Case:
    """A C host, its source named as the case unless said otherwise."""
    return Case(name, source or f"{name}.c", flags, **rest)
