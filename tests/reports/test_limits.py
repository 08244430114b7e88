"""What binds where: how much of each limit is used, from the tables of a plan."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from suanli.inputs.case import Case
from suanli.reports.folder import COLUMNS, Result
from suanli.reports.limits import limits
from suanli.reports.view import PlanView

Row = dict[str, Any]


@pytest.fixture
def used() -> Callable[..., dict[str, tuple[float, float, bool]]]:
    """Used, limit and whether it binds, by kind and thing, of a site with ten servers in one hall of four racks."""

    def find(site: Row | None = None, server: Row | None = None, **others: Any) -> dict[str, tuple[float, float, bool]]:
        given: Row = {"id": "site", "existing": True, "earliest_year": 2024, "max_halls": 2, "grid_kw": 20}
        given |= {"usable_grid": 0.8, "allowed_halls": ["hall"], "grid_step_kw": 5, "grid_max_steps": 3} | (site or {})
        hall = {"id": "hall", "racks": 4, "rack_kw": 4, "usable_u": 40, "pue": 1.5, "capex_cny": 0, "life_years": 9}
        kind: Row = {"id": "server", "pool": "p", "hardware_class": "general", "rack_units": 1, "peak_kw": 1}
        kind |= {"average_kw": 1, "price_cny": 1, "life_years": 5, "provides": {"vcpu": 1}, "halls": ["hall"]}
        kind |= {"available_from": 2024, "available_to": 2024} | (server or {})
        work = {"id": "w", "pool": "p", "demand": {}, "gbps": {2024: 40}, "sites": {"site": 0}}
        case = Case.model_validate(
            {"name": "tiny", "base_year": 2023, "years": [2024], "sites": [given], "hall_types": [hall],
             "hardware": [kind], "workloads": [work], **others},
            strict=False,
        )  # fmt: skip
        rows: dict[str, list[tuple[Any, ...]]] = {
            "sites": [("site", 2024, 1)],
            "halls": [("site", "hall", 2024, 1, 0, 0, 1)],
            "hardware": [("site", "hall", "server", 2024, 10, 0, 10)],
            "power": [("site", 2024, 1, 25.0, 15.0, 87.6, 131.4, 13.14)],
            "placement": [("w", "site", 2024, "primary", 0.75), ("w", "", 2024, "unserved", 0.25)],
            "costs": [("halls", "site", 2024, 90.0, 85.0), ("electricity", "site", 2024, 50.0, 45.0)],
        }
        tables = {name: pd.DataFrame(rows.get(name, []), columns=list(columns)) for name, columns in COLUMNS.items()}
        table = limits(PlanView(Result(Path(), case, {}, tables)))
        names = [f"{kind} {thing}".strip() for kind, thing in zip(table["kind"], table["thing"], strict=True)]
        values = zip(table["used"].tolist(), table["limit"].tolist(), table["binds"].tolist(), strict=True)
        return dict(zip(names, values, strict=True))

    return find


def test_every_limit_is_counted(used: Callable[..., dict[str, tuple[float, float, bool]]]) -> None:
    """15 of 25 * 0.8 kW; one step of 3; ten servers of 1 kW in 2.5 of 4 racks; one hall of 2."""
    assert used() == {
        "site_power": (15.0, 20.0, False),
        "halls": (1.0, 2.0, False),
        "green": (pytest.approx(13.14), 0.0, True),
        "grid_steps": (1.0, 3.0, False),
        "racks hall": (2.5, 4.0, False),
    }


def test_a_limit_binds_when_it_is_used_up(used: Callable[..., dict[str, tuple[float, float, bool]]]) -> None:
    """75% of 40 Gbps are 30; 10% of 131.4 MWh are green; of lots of 5 a supply of 14 holds 10; capital is 90 CNY."""
    found = used(
        site={"max_halls": 1, "egress_gbps": 30, "green_max_share": 0.1, "grid_max_steps": 1, "usable_grid": 0.6},
        server={"supply": {2024: 14}, "lot": 5},
        budget_cny={2024: 90},
    )
    assert found == {
        "site_power": (15.0, 15.0, True),
        "halls": (1.0, 1.0, True),
        "egress": (30.0, 30.0, True),
        "green": (pytest.approx(13.14), pytest.approx(13.14), True),
        "grid_steps": (1.0, 1.0, True),
        "racks hall": (2.5, 4.0, False),
        "supply server": (10.0, 10.0, True),
        "budget": (90.0, 90.0, True),
    }


def test_a_site_that_may_build_no_halls_is_not_limited_by_its_plot(
    used: Callable[..., dict[str, tuple[float, float, bool]]],
) -> None:
    assert "halls" not in used(site={"allowed_halls": [], "max_halls": 1})
