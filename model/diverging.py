"""Going another way: a plan that differs much at little more cost, in a case too large to ask for that outright.

With fractional counts it is soon known which additions of earlier plans to leave alone, and how much difference the
limit of cost buys. Whole plans near that point are hard to find under a row that all sites share. So the difference
gets a price instead: what an earlier plan adds and this one should not is taxed, and the usual search for the plan of
least cost (`plans`) does the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .branching import branch_and_bound
from .common_ground import CommonGround
from .forms import LinearForm
from .matrix import Matrix, Vector
from .search import Search

GUIDE_SHARE = 0.1
"""Share of the time for the fractional counts ..."""

GUIDE_PATIENCE = 2.0
"""... and this many times that until there is a point."""

GUIDE_GAP = 0.1

ROOM = 1.5
"""Whole plans are expected to cost this many times the gap asked for more than fractional ones."""

DEAR = 10.0
"""Where difference is for free, all of it is taxed with this many times what may be spent on it."""


@dataclass(frozen=True)
class Limit:
    """What a plan may cost, and what the plan to start from costs, CNY."""

    cny: float
    start_cny: float

    def allows(self, matrix: Matrix, x: Vector) -> bool:
        """Whether a point of the case's matrix costs no more."""
        return matrix.objective(x) * matrix.money_unit <= self.cny

    def tighter(self, matrix: Matrix, gap: float) -> Matrix:
        """The matrix with a limit that leaves room to make fractional counts whole, but not below the start."""
        limited = np.asarray(matrix.row_families == "cost_limit")
        share = max(self.cny - ROOM * gap * abs(self.cny), self.start_cny) / self.cny if self.cny else 1.0
        return replace(matrix, row_upper=np.where(limited, matrix.row_upper * share, matrix.row_upper))


def find_tax(state: Search, matrix: Matrix, common: CommonGround, start: Vector, limit: Limit) -> LinearForm | None:
    """What to tax, and how much in CNY, so that fractional counts of least cost and tax cost about the limit.

    The costs of the `matrix` are what is shared with earlier plans (`CommonGround.objective`), `start` is a point of
    it. None where time ran out.
    """
    enough = np.asarray(matrix.families == "enough")
    guide = branch_and_bound(
        matrix.with_integer(enough),
        seconds=GUIDE_SHARE * state.seconds,
        patience=GUIDE_PATIENCE,
        gap=GUIDE_GAP,
        stopped=state.stopped,
        start=start,
    )
    if guide.point is None:
        return None
    lower, upper = (np.where(enough, np.round(guide.point), bound) for bound in (matrix.lower, matrix.upper))
    linear = branch_and_bound(
        matrix.with_bounds(lower, upper).with_integer(np.zeros_like(matrix.integer)),
        seconds=state.remaining(),
        gap=0.0,
        stopped=state.stopped,
    )
    if linear.row_prices is None or linear.point is None:
        return None
    # A row times its price does not depend on how the row was scaled; the right-hand side is 1, or the limit.
    of_plan, of_limit = (
        np.abs(linear.row_prices[rows] * matrix.row_upper[rows])
        for rows in (np.flatnonzero(matrix.row_families == name) for name in ("differs", "cost_limit"))
    )
    spare = max(limit.cny - limit.start_cny, 0.0)
    price = float(of_limit.sum()) / abs(limit.cny)
    cny_per_difference = min(DEAR * spare, 1.0 / price) if price > 0 else DEAR * spare
    return common.avoided(linear.point * matrix.units, cny_per_difference * of_plan)


def taxed(matrix: Matrix, tax: LinearForm, share: float) -> Matrix:
    """The matrix of the case with a share of the tax among its costs."""
    cost = np.zeros_like(matrix.cost)
    np.add.at(cost, tax.columns, share * tax.coefficients)
    return replace(matrix, cost=matrix.cost + cost * matrix.units / matrix.money_unit)
