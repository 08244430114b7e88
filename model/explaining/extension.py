"""A matrix with a few more columns and rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from ..arrays.matrix import ALONE, Families, Matrix, Vector
from ..arrays.members import ABSENT
from .levers import Columns

ADDED = "added"


class Extension:
    """Collects columns and rows for a matrix, and finds those that are there by what they are about."""

    def __init__(self, matrix: Matrix) -> None:
        """Extend this matrix, which has the units of the case."""
        self.matrix = matrix
        self.upper, self.row_upper = matrix.upper.copy(), matrix.row_upper.copy()
        self._rows, self._columns = matrix.coefficients.shape
        self._entries: list[tuple[int, int, float]] = []
        self._column_bounds: list[tuple[float, bool]] = []
        self._row_bounds: list[tuple[float, float]] = []
        self._first_column = _starts(matrix.layout.columns)
        self._first_row = _starts(matrix.layout.rows)

    def columns(self, family: str, **labels: Any) -> Columns:
        """The columns of a family of decisions whose index has these labels."""
        members = self.matrix.layout.columns[family]
        wanted = np.ones(len(members), dtype=bool)
        for name, label in labels.items():
            dimension = members.dimensions[members.names.index(name)]
            wanted &= members.of(name) == dimension.number.get(label, ABSENT)
        return np.asarray(self._first_column[family] + np.flatnonzero(wanted), dtype=np.int64)

    def row(self, family: str, *labels: Any) -> int | None:
        """The row of a family of constraints with this index; None where it has no decision in it, or is not there."""
        members = self.matrix.layout.rows.get(family)
        position = ABSENT if members is None else members.position(labels)
        if position == ABSENT:
            return None
        number = self._first_row[family] + position
        kept = self.matrix.layout.kept_rows
        found = int(np.searchsorted(kept, number))
        return found if found < len(kept) and kept[found] == number else None

    def add_column(self, entries: Mapping[int, float], *, upper: float = np.inf, whole: bool = False) -> int:
        """Add a column from 0 to `upper` with these coefficients by row."""
        column = int(self._columns + len(self._column_bounds))
        self._column_bounds.append((upper, whole))
        self._entries += [(row, column, coefficient) for row, coefficient in entries.items()]
        return column

    def add_row(self, entries: Mapping[int, float], lower: float, upper: float) -> int:
        """Add a row with these coefficients by column."""
        row = int(self._rows + len(self._row_bounds))
        self._row_bounds.append((lower, upper))
        self._entries += [(row, column, coefficient) for column, coefficient in entries.items()]
        return row

    def made(self) -> Matrix:
        """The matrix with all that was added."""
        matrix, columns, rows = self.matrix, len(self._column_bounds), len(self._row_bounds)
        a = sparse.coo_array(matrix.coefficients)
        row, column, coefficient = (
            (np.array(each) for each in zip(*self._entries, strict=True))
            if self._entries
            else (
                np.empty(0, int),
                np.empty(0, int),
                np.empty(0),
            )
        )
        extended = sparse.coo_array(
            (
                np.concatenate([a.data, coefficient]),
                (np.concatenate([a.row, row]), np.concatenate([a.col, column])),
            ),
            shape=(self._rows + rows, self._columns + columns),
        )
        return replace(
            matrix,
            coefficients=sparse.csc_array(extended),
            cost=_followed(matrix.cost, np.zeros(columns)),
            lower=_followed(matrix.lower, np.zeros(columns)),
            upper=_followed(self.upper, [upper for upper, _ in self._column_bounds]),
            row_lower=_followed(matrix.row_lower, [lower for lower, _ in self._row_bounds]),
            row_upper=_followed(self.row_upper, [upper for _, upper in self._row_bounds]),
            reach=_followed(matrix.reach, np.full(columns, np.inf)),
            integer=np.concatenate([matrix.integer, np.array([whole for _, whole in self._column_bounds], dtype=bool)]),
            series=np.concatenate([matrix.series, np.full(columns, ALONE)]),
            families=_and_added(matrix.families, columns),
            row_families=_and_added(matrix.row_families, rows),
            units=_followed(matrix.units, np.ones(columns)),
            row_units=_followed(matrix.row_units, np.ones(rows)),
        )


def _starts(families: Mapping[str, Any]) -> dict[str, int]:
    ends = np.cumsum([0, *(len(members) for members in families.values())])
    return dict(zip(families, ends.tolist(), strict=False))


def _followed(values: Vector, more: Any) -> Vector:
    return np.concatenate([values, np.asarray(more, dtype=float)])


def _and_added(families: Families, count: int) -> Families:
    names = pd.Index([*families.categories, ADDED])
    return pd.Categorical.from_codes(np.concatenate([families.codes, np.full(count, len(names) - 1)]), names)
