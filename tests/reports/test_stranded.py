"""Stranded capacity: what is paid for is in use or has one cause, and the sums are what the tables say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from suanli.inputs.case import Case
from suanli.reports.folder import COLUMNS, Result, read_result
from suanli.reports.stranded import GRID, RACKS, stranded
from suanli.reports.view import PlanView, at

MakeResult = Callable[..., Path]

HALLS = [
    {"id": "air", "racks": 10, "rack_kw": 5, "usable_u": 40, "pue": 1.5, "capex_cny": 0, "life_years": 20},
    {"id": "liquid", "racks": 4, "rack_kw": 10, "usable_u": 40, "pue": 1.2, "capex_cny": 0, "life_years": 20,
     "cooling": "liquid"},
]  # fmt: skip
"""An air-cooled hall is 10 * 5 / 2.5 = 20 standard racks, a liquid-cooled one 4 * 10 / 2.5 = 16."""


def causes(capacity: str, grid_kw: float, opened: int = 1, **changed: Mapping[str, Any]) -> dict[str, float]:
    """One site with three air-cooled halls and a liquid-cooled one, and 50 servers of 1 kW, five in a rack.

    They occupy 10 racks of 5 kW, 20 standard racks, and draw 50 * 1.5 = 75 kW: 3.75 kW a standard rack.
    Of a server's 100 vCPU half may be used, 2,500 in all: one workload takes 1,500, another reserves half of 1,000.
    """
    market = {"available_from": 2024, "available_to": 2030, "life_years": 5, "price_cny": 1}
    site = {"id": "site", "existing": True, "earliest_year": 2024, "allowed_halls": ["air"], "max_halls": 4}
    case = Case.model_validate(
        {
            "name": "tiny", "base_year": 2023, "years": [2024], "max_utilisation": {"vcpu": 0.5},
            "sites": [{**site, "grid_kw": grid_kw, "usable_grid": 0.9, **changed.get("site", {})}],
            "hall_types": [{**HALLS[0], **changed.get("air", {})}, HALLS[1]],
            "hardware": [
                {"id": "server", "pool": "general", "hardware_class": "general", "rack_units": 2, "peak_kw": 1,
                 "average_kw": 1, "provides": {"vcpu": 100}, "halls": ["air"], **market, **changed.get("server", {})},
                {"id": "trainer", "pool": "ai", "hardware_class": "ai", "rack_units": 8, "peak_kw": 10,
                 "average_kw": 8, "provides": {"fp16": 1}, "halls": ["liquid"], **market},
            ],
            "workloads": [
                {"id": "main", "pool": "general", "demand": {"vcpu": {2024: 1500}}, "sites": {"site": 0}},
                {"id": "backed", "pool": "general", "demand": {"vcpu": {2024: 1000}}, "sites": {"site": 0},
                 "backup": 0.5},
            ],
        },
        strict=False,
    )  # fmt: skip
    rows: dict[str, list[tuple[Any, ...]]] = {
        "sites": [("site", 2024, opened)],
        "halls": [("site", "air", 2024, 0, 0, 0, 3), ("site", "liquid", 2024, 0, 0, 0, 1)],
        "hardware": [("site", "air", "server", 2024, 50, 0, 50)],
        "power": [("site", 2024, 0, grid_kw, 75.0, 438.0, 657.0, 0.0)],
        "placement": [("main", "site", 2024, "primary", 1.0), ("backed", "site", 2024, "standby", 1.0)],
    }
    tables = {name: pd.DataFrame(rows.get(name, []), columns=list(columns)) for name, columns in COLUMNS.items()}
    found = stranded(PlanView(Result(Path(), case, {}, tables)))
    found = found[found["capacity"] == capacity]
    return {str(row["cause"]): float(row["amount"]) for row in found.to_dict("records")}


OCCUPIED = {"in_use": 12, "backup_reserve": 4, "idle_servers": 4}
"""60% of the 20 standard racks with servers do work, 20% stand ready as backups, 20% have no work."""


def test_racks_without_power() -> None:
    """Of 200 kW 180 may be drawn: the 105 left feed 28 of the 40 free air-cooled racks; no trainer is wanted."""
    found = causes(RACKS, 200.0)
    assert found == pytest.approx({**OCCUPIED, "no_cooling": 16, "no_power": 12, "no_demand": 28})
    assert sum(found.values()) == pytest.approx(3 * 20 + 16)


def test_grid_that_free_racks_could_take_waits_for_demand() -> None:
    found = causes(GRID, 200.0)
    assert found == pytest.approx({"in_use": 75, "backup_reserve": 20, "no_demand": 105})


def test_grid_beyond_all_racks() -> None:
    """285 kW are left: 40 free racks take 150 kW, the 16 liquid-cooled ones 60; there is room for no other hall."""
    found = causes(GRID, 400.0)
    assert found == pytest.approx(
        {"in_use": 75, "backup_reserve": 40, "no_demand": 150, "no_cooling": 60, "no_racks": 75}
    )
    assert sum(found.values()) == pytest.approx(400)
    assert causes(RACKS, 400.0) == pytest.approx({**OCCUPIED, "no_cooling": 16, "no_demand": 40})


@pytest.mark.parametrize(
    ("max_halls", "lead_years", "left"),
    [
        (5, 0, {"no_demand": 225}),
        (5, 1, {"no_demand": 150, "lead_time": 75}),
        (4, 0, {"no_demand": 150, "no_racks": 75}),
    ],
)
def test_grid_for_halls_to_come(max_halls: int, lead_years: int, left: dict[str, float]) -> None:
    """Another air-cooled hall would draw the last 50 * 1.5 = 75 kW: at once, or only after its lead time."""
    found = causes(GRID, 400.0, site={"max_halls": max_halls}, air={"lead_years": lead_years})
    assert found == pytest.approx({"in_use": 75, "backup_reserve": 40, "no_cooling": 60, **left})


def test_racks_that_wait_for_hardware() -> None:
    """The market has sold all, or sells no more: the 40 free racks cannot be filled, whatever power there is."""
    sold_out = causes(RACKS, 200.0, server={"supply": {2024: 50}})
    assert sold_out == pytest.approx({**OCCUPIED, "no_cooling": 16, "supply": 40})
    not_on_sale = causes(RACKS, 200.0, server={"available_from": 2025})
    assert not_on_sale == pytest.approx({**OCCUPIED, "no_cooling": 16, "lead_time": 40})
    assert causes(GRID, 200.0, server={"available_from": 2025}) == pytest.approx(
        {"in_use": 75, "backup_reserve": 20, "lead_time": 105}
    )


def test_sites_that_are_not_in_use_strand_nothing() -> None:
    assert causes(GRID, 200.0, opened=0, site={"existing": False}) == {}


@pytest.mark.parametrize("ingredients", [{}, {"sites": 5, "remote": 2, "years": 4}, {"grid_kw": 500.0}])
def test_the_sums_are_what_is_paid_for(made_up: MakeResult, ingredients: dict[str, Any]) -> None:
    view = PlanView(read_result(made_up(**ingredients)))
    sums = stranded(view).groupby(["capacity", "site", "year"])["amount"].sum()
    for site in view.sites:
        for year in view.years:
            assert sums[RACKS, site, year] == pytest.approx(at(view.racks["in_service"], site, year))
            assert sums[GRID, site, year] == pytest.approx(at(view.power["grid_kw"], site, year))
