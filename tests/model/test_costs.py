"""Costs: every category at its price, in its year, at its site, discounted; and what is left at the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .conftest import Solution

    Solve = Callable[..., Solution]

TWO_YEARS = (2024, 2025)
# A rate of 25% makes one CNY of 2024 worth 0.8 and one of 2025 worth 0.64 at the end of 2023.
RATE = 0.25
FIRST, SECOND = 0.8, 0.64


def test_every_category_of_a_plan_with_all_of_them(solved: Solve) -> None:
    plan = solved(
        years=TWO_YEARS,
        discount_rate=RATE,
        carbon_price_cny_per_tonne=80,
        sites=[
            {
                "id": "old",
                "existing_halls": {"air": 1},
                "allowed_halls": ["liquid"],
                "fixed_cost_cny_per_year": 1000,
                "grid_kw": 0,
                "grid_step_kw": 10,
                "grid_step_cost_cny": 6000,
                "grid_max_steps": 9,
                "electricity_cny_per_kwh": 0.6,
                "carbon_kg_per_kwh": 0.5,
                "green_max_share": 0.5,
                "green_premium_cny_per_kwh": 0.02,
            },
            {
                "id": "new",
                "existing": False,
                "earliest_year": 2025,
                "allowed_halls": ["air"],
                "opening_cost_cny": 50_000,
                "build_cost_factor": 1.5,
                "in_city": False,
                "electricity_cny_per_kwh": 0.3,
                "carbon_kg_per_kwh": 0.2,
            },
        ],
        hall_types=[
            {"id": "air", "capex_cny": 40_000, "life_years": 10, "upkeep_cny_per_year": 700, "pue": 1.5},
            {"id": "liquid", "life_years": 5, "upkeep_cny_per_year": 900, "pue": 1.25},
        ],
        conversions=[{"from_hall": "air", "to_hall": "liquid", "cost_cny": 3000}],
        hardware=[
            {"average_kw": 0.5, "life_years": 4, "maintenance_rate": 0.05, "lot": 3, "halls": ["liquid"]},
            {"id": "leased", "pool": "lease", "price_cny": 0, "fee_cny_per_year": 70, "average_kw": 1}
            | {"halls": ["air"]},
        ],
        workloads=[
            {"demand": 6, "gbps": 2, "sites": {"old": 15}},
            {"id": "lease", "pool": "lease", "demand": {2024: 0, 2025: 4}, "sites": {"old": 0, "new": 0}},
            {"id": "pilot", "pool": "lease", "demand": 1, "unserved_penalty_cny": 40, "sites": ["old"]},
        ],
        targets=[
            {"metric": "green_share", "value": 0.3, "year": 2025},
            {"metric": "edge_nodes", "value": 2, "year": 2025, "penalty_cny": 500},
        ],
    )  # fmt: skip
    # Old: one hall is converted, 6 servers draw 7.5 kW at PUE 1.25, one step. 26.28 MWh of IT and 32.85 MWh in all.
    # New, in 2025: opened, one hall built; 4 leased units with 35.04 MWh of IT and 52.56 MWh at PUE 1.5.
    # Salvage at the end of 2025: a conversion of 2024 has 3 of 5 years left, a step 28 of 30, servers 2 of 4, the new
    # hall 9 of 10.
    expected = {
        ("site_opening", "new", 2025): 50_000,
        ("halls", "new", 2025): 40_000 * 1.5,
        ("conversions", "old", 2024): 3000,
        ("grid_steps", "old", 2024): 6000,
        ("hardware", "old", 2024): 6 * 100,
        ("site_fixed", "old", 2024): 1000,
        ("site_fixed", "old", 2025): 1000,
        ("hall_upkeep", "old", 2024): 900,
        ("hall_upkeep", "old", 2025): 900,
        ("hall_upkeep", "new", 2025): 700,
        ("hardware_maintenance", "old", 2024): 6 * 5,
        ("hardware_maintenance", "old", 2025): 6 * 5,
        ("hardware_fees", "new", 2025): 4 * 70,
        ("electricity", "old", 2024): 32.85 * 600,
        ("electricity", "old", 2025): 32.85 * 600,
        ("electricity", "new", 2025): 52.56 * 300,
        # Green electricity costs 20 a MWh and saves half a tonne at 80: as much of it as there is, 50%.
        ("green_premium", "old", 2024): 16.425 * 20,
        ("green_premium", "old", 2025): 16.425 * 20,
        ("carbon", "old", 2024): 16.425 * 0.5 * 80,
        ("carbon", "old", 2025): 16.425 * 0.5 * 80,
        ("carbon", "new", 2025): 52.56 * 0.2 * 80,
        ("network", "old", 2024): 2 * 15,
        ("network", "old", 2025): 2 * 15,
        ("unserved_penalty", "", 2024): 40,
        ("unserved_penalty", "", 2025): 40,
        ("target_penalty", "", 2025): 2 * 500,
        ("salvage", "old", 2025): -(3000 * 3 / 5 + 6000 * 28 / 30 + 6 * 100 * 2 / 4),
        ("salvage", "new", 2025): -(60_000 * 9 / 10),
    }
    table = plan.plan.tables["costs"]
    paid = {(row.category, row.site, row.year): row.cny for row in table.itertuples()}
    assert paid == pytest.approx(expected, rel=1e-9)
    assert list(dict.fromkeys(table["category"])) == list(dict.fromkeys(category for category, *_ in expected))
    discount = {2024: FIRST, 2025: SECOND}
    assert plan.cost == pytest.approx(sum(cny * discount[year] for (*_, year), cny in expected.items()), rel=1e-9)
    discounted = {(row.category, row.site, row.year): row.discounted_cny for row in table.itertuples()}
    assert discounted == pytest.approx({key: cny * discount[key[2]] for key, cny in expected.items()}, rel=1e-9)
    assert plan.metric("capex", year=2024) == pytest.approx(3000 + 6000 + 600, rel=1e-9)
    # Capital is counted at all sites, also in the scope of the city.
    assert plan.metric("capex", year=2025) == pytest.approx(50_000 + 60_000, rel=1e-9)


def test_a_discount_rate_below_zero_makes_later_years_dearer(solved: Solve) -> None:
    plan = solved(years=TWO_YEARS, discount_rate=-0.5, sites=[{"fixed_cost_cny_per_year": 10}])
    assert plan.cost == pytest.approx(10 * 2 + 10 * 4, rel=1e-9)


def test_discounting_counts_from_the_end_of_the_base_year(solved: Solve) -> None:
    plan = solved(
        base_year=2020,
        years=(2021, 2022, 2023),
        discount_rate=0.1,
        sites=[{"earliest_year": 2021, "fixed_cost_cny_per_year": 10}],
    )
    assert plan.cost == pytest.approx(10 / 1.1 + 10 / 1.1**2 + 10 / 1.1**3, rel=1e-9)


@pytest.mark.parametrize(
    ("life_years", "left"),
    [
        (1, 0),  # gone at the end of 2024
        (3, 0),  # gone exactly at the end of 2026
        (4, 1 / 4),
        (10, 7 / 10),
    ],
)
def test_salvage_of_halls_and_conversions(solved: Solve, life_years: int, left: float) -> None:
    years = (2024, 2025, 2026)
    built = solved(
        years=years,
        sites=[{"existing": False, "build_cost_factor": 1.5}],
        hall_types=[{"capex_cny": 600, "life_years": life_years}],
        targets=[{"metric": "racks_in_service", "value": 40}],
    )
    # Built for 900 in 2024, the life ends life_years later; the hall itself stays in service.
    assert built.cost == pytest.approx(900 * (1 - left), rel=1e-9)
    assert built.each("halls", "in_service") == [1, 1, 1]

    converted = solved(
        years=years,
        sites=[{"existing_halls": {"old": 1}, "allowed_halls": ["hall"]}],
        hall_types=[{"id": "old", "rack_kw": 5, "life_years": 99}, {"capex_cny": 1e9, "life_years": life_years}],
        conversions=[{"from_hall": "old", "to_hall": "hall", "cost_cny": 900}],
        targets=[{"metric": "racks_in_service", "value": 40}],
    )
    # The life of a conversion is that of the hall type it makes.
    assert converted.cost == pytest.approx(900 * (1 - left), rel=1e-9)


def test_salvage_is_discounted_from_the_end_of_the_last_year(solved: Solve) -> None:
    plan = solved(years=TWO_YEARS, discount_rate=RATE, hardware=[{"life_years": 5}], workloads=[{"demand": 2}])
    assert plan.cost == pytest.approx(200 * FIRST - 200 * 3 / 5 * SECOND, rel=1e-9)
    assert plan.cell("costs", "cny", category="salvage", year=2025) == pytest.approx(-120, rel=1e-9)


def test_what_stood_before_has_no_salvage(solved: Solve) -> None:
    plan = solved(
        hardware=[{"life_years": 9, "maintenance_rate": 0.1}],
        hall_types=[{"capex_cny": 5000, "life_years": 20, "upkeep_cny_per_year": 30}],
        fleet=[{"site": "site", "hall": "hall", "hardware": "server", "count": 5, "install_year": 2023}],
        workloads=[{"demand": 5}],
    )
    # Only upkeep and maintenance of the existing hall and fleet: no price, no salvage.
    assert plan.cost == pytest.approx(30 + 5 * 10, rel=1e-9)
    assert plan.costs() == pytest.approx({"hall_upkeep": 30, "hardware_maintenance": 50}, rel=1e-9)


def test_buying_waits_when_money_costs_interest(solved: Solve) -> None:
    plan = solved(
        years=TWO_YEARS,
        discount_rate=RATE,
        hardware=[{"life_years": 2}],
        workloads=[{"demand": {2024: 1, 2025: 3}}],
    )
    # 2024: one for both years; 2025: two more, half of which is salvaged.
    assert plan.cost == pytest.approx(100 * FIRST + 2 * 100 * SECOND * (1 - 1 / 2), rel=1e-9)
    assert plan.each("hardware", "bought") == [1, 2]


def test_a_part_of_a_workload_unserved_costs_its_part_of_the_penalty(solved: Solve) -> None:
    plan = solved(
        years=TWO_YEARS,
        discount_rate=RATE,
        hardware=[{"supply": {2024: 3, 2025: 4}}],
        workloads=[{"demand": 5, "unserved_penalty_cny": 10_000}],
    )
    expected = (3 * 100 + 10_000 * 2 / 5) * FIRST + (4 * 100 + 10_000 * 1 / 5) * SECOND
    assert plan.cost == pytest.approx(expected, rel=1e-9)


def test_the_network_is_paid_for_the_share_at_each_site(solved: Solve) -> None:
    plan = solved(
        years=TWO_YEARS,
        sites=[{"id": "a", "egress_gbps": 3}, {"id": "b"}],
        workloads=[{"gbps": {2024: 2, 2025: 4}, "sites": {"a": 10, "b": 50}}],
    )
    # 2 Gbps to a; then 3 of 4 Gbps to a and 1 to b, and a server at each
    assert plan.cost == pytest.approx(100 + 2 * 10 + 2 * 100 + 3 * 10 + 1 * 50, rel=1e-9)


def test_carbon_is_paid_at_all_sites_and_not_for_green_electricity(solved: Solve) -> None:
    case: dict[str, Any] = {
        "carbon_price_cny_per_tonne": 100,
        "hardware": [{"average_kw": 0.5}],
        "workloads": [{"demand": 10}],
    }
    site = {"in_city": False, "carbon_kg_per_kwh": 0.5, "green_max_share": 1.0}
    # 43.8 MWh; green electricity saves 50 CNY of carbon price a MWh
    dear = solved(**case, sites=[{**site, "green_premium_cny_per_kwh": 0.051}])
    assert dear.cost == pytest.approx(1000 + 43.8 * 50, rel=1e-9)
    assert dear.metric("carbon_tonnes") == 0
    cheap = solved(**case, sites=[{**site, "green_premium_cny_per_kwh": 0.049}])
    assert cheap.cost == pytest.approx(1000 + 43.8 * 49, rel=1e-9)
    assert cheap.cell("power", "green_mwh") == pytest.approx(43.8, rel=1e-9)
