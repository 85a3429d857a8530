"""How soon a line that was printed, and not flushed, is in the journal and on the server."""

import contextlib
import json
import re
import subprocess

from bench import Bench, figures, figures_in
from journal_growth import Growth
from rounds import Spread, percentile
from sink import Sink
from support.journal import kinds
from table import Row, compared

STEP = re.compile(r"step +(\d+)/")
PAUSE_MS = 20


def tables(bench: Bench):
    steps = bench.sized(1_500, 6_000)  # half a minute, two minutes
    with contextlib.ExitStack() as beside_each_other:
        # They wait nearly all the time, so they can be watched together.
        begin = beside_each_other.enter_context
        journal = begin(Watched(bench, steps, "offline"))
        default = begin(Watched(bench, steps, "online"))
        quick = begin(Watched(bench, steps, "online", TRACKSHIM_UPLOAD_INTERVAL="0.2"))
        wrapper = begin(Watched(bench, steps, "wrapper online"))
        for one in (journal, default, quick, wrapper):
            one.finish()
    fast = "TRACKSHIM_UPLOAD_INTERVAL=0.2"
    rows = [
        _row("a line in the journal", 60, "offline", journal.lines),
        _row("a line on the server", 3000, "online", default.lines, wrapper.lines),
        _row("a row on the server", 3000, "online", default.rows, wrapper.rows),
        _row(f"a line on the server, {fast}", 500, "online", quick.lines),
        _row(f"a row on the server, {fast}", 500, "online", quick.rows),
    ]
    rows[2].note = "it is sent when the next step is printed, which is a part of this"
    return [compared(f"From printf, stdout a pipe and never flushed, a step each {PAUSE_MS} ms, to", rows)]


def _row(name: str, limit: float, way: str, late: list[float], wrapper: list[float] | None = None) -> Row:
    share = percentile(late, 0.99) * 1e3
    beside = {way: f"p99 {share:,.0f} ms"}
    if wrapper:
        beside["wrapper online"] = f"p99 {percentile(wrapper, 0.99) * 1e3:,.0f} ms"
    others = f"median {Spread(late).median * 1e3:,.0f}, longest {max(late) * 1e3:,.0f}, of {len(late):,}"
    figure = f"p99 {share:,.0f} ms ({others})"
    return Row(name, f"p99 ≤ {limit:,.0f} ms", figure, share <= limit, beside)


class Watched:
    """A program that prints, and how late each of its lines and rows was. What comes at its end does not count."""

    def __init__(self, bench: Bench, steps: int, way: str, **settings):
        self.bench, self.steps, self.way, self.settings = bench, steps, way, settings
        self.lines: list[float] = []
        self.rows: list[float] = []

    def __enter__(self):
        self.folder = self.bench.place.fresh()
        track = self.folder / "track"
        track.mkdir()
        self.server = Sink(keeps=True) if self.way.endswith("online") else None
        self.growth = Growth(track) if self.server is None else None
        environment = self.bench.place.environment(
            self.way, track, self.server, **self.settings, **figures_in(self.folder)
        )
        words = self.bench.place.words(
            self.way, [self.bench.place.program("stamped"), self.steps, PAUSE_MS], self.folder / "copy"
        )
        self.reader = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        self.process = subprocess.Popen(
            list(map(str, words)), env=environment, cwd=self.folder, stdout=self.reader.stdin, stderr=subprocess.DEVNULL
        )
        self.reader.stdin.close()
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.reader.wait()
        if self.server:
            self.server.stop()
        self.bench.place.clear(self.folder)

    def finish(self) -> None:
        self.process.wait(self.steps * PAUSE_MS / 1000 + 120)
        printed = figures(self.folder)
        if self.growth:
            self.growth.stop()
        for when, is_row, step in self._journal() if self.growth else self._server():
            if step < len(printed):
                # Behind the last line the end hurries it on.
                (self.rows if is_row else self.lines).append(when - printed[step - 1])
        if not self.lines or not self.rows:
            raise RuntimeError(f"{self.way}: nothing was seen to arrive")

    def _journal(self):
        for when, record in self.growth.records():
            if kinds([record]) == ["output_raw"]:
                yield from ((when, False, int(step)) for step in STEP.findall(record.output_raw.line))
            elif kinds([record]) == ["history"]:
                yield when, True, record.history.step.num

    def _server(self):
        """The first time counts: what is repeated was there."""
        seen = set()
        for when, body in self.server.arrivals:
            for is_row, step in _of(json.loads(body).get("files", {})):
                if (is_row, step) not in seen:
                    seen.add((is_row, step))
                    yield when, is_row, step


def _of(files: dict):
    for line in files.get("wandb-history.jsonl", {}).get("content", []):
        yield True, json.loads(line)["_step"]
    for line in files.get("output.log", {}).get("content", []):
        if found := STEP.search(line):
            yield False, int(found[1])
