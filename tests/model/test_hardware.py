"""Hardware: bought in lots while the market sells it, kept until its life ends, and the racks it takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .conftest import Solution

    Solve = Callable[..., Solution]
    Status = Callable[..., str]

TWO_YEARS = (2024, 2025)
THREE_YEARS = (2024, 2025, 2026)


def fleet(count: int, install_year: int) -> dict[str, Any]:
    return {"site": "site", "hall": "hall", "hardware": "server", "count": count, "install_year": install_year}


def test_hardware_serves_for_its_life_and_is_then_replaced(solved: Solve) -> None:
    plan = solved(years=THREE_YEARS, hardware=[{"life_years": 2}], workloads=[{"demand": 3}])
    # Bought in 2024, in service in 2024 and 2025; those of 2026 have half of their life left at the end.
    assert plan.cost == pytest.approx(3 * 100 + 3 * 100 - 3 * 100 / 2, rel=1e-9)
    assert plan.each("hardware", "bought") == [3, 0, 3]
    assert plan.each("hardware", "in_service") == [3, 3, 3]


def test_hardware_is_bought_in_whole_lots(solved: Solve) -> None:
    plan = solved(hardware=[{"lot": 4}], workloads=[{"demand": 5}])
    assert plan.cost == pytest.approx(2 * 4 * 100, rel=1e-9)
    assert plan.cell("hardware", "bought") == 8
    assert plan.cell("hardware", "in_service") == 8


def test_the_fleet_is_gone_at_the_end_of_its_life(solved: Solve) -> None:
    plan = solved(
        years=THREE_YEARS, hardware=[{"life_years": 3}], fleet=[fleet(5, 2022)], workloads=[{"demand": 5}]
    )  # fmt: skip
    # Installed in 2022 for three years: 2022, 2023 and 2024. Those of 2025 have a third of their life left in the end.
    assert plan.cost == pytest.approx(5 * 100 * (1 - 1 / 3), rel=1e-9)
    assert plan.each("hardware", "kept") == [5, 0, 0]
    assert plan.each("hardware", "bought") == [0, 5, 0]


def test_a_fleet_past_its_life_serves_nothing(status: Status) -> None:
    case = {"hardware": [{"life_years": 3, "available_to": 2023, "available_from": 2020}], "workloads": [{"demand": 5}]}
    assert status(**case, fleet=[fleet(5, 2022)]) == "optimal"
    assert status(**case, fleet=[fleet(5, 2021)]) == "infeasible"
    assert status(**case, fleet=[fleet(4, 2022)]) == "infeasible"


def test_retired_hardware_does_not_come_back(solved: Solve) -> None:
    plan = solved(
        years=TWO_YEARS,
        hardware=[{"life_years": 9, "maintenance_rate": 0.1, "available_from": 2026}],
        fleet=[fleet(8, 2022)],
        workloads=[{"demand": {2024: 0, 2025: 5}}],
    )
    # None is needed in 2024, but the five of 2025 have to be kept through it, at 10% of 100 CNY each.
    assert plan.cost == pytest.approx(2 * 5 * 10, rel=1e-9)
    assert plan.each("hardware", "kept") == [5, 5]


def test_what_is_no_longer_needed_is_retired_early(solved: Solve) -> None:
    plan = solved(
        years=TWO_YEARS,
        hardware=[{"life_years": 9, "maintenance_rate": 0.1}],
        fleet=[fleet(8, 2022)],
        workloads=[{"demand": {2024: 6, 2025: 2}}],
    )
    assert plan.cost == pytest.approx((6 + 2) * 10, rel=1e-9)
    assert plan.each("hardware", "kept") == [6, 2]


def test_several_fleets_of_a_kind_add_up(solved: Solve) -> None:
    plan = solved(
        years=TWO_YEARS,
        hardware=[{"life_years": 3}],
        fleet=[fleet(2, 2022), fleet(3, 2023)],
        workloads=[{"demand": 5}],
    )  # fmt: skip
    # The two of 2022 end with 2024; two are bought, with two thirds of their life left at the end of 2025.
    assert plan.cost == pytest.approx(2 * 100 / 3, rel=1e-9)
    assert plan.each("hardware", "kept") == [5, 3]


@pytest.mark.parametrize(("lot", "sold"), [(1, 5), (2, 4), (6, 0)])
def test_the_market_s_supply_limits_units_of_whole_lots(solved: Solve, lot: int, sold: int) -> None:
    plan = solved(
        years=TWO_YEARS,
        sites=[{"id": "a"}, {"id": "b"}],
        hardware=[{"lot": lot, "supply": {2024: 5}}, {"id": "dear", "price_cny": 1000, "available_to": 2024}],
        workloads=[{"demand": 12}],
    )
    # 5 units in 2024, over all sites, the rest of 12 at ten times the price; 2025 has no limit.
    assert plan.cost == pytest.approx(sold * 100 + (12 - sold) * 1000 + 12 * 100, rel=1e-9)
    bought = plan.plan.tables["hardware"].groupby(["hardware", "year"])["bought"].sum()
    assert bought.get(("server", 2024), 0) == sold
    assert bought["server", 2025] == 12


def test_hardware_is_bought_in_its_market_years_only(solved: Solve) -> None:
    plan = solved(
        years=THREE_YEARS,
        hardware=[{"available_from": 2025, "available_to": 2025}, {"id": "dear", "price_cny": 1000}],
        workloads=[{}],
    )
    assert plan.cost == pytest.approx(1000 + 100 + 1000, rel=1e-9)
    assert plan.each("hardware", "bought", hardware="server") == [0, 1, 0]


def test_hardware_stands_only_at_its_sites_and_in_its_halls(solved: Solve) -> None:
    plan = solved(
        sites=[{"id": "a"}, {"id": "b", "existing_halls": {"hall": 1, "cold": 1}, "max_halls": 2}],
        hall_types=[{}, {"id": "cold"}],
        hardware=[{"sites": ["a"], "halls": ["cold"]}, {"id": "dear", "price_cny": 1000, "sites": ["b"]}],
        workloads=[{}],
    )
    # The cheap one fits the cold hall, which stands at b, but may stand at a only.
    assert plan.cost == pytest.approx(1000, rel=1e-9)
    assert plan.cell("hardware", "bought", hardware="dear", site="b", hall="hall") == 1


@pytest.mark.parametrize(
    ("rack_units", "peak_kw", "in_two_halls"),
    [
        (3, 1, 20 * 3),  # floor(10 U / 3 U) = 3 in a rack
        (1, 4, 20 * 2),  # floor(10 kW / 4 kW) = 2
        (3, 4, 20 * 2),  # the smaller of the two
        (10, 10, 20),  # exactly a rack
        (0.1, 0.1, 20 * 100),  # 10 / 0.1 is 100, whatever binary fractions make of it
        (10 / 3, 1, 20 * 3),  # likewise three thirds
        (1, 0, 20 * 10),  # no power: height alone
        (0, 2.5, 20 * 4),  # no height: power alone
        (10.5, 1, 20 // 2),  # a supernode by height: two racks
        (1, 10.5, 20 // 2),  # a supernode by power
        (20, 20, 20 // 2),  # exactly two racks
        (25, 45, 20 // 5),  # 3 racks by height, 5 by power
        (35, 12, 20 // 4),  # 4 racks by height; racks of a hall type are counted together, so the fifth fits
    ],
)
def test_units_in_twenty_racks(solved: Solve, rack_units: float, peak_kw: float, in_two_halls: int) -> None:
    case: dict[str, Any] = {
        "sites": [{"existing": False, "max_halls": 9, "grid_kw": 9e9}],
        "hall_types": [{"racks": 10, "rack_kw": 10, "usable_u": 10, "capex_cny": 7000}],
        "hardware": [{"rack_units": rack_units, "peak_kw": peak_kw, "price_cny": 3}],
    }
    full = solved(**case, workloads=[{"demand": in_two_halls}])
    assert full.cost == pytest.approx(2 * 7000 + in_two_halls * 3, rel=1e-9)
    assert full.metric("racks_in_service") == 20 * 10 / 2.5
    assert full.metric("racks_occupied") == pytest.approx(20 * 10 / 2.5, rel=1e-9)

    one_more = solved(**case, workloads=[{"demand": in_two_halls + 1}])
    assert one_more.cost == pytest.approx(3 * 7000 + (in_two_halls + 1) * 3, rel=1e-9)


def test_hall_types_are_measured_each_by_itself(solved: Solve) -> None:
    plan = solved(
        sites=[{"existing_halls": {"low": 1, "high": 1}, "max_halls": 2}],
        hall_types=[{"id": "low", "usable_u": 4, "rack_kw": 2.5}, {"id": "high", "usable_u": 20, "rack_kw": 20}],
        hardware=[{"rack_units": 2, "peak_kw": 1, "halls": ["low", "high"]}],
        workloads=[{"demand": 10 * min(4 // 2, 2) + 10 * min(20 // 2, 20)}],
    )
    assert plan.cell("hardware", "in_service", hall="low") == 20
    assert plan.cell("hardware", "in_service", hall="high") == 100
    # 10 racks of 2.5 kW and 10 of 20 kW, all full
    assert plan.metric("racks_occupied") == pytest.approx(10 + 80, rel=1e-9)


def test_kinds_of_hardware_share_the_racks_of_a_hall(status: Status) -> None:
    case = {
        "hardware": [{}, {"id": "large", "pool": "large", "rack_units": 5}],
    }
    for large, expected in ((10, "optimal"), (11, "infeasible")):
        # 50 servers take 5 of 10 racks, which leaves room for 5 x 2 large ones.
        workloads = [{"demand": 50}, {"id": "large", "pool": "large", "demand": large}]
        assert status(**case, workloads=workloads) == expected


def test_what_has_neither_height_nor_power_takes_no_rack(solved: Solve) -> None:
    plan = solved(hardware=[{"rack_units": 0, "peak_kw": 0}], workloads=[{"demand": 12345}])
    assert plan.cost == pytest.approx(12345 * 100, rel=1e-9)
    assert plan.metric("racks_occupied") == 0


def test_a_hall_full_by_height_and_by_power_carries_its_hardware(solved: Solve) -> None:
    # 5 units of 2 kW in a rack of 10 kW: all 100 kW of the hall.
    plan = solved(hardware=[{"rack_units": 2, "peak_kw": 2}], workloads=[{"demand": 50}])
    assert plan.cost == pytest.approx(50 * 100, rel=1e-9)
    assert plan.cell("power", "peak_kw") == pytest.approx(100, rel=1e-9)
