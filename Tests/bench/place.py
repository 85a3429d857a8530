"""Where it is measured: a folder, the small programs, and what each way of recording is started with."""

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from server.fixtures import KEY
from server.official import environment as official_environment
from support.execution import clean_environment
from support.library import library

HERE = Path(__file__).resolve().parent
OFFICIAL = ("wrapper", "wandb.log")


class Place:
    def __init__(self, folder: Path):
        self.folder = folder
        self._built: dict[str, Path] = {}
        self._number = 0

    def program(self, name: str) -> Path:
        return self._build(name)

    def guest(self, name: str) -> Path:
        """A library to preload."""
        return self._build(name, "-shared", "-fPIC")

    def _build(self, name: str, *flags: str) -> Path:
        if name not in self._built:
            target = self.folder / name
            compiler = ["cc", "-O2", "-Wall", "-Wextra", "-Werror", "-pthread", *flags]
            subprocess.run([*compiler, HERE / "hosts" / f"{name}.c", "-o", target], check=True)
            self._built[name] = target
        return self._built[name]

    def fresh(self) -> Path:
        """An empty folder for one run: program's and ours."""
        self._number += 1
        path = self.folder / f"run{self._number}"
        path.mkdir()
        return path

    @staticmethod
    def clear(path: Path) -> None:
        shutil.rmtree(path, ignore_errors=True)

    def environment(self, way: str, track: Path, server=None, **settings) -> dict[str, str]:
        """`way` is a column of the table."""
        if way.startswith(OFFICIAL):
            return self._official(way, track, server) | settings
        found = clean_environment(track, settles=False) | settings
        if way == "offline":
            found |= {"LD_PRELOAD": str(library()), "TRACKSHIM_MODE": "offline"}
        elif way == "online":
            found |= {"LD_PRELOAD": str(library()), "WANDB_BASE_URL": server.url, "WANDB_API_KEY": KEY}
        elif way in ("idle thread", "busy thread"):
            found["LD_PRELOAD"] = str(self.guest(way.replace(" ", "_")))
        return found

    def _official(self, way: str, track: Path, server) -> dict[str, str]:
        found = official_environment(track, server if way.endswith("online") else None)
        return found | {"WANDB_DIR": str(track), "WANDB_MODE": "online" if way.endswith("online") else "offline"}

    def words(self, way: str, program: list, copy: Path) -> list[str]:
        """How the program is started; `copy` is where those that pass its text on leave it."""
        program = [str(word) for word in program]
        if way.startswith("wrapper"):
            return [sys.executable, str(HERE / "others" / "wrapper.py"), *program]
        if way == "tee":
            return ["sh", "-c", f"{shlex.join(program)} | tee {shlex.quote(str(copy))}"]
        if way == "script":
            return ["script", "-q", "-e", "-c", shlex.join(program), str(copy)]
        return program


def has(way: str) -> bool:
    """Whether this machine has what it takes."""
    return way not in ("tee", "script") or shutil.which(way) is not None
