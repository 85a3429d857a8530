"""docs/benchmarks.md: between its two markers stand the figures, and the rest is written by hand and left alone."""

from support.library import ROOT
from table import Table

FILE = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- figures: written by `make bench WRITE=1` -->", "<!-- end of the figures -->"


def write(facts: list[tuple[str, str]], tables: list[Table]) -> None:
    text = FILE.read_text()
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"bench: {FILE} has lost its markers {BEGIN} and {END}")
    machine = Table("What it was measured on", ["", ""], [list(fact) for fact in facts])
    figures = "\n".join(table.markdown() for table in [machine, *tables])
    FILE.write_text(f"{before}{BEGIN}\n\n{figures}\n{END}{after}")
