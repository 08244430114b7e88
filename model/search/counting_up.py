"""Counting up: whole decisions of a year written as their number by the end of that year.

Grid steps, halls and lots are decided year by year: y_t of them in the year t. In z_t = y_1 + ... + y_t, their number
so far, the problem is the same: y_t = z_t - z_(t-1) >= 0, and the z are whole where the y are, and only there. But to
branch on z_t says more. That no step is added in 2026 says little, for it may be added in 2025; that there is none by
2026 leaves power for none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import sparse

from ..arrays.matrix import ALONE, YEAR_BY_YEAR, Matrix, Vector
from ..arrays.members import Positions

STEPS_AND_HALLS = tuple(family for family in YEAR_BY_YEAR if family != "buy")
"""What is counted up in relaxations. The lots that are whole there are scarce or very dear, and what the market
supplies is sold year by year."""

FIRST = -1
"""The column of the year before, where there is none."""

RISES = "rises"
"""The family of the rows z_t >= z_(t-1)."""


ROUNDING = 1e-8
"""A sum of numbers that are whole to HiGHS's tightest tolerance is whole within this."""


@dataclass(frozen=True)
class CountedUp:
    """A matrix with some families counted up, and for each column the one of the year before in it (or `FIRST`)."""

    matrix: Matrix
    before: Positions

    def so_far(self, x: Vector) -> Vector:
        """A point of the matrix as it was, in this one; what is whole to rounding is whole in it."""
        z = _sums(x, self.before)
        whole = np.round(z)
        return np.where(self.matrix.integer & (np.abs(z - whole) < ROUNDING), whole, z)

    def yearly(self, z: Vector) -> Vector:
        """A point of this matrix in the one as it was."""
        return z - np.where(self.before == FIRST, 0.0, z[self.before])


def count_up(matrix: Matrix, families: tuple[str, ...] = YEAR_BY_YEAR) -> CountedUp:
    """Count up these families of columns: every series whose free columns are all whole."""
    before = _years_before(matrix, families)
    later, count = np.flatnonzero(before != FIRST), len(before)
    if not len(later):
        return CountedUp(matrix, before)
    yearly = sparse.eye_array(count, format="csr") - sparse.csr_array(
        (np.ones(len(later)), (later, before[later])), (count, count)
    )
    a = sparse.vstack([matrix.coefficients @ yearly, yearly[later]], format="csc")
    a.eliminate_zeros()  # what stays in use to the end counts once, not every year anew
    names = pd.Index([*matrix.row_families.categories, RISES])
    codes = np.concatenate([matrix.row_families.codes, np.full(len(later), len(names) - 1)])
    counted = replace(
        matrix,
        coefficients=sparse.csc_array(a),
        cost=np.asarray(yearly.T @ matrix.cost),
        lower=_sums(matrix.lower, before),
        upper=_sums(matrix.upper, before),
        reach=_sums(matrix.reach, before),
        series=np.full(count, ALONE),
        row_lower=np.concatenate([matrix.row_lower, matrix.lower[later]]),
        row_upper=np.concatenate([matrix.row_upper, matrix.upper[later]]),
        row_families=pd.Categorical.from_codes(codes, names),
        row_units=np.concatenate([matrix.row_units, matrix.units[later]]),
    )
    return CountedUp(counted, before)


def _years_before(matrix: Matrix, families: tuple[str, ...]) -> Positions:
    """For each free column of these families the one before in its series, if all that is free in it is whole."""
    free = np.asarray(matrix.families.isin(families)) & (matrix.series != ALONE) & (matrix.lower < matrix.upper)
    free &= ~np.isin(matrix.series, matrix.series[free & ~matrix.integer])
    columns = np.flatnonzero(free)
    columns = columns[np.argsort(matrix.series[columns], kind="stable")]
    earlier, later = columns[:-1], columns[1:]
    follows = matrix.series[earlier] == matrix.series[later]
    before = np.full(len(matrix.cost), FIRST)
    before[later[follows]] = earlier[follows]
    return before


def _sums(values: Vector, before: Positions) -> Vector:
    """The sum of the values of a column, of the one before it, and so on."""
    sums, at = values.copy(), before
    while (at != FIRST).any():
        sums += np.where(at == FIRST, 0.0, values[at])
        at = np.where(at == FIRST, FIRST, before[at])
    return sums
