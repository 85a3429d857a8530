"""Rows of figures, as text for a terminal and for a document."""

from dataclasses import dataclass, field

# What TrackShim is looked at beside. The last two only pass the text on: no metric is read by them.
COLUMNS = (
    "bare", "idle thread", "busy thread", "offline", "online", "wrapper offline", "wrapper online", "wandb.log",
    "trackshim sync", "wandb sync", "tee", "script",
)  # fmt: skip


@dataclass
class Row:
    """One figure, what was promised of it, and what else came out in the same rounds."""

    name: str
    target: str
    figure: str
    met: bool | None = None  # None: nothing was promised
    beside: dict[str, str] = field(default_factory=dict)
    note: str = ""

    @property
    def verdict(self) -> str:
        return {True: "met", False: "MISSED", None: "–"}[self.met]


@dataclass
class Table:
    """`notes` are (what, text), said below it. `compared` is what its cells were made of."""

    title: str
    head: list[str]
    rows: list[list[str]]
    notes: list[tuple[str, str]] = field(default_factory=list)
    compared: list[Row] = field(default_factory=list)
    group: str = ""  # how it is asked for

    def text(self) -> str:
        lines = [self.head, *self.rows]
        widths = [max(len(line[at]) for line in lines) for at in range(len(self.head))]
        lines = [self.head, ["-" * width for width in widths], *self.rows]
        padded = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines]
        return "\n".join([self.title, "", *padded, *(f"* {what}: {text}" for what, text in self.notes), ""])

    def markdown(self) -> str:
        lines = [self.head, ["---"] * len(self.head), *self.rows]
        cells = [f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |" for line in lines]
        notes = [f"- {what}: {text}" for what, text in self.notes]
        return "\n".join([f"### {self.title}", "", *cells, "", *notes, *[""] * bool(notes)])


def compared(title: str, rows: list[Row]) -> Table:
    """Columns that no row has anything in are left out."""
    columns = [name for name in COLUMNS if any(name in row.beside for row in rows)]
    cells = [
        [row.name, row.target, row.figure, row.verdict, *(row.beside.get(name, "–") for name in columns)]
        for row in rows
    ]
    notes = [(row.name, row.note) for row in rows if row.note]
    return Table(title, ["", "target", "figure", "", *columns], cells, notes, rows)


def promises(tables: list[Table]) -> Table:
    """Of all tables what was promised, and whether it is so."""
    rows = [row for table in tables for row in table.compared if row.met is not None]
    met = sum(row.met for row in rows)
    title = f"What was promised: {met} met, {len(rows) - met} missed"
    cells = [
        [table.group, row.name, row.target, row.figure, row.verdict]
        for table in tables
        for row in table.compared
        if row.met is not None
    ]
    return Table(title, ["", "", "target", "figure", ""], cells)
