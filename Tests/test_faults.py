"""Whatever goes wrong on the way to the server: the program notices nothing, and in the end all of its run is there.

The table of docs/faults.md is made here: TRACKSHIM_WRITE_FAULTS=1 writes it.
"""

import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from server.certificates import Certificate
from server.fixtures import KEY
from server.listener import StandIn
from server.tracked import same
from server.traffic import state
from support.fault_table import EXIT_TIMEOUT, SETTINGS, TRAINER, Row, rows, stage_for
from support.library import ROOT
from support.online import Online

pytestmark = pytest.mark.alone

DOCUMENT = ROOT / "docs/faults.md"
MOST_NOTES = 6
AT_ONCE = 12  # they sleep most of the time: a tenth of a second of computing in five


CERTIFICATES = {}  # by name; made before the first row is played
ROWS = rows(CERTIFICATES)


@dataclass
class Played:
    row: Row
    ended: object
    alone: object
    before: dict | None  # what the server had at the program's end
    after: dict | None  # and after `trackshim sync`
    sync: subprocess.CompletedProcess
    violations: list


class Theatre:
    """Plays the rows that are asked for, several at once, each with a user and a server of its own."""

    def __init__(self, programs, shim, folder, wanted):
        self._programs, self._shim, self._folder = programs, shim, folder
        for row in wanted:  # compilers first, on this thread
            programs.argv("trainer.c"), [programs.guest(name) for name in row.preload]
        self._alone = self._trainer_alone((), folder / "alone")
        self.reference = self._undisturbed()
        self._pool = ThreadPoolExecutor(AT_ONCE)
        self._played = {row: self._pool.submit(self._play, row, number) for number, row in enumerate(wanted)}

    def close(self):
        self._pool.shutdown(cancel_futures=True)

    def played(self, row) -> Played:
        return self._played[row].result()

    def _trainer_alone(self, words, folder):
        return Online(self._programs, self._shim, folder).run(*TRAINER, *words, tracked=False)

    def _undisturbed(self):
        """The state on a server with which nothing goes wrong."""
        with StandIn(key=KEY) as server:
            online = Online(self._programs, self._shim, self._folder / "reference", server, **SETTINGS)
            ended = online.run(*TRAINER)
            assert ended.visible == self._alone.visible and server.violations == []
            return state_of(server)

    def _play(self, row, number):
        stage = stage_for(row, self._folder / str(number), CERTIFICATES)
        with stage.server, small_disk(row, stage.folder):
            alone = self._trainer_alone(row.words, stage.folder / "alone") if row.words else self._alone
            online = Online(self._programs, self._shim, stage.folder, stage.server, **SETTINGS)
            row.arrange(stage)
            ended = online.run(*TRAINER, *row.words, preload=row.preload, **stage.settings)
            before = state_of(stage.server)
            stage.end()
            done = online.sync(**stage.sync_settings)
            return Played(row, ended, alone, before, state_of(stage.server), done, stage.server.violations)


def state_of(server):
    """Each run has an id and a name of its own: of several processes with one id only one is recorded."""
    own = ("id", "name")
    return {k: v for k, v in state(server.run()).items() if k not in own} if server.runs() else None


class small_disk:
    """For the row about a full disk the runs are on one of 1 MB; a user who is not root has none."""

    def __init__(self, row, folder):
        self._folder = folder / "track" if row.fault.startswith("disk") else None

    def __enter__(self):
        if self._folder:
            self._folder.mkdir(parents=True)
            words = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(self._folder)]
            if subprocess.run(words, capture_output=True).returncode:
                pytest.skip("a small disk can only be mounted by root")

    def __exit__(self, *_):
        if self._folder:
            subprocess.run(["umount", "-l", str(self._folder)], check=False)


@pytest.fixture(scope="module")
def theatre(request, programs, shim, tmp_path_factory):
    own = [item for item in request.session.items if item.module is request.module and hasattr(item, "callspec")]
    wanted = [item.callspec.params["row"] for item in own]
    folder = tmp_path_factory.mktemp("faults")
    CERTIFICATES.update({name: Certificate(folder, name) for name in ("good", "wrong-name")})
    made = Theatre(programs, shim, folder, wanted)
    yield made
    made.close()


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_nothing_is_lost(row, theatre):
    played = theatre.played(row)
    assert problems(played, theatre) == [], f"\n{played.ended.outcome.stderr.decode()}\n{played.sync}"


def is_file_brought_later(text, row):
    """What the server refused while the run was open, `sync` can only bring once it is complete."""
    refuses_files = str(row).startswith(("GraphQL errors", "uploads:"))
    return refuses_files and "file_stream" not in text and " after complete" in text


def problems(played, theatre):
    """Everything that a user or the server could complain about, in words."""
    row, ended, alone = played.row, played.ended, played.alone
    found = [text for text in played.violations if not is_file_brought_later(text, row)]
    if ended.visible != alone.visible or ended.status != row.status:
        found.append(f"the program: {ended.outcome.ending()}, alone {alone.outcome.ending()}, or other bytes")
    if ended.took > alone.took + EXIT_TIMEOUT + 1:
        found.append(f"it took {ended.took:.1f} s, alone {alone.took:.1f} s")
    if len(ended.notes) > MOST_NOTES:
        found.append(f"{len(ended.notes)} lines on stderr")
    if played.sync.returncode:
        found.append(f"sync: {played.sync.stdout}{played.sync.stderr}")
    return found + state_problems(row, played.after, theatre.reference)


def state_problems(row, found, expected):
    if found is None:
        return ["no run on the server"]
    if not row.is_whole:
        return killed_problems(found, expected)
    if row.words:  # another command line, in the config and in its file
        expected = expected | {"config.yaml": found["config.yaml"]}
        expected["config"] = expected["config"] | {"command": found["config"].get("command")}
    return [f"{key}: {found[key]!r}, undisturbed {expected[key]!r}" for key in expected
            if not same(found[key], expected[key])]


def killed_problems(found, expected):
    count = len(found["history"])
    problems = [] if found["history"] == expected["history"][:count] and count else ["its history"]
    for stream, lines in found["console"].items():
        problems += [] if lines == expected["console"][stream][: len(lines)] else [f"its {stream}"]
    return problems + ([] if found["state"] == "failed" else [f"state {found['state']}"])


# ---- The document -------------------------------------------------------------------------------

HEAD = """# Faults

What the tests let go wrong between a program and its server, and what comes of it. A trainer prints 300 steps in
2.4 s; the exit timeout is 2 s, a request may take 1 s, the pace is five requests a second. In every row the
program's output, its exit status and what its own stderr says are those of the program alone, and after `trackshim
sync` the server has what it has of the run that nothing happened to: history, console, summary, config and files.
Where the program was killed, that is what it had printed.

`make test` plays all of it (`Tests/test_faults.py`) and fails if a row here is missing or not tested. The numbers are
of one machine; `TRACKSHIM_WRITE_FAULTS=1` writes them anew.

| what goes wrong | when | our lines on stderr | longer than alone | on the server at the end | after sync |
| --- | --- | --- | --- | --- | --- |
"""


def line_of(played, theatre):
    row = played.row
    more = max(0.0, played.ended.took - played.alone.took)
    rows_before = len(played.before["history"]) if played.before else 0
    there = f"{rows_before} rows, {played.before['state']}" if played.before else "nothing"
    after = "all" if row.is_whole else f"{len(played.after['history'])} rows, {played.after['state']}"
    after = "not all" if problems(played, theatre) else after
    return f"| {row.fault} | {row.when} | {len(played.ended.notes)} | {more:.1f} s | {there} | {after} |"


def test_the_table(theatre, request, measured):
    """Last, so that every row has been played; all of them, or nothing is said of the document."""
    if len(theatre._played) < len(ROWS):
        pytest.skip("only with all rows")
    lines = [line_of(theatre.played(row), theatre) for row in ROWS]
    for line in lines:
        measured(line)
    if os.environ.get("TRACKSHIM_WRITE_FAULTS"):
        DOCUMENT.write_text(HEAD + "\n".join(lines) + "\n")
    written = re.findall(r"^\| (.+?) \| (.+?) \|.*s \|.*\|$", DOCUMENT.read_text(), re.MULTILINE)
    assert written == [(row.fault, row.when) for row in ROWS]
