"""Finding plans: relax, draft a plan near the relaxation, then improve it a little at a time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..arrays.matrix import Matrix, Vector
from ..cleaning import KEPT, polish
from .branching import branch_and_bound
from .drafting import NEAR, draft
from .guiding import CHOICES, Guide, relax
from .improvement import Improvement
from .redrafting import Redrafting
from .restriction import held
from .state import Search

KERNEL_SHARE = 0.1
"""Share of the time for a first plan among what the relaxations use, where the draft failed."""

SETTLED = 1e-9
"""A plan misses no row, bound or whole number by more, so that it counts in any proof."""

GOOD_START = 0.005
"""A first plan this near to its bound is good enough to go on with."""


def find_plans(state: Search) -> None:
    """Relax, draft a plan if there is none to start from, improve it until the search stops."""
    matrix = state.matrix.for_plans()
    guide = relax(state)
    if state.stopped():
        return
    if guide is None:  # the linear relaxation broke down: any plan is better than none
        _first_among(state, matrix, np.zeros_like(matrix.cost), state.remaining())
        return
    if state.relative_gap() > NEAR:
        drafted = draft(state, matrix, guide) if state.started_from is None else None
        if drafted is not None:
            offer(state, drafted, "draft")
    if state.best is None:
        any_plan(state, matrix, guide)
    improve(state, matrix, guide)


def any_plan(state: Search, matrix: Matrix, guide: Guide) -> None:
    """Branch and bound among what the relaxations use; failing that, among all without any costs.

    Few of the many things that could be opened, bought and placed are used in a good plan. That there is no plan at all
    is for the proof to say: sums of whole decisions are not declared whole here, which HiGHS 1.15 may go wrong by (its
    issue 3274, see `relaxed`).
    """
    state.begin("looking for a first plan")
    unused = matrix.integer & ~guide.used & np.asarray(matrix.families.isin(CHOICES))
    _first_among(state, held(matrix, unused, matrix.lower), matrix.cost, KERNEL_SHARE * state.seconds)
    if state.best is None:
        _first_among(state, matrix, np.zeros_like(matrix.cost), state.remaining())


def _first_among(state: Search, matrix: Matrix, cost: Vector, seconds: float) -> None:
    """Offer the first plans found at this cost."""

    def note(x: Vector, _: float) -> None:
        offer(state, x, "first plan")

    answer = branch_and_bound(
        replace(matrix, cost=cost),
        seconds=min(seconds, state.remaining()),
        gap=GOOD_START,
        stopped=lambda: state.stopped() or (not cost.any() and state.best is not None),
        on_plan=note,
    )
    if answer.point is not None:
        note(answer.point, answer.cost)


def improve(state: Search, matrix: Matrix, guide: Guide) -> None:
    """Improve the best plan, whoever found it, until the search stops."""
    if state.best is None or state.stopped():
        return
    work, redrafting = Improvement(state, matrix, guide, state.best), Redrafting(state, matrix, guide)
    while not state.stopped():
        best, cost = state.cheapest()
        if best is not None and cost < work.least_cost:
            work.go_on_from(best, cost)
        redraft = redrafting.of_the_proof(work.cheapest, work.least_cost, in_first_round=work.in_first_round)
        if redraft is None and not work.in_first_round:
            redraft = redrafting.of_a_slow_plan(work.cheapest, work.least_cost)
        if redraft is not None and work.begin_anew(redraft):
            _offer_or_go_back(state, work, "redraft")
        if not state.stopped() and work.step():
            _offer_or_go_back(state, work, f"improvement ({work.kind})")


def _offer_or_go_back(state: Search, work: Improvement, step: str) -> None:
    """Offer the point under improvement; where it is no plan after all, the best plan is improved again."""
    if not offer(state, work.x, step):
        best, cost = state.cheapest()
        if best is not None:
            work.go_back_to(best, cost)


def offer(state: Search, x: Vector, step: str) -> bool:
    """Offer a plan; first settle it where whole numbers or rows are missed by a hair. Returns whether it is one.

    A step leaves purchases whole within 1e-6, and the servers that they add up to within some times that: HiGHS takes
    such a point for no plan at all, and the proof would not be told of it. It is none where the whole numbers that it
    is near to leave no room for the rest.
    """
    matrix = state.matrix
    if matrix.violation(x) > SETTLED:
        x = min(x, polish(matrix, x), key=matrix.violation)
        if matrix.violation(x) > KEPT:
            return False
    state.offer(x, matrix.objective(x), step)
    return True
