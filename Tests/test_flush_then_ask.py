"""trackshim_flush, and what is asked right behind it."""

import subprocess

from support.execution import clean_environment
from support.examples import HEADER


def test_what_is_known_of_a_run_is_known_when_a_flush_returns(programs, shim, tmp_path):
    flags = (f"-I{HEADER}", f"-L{shim.parent}", "-ltrackshim", f"-Wl,-rpath,{shim.parent}")
    words = programs.argv("flush_then_ask.c", flags)
    done = subprocess.run(words, env=clean_environment(tmp_path / "track"), capture_output=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, b"")
