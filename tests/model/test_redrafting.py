"""Redrafting: weighty decisions get cheaper with all else fractional, then everything is whole again."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from suanli.model.arrays.matrix import Flags, Matrix, Vector
from suanli.model.search import plans, proof, redrafting
from suanli.model.search.branching import HARD, SOON, Options, branch_and_bound
from suanli.model.search.deciding import decide
from suanli.model.search.guiding import relax
from suanli.model.search.improvement import Improvement
from suanli.model.search.redrafting import Redrafting
from suanli.model.search.restriction import held

if TYPE_CHECKING:
    from suanli.model.search.state import Search

    from .conftest import Problem

Drawn = Callable[[int], "Problem"]


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second for weighty decisions and for steps once the dearest pool is whole, and any gain is worth it."""
    monkeypatch.setattr(redrafting, "COARSE_SHARE", 1 / 60)
    monkeypatch.setattr(redrafting, "STEPS_SHARE", 1 / 60)
    monkeypatch.setattr(redrafting, "WORTH_IT", 1e-6)


def _redrafting(problem: Problem, seconds: float = 300.0) -> Redrafting:
    state = problem.search(seconds)
    guide = relax(state)
    assert guide is not None
    state.linear_seconds = 0.0
    return Redrafting(state, problem.matrix.for_plans(), guide)


def _stuck(work: Redrafting, cost: float) -> Redrafting:
    """The same where the plan has cost that for long."""
    work._since, work._cost_then = -np.inf, cost
    return work


def _redraft(problem: Problem, x: Vector) -> Vector | None:
    cost = problem.matrix.objective(x)
    return _stuck(_redrafting(problem), cost).of_a_slow_plan(x, cost)


@pytest.mark.usefixtures("short")
def test_a_redraft_is_a_plan_whose_weighty_decisions_allow_a_cheaper_one(drawn: Drawn) -> None:
    """At the weighty decisions of each, all else fractional, the redraft is cheaper; and all of it is whole."""
    found = 0
    for seed in (1, 3, 5, 7):
        problem = drawn(seed)
        matrix, x = problem.matrix.for_plans(), problem.without_costs()
        weighty, few = _redrafting(problem)._choices
        assert weighty[few].all()
        assert weighty[matrix.integer & matrix.families.isin(("open", "build", "convert", "upgrade"))].all()
        assert 0 < weighty.sum() < matrix.integer.sum(), "some decisions are weighty, others are not"
        y = _redraft(problem, x)
        if y is None:
            continue
        assert problem.matrix.violation(y) < 1e-5
        assert problem.optimum * (1 - 1e-6) <= matrix.objective(y) < matrix.objective(x)
        least = []
        for point in (x, y):
            at_these = held(matrix.with_integer(weighty), weighty, point).with_integer(np.zeros_like(weighty))
            least.append(branch_and_bound(at_these, seconds=60, gap=0.0, stopped=lambda: False).cost)
        assert least[1] < least[0]
        found += 1
    assert found >= 2, "plans made without costs have weighty decisions that can be improved"


def test_a_plan_is_redrafted_where_it_hardly_gets_cheaper(drawn: Drawn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every 6 s (a tenth of a minute) in which steps gain less than 0.03%; half as often after a redraft in vain."""
    problem, clock, begun = drawn(3), [0.0], list[tuple[float, bool]]()
    monkeypatch.setattr(redrafting, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    work = _redrafting(problem)
    monkeypatch.setattr(work, "_coarse", lambda _, whole, __: begun.append((clock[0], whole is work._choices[0])))
    costs = {5: 103.0, 7: 102.0, 14: 100.0, 21: 99.99, 28: 99.9, 35: 99.89, 42: 99.88, 48: 99.88, 60: 99.87, 80: 99.86}
    for clock[0], cost in costs.items():
        assert work.of_a_slow_plan(problem.point, cost) is None
    assert [when for when, _ in begun] == [21, 35, 48, 80], "from 35 on it rests for 12 s, from 48 on for 24"
    assert [dear_lots for _, dear_lots in begun] == [True, False] * 2


def test_no_redraft_is_begun_that_there_is_no_time_to_improve(drawn: Drawn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of three minutes 4.5 s are for the weighty decisions (0.075 of a minute), and seven times that must be left."""
    problem, asked = drawn(3), list[float]()
    for left, begun in ((31.4, 0), (31.6, 1)):
        work = _stuck(_redrafting(problem, seconds=180.0), problem.optimum)
        monkeypatch.setattr(work, "_coarse", lambda *given: asked.append(given[-1]))
        monkeypatch.setattr(work._state, "remaining", lambda left=left: left)
        assert work.of_a_slow_plan(problem.point, problem.optimum) is None
        assert asked == pytest.approx([4.5] * begun)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No steps of improvement between pools."""
    monkeypatch.setattr(redrafting, "STEPS_SHARE", 0.0)


@pytest.fixture
def two_halls(posed: Callable[..., Problem]) -> tuple[Problem, Flags, Vector]:
    """A lot is eight servers, each of a rack, and twelve are needed: 1.5 lots fit into a hall of 12 racks, 2 do not.

    Two halls at 1,000 and 16 servers at 100 cost 3,600; one hall and 1.5 lots, 2,200. Also returned: all but lots, and
    the point with 1.5 of them.
    """
    problem = posed(
        hall_types=[{"racks": 12, "capex_cny": 1000}],
        sites=[{"existing": False, "max_halls": 2}],
        hardware=[{"rack_units": 10, "lot": 8}],
        workloads=[{"demand": 12}],
    )
    matrix = problem.matrix.for_plans()
    weighty = matrix.integer & ~np.asarray(matrix.families == "buy")
    coarse = branch_and_bound(matrix.with_integer(weighty), seconds=60, gap=0.0, stopped=lambda: False).point
    assert coarse is not None
    costs = [matrix.objective(x) * matrix.money_unit for x in (coarse, problem.point)]
    assert costs == pytest.approx([2200, 3600])
    return problem, weighty, coarse


def test_halls_that_fractions_of_lots_fit_into_are_decided_again_with_whole_ones(
    two_halls: tuple[Problem, Flags, Vector], monkeypatch: pytest.MonkeyPatch
) -> None:
    problem, weighty, coarse = two_halls
    work = _redrafting(problem)
    whole = work._made_whole(coarse, weighty, problem.point, 60.0)
    assert whole is not None
    assert problem.matrix.violation(whole) < 1e-6
    assert problem.matrix.objective(whole) == pytest.approx(problem.optimum)
    assert work._made_whole(coarse, weighty, problem.point, 0.0) is not None, "only what is still to come has no time"
    monkeypatch.setattr(redrafting, "HOPELESS", -0.01)
    assert work._made_whole(coarse, weighty, problem.point, 60.0) is None, "not a hundredth cheaper"


def test_a_point_that_misses_a_row_is_passed_over(
    two_halls: tuple[Problem, Flags, Vector], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Say that holding what has not changed leads to two lots in one hall: a row that has no free column was missed.

    What is tried next has more to find points with.
    """
    problem, weighty, coarse = two_halls
    work = _redrafting(problem)
    decided, tried = work._decided, list[Options]()

    def first_wrong(matrix: Matrix, now: Flags, options: Options) -> Vector | None:
        tried.append(options)
        return np.where(matrix.families == "buy", 2.0, coarse) if len(tried) == 1 else decided(matrix, now, options)

    monkeypatch.setattr(work, "_decided", first_wrong)
    whole = work._made_whole(coarse, weighty, problem.point, 60.0)
    assert tried == [SOON, HARD], "the second time, a hall may be added"
    assert whole is not None
    assert problem.matrix.violation(whole) < 1e-6


def _three_lots(problem: Problem) -> Vector:
    """The cheapest plan with three lots, one too many: 4,400."""
    matrix = problem.matrix.for_plans()
    lower = np.where(matrix.families == "buy", 3.0, matrix.lower)
    answer = branch_and_bound(matrix.with_bounds(lower, matrix.upper), seconds=60, gap=0.0, stopped=lambda: False)
    assert answer.point is not None
    assert answer.cost * matrix.money_unit == pytest.approx(4400)
    return answer.point


def test_what_has_not_changed_as_a_fraction_stays_as_it_was(
    two_halls: tuple[Problem, Flags, Vector], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plan with three lots has one too many. With 2.99 in the point it keeps three; with 2.9, two will do.

    That three lots are dearer than 2.99 is no reason here to try what else there is.
    """
    monkeypatch.setattr(redrafting, "HARDLY_DEARER", 0.01)
    problem, _, _ = two_halls
    matrix = problem.matrix.for_plans()
    work, lots = _redrafting(problem), np.asarray(matrix.families == "buy")
    weighty, three = matrix.integer & ~lots, _three_lots(problem)
    for point, expected in ((2.99, 3), (2.9, 2)):
        whole = work._made_whole(np.where(lots, point, three), weighty, three, 60.0)
        assert whole is not None
        assert whole[lots].sum() == pytest.approx(expected)


def test_of_what_makes_it_much_dearer_the_cheapest_is_taken(
    two_halls: tuple[Problem, Flags, Vector], monkeypatch: pytest.MonkeyPatch
) -> None:
    """From 2,200 with 1.5 lots: three lots at 4,400 will do if twice as dear is not too dear; else two at 3,600."""
    problem, weighty, coarse = two_halls
    work, part = _redrafting(problem), problem.matrix.for_plans().integer & ~weighty
    monkeypatch.setattr(work, "_attempts", lambda *_: [(problem.matrix.for_plans(), part)] * 3)
    for dearer, expected, tries in ((2.0, 4400, 1), (0.7, 3600, 2), (0.0, 3600, 3)):
        points = [_three_lots(problem), problem.point, _three_lots(problem)]
        monkeypatch.setattr(redrafting, "HARDLY_DEARER", dearer)
        monkeypatch.setattr(work, "_decided", lambda *_, points=points: points.pop(0))
        found = work._part_whole(problem.matrix.for_plans(), part, coarse, coarse)
        assert found is not None
        assert problem.matrix.objective(found) * problem.matrix.money_unit == pytest.approx(expected)
        assert len(points) == 3 - tries


def test_of_many_whole_numbers_none_is_changed_much_at_first(
    two_halls: tuple[Problem, Flags, Vector], monkeypatch: pytest.MonkeyPatch
) -> None:
    """1.5 lots may become one to three, or none; only then any number. In each year a hall more may be built."""
    problem, weighty, coarse = two_halls
    matrix = problem.matrix.for_plans()
    work, lots, built = _redrafting(problem), np.asarray(matrix.families == "buy"), problem.members("build")
    monkeypatch.setattr(redrafting, "MANY", 0)
    tried = [each for each, _ in work._attempts(held(matrix, weighty, coarse), lots, coarse, coarse)]
    assert [(each.lower[lots].tolist(), each.upper[lots].tolist()) for each in tried] == [
        ([1.0], [3.0]),
        ([0.0], [3.0]),
        (matrix.lower[lots].tolist(), matrix.upper[lots].tolist()),
    ]
    for each in tried:
        assert each.lower[built] == pytest.approx(coarse[built])
        assert each.upper[built] == pytest.approx(coarse[built] + 1)


def test_the_weighty_lots_of_a_pool_are_decided_again_with_the_rest_of_it(posed: Callable[..., Problem]) -> None:
    """Twelve servers: two lots of eight cost 1,600, twelve single servers at 110 cost 1,320, a lot and four 1,240.

    While single servers are fractional two lots were best, and the plan before had none: held, they would stay.
    """
    hardware = [{"id": "lots", "lot": 8}, {"id": "single", "price_cny": 110}]
    problem = posed(hardware=hardware, workloads=[{"demand": 12}])
    matrix = problem.matrix.for_plans()
    buy = np.flatnonzero(matrix.families == "buy")
    single, lots = buy[np.argsort(matrix.cost[buy])]

    def plan(least: float, most: float) -> Vector:
        lower, upper = matrix.lower.copy(), matrix.upper.copy()
        lower[lots], upper[lots] = least, most
        point = branch_and_bound(matrix.with_bounds(lower, upper), seconds=60, gap=0.0, stopped=lambda: False).point
        assert point is not None
        return point

    coarse, before, weighty = plan(2, 2), plan(0, 0), matrix.integer.copy()
    assert [matrix.objective(x) * matrix.money_unit for x in (coarse, before)] == pytest.approx([1600, 1320])
    weighty[single] = False
    whole = _redrafting(problem)._made_whole(coarse, weighty, before, 60.0)
    assert whole is not None
    assert matrix.objective(whole) * matrix.money_unit == pytest.approx(1240)


@pytest.mark.usefixtures("at_once")
def test_the_dearest_pool_comes_first(drawn: Drawn, monkeypatch: pytest.MonkeyPatch) -> None:
    problem, asked = drawn(3), list[int]()
    matrix, pools = problem.matrix.for_plans(), problem.columns.pool
    work, x = _redrafting(problem), problem.point
    lots = matrix.integer & np.asarray(matrix.families == "buy")

    def noted(_: Matrix, now: Flags, __: Options) -> Vector:
        asked.extend(set(pools[now & lots].tolist()))
        return x

    monkeypatch.setattr(work, "_decided", noted)
    assert work._made_whole(x, matrix.integer & ~lots, x, 60.0) is x
    costs = [float(np.abs(matrix.cost * x)[pools == pool].sum()) for pool in asked]
    assert len(costs) > 1
    assert costs == sorted(costs, reverse=True)
    assert set(asked) == set(pools[lots].tolist())
    assert work._made_whole(x, matrix.integer & ~lots, x, 0.0) is None, "no time for the other pools"
    assert len(asked) == len(costs) + 1


@pytest.mark.parametrize(("left", "spent_on_it"), [(60.0, 9.0), (20.0, 4.0)])
def test_once_the_dearest_pool_is_whole_all_that_is_whole_is_improved(
    left: float, spent_on_it: float, drawn: Drawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem, events, points = drawn(3), list[set[int]](), list[Vector]()
    matrix, pools, x = problem.matrix.for_plans(), problem.columns.pool, problem.without_costs()
    work, improved = _redrafting(problem), Redrafting._improved
    lots = matrix.integer & np.asarray(matrix.families == "buy")

    def noted(tried: Matrix, point: Vector, seconds: float) -> Improvement:
        assert seconds == pytest.approx(spent_on_it), "0.15 of a minute, or 0.2 of what is left"
        events.append(set(pools[tried.integer & lots].tolist()))
        return improved(work, tried, point, seconds / 4)

    def part_whole(_: Matrix, __: Flags, point: Vector, ___: Vector) -> Vector:
        points.append(point)
        return x

    monkeypatch.setattr(work, "_part_whole", part_whole)
    monkeypatch.setattr(work, "_improved", noted)
    monkeypatch.setattr(work._state, "remaining", lambda: left)
    plan = work._made_whole(x, matrix.integer & ~lots, x, 60.0)
    of_pools = pools >= 0
    spent = np.bincount(pools[of_pools], weights=np.abs(matrix.cost * x)[of_pools])
    assert events == [{int(np.argmax(spent))}]
    assert set(pools[lots].tolist()) > events[0]
    assert plan is x, "what the others are decided as counts in the end"
    assert points[0] is x
    assert matrix.objective(points[1]) < matrix.objective(x), "the second pool begins with what was improved"


def _proved(problem: Problem, work: Redrafting) -> tuple[Flags, Vector]:
    """The few decisions that are whole in the first relaxation, and its best point."""
    state = work._state
    proof.prove(state)
    assert state.relaxed is not None
    state._stop.clear()
    return state.relaxed


@pytest.mark.usefixtures("at_once")
def test_the_first_redraft_has_what_the_proof_found(drawn: Drawn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once the first round is over or has taken long, if there is time to improve it; and only once."""
    monkeypatch.setattr(proof, "AT_ONCE", 0)
    monkeypatch.setattr(redrafting, "FAR_FROM_BOUND", 0.0)
    monkeypatch.setattr(redrafting, "COARSE_SHARE", 1 / 60)
    problem = drawn(5)
    work, x = _redrafting(problem), problem.without_costs()
    cost, matrix, held_at = problem.matrix.objective(x), problem.matrix.for_plans(), list[Vector]()

    def noted(state: Search, tried: Matrix, whole: Flags, *rest: float, options: Options = SOON) -> Vector | None:
        if not held_at:
            held_at.append(tried.lower[few][tried.lower[few] == tried.upper[few]])
        return decide(state, tried, whole, *rest, options=options)

    monkeypatch.setattr(redrafting, "decide", noted)
    assert work.of_the_proof(x, cost, in_first_round=False) is None, "nothing is proved yet"
    few, relaxed = _proved(problem, work)
    assert 0 < (few & matrix.integer).sum() < matrix.integer.sum()
    assert work.of_the_proof(x, cost, in_first_round=True) is None, "it may be a better plan when the round is over"
    work._begun -= 6.01  # a tenth of a minute
    plan = work.of_the_proof(x, cost, in_first_round=True)
    assert held_at[0] == pytest.approx(np.round(relaxed[few]))
    assert plan is not None
    assert problem.matrix.violation(plan) < 1e-5
    assert matrix.objective(plan) < cost
    assert work.of_the_proof(x, cost, in_first_round=False) is None, "once"


def test_the_first_redraft_is_left_out_where_it_could_not_be_improved_or_the_plan_is_near_the_bound(
    drawn: Drawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a minute 4.5 s are for its weighty decisions (0.075), and seven times that must be left. Near is 0.55%."""
    problem = drawn(3)
    for left, gap, begun in ((31.4, 0.01, 0), (31.6, 0.01, 1), (31.6, 0.0054, 0), (31.6, 0.0056, 1)):
        work, asked = _redrafting(problem), list[float]()
        work._state.relaxed = problem.matrix.integer, problem.point
        monkeypatch.setattr(work, "_near_relaxed", lambda _, __, seconds, asked=asked: asked.append(seconds))
        monkeypatch.setattr(work._state, "remaining", lambda left=left: left)
        monkeypatch.setattr(work._state, "relative_gap", lambda gap=gap: gap)
        assert work.of_the_proof(problem.point, problem.optimum, in_first_round=False) is None
        assert asked == pytest.approx([4.5] * begun)


def test_decisions_of_the_proof_that_leave_little_to_gain_are_not_made_whole(
    drawn: Drawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With them, all else fractional, it must cost 0.15% less than the plan."""
    monkeypatch.setattr(redrafting, "COARSE_SHARE", 1 / 60)
    problem = drawn(3)
    work = _redrafting(problem)
    relaxed = work._choices[-1], problem.point
    point = work._near_relaxed(relaxed, 2.0 * problem.optimum, 0.5)
    assert point is not None
    cost = problem.matrix.objective(point)
    assert cost > 0.95 * problem.optimum, "the decisions are those of the optimal plan"
    assert work._near_relaxed(relaxed, 1.03 * cost, 0.5) is not None
    assert work._near_relaxed(relaxed, 1.0002 * cost, 0.5) is None


def test_steps_of_a_redraft_end_when_they_gain_nothing_for_a_while(
    drawn: Drawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With 42 s left that is 2.1 s (0.05), of these steps of half a second each five; less than 0.01% is nothing."""
    problem, clock = drawn(3), [0.0]
    monkeypatch.setattr(redrafting, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    work = _redrafting(problem)
    monkeypatch.setattr(work._state, "remaining", lambda: 42.0)
    for seconds, gains, steps in ((9.0, [], 5), (9.0, [0, 0, 2e-4], 8), (9.0, [1e-5] * 20, 5), (1.6, [], 4)):
        todo = gains.copy()

        def step(improved: Improvement, todo: list[float] = todo) -> bool:
            clock[0] += 0.5
            improved.least_cost *= 1 - (todo.pop(0) if todo else 0)
            improved._steps += 1
            return False

        monkeypatch.setattr(Improvement, "step", step)
        assert work._improved(problem.matrix.for_plans(), problem.point, seconds)._steps == steps


@pytest.mark.usefixtures("short")
def test_weighty_decisions_that_hardly_get_cheaper_are_not_worth_a_redraft(
    drawn: Drawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = drawn(3)
    x = problem.without_costs()
    for worth_it, expected in ((0.99, False), (1e-6, True)):
        monkeypatch.setattr(redrafting, "WORTH_IT", worth_it)
        assert (_redraft(problem, x) is not None) == expected


@pytest.mark.parametrize("kind", ["of_the_proof", "of_a_slow_plan"])
def test_what_was_redrafted_is_improved_like_a_first_plan(
    kind: str, drawn: Drawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The optimal plan is left for one made without costs, which is improved from its first round on.

    The second time it is asked for: that of the proof after one step, that of a slow plan after a first round and one.
    """
    problem = drawn(3)
    state, x, costs = problem.search(), problem.without_costs(), list[tuple[float, int]]()
    guide = relax(state)
    assert guide is not None
    state.offer(problem.point, problem.optimum, "known before")
    state.gap, step = 0.0, Improvement.step
    redrafts = [None, x]

    def noted(work: Improvement) -> bool:
        costs.append((work.cost, len(work._first_round)))
        if not redrafts and len(costs) > before + 1:
            state.stop()
        return step(work)

    monkeypatch.setattr(Improvement, "step", noted)
    monkeypatch.setattr(Redrafting, kind, lambda *_, **__: redrafts.pop(0) if redrafts else None)
    first_round = len(Improvement(state, problem.matrix.for_plans(), guide, problem.point)._first_round)
    assert first_round > 1
    steps_left = [first_round] if kind == "of_the_proof" else list(range(first_round, -1, -1))
    before = len(steps_left)
    plans.improve(state, problem.matrix.for_plans(), guide)
    dear, left = problem.matrix.objective(x), [left for _, left in costs]
    assert left[: before + 1] == [*steps_left, first_round]
    assert costs[before - 1][0] == pytest.approx(problem.optimum, rel=1e-6)
    assert costs[before][0] == pytest.approx(dear)
    assert costs[before + 1][0] < dear
    assert state.best_cost == pytest.approx(problem.optimum, rel=1e-6)


def test_a_redraft_that_is_cheaper_at_once_is_a_plan_to_offer(drawn: Drawn, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = drawn(3)
    state, x = problem.search(), problem.without_costs()
    guide = relax(state)
    assert guide is not None
    state.offer(x, problem.matrix.objective(x), "known before")
    state.gap = 1e-6 + (problem.optimum - state.bound) / problem.optimum
    monkeypatch.setattr(Improvement, "in_first_round", False)
    monkeypatch.setattr(Redrafting, "of_a_slow_plan", lambda *_: problem.point)
    plans.improve(state, problem.matrix.for_plans(), guide)
    assert state.step == "redraft"
    assert state.best_cost == pytest.approx(problem.optimum, rel=1e-6)
