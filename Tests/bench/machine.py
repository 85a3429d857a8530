"""What it was measured on, and with."""

import importlib.metadata
import os
import platform
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

from support.library import ROOT


def facts(loads: list[float]) -> list[tuple[str, str]]:
    found = [
        ("date", date.today().isoformat()),
        ("commit", _said("git", "-C", str(ROOT), "describe", "--always", "--dirty", "--abbrev=10")),
        ("processor", f"{_processor()}, {os.cpu_count()} cores"),
        ("memory", f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1e9:.0f} GB"),
        ("kernel", f"{platform.system()} {platform.release()}, {platform.machine()}"),
        ("system", platform.freedesktop_os_release().get("PRETTY_NAME", "")),
        ("C library", " ".join(platform.libc_ver())),
        ("C compiler", _said("cc", "--version")),
        ("Swift", re.sub(r"\s*\(.*", "", _said(os.environ.get("SWIFT") or "swift", "--version"))),
        ("Python", platform.python_version()),
        ("W&B's client", _version("wandb")),
        ("valgrind", _said("valgrind", "--version") or "not there: no instructions were counted"),
        ("load", f"{loads[0]:.1f} when it began, at most {max(loads):.1f}; of which 1 to 2 are what is measured"),
    ]
    return [(name, value) for name, value in found if value]


def _said(*words: str) -> str:
    """The first line of what a program says of itself."""
    if not shutil.which(words[0]):
        return ""
    done = subprocess.run(words, capture_output=True, text=True)
    return done.stdout.strip().partition("\n")[0] if done.returncode == 0 else ""


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _processor() -> str:
    found = re.search(r"^model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found[1] if found else platform.processor()
