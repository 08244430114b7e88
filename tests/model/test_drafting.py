"""Drafts: points that keep all rows, or none; what is broken on the way is mended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from suanli.model.arrays.matrix import Matrix, Vector
from suanli.model.search import breaking, drafting, improvement, parts
from suanli.model.search.branching import branch_and_bound
from suanli.model.search.breaking import BREAK, SHARED, Breakable, breakable
from suanli.model.search.drafting import draft
from suanli.model.search.guiding import Guide, relax
from suanli.model.search.improvement import Improvement
from suanli.model.search.neighbourhoods import EVERYWHERE
from suanli.model.search.plans import any_plan
from suanli.model.search.state import Search

if TYPE_CHECKING:
    from .conftest import Problem

Drawn = Callable[[int], "Problem"]
Posed = Callable[..., "Problem"]


def guided(problem: Problem) -> tuple[Search, Matrix, Guide]:
    state = problem.search()
    guide = relax(state)
    assert guide is not None
    return state, problem.matrix.for_plans(), guide


def test_most_cases_have_a_draft_and_every_draft_keeps_all_rows(drawn: Drawn) -> None:
    """Sites stay as the relaxation opens them, so some cases have no draft."""
    drafts = 0
    for seed in range(25):
        problem = drawn(seed)
        x = draft(*guided(problem))
        if x is not None:
            drafts += 1
            assert problem.matrix.violation(x) < 1e-5
            assert problem.optimum * (1 - 1e-6) <= problem.matrix.objective(x)
    assert drafts >= 20


def test_without_a_draft_there_is_a_plan_among_what_the_relaxations_use(drawn: Drawn) -> None:
    for seed in range(4):
        problem = drawn(seed)
        state, matrix, guide = guided(problem)
        any_plan(state, matrix, guide)
        assert state.best is not None
        assert problem.matrix.violation(state.best) < 1e-5
        assert problem.optimum * (1 - 1e-6) <= state.best_cost == pytest.approx(matrix.objective(state.best), rel=1e-9)


def test_there_is_a_plan_though_the_relaxations_use_nothing(drawn: Drawn) -> None:
    """Nothing may be bought or placed then, so the first plan is looked for among all, at no cost."""
    problem = drawn(0)
    state, matrix, guide = guided(problem)
    any_plan(state, matrix, replace(guide, used=np.zeros_like(guide.used)))
    assert state.best is not None
    assert problem.matrix.violation(state.best) < 1e-5
    assert state.best_cost == pytest.approx(matrix.objective(state.best), rel=1e-9)


SHORT_SUPPLY: dict[str, Any] = {
    "sites": [{"id": "a"}, {"id": "b", "fixed_cost_cny_per_year": 1000}],
    "hardware": [
        {"id": "scarce", "lot": 2, "domestic": True, "supply": {2024: 3}},
        {"id": "other", "price_cny": 105},
    ],
    "workloads": [
        {"id": "anything", "demand": 2, "sites": {"a": 0}},
        {"id": "domestic", "domestic_only": True, "sites": {"b": 0}},
    ],
}
"""The market has three scarce servers, that is, one lot of two. Fractions would give one to a and one to b.

a is decided first, for b costs more. It takes the lot, though b must have it: two others are 10 CNY dearer. The best
plan is 1,000 + 200 + 210 CNY.
"""

BEST_CNY = 1410

BROKEN_CNY = 1000 + 2 * 200
"""Both sites have a lot; what the broken row costs comes on top."""


def cny(problem: Problem, cost: float) -> float:
    return cost * problem.matrix.money_unit


@pytest.fixture
def one_site_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PART_INTEGERS", 0)
    monkeypatch.setattr(parts, "PART_COST", 0.0)
    monkeypatch.setattr(parts, "CHEAP", 1.0)
    monkeypatch.setattr(drafting, "scarce", lambda matrix, _: np.zeros(len(matrix.cost), dtype=bool))


@pytest.fixture
def nothing_may_be_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "SHARED", ())
    monkeypatch.setattr(parts, "LOCAL", ())


@pytest.mark.usefixtures("one_site_at_a_time")
def test_where_the_first_site_took_too_much_the_draft_is_mended(posed: Posed) -> None:
    problem = posed(**SHORT_SUPPLY)
    assert cny(problem, problem.optimum) == pytest.approx(BEST_CNY)
    x = draft(*guided(problem))
    assert x is not None
    assert problem.matrix.violation(x) < 1e-6
    assert cny(problem, problem.matrix.objective(x)) == pytest.approx(BEST_CNY)


@pytest.mark.usefixtures("one_site_at_a_time", "nothing_may_be_broken")
def test_where_nothing_may_be_broken_both_sites_are_decided_together(posed: Posed) -> None:
    problem = posed(**SHORT_SUPPLY)
    x = draft(*guided(problem))
    assert x is not None
    assert cny(problem, problem.matrix.objective(x)) == pytest.approx(BEST_CNY)


@pytest.mark.usefixtures("one_site_at_a_time", "nothing_may_be_broken")
@pytest.mark.parametrize("left_out_in_vain", [False, True])
def test_a_part_without_an_answer_gets_the_columns_that_were_left_out(posed: Posed, left_out_in_vain: bool) -> None:
    """b is decided first and takes a lot of the scarce; a is left with one of them, and needs the others after all."""
    problem = posed(**SHORT_SUPPLY | {"sites": [{"id": "a", "fixed_cost_cny_per_year": 1000}, {"id": "b"}]})
    state, matrix, guide = guided(problem)
    chosen = np.ones_like(guide.first_choice)
    chosen[problem.members("buy", "other")] = False
    if left_out_in_vain:
        upper = matrix.upper.copy()
        upper[~chosen] = 0.0
        matrix = matrix.with_bounds(matrix.lower, upper)
    x = draft(state, matrix, replace(guide, first_choice=chosen))
    if left_out_in_vain:
        assert x is None
    else:
        assert x is not None
        assert cny(problem, matrix.objective(x)) == pytest.approx(BEST_CNY)


@pytest.mark.usefixtures("nothing_may_be_broken")
def test_what_is_scarce_is_shared_out_first_and_nothing_breaks(posed: Posed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PART_INTEGERS", 0)
    monkeypatch.setattr(parts, "PART_COST", 0.0)
    problem = posed(**SHORT_SUPPLY)
    x = draft(*guided(problem))
    assert x is not None
    assert cny(problem, problem.matrix.objective(x)) == pytest.approx(BEST_CNY)


def test_fractional_servers_elsewhere_leave_room_for_whole_ones(posed: Posed) -> None:
    """A site where lots are fractional has room for 10 / 1.03 servers instead of ten; the other keeps its ten."""
    problem = posed(sites=[{"id": "a", "grid_kw": 10}, {"id": "b", "grid_kw": 10}], workloads=[{"demand": 1}])
    matrix = problem.matrix
    power = np.asarray(matrix.row_families == "site_power")
    own, at_a = np.asarray(matrix.families == "own"), problem.columns.at([problem.columns.numbers["a"]])
    roomy = parts.with_room(matrix, at_a & np.asarray(matrix.families == "buy"))
    for servers, taken in ((own & at_a, 1.03), (own & ~at_a, 1.0)):
        before, after = matrix.coefficients[power][:, servers].sum(), roomy.coefficients[power][:, servers].sum()
        assert after == pytest.approx(taken * before)
    capacity = np.asarray(matrix.row_families == "capacity")
    assert (roomy.coefficients[capacity] != matrix.coefficients[capacity]).nnz == 0


FULL_PLOT: dict[str, Any] = {
    "sites": [{"existing": False, "max_halls": 2, "allowed_halls": ["hall", "cooled"]}],
    "hall_types": [{"capex_cny": 10}, {"id": "cooled", "capex_cny": 10}],
    "hardware": [
        {"id": "usual"},
        {"id": "scarce", "pool": "dense", "halls": ["cooled"], "supply": {2024: 140}},
        {"id": "other", "pool": "dense", "price_cny": 105},
    ],
    "workloads": [{"id": "plain", "demand": 50}, {"id": "dense", "pool": "dense", "demand": 150}],
}
"""Two halls for 100 servers each. Six tenths of a hall and 1.4 cooled ones would take all 140 that are scarce, with ten
others beside the 50 usual servers; whole halls, one of each, take 100 of them, with 50 others."""


@pytest.mark.usefixtures("nothing_may_be_broken")
@pytest.mark.parametrize("fractions", [True, False])
def test_on_a_full_plot_no_more_is_bought_than_whole_halls_take(
    fractions: bool, posed: Posed, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = posed(**FULL_PLOT)
    best_cny = 2 * 10 + 50 * 100 + 100 * 100 + 50 * 105
    assert cny(problem, problem.optimum) == pytest.approx(best_cny)
    if fractions:
        monkeypatch.setattr(drafting, "_crowded_halls", lambda matrix, *_: np.zeros(len(matrix.cost), dtype=bool))
    x = draft(*guided(problem))
    if fractions:
        assert x is None, "40 of the scarce would stand in four tenths of a hall"
    else:
        assert x is not None
        assert cny(problem, problem.matrix.objective(x)) == pytest.approx(best_cny)


@pytest.mark.parametrize("cheap", [0.0, 1.0])
def test_each_whole_number_belongs_to_one_part(drawn: Drawn, monkeypatch: pytest.MonkeyPatch, cheap: float) -> None:
    """Parts of dear sites hold what is weighty there, the others one pool; cheap sites are whole at once."""
    monkeypatch.setattr(parts, "PART_INTEGERS", 0)
    monkeypatch.setattr(parts, "PART_COST", 0.0)
    monkeypatch.setattr(parts, "CHEAP", cheap)
    problem = drawn(0)
    columns, matrix = problem.columns, problem.matrix
    weighty = np.asarray(matrix.families.isin(["build", "upgrade"]))
    spent = np.abs(matrix.cost * problem.point)
    found, of_sites = parts._parts(columns, matrix.integer, matrix.integer, spent, weighty)
    assert np.sum(found, axis=0).tolist() == matrix.integer.astype(int).tolist()
    assert of_sites == columns.sites
    at_sites, by_pool = found[:of_sites], found[of_sites:]
    assert sorted(columns.site[part].tolist() for part in at_sites) == sorted(
        columns.site[matrix.integer & columns.at([site]) & (weighty | (cheap == 1.0))].tolist()
        for site in range(columns.sites)
    )
    assert all(np.unique(columns.pool[part]).size == 1 for part in by_pool)
    assert len(by_pool) == np.unique(columns.pool[matrix.integer & ~np.logical_or.reduce(at_sites)]).size


def test_parts_merge_when_there_is_time_for_few() -> None:
    five = list(np.eye(5, dtype=bool))
    assert parts._merged(five, 7.0) is five
    assert [np.flatnonzero(part).tolist() for part in parts._merged(five, 2.9)] == [[0, 1, 2], [3, 4]]
    assert [np.flatnonzero(part).tolist() for part in parts._merged(five, -1.0)] == [[0, 1, 2, 3, 4]]
    assert parts._merged([], 0.0) == []


def test_the_last_part_of_sites_is_in_time_for_the_end_of_the_turn(drawn: Drawn) -> None:
    """15 of 100 seconds are left after it: of all of them, or with one processor of what ends at 70 seconds."""
    state = drawn(3).search()
    state.seconds = 100.0
    both = parts._seconds_for_sites(state)
    state.pause_at(0.7)
    one = parts._seconds_for_sites(state)
    passed = state.progress().seconds
    assert both + passed == pytest.approx(85.0, abs=0.1)
    assert one + passed == pytest.approx(55.0, abs=0.1)


def breaks_of(loose: Breakable, family: str) -> list[int]:
    """The numbers of the breaks of a family of rows."""
    return np.flatnonzero(np.asarray(loose.matrix.row_families == family)[loose.rows]).tolist()


@pytest.fixture
def broken(posed: Posed) -> tuple[Problem, Guide, Breakable, Vector]:
    return both_buy_a_lot(posed(**SHORT_SUPPLY))


def both_buy_a_lot(problem: Problem) -> tuple[Problem, Guide, Breakable, Vector]:
    """Four servers of a supply of three, of which the market sells one lot of two."""
    _, matrix, guide = guided(problem)
    loose = breakable(matrix, problem.columns, guide.row_prices)
    upper = loose.loosened(SHARED)
    upper[problem.members("buy", "other")] = 0.0
    answer = branch_and_bound(
        loose.matrix.with_bounds(loose.matrix.lower, upper), seconds=60, gap=0.0, stopped=lambda: False
    )
    assert answer.point is not None
    return problem, guide, loose, answer.point


def test_a_broken_row_says_by_how_much(broken: tuple[Problem, Guide, Breakable, Vector]) -> None:
    problem, _, loose, x = broken
    assert loose.plain == len(problem.matrix.cost)
    supply = breaks_of(loose, "supply")
    assert np.flatnonzero(x[loose.plain :]).tolist() == supply
    limit = problem.matrix.row_upper[loose.rows[supply]]
    assert x[loose.plain :][supply] == pytest.approx(limit), "two lots where the market sells one"
    assert not loose.is_whole(x)
    assert loose.is_whole(loose.extended(problem.point))
    assert loose.matrix.objective(loose.extended(problem.point)) == pytest.approx(problem.optimum)
    price = cny(problem, loose.matrix.objective(x)) - BROKEN_CNY
    assert price >= breaking.TOO_DEAR * 100 * (1 - 1e-9), "dear: a hundred times what a server costs"


def test_a_row_is_broken_by_the_columns_in_it(broken: tuple[Problem, Guide, Breakable, Vector]) -> None:
    problem, _, loose, x = broken
    lots = problem.members("buy", "scarce")
    assert len(lots) == 2
    assert np.flatnonzero(loose.broken_by(x)).tolist() == lots
    assert not loose.broken_by(loose.extended(problem.point)).any()


def test_within_reach_are_the_breaks_of_rows_with_a_free_column(
    broken: tuple[Problem, Guide, Breakable, Vector],
) -> None:
    problem, _, loose, _ = broken
    for family, site, kind, reached in (("buy", "a", "scarce", True), ("buy", "a", "other", False)):
        free = np.zeros(len(loose.matrix.cost), dtype=bool)
        free[problem.members(family, site, kind)] = True
        assert free.sum() == 1
        assert loose.reach(free)[loose.plain :][breaks_of(loose, "supply")].tolist() == [reached]
        assert (loose.reach(free)[: loose.plain] == free[: loose.plain]).all()


def test_with_nothing_loose_the_optimum_is_that_of_the_plain_matrix(
    broken: tuple[Problem, Guide, Breakable, Vector],
) -> None:
    problem, _, loose, _ = broken
    kept = loose.matrix.with_bounds(loose.matrix.lower, loose.loosened())
    assert not kept.upper[kept.families == BREAK].any()
    answer = branch_and_bound(kept, seconds=60, gap=0.0, stopped=lambda: False)
    assert answer.cost == pytest.approx(problem.optimum, rel=1e-6)


def test_loose_are_rows_of_some_families_and_what_is_broken_already(
    broken: tuple[Problem, Guide, Breakable, Vector],
) -> None:
    _, _, loose, x = broken
    supply, racks = breaks_of(loose, "supply"), breaks_of(loose, "racks")
    assert len(supply) == 1
    assert len(racks) == 2

    def loose_ones(upper: Vector) -> list[int]:
        assert (upper[: loose.plain] == loose.matrix.upper[: loose.plain]).all()
        return np.flatnonzero(np.isinf(upper[loose.plain :])).tolist()

    assert loose_ones(loose.loosened(SHARED)) == supply
    assert loose_ones(loose.loosened((), x)) == supply
    assert loose_ones(loose.loosened(("racks",))) == racks
    assert loose_ones(loose.loosened(("racks",), x)) == sorted(supply + racks)


def test_mending_breaks_nothing_else(posed: Posed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two lots where the market sells one, and a target that is kept: mended, it is kept still."""
    target = {"metric": "pool_capacity", "value": 4, "scope": {"pool": "pool", "resource": "unit"}}
    problem, guide, loose, x = both_buy_a_lot(posed(**SHORT_SUPPLY, targets=[target]))
    assert len(breaks_of(loose, "target")) == 1
    seen: list[Matrix] = []

    class Watched(Improvement):
        def __init__(self, state: Search, matrix: Matrix, *others: Any, **named: Any) -> None:
            super().__init__(state, matrix, *others, **named)
            seen.append(matrix)

    monkeypatch.setattr(drafting, "Improvement", Watched)
    mended = drafting._mend(problem.search(), loose, x, guide)
    assert mended is not None
    assert problem.matrix.violation(mended) < 1e-6
    assert np.flatnonzero(seen[0].upper[loose.plain :] > 0).tolist() == breaks_of(loose, "supply")


def test_only_what_is_broken_gets_dearer(broken: tuple[Problem, Guide, Breakable, Vector]) -> None:
    problem, _, loose, x = broken
    times = loose.dearer(x, 1.5).matrix.cost / np.where(loose.matrix.cost == 0, 1, loose.matrix.cost)
    supply = breaks_of(loose, "supply")
    assert np.flatnonzero(times > 1).tolist() == [loose.plain + number for number in supply]
    assert times[loose.plain :][supply].tolist() == [1.5]
    assert (loose.dearer(x, 1.5).matrix.cost == loose.matrix.cost)[: loose.plain].all()
    whole = loose.extended(problem.point)
    assert (loose.dearer(whole, 1.5).matrix.cost == loose.matrix.cost).all()


def test_a_row_with_two_limits_breaks_both_ways(posed: Posed) -> None:
    """An equality target, which is hard whatever it costs: 5 of the 10 servers that the target asks for, or 12."""
    target = {"metric": "pool_capacity", "sense": "==", "value": 10, "scope": {"pool": "pool", "resource": "unit"}}
    problem = posed(targets=[target], workloads=[{}])
    state, matrix, guide = guided(problem)
    loose = breakable(matrix, state.columns, guide.row_prices)
    both = np.array(breaks_of(loose, "target"))
    row, breaks = loose.rows[both[0]], loose.plain + both
    assert loose.rows[both].tolist() == [row, row]
    asked = loose.matrix.row_lower[row]
    share = {}
    for wanted in (5, 12):
        x = loose.extended(problem.point)
        x[problem.members("own")] = wanted
        missing = asked - (loose.matrix.coefficients @ x)[row]
        x[breaks] = max(missing, 0.0), max(-missing, 0.0)
        share[wanted] = (x[breaks] / asked).tolist()
        assert (loose.matrix.coefficients @ x)[row] == pytest.approx(asked)
    assert share[5] == pytest.approx([0.5, 0.0])
    assert share[12] == pytest.approx([0.0, 0.2])


@pytest.mark.parametrize("kind", ["sites", "pool", "year"])
def test_steps_of_improvement_mend_what_is_broken(
    kind: str, broken: tuple[Problem, Guide, Breakable, Vector], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is a draft ever shaken, not even when every step is taken for one too many."""
    monkeypatch.setattr(improvement, "STUCK_STEPS", 0)
    monkeypatch.setattr(improvement, "STUCK_GAIN", np.inf)
    monkeypatch.setattr(improvement, "shaken", None)
    problem, guide, loose, x = broken
    loose = replace(loose, matrix=loose.matrix.with_bounds(loose.matrix.lower, loose.loosened(SHARED)))
    work = Improvement(problem.search(), loose.matrix, guide, x, breakable=loose)
    assert EVERYWHERE not in work._gain, "long steps are not for mending"
    work._gain = {kind: 1.0}
    for _ in range(20):
        if loose.is_whole(work.x):
            break
        if not work.step():
            loose = loose.dearer(work.x, 1.5)
            work.reprice(loose)
            assert work.cost == loose.matrix.objective(work.x)
    assert loose.is_whole(work.x)
    assert problem.matrix.violation(work.x[: loose.plain]) < 1e-6
    assert cny(problem, work.cost) == pytest.approx(BEST_CNY)
