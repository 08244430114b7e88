"""A price instead of a demand: plans near what a row asks for, where whole plans are hard to find under the row itself.

A demand that ties all sites together (so much less carbon, so much unlike another plan) leaves a draft no room when it
gets to the last sites. With fractional counts it has a price, what a little less of it would save. A search for the
plan of least cost at that price, without the row, finds plans as easily as ever, and near the row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...inputs.case import Case
from ..aggregation import aggregate
from ..arrays.families import Model
from ..arrays.matrix import Flags, Matrix, Vector, compile_matrix
from ..assemble import assemble
from ..cleaning import clean_values, polish
from ..extraction import extract_tables
from ..lookup import Lookup
from ..search.branching import FEW_INTEGERS
from ..search.columns import describe_columns
from ..search.guiding import linear_relaxation
from ..search.state import Search, run_search
from ..solving import jobs_for
from ..starting import Tables

FIRST_SHARE = 0.6
"""Share of the time for the first price, then of what is left for the next, and so on."""


@dataclass(frozen=True)
class Priced:
    """The last plan found at a price (None: none in time), and whether the search was interrupted."""

    tables: Tables | None
    interrupted: bool = False


def plan_at_price(
    case: Case,
    rows: Callable[[Matrix], Flags],
    *,
    shares: Sequence[float],
    enough: Callable[[Tables], bool],
    gap: float,
    seconds: float,
    threads: int | None,
    extend: Callable[[Model, Lookup], None] | None = None,
) -> Priced:
    """Look for a plan of least cost where some rows have their price, or a share of it, instead of being kept.

    `rows` picks them from the matrix of the case, which `extend` may add rows to. The `shares` are tried in turn until
    a plan is good `enough`. With few whole numbers there is no need, and no plan.
    """
    aggregation = aggregate(case)
    model, lookup = assemble(aggregation.case)
    if extend is not None:
        extend(model, lookup)
    matrix = compile_matrix(model)
    if matrix.integer.sum() <= FEW_INTEGERS:
        return Priced(None)
    columns = describe_columns(matrix, lookup)
    state = Search(matrix, columns, gap, seconds)
    run_search(state, (_solve_linear,), None)
    found = Priced(None, state.interrupted)
    if state.linear is None or state.linear.row_prices is None:
        return found
    for share in shares:
        priced = _without(matrix, rows(matrix), share * state.linear.row_prices)
        search = Search(priced, columns, gap, FIRST_SHARE * max(0.0, state.remaining()))
        run_search(search, jobs_for(threads), None)
        if search.interrupted:
            return Priced(None, interrupted=True)
        if search.best is not None:
            values = clean_values(model, polish(priced, search.best) * matrix.units)
            found = Priced(aggregation.restore(extract_tables(model, lookup, values)))
            if found.tables is not None and enough(found.tables):
                return found
    return found


def _solve_linear(state: Search) -> None:
    linear_relaxation(state)


def _without(matrix: Matrix, rows: Flags, prices: Vector) -> Matrix:
    """The matrix without what the rows demand, but with their prices among the costs."""
    price = np.where(rows, prices, 0.0)
    return replace(
        matrix,
        cost=matrix.cost - np.asarray(matrix.coefficients.T @ price),
        row_lower=np.where(rows, -np.inf, matrix.row_lower),
        row_upper=np.where(rows, np.inf, matrix.row_upper),
    )
