"""Metric lines as fast as a program can print them, and what it costs us to read and keep them."""

import re
import subprocess
import sys

from bench import Bench, possible
from fast import Fast
from instructions import by_thread, can_count
from place import HERE
from recorded import BURST, recorded
from rounds import Spread, interleaved, ratios
from table import Row, compared

LINES = 1_000_000
# The client's way takes hundreds of times as long, and is scaled.
OFFICIAL_LINES = 3_000


def tables(bench: Bench):
    rows = [*fast_lines(bench), *kept(bench)]
    if can_count():
        rows.append(instructions_of_worker(bench))
    return [compared(f"{LINES:,} metric lines", rows)]


# ---- As fast as possible ----


def fast_lines(bench: Bench):
    fast = Fast(bench)
    ours = possible("bare", "idle thread", "busy thread", "offline", "online", "tee", "script")
    taken = interleaved({way: lambda way=way: fast.seconds(way, LINES) for way in ours}, bench.sized(3, 9))
    yield from [_wall(taken, fast, _official(bench, fast)), _own(fast)]


def _official(bench: Bench, fast: Fast) -> dict[str, float]:
    ways = ("wrapper offline", "wrapper online")
    found = {way: scaled(lambda lines, way=way: fast.seconds(way, lines)) for way in ways}
    return found | {"wandb.log": log_loop(bench)}


def _wall(taken, fast: Fast, official: dict[str, float]) -> Row:
    wall, bare = ratios(taken, "offline", "bare"), Spread(taken["bare"]).median
    company = ratios(taken, "busy thread", "bare").median
    printing = ratios(fast.printing, "offline", "bare")
    waited = [Spread(fast.waited[way]).median for way in ("offline", "bare")]
    lost = ", ".join(f"{way} {Spread(fast.dropped[way]).median:.0%}" for way in ("offline", "online"))
    medians = {way: Spread(values).median for way, values in taken.items()} | official
    return Row(
        "wall time of the program to its end, into a file", "≤ 1.10 × bare", wall.text(), wall.median <= 1.10,
        {way: _seconds(value, bare) for way, value in medians.items()},
        f"{printing.text()} to the last line. For {waited[0]:.2f} s it had no core to run on (bare {waited[1]:.2f} s); "
        f"beside a thread that only computes the bare program takes {company:.2f} times as long here. Dropped and "
        f"counted: {lost}. Online it waits at its end for the server, at most 10 s in all. The wrapper and wandb.log "
        f"had {OFFICIAL_LINES:,} lines, and what a line takes is scaled; wandb.log is the loop alone, without a "
        "program that prints; script is a terminal, where each line is flushed",
    )  # fmt: skip


def _own(fast: Fast) -> Row:
    own = ratios(fast.own, "offline", "bare")
    company = ratios(fast.own, "busy thread", "bare")
    ways = [way for way in fast.own if not way.startswith("wrapper")]
    return Row(
        "CPU time of the program's own thread", "≤ 1.10 × bare", own.text(), own.median <= 1.10,
        {way: f"{Spread(fast.own[way]).median:.2f} s" for way in ways},
        f"beside a thread that only computes the bare program's is {company.text()}: what cores share",
    )  # fmt: skip


def _seconds(taken: float, bare: float) -> str:
    return f"{taken:,.2f} s" if taken < 100 * bare else f"{taken:,.0f} s ({taken / bare:,.0f} ×)"


def scaled(seconds) -> float:
    """From two counts of lines, so that what the client's start and end take is not multiplied."""
    few, many = OFFICIAL_LINES // 3, OFFICIAL_LINES
    return (seconds(many) - seconds(few)) / (many - few) * LINES


def log_loop(bench: Bench) -> float:
    with bench.folder() as folder:
        environment = bench.place.environment("wandb.log", folder)
        done = subprocess.run(
            [sys.executable, str(HERE / "others" / "log_loop.py"), str(OFFICIAL_LINES)], env=environment, cwd=folder,
            capture_output=True, text=True, check=True,
        )  # fmt: skip
    return float(re.search(r"^loop ([\d.]+)", done.stderr, re.MULTILINE)[1]) / OFFICIAL_LINES * LINES


# ---- What is kept, and what it takes ----


def kept(bench: Bench):
    """Of a program that is slower than the worker, so that nothing is dropped and all of it is paid for."""
    lines = bench.sized(300_000, LINES)
    ways = {way: [recorded(bench, way, lines) for _ in range(3)] for way in ("offline", "online")}
    scale = LINES / lines
    worker = {way: Spread(one.worker * scale for one in found) for way, found in ways.items()}
    uploader = Spread(one.uploader * scale for one in ways["online"])
    offline = worker["offline"]
    yield Row(
        "CPU time of the worker for a million of them, journal written", "≤ 0.5 s", offline.text(2, " s"),
        offline.median <= 0.5,
        {way: f"{spread.median:.2f} s" for way, spread in worker.items()},
        f"{lines:,} lines, {BURST:,} at a time with pauses between; nothing dropped. Online the uploader computes "
        f"{uploader.text(2, ' s')} besides",
    )  # fmt: skip
    each, official = ways["offline"][0].journal / lines, _official_bytes(bench)
    yield Row(
        "bytes of the journal for a step", "≤ 250", f"{each:.0f}", each <= 250,
        {"offline": f"{each:.0f}", "wrapper offline": f"{official:.0f}"}, "the row and the line of the console log",
    )  # fmt: skip


def _official_bytes(bench: Bench) -> float:
    """Of two lengths: what is in every file does not count."""
    found = {}

    def look(folder, *_):
        found["size"] = next((folder / "track" / "wandb").glob("*run-*/run-*.wandb")).stat().st_size

    def size(lines):
        bench.end_of("wrapper offline", [bench.place.program("lines"), lines], look)
        return found["size"]

    few, many = 500, 2500
    return (size(many) - size(few)) / (many - few)


def instructions_of_worker(bench: Bench):
    few, many = 4_000, 8_000

    def of(lines):
        with bench.folder() as folder:
            environment = bench.place.environment("offline", folder / "track", TRACKSHIM_EXIT_TIMEOUT="60")
            return by_thread([bench.place.program("lines"), lines], environment, folder)[1]

    each = (of(many) - of(few)) / (many - few)
    return Row("instructions of the worker for a line", "–", f"{each:,.0f}")
