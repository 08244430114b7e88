"""Scaling: factors, all powers of two, that bring coefficients near one without changing a digit of any number."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse

from .members import Flags, Vector

Logarithms: TypeAlias = npt.NDArray[np.float32]
"""Logarithms to base 2: seven digits are enough, since they are rounded, and take half the memory."""

ROUNDS = 2
"""More bring the coefficients of cities and regions hardly nearer to one."""


def scale_factors(matrix: sparse.csc_array, movable: Flags) -> tuple[Vector, Vector]:
    """Factors of the rows and of the columns; columns that are not movable keep their unit.

    Each is the inverse of the geometric mean of the smallest and the largest coefficient in it, in turns. The matrix
    holds no zeros.
    """
    rows, columns = matrix.shape
    row_of = matrix.indices.astype(np.intp)
    column_of = np.repeat(np.arange(columns), np.diff(matrix.indptr))
    sizes = np.empty(matrix.nnz, dtype=np.float32)
    np.log2(np.abs(matrix.data), out=sizes, casting="same_kind")
    row_factor, column_factor = np.zeros(rows, np.float32), np.zeros(columns, np.float32)  # logarithms until the end
    memory = np.empty_like(sizes)
    for number in range(ROUNDS):
        now = _times(sizes, column_factor, column_of, memory) if number > 0 else sizes
        row_factor = -_middle(now, row_of, rows)
        now = _times(sizes, row_factor, row_of, memory)
        column_factor = np.where(movable, -_middle(now, column_of, columns), np.float32(0))
    return _powers(row_factor), _powers(column_factor)


def unit_of(values: Vector) -> float:
    """The power of two nearest to the geometric mean of the sizes; 1 where all are 0."""
    sizes = np.abs(values[values != 0])
    return float(np.exp2(np.round(np.log2(sizes).mean()))) if sizes.size else 1.0


def _powers(logarithms: Logarithms) -> Vector:
    return np.exp2(np.round(logarithms), dtype=np.float64)


def _times(sizes: Logarithms, factor: Logarithms, group: npt.NDArray[np.intp], memory: Logarithms) -> Logarithms:
    """Each size times the factor of its group, all of them logarithms, in memory that is there already.

    No group is out of range; the mode says so, because NumPy otherwise works on a copy of the memory.
    """
    np.take(factor, group, out=memory, mode="clip")
    return np.add(sizes, memory, out=memory)


def _middle(values: Logarithms, group: npt.NDArray[np.intp], groups: int) -> Logarithms:
    """Halfway between the smallest and the largest of each group; 0 for an empty group."""
    smallest, largest = np.full(groups, np.inf, np.float32), np.full(groups, -np.inf, np.float32)
    np.minimum.at(smallest, group, values)
    np.maximum.at(largest, group, values)
    empty = smallest > largest
    smallest[empty] = largest[empty] = 0
    return (smallest + largest) * np.float32(0.5)
