"""A coarse guard on what a program pays, in instructions: times are for `make bench` (docs/benchmarks.md)."""

import sys
from pathlib import Path

import pytest
from support.library import ROOT

sys.path.insert(0, str(ROOT / "Tests" / "bench"))

import document  # noqa: E402
from instructions import by_thread, can_count  # noqa: E402
from place import Place  # noqa: E402
from rounds import Spread, percentile, ratios  # noqa: E402
from table import COLUMNS, Row, compared, promises  # noqa: E402

# Half as much again as was counted; what they should be stands in docs/benchmarks.md.
MOST_FOR_A_FLUSH, MOST_FOR_A_WRITE, MOST_FOR_THE_WORKER = 620, 560, 20_000

counts = pytest.mark.skipif(not can_count(), reason="valgrind is not installed")


class Counted:
    """A program's instructions for so many calls more, thread by thread."""

    def __init__(self, folder: Path):
        self.place = Place(folder)

    def of(self, way: str, name: str, *words, count: int) -> list[float]:
        few, many = (self._once(way, name, *words, number) for number in (count, 2 * count))
        return [(b - a) / count for a, b in zip(few, many)]

    def _once(self, way: str, name: str, *words) -> list[int]:
        folder = self.place.fresh()
        environment = self.place.environment(way, folder / "track", TRACKSHIM_EXIT_TIMEOUT="60")
        return by_thread([self.place.program(name), *words], environment, folder)


def added(folder: Path, kind: str, count: int) -> float:
    """To each call, on the program's own thread."""
    counted = Counted(folder)
    offline, bare = (counted.of(way, "counted", kind, count=count)[0] for way in ("offline", "bare"))
    return offline - bare


@counts
def test_a_flush_costs_no_more_than_it_did(shim, tmp_path, measured):
    """Lines of 80 bytes; stdio's buffer holds 4,096 bytes, each of which counts as one when it is copied."""
    flush = added(tmp_path, "printf", 5120) * 4096 / 80 - 4096
    measured(f"a flush of stdout: {flush:.0f} instructions and the copy")
    assert flush < MOST_FOR_A_FLUSH


@counts
def test_a_write_costs_no_more_than_it_did(shim, tmp_path, measured):
    write = added(tmp_path, "write", 2000) - 80
    measured(f"a write of 80 bytes: {write:.0f} instructions and the copy")
    assert write < MOST_FOR_A_WRITE


@counts
def test_a_line_costs_the_worker_no_more_than_it_did(shim, tmp_path, measured):
    each = Counted(tmp_path).of("offline", "lines", count=3000)[1]
    measured(f"a metric line: {each:,.0f} instructions of the worker")
    assert each < MOST_FOR_THE_WORKER


# ---- The harness itself ----


def test_a_ratio_is_one_of_the_same_round():
    found = ratios({"ours": [2.0, 30.0, 4.4], "bare": [1.0, 10.0, 2.0]}, "ours", "bare")
    assert found.given == [2.0, 3.0, 2.2]
    assert found.text(1) == "2.2 (2.1–2.6)"
    assert Spread([7]).text() == "7.00"


@pytest.mark.parametrize(("share", "value"), [(0.5, 50), (0.99, 99), (1, 100), (0.001, 1)])
def test_a_percentile_is_a_value_that_was_there(share, value):
    assert percentile(range(100, 0, -1), share) == value


def test_what_was_promised_is_counted_and_a_column_without_figures_is_left_out():
    rows = [Row("a", "≤ 1", "2", False, {"bare": "1"}), Row("b", "≤ 1", "1", True), Row("c", "–", "3")]
    table = compared("calls", rows)
    assert table.head == ["", "target", "figure", "", "bare"]
    assert [line[3] for line in table.rows] == ["MISSED", "met", "–"]
    assert promises([table]).title == "What was promised: 1 met, 1 missed"
    assert len(set(COLUMNS)) == len(COLUMNS)


def test_the_document_keeps_what_is_written_by_hand(tmp_path, monkeypatch):
    copy = tmp_path / "benchmarks.md"
    copy.write_text(document.FILE.read_text())
    monkeypatch.setattr(document, "FILE", copy)
    document.write([("kernel", "a|b")], [compared("calls", [Row("a", "≤ 1", "2", False)])])
    before, _, after = document.FILE.read_text().partition("| kernel | a&#124;b |")
    real = (ROOT / "docs" / "benchmarks.md").read_text()
    assert before.partition(document.BEGIN)[0] == real.partition(document.BEGIN)[0]
    assert after.partition(document.END)[2] == real.partition(document.END)[2]
