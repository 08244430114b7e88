"""Placement: what is served, backed up in another fault zone, and within capacity, egress and budget."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .conftest import Solution

    Solve = Callable[..., Solution]
    Status = Callable[..., str]

TWO_YEARS = (2024, 2025)


def capacity(**units: int) -> dict[str, Any]:
    """Sites with so many old servers each; none can be bought."""
    return {
        "hardware": [{"life_years": 9, "available_to": 2024, "supply": {2024: 0}}],
        "fleet": [
            {"site": site, "hall": "hall", "hardware": "server", "count": count, "install_year": 2023}
            for site, count in units.items()
        ],
    }


def test_a_workload_is_served_where_it_costs_least(solved: Solve) -> None:
    plan = solved(
        sites=[{"id": "a"}, {"id": "b"}],
        workloads=[{"demand": 3, "gbps": 2, "sites": {"a": 700, "b": 600}}],
    )
    assert plan.cost == pytest.approx(3 * 100 + 2 * 600, rel=1e-9)
    assert plan.cell("placement", "share", site="b", role="primary") == 1


def test_only_the_sites_of_its_list_serve_a_workload(solved: Solve) -> None:
    plan = solved(
        sites=[{"id": "a"}, {"id": "b", "fixed_cost_cny_per_year": 5, "existing": False}],
        workloads=[{"demand": 3, "gbps": 2, "sites": {"b": 600}}],
    )
    assert plan.cost == pytest.approx(3 * 100 + 2 * 600 + 5, rel=1e-9)


@pytest.mark.parametrize(("penalty", "served"), [(299, 0), (301, 1)])
def test_what_costs_more_than_its_penalty_is_not_served(solved: Solve, penalty: float, served: int) -> None:
    plan = solved(workloads=[{"demand": 3, "unserved_penalty_cny": penalty}])
    assert plan.cost == pytest.approx(min(penalty, 3 * 100), rel=1e-9)
    assert plan.cell("placement", "share", role="primary") == served
    assert plan.cell("placement", "share", role="unserved", site="") == 1 - served
    assert plan.metric("unserved_share", "all") == 1 - served


def test_the_unserved_share_is_the_mean_over_all_workloads(solved: Solve) -> None:
    plan = solved(
        **capacity(site=10),
        workloads=[
            {"id": "hard", "demand": 4},
            {"id": "dear", "demand": 5, "unserved_penalty_cny": 900},
            {"id": "cheap", "demand": 4, "unserved_penalty_cny": 200},
            {"id": "none", "demand": 0},
        ],
    )
    # 10 - 4 - 5 = 1 of 4 units of the cheapest can be served
    assert plan.cost == pytest.approx(200 * 3 / 4, rel=1e-9)
    assert plan.metric("unserved_share", "all") == pytest.approx((3 / 4) / 4, rel=1e-9)


def test_a_divisible_workload_is_split_and_an_indivisible_one_is_not(status: Status, solved: Solve) -> None:
    case: dict[str, Any] = {"sites": [{"id": "a"}, {"id": "b"}], **capacity(a=60, b=60)}
    plan = solved(**case, workloads=[{"demand": 100, "gbps": 1, "sites": {"a": 0, "b": 50}}])
    assert plan.cost == pytest.approx(0.4 * 50, rel=1e-9)
    assert plan.cell("placement", "share", site="a") == pytest.approx(0.6, rel=1e-9)
    assert status(**case, workloads=[{"demand": 100, "divisible": False}]) == "infeasible"


def test_an_indivisible_workload_is_served_wholly_or_not_at_all(solved: Solve) -> None:
    case: dict[str, Any] = {"sites": [{"id": "a"}, {"id": "b"}], **capacity(a=60, b=60)}
    whole = {"divisible": False, "unserved_penalty_cny": 700}
    plan = solved(**case, workloads=[{**whole, "id": name, "demand": 50} for name in ("x", "y", "z")])
    assert plan.cost == pytest.approx(700, rel=1e-9)
    assert sorted(plan.plan.tables["placement"]["share"]) == [1, 1, 1]


def test_a_workload_may_move_from_year_to_year(solved: Solve) -> None:
    plan = solved(
        years=TWO_YEARS,
        sites=[{"id": "a", "egress_gbps": 1}, {"id": "b"}],
        workloads=[{"divisible": False, "gbps": {2024: 1, 2025: 2}, "sites": {"a": 0, "b": 50}}],
    )
    assert plan.cost == pytest.approx(2 * 100 + 2 * 50, rel=1e-9)
    assert plan.each("placement", "site") == ["a", "b"]


@pytest.mark.parametrize("divisible", [True, False])
def test_a_backup_reserves_its_share_in_another_fault_zone(solved: Solve, divisible: bool) -> None:
    plan = solved(
        sites=[
            {"id": "a", "zone": "east"},
            {"id": "b", "zone": "east"},
            {"id": "c", "zone": "west", "existing": False, "opening_cost_cny": 500},
        ],
        workloads=[{"demand": 10, "backup": 0.5, "gbps": 1, "divisible": divisible}],
    )
    # 10 servers for the workload and 5 for its backup; a second site in the same zone will not do.
    assert plan.cost == pytest.approx(500 + (10 + 5) * 100, rel=1e-9)
    east = [plan.cell("placement", "share", site=site, role="standby") for site in ("a", "b")]
    in_west = plan.cell("placement", "share", site="c", role="standby")
    primary_in_west = plan.cell("placement", "share", site="c", role="primary")
    assert sum(east) + in_west == pytest.approx(1, rel=1e-9)
    assert in_west + primary_in_west == pytest.approx(1, rel=1e-9)


def test_parts_of_a_divisible_workload_back_each_other_up(solved: Solve) -> None:
    plan = solved(
        sites=[{"id": "a"}, {"id": "b"}],
        **capacity(a=10, b=10),
        workloads=[{"demand": 10, "backup": 1.0, "gbps": 1, "sites": {"a": 0, "b": 50}}],
    )
    # Each site holds ten of twenty; a takes all of the primary, b all of the standby, which has no traffic.
    assert plan.cost == pytest.approx(0, abs=1e-9)
    assert plan.cell("placement", "share", site="b", role="standby") == pytest.approx(1, rel=1e-9)


@pytest.mark.parametrize(("a", "b", "expected"), [(10, 10, "optimal"), (15, 5, "infeasible"), (11, 9, "infeasible")])
def test_no_zone_holds_more_than_one_whole_of_a_backed_up_workload(
    status: Status, a: int, b: int, expected: str
) -> None:
    # With 11 units at a, 10% of the workload would stand there with its own backup.
    workload = {"demand": 10, "backup": 1.0}
    assert status(sites=[{"id": "a"}, {"id": "b"}], **capacity(a=a, b=b), workloads=[workload]) == expected


def test_three_zones_share_a_workload_and_its_backup(solved: Solve) -> None:
    plan = solved(
        sites=[{"id": site} for site in "abc"],
        **capacity(a=6, b=6, c=6),
        workloads=[{"demand": 9, "backup": 1.0}],
    )
    for site in "abc":
        roles = [plan.cell("placement", "share", site=site, role=role) for role in ("primary", "standby")]
        assert sum(roles) == pytest.approx(6 / 9, rel=1e-9)


def test_an_indivisible_workload_has_its_backup_in_one_piece(status: Status) -> None:
    case: dict[str, Any] = {"sites": [{"id": site} for site in "abc"], **capacity(a=10, b=5, c=5)}
    assert status(**case, workloads=[{"demand": 10, "backup": 1.0}]) == "optimal"
    assert status(**case, workloads=[{"demand": 10, "backup": 1.0, "divisible": False}]) == "infeasible"
    assert status(**case, workloads=[{"demand": 10, "backup": 0.5, "divisible": False}]) == "optimal"


def test_the_backup_stands_by_even_if_nothing_is_served(solved: Solve) -> None:
    plan = solved(workloads=[{"demand": 10, "backup": 0.5, "unserved_penalty_cny": 700}])
    # With a single zone the workload or its backup has room there: the standby must be, so the workload is left out.
    assert plan.cost == pytest.approx(700 + 5 * 100, rel=1e-9)
    assert plan.cell("placement", "share", role="standby") == 1
    assert plan.cell("placement", "share", role="unserved") == 1


def test_capacity_is_usable_up_to_its_utilisation(solved: Solve) -> None:
    plan = solved(max_utilisation={"unit": 0.8}, workloads=[{"demand": 8}])
    assert plan.cost == pytest.approx(10 * 100, rel=1e-9)
    assert plan.metric("pool_capacity", "city; pool=pool; resource=unit") == pytest.approx(8, rel=1e-9)


def test_every_resource_of_a_workload_is_needed(solved: Solve) -> None:
    plan = solved(
        max_utilisation={"memory": 0.5},
        hardware=[{"provides": {"vcpu": 100, "memory": 400}}],
        workloads=[
            {"id": "a", "demand": {"vcpu": 150, "memory": 200}},
            {"id": "b", "demand": {"vcpu": 10, "memory": 500}},
        ],
    )
    # vCPU 160 / 100, memory 700 / (400 x 0.5) = 3.5: four servers
    assert plan.cost == pytest.approx(4 * 100, rel=1e-9)


def test_a_pool_serves_only_its_own_workloads(solved: Solve) -> None:
    plan = solved(
        hardware=[{}, {"id": "cloud", "pool": "cloud", "price_cny": 900}],
        workloads=[{"demand": 2}, {"id": "cloud", "pool": "cloud", "demand": 3}],
    )
    assert plan.cost == pytest.approx(2 * 100 + 3 * 900, rel=1e-9)


def test_kinds_of_a_pool_serve_together(solved: Solve) -> None:
    plan = solved(
        hardware=[{"supply": {2024: 2}}, {"id": "large", "provides": {"unit": 10}, "price_cny": 950}],
        workloads=[{"demand": 12}],
    )
    assert plan.cost == pytest.approx(2 * 100 + 950, rel=1e-9)


MIXED: list[dict[str, Any]] = [{"id": "imported"}, {"id": "domestic", "domestic": True, "price_cny": 300}]


def test_domestic_workloads_need_domestic_hardware(solved: Solve) -> None:
    plan = solved(
        hardware=MIXED,
        workloads=[{"id": "state", "demand": 3, "domestic_only": True}, {"id": "other", "demand": 4}],
    )
    assert plan.cost == pytest.approx(3 * 300 + 4 * 100, rel=1e-9)


def test_domestic_hardware_serves_others_but_nothing_twice(solved: Solve) -> None:
    plan = solved(
        hardware=[MIXED[0], {**MIXED[1], "lot": 5}],
        workloads=[{"id": "state", "demand": 3, "domestic_only": True}, {"id": "other", "demand": 4}],
    )
    # A lot of 5 domestic ones has two to spare; the others need two imported ones.
    assert plan.cost == pytest.approx(5 * 300 + 2 * 100, rel=1e-9)


def test_a_domestic_backup_needs_domestic_hardware(solved: Solve) -> None:
    plan = solved(
        sites=[{"id": "a"}, {"id": "b"}],
        hardware=MIXED,
        workloads=[{"demand": 4, "domestic_only": True, "backup": 0.5, "divisible": False}],
    )
    assert plan.cost == pytest.approx((4 + 2) * 300, rel=1e-9)


def test_no_domestic_hardware_no_domestic_workload(status: Status) -> None:
    assert status(workloads=[{"domestic_only": True}]) == "infeasible"
    assert status(workloads=[{"domestic_only": True, "unserved_penalty_cny": 1}]) == "optimal"


def test_egress_limits_the_traffic_of_a_site(solved: Solve) -> None:
    plan = solved(
        sites=[{"id": "a", "egress_gbps": 4}, {"id": "b"}],
        workloads=[{"demand": 10, "gbps": 10, "backup": 1.0, "sites": {"a": 0, "b": 50}}],
    )
    # 4 of 10 Gbps go to a and 6 to b; so 60% of the standby has to be at a, but it has no traffic.
    assert plan.cost == pytest.approx((10 + 10) * 100 + 6 * 50, rel=1e-9)
    assert plan.cell("placement", "share", site="a", role="primary") == pytest.approx(0.4, rel=1e-9)
    assert plan.cell("placement", "share", site="a", role="standby") == pytest.approx(0.6, rel=1e-9)


def test_the_budget_of_a_year_limits_its_capital(solved: Solve) -> None:
    case: dict[str, Any] = {
        "years": TWO_YEARS,
        "discount_rate": 0.25,
        "sites": [{"fixed_cost_cny_per_year": 1000}],
        "hardware": [{"life_years": 2, "fee_cny_per_year": 1}],
        "workloads": [{"demand": {2024: 0, 2025: 5}}],
    }
    # Each server of 2025 costs 100 x 0.64 less a salvage of 50 x 0.64, and a fee of 0.64; each of 2024 costs 100 x 0.8
    # and fees of 0.8 + 0.64. The fixed cost of 1000 and the fees are no capital.
    fixed, of_2024, of_2025 = 1000 * (0.8 + 0.64), 80 + 0.8 + 0.64, 64 - 32 + 0.64
    late = solved(**case)
    assert late.cost == pytest.approx(fixed + 5 * of_2025, rel=1e-9)
    early = solved(**case, budget_cny={2025: 300})
    assert early.cost == pytest.approx(fixed + 2 * of_2024 + 3 * of_2025, rel=1e-9)
    assert early.each("hardware", "bought") == [2, 3]


def test_the_budget_counts_every_kind_of_capital(status: Status) -> None:
    case: dict[str, Any] = {
        "sites": [
            {
                "existing": False,
                "opening_cost_cny": 1000,
                "build_cost_factor": 2,
                "grid_kw": 0,
                "grid_step_kw": 10,
                "grid_step_cost_cny": 100,
                "grid_max_steps": 1,
            },
            {"id": "old", "existing_halls": {"hall": 1}, "allowed_halls": ["liquid"]},
        ],
        "hall_types": [{"capex_cny": 20}, {"id": "liquid"}],
        "conversions": [{"from_hall": "hall", "to_hall": "liquid", "cost_cny": 7}],
        "hardware": [
            {"price_cny": 3, "lot": 2, "sites": ["site"]},
            {"id": "ai", "pool": "ai", "price_cny": 0, "halls": ["liquid"]},
        ],
        "workloads": [{"sites": ["site"]}, {"id": "ai", "pool": "ai", "sites": ["old"]}],
    }
    needed = 1000 + 2 * 20 + 100 + 7 + 2 * 3
    assert status(**case, budget_cny={2024: needed}) == "optimal"
    assert status(**case, budget_cny={2024: needed - 1}) == "infeasible"
