"""Examines one host with one kind of stdout: alone, under a library, and the run it left."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

from . import journal, official
from .cases import Case
from .comparison import differences, lines_of, record_differences, without_notes
from .execution import TIME_LIMIT, Outcome, clean_environment, execute
from .library import command
from .programs import Programs

# Nothing reaches these, so whether a run begins there is the library's own choice.
NOWHERE = ("closed", "full")


class Lab:
    def __init__(self, programs: Programs, folder: Path):
        self._programs = programs
        self.work = folder / "work"
        self.track = folder / "track"

    def examine(self, case: Case, kind: str, library: Path, limit: float = TIME_LIMIT) -> list[str]:
        """All that is wrong, in words; an empty list is a pass."""
        alone = self.run(case, kind, None, limit)
        if self.track.exists():
            return ["a run was recorded though nothing was preloaded"]
        reference = self._reference(case) if kind in ("null", *NOWHERE) else alone
        possible = self._all_text(case) if case.loses_text else None
        tracked = self.run(case, kind, library, limit)
        return differences(case, alone, tracked) + self._run_differences(
            case, kind, tracked, reference, possible
        )

    def run(self, case: Case, kind: str, library: Path | None, limit: float = TIME_LIMIT) -> Outcome:
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(parents=True)
        environment = clean_environment(self.track, library is not None) | dict(case.environment)
        preloaded = [self._preloaded(name, library) for name in case.preload]
        if any(preloaded):
            environment["LD_PRELOAD"] = ":".join(filter(None, preloaded))
        return execute(self.argv(case), kind, self.work, environment, limit)

    def _preloaded(self, name: str, library: Path | None) -> str:
        if name == "{lib}":
            return str(library) if library else ""
        return str(self._programs.guest(f"{name}.c"))

    def argv(self, case: Case) -> list[str]:
        program = self._programs.argv(case.source, case.flags)
        if case.command == ("{}",):
            return program
        words = [word.replace("{}", program[0]) for word in case.command]
        second = self._programs.argv("puts.c")[0] if "{puts.c}" in words else ""
        return [word.replace("{puts.c}", second) for word in words]

    def _reference(self, case: Case) -> Outcome:
        """What the host prints where it can be read."""
        if case not in self._programs.references:
            self._programs.references[case] = self.run(case, "pipe", None)
        return self._programs.references[case]

    def _all_text(self, case: Case) -> Outcome:
        """The same host without buffers: every byte it hands to stdio, also what it loses else."""
        unbuffered = ("stdbuf", "-o0", *case.command)
        return self.run(replace(case, command=unbuffered), "pipe", None)

    def _run_differences(
        self, case: Case, kind: str, tracked: Outcome, reference: Outcome, possible: Outcome | None
    ) -> list[str]:
        files = journal.run_files(self.track)
        if kind in NOWHERE and len(files) <= case.runs:
            return self._readable(files)
        if len(files) != case.runs:
            return [f"runs: {len(files)} instead of {case.runs} {[file.name for file in files]}"]
        if not files:
            return [f"left behind: {self.track}/wandb"] if (self.track / "wandb").exists() else []
        if case.recovers:
            recover(files[0])
        try:
            found = journal.records(files[0])
        except journal.JournalError as error:
            return [f"journal: {error}"]
        printed = self._printed(case, kind, tracked, reference)
        return (
            self._console_differences(case, found, printed, tracked, possible)
            + _end_differences(case, found, tracked)
            + official.differences(files[0], journal.kinds(found))
        )

    def _printed(self, case: Case, kind: str, tracked: Outcome, reference: Outcome) -> bytes:
        """What the host's stdout got in this run, or for /dev/null would have got."""
        copies = tracked.files.get("copy.txt", tracked.files.get("nohup.out"))
        if copies is not None:
            return copies
        printed = reference.stdout if kind == "null" else tracked.stdout
        if case.duplicates:
            printed = b"".join(dict.fromkeys(printed.splitlines(keepends=True)))
        return printed

    def _console_differences(self, case, found, printed, tracked, possible) -> list[str]:
        console = journal.console(found)
        errors = without_notes(tracked.stderr, case.notes_anywhere)
        if case.shortened:
            return _shortened_differences(printed, console["stdout"])
        return record_differences(
            case, "stdout", printed, console["stdout"], possible and possible.stdout
        ) + record_differences(case, "stderr", errors, console["stderr"])

    def _readable(self, files: list[Path]) -> list[str]:
        """Where nothing could be printed: what stdio held may be in the record or not, and which text that
        is depends on descriptor numbers; the journal must be whole all the same."""
        for file in files:
            journal.console(journal.records(file))
        return []


def recover(file: Path | None) -> None:
    """Any `trackshim` command on a run takes what its dead process left in the ring."""
    tool = command()
    if tool and file:
        subprocess.run([tool, "show", str(file.parent)], capture_output=True, timeout=30)


def _shortened_differences(printed: bytes, recorded: str) -> list[str]:
    """A line too long for the record: its beginning is there, and both its neighbours are whole."""
    expected, got = lines_of(printed.decode()), lines_of(recorded)
    if got[:1] != expected[:1] or got[-1:] != expected[-1:]:
        return [f"console log: the neighbours of a long line are {got[:1]!r} and {got[-1:]!r}"]
    beginning = 60_000
    if len(got) < 3 or got[1][:beginning] != expected[1][:beginning]:
        return ["console log: the long line's first 60 000 bytes are not there"]
    return []


def _end_differences(case: Case, found: list, tracked: Outcome) -> list[str]:
    """The exit record stands last and says what the process returned, where that could be seen."""
    kinds = journal.kinds(found)
    problems = [] if "run" in kinds else ["journal: no run record"]
    if case.recovers:
        return problems
    if case.exit_code == -1:
        # Another program took the process over: nobody saw how the run's own would have ended.
        return problems if "exit" not in kinds else [*problems, "journal: an exit record nobody could know"]
    if kinds.count("exit") != 1 or kinds[-1] != "exit":
        return [*problems, f"journal: exit record missing or not last: …{kinds[-3:]}"]
    expected = tracked.status if case.exit_code is None else case.exit_code
    expected = 134 if expected == -6 else expected
    actual = found[-1].exit.exit_code
    if expected >= 0 and actual != expected:
        problems.append(f"journal: exit code {actual}, the process returned {expected}")
    return problems
