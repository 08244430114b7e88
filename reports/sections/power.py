"""Peak power against what each grid connection allows."""

from __future__ import annotations

import pandas as pd

from ..charts.heat import MOST_COLUMNS, heat_map
from ..charts.power import Load, against_limits
from ..document import Block, Section
from ..draft import Draft, right, table, wide
from ..numbers import DASH, decimals_for, number, percent, plain, quantity
from ..view import TRACE, at, line, lines, periods

FULL = 0.995
OVER = 1.001
MOST_SITES = 18
DRAWN = 5
NAMED = 2
"""Sites at their limits that the heading names; more of them are counted."""


def shares(draft: Draft) -> pd.DataFrame:
    """Peak power as a share of the usable grid, site by year; NaN where nothing may be drawn."""
    power = draft.view.power
    return power["peak_kw"] / power["usable_kw"].where(power["usable_kw"] > 0)


def finding(draft: Draft) -> str:
    """The heading: which sites are at their limit, or how near the nearest comes."""
    t, view = draft.t, draft.view
    load = shares(draft).fillna(0.0)
    loads = {(site, year): float(row[year]) for site, row in lines(load) for year in view.years}
    if not loads:
        return t("power.none")
    (site, year), most = max(loads.items(), key=lambda item: item[1])
    if most <= TRACE:
        return t("power.none")
    values = {"name": view.site_names[site], "year": year, "share": percent(most)}
    if most > OVER:
        return t("power.over", **values)
    full = [key for key, share in loads.items() if share >= FULL]
    names = [view.site_names[s] for s in dict.fromkeys(s for s, _ in full)]
    if not names:
        return t("power.room", **values)
    if len(names) > NAMED:
        return t("power.full.many", sites=t.count("site", len(names)))
    years = t.year_list(y for _, y in full)
    key = "power.full.one" if len(names) == 1 else "power.full.other"
    return t(key, names=t.listing(names, noun="site"), years=years)


def section(draft: Draft) -> Section:
    """The section."""
    t, view = draft.t, draft.view
    power = view.power
    sites = drawing_power(draft)
    blocks: list[Block] = []
    if sites:
        blocks.append(_limits(draft, sites))
        if len(sites) > DRAWN:
            blocks.append(_heat(draft, sites))
    unit = view.power_unit
    sums = (float(power[name][view.last].sum()) / unit.factor for name in ("peak_kw", "usable_kw"))
    peak, usable = (quantity(number(value), unit.unit) for value in sums)
    added = int(power["grid_steps"].to_numpy().sum())
    lead = t("power.lead", peak=peak, usable=usable, year=view.last, steps=t.count("grid_step", added))
    return Section("power", t("power.label"), finding(draft), tuple(blocks), lead=lead if sites else "")


def drawing_power(draft: Draft) -> list[str]:
    """The sites that draw power in any year, the largest first."""
    drawn = draft.view.power["peak_kw"].max(axis=1)
    return [str(s) for s in drawn.sort_values(ascending=False, kind="stable").index if drawn[s] > TRACE]


def _limits(draft: Draft, sites: list[str]) -> Block:
    t, view = draft.t, draft.view
    unit = view.power_unit
    peak, usable = (view.power[name].loc[sites] / unit.factor for name in ("peak_kw", "usable_kw"))
    loads = [Load(view.site_names[site], line(peak, site), line(usable, site)) for site in sites[:DRAWN]]
    if len(sites) > 1:
        label = t("power.total", sites=t.count("site", len(sites)))
        loads.append(Load(label, peak.sum(), usable.sum(), total=True))
    drawing = against_limits(loads, t("power.peak"), t("power.limit"), FULL, unit.unit)
    key = "power.figure" if len(sites) <= DRAWN else "power.figure_part"
    alt = t("power.alt", finding=finding(draft))
    return draft.figure(
        "power", drawing, t(key, n=DRAWN, unit=unit.unit), alt, t("power.figure_note", full=percent(FULL, 1))
    )


def _heat(draft: Draft, sites: list[str]) -> Block:
    t, view = draft.t, draft.view
    years = [chunk[-1] for _, chunk in periods(view.years, MOST_COLUMNS)]
    load = shares(draft).loc[sites, years]
    order = load.max(axis=1).sort_values(ascending=False, kind="stable").index[:MOST_SITES]
    grid = load.loc[order].rename(index=view.site_names)
    drawing = heat_map(grid, percent, "peak_share_of_usable_grid", top=1.0, marked=lambda v: v >= FULL)
    key = "power.heat" if len(order) == len(sites) else "power.heat_part"
    alt = t("power.heat_alt", n=len(order), finding=finding(draft))
    return draft.figure("power-load", drawing, t(key, n=len(order)), alt, t("power.heat_note", full=percent(FULL, 1)))


def by_site(draft: Draft) -> Block | None:
    """The table of every site that draws power; None if none does."""
    t, view = draft.t, draft.view
    drawn = set(drawing_power(draft))
    sites = [site for site in view.sites if site in drawn]
    if not sites:
        return None
    unit = view.power_unit
    least = 1 if unit.factor > 1 else 0
    decimals = max(least, decimals_for(view.power["grid_kw"][view.last] / unit.factor))
    energy = t.energy_unit(view.power["facility_mwh"][view.last])
    rows = []
    for site in sites:
        row = {name: at(grid, site, view.last) for name, grid in view.power.items()}
        steps = float(line(view.power["grid_steps"], site).sum())
        rows.append(
            [
                view.site_names[site],
                plain(steps) if steps else DASH,
                *(plain(row[name] / unit.factor, decimals) for name in ("grid_kw", "usable_kw", "peak_kw")),
                percent(row["peak_kw"] / row["usable_kw"]) if row["usable_kw"] else DASH,
                energy(row["facility_mwh"]),
                plain(row["facility_mwh"] / row["it_mwh"], 2) if row["it_mwh"] > 0 else DASH,
            ]
        )
    keys = ("steps", "grid", "usable", "peak", "load", "energy", "pue")
    names = {key: energy.unit if key == "energy" else unit.unit for key in keys}
    titles = [wide(t("column.site")), *(right(t(f"power.column.{key}", unit=names[key])) for key in keys)]
    return table("power", t("power.caption", year=view.last), titles, rows, note=t("power.note"), dense=len(rows) > 12)
