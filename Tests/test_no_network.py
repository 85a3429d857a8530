"""A program that the system keeps from the network, as a sandbox does: its run goes offline at once."""

import ctypes
import platform
import struct
import subprocess
import time

import pytest
from support.online import Online, notes_in

LOAD, JUMP_UNLESS_EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, ERRNO = 0x7FFF0000, 0x00050000
PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, FILTER_MODE = 22, 38, 2
CALLS = {"socket": 41, "connect": 42}  # of x86-64
EPERM, EACCES = 1, 13


def deny(call, error):
    """To what this process becomes."""
    code = [(LOAD, 0, 0, 0), (JUMP_UNLESS_EQUAL, 0, 1, CALLS[call])]
    code += [(RETURN, 0, 0, ERRNO | error), (RETURN, 0, 0, ALLOW)]
    program = b"".join(struct.pack("HBBI", *line) for line in code)
    text = ctypes.create_string_buffer(program)
    about = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", len(code), ctypes.addressof(text)))
    libc = ctypes.CDLL(None)
    assert libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
    assert libc.prctl(PR_SET_SECCOMP, FILTER_MODE, about, 0, 0) == 0


@pytest.mark.skipif(platform.machine() != "x86_64", reason="the filter knows the calls of x86-64")
@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "http://no.such.host.invalid"])
@pytest.mark.parametrize("call, error", [("socket", EPERM), ("socket", EACCES), ("connect", EPERM)])
def test_a_sandbox(call, error, url, programs, shim, tmp_path):
    online = Online(programs, shim, tmp_path, WANDB_BASE_URL=url, WANDB_API_KEY="0" * 40)
    began = time.monotonic()
    done = subprocess.run(
        online.argv(20, 2), cwd=online.work, env=online.environment(), capture_output=True, timeout=60,
        preexec_fn=lambda: deny(call, error),
    )
    took = time.monotonic() - began
    notes = notes_in(done.stderr)
    assert done.returncode == 0 and took < 5, notes
    assert len([line for line in notes if "does not let this program use the network" in line]) == 1, notes
