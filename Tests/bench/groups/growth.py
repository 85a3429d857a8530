"""Ten times as much takes ten times as long, and no more memory."""

from bench import Bench
from fast import Fast
from recorded import Recorded, recorded
from rounds import Spread, interleaved, ratios
from table import Row, compared

ALLOWED = 1.25  # times the time for each, with ten times as many
# As much as a ring holds: how much of it waits at a time depends on what else the machine does. Eight bytes a step that
# were kept would be more.
ALLOWED_MB = 4.0
ROUNDS = 3
MEGABYTE = 1_000_000
TEXT_BYTES = 88  # of a line of hosts/lines.c


def tables(bench: Bench):
    few = bench.sized(60_000, 300_000)  # and ten times as many
    rows = [
        *more_of(bench, "steps", few, "seed"),
        *more_of(bench, "lines without a metric", few, "text"),
        *more_keys(bench, 2 * few),
        *output(bench),
    ]
    return [compared("Growth", rows)]


def more_of(bench: Bench, what: str, few: int, kind: str):
    """An untracked program keeps a mebibyte of text and no more, so its first line is a metric."""
    less, more = _in_turns(bench, [(few, kind), (10 * few, kind)])
    yield _time(f"worker's time for each of {10 * few:,} {what}, against {few:,}", less, few, more, 10 * few)
    yield _memory(f"memory after {10 * few:,} {what}, against {few:,}", less, more)


def more_keys(bench: Bench, lines: int):
    """As many lines; they name more things."""
    few, some, many = 10, 1_000, 10_000
    counts = (few, some, many)
    found = dict(zip(counts, _in_turns(bench, [(lines, f"keys:{keys}") for keys in counts]), strict=True))
    for keys, runs in found.items():
        if any(one.names != keys for one in runs):
            raise RuntimeError(f"{keys} names were printed, and {[one.names for one in runs]} were read")
    row = _time(f"worker's time for a line that names one of {many:,} metrics, against {some:,}",
                found[some], lines, found[many], lines)  # fmt: skip
    row.note = f"with {few} metrics {_microseconds(found[few], lines)}: the general reader knows their lines by heart"
    yield row
    memory = _memory(f"memory with {many:,} metrics, against {some:,}", found[some], found[many])
    memory.target, memory.met = "–", None
    memory.note = f"{(_resident(found[many]) - _resident(found[some])) * 1024 / (many - some):,.0f} bytes a name"
    yield memory


def _in_turns(bench: Bench, programs: list[tuple[int, str]]) -> list[list[Recorded]]:
    """Of each, lines and their kind, as many runs as there are rounds."""
    rounds = [[recorded(bench, "offline", lines, kind) for lines, kind in programs] for _ in range(ROUNDS)]
    return [list(runs) for runs in zip(*rounds, strict=True)]


def _time(name: str, less: list[Recorded], few: int, more: list[Recorded], many: int) -> Row:
    one, ten = (Spread(found.worker / count for found in runs) for runs, count in ((less, few), (more, many)))
    ratio = ten.median / one.median
    beside = {"offline": f"{_microseconds(more, many)}, {_microseconds(less, few)}"}
    return Row(name, f"≤ {ALLOWED} ×", f"{ratio:.2f} ×", ratio <= ALLOWED, beside)


def _microseconds(runs: list[Recorded], count: int) -> str:
    return Spread(found.worker / count * 1e6 for found in runs).text(2, " µs")


def _memory(name: str, less: list[Recorded], more: list[Recorded]) -> Row:
    grown = (_resident(more) - _resident(less)) / 1024
    beside = {"offline": f"{_resident(more) / 1024:.1f} MB"}
    return Row(name, f"≤ +{ALLOWED_MB:g} MB", f"{grown:+.1f} MB", grown <= ALLOWED_MB, beside)


def _resident(runs: list[Recorded]) -> float:
    """KiB."""
    return Spread(found.memory["VmRSS"] for found in runs).median


def output(bench: Bench):
    """As fast as it comes: what cannot be kept is dropped, and nothing of it stays in memory."""
    size = bench.sized(200 * MEGABYTE, 10_000 * MEGABYTE)
    short, long = Fast(bench), Fast(bench)
    _text(short, size // 10, 3)
    wall = _text(long, size, bench.sized(3, 1))
    slower, lost = ratios(wall, "offline", "bare"), Spread(long.dropped["offline"]).median
    yield Row(
        f"wall time of {size // MEGABYTE:,} MB of text, as fast as possible", "≤ 1.10 × bare", slower.text(),
        slower.median <= 1.10, {way: f"{Spread(values).median:.2f} s" for way, values in wall.items()},
        f"{lost:.0%} dropped and counted",
    )  # fmt: skip
    grown = (Spread(long.peak["offline"]).median - Spread(short.peak["offline"]).median) / 1024
    yield Row(
        f"memory at its highest, against {size // 10 // MEGABYTE:,} MB", f"≤ +{ALLOWED_MB:g} MB", f"{grown:+.1f} MB",
        grown <= ALLOWED_MB, {way: f"{Spread(values).median / 1024:.1f} MB" for way, values in long.peak.items()},
    )  # fmt: skip


def _text(fast: Fast, size: int, rounds: int) -> dict[str, list[float]]:
    def each(way):
        return lambda: fast.seconds(way, size // TEXT_BYTES, "text")

    return interleaved({way: each(way) for way in ("bare", "offline")}, rounds)
