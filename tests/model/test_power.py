"""Power: what the grid connection carries, its steps, and green electricity."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .conftest import Solution

    Solve = Callable[..., Solution]
    Status = Callable[..., str]

TWO_YEARS = (2024, 2025)
# Hall PUE 1.5 at a site with factor 0.5: PUE 1.25. Of 50 kW, 45 may be drawn: 36 servers of 1 kW.
SITE = {"grid_kw": 50, "usable_grid": 0.9, "pue_factor": 0.5}
HALLS = [{"pue": 1.5}]


@pytest.mark.parametrize(("demand", "expected"), [(36, "optimal"), (37, "infeasible")])
def test_the_grid_carries_peak_power_times_pue(status: Status, demand: int, expected: str) -> None:
    assert status(sites=[SITE], hall_types=HALLS, workloads=[{"demand": demand}]) == expected


def test_a_step_is_added_when_it_is_needed_and_stays(solved: Solve) -> None:
    step = {"grid_step_kw": 30, "grid_step_cost_cny": 6000, "grid_max_steps": 5}
    plan = solved(
        years=(2024, 2025, 2026),
        sites=[{**SITE, **step}],
        hall_types=HALLS,
        workloads=[{"demand": {2024: 36, 2025: 37, 2026: 80}}],
    )
    # 30 kW more carry 30 x 0.9 / 1.25 = 21.6 servers: 57 with one step, 79 with two, 100 with three.
    # Grid steps live 30 years: that of 2025 has 28/30 of its cost left at the end of 2026, those of 2026 29/30.
    steps = 6000 * (1 - 28 / 30) + 2 * 6000 * (1 - 29 / 30)
    assert plan.cost == pytest.approx((36 + 37 + 80) * 100 + steps, rel=1e-9)
    assert plan.each("power", "grid_steps") == [0, 1, 2]
    assert plan.each("power", "grid_kw") == [50, 80, 140]
    assert plan.cell("power", "peak_kw", year=2026) == pytest.approx(80 * 1.25, rel=1e-9)


def test_steps_are_limited_over_all_years(status: Status) -> None:
    site = {**SITE, "grid_step_kw": 30, "grid_step_cost_cny": 6000}
    case: dict[str, Any] = {"years": TWO_YEARS, "hall_types": HALLS, "workloads": [{"demand": {2024: 57, 2025: 79}}]}
    assert status(**case, sites=[{**site, "grid_max_steps": 2}]) == "optimal"
    assert status(**case, sites=[{**site, "grid_max_steps": 1}]) == "infeasible"


@pytest.mark.parametrize(("earliest_year", "expected"), [(2024, "optimal"), (2025, "infeasible")])
def test_no_step_before_the_earliest_year(status: Status, earliest_year: int, expected: str) -> None:
    step = {"grid_step_kw": 30, "grid_step_cost_cny": 6000, "grid_max_steps": 1}
    old = {"site": "site", "hall": "hall", "hardware": "server", "count": 40, "install_year": 2023}
    # 40 old servers take 40 x 0.1 racks of 10 kW, 16 standard racks; keeping more than 36 of them needs the step.
    target = {"metric": "racks_occupied", "value": 16, "year": 2024}
    assert (
        status(
            years=TWO_YEARS,
            sites=[{**SITE, **step, "earliest_year": earliest_year}],
            hall_types=HALLS,
            hardware=[{"life_years": 9}],
            fleet=[old],
            targets=[target],
        )
        == expected
    )


def test_the_connection_of_one_site_does_not_serve_another(solved: Solve) -> None:
    plan = solved(
        sites=[{"id": "weak", **SITE, "fixed_cost_cny_per_year": 5}, {"id": "far", "grid_kw": 1000}],
        hall_types=HALLS,
        workloads=[{"demand": 40, "gbps": 1, "sites": {"weak": 0, "far": 8000}}],
    )
    # 36 of 40 units at the weak site, 10% of the traffic to the far one
    assert plan.cost == pytest.approx(5 + 40 * 100 + 0.1 * 8000, rel=1e-9)
    assert plan.cell("hardware", "in_service", site="weak") == 36


GREEN = {"electricity_cny_per_kwh": 0.5, "green_premium_cny_per_kwh": 0.02, "green_max_share": 0.4}


@pytest.mark.parametrize(("share", "expected"), [(0.4, "optimal"), (0.41, "infeasible")])
def test_green_electricity_is_limited_to_a_share(status: Status, share: float, expected: str) -> None:
    target = {"metric": "green_share", "value": share}
    case: dict[str, Any] = {"hardware": [{"average_kw": 0.5}], "workloads": [{"demand": 10}], "targets": [target]}
    assert status(**case, sites=[GREEN]) == expected


def test_green_electricity_is_bought_where_its_premium_is_least(solved: Solve) -> None:
    dear = {**GREEN, "green_premium_cny_per_kwh": 0.07}
    plan = solved(
        sites=[{"id": "a", **GREEN}, {"id": "b", **dear}],
        hardware=[{"average_kw": 0.5}],
        workloads=[{"id": site, "demand": 10, "sites": [site]} for site in ("a", "b")],
        targets=[{"metric": "green_share", "value": 0.3}],
    )
    # 10 x 0.5 kW x 8.76 = 43.8 MWh at each site; of 87.6 MWh, 26.28 are to be green: 17.52 at a, 8.76 at b.
    green = 17.52 * 20 + 8.76 * 70
    assert plan.cost == pytest.approx(20 * 100 + 87.6 * 500 + green, rel=1e-9)
    assert plan.cell("power", "green_mwh", site="a") == pytest.approx(0.4 * 43.8, rel=1e-9)
    assert plan.cell("power", "green_mwh", site="b") == pytest.approx(0.2 * 43.8, rel=1e-9)
    assert plan.costs()["green_premium"] == pytest.approx(green, rel=1e-9)
