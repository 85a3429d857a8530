"""The programs of Examples that call the library: how each is made, how it is run, what its run must hold."""

import subprocess
from pathlib import Path

import pytest
from server.tracked import Recorded, metrics, same

from . import official
from .execution import clean_environment, execute
from .library import ROOT
from .needs import require

EXAMPLES = ROOT / "Examples"
HEADER = ROOT / "Sources/CTrackShim/include"
STEPS, FIRST_RATE = 20, 0.2


class Examples:
    """Builds and runs them as a user would, each in `folder`."""

    def __init__(self, shim: Path, folder: Path):
        self._shim, self._folder = shim, folder

    def compile(self, source: str, *compiler: str) -> str:
        """The program that a compiler makes of a file of Examples, linked with the library."""
        program = self._folder / Path(source).stem
        words = [*compiler, "-o", str(program), str(EXAMPLES / source), "-L", str(self._shim.parent), "-ltrackshim"]
        # Beside the program: Fortran's compiler leaves its module's file where it is.
        done = subprocess.run(words, capture_output=True, text=True, cwd=self._folder)
        if done.returncode != 0:
            pytest.fail(f"{' '.join(words)}\n{done.stderr}", pytrace=False)
        return str(program)

    def run(self, *argv: str, preload: bool = False, linked: bool = True, **settings: str) -> Recorded:
        """What came of it, with the library preloaded, or where the loader finds it, or neither."""
        work, track = self._folder / "work", self._folder / "track"
        work.mkdir()
        environment = clean_environment(track) | settings
        if preload:
            environment["LD_PRELOAD"] = str(self._shim)
        elif linked:
            environment["LD_LIBRARY_PATH"] = str(self._shim.parent)
        outcome = execute([*map(str, argv)], "pipe", work, environment, limit=60)
        return Recorded(outcome, outcome.stdout, track)

    def built(self, name: str, *words: str, **options) -> Recorded:
        """One that `make` has built."""
        return self.run(str(ROOT / "build/bin" / name), *words, **options)


def descent(steps: int = STEPS):
    """Step and row of the descent that all of them do, done again here."""
    weight = 0.0
    for step in range(1, steps + 1):
        gradient, rate = 2 * (weight - 3), FIRST_RATE * (STEPS + 1 - step) / STEPS
        yield step, {"loss": (weight - 3) ** 2, "lr": rate, "grad_norm": abs(gradient)}
        weight -= rate * gradient


def check_rows(recorded: Recorded, expected, printed: tuple[str, ...] = ()) -> None:
    """These steps with these numbers, and no others; those that were `printed` had six digits."""
    rows = [(row["_step"], metrics(row)) for row in recorded.rows]
    expected = list(expected)
    assert [step for step, _ in rows] == [step for step, _ in expected], recorded.outcome.stderr
    for (step, found), (_, row) in zip(rows, expected):
        near = {key: _near(value, key in printed) for key, value in row.items()}
        assert same(found, near), step


def _near(value: float, printed: bool):
    rough, exact = {"rel": 1e-5, "abs": 1e-6}, {"rel": 1e-12}
    return pytest.approx(value, nan_ok=True, **(rough if printed else exact))


def check_end(recorded: Recorded, code: int = 0) -> None:
    """The program and its run ended so, and W&B's own reader reads the journal."""
    assert recorded.outcome.status == code, recorded.outcome.stderr
    assert [record.exit_code for record in recorded.of("exit")] == [code]
    assert official.differences(recorded.journal, recorded.kinds) == []


def command(name: str) -> str:
    """A command that is needed, else the test is skipped with the reason."""
    require(name)
    return name
