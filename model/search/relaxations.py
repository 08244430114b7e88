"""Relaxations: which decisions are whole, from the few that move the bound most to all that weigh anything."""

from __future__ import annotations

import numpy as np

from ..arrays.matrix import Flags, Matrix, Vector
from .branching import Answer
from .columns import Columns

NUMEROUS = ("buy", "keep", "own", "place", "standby")
"""Decisions of which there are so many that branching on them gets nowhere."""

HALLS = ("build", "convert", "halls")

DEAR = 3e-4
"""Lots that cost more than this share of the plan weigh something: a draft makes them whole with the halls."""

DEAREST = 1.5e-3
"""Lots that cost more than this are always among the few: of 100 other dear lots of a city none moved the bound."""

LARGE = 0.01
"""A workload is large if what it takes costs more than this share of all, at the prices of the relaxation."""


def relaxations(matrix: Matrix, columns: Columns, linear: Answer) -> list[Flags]:
    """The whole-number columns of one relaxation after another, each with those of the one before.

    First sites, grid steps and purchases of what is scarce or very dear: a few hundred, which branch and bound settles.
    Then the placements of large indivisible workloads, and at last the halls, which raise the bound slowly.
    Needs the linear relaxation's prices.
    """
    if linear.row_prices is None:
        return []
    integer, families = matrix.integer, matrix.families
    dearest = np.asarray(families == "buy") & (np.abs(matrix.cost) > DEAREST * abs(linear.cost))
    few = integer & (~np.asarray(families.isin((*NUMEROUS, *HALLS))) | dearest | scarce(matrix, linear.row_prices))
    placed = few | _large(matrix, columns, linear.row_prices, LARGE * abs(linear.cost))
    return [few, placed, placed | (integer & np.asarray(families.isin(HALLS)))]


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
    sums = np.asarray(matrix.row_families == "in_service") & (np.abs(matrix.coefficients) @ dear > 0)
    owned = np.asarray(families == "own") & (np.abs(matrix.coefficients).T @ sums > 0)
    return np.asarray(matrix.integer & (~np.asarray(families.isin(NUMEROUS)) | dear | owned))


def _large(matrix: Matrix, columns: Columns, row_prices: Vector, least: float) -> Flags:
    """Where workloads that must not be divided may run, of those for which one of these places costs more than that."""
    whole = matrix.integer & np.asarray(matrix.families.isin(("place", "standby")))
    worth = np.abs(matrix.cost) + np.abs(matrix.coefficients).T @ np.abs(row_prices)
    most = np.zeros(int(columns.workload.max(initial=-1)) + 2)  # the last is for what is of no workload
    np.maximum.at(most, columns.workload[whole], worth[whole])
    return np.asarray(whole & (most[columns.workload] > least))
