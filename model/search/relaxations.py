"""Relaxations: which decisions are whole in those that prove bounds, and in those that trade-offs and drafts use."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
from scipy import sparse

from ..arrays.matrix import Flags, Matrix, Vector
from ..arrays.members import Positions
from .columns import Columns

SERVERS = ("buy", "keep", "own")
"""Servers bought, kept and in service."""

NUMEROUS = (*SERVERS, "place", "standby")
"""Decisions of which there are so many that branching on them gets nowhere."""

HALLS = ("build", "convert", "halls")
"""Decisions that come last: branching on them raises the bound slowly."""

DEAR = 3e-4
"""Lots that cost more than this share of the plan weigh something: a draft makes them whole with the halls."""

DEAREST = 1.5e-3
"""Lots that cost more than this are always among the first: other dear lots of a city did not move the bound."""

LARGE = 0.005
"""A workload is large if what it takes costs more than this share of all where it is dearest to run."""


def relaxations(matrix: Matrix, columns: Columns, point: Vector, row_prices: Vector) -> list[Flags]:
    """The whole-number columns of one relaxation after another, each with all of the one before, and more.

    First sites, grid steps and purchases of what is scarce or very dear: a few hundred, which branch and bound settles.
    Then the placements of large indivisible workloads and the halls as well, which raise the bound slowly.
    `row_prices` are those of the linear relaxation, `point` is its own, or one with whole sites: it says what a plan
    costs. The full problem is not among them.
    """
    integer, families = matrix.integer, matrix.families
    spent = float(np.abs(matrix.cost) @ np.abs(point))
    dearest = np.asarray(families == "buy") & (np.abs(matrix.cost) > DEAREST * spent)
    lots = integer & (dearest | scarce(matrix, row_prices))
    few = lots | (integer & ~np.asarray(families.isin((*NUMEROUS, *HALLS))))
    more = few | _large(matrix, columns, row_prices, LARGE * spent) | (integer & np.asarray(families.isin(HALLS)))
    sets = [np.zeros_like(integer), few, more]
    return [now for before, now in pairwise(sets) if (now & ~before).any() and (integer & ~now).any()]


def relaxed(matrix: Matrix, whole: Flags) -> tuple[Matrix, Flags]:
    """The matrix with only these columns whole, and which of its columns are still in use.

    What sums up whole lots, own = lot * sum of buy + kept, is whole by itself. HiGHS 1.15 finds that out, and may then
    cut off the optimum (its issue 3274); told so, as in the full problem (see SUMS in `matrix`), it branches on it and
    takes twice as long and more. So the sum is put in wherever own stands, its row keeps the bounds of own, and own
    itself is out of use. A plan is a point of the relaxation with 0 for what is out of use.
    """
    rows, own, parts = _sums_of_lots(matrix, whole)
    in_use = np.ones(len(matrix.cost), dtype=bool)
    in_use[own] = False
    put_in = sparse.csr_array(sparse.diags_array(in_use.astype(float)) + parts)
    put_in.eliminate_zeros()
    bounded = sparse.csr_array((np.ones(len(own)), (rows, own)), matrix.coefficients.shape)
    row_lower, row_upper = matrix.row_lower.copy(), matrix.row_upper.copy()
    row_lower[rows], row_upper[rows] = matrix.lower[own], matrix.upper[own]
    changed = replace(
        matrix,
        coefficients=sparse.csc_array((matrix.coefficients + bounded) @ put_in),
        cost=np.asarray(put_in.T @ matrix.cost),
        lower=np.where(in_use, matrix.lower, 0.0),
        upper=np.where(in_use, matrix.upper, 0.0),
        row_lower=row_lower,
        row_upper=row_upper,
        integer=whole,
    )
    return changed, in_use


def _sums_of_lots(matrix: Matrix, whole: Flags) -> tuple[Positions, Positions, sparse.csr_array]:
    """The rows that say what an own of whole lots is, where it is not whole itself; that own; and what it is.

    The latter is a square matrix: in the row of an own its lots and what is kept, each with what it counts.
    """
    families = matrix.families
    rows = np.flatnonzero(np.asarray(matrix.row_families == "in_service"))
    sums = sparse.coo_array(matrix.coefficients.tocsr()[rows])
    row, column = sums.coords
    owns = np.asarray(families == "own")[column]
    own, size = np.empty(len(rows), dtype=np.int64), np.ones(len(rows))
    own[row[owns]], size[row[owns]] = column[owns], sums.data[owns]
    of_lots = np.zeros(len(rows), dtype=bool)
    of_lots[row[(whole & np.asarray(families == "buy"))[column]]] = True
    of_lots &= ~whole[own]
    part = of_lots[row] & ~owns
    counts = -sums.data[part] / size[row[part]]
    count = len(families)
    return rows[of_lots], own[of_lots], sparse.csr_array((counts, (own[row[part]], column[part])), (count, count))


def scarce(matrix: Matrix, row_prices: Vector) -> Flags:
    """Purchases of what the market has too little of: its supply has a price in the linear relaxation."""
    short = np.asarray(matrix.row_families == "supply") & (row_prices != 0)
    return np.asarray((matrix.families == "buy") & (np.abs(matrix.coefficients).T @ short > 0))


def weighty(matrix: Matrix, cost: float) -> Flags:
    """The whole-number columns that weigh something: all but placements and lots that are cheap beside a plan's cost.

    Those are nearly right when fractional. What sums up dear lots is whole with them (see SUMS in `matrix`).
    """
    families = matrix.families
    dear = matrix.integer & np.asarray(families == "buy") & (np.abs(matrix.cost) > DEAR * abs(cost))
    return np.asarray(matrix.integer & (~np.asarray(families.isin(NUMEROUS)) | dear | servers_of(matrix, dear)))


def servers_of(matrix: Matrix, lots: Flags) -> Flags:
    """What is in service of these lots."""
    a = np.abs(matrix.coefficients)
    sums = np.asarray(matrix.row_families == "in_service") & (a @ lots > 0)
    return np.asarray((matrix.families == "own") & (a.T @ sums > 0))


def _large(matrix: Matrix, columns: Columns, row_prices: Vector, least: float) -> Flags:
    """The places of workloads that must not be divided and take more than that at one of them.

    What one takes is its own cost and that of the capacity; the price of being served pays for both.
    """
    whole = matrix.integer & np.asarray(matrix.families.isin(("place", "standby")))
    paid = np.asarray(matrix.row_families.isin(("served", "backed")))
    takes = np.abs(matrix.cost) + np.abs(matrix.coefficients).T @ np.where(paid, 0.0, np.abs(row_prices))
    most = np.zeros(int(columns.workload.max(initial=-1)) + 2)  # the last is for what is of no workload
    np.maximum.at(most, columns.workload[whole], takes[whole])
    return np.asarray(whole & (most[columns.workload] > least))
