"""Proving: how little any plan of the full problem can cost."""

from __future__ import annotations

import time

import numpy as np

from ..arrays.matrix import Flags, Matrix
from .branching import branch_and_bound
from .guiding import linear_relaxation
from .state import Search

TOLERANCES = 1e-9, 1e-6
"""How whole a whole number must be in a proof: a hundredth of the gap within these; at 1e-6 a bound can be 1e-7 low."""

RELAXATION_GAP = 1e-4
"""The relaxation is left for the full problem once it is solved to this gap."""

FEW_INTEGERS = 1500
"""The full problem is tried at once if it has no more whole numbers than these."""

NUMEROUS = ("buy", "keep", "own", "place", "standby")
"""Decisions of which there are so many that branching on them gets nowhere."""

DEAR = 3e-4
"""Lots that cost more than this share of the plan are whole in the relaxation: left fractional they cost the bound."""

QUIET_SECONDS = 4.0
"""A bound that has not risen for so long is quiet."""


def prove(state: Search) -> None:
    """Raise the bound: HiGHS with only weighty decisions whole, then on the full problem, told of each better plan."""
    matrix, linear, lend = state.matrix, linear_relaxation(state), Lending(state).lend
    if matrix.integer.sum() > FEW_INTEGERS and np.isfinite(linear.bound):
        relaxed = branch_and_bound(
            matrix.with_integer(weighty(matrix, linear.bound)),
            seconds=state.remaining(),
            gap=min(RELAXATION_GAP, state.gap),
            stopped=state.stopped,
            on_bound=state.raise_bound,
            bound_only=True,
            best_plan=lambda: state.best,
            between=lend,
        )
        state.raise_bound(relaxed.bound)
        if relaxed.infeasible and state.best is None:
            state.infeasible = True
            state.stop()
    if state.stopped():
        return
    full = branch_and_bound(
        matrix,
        seconds=state.remaining(),
        gap=state.gap,
        stopped=state.stopped,
        start=state.best,
        on_plan=lambda x, cost: state.offer(x, cost, "branch and bound"),
        on_bound=state.raise_bound,
        best_plan=lambda: state.best,
        between=lend,
        tolerance=float(np.clip(0.01 * state.gap, *TOLERANCES)),
    )
    state.infeasible |= full.infeasible and state.best is None
    if full.point is not None:
        state.offer(full.point, full.cost, "branch and bound")
    state.raise_bound(full.bound)
    if full.finished or full.infeasible:
        state.stop()


class Lending:
    """The processor of a proof, lent to the plans while the bound does not rise; the longer it has not, the more."""

    def __init__(self, state: Search) -> None:
        """Nothing is lent before there is something to do."""
        self._state = state
        self._not_before = -np.inf

    def lend(self) -> None:
        """Do what is to be done meanwhile, if the bound is quiet and the proof has had its share since the last loan.

        That share is as long as the loan at first, half as long once the bound has been quiet for twice as long ...
        """
        state, begun = self._state, time.monotonic()
        quiet = begun - state.last_rise
        if state.meanwhile is None or quiet < QUIET_SECONDS or begun < self._not_before or state.stopped():
            return
        state.meanwhile()
        now = time.monotonic()
        self._not_before = now + (now - begun) * QUIET_SECONDS / quiet


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
