"""Finding plans: relax, find a first plan among what the relaxations use, then improve it a few sites at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .branching import branch_and_bound
from .improvement import CHOICES, NOTHING, Improvement
from .matrix import Flags, Matrix, Vector
from .restriction import held
from .search import Search

RELAX_SHARE = 0.1
"""Share of the time that the relaxation with whole sites may take."""

KERNEL_SHARE = 0.25
"""Share of the time for a first plan among what the relaxations use."""

ANY_SHARE = 0.1
"""Share of the time for the first plan of plain branch and bound; a plan found without costs is a worse start."""

GOOD_START = 0.005
"""A first plan this near to its bound is good enough to go on with."""

WORTH_A_TRY = 0.1
"""A column is worth a try if its reduced cost in the relaxation is at most this share of its cost."""


@dataclass(frozen=True)
class Guide:
    """What the relaxations tell: a point with whole sites, the columns it uses, and those worth a try."""

    point: Vector
    used: Flags
    worth_a_try: Flags


def find_plans(state: Search) -> None:
    """Relax, find a first plan, improve it until the search stops."""
    matrix = state.matrix.for_plans()
    guide = relax(state)
    if guide is None:
        return
    if state.best is None:
        first_plan(state, matrix, guide)
    if state.best is not None:
        improve(state, matrix, guide)


def relax(state: Search) -> Guide | None:
    """Solve with whole sites only (open or not) and all else fractional; all fractional where that finds no point."""
    state.begin("solving the relaxed problem")
    matrix = state.matrix
    linear = branch_and_bound(
        matrix.with_integer(np.zeros_like(matrix.integer)), seconds=state.remaining(), gap=0.0, stopped=state.stopped
    )
    if linear.infeasible:
        state.infeasible = True
        state.stop()
    if linear.point is None or linear.reduced_costs is None:
        return None
    state.linear_bound = linear.bound
    state.raise_bound(linear.bound)
    sites = matrix.integer & np.isin(matrix.families, ("open", "green_site"))
    whole_sites = branch_and_bound(
        matrix.with_integer(sites), seconds=RELAX_SHARE * state.seconds, gap=2e-3, stopped=state.stopped
    )
    state.raise_bound(whole_sites.bound)
    point = linear.point if whole_sites.point is None else whole_sites.point
    used = (point > NOTHING) | (linear.point > NOTHING)
    cheap = linear.reduced_costs <= WORTH_A_TRY * np.abs(matrix.cost) + NOTHING
    return Guide(point, used, used | cheap | ~np.isin(matrix.families, CHOICES))


def first_plan(state: Search, matrix: Matrix, guide: Guide) -> None:
    """Branch and bound among what the relaxations use; failing that, among all; failing that, without any costs.

    Few of the many things that could be opened, bought and placed are used in a good plan; without the rest, HiGHS
    finds a plan near the bound in seconds on many cases.
    """
    state.begin("looking for a first plan")
    unused = matrix.integer & ~guide.used
    kernel = held(matrix, unused & np.isin(matrix.families, CHOICES), matrix.lower)
    _first_among(state, kernel, matrix.cost, KERNEL_SHARE * state.seconds)
    if state.best is None:
        _first_among(state, matrix, matrix.cost, ANY_SHARE * state.seconds, first_only=True)
    if state.best is None:
        _first_among(state, matrix, np.zeros_like(matrix.cost), state.remaining(), first_only=True)


def _first_among(state: Search, matrix: Matrix, cost: Vector, seconds: float, *, first_only: bool = False) -> None:
    """Offer the plans found at this cost."""

    def offer(x: Vector, _: float) -> None:
        state.offer(x, matrix.objective(x), "first plan")

    answer = branch_and_bound(
        replace(matrix, cost=cost),
        seconds=min(seconds, state.remaining()),
        gap=GOOD_START,
        stopped=(lambda: state.stopped() or state.best is not None) if first_only else state.stopped,
        on_plan=offer,
    )
    if answer.point is not None:
        offer(answer.point, answer.cost)


def improve(state: Search, matrix: Matrix, guide: Guide) -> None:
    """Improve the best plan a few sites at a time, whoever found it, until the search stops."""
    assert state.best is not None, "there is a plan to improve"
    work = Improvement(state, matrix, guide.worth_a_try, guide.point, state.best)
    while not state.stopped():
        if state.best_cost < work.cost:
            work.replace(state.best, state.best_cost)
        if work.step():
            state.offer(work.x, work.cost, "improvement")
