"""Proving: how little any plan of the full problem can cost."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from ..arrays.matrix import Flags, Matrix
from .branching import Answer, branch_and_bound
from .guiding import NOTHING, linear_relaxation
from .state import POLL_SECONDS, Search

TOLERANCES = 1e-9, 1e-6
"""How whole a whole number must be in a proof: a hundredth of the gap within these; at 1e-6 a bound can be 1e-7 low."""

RELAXATION_GAP = 1e-4
"""The relaxation is left for the full problem once it is solved to this gap."""

FEW_INTEGERS = 1500
"""The full problem is tried at once if it has no more whole numbers than these."""

RELAXATION_SHARE = 0.5
"""For at most this share of the time the relaxation has no cutoff ..."""

FREE_TIMES, LONG_TIMES = 8.0, 40.0
"""... and no longer than so many times what the linear relaxation took. The first do for the cuts at the root ..."""

HALF_OPEN = 5e-3
"""... the second are for a site that is half open there, at more than this share of the cost: to branch on it raises
the bound a lot at once, but HiGHS does that late, and anew with each cutoff."""

ROOT_SHARE = 0.05
"""For this share of the time the full problem, if it is tried at once, has none: the cuts of its root are enough."""

RISE = 2e-3
"""The first cutoff is higher than that bound by this share ..."""

SPARE, LEAST, MOST = 8.0, 0.35, 2.0
"""... and later ones by so many times that share as the last run would fit into an eighth of the time that is left."""

LEAST_RISE = 1e-6
"""Less than this share above the bound is no cutoff worth proving: the rest is proved without."""

HIGHEST = 0.05
"""When the bound has risen by this share there are no cutoffs any more: they would not end where there is no plan."""

ALMOST = 0.999
"""A bound that closes the gap asked for by a hair more than needed, for rounding."""

NUMEROUS = ("buy", "keep", "own", "place", "standby")
"""Decisions of which there are so many that branching on them gets nowhere."""

DEAR = 3e-4
"""Lots that cost more than this share of the plan are whole in the relaxation: left fractional they cost the bound."""


def prove(state: Search) -> None:
    """Raise the bound: HiGHS with only weighty decisions whole, then on the full problem, told of each better plan."""
    matrix, linear = state.matrix, linear_relaxation(state)
    if matrix.integer.sum() > FEW_INTEGERS and np.isfinite(linear.bound):
        gap = min(RELAXATION_GAP, state.gap)
        relaxation = matrix.with_integer(weighty(matrix, linear.bound))
        times = LONG_TIMES if _half_open(state, linear) > HALF_OPEN else FREE_TIMES
        free_seconds = min(RELAXATION_SHARE * state.seconds, times * state.linear_seconds)
        relaxed = _climb(state, partial(_solve, state, relaxation, gap=gap), free_seconds)
        if relaxed is not None and relaxed.infeasible and state.best is None:
            state.infeasible = True
            state.stop()
    if state.stopped():
        return
    full = _climb(state, partial(_solve_full, state), ROOT_SHARE * state.seconds)
    if full is not None:
        state.infeasible |= full.infeasible and state.best is None
        state.stop()


def _half_open(state: Search, linear: Answer) -> float:
    """How far the most undecided site is from being open or shut, whichever is nearer: a share of all costs."""
    if linear.point is None:
        return 0.0
    sites = state.matrix.integer & np.asarray(state.matrix.families == "open")
    undecided = np.where(sites, np.abs(linear.point - np.round(linear.point)), 0.0)
    by_site = state.columns.cost_by_site(np.abs(state.matrix.cost) * undecided)
    return float(by_site.max(initial=0.0) / max(abs(linear.cost), NOTHING))


def _climb(state: Search, solve: Callable[[float, float], Answer], free_seconds: float) -> Answer | None:
    """Solve with one cutoff after another, given with the seconds, until the problem is solved or the time is over.

    That no plan costs less than a cutoff a little above the bound is proved sooner than the same bound without a
    cutoff: more decisions are settled at the root, and branches end earlier. Before the first cutoff comes a run
    without, for `free_seconds`, unless more is proved already than the linear relaxation. None if the problem is not
    solved.
    """
    rise = RISE
    if state.linear is None or state.bound <= state.linear.bound:
        answer = solve(np.inf, min(free_seconds, state.remaining()))
        if answer.finished or answer.infeasible:
            return answer
    highest = state.bound + HIGHEST * abs(state.bound)
    while not state.stopped():
        cutoff, begun = _cutoff(state, rise) if state.bound < highest else np.inf, time.monotonic()
        answer = solve(cutoff, state.remaining())
        if answer.infeasible or (answer.finished and answer.cost < cutoff):
            return answer
        if not answer.finished:
            break
        took = max(time.monotonic() - begun, POLL_SECONDS)
        rise = RISE * float(np.clip(state.remaining() / (SPARE * took), LEAST, MOST))
    return None


def _cutoff(state: Search, rise: float) -> float:
    """What is to be proved next: a bound higher by this share, or what closes the gap asked for if that is less."""
    closed = state.best_cost - ALMOST * state.gap * abs(state.best_cost) if state.best is not None else np.inf
    cutoff = min(state.bound + rise * abs(state.bound), closed)
    return float(cutoff) if np.isfinite(cutoff) and cutoff - state.bound > LEAST_RISE * abs(cutoff) else np.inf


def _solve(state: Search, matrix: Matrix, cutoff: float, seconds: float, *, gap: float, **of_plans: Any) -> Answer:
    """Branch and bound on the full problem or a relaxation of it; each bound is one of the full problem."""
    answer = branch_and_bound(
        matrix,
        seconds=seconds,
        gap=gap,
        stopped=state.stopped,
        on_bound=state.raise_bound,
        cutoff=cutoff,
        bound_only=True,
        best_plan=lambda: state.best,
        **of_plans,
    )
    state.raise_bound(answer.bound)
    return answer


def _solve_full(state: Search, cutoff: float, seconds: float) -> Answer:
    """Branch and bound on the full problem; its plans count, too."""
    answer = _solve(
        state,
        state.matrix,
        cutoff,
        seconds,
        gap=state.gap,
        start=state.best,
        on_plan=lambda x, cost: state.offer(x, cost, "branch and bound"),
        tolerance=float(np.clip(0.01 * state.gap, *TOLERANCES)),
    )
    if answer.point is not None:
        state.offer(answer.point, answer.cost, "branch and bound")
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
