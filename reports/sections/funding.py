"""Capital against running cost, and against the budget: what there is to be funded, and how long it lasts."""

from __future__ import annotations

import pandas as pd

from ..charts.series import Limits, over_years
from ..commitments import GROUPS, Commitment, by_group, commitments
from ..document import Block, Paragraph, Section
from ..draft import Draft, right, table, wide
from ..numbers import DASH, percent
from ..view import TRACE, lines, periods
from .costs import CAPITAL, running_cost

RUNNING = {
    "energy": ("electricity", "green_premium", "carbon"),
    "operation": ("site_fixed", "hall_upkeep", "hardware_maintenance", "hardware_fees"),
    "network": ("network",),
}
"""Groups of running cost."""
OVER = 1e-6
"""By this share a budget may be exceeded before that is called so: what a solver's tolerance leaves behind."""


def capital(draft: Draft) -> pd.Series[float]:
    """Capital spending by year, CNY, not discounted."""
    view = draft.view
    paid = view.costs.loc[view.costs["category"].isin(CAPITAL)].groupby("year")["cny"].sum()
    return paid.reindex(list(view.years), fill_value=0.0).astype(float)


def finding(draft: Draft) -> str:
    """The heading: how the capital spending stands to the budget, or to the running cost if there is none."""
    t, view = draft.t, draft.view
    spent = capital(draft)
    budget = view.case.budget_cny
    if not budget:
        values = {
            "capital": t.money(float(spent.sum())), "running": t.money(float(running_cost(view.costs)["cny"].sum())),
            "years": len(view.years),
        }  # fmt: skip
        return t("funding.only" if len(view.years) == 1 else "funding.no_budget", **values)
    over = [year for year, limit in sorted(budget.items()) if float(spent.get(year, 0.0)) > limit * (1 + OVER) + 1]
    if over:
        return t("funding.over", years=t.year_list(over))
    used = {year: float(spent.get(year, 0.0)) / limit for year, limit in sorted(budget.items()) if limit > 0}
    if not used or max(used.values()) <= 0:
        return t("funding.unused")
    year = max(used, key=lambda y: used[y])
    return t("funding.within", year=year, share=percent(used[year]))


def section(draft: Draft) -> Section | None:
    """The section; None if nothing is spent."""
    t, view = draft.t, draft.view
    if not (view.costs["category"] != "salvage").any():
        return None
    found = commitments(view)
    grid = _by_group(draft, found)
    blocks: list[Block] = [_chart(draft, grid), _table(draft, grid, found)]
    if view.case.budget_cny:
        blocks.append(_budget(draft))
    blocks.append(Paragraph(t.rich("funding.honest")))
    return Section("funding", t("funding.label"), finding(draft), tuple(blocks))


def _by_group(draft: Draft, found: tuple[Commitment, ...]) -> pd.DataFrame:
    """Capital and running cost by group and year, CNY; groups without any are left out."""
    view = draft.view
    group = {category: key for key, categories in RUNNING.items() for category in categories}
    running = running_cost(view.costs)
    by_year = view.by_year(running.assign(group=running["category"].map(group).fillna("operation")), "group", "cny")
    grid = pd.concat(
        [by_group(view, found, "needed"), by_year.reindex([key for key in RUNNING if key in by_year.index])]
    )
    return grid.loc[grid.abs().sum(axis=1) > TRACE]


def _chart(draft: Draft, grid: pd.DataFrame) -> Block:
    t, view = draft.t, draft.view
    unit = t.money_unit(grid.sum())
    shown = grid.rename(index=lambda key: t(f"funding.group.{key}"))
    limits = Limits(t("funding.budget_line"), view.case.budget_cny)
    drawing = over_years(shown, unit.unit, unit, "spending_cny", scale=unit.factor, limits=limits)
    busiest = max(view.years, key=lambda year: float(grid[year].to_numpy().sum()))
    most = t.money(float(grid[busiest].to_numpy().sum()))
    alt = t("funding.alt", finding=finding(draft), year=busiest, money=most)
    saved = -float(view.costs.loc[view.costs["category"] == "salvage", "cny"].sum())
    notes = [t("funding.figure_note")] if view.case.budget_cny else []
    notes += [t("funding.salvage_note", salvage=t.money(saved), year=view.last)] if saved > 0 else []
    note = t("list.sentence").join(notes)
    return draft.figure("funding", drawing, t("funding.figure"), alt, note)


def _table(draft: Draft, grid: pd.DataFrame, found: tuple[Commitment, ...]) -> Block:
    t, view = draft.t, draft.view
    columns = periods(view.years, 7, t.years)
    unit = t.money_unit([float(grid.to_numpy().sum())])
    rows = []
    for key, amounts in lines(grid):
        sums = [float(amounts[years].sum()) for _, years in columns]
        values = [unit(v) if v else DASH for v in sums]
        rows.append([t(f"funding.group.{key}"), _lives(draft, found, key) or DASH, *values, unit(sum(sums))])
    sums = [float(grid[years].to_numpy().sum()) for _, years in columns]
    rows.append([t("column.total"), "", *(unit(v) for v in sums), unit(sum(sums))])
    titles = [
        wide(t("funding.column.what")), right(t("funding.column.life")), *(right(name) for name, _ in columns),
        right(t("column.total")),
    ]  # fmt: skip
    return table("funding", t("funding.caption", unit=unit.unit), titles, rows, note=t("funding.note"), total=True)


def _lives(draft: Draft, found: tuple[Commitment, ...], group: str) -> str:
    """How many years what is paid for lasts, from the shortest to the longest."""
    lives = sorted({c.life_years for c in found if GROUPS[c.work] == group and c.life_years and c.cny > 0})
    if not lives:
        return ""
    return draft.t.years(lives[0], lives[-1])


def _budget(draft: Draft) -> Block:
    t, spent = draft.t, capital(draft)
    rows = []
    for year, limit in sorted(draft.view.case.budget_cny.items()):
        value = float(spent.get(year, 0.0))
        share = percent(value / limit) if limit else DASH
        rows.append([str(year), t.money(value), t.money(limit), t.money(limit - value), share])
    keys = ("spent", "budget", "left", "share")
    titles = [wide(t("column.year")), *(right(t(f"funding.column.{key}")) for key in keys)]
    return table("budget", t("funding.budget"), titles, rows)
