"""That the C library under test is the one that it should be: else the whole matrix would pass and show nothing."""

import os
import subprocess

import pytest
from support.programs import host_python

EXPECTED = os.environ.get("TRACKSHIM_TEST_GLIBC")
pytestmark = pytest.mark.skipif(EXPECTED is None, reason="only in `make test-glibc`")

WAYS = {
    "a host": lambda programs: programs.argv("libc_version.c"),
    "python": lambda _: [host_python(), "-c", "import os; print(os.confstr('CS_GNU_LIBC_VERSION').split()[1])"],
    "the shell's programs": lambda _: ["sh", "-c", "getconf GNU_LIBC_VERSION | cut -d' ' -f2"],
}


@pytest.mark.parametrize("way", WAYS)
def test_hosts_have_the_release_under_test(way, programs):
    done = subprocess.run(WAYS[way](programs), capture_output=True, text=True, check=True)
    assert done.stdout.strip() == EXPECTED
