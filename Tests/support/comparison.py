"""What differs between a host alone and the same host under the library, in words."""

import re
from collections.abc import Iterable, Iterator

from .execution import Outcome

OWN_LINES = re.compile(rb"^trackshim: [^\n]*\n", re.MULTILINE)
OWN_WORDS = re.compile(rb"trackshim: [^\n]*\n")


def without_notes(stderr: bytes, anywhere: bool = False) -> bytes:
    """Less our own whole lines; `anywhere` for hosts that write a line in several calls."""
    return (OWN_WORDS if anywhere else OWN_LINES).sub(b"", stderr)


def differences(case, alone: Outcome, tracked: Outcome) -> list[str]:
    """Everything a user could notice; nothing is the only good answer."""
    found = []
    if tracked.ending() != alone.ending():
        found.append(f"status: {tracked.ending()}, alone {alone.ending()}")
    arranged = _sorted_lines if case.unordered else bytes
    expected_errors = alone.stderr
    actual_errors = without_notes(tracked.stderr, case.notes_anywhere)
    found += _byte_difference("stdout", arranged(alone.stdout), arranged(tracked.stdout))
    found += _byte_difference("stderr", arranged(expected_errors), arranged(actual_errors))
    for name in sorted(alone.files.keys() | tracked.files.keys()):
        if name not in tracked.files:
            found.append(f"file {name} is missing")
        elif name not in alone.files:
            found.append(f"file {name} is there, alone it is not")
        else:
            found += _byte_difference(f"file {name}", alone.files[name], tracked.files[name])
    return found


def _sorted_lines(data: bytes) -> bytes:
    return b"".join(sorted(data.splitlines(keepends=True)))


def _byte_difference(name: str, expected: bytes, actual: bytes) -> list[str]:
    if expected == actual:
        return []
    shorter = min(len(expected), len(actual))
    at = next((i for i in range(shorter) if expected[i] != actual[i]), shorter)
    window = slice(max(0, at - 30), at + 60)
    return [
        f"{name}: differs from byte {at} on, {len(actual)} bytes, alone {len(expected)}\n"
        f"    alone   …{expected[window]!r}…\n"
        f"    tracked …{actual[window]!r}…"
    ]


def console_text(printed: bytes) -> str:
    """Bytes as W&B's text: how many U+FFFD stand for one broken sequence is not our concern."""
    return as_recorded(printed.decode("utf-8", errors="replace"))


def as_recorded(text: str) -> str:
    return re.sub("\ufffd+", "\ufffd", text.replace("\r\n", "\n"))


def lines_of(text: str) -> list[str]:
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def record_differences(
    case, stream: str, printed: bytes, recorded: str, possible: bytes | None = None, anywhere: bool = False
) -> list[str]:
    """Compares one stream's console log with what was printed.

    `printed` must all be there. Without `possible` nothing else may be; with it, whatever stands
    there too, in its order or `anywhere`: text that was handed to stdio but need not have reached the descriptor.
    """
    must = list(_relevant(case, lines_of(console_text(printed))))
    got = [line for line in lines_of(as_recorded(recorded)) if not _matches(case.optional, line)]
    foreign = [line for line in got if _matches(case.foreign, line)]
    if foreign:
        return [f"console log, {stream}: has another's line {foreign[0]!r}"]
    if possible is None:
        return _line_difference(stream, must, got, case.unordered)
    may = list(_relevant(case, lines_of(console_text(possible))))
    if anywhere:
        return _gap(f"console log, {stream}: lacks", must, got) + _strangers(stream, got, may, must)
    return _gap(f"console log, {stream}: lacks", must, got) + _gap(
        f"console log, {stream}: was never printed:", got, may
    )


def _relevant(case, lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        if not _matches(case.foreign, line) and not _matches(case.optional, line):
            yield line


def _matches(pattern: str | None, line: str) -> bool:
    return pattern is not None and re.match(pattern, line) is not None


def _line_difference(stream: str, must: list[str], got: list[str], unordered: bool) -> list[str]:
    if unordered:
        must, got = sorted(must), sorted(got)
    if must == got:
        return []
    shorter = min(len(must), len(got))
    at = next((i for i in range(shorter) if must[i] != got[i]), shorter)
    return [
        f"console log, {stream}: differs from line {at} on, {len(got)} lines, printed {len(must)}\n"
        f"    printed  {must[at : at + 3]!r}\n"
        f"    recorded {got[at : at + 3]!r}"
    ]


def _strangers(stream: str, got: list[str], *known: list[str]) -> list[str]:
    """Lines that are nobody's. The disk may have ended within one, and stdio may hold half a one at the end."""
    whole = [line for lines in known for line in lines]
    strangers = [line for line in got if not any(have.startswith(line) or have.endswith(line) for have in whole)]
    return [f"console log, {stream}: was never printed: {line!r}" for line in strangers[:1]]


def _gap(label: str, wanted: list[str], offered: list[str]) -> list[str]:
    """The first of `wanted` that `offered` does not have in its turn; a last line may be a part."""
    rest = iter(offered)
    for number, line in enumerate(wanted):
        is_last = number == len(wanted) - 1
        if not any(have == line or (is_last and have.startswith(line)) for have in rest):
            return [f"{label} line {number}, {line!r}"]
    return []
