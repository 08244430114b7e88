from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from suanli.inputs.parts import HallType, Hardware
from suanli.reports.folder import read_result
from suanli.reports.view import PlanView, at, grouped, periods, racks_per_unit

MakeResult = Callable[..., Path]


def unit(rack_units: float, peak_kw: float) -> Hardware:
    return Hardware(
        id="u", pool="p", hardware_class="c", rack_units=rack_units, peak_kw=peak_kw, average_kw=peak_kw, price_cny=0.0,
        life_years=5, available_from=2024, available_to=2030,
    )  # fmt: skip


HALL = HallType(id="h", racks=10, rack_kw=5.0, usable_u=40, pue=1.3, capex_cny=0.0, life_years=20)


@pytest.mark.parametrize(
    ("rack_units", "peak_kw", "racks"),
    [
        (2, 0.5, 1 / 10),  # power allows 10, height 20
        (10, 0.1, 1 / 4),  # height allows 4
        (3, 0.0, 1 / 13),  # 40 / 3 is 13 and a bit
        (100, 8.0, 3.0),  # 100 U need 3 racks, 8 kW need 2
        (0, 0.0, 0.0),
        (2, 5 / 3, 1 / 3),  # a rounding error must not cost a unit
    ],
)
def test_racks_per_unit(rack_units: float, peak_kw: float, racks: float) -> None:
    assert racks_per_unit(unit(rack_units, peak_kw), HALL) == pytest.approx(racks)


def test_the_sites_add_up_to_the_city(made_up: MakeResult) -> None:
    view = PlanView(read_result(made_up(sites=5, remote=2, years=3)))
    city = sorted(view.city_sites)
    assert city == ["site-1", "site-2", "site-3"]
    for name in ("in_service", "occupied"):
        total = view.racks[name].loc[city, view.last].sum()
        assert total == pytest.approx(view.metric(f"racks_{name}", view.last))
    inside = view.hardware.loc[view.hardware["in_city"] & (view.hardware["year"] == view.last)]
    assert inside["pflops"].sum() == pytest.approx(view.metric("compute_pflops", view.last))


def test_a_site_without_rows_keeps_its_connection(made_up: MakeResult, edit: Callable[..., None]) -> None:
    folder = made_up(sites=2, years=3)
    edit(folder, "power", lambda t: t[(t["site"] != "site-1") | (t["year"] == 2025)])
    power = PlanView(read_result(folder)).power
    # 20 MW, a step of 5 MW in 2025; no rows in 2024 and 2026.
    assert [at(power["grid_kw"], "site-1", y) for y in (2024, 2025, 2026)] == [20000, 25000, 25000]
    assert [at(power["usable_kw"], "site-1", y) for y in (2024, 2026)] == [18000, 22500]
    assert at(power["peak_kw"], "site-1", 2026) == 0


def test_things_of_one_name_carry_their_ids(made_up: MakeResult) -> None:
    names = {"site-1": "Same", "site-2": "Same", "site-3": ""}
    view = PlanView(read_result(made_up(names=names)))
    assert view.site_names == {"site-1": "Same (site-1)", "site-2": "Same (site-2)", "site-3": "site-3"}


def test_small_rows_are_put_together() -> None:
    grid = pd.DataFrame({2024: [1.0, 5.0, 3.0, 2.0], 2025: [0.0, 5.0, 3.0, 2.0]}, index=list("abcd"))
    shown = grouped(grid, 3, lambda n: f"{n} others")
    assert list(shown.index) == ["b", "c", "2 others"]
    assert list(shown.loc["2 others"]) == [3.0, 2.0]
    assert list(grouped(grid, 4, str).index) == ["b", "c", "d", "a"]


@pytest.mark.parametrize(
    ("years", "labels"),
    [
        (range(2024, 2028), ["2024", "2025", "2026", "2027"]),
        (range(2024, 2034), ["2024–2025", "2026–2027", "2028–2029", "2030–2031", "2032–2033"]),
        (range(2024, 2041), ["2024–2026", "2027–2029", "2030–2032", "2033–2035", "2036–2038", "2039–2040"]),
    ],
)
def test_many_years_become_periods(years: range, labels: list[str]) -> None:
    found = periods(years)
    assert [label for label, _ in found] == labels
    assert [year for _, chunk in found for year in chunk] == list(years)


def test_a_ratio_without_a_value_is_none(made_up: MakeResult, edit: Callable[..., Any]) -> None:
    folder = made_up()
    edit(folder, "metrics", lambda t: t.assign(value=t["value"].where(t["metric"] != "pue")))
    view = PlanView(read_result(folder))
    assert view.metric("pue", 2025) is None
    assert view.metric_series("pue").isna().all()
