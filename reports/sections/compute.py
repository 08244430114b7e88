"""Compute by year and hardware, with the convention by which it is counted."""

from __future__ import annotations

import pandas as pd

from ...inputs.parts import Scope
from ..charts.palette import MOST_SERIES
from ..charts.series import Limits, over_years
from ..document import Block, Paragraph, Section
from ..draft import Draft, right, table, wide
from ..numbers import DASH, Unit, decimals_for, number, percent, plain
from ..view import grouped, lines, periods

SAME = 0.005
"""Changes below this share are called none."""


def convention(draft: Draft) -> str:
    """Which precision counts for which class of hardware: "AI FP16, general FP32"."""
    t, pairs = draft.t, sorted(draft.view.case.compute_convention.items())
    return t.joined(
        t("text.labelled", label=t.term("class", name), value=precision.upper()) for name, precision in pairs
    )


def counted(draft: Draft, note: str = "") -> str:
    """A note on how PFLOPS are counted, for wherever they are shown, after another note if there is one."""
    t, rule = draft.t, convention(draft)
    own = t("convention.note", rule=rule) if rule else t("convention.none")
    return t("convention.after", text=note, note=own) if note else own


def finding(draft: Draft) -> str:
    """The heading: from where to where the city's compute goes."""
    t, view = draft.t, draft.view
    first, last = (view.metric("compute_pflops", year) or 0.0 for year in (view.first, view.last))
    if last == 0:
        return t("compute.none", year=view.last)
    values = {"first": number(first), "last": number(last), "year": view.last, "start": view.first}
    if len(view.years) == 1 or first == 0:
        return t("compute.reaches", **values)
    change = last / first - 1
    return t("compute.stays" if abs(change) < SAME else "compute.grows" if change > 0 else "compute.falls", **values)


def city_goals(draft: Draft, metric: str) -> dict[int, float]:
    """The least that targets ask for of a metric over the whole city, by year."""
    goals: dict[int, float] = {}
    for target in draft.view.case.targets:
        if target.metric == metric and target.scope == Scope() and target.sense != "<=":
            goals[target.year] = max(target.value, goals.get(target.year, 0.0))
    return goals


def section(draft: Draft) -> Section:
    """The section."""
    t, view = draft.t, draft.view
    inside = view.hardware.loc[view.hardware["in_city"]]
    grid = view.by_year(inside, "hardware", "pflops").rename(index=view.hardware_names)
    blocks: list[Block] = []
    rule = convention(draft)
    blocks.append(Paragraph(t.rich("compute.convention", rule=rule) if rule else t.rich("compute.no_convention")))
    if len(grid):
        shown = grouped(grid, MOST_SERIES, lambda n: t.count("other_type", n))
        goals = Limits(t("compute.goal"), city_goals(draft, "compute_pflops"))
        drawing = over_years(shown, t("compute.unit"), number, "compute_pflops", limits=goals)
        alt = t("compute.alt", finding=finding(draft), largest=str(shown.index[0]))
        blocks.append(draft.figure("compute", drawing, t("compute.figure"), alt))
        blocks.append(_table(draft, grid))
    outside = view.hardware.loc[~view.hardware["in_city"] & (view.hardware["year"] == view.last), "pflops"].sum()
    if outside > 0:
        blocks.append(Paragraph(t.rich("compute.outside", pflops=number(float(outside)), year=view.last)))
    return Section("compute", t("compute.label"), finding(draft), tuple(blocks), lead=_lead(draft, grid))


def _lead(draft: Draft, grid: pd.DataFrame) -> str:
    t, view = draft.t, draft.view
    if not len(grid) or grid[view.last].sum() <= 0:
        return ""
    name, share = str(grid[view.last].idxmax()), float(grid[view.last].max() / grid[view.last].sum())
    domestic = view.metric("domestic_share", view.last)
    return t("compute.lead", name=name, share=percent(share), domestic=percent(domestic, 1), year=view.last)


def _table(draft: Draft, grid: pd.DataFrame) -> Block:
    t, view = draft.t, draft.view
    columns = [(label, years[-1]) for label, years in periods(view.years)]
    decimals = decimals_for(grid.to_numpy().ravel())
    ordered = grid.loc[grid[view.last].sort_values(ascending=False, kind="stable").index]
    rows = [[name, *(_pflops(float(row[y]), decimals) for _, y in columns)] for name, row in lines(ordered)]
    rows.append(
        [t("compute.domestic"), *(percent(view.metric("domestic_share", year), 1) for _, year in columns)],
    )
    total = view.metric_series("compute_pflops")
    rows.append([t("compute.total"), *(plain(float(total[year]), decimals) for _, year in columns)])
    titles = [wide(t("column.hardware")), *(right(str(year)) for _, year in columns)]
    return table("compute", t("compute.caption"), titles, rows, total=True)


def _pflops(value: float, decimals: int) -> str:
    return Unit("PFLOPS", 1.0, decimals)(value) if value > 0 else DASH
