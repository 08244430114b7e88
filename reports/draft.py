"""What a section is written with: the plan, the words, and the drawings made so far."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from . import gallery
from .charts.chart import Chart
from .document import Cell, Column, Figure, Status, Table
from .messages import Messages
from .sources import Sources
from .view import PlanView
from .wording import breakable

Row = TypeVar("Row")
MOST_ROWS = 150
"""Rows of a table of systems: more of them are a matter for the tables themselves."""


@dataclass
class Draft:
    """A report in the making. `drawings` collects the SVG text of each chart by its id."""

    view: PlanView
    t: Messages
    sources: Sources
    drawings: dict[str, str] = field(default_factory=dict)

    def figure(self, identifier: str, chart: Chart, caption: str, alt: str, note: str = "") -> Figure:
        """A chart as a block of the document."""
        svg = gallery.svg(chart.figure)
        self.drawings[identifier] = svg
        return Figure(identifier, caption, alt, svg, note, chart.csv(), chart.series)


def cell(text: str, strong: bool = False, status: Status | None = None) -> Cell:
    """A cell in which long words may break."""
    return Cell(breakable(text), strong, status)


def table(
    identifier: str,
    caption: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[str | Cell]],
    note: str = "",
    total: bool = False,
    dense: bool = False,
) -> Table:
    """A table of texts and cells; with `total`, the last row is set bold and apart."""
    made = [tuple(c if isinstance(c, Cell) else cell(c) for c in row) for row in rows]
    if total and made:
        made[-1] = tuple(Cell(c.text, True, c.status) for c in made[-1])
    return Table(identifier, caption, tuple(columns), tuple(made), note, total and bool(made), dense)


def cut(draft: Draft, rows: Sequence[Row], file: str, most: int = MOST_ROWS) -> tuple[Sequence[Row], str]:
    """The first so many rows of a table that could grow beyond reading, and a note on where the others stand."""
    if len(rows) <= most:
        return rows, ""
    return rows[:most], draft.t("table_cut", n=f"{len(rows) - most:,}", file=file)


def wide(title: str, room: float = 1.0) -> Column:
    """A left-aligned column that takes its part of the room that is left."""
    return Column(title, "left", room)


def left(title: str) -> Column:
    """A left-aligned column as wide as its content."""
    return Column(title, "left")


def right(title: str) -> Column:
    """A right-aligned column of numbers."""
    return Column(title, "right")
