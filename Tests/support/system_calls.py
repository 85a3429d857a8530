"""How a host's output is cut into system calls on fd 1, as strace sees it."""

import functools
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

# Where each takes the descriptor that it writes to.
DESTINATION = {
    "write": 0, "pwrite64": 0, "writev": 0, "pwritev": 0, "pwritev2": 0, "sendto": 0, "sendmsg": 0,
    "sendfile": 0, "vmsplice": 0, "tee": 1, "splice": 2, "copy_file_range": 2,
}  # fmt: skip
LEAVES_TABLE = "close_range"
WHOLE = re.compile(r"(\d+) +(\w+)\((.*)\) += (-?\d+|\?)(?: (E\w+))?")
BEGUN = re.compile(r"(\d+) +(\w+\(.*) <unfinished \.\.\.>$")
RESUMED = re.compile(r"(\d+) +<\.\.\. \w+ resumed>(.*)$")


@functools.cache
def why_not() -> str | None:
    if not shutil.which("strace"):
        return "strace is not installed"
    done = subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"], capture_output=True, text=True)
    return None if done.returncode == 0 else f"strace cannot trace here: {done.stderr.strip()}"


def traced(argv: list[str], environment: dict[str, str], log: Path) -> tuple[list[str], dict[str, str]]:
    """The words and environment that run this under strace; what is preloaded is only in the host."""
    preload = environment.get("LD_PRELOAD")
    rest = {name: value for name, value in environment.items() if name != "LD_PRELOAD"}
    names = ",".join([*DESTINATION, LEAVES_TABLE])
    words = ["strace", "-f", "-qq", "-s", "0", "-e", f"trace={names}", "-e", "signal=none", "-o", str(log)]
    if preload:
        words += ["-E", f"LD_PRELOAD={preload}"]
    return [*words, *argv], rest


def on_stdout(log: Path) -> Counter[str]:
    """Each call that wrote to fd 1, with what was asked and what it gave, and how often it was made.

    Threads that left the host's file table are none of the host's: their numbers mean other files.
    """
    found: Counter[str] = Counter()
    elsewhere = set()
    for thread, name, arguments, result in _calls(log.read_text(errors="replace").splitlines()):
        if name == LEAVES_TABLE and "CLOSE_RANGE_UNSHARE" in arguments[-1]:
            elsewhere.add(thread)
        elif thread not in elsewhere and name in DESTINATION and arguments[DESTINATION[name]] == "1":
            found[f"{name}(1, …, {arguments[-1]}) = {result}"] += 1
    return found


def _calls(lines: list[str]):
    begun: dict[str, str] = {}
    for line in lines:
        if match := BEGUN.match(line):
            begun[match[1]] = match[2]
            continue
        if match := RESUMED.match(line):
            line = f"{match[1]} {begun.pop(match[1], '')}{match[2]}"
        if match := WHOLE.match(line):
            yield match[1], match[2], _split(match[3]), match[5] or match[4]


def _split(arguments: str) -> list[str]:
    """Arguments at the outermost level; strings are empty (-s 0), so brackets are all there is."""
    parts, depth = [""], 0
    for letter in arguments:
        depth += (letter in "[{(") - (letter in "]})")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts]


def differences(alone: Counter[str], tracked: Counter[str]) -> list[str]:
    return [
        f"system calls: {call} {tracked[call]} times, alone {alone[call]}"
        for call in sorted(alone.keys() | tracked.keys())
        if alone[call] != tracked[call]
    ]
