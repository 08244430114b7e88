"""Scaling: factors, all powers of two, that bring coefficients near one without changing a digit of any number."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

from .components import Flags, Vector

ROUNDS = 4


def scale_factors(matrix: sparse.csc_array, movable: Flags) -> tuple[Vector, Vector]:
    """Factors of the rows and of the columns; columns that are not movable keep their unit.

    Each is the inverse of the geometric mean of the smallest and the largest coefficient in it, in turns.
    """
    rows, columns = matrix.shape
    entries = matrix.data.size
    # Logarithms of the coefficients, once column by column and once row by row.
    by_column = np.log2(np.abs(matrix.data))
    numbered = sparse.csc_array((np.arange(entries), matrix.indices, matrix.indptr), matrix.shape).tocsr()
    by_row = by_column[numbered.data]
    row_of, column_of = matrix.indices, numbered.indices
    row_log, column_log = np.zeros(rows), np.zeros(columns)
    for _ in range(ROUNDS):
        row_log = -_middle(by_row + column_log[column_of], numbered.indptr)
        column_log = np.where(movable, -_middle(by_column + row_log[row_of], matrix.indptr), 0.0)
    return np.exp2(np.round(row_log)), np.exp2(np.round(column_log))


def unit_of(values: npt.NDArray[np.float64]) -> float:
    """The power of two nearest to the geometric mean of the sizes; 1 where all are 0."""
    sizes = np.abs(values[values != 0])
    return float(np.exp2(np.round(np.log2(sizes).mean()))) if sizes.size else 1.0


def _middle(logarithms: Vector, starts: npt.NDArray[np.int32]) -> Vector:
    """Halfway between the smallest and the largest of each group; 0 for an empty group."""
    middle = np.zeros(len(starts) - 1)
    used = np.flatnonzero(np.diff(starts))
    if used.size:
        begin = starts[used]
        middle[used] = (np.minimum.reduceat(logarithms, begin) + np.maximum.reduceat(logarithms, begin)) / 2
    return middle
