"""A result table under inspection: every cell that breaks the format becomes a sentence with its line."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass

import pandas as pd

from .findings import Findings, tolerance

HEADER_LINES = 1
LARGEST_COUNT = 10**12


@dataclass(frozen=True)
class Kind:
    """What the numbers of a column must be, in words and as a test of the whole column."""

    words: str
    fits: Callable[[pd.Series[float]], pd.Series[bool]]


COUNT = Kind("a whole number, 0 or more", lambda cells: cells.between(0, LARGEST_COUNT) & (cells == cells.round()))
SWITCH = Kind("0 or 1", lambda cells: cells.isin((0, 1)))
AMOUNT = Kind("a number, 0 or more", lambda cells: cells >= -tolerance())
NUMBER = Kind("a number", lambda cells: cells.notna())


def year_of(years: tuple[int, ...]) -> Kind:
    """Years of the plan."""
    return Kind(f"a planning year ({years[0]} to {years[-1]})", lambda cells: cells.isin(years))


class Table:
    """One table of the result, its cells checked column by column as they are taken out."""

    def __init__(self, name: str, frame: pd.DataFrame, findings: Findings) -> None:
        self.name = name
        self.frame = frame.reset_index(drop=True)
        self.findings = findings

    def ids(self, column: str, known: Container[str], thing: str) -> list[str]:
        """The cells of a text column, each of which must be known: "unknown site 'x'"."""
        cells = [str(cell) for cell in self.frame[column].astype(object).fillna("")]
        for row, cell in enumerate(cells):
            self.findings.require(cell in known, f"{self.line(row)}: unknown {thing} '{cell}'")
        return cells

    def text(self, column: str) -> list[str]:
        """The cells of a text column in which anything may stand."""
        return [str(cell) for cell in self.frame[column].astype(object).fillna("")]

    def numbers(self, column: str, kind: Kind) -> list[float]:
        """The cells of a column of numbers; every one must be there, finite and of this kind."""
        numbers = self._parsed(column)
        self._require(column, kind, kind.fits(numbers) & (numbers.abs() < float("inf")), "")
        return [float(number) for number in numbers]

    def counts(self, column: str, kind: Kind = COUNT) -> list[int]:
        """Like `numbers`, for a kind of whole numbers."""
        return [int(number) if abs(number) < float("inf") else 0 for number in self.numbers(column, kind)]

    def optional(self, column: str) -> list[float | None]:
        """The cells of a column of numbers in which a cell may be empty (None)."""
        numbers = self._parsed(column)
        empty = self.frame[column].isna()
        self._require(column, NUMBER, empty | (numbers.abs() < float("inf")), " or an empty cell")
        return [
            None if is_empty else float(number)
            for number, is_empty in zip(numbers.tolist(), empty.tolist(), strict=True)
        ]

    def switches(self, column: str) -> list[bool]:
        """The cells of a column of True and False."""
        cells = [str(cell) for cell in self.frame[column]]
        for row, cell in enumerate(cells):
            self.findings.require(
                cell in {"True", "False"},
                f"{self.line(row)}: {column} is {self._shown(column, row)}, expected True or False",
            )
        return [cell == "True" for cell in cells]

    def unique(self, *key: str) -> None:
        """No two rows may have the same cells in these columns."""
        repeated = self.frame.duplicated(list(key), keep="first")
        self.findings.checks += len(self.frame)
        for row in self.frame.index[repeated]:
            cells = ", ".join(str(self.frame[column].iloc[row]) for column in key)
            self.findings.failures.append(f"{self.line(row)}: a second row for {cells}")

    def line(self, row: int) -> str:
        """Where a row stands, such as "halls.csv, line 7"."""
        return f"{self.name}.csv, line {row + 1 + HEADER_LINES}"

    def _parsed(self, column: str) -> pd.Series[float]:
        cells = self.frame[column]
        if cells.dtype == bool:
            return pd.Series(float("nan"), index=cells.index)
        return pd.to_numeric(cells, errors="coerce").astype(float)

    def _require(self, column: str, kind: Kind, right: pd.Series[bool], alternative: str) -> None:
        self.findings.checks += len(right)
        for row in self.frame.index[~right]:
            self.findings.failures.append(
                f"{self.line(row)}: {column} is {self._shown(column, row)}, expected {kind.words}{alternative}"
            )

    def _shown(self, column: str, row: int) -> str:
        cell: object = self.frame[column].iloc[row]
        if self.frame[column].isna().iloc[row]:
            return "empty"
        return f"'{cell}'" if isinstance(cell, str) else str(cell)
