"""Read a table: CSV as a tree of text with a line for every row."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

from .problems import InputProblems, Problem, file_name, nearest, shown
from .text_file import read_text
from .tree import Branch, Leaf, Place

# Returns what is expected instead of an unknown column and the valid name that comes closest; None: it is known.
Unknown: TypeAlias = Callable[[str], tuple[str, str | None] | None]
NOT_IN_AN_ID = ".;*"


class Table:
    """A CSV file as a tree `rows` (id -> fields), its `columns` (None: not valid), and the `problems` with it.

    `ragged` holds the places of rows with too few or too many cells: their fields may be wrong.
    """

    def __init__(self, path: Path, unknown: Unknown) -> None:
        """Read a table; `unknown` tells which columns are unknown.

        Raises InputProblems if the file cannot be read at all.
        """
        self.path = path
        self.problems: list[Problem] = []
        self.columns: list[str | None] = []
        self.rows = Branch(Place(path, 1))
        self.ragged: set[Place] = set()
        lines = self._lines(read_text(path, "a table in CSV"))
        header = next(lines, None)
        if header is None:
            self._complain(None, None, "an empty file", "a header with the columns id, source and more, then rows")
            return
        self._read_header(header[1], unknown)
        self._read_rows(lines)

    def _complain(
        self, line: int | None, column: str | None, found: str, expected: str, near: str | None = None
    ) -> None:
        self.problems.append(Problem(file_name(self.path), line, column, found, expected, near))

    def _lines(self, text: str) -> Iterator[tuple[int, list[str]]]:
        """Yield every row that is not blank with the line it starts in."""
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        line = 1
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield line, [cell.strip() for cell in cells]
                line = reader.line_num + 1
        except csv.Error as error:
            expected = "CSV: cells separated by commas, text with commas or quotes in double quotes"
            self._complain(line, None, f"a row that cannot be read ({error})", expected)

    def _read_header(self, header: list[str], unknown: Unknown) -> None:
        if len(header) == 1 and (separators := [mark for mark in ";\t|" if mark in header[0]]):
            name = "a tab" if separators[0] == "\t" else f"'{separators[0]}'"
            self._complain(1, None, f"columns separated by {name}", "columns separated by commas")
            raise InputProblems(self.problems)
        for number, column in enumerate(header, start=1):
            valid: str | None = None
            if not column:
                self._complain(1, None, f"no name for column {number}", "a name for every column")
            elif column in self.columns:
                self._complain(1, column, "this column a second time", "it once")
            elif column == "id" or (wrong := unknown(column)) is None:
                valid = column
            else:
                self._complain(1, column, "an unknown column", *wrong)
            self.columns.append(valid)
        for needed in ("id", "source"):
            if needed not in header:
                near = nearest(needed, header, 0.8)
                self._complain(
                    1, None, f"no column {needed}", f"a column {needed}", near and f"'{needed}' for '{near}'"
                )
        for column in filter(None, self.columns):
            if clash := next((c for c in self.columns if c and c.startswith(f"{column}.")), None):
                self._complain(1, column, f"both {column} and {clash}", "one of the two")
                self.columns[self.columns.index(clash)] = None

    def _read_rows(self, lines: Iterator[tuple[int, list[str]]]) -> None:
        any_row = False
        for line, cells in lines:
            any_row = True
            if len(cells) != len(self.columns):
                self._complain(line, None, f"{len(cells)} cells", f"{len(self.columns)} cells, one for every column")
                self.ragged.add(Place(self.path, line))
            if "id" in self.columns[: len(cells)]:
                self._read_row(line, dict(zip(self.columns, cells, strict=False)))
        if not any_row and not self.problems:
            self._complain(None, None, "a header without rows", "at least one row (or no such file)")

    def _read_row(self, line: int, cells: dict[str | None, str]) -> None:
        row = cells["id"]
        at = Place(self.path, line)
        if not row or any(mark in row for mark in NOT_IN_AN_ID):
            self._complain(line, "id", shown(row), f"an id without any of {' '.join(NOT_IN_AN_ID)}")
            return
        if row in self.rows.items:
            first = self.rows.items[row].at.line
            self._complain(line, "id", f"{shown(row)} a second time", f"every id once (the first is in line {first})")
            return
        fields = self.rows.items[row] = Branch(at)
        for column, text in cells.items():
            if column is None or column == "id" or not text:
                continue
            *above, last = column.split(".")
            branch = fields
            for key in above:
                below = branch.items.setdefault(key, Branch(at))
                assert isinstance(below, Branch)  # the header has no column that is also above another
                branch = below
            branch.items[last] = Leaf(text, at)
