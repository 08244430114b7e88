"""Bridges from cost to cost: they sum to the difference of the objectives, and their steps are right."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import pytest

from suanli.reports.comparison.bridge import Bridge, By, bridge
from suanli.reports.comparison.plans import Comparison
from suanli.reports.comparison.proof import proof
from suanli.reports.comparison.sections import costs
from suanli.reports.document import Table
from suanli.reports.folder import read_result

MakeResult = Callable[..., Path]
Comparing = Callable[..., Comparison]
KINDS: tuple[By, ...] = ("category", "site")


def of(before: Path, after: Path, by: By) -> Bridge:
    found = bridge(read_result(before), read_result(after), by)
    assert found is not None
    return found


def steps(found: Bridge) -> dict[str, float]:
    return {step.key: round(step.cny, 2) for step in found.steps}


@pytest.mark.parametrize("by", KINDS)
@pytest.mark.parametrize("other", ["dear-grid", "dear-hardware", "weaker", "longer", "town"])
def test_steps_sum_to_the_difference_of_the_objectives(variants: Mapping[str, Path], other: str, by: By) -> None:
    found = of(variants["town"], variants[other], by)
    summaries = [json.loads((variants[name] / "summary.json").read_text()) for name in ("town", other)]
    difference = summaries[1]["objective_cny"] - summaries[0]["objective_cny"]
    assert found.difference == difference
    assert math.fsum(step.cny for step in found.steps) == pytest.approx(difference, abs=1e-6)
    back = of(variants[other], variants["town"], by)
    assert math.fsum(step.cny for step in back.steps) == pytest.approx(-difference, abs=1e-6)


def test_the_steps_of_the_tutorial(variants: Mapping[str, Path]) -> None:
    """Instead of a retrofit of 2 m and a grid step of 3 m, opening for 0.5 m, a hall of 4 m, 0.1 m a year."""
    found = steps(of(variants["town"], variants["dear-grid"], "category"))
    # Salvage without discounting: 18 of 20 years of the retrofit and 29 of 30 of the step (1.8 m + 2.9 m) against 18 of
    # 20 of the hall (3.6 m): 1.1 m less is credited.
    exact = {"site_opening": 5e5, "halls": 4e6, "conversions": -2e6, "grid_steps": -3e6, "site_fixed": 2e5}
    assert {key: found[key] for key in exact} == exact
    assert found["salvage"] == 1_100_000
    others = found["electricity"] + found["green_premium"]
    assert set(found) == {*exact, "salvage", "electricity", "green_premium"}
    assert sum(exact.values()) + 1_100_000 + others == pytest.approx(12_974_545.04 - 12_539_311.44, abs=0.02)


def test_prices_of_hardware(variants: Mapping[str, Path]) -> None:
    """A tenth more for the same hardware, and for what is left of it."""
    found = steps(of(variants["town"], variants["dear-hardware"], "category"))
    assert found["hardware"] == 3_660_000  # a tenth of 36.6 m
    assert found["salvage"] == -2_638_000  # what is left of it: 4 of 5 years of 2027's, 3 of 5 of 2026's
    assert set(found) == {"hardware", "salvage"}


def test_another_discount_rate_is_a_step_of_its_own(made_up: MakeResult, edit: Callable[..., None]) -> None:
    folder, other = made_up("one"), made_up("other")
    case = json.loads((other / "case.json").read_text("utf-8")) | {"discount_rate": 0.1}
    (other / "case.json").write_text(json.dumps(case), "utf-8")
    edit(other, "costs", lambda t: t.assign(discounted_cny=t["cny"] * 1.1 ** (2023.0 - t["year"])))
    total = float(pd.read_csv(other / "costs.csv")["discounted_cny"].sum())
    summary = json.loads((other / "summary.json").read_text("utf-8")) | {"objective_cny": total}
    (other / "summary.json").write_text(json.dumps(summary), "utf-8")
    for by in KINDS:
        found = of(folder, other, by)
        assert steps(found) == {"discounting": round(total - found.start, 2)}


def test_years_that_one_plan_has_are_steps_of_their_own(made_up: MakeResult) -> None:
    two, three = made_up("two", years=2), made_up("three", years=3)
    rows = pd.read_csv(three / "costs.csv")
    last = float(rows.loc[(rows["year"] == 2026) & (rows["category"] != "salvage"), "discounted_cny"].sum())
    # Three sites get 30 m each at the end: of 2025 or of 2026.
    salvage = -9e7 * (1.05**-3 - 1.05**-2)
    assert steps(of(two, three, "category")) == {"years_after": round(last, 2), "salvage": round(salvage, 2)}
    assert steps(of(three, two, "category")) == {"years_before": round(-last, 2), "salvage": round(-salvage, 2)}


def test_costs_that_costs_csv_does_not_hold_are_told(made_up: MakeResult, edit_summary: Callable[..., None]) -> None:
    folder, other = made_up("one"), made_up("other")
    cost = json.loads((folder / "summary.json").read_text())["objective_cny"]
    edit_summary(other, objective_cny=cost + 5e6)
    assert steps(of(folder, other, "category")) == {"rest": 5e6}


def test_costs_in_prices_of_different_years_are_not_bridged(made_up: MakeResult, comparing: Comparing) -> None:
    folder, other = made_up("one"), made_up("other")
    case = json.loads((other / "case.json").read_text("utf-8")) | {"base_year": 2022}
    (other / "case.json").write_text(json.dumps(case), "utf-8")
    results = read_result(folder), read_result(other)
    assert bridge(*results, "category") is None
    assert proof(*results) is None
    assert costs.finding(comparing(folder, other)) == (
        "The costs cannot be compared: they are in prices of different years"
    )


def cells(block: object) -> dict[str, list[str]]:
    assert isinstance(block, Table)
    return {row[0].text: [cell.text for cell in row[1:]] for row in block.rows}


def test_the_table_of_two_plans(comparing: Comparing) -> None:
    rows = cells(costs.side_by_side(comparing("town", "dear-grid"), "category"))
    assert rows["Halls"] == ["–", "4.00", "+4.00", "–"]
    assert rows["Conversions of halls"] == ["2.00", "–", "−2.00", "−100.0%"]
    assert rows["Hardware"] == ["36.60", "36.60", "–", "–"]
    assert rows["Net present cost"] == ["12.54", "12.97", "+0.44", "+3.5%"]
    rows = cells(costs.side_by_side(comparing("town", "dear-grid"), "site"))
    assert list(rows) == ["Old centre", "New centre", "South edge node", "Penalties", "Net present cost"]


def test_a_small_difference_of_large_totals_is_seen(made_up: MakeResult, comparing: Comparing) -> None:
    folder, other = made_up("one"), made_up("other", grid_kw=20000.0)
    table = pd.read_csv(other / "costs.csv")
    table.loc[0, ["cny", "discounted_cny"]] += 12_345.0
    table.to_csv(other / "costs.csv", index=False)
    summary = json.loads((other / "summary.json").read_text("utf-8"))
    summary["objective_cny"] += 12_345.0
    (other / "summary.json").write_text(json.dumps(summary), "utf-8")
    comparison = comparing(folder, other)
    assert cells(costs.side_by_side(comparison, "category"))["Halls"][-2] == "+12,345"
    heading = "The plan of B costs CNY\u00a012,345 more than that of A; the largest step is halls, CNY\u00a012,345 more"
    assert costs.finding(comparison) == heading


def test_many_sites_are_added_up(made_up: MakeResult, comparing: Comparing) -> None:
    comparison = comparing(made_up("few", sites=40), made_up("many", sites=40, growth=2.0))
    rows = cells(costs.side_by_side(comparison, "site", most=10))
    assert len(rows) == 11
    assert "31 other sites" in rows


def test_several_plans_stand_side_by_side(comparing: Comparing) -> None:
    comparison = comparing("town", "dear-grid", "weaker")
    table = costs.side_by_side(comparison, "category")
    assert isinstance(table, Table)
    assert [column.title for column in table.columns] == ["Category", "A", "B", "C"]
    assert cells(table)["Net present cost"] == ["12.5", "13.0", "12.1"]
    heading = "The plans cost from CNY\u00a012.1\u00a0m, C, to CNY\u00a013.0\u00a0m, B"
    assert costs.finding(comparison) == heading
