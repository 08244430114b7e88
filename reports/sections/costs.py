"""What the plan costs: the net present cost by category and by site."""

from __future__ import annotations

import pandas as pd

from ..charts.costs import bridge
from ..document import Block, Section
from ..draft import Draft, right, table, wide
from ..numbers import DASH, Unit, percent
from ..view import grouped, line, lines, periods

CAPITAL = ("site_opening", "halls", "conversions", "grid_steps", "hardware")
PENALTIES = ("unserved_penalty", "target_penalty")
"""Prices set on what the plan leaves undone; nobody is paid them."""
KINDS = ("capital", "running", "salvage")
MOST_SITES = 14


def running_cost(costs: pd.DataFrame) -> pd.DataFrame:
    """The rows of costs.csv that are paid again every year: neither capital nor salvage value nor penalties."""
    return costs.loc[~costs["category"].isin((*CAPITAL, *PENALTIES, "salvage"))]


def by_category(draft: Draft) -> pd.Series[float]:
    """Net present cost by category, CNY, in the order of the result's format; what the format lacks comes last."""
    sums = draft.view.costs.groupby("category")["discounted_cny"].sum()
    known = [category for group in ORDER for category in (group,) if category in sums.index]
    return sums.reindex([*known, *(c for c in sums.index if c not in known)])


ORDER = (
    "site_opening", "halls", "conversions", "grid_steps", "hardware", "site_fixed", "hall_upkeep",
    "hardware_maintenance", "hardware_fees", "electricity", "green_premium", "carbon", "network",
    "unserved_penalty", "target_penalty", "salvage",
)  # fmt: skip
"""The categories in the order of the result's format."""


def finding(draft: Draft) -> str:
    """The heading: the largest category and its part of what is spent."""
    t = draft.t
    sums = by_category(draft)
    spent = sums.clip(lower=0).sum() if len(sums) else 0.0
    total = t.money(float(sums.sum()))
    if spent <= 0:
        return t("costs.nothing", total=total)
    name = t.within(t.word(f"cost.{sums.idxmax()}"))
    return t("costs.finding", name=name, share=percent(float(sums.max() / spent)), total=total)


def section(draft: Draft) -> Section:
    """The section."""
    t, view = draft.t, draft.view
    sums = by_category(draft)
    if sums.empty:
        return Section("costs", t("costs.label"), finding(draft), ())
    named = sums.rename(index=lambda category: t.word(f"cost.{category}"))
    unit = t.money_unit([float(sums.clip(lower=0).sum())])
    rate = percent(view.case.discount_rate, 1)
    blocks: list[Block] = [
        draft.figure(
            "cost-bridge", bridge(named, t("costs.total"), unit), t("costs.bridge"),
            t("costs.bridge_alt", finding=finding(draft)),
            t("costs.bridge_note", rate=rate, base=view.case.base_year),
        ),
        _table(draft, sums),
        _sites(draft),
    ]  # fmt: skip
    return Section("costs", t("costs.label"), finding(draft), tuple(blocks))


def _table(draft: Draft, sums: pd.Series[float]) -> Block:
    t, view = draft.t, draft.view
    columns = periods(view.years, 7, t.years)
    grid = view.costs.pivot_table(index="category", columns="year", values="cny", aggfunc="sum", fill_value=0.0)
    grid = grid.reindex(columns=list(view.years), fill_value=0.0).astype(float)
    unit = t.money_unit([float(grid.abs().to_numpy().max()), float(sums.abs().max())])
    rows = []
    for category in sums.index:
        years = [float(grid.loc[category, chunk].sum()) for _, chunk in columns]
        rows.append([t.word(f"cost.{category}"), *(unit(v) if v else DASH for v in years), unit(float(sums[category]))])
    totals = [unit(float(grid[chunk].to_numpy().sum())) for _, chunk in columns]
    rows.append([t("costs.total"), *totals, unit(float(sums.sum()))])
    titles = [wide(t("costs.column.category")), *(right(name) for name, _ in columns), right(t("costs.column.present"))]
    return table("costs", t("costs.caption", unit=unit.unit), titles, rows, note=t("costs.note"), total=True)


def _sites(draft: Draft) -> Block:
    """The net present cost by site: capital, running cost and salvage value."""
    t, view = draft.t, draft.view
    kind = {**dict.fromkeys(CAPITAL, "capital"), "salvage": "salvage"}
    rows = view.costs.assign(
        kind=view.costs["category"].map(kind).fillna("running"),
        place=view.costs["site"].map(view.site_names).fillna(t("cost_by_site.nowhere")),
    )
    grid = rows.pivot_table(index="place", columns="kind", values="discounted_cny", aggfunc="sum", fill_value=0.0)
    grid = grid.reindex(columns=list(KINDS), fill_value=0.0).astype(float)
    shown = grouped(grid, MOST_SITES, lambda n: t.count("other_site", n))
    unit = t.money_unit([float(grid.abs().to_numpy().max()), float(grid.to_numpy().sum())])
    cells = [_site_row(name, row, unit) for name, row in lines(shown)]
    cells.append(_site_row(t("costs.total"), shown.sum(), unit))
    titles = [wide(t("column.site")), *(right(t(f"cost_by_site.{k}")) for k in KINDS), right(t("costs.column.present"))]
    note = t("cost_by_site.note")
    return table("cost-by-site", t("cost_by_site.caption", unit=unit.unit), titles, cells, note=note, total=True)


def _site_row(name: str, row: pd.Series[float], unit: Unit) -> list[str]:
    return [name, *(unit(float(v)) if v else DASH for v in row), unit(float(row.sum()))]


def by_site(draft: Draft) -> Block | None:
    """The table of what is spent at every site from year to year; None if nothing is."""
    t, view = draft.t, draft.view
    spent = view.costs.loc[(view.costs["category"] != "salvage") & view.costs["site"].isin(view.site_names)]
    grid = view.by_year(spent, "site", "cny")
    if grid.empty:
        return None
    columns = periods(view.years, label=t.years)
    unit = t.money_unit(grid.to_numpy().ravel())
    rows = []
    for site in [site for site in view.sites if site in grid.index]:
        sums = [float(line(grid, site)[years].sum()) for _, years in columns]
        rows.append([view.site_names[site], *(unit(v) if v else DASH for v in sums), unit(sum(sums))])
    sums = [float(grid[years].to_numpy().sum()) for _, years in columns]
    rows.append([t("column.total"), *(unit(v) for v in sums), unit(sum(sums))])
    titles = [wide(t("column.site")), *(right(name) for name, _ in columns), right(t("column.total"))]
    caption, note = t("cost_by_site.by_year", unit=unit.unit), t("cost_by_site.by_year_note")
    return table("site-costs", caption, titles, rows, note=note, total=True, dense=len(rows) > 12)
