"""Proving: how little any plan of the full problem can cost."""

from __future__ import annotations

import numpy as np

from ..arrays.matrix import Flags, Matrix
from .branching import Answer, branch_and_bound
from .guiding import linear_relaxation
from .state import Search

TOLERANCES = 1e-9, 1e-6
"""How whole a whole number must be in a proof: a hundredth of the gap within these; at 1e-6 a bound can be 1e-7 low."""

RELAXATION_GAP = 1e-4
"""The relaxation is left for the full problem once it is solved to this gap."""

FEW_INTEGERS = 1500
"""The full problem is tried at once if it has no more whole numbers than these."""

ANEW_GAIN, ANEW_SHARE = 4e-3, 0.4
"""The full problem is begun anew for a plan cheaper by this share than at its beginning, in this share of the time.

HiGHS tightens a problem most at its root, and the better the plan, the more.
"""

NUMEROUS = ("buy", "keep", "own", "place", "standby")
"""Decisions of which there are so many that branching on them gets nowhere."""

DEAR = 3e-4
"""Lots that cost more than this share of the plan are whole in the relaxation: left fractional they cost the bound."""


def prove(state: Search) -> None:
    """Raise the bound: HiGHS with only weighty decisions whole, then on the full problem, told of each better plan."""
    matrix, linear = state.matrix, linear_relaxation(state)
    if matrix.integer.sum() > FEW_INTEGERS and np.isfinite(linear.bound):
        relaxed = branch_and_bound(
            matrix.with_integer(weighty(matrix, linear.bound)),
            seconds=state.remaining(),
            gap=min(RELAXATION_GAP, state.gap),
            stopped=state.stopped,
            on_bound=state.raise_bound,
            bound_only=True,
            best_plan=lambda: state.best,
        )
        state.raise_bound(relaxed.bound)
        if relaxed.infeasible and state.best is None:
            state.infeasible = True
            state.stop()
    if state.stopped():
        return
    while True:
        begun_with = state.best_cost
        full = _solve_full(state, begun_with)
        if full.finished or full.infeasible or not _worth_beginning_anew(state, begun_with):
            break
    state.infeasible |= full.infeasible and state.best is None
    if full.finished or full.infeasible:
        state.stop()


def _worth_beginning_anew(state: Search, begun_with: float) -> bool:
    """Whether there is still much time, and a plan that is much cheaper than the one known at the beginning."""
    early = state.remaining() > (1.0 - ANEW_SHARE) * state.seconds
    return early and not state.stopped() and begun_with - state.best_cost > ANEW_GAIN * abs(state.best_cost)


def _solve_full(state: Search, begun_with: float) -> Answer:
    """Branch and bound on the full problem, until it is worth beginning anew."""
    answer = branch_and_bound(
        state.matrix,
        seconds=state.remaining(),
        gap=state.gap,
        stopped=lambda: state.stopped() or _worth_beginning_anew(state, begun_with),
        start=state.best,
        on_plan=lambda x, cost: state.offer(x, cost, "branch and bound"),
        on_bound=state.raise_bound,
        bound_only=True,
        best_plan=lambda: state.best,
        tolerance=float(np.clip(0.01 * state.gap, *TOLERANCES)),
    )
    if answer.point is not None:
        state.offer(answer.point, answer.cost, "branch and bound")
    state.raise_bound(answer.bound)
    return answer


def weighty(matrix: Matrix, cost: float) -> Flags:
    """The whole-number columns that move the bound: all but placements and lots that are cheap beside a plan's cost.

    Those are nearly right when fractional, and so many that branching on them gets nowhere. What sums up dear lots
    stays whole with them (see SUMS in `matrix`).
    """
    families = matrix.families
    dear = matrix.integer & np.asarray(families == "buy") & (np.abs(matrix.cost) > DEAR * abs(cost))
    sums = np.asarray(matrix.row_families == "in_service") & (np.abs(matrix.coefficients) @ dear > 0)
    owned = np.asarray(families == "own") & (np.abs(matrix.coefficients).T @ sums > 0)
    return np.asarray(matrix.integer & (~np.asarray(families.isin(NUMEROUS)) | dear | owned))
