"""Improving a plan: steps keep all rows, never make the best plan dearer, and leave what is stuck."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from suanli.model.arrays.matrix import Flags, Matrix, Vector
from suanli.model.search import improvement, neighbourhoods, plans
from suanli.model.search.branching import Answer, branch_and_bound
from suanli.model.search.columns import NOWHERE
from suanli.model.search.guiding import relax
from suanli.model.search.improvement import FIRST_GOOD, FIRST_PATIENCE, FIRST_SECONDS, STEP_SECONDS, Improvement
from suanli.model.search.neighbourhoods import EVERYWHERE
from suanli.model.search.redrafting import Redrafting
from suanli.model.search.relaxations import scarce
from suanli.model.search.restriction import held
from suanli.model.search.shaking import shaken
from suanli.model.search.state import Search

if TYPE_CHECKING:
    from .conftest import Problem

Drawn = Callable[[int], "Problem"]


def _never() -> bool:
    return False


def test_steps_of_every_kind_keep_all_rows_and_never_make_a_plan_dearer(drawn: Drawn) -> None:
    kinds, gains = set[str](), 0
    for seed in (1, 3, 5, 7):
        problem = drawn(seed)
        state = problem.search()
        guide = relax(state)
        assert guide is not None
        matrix = problem.matrix.for_plans()
        work = Improvement(state, matrix, guide, problem.without_costs())
        for _ in range(24):
            before, in_first_round = work.cost, bool(work._first_round)
            better = work.step()
            assert better == (work.cost < before), "what is stuck is shaken after more steps than these"
            assert work.cost == pytest.approx(matrix.objective(work.x), rel=1e-12)
            assert problem.matrix.violation(work.x) < 1e-5
            assert work.cost >= problem.optimum * (1 - 1e-6)
            if not in_first_round:
                kinds.add(work.kind)
            gains += better
    assert kinds == {"sites", "pool", "year", EVERYWHERE}
    assert gains >= 4, "plans made without costs can be improved"


@pytest.mark.parametrize("seed", [1, 3, 5, 7])
def test_the_first_round_takes_each_pool_and_year_once(
    seed: int, drawn: Drawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First the pool that costs most more or less than in the relaxation, then years; what is in use or worth a try.

    Steps are as long as those of a first round are, and no longer or shorter afterwards for what they found.
    """
    problem = drawn(seed)
    state, matrix = problem.search(), problem.matrix.for_plans()
    guide, x, freed = relax(state), problem.without_costs(), list[tuple[Vector, Flags, float, float]]()
    assert guide is not None
    in_pools = state.columns.pool != NOWHERE
    few = np.random.default_rng(seed).random(len(x)) < 0.5
    guide.worth_a_try[in_pools & few] = False

    def noted(free: Flags, cutoff: float, seconds: float, patience: float) -> tuple[Answer, Flags]:
        freed.append((work.x, free, seconds, patience))
        return solve_twice(free, cutoff, seconds, patience)

    work = Improvement(state, matrix, guide, x)
    solve_twice = work._solve_twice
    monkeypatch.setattr(work, "_solve_twice", noted)
    apart = matrix.cost * (x - guide.point)
    pools = sorted(set(state.columns.pool[in_pools]), key=lambda pool: -abs(apart[state.columns.pool == pool].sum()))
    years = range(state.columns.year.max() + 1)
    for _ in (*pools, *years):
        work.step()
        assert work.kind == EVERYWHERE
    assert len(freed) == len(pools) + len(years)
    assert len(pools) > 1
    assert len(years) > 1
    assert not work._first_round
    assert work._seconds == STEP_SECONDS[0]
    chosen = [*(state.columns.pool == pool for pool in pools), *(state.columns.year == year for year in years)]
    for columns, (begun_from, free, seconds, _) in zip(chosen, freed, strict=True):
        likely = guide.worth_a_try | (begun_from > 1e-6)
        assert np.array_equal(free, columns & likely | ~in_pools)
        assert seconds == FIRST_SECONDS
    assert [patience for *_, patience in freed] == [FIRST_PATIENCE] * len(pools) + [1.0] * len(years)


def test_only_the_first_problem_of_a_pool_in_the_first_round_is_given_more_time(
    drawn: Drawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem, asked = drawn(3), list[float]()

    def noted(part: Matrix, **options: Any) -> Answer:
        asked.append(options["patience"])
        assert options["good"] == FIRST_GOOD
        return branch_and_bound(part, **options)

    monkeypatch.setattr(improvement, "branch_and_bound", noted)
    work = _work_on(problem, problem.without_costs())
    while work._first_round:
        year = work._first_round[0][1]
        asked.clear()
        work.step()
        assert asked[0] == (FIRST_PATIENCE if year == NOWHERE else 1.0)
        assert asked[1:] in ([], [1.0])
    _takes_only(work, EVERYWHERE)
    asked.clear()
    work.step()
    assert set(asked) == {1.0}


@pytest.mark.parametrize("seed", [1, 3, 5, 7])
def test_a_step_of_pools_leaves_other_pools_alone_and_makes_lots_whole(
    seed: int, drawn: Drawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pool after pool, at all sites: cheaper in the end, and other pools have the very servers that they had.

    Each step solves a problem whose lots are fractional (but for scarce ones), then one with what has moved, whole.
    """
    problem = drawn(seed)
    state, matrix = problem.search(), problem.matrix.for_plans()
    guide = relax(state)
    assert guide is not None
    asked = list[tuple[Matrix, Answer]]()

    def noted(part: Matrix, **options: Any) -> Answer:
        asked.append((part, branch_and_bound(part, **options)))
        return asked[-1][1]

    monkeypatch.setattr(improvement, "branch_and_bound", noted)
    work = Improvement(state, matrix, guide, problem.without_costs())
    _takes_only(work, EVERYWHERE)
    first, pools = work.cost, np.unique(state.columns.pool[state.columns.pool >= 0])
    whole_families = list(set(matrix.families[matrix.integer]))
    for pool in pools:
        monkeypatch.setattr(work._neighbourhoods, "_one_or_two_pools", lambda pool=pool: [pool])
        before, here = work.x.copy(), state.columns.pool == pool
        asked.clear()
        better = work.step()
        assert work.kind == EVERYWHERE
        others = (state.columns.pool >= 0) & ~here
        assert np.array_equal(work.x[others], before[others])
        assert better or np.array_equal(work.x, before)
        assert problem.matrix.violation(work.x) < 1e-5
        rough = asked[0][0]
        lots = rough.integer & np.asarray(rough.families == "buy")
        assert lots.sum() <= (scarce(matrix, guide.row_prices) & here).sum()
        if better:
            ((second, _),) = asked[1:]
            assert second.integer.sum() < rough.families.isin(whole_families).sum()
            assert (work.x != before)[matrix.integer].sum() <= second.integer.sum()
    assert work.cost < first * (1 - 1e-3)
    assert work.cost >= problem.optimum * (1 - 1e-6)


def test_a_shaken_plan_keeps_all_rows_and_what_is_not_free(drawn: Drawn) -> None:
    """Good at costs that are a tenth wrong, it is dearer by a tenth of what changed, and the gap, at most."""
    dice, changed = np.random.default_rng(0), 0
    for seed in (1, 3, 5, 7):
        problem = drawn(seed)
        state, matrix, x = problem.search(), problem.matrix.for_plans(), problem.point
        for free in (np.ones(len(x), dtype=bool), state.columns.pool != 0):
            y = shaken(state, matrix, x, free, dice)
            assert problem.matrix.violation(y) < 1e-5
            assert np.array_equal(y[~free], x[~free])
            apart = 0.1 * np.abs(matrix.cost) @ np.where(matrix.integer, np.abs(x - y), 0.0)
            assert problem.optimum * (1 - 1e-6) <= matrix.objective(y) <= problem.optimum * (1 + 1e-3) + apart
            changed += bool(np.abs(y - x)[matrix.integer].max() > 0.5)
    assert changed >= 3, "wrong costs have other optima"


@pytest.fixture
def shaken_to(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, Vector], list[float]]:
    """Improvement that takes any plan for stuck after so many steps, and shakes it to this point; notes from where."""

    def arrange(steps: int, point: Vector) -> list[float]:
        begun_from = list[float]()

        def noted(state: Search, matrix: Matrix, x: Vector, free: Flags, dice: np.random.Generator) -> Vector:
            begun_from.append(matrix.objective(x))
            return point

        monkeypatch.setattr(improvement, "shaken", noted)
        monkeypatch.setattr(improvement, "STUCK_STEPS", steps)
        monkeypatch.setattr(improvement, "STUCK_GAIN", np.inf)
        monkeypatch.setattr(neighbourhoods.Neighbourhoods, "first_round", lambda *_: [])
        return begun_from

    return arrange


def _work_on(problem: Problem, x: Vector) -> Improvement:
    state = problem.search()
    guide = relax(state)
    assert guide is not None
    return Improvement(state, problem.matrix.for_plans(), guide, x)


def test_what_is_stuck_is_shaken_and_goes_back_to_the_cheapest_point(
    drawn: Drawn, shaken_to: Callable[[int, Vector], list[float]]
) -> None:
    """An optimal plan is stuck. Every three steps it is shaken anew, and each time from the optimal plan."""
    problem = drawn(3)
    begun_from = shaken_to(3, problem.without_costs())
    work, costs = _work_on(problem, problem.point), list[float]()
    for _ in range(12):
        work.step()
        costs.append(work.cost)
    assert begun_from == pytest.approx([problem.optimum] * 3, rel=1e-6)
    assert costs[:3] == pytest.approx([problem.optimum] * 3, rel=1e-6)
    assert costs[3] > 1.01 * problem.optimum, "one step does not mend a plan made without costs"
    assert work.least_cost == pytest.approx(problem.optimum, rel=1e-6)


def test_what_gets_cheaper_by_being_shaken_is_a_plan_to_offer(
    drawn: Drawn, shaken_to: Callable[[int, Vector], list[float]]
) -> None:
    problem = drawn(3)
    shaken_to(0, problem.point)
    work = _work_on(problem, problem.without_costs())
    assert work.step()
    assert work.least_cost == work.cost == pytest.approx(problem.optimum, rel=1e-6)


def test_what_was_shaken_is_improved_though_a_cheaper_plan_is_known(
    drawn: Drawn, shaken_to: Callable[[int, Vector], list[float]], monkeypatch: pytest.MonkeyPatch
) -> None:
    problem, costs = drawn(3), list[float]()
    shaken_to(2, problem.without_costs())
    state = problem.search()
    guide = relax(state)
    assert guide is not None
    state.gap = 0.0
    state.offer(problem.point, problem.optimum, "known before")
    step = Improvement.step

    def noted(work: Improvement) -> bool:
        costs.append(work.cost)
        if len(costs) == 4:
            state.stop()
        return step(work)

    monkeypatch.setattr(Improvement, "step", noted)
    monkeypatch.setattr(Redrafting, "of_a_slow_plan", lambda *_: None)
    plans.improve(state, problem.matrix.for_plans(), guide)
    assert costs[:3] == pytest.approx([problem.optimum] * 3, rel=1e-6)
    assert costs[3] > 1.01 * problem.optimum, "shaken in the third step, it is where the fourth begins"
    assert state.best_cost == pytest.approx(problem.optimum, rel=1e-6)


@pytest.mark.parametrize("kind", ["pool", "year"])
@pytest.mark.parametrize(("others_as_well", "room", "expected"), [(0.0, 100, 2000), (1.0, 0, 2000), (1.0, 100, 1600)])
def test_what_seems_not_worth_a_try_is_tried_sometimes(
    posed: Callable[..., Problem],
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    others_as_well: float,
    room: int,
    expected: float,
) -> None:
    """Thirteen servers are needed: 1.3 lots of ten at CNY 100 each would do, but two whole lots cost 2,000.

    One lot and three single ones at 200 cost 1,600. Say these are not worth a try, for one in a lot costs 100 less.
    """
    problem = posed(
        hardware=[{"id": "ten", "lot": 10}, {"id": "single", "price_cny": 200}],
        workloads=[{"demand": 13}],
    )
    state, matrix = problem.search(), problem.matrix.for_plans()
    guide, single = relax(state), np.zeros_like(matrix.integer)
    single[problem.members("buy", "single")] = True
    assert guide is not None
    guide.worth_a_try[single] = False
    tens = branch_and_bound(held(matrix, single, 0.0 * matrix.lower), seconds=60, gap=0.0, stopped=_never)
    assert tens.point is not None
    monkeypatch.setattr(neighbourhoods, "OTHERS_TOO", others_as_well)
    monkeypatch.setattr(neighbourhoods, "TRIED", room)
    work = Improvement(state, matrix, guide, tens.point)
    _takes_only(work, kind)
    for _ in range(4):
        work.step()
    assert work.cost * matrix.money_unit == pytest.approx(expected)


def test_scarce_lots_are_whole_from_the_first(posed: Callable[..., Problem]) -> None:
    """Two servers at CNY 1 are all that the market has of one kind; the other kind, at 2, is there without end."""
    problem = posed(
        hardware=[{"id": "scarce", "price_cny": 1, "supply": {2024: 2}}, {"id": "plenty", "price_cny": 2}],
        workloads=[{"demand": 4}],
    )
    state = problem.search()
    guide = relax(state)
    assert guide is not None
    work = Improvement(state, problem.matrix.for_plans(), guide, problem.point)
    assert not work._lots[problem.members("buy", "scarce")].any()
    assert work._lots[problem.members("buy", "plenty")].all()


def test_a_pool_without_columns_has_no_step_in_the_first_round(drawn: Drawn) -> None:
    problem = drawn(1)
    state = problem.search()
    pool = state.columns.pool
    assert {0, 1} <= set(pool)
    state.columns = replace(state.columns, pool=np.where(pool == 0, NOWHERE, pool))
    guide = relax(state)
    assert guide is not None
    work = Improvement(state, problem.matrix.for_plans(), guide, problem.point)
    assert {pool for pool, year in work._first_round if year == NOWHERE} == set(pool) - {0, NOWHERE}


def test_a_step_of_pools_needs_no_pool(drawn: Drawn) -> None:
    problem = drawn(1)
    state = problem.search()
    state.columns = replace(state.columns, pool=np.full_like(state.columns.pool, NOWHERE))
    guide = relax(state)
    assert guide is not None
    matrix = problem.matrix.for_plans()
    work = Improvement(state, matrix, guide, problem.point)
    assert {pool for pool, _ in work._first_round} == {NOWHERE}, "years alone"
    for _ in list(work._first_round):
        work.step()
    _takes_only(work, EVERYWHERE)
    for _ in range(4):
        work.step()
    assert work.cost == pytest.approx(problem.optimum, rel=1e-4)


@pytest.mark.parametrize("seed", [1, 3, 5, 7])
def test_pools_all_at_once_go_most_of_the_way(seed: int, drawn: Drawn, monkeypatch: pytest.MonkeyPatch) -> None:
    """With fractional lots first, all pools and sites of a tiny case are one step; what moves then becomes whole."""
    problem = drawn(seed)
    state, matrix = problem.search(), problem.matrix.for_plans()
    guide = relax(state)
    assert guide is not None
    work = Improvement(state, matrix, guide, problem.without_costs())
    _takes_only(work, EVERYWHERE)
    monkeypatch.setattr(work._neighbourhoods, "_one_or_two_pools", lambda: range(state.columns.pool.max() + 1))
    first = work.cost - problem.optimum
    while work.step():
        assert problem.matrix.violation(work.x) < 1e-5
    assert -1e-6 * problem.optimum <= work.cost - problem.optimum < 0.05 * first


def _takes_only(work: Improvement, kind: str) -> None:
    work._first_round, work._gain = [], {kind: 1.0}
