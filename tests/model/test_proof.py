"""The proof: relaxations bound the optimum from below, and the full problem ends at it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from suanli.inputs.case import Case
from suanli.inputs.generating.random_case import draw_case
from suanli.model.arrays.matrix import Flags, Matrix, Vector, compile_matrix
from suanli.model.assemble import assemble
from suanli.model.search import proof
from suanli.model.search import relaxations as relaxing
from suanli.model.search.branching import BOUND_ONLY, Answer, branch_and_bound
from suanli.model.search.columns import describe_columns
from suanli.model.search.counting_up import STEPS_AND_HALLS
from suanli.model.search.guiding import linear_relaxation
from suanli.model.search.plans import find_plans
from suanli.model.search.proof import prove
from suanli.model.search.relaxations import relaxations, relaxed, weighty
from suanli.model.search.restriction import held
from suanli.model.search.state import Search, run_search

if TYPE_CHECKING:
    from .conftest import MakeCase, Problem

Drawn = Callable[[int], "Problem"]
SEEDS = range(25)


def never() -> bool:
    return False


def relaxations_of(state: Search) -> list[Flags]:
    linear = linear_relaxation(state)
    assert linear.point is not None
    assert linear.row_prices is not None
    return relaxations(state.matrix, state.columns, linear.point, linear.row_prices)


def state_of(case: Case) -> Search:
    model, lookup = assemble(case)
    matrix = compile_matrix(model)
    assert not model.impossible
    return Search(matrix, describe_columns(matrix, lookup), gap=0.0, seconds=60.0)


@pytest.mark.parametrize("seed", SEEDS)
def test_relaxation_after_relaxation_the_bound_rises_from_the_linear_one_to_the_optimum(
    seed: int, drawn: Drawn
) -> None:
    problem = drawn(seed)
    state = problem.search()
    linear = linear_relaxation(state)
    wholes = relaxations_of(state)
    assert 1 <= len(wholes) <= 3
    slack, bounds, before = 1e-6 * abs(problem.optimum), [linear.bound], np.zeros_like(problem.matrix.integer)
    for whole in (*wholes, weighty(problem.matrix, linear.bound)):
        assert not (whole & ~problem.matrix.integer).any()
        changed, in_use = relaxed(problem.matrix, whole)
        plan = np.where(in_use, problem.point, 0.0)
        assert changed.violation(plan) <= problem.matrix.violation(problem.point) + 1e-9
        assert changed.objective(plan) == pytest.approx(problem.optimum, rel=1e-9)
        answer = branch_and_bound(
            changed, seconds=60, gap=1e-8, stopped=never, options=BOUND_ONLY, counting_up=STEPS_AND_HALLS
        )
        assert answer.finished
        assert linear.bound - slack <= answer.bound <= problem.optimum + slack
        bounds.append(answer.bound)
    for whole in wholes:
        assert not (before & ~whole).any(), "each has all that is whole in the one before"
        assert (whole & ~before).any(), "and more"
        before = whole
    assert all(later >= earlier - slack for earlier, later in pairwise(bounds[:-1]))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_proof_by_way_of_the_relaxation_ends_at_the_optimum(
    seed: int, drawn: Drawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proof, "AT_ONCE", 0)
    ends_at_the_optimum(drawn(seed))


@pytest.mark.parametrize("dear", [0.0, np.inf])
@pytest.mark.parametrize("seed", [1, 2, 4, 6, 9, 10, 14, 18])
def test_the_proof_ends_at_the_optimum_whichever_lots_are_whole_first(
    seed: int, dear: float, drawn: Drawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proof, "AT_ONCE", 0)
    monkeypatch.setattr(relaxing, "DEAREST", dear)
    ends_at_the_optimum(drawn(seed))


def ends_at_the_optimum(problem: Problem) -> None:
    state = problem.search()
    run_search(state, (prove,), None)
    assert state.best is not None
    assert problem.matrix.violation(state.best) < 1e-6
    assert state.best_cost == pytest.approx(problem.optimum, rel=1e-6)
    assert state.bound == pytest.approx(problem.optimum, rel=1e-6)
    assert not state.infeasible


@pytest.mark.parametrize("seed", [1, 3])
def test_told_of_the_optimal_plan_the_proof_finds_no_worse_one(
    seed: int, drawn: Drawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proof, "AT_ONCE", 0)
    problem = drawn(seed)
    state = problem.search()
    state.offer(problem.point, problem.optimum, "known before")
    run_search(state, (prove,), None)
    assert state.best_cost <= problem.optimum
    assert state.bound == pytest.approx(problem.optimum, rel=1e-6)


@pytest.mark.parametrize("told", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_cutoff_below_the_optimum_is_proved_and_one_above_changes_nothing(
    seed: int, told: bool, drawn: Drawn
) -> None:
    """Also where a plan that is dearer than the cutoff is given to start from."""
    problem = drawn(seed)
    start = problem.point if told else None
    for share in (0.9, 0.999):
        bounds: list[float] = []
        cutoff = share * problem.optimum
        answer = branch_and_bound(
            problem.matrix, seconds=60, gap=0.0, stopped=never, cutoff=cutoff, on_bound=bounds.append, start=start
        )
        assert answer.finished
        assert not answer.infeasible
        assert answer.cost >= problem.optimum * (1 - 1e-6), "HiGHS may return a plan that is dearer than the cutoff"
        assert answer.bound == cutoff
        assert all(bound <= cutoff for bound in bounds)
    cutoff = 1.001 * problem.optimum
    answer = branch_and_bound(problem.matrix, seconds=60, gap=0.0, stopped=never, cutoff=cutoff, start=start)
    assert answer.finished
    assert answer.cost == pytest.approx(problem.optimum, rel=1e-6)
    assert answer.bound == pytest.approx(problem.optimum, rel=1e-6)


@pytest.mark.parametrize("few", [0, 1500])
@pytest.mark.parametrize("told", [False, True])
@pytest.mark.parametrize("seed", SEEDS[::2])
def test_cutoff_after_cutoff_the_bound_climbs_to_the_optimum(
    seed: int, told: bool, few: int, drawn: Drawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where more is proved than the linear relaxation there is no first run without a cutoff."""
    problem, cutoffs = drawn(seed), list[float]()
    monkeypatch.setattr(proof, "AT_ONCE", few)
    monkeypatch.setattr(proof, "branch_and_bound", noting(cutoffs))
    state = problem.search()
    linear = linear_relaxation(state)
    if told:
        state.offer(problem.point, problem.optimum, "known before")
    state.raise_bound(linear.bound + 1e-5 * (problem.optimum - linear.bound))
    run_search(state, (prove,), None)
    assert np.isfinite(cutoffs[0])
    if few:  # one climb; otherwise the relaxation's and the full problem's
        assert cutoffs == sorted(cutoffs)
    bounds = [progress.bound_cny for progress in state.history if progress.bound_cny is not None]
    assert max(bounds) <= problem.optimum * problem.matrix.money_unit * (1 + 1e-6)
    assert state.best_cost == pytest.approx(problem.optimum, rel=1e-6)
    assert state.bound == pytest.approx(problem.optimum, rel=1e-6)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, float, float]]:
    """The runs of relaxations: how much is whole, the cutoff and the seconds. Each raises the bound a bit, unsolved."""
    noted: list[tuple[int, float, float]] = []

    def unsolved(state: Search, matrix: Matrix, in_use: Flags, cutoff: float, seconds: float, **others: Any) -> Answer:
        assert others["counting_up"] == STEPS_AND_HALLS
        noted.append((int(matrix.integer.sum()), cutoff, seconds))
        state.raise_bound(state.bound + 1e-4 * abs(state.bound))
        return Answer(None, np.inf, state.bound, finished=False, infeasible=False)

    monkeypatch.setattr(proof, "_solve", unsolved)
    return noted


@pytest.mark.parametrize(("passed", "solved"), [(0.0, 0), (90.0, 0), (0.0, 1)])
def test_the_first_relaxation_has_no_cutoff_and_ends_early(
    passed: float, solved: int, posed: Callable[..., Problem], runs: list[tuple[int, float, float]]
) -> None:
    """Of 100 seconds that are left, 50 are for the first. What an earlier turn solved is left out."""
    state = posed(**FEW_CASE).search()
    few, more = (int(whole.sum()) for whole in relaxations_of(state))
    assert few < more < state.matrix.integer.sum()
    state.seconds, state.started = 100.0 + passed, time.monotonic() - passed
    state.relaxations_solved = solved
    if solved:
        state.raise_bound(1.001 * state.bound)
    proof._prove_relaxations(state, relaxations_of(state))
    first = [(few, True, 50), (few, False, 50)]
    expected = [*first[2 * solved :], (more, False, 100)]
    assert [(whole, np.isinf(cutoff), round(seconds)) for whole, cutoff, seconds in runs] == expected
    assert runs[-1][1] == pytest.approx(1.0005 * state.bound / (1 + 1e-4)), "0.05% above the bound before that run"
    assert state.relaxations_solved == solved


def test_a_hasty_search_begins_with_the_last_relaxation(
    posed: Callable[..., Problem], runs: list[tuple[int, float, float]]
) -> None:
    state = posed(**FEW_CASE).search()
    wholes = relaxations_of(state)
    state.hasty = True
    proof._prove_relaxations(state, wholes)
    assert {whole for whole, *_ in runs} == {int(wholes[-1].sum())}


def test_what_is_solved_in_one_turn_is_not_solved_again_in_the_next(
    drawn: Drawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    wholes: list[int] = []

    def noted(matrix: Matrix, **options: Any) -> Answer:
        wholes.append(int(matrix.integer.sum()))
        return branch_and_bound(matrix, **options)

    state = drawn(1).search()
    sets = relaxations_of(state)
    monkeypatch.setattr(proof, "branch_and_bound", noted)
    proof._prove_relaxations(state, sets)
    assert set(wholes) == {int(whole.sum()) for whole in sets}
    assert state.relaxations_solved == len(sets)
    before = len(wholes)
    proof._prove_relaxations(state, sets)
    assert len(wholes) == before


def test_the_best_decisions_of_the_first_relaxation_are_told(drawn: Drawn) -> None:
    """Held as they are, with all else fractional, they cost as little as any do."""
    state = drawn(1).search()
    few = relaxations_of(state)[0]
    assert state.relaxed is None
    proof._prove_relaxations(state, relaxations_of(state))
    assert state.relaxed is not None
    whole, point = state.relaxed
    assert (whole == few).all()
    costs = [
        branch_and_bound(problem, seconds=60.0, gap=0.0, stopped=lambda: False).cost
        for problem in (
            state.matrix.with_integer(few),
            held(state.matrix.with_integer(few), few, point).with_integer(np.zeros_like(few)),
        )
    ]
    assert costs[1] == pytest.approx(costs[0], rel=proof.RELAXATION_GAP)


FEW_CASE: dict[str, Any] = {
    "sites": [{"id": "old", "max_halls": 2, "allowed_halls": ["hall"]}, {"id": "new", "existing": False}],
    "hardware": [
        {"id": "dear", "price_cny": 1000},
        {"id": "scarce", "price_cny": 1, "pool": "other", "supply": {2024: 2}},
        {"id": "plenty", "price_cny": 2, "pool": "other"},
    ],
    "workloads": [
        {"id": "large", "divisible": False, "demand": 5},
        {"id": "small", "divisible": False, "demand": 4, "pool": "other"},
    ],
}


def test_whole_are_a_few_first_then_large_workloads_and_halls(posed: Callable[..., Problem]) -> None:
    """Servers for the large workload cost CNY 5,000, those for the small one 6: two scarce ones at 1, two more at 2."""
    problem = posed(**FEW_CASE)
    few, more = relaxations_of(problem.search())
    for family, what in (("open", "old"), ("open", "new"), ("buy", "dear"), ("buy", "scarce")):
        assert problem.members(family, what)
        assert few[problem.members(family, what)].all()
    for family, what in (("buy", "plenty"), ("own", "plenty"), ("place", "small")):
        assert problem.members(family, what)
        assert not more[problem.members(family, what)].any()
    for family, what in (("place", "large"), ("build", "new"), ("halls", "new")):
        assert problem.members(family, what)
        assert not few[problem.members(family, what)].any()
        assert more[problem.members(family, what)].all()


@pytest.mark.parametrize("lot", [1, 3, 12])
def test_whole_lots_are_put_in_where_the_sum_of_them_stood(lot: int, posed: Callable[..., Problem]) -> None:
    """HiGHS 1.15 would find out by itself otherwise that the sum is whole, and may then cut off the optimum.

    Bought in 2024 and 2025 and kept from before, at least 0 and at most 100: a hall of 10 racks for 10 units each.
    """
    problem = posed(
        base_year=2023,
        years=[2024, 2025],
        hardware=[{"id": "lots", "lot": lot, "price_cny": 1000, "life_years": 5}],
        fleet=[{"site": "site", "hall": "hall", "hardware": "lots", "count": 2, "install_year": 2023}],
        workloads=[{"demand": {2024: 5, 2025: 9}}],
    )
    matrix = problem.matrix
    buy, own = np.zeros_like(matrix.integer), problem.members("own", "lots")
    buy[problem.members("buy", "lots")] = True
    changed, in_use = relaxed(matrix, buy)
    assert np.flatnonzero(~in_use).tolist() == own
    assert changed.coefficients[:, own].nnz == 0
    assert (changed.upper[own] == 0).all()
    last = np.flatnonzero(np.asarray(matrix.row_families == "in_service"))[-1]
    parts = [*problem.members("buy", "lots"), problem.members("keep")[-1]]
    of_row = changed.coefficients.tocsr()[[last]].toarray()[0]
    assert of_row[parts].tolist() == [lot, lot, 1]
    assert np.count_nonzero(of_row) == 3
    assert (changed.row_lower[last], changed.row_upper[last]) == (0, 100)
    whole = buy.copy()
    whole[own] = True
    assert relaxed(matrix, whole)[1].all(), "what is declared whole stays"


def noting(cutoffs: list[float]) -> Callable[..., Answer]:
    """Branch and bound that notes its cutoffs."""

    def run(*matrix: Any, cutoff: float, **options: Any) -> Answer:
        cutoffs.append(cutoff)
        return branch_and_bound(*matrix, cutoff=cutoff, **options)

    return run


def test_every_run_of_the_proof_begins_with_the_best_plan(drawn: Drawn, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the columns of each relaxation: so it costs as much there."""
    problem, begun = drawn(1), list[tuple[bool, float]]()

    def noted(matrix: Matrix, *, cutoff: float, start: Vector | None = None, **options: Any) -> Answer:
        assert start is not None
        begun.append((np.isfinite(cutoff), matrix.objective(start)))
        return branch_and_bound(matrix, cutoff=cutoff, start=start, **options)

    monkeypatch.setattr(proof, "AT_ONCE", 0)
    state = problem.search()
    linear = linear_relaxation(state)
    monkeypatch.setattr(proof, "branch_and_bound", noted)
    state.offer(problem.point, problem.optimum, "known before")
    state.raise_bound(linear.bound + 1e-5 * (problem.optimum - linear.bound))
    run_search(state, (prove,), None)
    assert begun[0][0], "with a cutoff"
    assert [cost for _, cost in begun] == pytest.approx([problem.optimum] * len(begun), rel=1e-6)


def test_a_case_impossible_with_whole_numbers_is_found_out_with_cutoffs_too(
    make_case: MakeCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """100 units that must not be divided, 60 at each of two sites: a linear plan, and whole ones at no cost."""
    fleet = [{"site": site, "hall": "hall", "hardware": "server", "count": 60, "install_year": 2023} for site in "ab"]
    case = make_case(
        sites=[{"id": "a"}, {"id": "b"}],
        hardware=[{"life_years": 9, "available_to": 2024, "supply": {2024: 0}}],
        fleet=fleet,
        workloads=[{"demand": 100, "divisible": False, "gbps": 1, "sites": {"a": 10, "b": 50}}],
    )
    state = state_of(case)
    linear = linear_relaxation(state)
    assert linear.finished
    state.raise_bound(1.001 * linear.bound)
    cutoffs: list[float] = []
    monkeypatch.setattr(proof, "branch_and_bound", noting(cutoffs))
    run_search(state, (prove,), None)
    assert np.isfinite(cutoffs[0])
    assert cutoffs[-1] == np.inf
    assert state.infeasible
    assert state.best is None


def test_the_next_cutoff_is_a_share_above_the_bound_but_no_more_than_the_gap_asked_for(drawn: Drawn) -> None:
    """Bound 100, plan 101, gap 0.5%: 100.2 at first; 101 - 0.999 x 0.505 = 100.4955 at most; then none."""
    state = replace(drawn(1).search(), gap=0.005)
    assert proof._cutoff(state, 0.002) == np.inf
    state.raise_bound(100.0)
    assert proof._cutoff(state, 0.002) == pytest.approx(100.2)
    state.offer(np.zeros(1), 101.0, "elsewhere")
    assert proof._cutoff(state, 0.002) == pytest.approx(100.2)
    assert proof._cutoff(state, 0.008) == pytest.approx(100.4955, abs=1e-5)
    state.raise_bound(100.4958)
    assert proof._cutoff(state, 0.002) == np.inf


@pytest.mark.parametrize(
    ("first_rise", "quick", "expected", "most"),
    [
        (proof.RISE, 0.0, [0.002, 0.001, 0.0005], 0.004),
        (proof.RISE_OF_RELAXATION, 9.0, [0.0005, 0.00025, 0.0002], 0.0025),
        (proof.RISE_OF_RELAXATION, 11.0, [0.0005, 0.002, 0.0002], 0.0025),
    ],
)
def test_cutoffs_rise_by_more_the_more_time_is_left(
    first_rise: float, quick: float, expected: list[float], most: float, drawn: Drawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Runs of 10 and 20 s, then one that does not end. 40 s are left, 4 times as long: 4 / 8 of the first rise.

    All 4 where 10 s are quick. Then 40 s again, twice as long: 2 / 8 of it, or 0.02% if that is more. After 2 s, which
    is quick if anything is, of a quarter of an hour it is the most; where hardly any time is left, 0.02%.
    """
    clock, bounds = [0.0], list[float]()
    monkeypatch.setattr(proof, "time", SimpleNamespace(monotonic=lambda: clock[0]))

    def climb(plan: dict[float, float]) -> list[float]:
        """The rises of runs that take so long each and leave so many seconds."""
        state = drawn(1).search()
        bounds[:] = [100.0]
        state.linear = Answer(None, 99.0, 99.0, finished=True, infeasible=False)
        state.raise_bound(100.0)
        runs, left = list(plan.items()), [1.0]
        monkeypatch.setattr(state, "remaining", lambda: left[0])

        def solve(cutoff: float, _: float) -> Answer:
            bounds.append(cutoff)
            finished = bool(runs)
            if finished:
                took, left[0] = runs.pop(0)
                clock[0] += took
                state.raise_bound(cutoff)
            return Answer(None, np.inf, state.bound, finished=finished, infeasible=False)

        assert proof._climb(state, solve, first_rise, 0.0, quick=quick) is None
        return [after / before - 1 for before, after in pairwise(bounds)]

    assert climb({10.0: 40.0, 20.0: 40.0}) == pytest.approx(expected)
    assert climb({2.0: 900.0, 20.0: 1.0}) == pytest.approx([first_rise, most, 0.0002])


def test_a_bold_cutoff_that_is_not_refuted_is_given_up(drawn: Drawn, monkeypatch: pytest.MonkeyPatch) -> None:
    """After 10 s, 40 being left, it has 0.55 of these, 22. Then steps are as small as without, however quick they are.

    18 s are left, 1.8 times the 10: 1.8 / 8 of 0.05% is less than the least, 0.02%.
    """
    clock, asked = [0.0], list[tuple[float, float]]()
    monkeypatch.setattr(proof, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    state = drawn(1).search()
    state.linear = Answer(None, 99.0, 99.0, finished=True, infeasible=False)
    state.raise_bound(100.0)
    monkeypatch.setattr(state, "remaining", lambda: 50.0 - clock[0])
    runs = [(10.0, True), (22.0, False), (1.0, True), (17.0, False)]

    def solve(cutoff: float, seconds: float) -> Answer:
        asked.append((cutoff / state.bound - 1, seconds))
        took, finished = runs.pop(0)
        clock[0] += took
        if finished:
            state.raise_bound(cutoff)
        return Answer(None, np.inf, state.bound, finished=finished, infeasible=False)

    assert proof._climb(state, solve, 0.0005, 0.0, quick=11.0) is None
    assert asked == [pytest.approx(each) for each in ((0.0005, 50.0), (0.002, 22.0), (0.0002, 18.0), (0.001, 17.0))], (
        "17 times the 1 s: 17 / 8 of 0.05%, but no more than twice that"
    )


WEIGHTY_CASE: dict[str, Any] = {
    "sites": [{"id": "old", "max_halls": 2, "allowed_halls": ["hall"]}, {"id": "new", "existing": False}],
    "hardware": [
        {"id": "dear", "price_cny": 1000},
        {"id": "cheap", "price_cny": 10, "life_years": 2},
        {"id": "dear-by-the-lot", "price_cny": 10, "lot": 50, "pool": "other"},
    ],
    "fleet": [{"site": "old", "hall": "hall", "hardware": "cheap", "count": 3, "install_year": 2023}],
    "workloads": [{"divisible": False, "demand": 2}, {"id": "split", "pool": "other"}],
}


def test_whole_are_dear_lots_with_what_sums_them_up_and_all_that_is_not_numerous(
    posed: Callable[..., Problem], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside a plan for 100,000 CNY a lot is dear that costs more than 300: one of 1,000, and one of 50 at 10 each."""
    problem = posed(**WEIGHTY_CASE)
    matrix = problem.matrix
    whole = weighty(matrix, 100_000 / matrix.money_unit)
    for family in ("buy", "own"):
        assert whole[problem.members(family, "dear")].all()
        assert whole[problem.members(family, "dear-by-the-lot")].all()
        assert not whole[problem.members(family, "cheap")].any()
        assert len(problem.members(family, "cheap")) == 2
    for family in ("keep", "place"):
        assert problem.members(family)
        assert not whole[problem.members(family)].any()
    for family in ("open", "build", "halls"):
        assert problem.members(family)
        assert whole[problem.members(family)].all()
    monkeypatch.setattr(relaxing, "DEAR", 0.0)
    assert whole.sum() < weighty(matrix, 100_000 / matrix.money_unit).sum()
    assert weighty(matrix, 1.0)[problem.members("buy", "cheap")].all()
    monkeypatch.setattr(relaxing, "DEAR", np.inf)
    assert not weighty(matrix, 1.0)[problem.members("buy") + problem.members("own")].any()


def test_the_linear_relaxation_is_solved_once_though_two_ask(drawn: Drawn) -> None:
    problem = drawn(1)
    state, answers, together = problem.search(), list[Answer](), threading.Barrier(2)

    def ask(state: Search) -> None:
        together.wait()
        answers.append(linear_relaxation(state))

    run_search(state, (ask, ask), None)
    first, second = answers
    assert first is second
    assert first.row_prices is not None
    assert len(first.row_prices) == len(problem.matrix.row_lower)
    assert state.bound == first.bound < problem.optimum


def test_a_linear_relaxation_that_ran_out_of_time_is_solved_when_there_is_time_again() -> None:
    """On one processor a first try at the proof may end before the linear relaxation is solved."""
    state = state_of(draw_case("small", 1, sites=12, workloads=150).case)
    state.pause_at(0.0)
    linear_relaxation(state)
    state.pause_at(1.0)
    assert linear_relaxation(state).finished


INFEASIBLE: dict[str, Any] = {"workloads": [{"demand": 101}]}
"""101 servers of 1 kW wanted in 10 racks of 10 kW: no plan, not even with fractions."""


def test_where_the_linear_relaxation_is_impossible_so_is_the_case(make_case: MakeCase) -> None:
    for jobs in ((find_plans, prove), (find_plans,), (prove,)):
        state = state_of(make_case(**INFEASIBLE))
        run_search(state, jobs, None)
        assert state.infeasible
        assert state.stopped()
        assert state.best is None
        assert state.history == []


def test_an_impossible_case_is_said_to_be_infeasible(status: Callable[..., str]) -> None:
    assert status(**INFEASIBLE) == "infeasible"
