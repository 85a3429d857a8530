"""Where a run's ring lies while it is recorded."""

import os
import zlib
from pathlib import Path

SHARED = Path("/dev/shm")


def ring(run_id, server="https://api.wandb.ai", entity="", project="test") -> Path:
    place = zlib.crc32(f"{server}/{entity}/{project}".encode())
    return SHARED / f"trackshim-{os.geteuid()}-{place}-{run_id}.ring"
