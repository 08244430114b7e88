"""The search: its steps keep their promises; restricted problems are parts of the whole one."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest

from suanli.inputs.generating.random_case import draw_case
from suanli.inputs.loading import load
from suanli.model.arrays.matrix import Vector, compile_matrix
from suanli.model.assemble import assemble
from suanli.model.plan import Progress
from suanli.model.search import branching, plans
from suanli.model.search.branching import BOUND_ONLY, branch_and_bound
from suanli.model.search.columns import describe_columns
from suanli.model.search.guiding import relax
from suanli.model.search.improvement import Improvement
from suanli.model.search.plans import find_plans
from suanli.model.search.proof import prove
from suanli.model.search.restriction import around, held, only
from suanli.model.search.state import Search, in_turns, run_search
from suanli.model.solving import solve

if TYPE_CHECKING:
    from .conftest import Problem

Drawn = Callable[[int], "Problem"]

OPTIMUM_CNY = 12_539_311.44
"""The optimum of quickstart, worked out by hand in scenarios/quickstart.yaml."""


@pytest.fixture
def quickstart() -> Search:
    model, lookup = assemble(load("quickstart").case)
    matrix = compile_matrix(model)
    return Search(matrix, describe_columns(matrix, lookup), gap=0.0, seconds=3.0)


def _never() -> bool:
    return False


@pytest.mark.parametrize(
    ("seconds", "linear_seconds", "expected"),
    [(60.0, 2.0, 6.0), (300.0, 1.0, 12.0), (300.0, 0.01, 6.0), (20.0, 0.01, 2.0), (600.0, 30.0, 60.0)],
)
def test_the_way_to_a_first_plan_does_not_get_longer_with_the_time(
    seconds: float, linear_seconds: float, expected: float, quickstart: Search
) -> None:
    """A tenth of the time, but of no more than a minute or, if that is more, 120 times the linear relaxation's."""
    quickstart.seconds = seconds
    assert quickstart.seconds_on_the_way(0.1) == pytest.approx(0.1 * seconds)
    quickstart.linear_seconds = linear_seconds
    assert quickstart.seconds_on_the_way(0.1) == pytest.approx(expected)
    quickstart.pause_at(0.05)
    assert quickstart.seconds_on_the_way(0.1) < 0.05 * seconds


def test_plans_are_found_without_the_proof(quickstart: Search) -> None:
    run_search(quickstart, (find_plans,), None)
    assert quickstart.best is not None
    assert quickstart.matrix.violation(quickstart.best) < 1e-6
    assert quickstart.best_cost * quickstart.matrix.money_unit == pytest.approx(OPTIMUM_CNY, rel=1e-6)
    assert quickstart.bound <= quickstart.best_cost


def test_the_proof_needs_no_plans(quickstart: Search) -> None:
    run_search(quickstart, (prove,), None)
    assert quickstart.bound * quickstart.matrix.money_unit == pytest.approx(OPTIMUM_CNY, rel=1e-6)
    assert quickstart.best_cost == pytest.approx(quickstart.bound, rel=1e-6)


def test_a_relaxation_bounds_and_a_restriction_does_not(quickstart: Search) -> None:
    matrix = quickstart.matrix
    best = branch_and_bound(matrix, seconds=10, gap=0.0, stopped=_never)
    assert best.point is not None
    linear = branch_and_bound(matrix.with_integer(np.zeros_like(matrix.integer)), seconds=10, gap=0.0, stopped=_never)
    assert linear.cost < best.cost
    nothing_bought = held(matrix, matrix.families == "build", matrix.lower)
    assert branch_and_bound(nothing_bought, seconds=10, gap=0.0, stopped=_never).cost >= best.cost * (1 - 1e-9)


def test_the_problem_of_some_columns_alone_costs_what_the_whole_does(quickstart: Search) -> None:
    matrix = quickstart.matrix
    best = branch_and_bound(matrix, seconds=10, gap=0.0, stopped=_never)
    assert best.point is not None
    for site in range(quickstart.columns.sites):
        free = quickstart.columns.at([site]) | (quickstart.columns.site < 0)
        part = only(matrix, free, best.point)
        assert part.coefficients.shape[1] == free.sum()
        assert part.row_families.shape == part.row_lower.shape
        assert set(part.row_families) <= set(matrix.row_families)
        assert part.objective(best.point[free]) == pytest.approx(best.cost, rel=1e-9)
        again = branch_and_bound(part, seconds=10, gap=0.0, stopped=_never, start=best.point[free])
        assert again.cost == pytest.approx(best.cost, rel=1e-6), "a part of an optimal plan cannot be improved"


def test_whole_numbers_around_a_point_are_few_and_the_point_is_among_them(quickstart: Search) -> None:
    """100 lots may become 0 to 200, 7 may become 27, 2.5 may become 23; what is not whole is free."""
    matrix, x = quickstart.matrix, quickstart.matrix.lower.copy()
    lots = np.flatnonzero(matrix.families == "buy")[:3]
    x[lots] = 100.0, 7.0, 2.5
    upper = np.where(matrix.integer, 1e4, matrix.upper)
    near = around(matrix.with_bounds(matrix.lower, upper), x)
    assert near.upper[lots].tolist() == [200.0, 27.0, 23.0]
    assert near.lower[lots].tolist() == [0.0, 0.0, 0.0]
    assert (near.lower <= x).all()
    assert (near.upper >= x).all()
    assert near.upper[matrix.integer].max() == 200.0
    assert np.array_equal(near.upper[~matrix.integer], matrix.upper[~matrix.integer])
    assert np.array_equal(near.lower[~matrix.integer], matrix.lower[~matrix.integer])


def test_every_column_of_a_site_knows_its_site_pool_and_workload(quickstart: Search) -> None:
    columns, matrix = quickstart.columns, quickstart.matrix
    for column in range(len(matrix.cost)):
        family, index = matrix.layout.column(column)
        assert family == matrix.families[column]
        text = f"[{','.join(map(str, index))}]" if isinstance(index, tuple) else f"[{index}]"
        site = next(
            (number for name, number in columns.numbers.items() if f",{name}," in text or f"[{name}," in text), -1
        )
        if matrix.families[column] != "keep":
            assert columns.site[column] == site, text
        assert (columns.pool[column] >= 0) == (matrix.families[column] in {"buy", "own", "keep", "place", "standby"}), (
            text
        )
        assert (columns.workload[column] >= 0) == (matrix.families[column] in {"place", "standby"}), text
        assert f"{2026 + columns.year[column]}]" in text


def test_one_processor_takes_turns(quickstart: Search) -> None:
    turns: list[tuple[str, float]] = []

    def proof(state: Search) -> None:
        turns.append(("proof", round(state.remaining() + state.progress().seconds, 1)))

    def plans(state: Search) -> None:
        turns.append(("plans", round(state.remaining() + state.progress().seconds, 1)))
        find_plans(state)

    quickstart.seconds = 10.0
    quickstart.gap = 0.2
    run_search(quickstart, (in_turns(plans, proof),), None)
    assert turns == [("proof", 2.0), ("plans", 7.0)], "a gap of 20% is proved by the plans' own relaxation"
    assert quickstart.relative_gap() <= 0.2


def test_a_failing_step_ends_the_search_with_its_error(quickstart: Search) -> None:
    def fails(_: Search) -> None:
        raise ZeroDivisionError("a step broke")

    with pytest.raises(ZeroDivisionError, match="a step broke"):
        run_search(quickstart, (fails, prove), None)


def test_what_the_listener_raises_ends_the_search_and_its_jobs(quickstart: Search) -> None:
    ended = list[float]()

    def works(state: Search) -> None:
        while not state.stopped():
            time.sleep(0.01)
        ended.append(state.remaining())

    def listens(_: Progress) -> None:
        raise BrokenPipeError("nobody reads on")

    quickstart.seconds = 60.0
    with pytest.raises(BrokenPipeError, match="nobody reads on"):
        run_search(quickstart, (works, works), listens)
    assert len(ended) == 2
    assert min(ended) > 30.0


def test_progress_and_history_only_get_better() -> None:
    seen: list[Progress] = []
    plan = solve(load("quickstart").case, gap=0.0, on_progress=seen.append)
    bests = [p.best_cny for p in plan.progress if p.best_cny is not None]
    bounds = [p.bound_cny for p in plan.progress if p.bound_cny is not None]
    assert bests == sorted(bests, reverse=True)
    assert bounds == sorted(bounds)
    assert plan.status == "optimal"
    assert all(p.seconds >= 0 for p in seen)


@pytest.mark.parametrize("seed", [1, 3, 5])
def test_told_of_the_best_plan_branch_and_bound_ends_with_none_worse(seed: int, drawn: Drawn) -> None:
    problem = drawn(seed)
    asked: list[str] = []

    def best() -> Vector:
        asked.append("best plan")
        return problem.point

    answer = branch_and_bound(problem.matrix, seconds=60, gap=0.0, stopped=_never, best_plan=best)
    assert asked
    assert answer.point is not None
    assert problem.matrix.violation(answer.point) < 1e-5
    assert answer.cost == pytest.approx(problem.optimum, rel=1e-6)
    assert answer.bound == pytest.approx(problem.optimum, rel=1e-6)


def test_a_told_plan_is_the_answer_of_a_run_that_looks_for_none(drawn: Drawn) -> None:
    """Whole sites only: what is told is a plan of the full problem, and so one of the relaxation."""
    problem = drawn(1)
    relaxed = problem.matrix.with_integer(np.asarray(problem.matrix.families == "open"))
    answer = branch_and_bound(
        relaxed, seconds=60, gap=0.0, stopped=_never, options=BOUND_ONLY, best_plan=lambda: problem.point
    )
    assert answer.finished
    assert answer.bound <= answer.cost <= problem.optimum * (1 + 1e-9)


def test_a_run_for_its_bound_alone_proves_the_optimum(drawn: Drawn) -> None:
    for seed in (2, 4, 10):
        problem = drawn(seed)
        bounds: list[float] = []
        answer = branch_and_bound(
            problem.matrix, seconds=60, gap=0.0, stopped=_never, options=BOUND_ONLY, on_bound=bounds.append
        )
        assert answer.bound == pytest.approx(problem.optimum, rel=1e-6)
        assert all(bound <= problem.optimum * (1 + 1e-6) for bound in bounds)


def test_patience_lasts_until_there_is_a_plan() -> None:
    """This case takes many times as long as its first plan; the run ends with that, not after ten minutes."""
    model, _ = assemble(draw_case("tiny", 1, sites=4, workloads=8, years=2).case)
    matrix, plans = compile_matrix(model), list[float]()
    answer = branch_and_bound(
        matrix,
        seconds=0.01,
        patience=60_000.0,
        gap=0.0,
        stopped=_never,
        on_plan=lambda _, cost: plans.append(cost),
    )
    assert plans
    assert answer.point is not None
    assert answer.cost == pytest.approx(min(plans), rel=1e-9)
    assert not answer.finished
    assert answer.bound < answer.cost


@pytest.mark.parametrize(("seconds", "good"), [(0.1, 1e-3), (0.01, 1e-4)])
def test_patience_lasts_until_there_is_a_good_plan(seconds: float, good: float) -> None:
    """The run ends with a plan that is near enough to the bound of that moment, long before the last one is proved.

    After n times the seconds, n times as far from the bound is near enough.
    """
    model, _ = assemble(draw_case("tiny", 1, sites=4, workloads=8, years=2).case)
    matrix, begun = compile_matrix(model), time.monotonic()
    answer = branch_and_bound(matrix, seconds=seconds, patience=600.0 / seconds, good=good, gap=0.0, stopped=_never)
    passed = time.monotonic() - begun
    assert answer.point is not None
    assert not answer.finished
    assert answer.cost - answer.bound <= max(1.0, passed / seconds) * good * abs(answer.cost) * (1 + 1e-9)


@pytest.mark.parametrize(("passed", "share"), [(0.0, 0.0), (2.0, 0.02), (4.0, 0.04)])
def test_what_is_good_grows_with_the_time_once_the_seconds_are_over(passed: float, share: float) -> None:
    """1% from the bound is good after one second, 2% after two; within the first second nothing is."""
    for bound, is_enough in ((100.0 * (1.0 - 1.2 * share) - 1e-3, False), (100.0 * (1.0 - 0.9 * share), share > 0)):
        enough = branching._Enough(1.0, 0.01, _never, None, None, begun=time.monotonic() - passed)
        assert not enough.stopped(), "there is no plan"
        enough.note_plan(np.zeros(1), 100.0)
        enough.note_bound(bound)
        assert enough.stopped() == is_enough


def test_where_any_plan_will_do_one_that_costs_nothing_does() -> None:
    enough = branching._Enough(1.0, np.inf, _never, None, None, begun=time.monotonic() - 2.0)
    assert not enough.stopped(), "there is no plan"
    enough.note_plan(np.zeros(1), 0.0)
    assert enough.stopped()


def test_a_cutoff_counts_as_the_cost_of_a_good_plan() -> None:
    """Nothing costs less than this cutoff; the run ends all the same, long before that is proved."""
    model, _ = assemble(draw_case("tiny", 1, sites=4, workloads=8, years=2).case)
    matrix = compile_matrix(model)
    start, begun = branch_and_bound(matrix, seconds=60, gap=1e-3, stopped=_never), time.monotonic()
    assert start.finished
    assert start.point is not None
    answer = branch_and_bound(
        matrix,
        seconds=0.01,
        patience=6000.0,
        good=1.0,
        gap=0.0,
        stopped=_never,
        start=start.point,
        cutoff=start.cost * (1 - 2e-3),
    )
    assert not answer.finished
    assert time.monotonic() - begun < 30.0, "not by the end of its patience either"


def test_what_is_known_may_be_good_enough() -> None:
    enough = branching._Enough(1.0, 0.01, _never, None, None, cost=100.0, begun=time.monotonic() - 1.5)
    enough.note_bound(98.0)
    assert not enough.stopped(), "2% from the bound, 1.5% would do"
    enough.note_bound(99.0)
    assert enough.stopped()


def test_patience_does_not_outlast_the_search(drawn: Drawn) -> None:
    state = drawn(5).search()
    state.seconds = time.monotonic() - state.started + 60.0
    assert state.patience(2.0, 4.0) == 4.0
    assert state.patience(20.0, 4.0) == pytest.approx(3.0, rel=0.1)
    assert state.patience(600.0, 4.0) == 1.0


def test_without_patience_the_time_is_over_with_or_without_a_plan(drawn: Drawn) -> None:
    answer = branch_and_bound(drawn(5).matrix, seconds=60, gap=0.0, stopped=lambda: True)
    assert not answer.finished


def test_whole_numbers_stay_around_all_points_given(drawn: Drawn) -> None:
    """As far as 20, or as what they are if that is more, below the least and above the most."""
    matrix = drawn(1).matrix
    bought = np.asarray(matrix.families == "buy")
    assert bought.any()
    wide = matrix.with_bounds(np.full_like(matrix.lower, -np.inf), np.full_like(matrix.upper, np.inf))
    few, many = np.where(bought, 3.0, 0.0), np.where(bought, 50.4, 0.0)
    near = around(wide, few)
    assert set(near.lower[bought]) == {-17.0}
    assert set(near.upper[bought]) == {23.0}
    between = around(wide, many, few)
    assert set(between.lower[bought]) == {-48.0}, "3 less 50.4"
    assert set(between.upper[bought]) == {101.0}
    assert np.isinf(between.upper[~matrix.integer]).all()


def test_a_linear_run_ends_when_the_search_is_stopped() -> None:
    """The interior point method heeds it at its first iteration; on this case it takes some tens."""
    model, _ = assemble(load("jinan-2027").case)
    matrix = compile_matrix(model)
    linear = matrix.with_integer(np.zeros_like(matrix.integer))
    answer = branch_and_bound(linear, seconds=60, gap=0.0, stopped=lambda: True)
    assert not answer.finished
    assert answer.bound == -np.inf, "what is unfinished proves nothing"


def test_a_plan_is_found_though_the_linear_relaxation_breaks_down(
    quickstart: Search, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "relax", lambda _: None)
    run_search(quickstart, (find_plans,), None)
    assert quickstart.best is not None
    assert quickstart.matrix.violation(quickstart.best) < 1e-6
    assert quickstart.best_cost * quickstart.matrix.money_unit >= OPTIMUM_CNY * (1 - 1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_a_plan_that_is_whole_within_a_hair_is_settled_before_it_is_offered(seed: int, drawn: Drawn) -> None:
    problem = drawn(seed)
    matrix, state = problem.matrix, problem.search()
    bought = np.flatnonzero((matrix.families == "buy") & (problem.point > 0.5))
    assert bought.size
    nearly = problem.point.copy()
    nearly[bought] -= 9e-7
    assert matrix.violation(nearly) > 5e-7
    plans.offer(state, nearly, "a step")
    assert state.best is not None
    assert matrix.violation(state.best) < 1e-9
    assert state.best_cost == pytest.approx(problem.optimum, rel=1e-6)
    told = branch_and_bound(
        matrix, seconds=60, gap=0.0, stopped=_never, tolerance=1e-9, options=BOUND_ONLY, best_plan=lambda: state.best
    )
    assert told.point is not None
    assert told.cost == pytest.approx(problem.optimum, rel=1e-7)


def test_a_point_whose_whole_numbers_leave_no_room_for_the_rest_is_no_plan(drawn: Drawn) -> None:
    """With every whole number at the least that it can be there is nothing to serve with."""
    problem = drawn(3)
    matrix, state = problem.matrix, problem.search()
    nothing = np.where(matrix.integer, matrix.lower, problem.point)
    assert not plans.offer(state, nothing, "a step")
    assert state.best is None
    assert plans.offer(state, problem.point, "a step")
    assert state.best_cost == pytest.approx(problem.optimum, rel=1e-6)


def test_where_a_step_led_to_no_plan_the_best_one_is_improved_again(drawn: Drawn) -> None:
    problem = drawn(3)
    matrix, state = problem.matrix, problem.search()
    guide = relax(state)
    assert guide is not None
    assert plans.offer(state, problem.without_costs(), "known before")
    assert state.best is not None
    work = Improvement(state, matrix.for_plans(), guide, state.best)
    work.go_on_from(np.where(matrix.integer, matrix.lower, problem.point), 0.5 * problem.optimum)
    assert work.least_cost < problem.optimum
    plans._offer_or_go_back(state, work, "a step")
    assert work.x is work.cheapest is state.best
    assert work.cost == work.least_cost == state.best_cost == pytest.approx(matrix.objective(state.best))
    assert state.step == "known before"
