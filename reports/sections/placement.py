"""Where each system's workloads run and where their backup stands, in the last year."""

from __future__ import annotations

from functools import partial

import pandas as pd

from ..charts.heat import heat_map
from ..document import Block, Paragraph, Section
from ..draft import Draft, cut, left, right, table, wide
from ..numbers import DASH, percent
from ..view import TRACE, line
from ..wording import printable

MOST_SITES = 11
MOST_SYSTEMS = 30
NAMED = 4
"""Sites named in a table cell before the rest is counted."""


def shares(draft: Draft, role: str) -> pd.DataFrame:
    """Share of each system's demand by site in the last year; within a system workloads weigh by their demand."""
    view = draft.view
    placed = view.tables["placement"]
    placed = placed.loc[(placed["role"] == role) & (placed["year"] == view.last) & (placed["share"] > TRACE)]
    weights = weights_in_system(draft)
    systems = {w.id: w.system or w.id for w in view.case.workloads}
    rows = placed.assign(
        system=placed["workload"].map(systems).astype(object), part=placed["share"] * placed["workload"].map(weights)
    )
    return rows.pivot_table(index="system", columns="site", values="part", aggfunc="sum", fill_value=0.0).astype(float)


def weights_in_system(draft: Draft) -> dict[str, float]:
    """Each workload's part of its system: by its demand in the last year, evenly where there is none."""
    last = draft.view.last
    sizes = {w.id: sum(by_year.get(last, 0.0) for by_year in w.demand.values()) for w in draft.view.case.workloads}
    total: dict[str, float] = {}
    count: dict[str, int] = {}
    for w in draft.view.case.workloads:
        key = w.system or w.id
        total[key] = total.get(key, 0.0) + sizes[w.id]
        count[key] = count.get(key, 0) + 1
    keys = {w.id: w.system or w.id for w in draft.view.case.workloads}
    return {i: sizes[i] / total[k] if total[k] > 0 else 1 / count[k] for i, k in keys.items()}


def system_names(draft: Draft) -> dict[str, str]:
    """What to call each system: the name its workloads share, or its id."""
    names: dict[str, set[str]] = {}
    for w in draft.view.case.workloads:
        names.setdefault(w.system or w.id, set()).add(draft.view.name_of(w.name, w.system or w.id))
    return {key: found.copy().pop() if len(found) == 1 else printable(key) for key, found in names.items()}


def finding(draft: Draft) -> str:
    """The heading: how many sites serve the systems, and which serves most of them."""
    t, view = draft.t, draft.view
    grid = shares(draft, "primary")
    if grid.empty:
        return t("placement.none", year=view.last)
    serves = (grid > TRACE).sum()
    top = int(serves.max())
    most = [view.site_names[str(s)] for s in serves.index[serves == top]]
    systems = t.count("system", len(grid))
    values = {"n": top, "systems": systems, "year": view.last, "name": t.listing(most, most=2, noun="site")}
    if len(serves) == 1:
        return t("placement.single", **values)
    if len(most) == len(serves):
        return t("placement.even", sites=t.count("site", len(serves)), **values)
    if len(most) == 1:
        return t("placement.most", **values)
    return t("placement.tie", **values)


def section(draft: Draft) -> Section | None:
    """The section; None if the case has no workloads."""
    t, view = draft.t, draft.view
    if not view.case.workloads:
        return None
    primary, standby = shares(draft, "primary"), shares(draft, "standby")
    blocks: list[Block] = []
    if not primary.empty:
        blocks.append(_matrix(draft, primary))
    blocks.append(Paragraph(t.rich("placement.all_served" if view.unserved.empty else "placement.see_unserved")))
    blocks.append(_table(draft, primary, standby))
    lead = t(
        "placement.lead",
        workloads=t.count("workload", len(view.case.workloads)),
        sites=t.count("site", int((primary > TRACE).any().sum()) if not primary.empty else 0),
        year=view.last,
    )
    return Section("placement", t("placement.label"), finding(draft), tuple(blocks), lead=lead)


def _matrix(draft: Draft, primary: pd.DataFrame) -> Block:
    t, view = draft.t, draft.view
    names = system_names(draft)
    if len(primary) <= MOST_SYSTEMS:
        ordered = [key for key in names if key in primary.index]
        rows, kind = primary.loc[ordered].rename(index=names), "system"
    else:
        pools = {w.system or w.id: t.term("pool", w.pool) for w in view.case.workloads}
        rows, kind = primary.groupby(primary.index.map(pools)).mean(), "pool"
    order = rows.sum().sort_values(ascending=False, kind="stable").index
    shown = rows[order[:MOST_SITES]].rename(columns=view.site_names)
    rest = order[MOST_SITES:]
    if len(rest):
        shown = shown.assign(**{t.count("other_site", len(rest)): rows[rest].sum(axis=1)})
    drawing = heat_map(shown.where(shown > TRACE), percent, "share_of_demand", row=kind, column="site", top=1.0)
    alt = t(f"placement.alt_{kind}", finding=finding(draft), n=len(shown))
    return draft.figure("placement", drawing, t(f"placement.figure_{kind}", year=view.last), alt)


def _table(draft: Draft, primary: pd.DataFrame, standby: pd.DataFrame) -> Block:
    t, view = draft.t, draft.view
    names, pools = system_names(draft), {w.system or w.id: w.pool for w in view.case.workloads}
    count: dict[str, int] = {}
    for w in view.case.workloads:
        count[w.system or w.id] = count.get(w.system or w.id, 0) + 1
    place = partial(where, draft)
    rows = [
        (name, t.term("pool", pools[key]), str(count[key]), place(primary, key), place(standby, key))
        for key, name in names.items()
    ]
    titles = (
        wide(t("placement.column.system"), 1.5), left(t("placement.column.pool")),
        right(t("placement.column.workloads")),
        wide(t("placement.column.primary"), 2.0), wide(t("placement.column.standby"), 1.4),
    )  # fmt: skip
    shown, more = cut(draft, rows, "placement.csv")
    note = t("list.sentence").join(filter(None, (t("placement.note"), more)))
    caption = t("placement.caption", year=view.last)
    return table("placement", caption, titles, shown, note=note, dense=len(rows) > 12)


def where(draft: Draft, grid: pd.DataFrame, system: str) -> str:
    """The sites of a system in a grid of `shares`, those with the most first."""
    t, view = draft.t, draft.view
    if system not in grid.index:
        return DASH
    row = line(grid, system)
    row = row[row > TRACE].sort_values(ascending=False, kind="stable")
    if row.empty:
        return DASH
    if len(row) == 1 and row.iloc[0] > 1 - 1e-4:
        return view.site_names[str(row.index[0])]
    parts = [(view.site_names[str(site)], float(share)) for site, share in row.iloc[:NAMED].items()]
    if len(row) > NAMED:
        parts.append((t.count("other_site", len(row) - NAMED), float(row.iloc[NAMED:].sum())))
    return t.joined(t("text.counted", name=name, n=percent(share)) for name, share in parts)
