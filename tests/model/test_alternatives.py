"""Alternatives: on cases whose near-optimal plans can all be listed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from suanli.inputs.case import Case
from suanli.inputs.generating.random_case import draw_case
from suanli.model import Plan, solve
from suanli.model.assemble import assemble
from suanli.model.questions.additions import Addition, additions, totals
from suanli.model.questions.alternatives import Alternative, find_alternative, with_bound_of_case
from suanli.model.questions.direction import find_direction
from suanli.model.questions.strategy import difference, strategic_forms
from suanli.model.starting import point_of

if TYPE_CHECKING:
    from .conftest import MakeCase

Amounts = Mapping[Addition, float]

COSTS = {"a": 100, "b": 101, "c": 102, "d": 103}


def added(plan: Plan) -> dict[Addition, float]:
    return totals(additions(plan.case, plan.tables))


def halls(plan: Plan) -> dict[str, float]:
    return {key.site: amount for key, amount in added(plan).items() if key.kind == "hall"}


def alternatives(case: Case, within: float, count: int) -> tuple[list[Plan], Alternative]:
    """Plans within a share of the least cost, each found after those before it, and how the search for more ended."""
    plans = [solve(case, gap=1e-9, threads=1)]
    limit = (1 + within) * (plans[0].objective_cny or 0.0)
    while True:
        found = find_alternative(case, [added(plan) for plan in plans], limit, plans[0].tables, gap=1e-6, threads=1)
        if found.plan is None or len(plans) == count:
            return plans, found
        plans.append(found.plan)


@pytest.fixture
def four_plots(make_case: MakeCase) -> Case:
    """Two halls are needed; each of four plots has room for one, at 100, 101, 102 or 103 CNY. Servers cost nothing."""
    return make_case(
        sites=[{"id": site, "existing": False, "build_cost_factor": cost / 100} for site, cost in COSTS.items()],
        hall_types=[{"capex_cny": 100}],
        hardware=[{"price_cny": 0}],
        workloads=[{"demand": 200}],
    )


def test_all_near_optimal_plans_are_found_the_most_different_first(four_plots: Case) -> None:
    """Two of four plots: ab 201, ac 202, ad = bc 203, bd 204, cd 205. Within 2% of 201, up to 205.02: all six.

    First ab; nothing of it is in cd; each other pair has one plot in common with ab and one with cd. Of these the
    fourth plan has none in common with the third.
    """
    plans, end = alternatives(four_plots, 0.02, 7)
    pairs = ["".join(sorted(halls(plan))) for plan in plans]
    assert pairs[:2] == ["ab", "cd"]
    assert sorted(pairs[2:]) == ["ac", "ad", "bc", "bd"]
    assert [plan.objective_cny for plan in plans] == pytest.approx(
        [sum(COSTS[site] for site in pair) for pair in pairs]
    )
    assert set(pairs[2:4]) in ({"ac", "bd"}, {"ad", "bc"})
    assert end.why == "none"


def test_the_limit_of_cost_is_kept(four_plots: Case) -> None:
    """Within 1.2% of 201, up to 203.41: ab, ac, ad and bc."""
    plans, end = alternatives(four_plots, 0.012, 7)
    assert sorted("".join(sorted(halls(plan))) for plan in plans) == ["ab", "ac", "ad", "bc"]
    assert end.why == "none"


def test_halls_count_by_how_many_stand_where(make_case: MakeCase) -> None:
    """Three halls at two plots for two and three; at 100 a hall on both, with 2 halls here and 1 there or the reverse.

    (1, 2) has of (2, 1) one hall here and one there: one of three is elsewhere. (0, 3) has one of three: more differs.
    """
    case = make_case(
        sites=[
            {"id": "here", "existing": False, "max_halls": 2},
            {"id": "there", "existing": False, "max_halls": 3, "build_cost_factor": 1.01},
        ],
        hall_types=[{"capex_cny": 100}],
        hardware=[{"price_cny": 0}],
        workloads=[{"demand": 300}],
    )
    plans, end = alternatives(case, 0.02, 4)
    assert [halls(plan) for plan in plans] == [
        {"here": 2, "there": 1},  # 301
        {"there": 3},  # 303
        {"here": 1, "there": 2},  # 302
    ]
    assert end.why == "none"
    first, second, third = (added(plan) for plan in plans)
    # Sites 1 of 2, halls 2 of 3, servers 200 of 300 are not in the second plan; the third lacks only the latter's half.
    assert difference(case, second, first) == pytest.approx((1 / 2 + 2 / 3 + 2 / 3) / 3)
    assert difference(case, third, first) == pytest.approx((0 + 1 / 3 + 1 / 3) / 3)
    assert difference(case, first, second) == pytest.approx((0 + 2 / 3 + 2 / 3) / 3)


def test_waste_is_no_alternative(make_case: MakeCase) -> None:
    """A second hall would cost 1 of 101, within 2%, and do nothing: what is built is the same."""
    case = make_case(
        sites=[{"existing": False, "max_halls": 2}],
        hall_types=[{"capex_cny": 1}],
        hardware=[{"price_cny": 1}],
        workloads=[{"demand": 100}],
    )
    plans, end = alternatives(case, 0.02, 3)
    assert len(plans) == 1
    assert end.why == "none"


def test_a_plan_that_builds_nothing_has_no_alternative(make_case: MakeCase) -> None:
    case = make_case(workloads=[{"demand": 0}])
    found = find_alternative(case, [{}], 1.0, {}, threads=1)
    assert found == Alternative("none")


@pytest.mark.parametrize("seed", range(6))
def test_what_is_added_is_the_same_in_tables_and_in_the_model(seed: int) -> None:
    case = draw_case("tiny", seed, sites=3, workloads=4, years=2).case
    plan = solve(case, gap=1e-3, threads=1)
    model, lookup = assemble(case)
    x = point_of(model, lookup, plan.tables)
    of_model = {key: form.value(x) for key, form in strategic_forms(model, lookup).items()}
    of_tables = added(plan)
    assert of_tables
    for key, amount in of_model.items():
        if key.kind != "site" or key in of_tables:
            assert of_tables.get(key, 0.0) == pytest.approx(amount, abs=1e-9)
    assert set(of_tables) <= set(of_model)


def test_with_many_whole_numbers_a_price_leads_there(four_plots: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if four plots were many: where what ab adds has a price, another pair is cheaper, and below 2% more."""
    for module in ("direction", "priced"):
        monkeypatch.setattr(f"suanli.model.questions.{module}.FEW_INTEGERS", 0)
    best = solve(four_plots, gap=1e-9, threads=1)
    found = find_alternative(four_plots, [added(best)], 205.02, best.tables, gap=1e-6, time_limit=30, threads=1)
    assert found.plan is not None
    cost = sum(COSTS[site] for site in halls(found.plan))
    assert found.plan.objective_cny == pytest.approx(cost)
    assert cost <= 205
    assert difference(four_plots, added(found.plan), added(best)) >= 0.5 - 1e-6


def test_the_bound_of_the_case_is_not_that_of_the_difference(four_plots: Case) -> None:
    """cd is proved the cheapest plan that has nothing of ab, at 205; above the least cost it is (205 - 201) / 205."""
    best = solve(four_plots, gap=1e-9, threads=1)
    found = find_alternative(four_plots, [added(best)], 205.02, best.tables, gap=1e-6, threads=1).plan
    assert found is not None
    assert found.status == "optimal"
    assert found.bound_cny == pytest.approx(205)
    saved = with_bound_of_case(found, best.bound_cny)
    assert saved.status == "feasible"
    assert saved.bound_cny == pytest.approx(201)
    assert saved.gap == pytest.approx(4 / 205)


def test_the_direction_is_the_most_different(four_plots: Case) -> None:
    best = solve(four_plots, gap=1e-9, threads=1)
    direction = find_direction(four_plots, [added(best)], 205.02, best.tables, gap=1e-6, seconds=60)
    assert not isinstance(direction, str)
    assert direction.difference == pytest.approx(1.0)
    assert halls(replace(best, tables=direction.tables)) == {"c": 1, "d": 1}
