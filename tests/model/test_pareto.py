"""Trade-offs: the points of the curve equal the arithmetic in each test."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from suanli.inputs.case import Case
from suanli.inputs.parts import Metric, Scope
from suanli.model import solve
from suanli.model.questions.pareto import (
    Axis,
    Better,
    Point,
    attained,
    far_end,
    knee,
    marginal_prices,
    plan_towards,
    required_values,
)

if TYPE_CHECKING:
    from .conftest import MakeCase, Solution

YEAR = 2024

SERVERS = [
    {"id": "limited", "counted_pflops": 1, "price_cny": 100, "supply": {YEAR: 12}},
    {"id": "dear", "counted_pflops": 1, "price_cny": 150, "domestic": True},
]
"""Of the cheaper servers there are only twelve."""


def axis(metric: Metric, better: Better) -> Axis:
    return Axis(metric, Scope(), YEAR, better)


def curve(case: Case, wanted: Axis, points: int, within: float) -> list[tuple[float, float]]:
    """Value and cost of each point, from the cheapest plan on; each is planned from the next one beyond it."""
    best = solve(case, gap=1e-9, threads=1)
    assert best.objective_cny is not None
    nearest = attained(case, best.tables, wanted)
    assert nearest is not None
    limit = (1 + within) * best.objective_cny
    far = far_end(case, wanted, nearest, best.tables, limit, gap=0.01, seconds=60)
    assert far.proved
    found, start = [], None
    for value in reversed(required_values(wanted, nearest, far.value, points)):
        plan = solve(wanted.demanded(case, value), gap=1e-9, threads=1, start=start)
        start = plan.tables
        reached = attained(case, plan.tables, wanted)
        assert plan.status == "optimal"
        assert plan.objective_cny is not None
        assert reached is not None
        found.append((reached, plan.objective_cny))
    return [(nearest, best.objective_cny), *reversed(found)]


def test_compute_gets_dearer_when_the_cheaper_servers_are_sold_out(make_case: MakeCase) -> None:
    """Ten units need ten servers at 100. Up to 1,800 CNY: two more at 100, then four at 150: 16 PFLOPS.

    The chord rises by 800 for 6. At 12 it is a third of the way for a quarter of the cost, at 14 two thirds for five
    eighths: the first lies further below.
    """
    case = make_case(hardware=SERVERS, workloads=[{"demand": 10}])
    points = curve(case, axis("compute_pflops", "most"), 4, within=0.8)
    np.testing.assert_allclose(points, [(10, 1000), (12, 1200), (14, 1500), (16, 1800)], rtol=1e-6, atol=1e-6)
    drawn = [Point(value, cost) for value, cost in points]
    assert marginal_prices(drawn) == [pytest.approx(100), pytest.approx(150), pytest.approx(150), None]
    assert knee(drawn) == 1


def test_green_power_has_one_price(make_case: MakeCase) -> None:
    """Ten servers use 1 MWh each, at 1 t; green power costs 10 CNY a MWh more: from 10 t at 1,000 to none at 1,100."""
    case = make_case(
        sites=[{"carbon_kg_per_kwh": 1, "green_max_share": 1, "green_premium_cny_per_kwh": 0.01}],
        hardware=[{"average_kw": 1 / 8.76}],
        workloads=[{"demand": 10}],
    )
    points = curve(case, axis("carbon_tonnes", "least"), 5, within=0.2)
    wanted = [(10, 1000), (7.5, 1025), (5, 1050), (2.5, 1075), (0, 1100)]
    np.testing.assert_allclose(points, wanted, rtol=1e-6, atol=1e-6)
    drawn = [Point(value, cost) for value, cost in points]
    assert marginal_prices(drawn)[:4] == pytest.approx([10] * 4)
    assert knee(drawn) is None, "a straight line has none"


def test_the_far_end_costs_no_more_than_the_limit(make_case: MakeCase) -> None:
    """Green power for 4% of 1,000 CNY, that is 40 CNY, is 4 MWh: 6 t are left."""
    case = make_case(
        sites=[{"carbon_kg_per_kwh": 1, "green_max_share": 1, "green_premium_cny_per_kwh": 0.01}],
        hardware=[{"average_kw": 1 / 8.76}],
        workloads=[{"demand": 10}],
    )
    points = curve(case, axis("carbon_tonnes", "least"), 2, within=0.04)
    np.testing.assert_allclose(points[-1], (6, 1040), rtol=1e-6, atol=1e-6)


def test_a_ratio_is_traded_like_any_other(make_case: MakeCase) -> None:
    """A domestic server instead of another costs 50 more: 300 CNY make six of ten domestic."""
    servers = [{**SERVERS[0], "supply": {}}, SERVERS[1]]
    case = make_case(hardware=servers, workloads=[{"demand": 10}])
    points = curve(case, axis("domestic_share", "most"), 4, within=0.3)
    np.testing.assert_allclose(points, [(0, 1000), (0.2, 1100), (0.4, 1200), (0.6, 1300)], rtol=1e-6, atol=1e-6)


def test_a_ratio_can_be_brought_down(make_case: MakeCase) -> None:
    """Ten servers of 1 MWh: PUE 2 in the old hall for 1,000 CNY; a new hall costs 50 and takes all of them: PUE 1."""
    case = make_case(
        sites=[{"allowed_halls": ["cool"], "existing_halls": {"hall": 1}, "max_halls": 2}],
        hall_types=[{"pue": 2}, {"id": "cool", "capex_cny": 50}],
        hardware=[{"average_kw": 1 / 8.76, "halls": ["hall", "cool"]}],
        workloads=[{"demand": 10}],
    )
    points = curve(case, axis("pue", "least"), 2, within=0.1)
    np.testing.assert_allclose(points, [(2, 1000), (1, 1050)], rtol=1e-6, atol=1e-6)


def test_counted_things_are_asked_for_in_whole_numbers(make_case: MakeCase) -> None:
    """Three edge nodes at 10, 20 and 30 CNY beside a centre with ten servers at 100: 1,060 CNY for all."""
    nodes = [
        {"id": f"edge{n}", "kind": "edge", "existing": False, "opening_cost_cny": 10 * n, "earliest_year": YEAR}
        for n in (1, 2, 3)
    ]
    case = make_case(sites=[{}, *nodes], workloads=[{"demand": 10, "sites": ["site"]}])
    points = curve(case, axis("edge_nodes", "most"), 8, within=0.1)
    np.testing.assert_allclose(points, [(0, 1000), (1, 1010), (2, 1030), (3, 1060)], rtol=1e-6, atol=1e-6)


def test_indicators_of_targets_can_be_traded(make_case: MakeCase) -> None:
    """Districts with an edge node: two nodes stand in one district; one node is enough, at 10 CNY, and 20 elsewhere."""
    places = [("a", "north", 10), ("b", "north", 11), ("c", "south", 20)]
    nodes = [
        {"id": name, "district": district, "kind": "edge", "existing": False, "opening_cost_cny": cost}
        for name, district, cost in places
    ]
    case = make_case(sites=[{}, *nodes], workloads=[{"demand": 10, "sites": ["site"]}])
    points = curve(case, axis("districts_with_edge", "most"), 8, within=0.1)
    np.testing.assert_allclose(points, [(0, 1000), (1, 1010), (2, 1030)], rtol=1e-6, atol=1e-6)


def test_a_metric_that_cannot_change_has_no_range(make_case: MakeCase) -> None:
    """Servers without energy emit nothing, whatever is paid."""
    case = make_case(workloads=[{"demand": 10}])
    best, wanted = solve(case, gap=1e-9, threads=1), axis("carbon_tonnes", "least")
    assert attained(case, best.tables, wanted) == 0
    far = far_end(case, wanted, 0.0, best.tables, 2000, gap=0.01, seconds=60)
    assert (far.value, far.proved) == (0, True)


def test_a_share_of_nothing_has_no_value(make_case: MakeCase) -> None:
    case = make_case(workloads=[{"demand": 0}])
    plan = solve(case, gap=1e-9, threads=1)
    assert attained(case, plan.tables, axis("domestic_share", "most")) is None


def test_with_many_whole_numbers_the_far_end_leaves_room(make_case: MakeCase, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if ten servers were many: 12 at 100 and 150 each beyond, for 1,800 / 1.01 CNY, in fractions."""
    monkeypatch.setattr("suanli.model.questions.pareto.FEW_INTEGERS", 0)
    monkeypatch.setattr("suanli.model.search.relaxations.DEAR", 1.0)
    case = make_case(hardware=SERVERS, workloads=[{"demand": 10}])
    best = solve(case, gap=1e-9, threads=1)
    far = far_end(case, axis("compute_pflops", "most"), 10.0, best.tables, 1800, gap=0.01, seconds=60)
    assert far.value == pytest.approx(12 + (1800 / 1.01 - 1200) / 150, rel=0.011)
    assert not far.proved


def test_a_price_leads_near_a_value(make_case: MakeCase, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if ten servers were many: 14 PFLOPS cost 150 each at the margin. At that price a server more is for nothing.

    Half as much again, and it pays to buy all that find a rack: 100. Either plan is a start for what attains 14.
    """
    monkeypatch.setattr("suanli.model.questions.priced.FEW_INTEGERS", 0)
    case = make_case(hardware=SERVERS, workloads=[{"demand": 10}])
    wanted = axis("compute_pflops", "most")
    found = plan_towards(case, wanted, 14, gap=1e-9, seconds=60, threads=1)
    assert found.tables is not None
    reached = attained(case, found.tables, wanted)
    assert reached is not None
    assert 14 <= reached <= 100
    plan = solve(wanted.demanded(case, 14), gap=1e-9, threads=1, start=found.tables)
    assert plan.progress[0].step == "the plan to start from"
    assert plan.objective_cny == pytest.approx(1500)


def test_a_point_is_an_ordinary_case_whose_plan_is_audited(
    make_case: MakeCase, audited: Callable[[Any], Solution]
) -> None:
    case = axis("compute_pflops", "most").demanded(make_case(hardware=SERVERS, workloads=[{"demand": 10}]), 13)
    solution = audited(solve(case, gap=1e-9, threads=1))
    assert solution.cost == pytest.approx(1200 + 150)
    assert solution.cell("targets", "attained", target="traded") == 13


def test_values_are_evenly_spaced_and_end_at_the_far_end() -> None:
    assert required_values(axis("carbon_tonnes", "least"), 100, 60, 5) == [90, 80, 70, 60]
    assert required_values(axis("edge_nodes", "most"), 1, 4, 7) == [2, 3, 4], "1.5 is 1, which is there anyway"
    assert required_values(axis("edge_nodes", "least"), 4, 1, 3) == [3, 1], "2.5 would be 3"


def test_the_knee_is_where_the_curve_bends_most() -> None:
    assert knee([Point(0, 0), Point(5, 1), Point(10, 10)]) == 1
    assert knee([Point(0, 0), Point(5, 9), Point(10, 10)]) is None, "above the chord nothing bends the right way"
    assert knee([Point(10, 0), Point(8, 1), Point(4, 2), Point(0, 10)]) == 2, "downwards too: 60% of the way for 20%"
    assert knee([Point(0, 0), Point(10, 10)]) is None
    assert knee([Point(0, 5), Point(1, 5), Point(2, 5)]) is None, "what costs nothing has no knee"


def test_there_is_no_price_where_nothing_changes() -> None:
    assert marginal_prices([Point(3, 100), Point(3, 100), Point(1, 150)]) == [None, 25, None]
