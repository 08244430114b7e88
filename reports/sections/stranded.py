"""Racks and grid connection that are paid for and do no work, and why."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ..charts.series import over_years
from ..document import Block, Section
from ..draft import Draft, right, table, wide
from ..numbers import DASH, number, percent, plain
from ..stranded import GRID, GRID_CAUSES, IN_USE, RACK_CAUSES, RACKS, stranded
from ..view import TRACE

MOST_SITES = 11


def finding(draft: Draft, found: pd.DataFrame) -> str:
    """The heading: what share of the racks paid for does no work in the last year, and the first reason for it."""
    t, view = draft.t, draft.view
    racks = found[(found["capacity"] == RACKS) & (found["year"] == view.last)]
    of_cause = racks.groupby("cause")["amount"].sum()
    total = float(of_cause.sum())
    without = of_cause.drop(IN_USE, errors="ignore")
    if total <= TRACE:
        return t("stranded.none", year=view.last)
    if float(without.sum()) <= 0.0005 * total:
        return t("stranded.all_used", year=view.last)
    because = t(f"stranded.because.{without.idxmax()}")
    return t("stranded.finding", share=percent(float(without.sum()) / total), year=view.last, because=because)


def section(draft: Draft) -> Section | None:
    """The section; None if nothing is in service."""
    t, view = draft.t, draft.view
    found = stranded(view)
    if found.empty:
        return None
    blocks: list[Block] = []
    racks = found[found["capacity"] == RACKS]
    grid = racks.pivot_table(index="cause", columns="year", values="amount", aggfunc="sum", fill_value=0.0)
    grid = grid.reindex(columns=list(view.years), fill_value=0.0)
    without = grid.reindex([cause for cause in RACK_CAUSES if cause in grid.index])
    if not without.empty:
        names = without.rename(index=lambda cause: t(f"stranded.racks.{cause}"))
        drawing = over_years(names, t("stranded.unit"), number, "racks", height=2.2)
        used = float(grid[view.last].get(IN_USE, 0.0))
        note = t("stranded.figure_note", used=number(used), all=number(float(grid[view.last].sum())), year=view.last)
        alt = t("stranded.alt", finding=finding(draft, found))
        blocks.append(draft.figure("stranded", drawing, t("stranded.figure"), alt, note))
    for capacity, causes in ((RACKS, RACK_CAUSES), (GRID, GRID_CAUSES)):
        block = _by_site(draft, found, capacity, causes)
        if block is not None:
            blocks.append(block)
    return Section("stranded", t("stranded.label"), finding(draft, found), tuple(blocks), lead=t("stranded.lead"))


def _by_site(draft: Draft, found: pd.DataFrame, capacity: str, causes: Sequence[str]) -> Block | None:
    """Site by site in the last year, those with the most that does no work first; the rest in one row."""
    t, view = draft.t, draft.view
    rows = found[(found["capacity"] == capacity) & (found["year"] == view.last)]
    if rows.empty:
        return None
    grid = rows.pivot_table(index="site", columns="cause", values="amount", aggfunc="sum", fill_value=0.0)
    shown = [cause for cause in (IN_USE, *causes) if cause in grid.columns]
    grid = grid[shown]
    without = grid.sum(axis=1) - grid.get(IN_USE, 0.0)
    ranked = grid.loc[without.sort_values(ascending=False, kind="stable").index]
    ranked = ranked.rename(index=view.site_names)
    if len(ranked) > MOST_SITES:
        rest = t.count("other_site", len(ranked) - MOST_SITES + 1)
        head, tail = ranked.iloc[: MOST_SITES - 1], ranked.iloc[MOST_SITES - 1 :]
        ranked = pd.concat([head, tail.sum().to_frame(rest).T])
    ranked.loc[t("stranded.total")] = grid.sum()
    lines = [
        [str(name), plain(float(amounts.sum())), *(_cell(float(amounts[cause])) for cause in shown)]
        for name, amounts in ranked.iterrows()
    ]
    titles = [wide(t("column.site")), right(t("stranded.column.paid"))]
    titles += [right(t(f"stranded.{capacity}.{cause}")) for cause in shown]
    name, caption, note = (
        ("stranded-racks", t("stranded.racks_caption", year=view.last), t("stranded.racks_note"))
        if capacity == RACKS
        else ("stranded-grid", t("stranded.grid_caption", year=view.last), _explained(draft, shown))
    )
    return table(name, caption, titles, lines, note=note, total=True, dense=len(lines) > 8 or len(shown) > 5)


def _explained(draft: Draft, causes: Sequence[str]) -> str:
    """What the columns of the grid's table mean, as far as their titles do not say it."""
    told = draft.t.group("stranded.grid_note")
    return draft.t("list.sentence").join(told[cause] for cause in causes if cause in told)


def _cell(amount: float) -> str:
    return plain(amount) if amount >= 0.5 else DASH if amount <= TRACE else "<1"
