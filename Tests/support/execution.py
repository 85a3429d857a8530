"""Runs one command with one kind of stdout and says everything a user could notice of it."""

import os
import selectors
import signal
import subprocess
import termios
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from . import small_disk

KINDS = ("pipe", "file", "terminal", "null", "closed", "full", "small")
TIME_LIMIT = 20.0


@dataclass
class Outcome:
    stdout: bytes
    stderr: bytes
    status: int  # as subprocess says it: minus the signal's number for a death by signal
    hung: bool = False
    files: dict[str, bytes] = field(default_factory=dict)

    def ending(self) -> str:
        if self.hung:
            return "still running, or its streams still held, when the time was over"
        if self.status < 0:
            return f"signal {signal.Signals(-self.status).name}"
        return f"exit status {self.status}"


def clean_environment(track: Path, settles: bool = True) -> dict[str, str]:
    """What a host gets with and without the library: the same words, so the same stack."""
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(track.parent),
        "LANG": "C.UTF-8",
        "TMPDIR": str(track.parent),
        "TRACKSHIM_DIR": str(track),
        "TRACKSHIM_PROJECT": "test",
        "SETTLE_MS": "200" if settles else "000",
        "SETTLE_FOR_RUN": "1" if settles else "0",
    }


def execute(
    argv: list[str], kind: str, work: Path, environment: dict[str, str], limit: float = TIME_LIMIT
) -> Outcome:
    stdout, reader, file = _open_stdout(kind, work)
    process = subprocess.Popen(
        argv,
        cwd=work,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        preexec_fn=_close_stdout if kind == "closed" else None,
        start_new_session=True,
    )
    if stdout is not None:
        os.close(stdout)
    outputs, hung = _collect(process, reader, limit)
    printed = file() if file else outputs.get(reader, b"")
    errors = outputs[process.stderr.fileno()]
    process.stderr.close()
    if reader is not None:
        os.close(reader)
    return Outcome(printed, errors, process.returncode, hung, _files_below(work))


def _close_stdout() -> None:
    os.close(1)


def _open_stdout(kind: str, work: Path) -> tuple[int | None, int | None, Callable[[], bytes] | None]:
    """The host's descriptor, ours to read it by, and what reads the file afterwards, once."""
    if kind == "pipe":
        reader, writer = os.pipe()
        return writer, reader, None
    if kind == "terminal":
        reader, writer = os.openpty()
        settings = termios.tcgetattr(writer)
        settings[1] &= ~termios.OPOST  # else the terminal itself would turn \n into \r\n
        termios.tcsetattr(writer, termios.TCSANOW, settings)
        return writer, reader, None
    if kind == "file":
        path = work.parent / "stdout"
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), None, lambda: _taken(path, path.read_bytes)
    if kind == "small":
        path = small_disk.stdout_path()
        descriptor = os.open(path, os.O_WRONLY)
        os.lseek(descriptor, 0, os.SEEK_END)
        return descriptor, None, lambda: _taken(path, lambda: small_disk.written(path))
    if kind == "closed":
        return None, None, None
    return os.open({"null": "/dev/null", "full": "/dev/full"}[kind], os.O_WRONLY), None, None


def _taken(path: Path, read: Callable[[], bytes]) -> bytes:
    data = read()
    path.unlink()
    return data


def _collect(
    process: subprocess.Popen, reader: int | None, limit: float
) -> tuple[dict[int, bytes], bool]:
    """Reads until the process and all that holds its streams are gone, or the time is over."""
    outputs = {process.stderr.fileno(): bytearray()}
    if reader is not None:
        outputs[reader] = bytearray()
    deadline = time.monotonic() + limit
    with selectors.DefaultSelector() as selector:
        for descriptor in outputs:
            selector.register(descriptor, selectors.EVENT_READ)
        while selector.get_map() and time.monotonic() < deadline:
            for key, _ in selector.select(deadline - time.monotonic()):
                if not _read_some(key.fd, outputs[key.fd]):
                    selector.unregister(key.fd)
        hung = bool(selector.get_map())  # gone itself, perhaps, but something it left is not
    try:
        process.wait(max(0.01, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        hung = True
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return {descriptor: bytes(data) for descriptor, data in outputs.items()}, hung


def _read_some(descriptor: int, into: bytearray) -> bool:
    try:
        data = os.read(descriptor, 1 << 16)
    except OSError:  # EIO: the last holder of a terminal's other side has gone
        return False
    into += data
    return bool(data)


def _files_below(work: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(work)): path.read_bytes()
        for path in sorted(work.rglob("*"))
        if path.is_file()
    }
