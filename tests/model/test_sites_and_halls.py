"""Sites: opened once, from their earliest year on. Halls: built, converted, limited by the plot."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .conftest import Solution

    Solve = Callable[..., Solution]
    Status = Callable[..., str]

TWO_YEARS = (2024, 2025)


def test_a_site_opens_when_it_is_needed_and_stays_open(solved: Solve) -> None:
    plan = solved(
        years=(2024, 2025, 2026),
        sites=[
            {"id": "old", "existing_halls": {}},
            {"id": "new", "existing": False, "opening_cost_cny": 500, "fixed_cost_cny_per_year": 10},
        ],
        workloads=[{"demand": {2024: 0, 2025: 3, 2026: 0}}],
    )
    # The old site has no hall, so it serves only the years without demand; the new one is paid for until the end.
    assert plan.cost == pytest.approx(500 + 2 * 10 + 3 * 100, rel=1e-9)
    assert plan.each("sites", "open", site="new") == [0, 1, 1]
    assert plan.each("sites", "open", site="old") == [1, 1, 1]
    assert plan.costs() == {"site_opening": 500, "site_fixed": 20, "hardware": 300}


def test_an_existing_site_costs_its_fixed_cost_but_no_opening(solved: Solve) -> None:
    plan = solved(years=TWO_YEARS, sites=[{"opening_cost_cny": 500, "fixed_cost_cny_per_year": 10}])
    assert plan.cost == pytest.approx(2 * 10, rel=1e-9)
    assert plan.each("sites", "open") == [1, 1]


def test_a_workload_without_demand_still_needs_an_open_site(solved: Solve) -> None:
    plan = solved(sites=[{"existing": False, "opening_cost_cny": 500}], workloads=[{"demand": 0}])
    assert plan.cost == pytest.approx(500, rel=1e-9)


def test_a_standby_needs_an_open_site(solved: Solve) -> None:
    new = {"id": "new", "existing": False, "opening_cost_cny": 500, "allowed_halls": []}
    plan = solved(sites=[{}, new], workloads=[{"demand": 0, "backup": 1.0}])
    assert plan.cost == pytest.approx(500, rel=1e-9)
    assert plan.cell("sites", "open", site="new") == 1


@pytest.mark.parametrize("existing", [True, False])
def test_nothing_is_placed_before_the_earliest_year(solved: Solve, existing: bool) -> None:
    plan = solved(
        years=TWO_YEARS,
        sites=[{"existing": existing, "earliest_year": 2025}],
        workloads=[{"demand": 3, "unserved_penalty_cny": 1000}],
    )
    assert plan.cost == pytest.approx(1000 + 3 * 100, rel=1e-9)
    assert plan.each("sites", "open") == [int(existing), 1]
    assert plan.each("hardware", "bought") == [0, 3]
    assert plan.each("placement", "share", role="unserved") == [1, 0]


def test_nothing_is_bought_or_built_before_the_earliest_year(status: Status) -> None:
    site = {"earliest_year": 2025, "allowed_halls": ["hall"], "max_halls": 2}
    for metric, value in (("compute_pflops", 1), ("racks_in_service", 80)):
        wanted = {"metric": metric, "value": value}
        case = {"years": TWO_YEARS, "sites": [site], "hardware": [{"counted_pflops": 1}]}
        assert status(**case, targets=[{**wanted, "year": 2024}]) == "infeasible"
        assert status(**case, targets=[{**wanted, "year": 2025}]) == "optimal"


def test_halls_are_built_when_the_racks_are_full(solved: Solve) -> None:
    plan = solved(
        years=TWO_YEARS,
        sites=[{"existing": False, "max_halls": 3}],
        hall_types=[{"capex_cny": 7000, "upkeep_cny_per_year": 20}],
        workloads=[{"demand": {2024: 100, 2025: 101}}],
    )
    # 10 racks of 10 servers: 100 servers fill a hall, the 101st needs a second one.
    assert plan.cost == pytest.approx(2 * 7000 + (1 + 2) * 20 + (100 + 101) * 100, rel=1e-9)
    assert plan.each("halls", "built") == [1, 1]
    assert plan.each("halls", "in_service") == [1, 2]


def test_a_hall_type_that_is_not_allowed_is_not_built(solved: Solve) -> None:
    plan = solved(
        sites=[{"existing": False, "allowed_halls": ["dear"]}],
        hall_types=[{"id": "cheap", "capex_cny": 1}, {"id": "dear", "capex_cny": 50}],
        hardware=[{"halls": ["cheap", "dear"]}],
        workloads=[{}],
    )
    assert plan.cost == pytest.approx(50 + 100, rel=1e-9)
    assert plan.cell("halls", "built", hall="dear") == 1


@pytest.mark.parametrize(("lead_years", "earliest_year", "first"), [(0, 2024, 2024), (2, 2025, 2026), (1, 2026, 2026)])
def test_no_hall_is_in_service_before_its_lead_years_are_over(
    solved: Solve, lead_years: int, earliest_year: int, first: int
) -> None:
    plan = solved(
        years=(2024, 2025, 2026),
        sites=[{"existing": False, "earliest_year": earliest_year}],
        hall_types=[{"capex_cny": 50, "lead_years": lead_years}],
        workloads=[{"unserved_penalty_cny": 1000}],
    )
    # From the base year's end the lead years pass without halls: max(2024 + lead, earliest) is the first with one.
    served = 2026 - first + 1
    assert plan.cost == pytest.approx(50 + served * 100 + (3 - served) * 1000, rel=1e-9)
    assert plan.cell("halls", "built", year=first) == 1


RETROFIT: dict[str, Any] = {
    "hall_types": [{"id": "legacy"}, {"id": "liquid", "capex_cny": 9000, "lead_years": 3}],
    "conversions": [{"from_hall": "legacy", "to_hall": "liquid", "cost_cny": 300}],
    "hardware": [{"halls": ["liquid"]}],
}


def test_a_full_plot_is_converted_without_lead_time(solved: Solve) -> None:
    plan = solved(
        **RETROFIT,
        sites=[{"existing_halls": {"legacy": 3}, "allowed_halls": ["liquid"], "max_halls": 3}],
        workloads=[{"demand": 150}],
    )
    assert plan.cost == pytest.approx(2 * 300 + 150 * 100, rel=1e-9)
    assert plan.cell("halls", "converted_away", hall="legacy") == 2
    assert plan.cell("halls", "converted_in", hall="liquid") == 2
    assert plan.cell("halls", "in_service", hall="legacy") == 1
    assert plan.cell("halls", "in_service", hall="liquid") == 2


def test_only_existing_halls_are_converted(solved: Solve) -> None:
    plan = solved(
        years=TWO_YEARS,
        hall_types=[{"id": "legacy", "capex_cny": 10}, {"id": "liquid", "capex_cny": 9000, "lead_years": 1}],
        conversions=RETROFIT["conversions"],
        hardware=RETROFIT["hardware"],
        sites=[{"existing_halls": {"legacy": 1}, "allowed_halls": ["legacy", "liquid"], "max_halls": 9}],
        workloads=[{"demand": {2024: 1, 2025: 150}}],
    )
    # A second legacy hall for 10 and its conversion for 300 would be cheaper than 9000, but it is not an existing one.
    assert plan.cost == pytest.approx(300 + 9000 + 151 * 100, rel=1e-9)
    assert plan.each("halls", "converted_in", hall="liquid") == [1, 0]
    assert plan.each("halls", "built", hall="liquid") == [0, 1]


def test_the_limit_of_conversions_counts_all_hall_types_made(status: Status) -> None:
    case = {
        "hall_types": [{"id": "legacy"}, {"id": "air"}, {"id": "liquid"}],
        "conversions": [{"from_hall": "legacy", "to_hall": hall, "cost_cny": 1} for hall in ("air", "liquid")],
        "hardware": [{"id": hall, "pool": hall, "halls": [hall]} for hall in ("air", "liquid")],
        "workloads": [{"id": hall, "pool": hall} for hall in ("air", "liquid")],
    }
    site = {"allowed_halls": ["air", "liquid"], "max_halls": 2}
    assert status(**case, sites=[{**site, "existing_halls": {"legacy": 2}}]) == "optimal"
    # One could still build the other hall, but for its lead time.
    late = {**case, "hall_types": [{"id": "legacy"}, {"id": "air", "lead_years": 1}, {"id": "liquid", "lead_years": 1}]}
    assert status(**late, sites=[{**site, "existing_halls": {"legacy": 1}}]) == "infeasible"


def test_a_conversion_into_a_hall_type_that_is_not_allowed_is_impossible(status: Status) -> None:
    site = {"existing_halls": {"legacy": 1}, "max_halls": 1}
    assert status(**RETROFIT, sites=[{**site, "allowed_halls": ["liquid"]}], workloads=[{}]) == "optimal"
    assert status(**RETROFIT, sites=[site], workloads=[{}]) == "infeasible"


def test_a_converted_hall_no_longer_holds_what_stood_in_it(solved: Solve) -> None:
    old = {"id": "old", "pool": "old", "halls": ["legacy"], "life_years": 9, "available_to": 2024}
    plan = solved(
        **{**RETROFIT, "hardware": [*RETROFIT["hardware"], old]},
        fleet=[{"site": "site", "hall": "legacy", "hardware": "old", "count": 150, "install_year": 2020}],
        sites=[{"existing_halls": {"legacy": 2}, "allowed_halls": ["liquid"], "max_halls": 2}],
        workloads=[{"id": "new"}, {"id": "old", "pool": "old", "demand": 150, "unserved_penalty_cny": 1500}],
    )
    # One of two halls is converted, so 100 of the 150 old servers are left: a third of their work is not served.
    assert plan.cost == pytest.approx(300 + 100 + 1500 / 3, rel=1e-9)
    assert plan.cell("hardware", "kept", hall="legacy") == 100


def test_the_plot_limits_the_halls(solved: Solve) -> None:
    plan = solved(
        sites=[{"allowed_halls": ["hall"], "max_halls": 2}],
        hall_types=[{"capex_cny": 50}],
        workloads=[{"demand": 300, "unserved_penalty_cny": 90_000}],
    )
    # Two halls (one of them built) of 100 servers for 300 units: a third is not served.
    assert plan.cost == pytest.approx(50 + 200 * 100 + 90_000 / 3, rel=1e-9)
    assert plan.cell("placement", "share", role="unserved") == pytest.approx(1 / 3, rel=1e-9)


def test_no_hall_stands_at_a_site_that_is_not_open(solved: Solve) -> None:
    plan = solved(
        sites=[{"existing": False, "opening_cost_cny": 500, "max_halls": 5}],
        hall_types=[{"capex_cny": 50}],
        targets=[{"metric": "racks_in_service", "value": 50}],
    )
    # A hall of 10 racks of 10 kW counts as 40 standard racks of 2.5 kW.
    assert plan.cost == pytest.approx(500 + 2 * 50, rel=1e-9)
    assert plan.cell("sites", "open") == 1
