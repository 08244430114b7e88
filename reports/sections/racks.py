"""Racks in service and occupied, and their utilisation by site and year."""

from __future__ import annotations

import pandas as pd

from ..charts.heat import MOST_COLUMNS, heat_map
from ..charts.series import Limits, over_years
from ..document import Block, Section
from ..draft import Draft, right, table, wide
from ..numbers import DASH, number, percent, plain
from ..view import TRACE, at, periods
from .compute import city_goals

MOST_SITES = 18
FULL = 0.9995
"""From here on a site's racks are called full."""
NAMED = 2
"""Fullest sites that the heading names; more of them are counted."""


def finding(draft: Draft) -> str:
    """The heading: how full the city's racks are in the last year, and which site is the fullest."""
    t, view = draft.t, draft.view
    share = view.metric("rack_utilisation", view.last)
    racks = view.metric("racks_in_service", view.last)
    if share is None or not racks:
        return t("racks.none", year=view.last)
    filled = _utilisation(view.racks["occupied"], view.racks["in_service"])[view.last].dropna()
    filled = filled.loc[filled.index.isin(view.city_sites)]
    values = {"share": percent(share, 1), "year": view.last, "racks": number(racks)}
    if len(filled) < 2:
        return t("racks.one", **values)
    top = filled.max()
    fullest = [view.site_names[str(s)] for s in filled.index[filled > top - 0.0005]]
    names = t.listing(fullest, noun="site") if len(fullest) <= NAMED else t.count("site", len(fullest))
    if len(fullest) == len(filled):
        return t("racks.even", **values)
    key = ("racks.full" if top >= FULL else "racks.fullest") + (".one" if len(fullest) == 1 else ".other")
    return t(key, **values, name=names, top=percent(float(top), 1))


def section(draft: Draft) -> Section:
    """The section."""
    t, view = draft.t, draft.view
    blocks: list[Block] = []
    sites = in_service(draft)
    total = pd.DataFrame(
        {
            t("racks.occupied"): view.metric_series("racks_occupied"),
            t("racks.free"): view.metric_series("racks_in_service") - view.metric_series("racks_occupied"),
        }
    ).T.clip(lower=0)
    if sites:
        goals = city_goals(draft, "rack_utilisation")
        service = view.metric_series("racks_in_service")
        lines = {year: share * float(service[year]) for year, share in goals.items() if year in service.index}
        asked = percent(max(goals.values())) if goals else ""
        limits = Limits(t("racks.goal", share=asked), lines)
        drawing = over_years(total, t("racks.unit"), number, "racks", limits=limits, height=2.2)
        alt = t("racks.alt", finding=finding(draft))
        blocks.append(draft.figure("racks", drawing, t("racks.figure"), alt, t("racks.figure_note") if goals else ""))
        blocks.append(_heat(draft, sites, goals))
    first = view.metric("racks_in_service", view.first)
    last = view.metric("racks_in_service", view.last)
    lead = t("racks.lead", first=number(first), last=number(last), start=view.first, year=view.last)
    return Section("racks", t("racks.label"), finding(draft), tuple(blocks), lead=lead if sites else "")


def _heat(draft: Draft, sites: list[str], goals: dict[int, float]) -> Block:
    t, view = draft.t, draft.view
    years = [chunk[-1] for _, chunk in periods(view.years, MOST_COLUMNS)]
    size = view.racks["in_service"].loc[sites, view.last].sort_values(ascending=False, kind="stable")
    ranked = [str(site) for site in size.index]
    shown = ranked if len(ranked) <= MOST_SITES else ranked[: MOST_SITES - 1]
    rest = t.count("other_site", len(ranked) - len(shown))
    label = {site: view.site_names[site] if site in shown else rest for site in ranked}
    occupied, service = (
        view.racks[name].loc[ranked, years].rename(index=label).groupby(level=0, sort=False).sum()
        for name in ("occupied", "in_service")
    )
    grid = _utilisation(occupied, service)
    grid.loc[t("racks.city")] = [view.metric("rack_utilisation", year) for year in years]
    least = min(goals.values()) if goals else None
    drawing = heat_map(grid, percent, "utilisation_share", top=1.0, separate_last=True)
    note = t("racks.heat_note", share=percent(least)) if least is not None else t("racks.heat_plain")
    alt = t("racks.heat_alt", n=len(shown), year=view.last, share=percent(view.metric("rack_utilisation", view.last)))
    return draft.figure("rack-utilisation", drawing, t("racks.heat"), alt, note)


def in_service(draft: Draft) -> list[str]:
    """The sites with racks in service in any year."""
    used = draft.view.racks["in_service"].max(axis=1)
    return [str(site) for site in used.index[used > TRACE]]


def by_site(draft: Draft) -> Block | None:
    """The table of every site's racks; None if there are none."""
    t, view = draft.t, draft.view
    sites = in_service(draft)
    if not sites:
        return None
    columns = periods(view.years, 6)
    rows = []
    for site in sites:
        cells = [view.site_names[site] + ("" if site in view.city_sites else " " + t("racks.outside"))]
        for _, years in columns:
            occupied, service = (at(view.racks[name], site, years[-1]) for name in ("occupied", "in_service"))
            cells.append(f"{plain(occupied)} / {plain(service)}" if service > 0 else DASH)
        rows.append(cells)
    total = [t("racks.city")]
    for _, years in columns:
        values = (view.metric(name, years[-1]) for name in ("racks_occupied", "racks_in_service"))
        total.append(" / ".join(DASH if v is None else plain(v) for v in values))
    titles = [wide(t("column.site")), *(right(str(years[-1])) for _, years in columns)]
    return table(
        "racks", t("racks.caption"), titles, [*rows, total], note=t("racks.note"), total=True, dense=len(rows) > 12
    )


def _utilisation(occupied: pd.DataFrame, in_service: pd.DataFrame) -> pd.DataFrame:
    return occupied / in_service.where(in_service > TRACE)
