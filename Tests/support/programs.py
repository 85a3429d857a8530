"""Builds the hosts, each once a session and only when a test asks for it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .library import HOSTS

COMPILERS = {
    ".c": ["gcc", "-Wall", "-Wno-unused-function", "-Wno-unused-result", "-pthread"],
    ".cpp": ["g++", "-Wall", "-pthread"],
    ".rs": ["rustc", "-O"],
    ".f90": ["gfortran"],
    ".swift": ["swiftc", "-O"],
    ".go": ["go", "build"],
}
INTERPRETERS = {
    ".sh": ["/bin/bash"],
    ".pl": ["/usr/bin/perl"],
    ".rb": ["/usr/bin/ruby"],
    ".js": ["node"],
    ".java": ["java"],
}


def host_python() -> str:
    """A real interpreter: a venv's is a link, and a version manager's is a shell script."""
    system = Path("/usr/bin/python3")
    return str(system if system.exists() else Path(os.path.realpath(sys.executable)))


class Programs:
    """Compiled hosts and guests, kept by source and flags."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._built: dict[tuple[str, tuple[str, ...]], Path] = {}
        self.alone: dict = {}  # what came of a host without the library, by case and kind of stdout

    def argv(self, source: str, flags: tuple[str, ...] = ()) -> list[str]:
        """The words that start the host made from this source."""
        kind = Path(source).suffix
        if kind in COMPILERS:
            return [str(self.binary(source, flags))]
        interpreter = [host_python()] if kind == ".py" else INTERPRETERS[kind]
        if not shutil.which(interpreter[0]):
            pytest.skip(f"{interpreter[0]} is not installed")
        return [*interpreter, str(HOSTS / source)]

    def guest(self, source: str, flags: tuple[str, ...] = ()) -> Path:
        """A library to preload, made from this source."""
        return self.binary(source, ("-shared", "-fPIC", *flags))

    def binary(self, source: str, flags: tuple[str, ...]) -> Path:
        key = (source, flags)
        if key not in self._built:
            self._built[key] = self._compile(source, flags, len(self._built))
        return self._built[key]

    def _compile(self, source: str, flags: tuple[str, ...], number: int) -> Path:
        compiler = COMPILERS[Path(source).suffix]
        if not shutil.which(compiler[0]):
            pytest.skip(f"{compiler[0]} is not installed")
        # A folder for each, so that the program's own name is short and the same whatever the flags.
        output = self._folder / str(number) / Path(source).stem
        output.parent.mkdir(parents=True)
        words = [*compiler, "-o", str(output), str(HOSTS / source), *flags]
        done = subprocess.run(words, capture_output=True, text=True)
        if done.returncode != 0:
            pytest.fail(f"{' '.join(words)}\n{done.stderr}", pytrace=False)
        return output
