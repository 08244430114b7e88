"""Smaller problems: some columns held at what they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from ..arrays.matrix import Flags, Matrix, Vector

FAR, FAR_SHARE = 20.0, 1.0
"""Whole numbers may change by so much, or by this share of what they are if that is more."""


def held(matrix: Matrix, columns: Flags, x: Vector) -> Matrix:
    """The matrix with the columns held at their values in x; integer columns at the nearest whole number."""
    lower, upper = matrix.lower.copy(), matrix.upper.copy()
    values = np.where(matrix.integer, np.round(x), x)
    lower[columns] = upper[columns] = values[columns]
    return matrix.with_bounds(lower, upper)


def freed(matrix: Matrix, columns: Flags, before: Matrix) -> Matrix:
    """The matrix with the columns between the bounds that they had before."""
    lower, upper = np.where(columns, before.lower, matrix.lower), np.where(columns, before.upper, matrix.upper)
    return matrix.with_bounds(lower, upper)


def around(matrix: Matrix, *points: Vector) -> Matrix:
    """The matrix with whole numbers only so far from these points that a good plan near them is among them.

    HiGHS notes for each whole number which values are too dear at which cost, and takes time that grows with the square
    of how many there are (up to 1024): a third of the time of steps of improvement, in samples of the stack.
    """
    least, most = np.minimum.reduce(points), np.maximum.reduce(points)
    far = np.maximum(FAR, FAR_SHARE * np.maximum(np.abs(least), np.abs(most)))
    lower = np.where(matrix.integer, np.maximum(matrix.lower, np.floor(least - far)), matrix.lower)
    upper = np.where(matrix.integer, np.minimum(matrix.upper, np.ceil(most + far)), matrix.upper)
    return matrix.with_bounds(lower, upper)


def only(matrix: Matrix, free: Flags, x: Vector) -> Matrix:
    """The problem of the free columns alone, all others held at x and taken out, with the rows that are left."""
    columns = np.flatnonzero(free)
    rest = np.where(free, 0.0, x)
    used = matrix.coefficients @ rest
    part = sparse.csr_array(matrix.coefficients[:, columns])
    rows = np.flatnonzero(np.diff(part.indptr) > 0)
    return replace(
        matrix,
        coefficients=sparse.csc_array(part[rows]),
        cost=matrix.cost[columns],
        offset=matrix.offset + float(matrix.cost @ rest),
        lower=matrix.lower[columns],
        upper=matrix.upper[columns],
        reach=matrix.reach[columns],
        row_lower=(matrix.row_lower - used)[rows],
        row_upper=(matrix.row_upper - used)[rows],
        integer=matrix.integer[columns],
        series=matrix.series[columns],
        families=matrix.families[columns],
        row_families=matrix.row_families[rows],
        units=matrix.units[columns],
        row_units=matrix.row_units[rows],
    )
