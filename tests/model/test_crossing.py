"""Two plans crossed: the best of what they do differently, and never the worse for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from suanli.inputs.loading import load
from suanli.model.arrays.matrix import Matrix, Vector, compile_matrix
from suanli.model.assemble import assemble
from suanli.model.search import crossing
from suanli.model.search.branching import branch_and_bound
from suanli.model.search.columns import describe_columns
from suanli.model.search.crossing import SecondPlan, cross
from suanli.model.search.guiding import relax
from suanli.model.search.proof import QUIET_SECONDS, Lending
from suanli.model.search.state import Search

if TYPE_CHECKING:
    from .conftest import Problem

Drawn = Callable[[int], "Problem"]


def _best_with(matrix: Matrix, column: int, more: float) -> Vector:
    """The best plan in which one decision has to be larger than in another."""
    lower = matrix.lower.copy()
    lower[column] = more
    answer = branch_and_bound(matrix.with_bounds(lower, matrix.upper), seconds=20, gap=0.0, stopped=lambda: False)
    assert answer.point is not None
    return answer.point


def test_each_of_two_plans_pays_for_what_the_other_leaves_and_crossed_they_leave_both() -> None:
    """quickstart: one plan buys a lot too many of one kind, the other of another kind; crossed, none does."""
    model, lookup = assemble(load("quickstart").case)
    matrix = compile_matrix(model)
    state = Search(matrix, describe_columns(matrix, lookup), gap=0.0, seconds=60.0)
    optimum = branch_and_bound(matrix, seconds=20, gap=0.0, stopped=lambda: False)
    assert optimum.point is not None
    bought = np.flatnonzero((matrix.families == "buy") & (optimum.point > 0.5))
    first, last = int(bought[0]), int(bought[-1])
    assert first != last
    x = _best_with(matrix, first, np.round(optimum.point[first]) + 1)
    y = _best_with(matrix, last, np.round(optimum.point[last]) + 1)
    dearer = 1.0001 * optimum.cost
    assert matrix.objective(x) > dearer
    assert matrix.objective(y) > dearer
    crossed = cross(state, matrix, x, y)
    assert crossed is not None
    assert matrix.objective(crossed) == pytest.approx(optimum.cost, rel=1e-6)


@pytest.mark.parametrize("seed", range(12))
def test_crossed_plans_keep_what_both_agree_on_and_cost_no_more(seed: int, drawn: Drawn) -> None:
    problem = drawn(seed)
    matrix, state = problem.matrix.for_plans(), problem.search()
    dice = np.random.default_rng(seed)
    plans = []
    for _ in range(2):
        prices = np.where(matrix.cost > 0, matrix.cost * dice.uniform(0.3, 3.0, len(matrix.cost)), matrix.cost)
        answer = branch_and_bound(replace(matrix, cost=prices), seconds=20, gap=0.0, stopped=lambda: False)
        assert answer.point is not None
        plans.append(answer.point)
    crossed = cross(state, matrix, *plans)
    assert crossed is not None
    costs = [matrix.objective(x) for x in plans]
    assert matrix.objective(crossed) <= min(costs) * (1 + 1e-7)
    assert matrix.objective(crossed) >= problem.optimum - 1e-6 * abs(problem.optimum)
    same = (np.abs(plans[0] - plans[1]) <= 1e-6) & (state.columns.site >= 0)
    np.testing.assert_allclose(crossed[same], plans[0][same], atol=2e-6)
    assert problem.violation(crossed) < 1e-5


def test_a_second_plan_that_was_crossed_in_vain_begins_on_another_way(
    drawn: Drawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = drawn(0)
    matrix, state = problem.matrix.for_plans(), problem.search()
    guide = relax(state)
    assert guide is not None
    free = replace(matrix, cost=np.zeros_like(matrix.cost))
    beginning = branch_and_bound(free, seconds=20, gap=0.0, stopped=lambda: False).point
    assert beginning is not None
    state.offer(beginning, matrix.objective(beginning), "any plan")
    second = SecondPlan(state, matrix, guide, beginning)
    while state.step == "any plan":
        second.step()
    assert state.step.startswith("second plan (")
    assert state.best is not None
    assert problem.violation(state.best) < 1e-5
    state.offer(problem.point, matrix.objective(problem.point), "the optimum")
    monkeypatch.setattr(crossing, "APART_SECONDS", 0.0)
    way = second.work
    second.step()
    assert state.step == "the optimum", "nothing is better"
    assert second.work is not way
    assert second.work.cost == pytest.approx(matrix.objective(beginning), rel=1e-9)


def test_a_processor_is_lent_only_while_the_bound_is_quiet_and_made_up_for(
    drawn: Drawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr("suanli.model.search.proof.time.monotonic", lambda: now[0])
    state, loans = drawn(0).search(), []

    def a_loan_of_three_seconds() -> None:
        loans.append(now[0])
        now[0] += 3.0

    state.started, state.seconds, state.last_rise = now[0], 60.0, now[0]
    lending = Lending(state)
    now[0] += QUIET_SECONDS
    lending.lend()
    assert loans == [], "there is nothing to do yet"
    state.meanwhile = a_loan_of_three_seconds
    state.last_rise = now[0]
    lending.lend()
    assert loans == [], "the bound has just risen"
    for _ in range(10):
        now[0] += 1.0
        lending.lend()
    first = 100.0 + 2 * QUIET_SECONDS
    # Three seconds lent, three kept by the proof; then 3 * 4 / 10, for the bound has been quiet for ten seconds ...
    assert QUIET_SECONDS == 4.0
    assert loans == [first, first + 6.0, first + 11.0, first + 15.0]
