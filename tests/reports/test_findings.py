"""Headings state what the tables say, whatever they say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from suanli.reports.draft import Draft
from suanli.reports.folder import read_result
from suanli.reports.messages import Messages
from suanli.reports.sections import (
    compute,
    costs,
    energy,
    placement,
    power,
    programme,
    provenance,
    racks,
    targets,
    unserved,
)
from suanli.reports.sources import Sources
from suanli.reports.view import PlanView

MakeResult = Callable[..., Path]
Edit = Callable[[Path, str, Callable[[pd.DataFrame], pd.DataFrame]], None]


def draft(folder: Path) -> Draft:
    return Draft(PlanView(read_result(folder)), Messages("en"), Sources({}))


def scaled(metric: str, factor: float, year: int | None = None) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """A change of metrics.csv: one metric times a factor, in one year or in all."""

    def how(table: pd.DataFrame) -> pd.DataFrame:
        here = (table["metric"] == metric) & ((table["year"] == year) | (year is None))
        return table.assign(value=table["value"].where(~here, table["value"] * factor))

    return how


def test_compute(made_up: MakeResult, edit: Edit) -> None:
    # Trainers by site: 20, 30, 40 in 2024 and 50, 75, 100 in service in 2025, at 2.5 PFLOPS; 600 servers at 0.01.
    folder = made_up()
    assert compute.finding(draft(folder)) == "The city's compute grows from 231 PFLOPS in 2024 to 568 in 2025"
    edit(folder, "metrics", scaled("compute_pflops", 0.1, 2025))
    assert compute.finding(draft(folder)) == "The city's compute falls from 231 PFLOPS in 2024 to 56.9 in 2025"
    edit(folder, "metrics", scaled("compute_pflops", 0.0, 2025))
    assert compute.finding(draft(folder)) == "The city has no counted compute in 2025"
    assert compute.finding(draft(made_up("one", years=1))) == "The city's compute is 231 PFLOPS in 2024"


def test_compute_that_hardly_changes_stays(made_up: MakeResult, edit: Edit) -> None:
    folder = made_up(growth=0.0)  # trainers are bought in the first year only
    assert compute.finding(draft(folder)) == "The city's compute stays at 231 PFLOPS from 2024 to 2025"


def test_targets(made_up: MakeResult) -> None:
    attained = (("compute_pflops", ">=", 100.0), ("pue", "<=", 1.5))
    found = draft(made_up("all", targets=attained))
    assert targets.finding(found, targets.outcomes(found)) == "All 2 targets are attained"
    found = draft(made_up("one", targets=attained[:1]))
    assert targets.finding(found, targets.outcomes(found)) == "The one target is attained"
    missed = (("compute_pflops", ">=", 9000.0), ("pue", "<=", 1.1), ("green_share", ">=", 0.5), ("pue", "<=", 1.5))
    found = draft(made_up("three", targets=missed))
    heading = "3 of 4 targets are missed: Compute (2025), PUE (2025) and 1 more"
    assert targets.finding(found, targets.outcomes(found)) == heading
    found = draft(made_up("last", targets=missed[:1]))
    assert targets.finding(found, targets.outcomes(found)) == "1 of 1 target is missed: Compute (2025)"
    assert targets.section(draft(made_up("none", targets=()))) is None


def test_margins_are_positive_where_better_than_asked(made_up: MakeResult) -> None:
    asked = (("compute_pflops", ">=", 1000.0), ("pue", "<=", 2.0), ("green_share", ">=", 0.25), ("it_mwh", ">=", 1.0))
    found = draft(made_up(targets=asked))
    texts = [targets.margin_text(found, outcome) for outcome in targets.outcomes(found)]
    # 568.5 of 1000 PFLOPS; PUE 1.375 against 2; 20% against 25% green; 10,512 MWh against 1.
    assert texts == ["−43.1%", "+31.2%", "−5.0 pp", "×10,512"]


def test_racks(made_up: MakeResult, edit: Edit) -> None:
    # 2025: trainers take a rack of 5 kW, two standard racks; servers half a rack of 2.5 kW: (225 * 2 + 2 * 150) / 6800.
    folder = made_up()
    heading = "11.0% of the city's racks are occupied in 2025; Gaoxin 高新 is the fullest, with 14.6%"
    assert racks.finding(draft(folder)) == heading
    edit(folder, "hardware", lambda t: t.assign(in_service=0))
    assert racks.finding(draft(folder)) == "11.0% of the city's racks are occupied in 2025, evenly over its sites"
    edit(folder, "metrics", scaled("racks_in_service", 0.0))
    assert racks.finding(draft(folder)) == "The city has no racks in service in 2025"
    assert (
        racks.finding(draft(made_up("one", sites=1))) == "10.4% of the city's 2,400 standard racks are occupied in 2025"
    )


def test_the_fullest_racks_outside_the_city_do_not_count(made_up: MakeResult) -> None:
    assert "Zhangqiu 章丘 is the fullest" not in racks.finding(draft(made_up(sites=2, remote=1)))


def test_power(made_up: MakeResult, edit: Edit) -> None:
    folder = made_up()
    # Gaoxin 2024: (40 * 5 * 1.3 + 300 * 1.6) / 18,000 = 4.1%; 2025: (100 * 6.5 + 480) / 22,500 = 5.0%.
    assert (
        power.finding(draft(folder))
        == "No site draws more than 5% of its usable grid; Gaoxin 高新 comes closest, in 2025"
    )
    full = lambda t: t.assign(peak_kw=t["peak_kw"].where((t["site"] != "site-2") | (t["year"] != 2024), 18000.0))  # noqa: E731
    edit(folder, "power", full)
    assert power.finding(draft(folder)) == "Zhangqiu 章丘 runs at the limit of its grid connection in 2024"
    edit(folder, "power", lambda t: t.assign(peak_kw=t["grid_kw"] * 0.9))
    heading = "3 sites run at the limits of their grid connections in at least one year"
    assert power.finding(draft(folder)) == heading
    edit(folder, "power", lambda t: t.assign(peak_kw=t["grid_kw"]))
    assert power.finding(draft(folder)).endswith(
        "draws 111% of its usable grid in 2024, more than the connection allows"
    )
    edit(folder, "power", lambda t: t.assign(peak_kw=0.0))
    assert power.finding(draft(folder)) == "No power is drawn"


def test_energy(made_up: MakeResult, edit: Edit) -> None:
    folder = made_up()
    assert energy.finding(draft(folder)) == "PUE falls from 1.44 to 1.38, and 20% of the electricity is green in 2025"
    edit(folder, "metrics", scaled("pue", 1.5, 2025))
    assert energy.finding(draft(folder)).startswith("PUE rises from 1.44 to 2.06")
    edit(folder, "metrics", lambda t: t.assign(value=t["value"].where(t["metric"] != "pue", 1.3)))
    assert energy.finding(draft(folder)).startswith("PUE stays at 1.30")
    edit(folder, "metrics", lambda t: t[t["metric"] != "pue"])
    assert energy.finding(draft(folder)) == "The city's sites use no energy in 2025"


def test_programme(made_up: MakeResult, edit: Edit) -> None:
    folder = made_up()
    # A hall a year at three sites; 225 trainers at CNY 1.4 m.
    assert programme.finding(draft(folder)) == "The plan builds 6 halls and buys hardware for CNY\u00a0315.0\u00a0m"
    edit(
        folder,
        "halls",
        lambda t: t.assign(built=0, converted_in=(t["year"] == 2024) & (t["site"] == "site-1") & (t["hall"] == "air")),
    )
    assert programme.finding(draft(folder)) == "The plan converts 1 hall and buys hardware for CNY\u00a0315.0\u00a0m"
    edit(folder, "halls", lambda t: t.assign(converted_in=0))
    edit(folder, "hardware", lambda t: t.assign(bought=0))
    assert programme.finding(draft(folder)) == "The plan builds and buys nothing"


def test_costs(made_up: MakeResult, edit: Edit) -> None:
    folder = made_up()
    assert costs.finding(draft(folder)).startswith("The largest cost is halls, 55% of what is spent")
    edit(folder, "costs", lambda t: t[t["category"] == "salvage"])
    assert costs.finding(draft(folder)).startswith("The plan spends nothing; the net present cost is CNY\u00a0−")


def test_placement(made_up: MakeResult) -> None:
    assert (
        placement.finding(draft(made_up("four")))
        == "Caishi 采石 serves 2 of 4 systems in 2025, more than any other site"
    )
    heading = "Caishi 采石 and Zhangqiu 章丘 each serve 2 of 5 systems in 2025, more than any other site"
    assert placement.finding(draft(made_up("five", systems=5))) == heading
    assert placement.finding(draft(made_up("three", systems=3))) == "3 sites serve 1 of 3 systems each in 2025"
    assert placement.finding(draft(made_up("one", sites=1))) == "Caishi 采石 serves all 4 systems in 2025"
    assert placement.section(draft(made_up("idle", systems=0))) is None


def test_shares_within_a_system_follow_demand(made_up: MakeResult) -> None:
    # Two districts with demands 10 and 20: the workloads weigh 1/3 and 2/3 and run at the first and second site.
    grid = placement.shares(draft(made_up(systems=1, districts=2)), "primary")
    assert grid.loc["system-1", "site-1"] == pytest.approx(1 / 3)
    assert grid.loc["system-1", "site-2"] == pytest.approx(2 / 3)


def test_unserved(made_up: MakeResult) -> None:
    assert unserved.section(draft(made_up("all"))) is None
    part = unserved.section(draft(made_up("part", unserved=0.25)))
    assert part is not None
    assert part.title == "1 of 4 workloads is not served in full in 2025"
    (table,) = part.blocks
    cells = [cell.text for cell in table.rows[0]]  # type: ignore[union-attr]
    assert cells == ["Digital system 1", "2025", "1", "25.0%", "CNY\u00a025.0\u00a0m"]


@pytest.mark.parametrize(
    ("values", "heading"),
    [
        ({"gap": 0.0032}, "The plan is proved optimal within 0.32%"),
        ({"gap": 0.0}, "The plan is proved optimal"),
        ({"status": "feasible", "gap": 0.043}, "The plan is not proved optimal: its gap is 4.30%, asked for was 0.50%"),
        ({"status": "feasible", "gap": None}, "The plan is not proved optimal: no bound is known"),
    ],
)
def test_search(
    made_up: MakeResult, edit_summary: Callable[..., None], values: dict[str, object], heading: str
) -> None:
    folder = made_up()
    edit_summary(folder, **values)
    assert provenance.finding(draft(folder)) == heading
