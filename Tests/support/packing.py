"""What `make` installs and packs. It compiles nothing here: what it takes is what the other tests test."""

import os
import re
import subprocess
from pathlib import Path

from .library import HEADER, ROOT

BUILT = ("build/lib/libtrackshim.so", "build/bin/trackshim", "build/include/trackshim.h")
VERSION = re.search(r'TRACKSHIM_VERSION "(.*)"', HEADER.read_text())[1]
SERIES = VERSION.split(".")[0]
# The date of what is packed, and quick ways to pack: the bytes are no less the same for it.
DATE = 1700000000
QUICK = {"SOURCE_DATE_EPOCH": DATE, "DIST_LEVEL": 1, "DEB_COMPRESSION": "-Zgzip -z1"}

DOCUMENTS = sorted(path.name for path in (ROOT / "docs").glob("*.md"))


def make(target: str, umask: int = 0o022, **variables) -> subprocess.CompletedProcess:
    """The outer make's flags and this session's settings are none of its."""
    words = ["make", "--no-print-directory", *(f"--old-file={path}" for path in BUILT), target]
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "SWIFT") if name in os.environ}
    return subprocess.run(
        [*words, *(f"{name}={value}" for name, value in variables.items())],
        cwd=ROOT, env=environment, umask=umask, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def made(target: str, **options) -> str:
    """What it printed."""
    done = make(target, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def packed(target: str, folder: Path, **options) -> Path:
    """The file that appeared in the folder."""
    return Path(made(target, **QUICK, DISTDIR=folder, **options).splitlines()[-1])


def multiarch() -> str:
    """Debian's name for this machine's libraries."""
    return subprocess.check_output(["gcc", "-print-multiarch"], text=True).strip()


def listing(folder: Path) -> dict[str, str]:
    """For each file and link below: its mode, or where it leads."""
    found = [path for path in folder.rglob("*") if path.is_symlink() or path.is_file()]
    return {str(path.relative_to(folder)): _kind(path) for path in found}


def _kind(path: Path) -> str:
    return f"-> {path.readlink()}" if path.is_symlink() else f"{path.stat().st_mode & 0o7777:o}"


def expected(lib: str = "lib", zsh: str = "share/zsh/site-functions") -> dict[str, str]:
    """What is installed, below the prefix."""
    return {
        "bin/trackshim": "755",
        f"{lib}/libtrackshim.so.{VERSION}": "644",
        f"{lib}/libtrackshim.so.{SERIES}": f"-> libtrackshim.so.{VERSION}",
        f"{lib}/libtrackshim.so": f"-> libtrackshim.so.{SERIES}",
        "include/trackshim.h": "644",
        f"{lib}/pkgconfig/trackshim.pc": "644",
        f"{lib}/cmake/trackshim/trackshim-config.cmake": "644",
        f"{lib}/cmake/trackshim/trackshim-config-version.cmake": "644",
        "share/man/man1/trackshim.1": "644",
        "share/man/man3/libtrackshim.3": "644",
        "share/bash-completion/completions/trackshim": "644",
        f"{zsh}/_trackshim": "644",
        "share/fish/vendor_completions.d/trackshim.fish": "644",
        **{f"share/doc/trackshim/{name}": "644" for name in ["LICENSE", *DOCUMENTS]},
    }
