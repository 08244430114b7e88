"""Proving: how little any plan of the full problem can cost."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from ..arrays.matrix import Flags, Matrix, Vector
from .branching import BOUND_ONLY, Answer, branch_and_bound
from .counting_up import STEPS_AND_HALLS
from .guiding import linear_relaxation
from .relaxations import relaxations, relaxed
from .state import POLL_SECONDS, Search

TOLERANCES = 1e-9, 1e-6
"""How whole a whole number must be in a proof: a hundredth of the gap within these; at 1e-6 a bound can be 1e-7 low."""

RELAXATION_GAP = 1e-4
"""A relaxation is left for the next, the last for the full problem, once it is solved to this gap."""

AT_ONCE = 1500
"""The full problem is proved at once if it has no more whole numbers than these, without relaxations first."""

EARLY_SHARE = 0.5
"""All relaxations but the last have this share of the time that is left; many are solved within it."""

ROOT_SHARE = 0.05
"""Where no more is proved yet than the linear relaxation, the full problem, and relaxations after the first, have no
cutoff for this share of the time: the cuts of their root are enough."""

RISE, RISE_OF_RELAXATION = 2e-3, 5e-4
"""The first cutoff of the full problem, or of a relaxation, is higher by this share than the bound so far ..."""

SPARE, MOST = 8.0, 2.0
"""... and later ones by so many times that share as the last run would fit into an eighth of the time that is left, up
to twice that share ..."""

BOLD_SPARE, BOLD_MOST = 1.0, 5.0
"""... or into all of it, up to five times, where the last run took less time than the relaxation before was solved in:
then most of the time went to its root, and to prove a lot more takes hardly longer ..."""

BOLD_SHARE = 0.55
"""... but if it has not been refuted in this share of the time that is left, it was too bold, and none is any more."""

LEAST = 2e-4
"""Later cutoffs are higher by this share at least."""

LEAST_RISE = 1e-6
"""Less than this share above the bound is no cutoff worth proving: the rest is proved without."""

HIGHEST = 0.05
"""When the bound has risen by this share there are no cutoffs any more: they would not end where there is no plan."""

ALMOST = 0.999
"""A bound that closes the gap asked for by a hair more than needed, for rounding."""


def prove(state: Search) -> None:
    """Raise the bound: HiGHS on one relaxation after another, then on the full problem, told of each better plan."""
    matrix, linear = state.matrix, linear_relaxation(state)
    if matrix.integer.sum() > AT_ONCE and linear.point is not None and linear.row_prices is not None:
        _prove_relaxations(state, relaxations(matrix, state.columns, linear.point, linear.row_prices))
    if state.stopped():
        return
    full = _climb(state, partial(_solve_full, state), RISE, ROOT_SHARE * state.seconds)
    if full is not None:
        state.infeasible |= full.infeasible and state.best is None
        state.stop()


def _prove_relaxations(state: Search, wholes: list[Flags]) -> None:
    """Solve one after another: the first without a cutoff, if it has its first turn; the last in all the time left.

    What an earlier turn has solved is not solved again. A hasty search, which wants any plan or to know that there is
    none, begins with the last.
    """
    gap, number = min(RELAXATION_GAP, state.gap), len(wholes) - 1 if state.hasty else state.relaxations_solved
    quick = 0.0
    early_until = time.monotonic() + EARLY_SHARE * state.remaining()
    for whole in wholes[number:]:
        number += 1
        solve = partial(_solve, state, *relaxed(state.matrix, whole), gap=gap, counting_up=STEPS_AND_HALLS)
        free_seconds = state.seconds if number == 1 else ROOT_SHARE * state.seconds
        until = early_until if number < len(wholes) else np.inf
        begun = time.monotonic()
        solved = _climb(state, solve, RISE_OF_RELAXATION, free_seconds, until, quick)
        quick = time.monotonic() - begun if solved is not None else 0.0
        if solved is not None and solved.infeasible and state.best is None:
            state.infeasible = True
            state.stop()
        if state.stopped():
            return
        if solved is not None:
            state.relaxations_solved = number
            if number == 1 and solved.point is not None:
                state.relaxed = whole, solved.point


def _climb(
    state: Search,
    solve: Callable[[float, float], Answer],
    first_rise: float,
    free_seconds: float,
    until: float = np.inf,
    quick: float = 0.0,
) -> Answer | None:
    """Solve with one cutoff after another, given with the seconds, until the problem is solved or the time is over.

    That no plan costs less than a cutoff a little above the bound is proved sooner than the same bound without a
    cutoff: more decisions are settled at the root, and branches end earlier. Before the first cutoff comes a run
    without, for `free_seconds`, unless more is proved already than the linear relaxation. A run that takes less than
    `quick` seconds is followed by a bold one. None if the problem is not solved.
    """

    def remaining() -> float:
        return min(state.remaining(), until - time.monotonic())

    rise, took, bold = first_rise, POLL_SECONDS, False
    if remaining() > 0 and (state.linear is None or state.bound <= state.linear.bound):
        answer = solve(np.inf, min(free_seconds, remaining()))
        if answer.finished or answer.infeasible:
            return answer
    highest = state.bound + HIGHEST * abs(state.bound)
    while not state.stopped() and remaining() > 0:
        cutoff, begun = _cutoff(state, rise) if state.bound < highest else np.inf, time.monotonic()
        answer = solve(cutoff, (BOLD_SHARE if bold else 1.0) * remaining())
        if answer.infeasible or (answer.finished and answer.cost < cutoff):
            return answer
        if answer.finished:
            took = max(time.monotonic() - begun, POLL_SECONDS)
        elif bold:
            quick = 0.0
        else:
            break
        bold = took < quick
        spare, most = (BOLD_SPARE, BOLD_MOST) if bold else (SPARE, MOST)
        rise = float(np.clip(first_rise * remaining() / (spare * took), LEAST, most * first_rise))
    return None


def _cutoff(state: Search, rise: float) -> float:
    """What is to be proved next: a bound higher by this share, or what closes the gap asked for if that is less."""
    closed = state.best_cost - ALMOST * state.gap * abs(state.best_cost) if state.best is not None else np.inf
    cutoff = min(state.bound + rise * abs(state.bound), closed)
    return float(cutoff) if np.isfinite(cutoff) and cutoff - state.bound > LEAST_RISE * abs(cutoff) else np.inf


def _solve(
    state: Search,
    matrix: Matrix,
    in_use: Flags,
    cutoff: float,
    seconds: float,
    *,
    gap: float,
    **others: Any,
) -> Answer:
    """Branch and bound on the full problem or a relaxation; its bounds are of the full problem.

    A plan has 0 in it for columns that are not in use.
    """
    told: list[tuple[Vector, Vector]] = []

    def best_plan() -> Vector | None:
        best = state.best
        if best is not None and not (told and told[-1][0] is best):
            told[:] = [(best, np.where(in_use, best, 0.0))]  # the same array again until there is a better plan
        return told[-1][1] if told else None

    answer = branch_and_bound(
        matrix,
        seconds=seconds,
        gap=gap,
        stopped=state.stopped,
        on_bound=state.raise_bound,
        cutoff=cutoff,
        options=BOUND_ONLY,
        start=best_plan(),
        best_plan=best_plan,
        **others,
    )
    state.raise_bound(answer.bound)
    return answer


def _solve_full(state: Search, cutoff: float, seconds: float) -> Answer:
    """Branch and bound on the full problem; its plans count, too."""
    answer = _solve(
        state,
        state.matrix,
        np.ones(len(state.matrix.cost), dtype=bool),
        cutoff,
        seconds,
        gap=state.gap,
        on_plan=lambda x, cost: state.offer(x, cost, "branch and bound"),
        tolerance=float(np.clip(0.01 * state.gap, *TOLERANCES)),
    )
    if answer.point is not None:
        state.offer(answer.point, answer.cost, "branch and bound")
    return answer
