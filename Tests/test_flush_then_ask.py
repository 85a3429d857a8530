"""trackshim_flush: when it answers, and what is asked right behind it."""

import subprocess

import pytest
from support.examples import HEADER
from support.execution import clean_environment


@pytest.fixture
def answer(programs, shim, tmp_path):
    """What a host that is linked with the library prints."""

    def run(source):
        flags = (f"-I{HEADER}", f"-L{shim.parent}", "-ltrackshim", f"-Wl,-rpath,{shim.parent}")
        words, environment = programs.argv(source, flags), clean_environment(tmp_path / "track")
        done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


def test_what_is_known_of_a_run_is_known_when_a_flush_returns(answer):
    assert answer("flush_then_ask.c") == ""


@pytest.mark.alone
def test_a_flush_wakes_the_thread_that_is_about_to_sleep(answer, measured):
    slow = int(answer("flush_wakes.c"))
    measured(f"flushes that waited for a nap: {slow} of 1,000")
    # Without the second look there were 10 to 84.
    assert slow < 10
