"""What is to be approved, when it has to be ordered, and how the programme shows it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from suanli.reports.charts.gantt import Bar, Row, lanes
from suanli.reports.commitments import commitments, total
from suanli.reports.document import Callout, Table
from suanli.reports.draft import Draft
from suanli.reports.folder import read_result
from suanli.reports.messages import Messages
from suanli.reports.sections import costs, decision, funding
from suanli.reports.sources import Sources
from suanli.reports.view import PlanView

MakeResult = Callable[..., Path]
Edit = Callable[[Path, str, Callable[[pd.DataFrame], pd.DataFrame]], None]
EditCase = Callable[[Path, Callable[[dict[str, Any]], object]], None]
NOTHING = "Nothing needs approval: the plan builds, converts, connects and buys nothing"


def draft(folder: Path) -> Draft:
    return Draft(PlanView(read_result(folder)), Messages("en"), Sources({}))


def heading(folder: Path) -> str:
    here = draft(folder)
    return decision.finding(here, commitments(here.view)).replace("\u00a0", " ")


def rows(table: object) -> list[list[str]]:
    assert isinstance(table, Table)
    return [[cell.text.replace("\u200b", "").replace("\u00a0", " ") for cell in row] for row in table.rows]


def lead_time(years: int) -> Callable[[dict[str, Any]], object]:
    """Give the air-cooled hall a lead time."""
    return lambda case: case["hall_types"][1].update(lead_years=years)


def later(table: pd.DataFrame) -> pd.DataFrame:
    """Nothing is bought or built in 2024."""
    here = table["year"] == 2024
    return table.assign(**{c: table[c].where(~here, 0) for c in ("built", "bought") if c in table})


def test_the_heading_says_what_to_approve_first(made_up: MakeResult, edit: Edit, edit_case: EditCase) -> None:
    # 2024: the second of three sites opens; three halls at CNY 90 m; 20 + 30 + 40 trainers at CNY 1.4 m.
    folder = made_up()
    assert heading(folder) == "In 2024, approve CNY 396.0 m: 1 new site, 3 halls and 90 units of hardware"
    # With a year to build, the halls of 2025 are ordered in 2024 as well.
    edit_case(folder, lead_time(1))
    assert heading(folder) == "In 2024, approve CNY 666.0 m: 1 new site, 6 halls and 90 units of hardware"
    edit_case(folder, lead_time(0))
    edit(folder, "halls", later)
    edit(folder, "hardware", later)
    edit(folder, "sites", lambda t: t.assign(open=1).loc[t["year"] == 2025])
    # 2025: 30 + 45 + 60 trainers and a grid step of CNY 40 m at each site.
    words = "1 new site, 3 halls, 3 grid steps and 135 units of hardware"
    assert heading(folder) == f"Nothing needs approval before 2025; then CNY 579.0 m: {words}"


def test_a_plan_that_does_nothing_needs_no_approval(made_up: MakeResult, edit: Edit) -> None:
    folder = made_up()
    edit(folder, "halls", lambda t: t.assign(built=0))
    edit(folder, "hardware", lambda t: t.assign(bought=0))
    edit(folder, "power", lambda t: t.assign(grid_steps=0))
    edit(folder, "sites", lambda t: t.loc[t["site"] != "site-2"])
    assert heading(folder) == NOTHING


def test_what_to_approve_in_a_year(made_up: MakeResult, edit_case: EditCase) -> None:
    folder = made_up()
    edit_case(folder, lead_time(1))
    part = decision.section(draft(folder))
    now, by_year = part.blocks
    assert rows(now) == [
        ["1 new site", "Zhangqiu 章丘", "–", "2024"],
        ["3 × Air-cooled hall", "Caishi 采石 (1), Zhangqiu 章丘 (1), Gaoxin 高新 (1)", "270.0", "2024"],
        ["3 × Air-cooled hall", "Caishi 采石 (1), Zhangqiu 章丘 (1), Gaoxin 高新 (1)", "270.0", "2025"],
        ["90 × Training server", "Gaoxin 高新 (40), Zhangqiu 章丘 (30), Caishi 采石 (20)", "126.0", "2024"],
        ["Total", "", "666.0", ""],
    ]
    # Electricity 2024: (90 trainers x 4 kW x 1.3 + 600 servers x 0.25 kW x 1.6) x 8.76 h x CNY 650 a MWh, CNY m:
    # 2025: 225 trainers instead of 90.
    running = [round((n * 4 * 1.3 + 2 * 150 * 1.6) * 8.76 * 650 / 1e6, 1) for n in (90, 225)]
    assert rows(by_year) == [
        ["2024", "540.0", "–", "126.0", "666.0", "270.0", str(running[0])],
        ["2025", "–", "120.0", "189.0", "309.0", "–", str(running[1])],
        ["Total", "540.0", "120.0", "315.0", "975.0", "270.0", str(sum(running))],
    ]
    words = "Of this, CNY 270.0 m has to be ordered in 2024 although it enters service later, in 2025: it takes that"
    assert part.lead.replace("\u00a0", " ").startswith(words)


def test_hardware_without_a_price_stands_apart(made_up: MakeResult, edit_case: EditCase) -> None:
    folder = made_up()
    edit_case(folder, lambda case: case["hardware"][1].update(price_cny=0.0))
    assert heading(folder) == "In 2024, approve CNY 270.0 m: 1 new site and 3 halls"
    now, _ = decision.section(draft(folder)).blocks
    assert rows(now)[-2][:3:2] == ["90 × hardware without a price: leased, or brought by tenants", "–"]


def test_a_failed_audit_forbids_approval(made_up: MakeResult) -> None:
    part = decision.section(draft(made_up(audit={"ok": False, "checks": 9, "failures": ["wrong"]})))
    callout = part.blocks[0]
    assert part.tone == "alarm"
    assert isinstance(callout, Callout)
    assert callout.title == "Do not approve on these figures"
    assert decision.section(draft(made_up("good"))).tone == "plain"


@pytest.mark.parametrize("sites", [1, 5, 60])
def test_commitments_cost_what_the_plan_spends_on_capital(made_up: MakeResult, sites: int) -> None:
    view = PlanView(read_result(made_up(sites=sites, years=3)))
    spent = view.costs.loc[view.costs["category"].isin(costs.CAPITAL)].groupby("year")["cny"].sum()
    found = commitments(view)
    assert {year: total(c for c in found if c.needed == year) for year in view.years} == pytest.approx(spent.to_dict())


def test_conversions_name_what_became_what_where_that_is_known(made_up: MakeResult, edit: Edit) -> None:
    folder = made_up(sites=1, years=1)
    here = {"site": "site-1", "year": 2024, "built": 0, "in_service": 2}
    moved = [{**here, "hall": "air", "converted_in": 2}, {**here, "hall": "legacy", "converted_away": 2}]
    edit(folder, "halls", lambda t: pd.DataFrame(moved, columns=list(t.columns)).fillna(0))
    (made,) = (c for c in commitments(PlanView(read_result(folder))) if c.work == "conversion")
    # Two at CNY 40 m; an air-cooled hall lives 20 years, of which 19 are left at the end of the first.
    assert (made.old, made.item, made.count, made.cny) == ("legacy", "air", 2, 8e7)
    assert made.salvage_cny(2024) == pytest.approx(8e7 * 19 / 20)


def test_bars_that_overlap_get_lanes_of_their_own() -> None:
    first, second = Bar("hall", 0, 1, "5", 5), Bar("hall", 1, 2, "3", 3)
    third, grid = Bar("hall", 2, 3, "1", 1), Bar("grid", 0, 0, "+20", 20000.0)
    assert lanes(Row("site", (grid, third, second, first))) == [[first, third], [second], [grid]]


def test_funding(made_up: MakeResult, edit: Edit, edit_case: EditCase) -> None:
    folder = made_up()  # capital of 396.0 m in 2024 and 579.0 m in 2025; a budget of 3 bn in 2024
    assert (
        funding.finding(draft(folder)) == "Capital spending stays within the budget; 2024 comes closest, at 13% of it"
    )
    edit_case(folder, lambda case: case.update(budget_cny={"2024": 3e8, "2025": 5.79e8}))
    assert funding.finding(draft(folder)) == "Capital spending exceeds the budget in 2024"
    edit_case(folder, lambda case: case.update(budget_cny={}))
    words = (
        "CNY 975.0 m of capital has to be funded, and CNY 14.8 m of running cost over 2 years; the case sets no budget"
    )
    assert funding.finding(draft(folder)).replace("\u00a0", " ") == words
    edit_case(folder, lambda case: case.update(budget_cny={"2024": 3e9}))
    edit(folder, "costs", lambda t: t.loc[t["category"] == "electricity"])
    assert funding.finding(draft(folder)) == "The plan spends nothing of the capital budget"


def test_costs_by_site_add_up_to_the_objective(made_up: MakeResult) -> None:
    here = draft(made_up(sites=30, unserved=0.5))
    part = costs.section(here)
    (block,) = (b for b in part.blocks if isinstance(b, Table) and b.id == "cost-by-site")
    cells = rows(block)
    assert len(cells) == costs.MOST_SITES + 1
    assert cells[-2][0] == "18 other sites"
    assert float(cells[-1][-1]) == pytest.approx(here.view.summary["objective_cny"] / 1e9, abs=0.005)
