"""Where the things under test are. TRACKSHIM_LIB and TRACKSHIM_CLI point elsewhere when set."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOSTS = ROOT / "Tests" / "hosts"
HEADER = ROOT / "Sources/CTrackShim/include/trackshim.h"


def library() -> Path:
    return Path(os.environ.get("TRACKSHIM_LIB", ROOT / "build/lib/libtrackshim.so")).resolve()


def command() -> Path | None:
    """The `trackshim` command, or None where it has not been built."""
    path = Path(os.environ.get("TRACKSHIM_CLI", ROOT / "build/bin/trackshim")).resolve()
    return path if os.access(path, os.X_OK) else None
