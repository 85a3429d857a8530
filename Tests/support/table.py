"""What the matrix found, as a table: a program a line, a kind of stdout a column."""

from collections import Counter

from .execution import KINDS

SAME, DIFFERS, KNOWN, SKIPPED, NOT_ASKED = "=", "X", "k", "-", " "
WORST_FIRST = DIFFERS + KNOWN + SAME + SKIPPED
COLUMNS = (*KINDS, "calls")
LEGEND = (
    f"{SAME} the same as alone, and recorded   {DIFFERS} differs   {KNOWN} differs, known (docs/hazards.md)   "
    f"{SKIPPED} skipped"
)


class Table:
    def __init__(self, order: list[str]):
        self._order = {name: number for number, name in enumerate(order)}
        self._cells: dict[tuple[str, str], str] = {}
        self._skipped: dict[str, list[str]] = {}

    def add(self, program: str, column: str, sign: str, why: str = "") -> None:
        # Of several for one cell the worst is shown.
        before = self._cells.get((program, column), sign)
        self._cells[program, column] = min(before, sign, key=WORST_FIRST.index)
        if sign == SKIPPED:
            self._skipped.setdefault(why, []).append(program)

    def lines(self) -> list[str]:
        if not self._cells:
            return []
        programs = sorted({program for program, _ in self._cells}, key=self._order.get)
        width = max(map(len, programs))
        head = " " * width + "  " + " ".join(COLUMNS)
        return [head, *(self._row(program, width) for program in programs), "", LEGEND, self._total(), *self._reasons()]

    def _row(self, program: str, width: int) -> str:
        signs = (self._cells.get((program, column), NOT_ASKED).center(len(column)) for column in COLUMNS)
        return f"{program:{width}}  {' '.join(signs)}".rstrip()

    def _total(self) -> str:
        count = Counter(self._cells.values())
        return (
            f"{len(self._cells)} cells: {count[SAME]} same, {count[DIFFERS]} differ, {count[KNOWN]} known, "
            f"{count[SKIPPED]} skipped"
        )

    def _reasons(self) -> list[str]:
        return [f"skipped, {why}: {', '.join(dict.fromkeys(programs))}" for why, programs in self._skipped.items()]
