"""Examines one host with one kind of stdout: alone, under a library, and the run it left."""

import glob
import re
import shlex
import shutil
import subprocess
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from . import journal, needs, official, small_disk, system_calls
from .case import Case
from .comparison import differences, lines_of, record_differences, without_notes
from .execution import TIME_LIMIT, Outcome, clean_environment, execute
from .library import HOSTS, command
from .programs import Programs

# Nothing reaches these, so whether a run begins there is the library's own choice.
NOWHERE = ("closed", "full")
# A host that cannot do on this machine what it is for says so on stderr and returns this.
CANNOT = 77


class Lab:
    def __init__(self, programs: Programs, folder: Path):
        self._programs = programs
        self.work = folder / "work"
        self.track = folder / "track"

    def examine(self, case: Case, kind: str, library: Path, limit: float = TIME_LIMIT) -> list[str]:
        """All that is wrong, in words; an empty list is a pass."""
        if kind == "small" and (why := small_disk.why_not()):
            pytest.skip(why)
        # In this test's own folder, for there are hosts that print its name.
        alone = self._programs.alone[_key(case, kind)] = self.run(case, kind, None, limit)
        _skip_what_cannot_run(alone)
        if self.track.exists():
            return ["a run was recorded though nothing was preloaded"]
        # What it prints where it can be read.
        reference = self.alone(case, "pipe") if kind in ("null", "small", *NOWHERE) else alone
        possible = self._all_text(case) if case.loses_text else None
        tracked = self.run(case, kind, library, limit)
        return differences(case, alone, tracked) + self._run_differences(
            case, kind, tracked, reference, possible
        )

    def compare_calls(self, case: Case, kind: str, library: Path, limit: float = TIME_LIMIT) -> list[str]:
        """How its output is cut into system calls on fd 1, alone and under the library."""
        if why := system_calls.why_not():
            pytest.skip(why)
        alone = self._calls(case, kind, None, limit)
        return system_calls.differences(alone, self._calls(case, kind, library, limit))

    def _calls(self, case: Case, kind: str, library: Path | None, limit: float) -> Counter[str]:
        log = self.track.parent / "calls"
        environment = self._environment(case, kind, library)
        argv, environment = system_calls.traced(self.argv(case), environment, log)
        self._clean()
        outcome = execute(argv, kind, self.work, environment, limit)
        _skip_what_cannot_run(outcome)
        return system_calls.on_stdout(log)

    def run(self, case: Case, kind: str, library: Path | None, limit: float = TIME_LIMIT) -> Outcome:
        argv, environment = self.argv(case), self._environment(case, kind, library)
        self._clean()
        return execute(argv, kind, self.work, environment, limit)

    def alone(self, case: Case, kind: str) -> Outcome:
        """Without a library, once for all tests: of a host that says nothing of where it runs."""
        key = _key(case, kind)
        if key not in self._programs.alone:
            self._programs.alone[key] = self.run(case, kind, None)
        return self._programs.alone[key]

    def _clean(self) -> None:
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(parents=True)

    def _environment(self, case: Case, kind: str, library: Path | None) -> dict[str, str]:
        environment = clean_environment(self.track, library is not None) | dict(case.environment)
        if library is None:
            environment["SETTLE_MS"] = "000"  # there is nobody to wait for
        if kind in NOWHERE or case.runs == 0:
            environment["SETTLE_FOR_RUN"] = "0"
        preloaded = [self._preloaded(name, library) for name in case.preload]
        if any(preloaded):
            environment["LD_PRELOAD"] = ":".join(filter(None, preloaded))
        return environment

    def _preloaded(self, name: str, library: Path | None) -> str:
        if name == "{lib}":
            return str(library) if library else ""
        if name.startswith("/"):
            needs.require(name)
            return glob.glob(name)[0]
        return str(self._programs.guest(f"{name}.c"))

    def argv(self, case: Case) -> list[str]:
        needs.require(*case.needs)
        program = self._programs.argv(case.source, case.flags)
        words = []
        for word in case.command:
            words += program if word == "{}" else [self._word(word, program)]
        return words

    def _word(self, word: str, program: list[str]) -> str:
        """One word of a command: the program in it is as a shell would read it."""
        word = word.replace("{}", shlex.join(program)).replace("{hosts}", str(HOSTS))
        word = re.sub(r"{guest:(\w+)}", lambda found: str(self._programs.guest(f"{found[1]}.c")), word)
        return re.sub(r"{(\w+\.c)}", lambda found: self._programs.argv(found[1])[0], word)

    def _all_text(self, case: Case) -> Outcome:
        """The same host without buffers: every byte it hands to stdio, also what it loses else."""
        unbuffered = ("stdbuf", "-o0", *case.command)
        return self.alone(replace(case, command=unbuffered), "pipe")

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
            runs = [journal.records(file) for file in files]
        except journal.JournalError as error:
            return [f"journal: {error}"]
        printed = self._printed(case, kind, tracked, reference)
        if kind == "small" and printed != reference.stdout:
            # What did not fit on the disk was handed to stdio all the same.
            possible = replace(reference, stdout=reference.stdout + (possible.stdout if possible else b""))
        # Several runs (the ranks of a job) printed this together.
        together = [record for found in runs for record in found]
        problems = self._console_differences(case, kind, together, printed, tracked, possible)
        for file, found in zip(files, runs, strict=True):
            problems += _end_differences(case, found, tracked)
            # Another kind of stdout makes no other kind of record, and W&B's reader takes its time to start.
            if kind == case.kinds[0]:
                problems += official.differences(file, journal.kinds(found))
        return problems

    def _printed(self, case: Case, kind: str, tracked: Outcome, reference: Outcome) -> bytes:
        """What the host's stdout got in this run, or for /dev/null would have got."""
        copies = tracked.files.get("copy.txt", tracked.files.get("nohup.out"))
        if copies is not None:
            return copies
        printed = reference.stdout if kind == "null" else tracked.stdout
        if case.duplicates:
            printed = b"".join(dict.fromkeys(printed.splitlines(keepends=True)))
        return printed

    def _console_differences(self, case, kind, found, printed, tracked, possible) -> list[str]:
        console = journal.console(found)
        errors = without_notes(tracked.stderr, case.notes_anywhere)
        if case.shortened:
            return _shortened_differences(printed, console["stdout"])
        lost = possible and possible.stdout
        return record_differences(
            case, "stdout", printed, console["stdout"], lost, anywhere=kind == "small"
        ) + record_differences(case, "stderr", errors, console["stderr"])

    def _readable(self, files: list[Path]) -> list[str]:
        """Where nothing could be printed: what stdio held may be in the record or not, and which text that
        is depends on descriptor numbers; the journal must be whole all the same."""
        for file in files:
            journal.console(journal.records(file))
        return []


def _key(case: Case, kind: str) -> tuple[Case, str]:
    """Without our settings, which nobody reads who is alone."""
    rest = tuple((name, value) for name, value in case.environment if not name.startswith("TRACKSHIM_"))
    return replace(case, environment=rest), kind


def _skip_what_cannot_run(alone: Outcome) -> None:
    if alone.status == CANNOT:
        pytest.skip(alone.stderr.decode(errors="replace").strip())


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
