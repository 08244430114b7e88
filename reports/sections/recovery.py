"""Disaster recovery: which systems keep a backup, in which fault zone, and what stands outside the city."""

from __future__ import annotations

import pandas as pd

from ..document import Block, Inline, Paragraph, Section
from ..draft import Draft, cut, right, table, wide
from ..numbers import DASH, percent
from ..view import TRACE, line
from . import placement


def reserves(draft: Draft) -> dict[str, float]:
    """Every system with the largest share of its resources that a backup reserves; 0: none."""
    systems: dict[str, float] = {}
    for workload in draft.view.case.workloads:
        key = workload.system or workload.id
        systems[key] = max(workload.backup, systems.get(key, 0.0))
    return systems


def finding(draft: Draft) -> str:
    """The heading: how many systems keep a backup."""
    t, systems = draft.t, reserves(draft)
    kept = [share for share in systems.values() if share > 0]
    values = {"n": len(kept), "systems": t.count("system", len(systems))}
    if not kept:
        return t("recovery.none", **values)
    return t("recovery.all" if len(kept) == len(systems) else "recovery.kept", **values)


def section(draft: Draft) -> Section | None:
    """The section; None if the case has no workloads."""
    t, systems = draft.t, reserves(draft)
    if not systems:
        return None
    primary, standby = placement.shares(draft, "primary"), placement.shares(draft, "standby")
    names = placement.system_names(draft)
    kept = [key for key, share in systems.items() if share > 0]
    blocks: list[Block] = []
    if kept:
        rows = [
            (names[key], percent(systems[key]), _zones(draft, primary, key), _zones(draft, standby, key))
            for key in kept
        ]  # fmt: skip
        titles = (
            wide(t("placement.column.system"), 1.4), right(t("recovery.column.reserve")),
            wide(t("recovery.column.primary")), wide(t("recovery.column.standby")),
        )  # fmt: skip
        caption = t("recovery.caption", year=draft.view.last)
        shown, more = cut(draft, rows, "placement.csv")
        note = t("list.sentence").join(filter(None, (t("recovery.note"), more)))
        blocks.append(table("recovery", caption, titles, shown, note=note, dense=len(rows) > 12))
    if len(draft.view.city_sites) < len(draft.view.sites):
        blocks.append(Paragraph(_outside(draft, primary, standby)))
    return Section("recovery", t("recovery.label"), finding(draft), tuple(blocks))


def _zones(draft: Draft, grid: pd.DataFrame, system: str) -> str:
    """The fault zones in which a system stands, with the share in each where there are several."""
    if system not in grid.index:
        return DASH
    view = draft.view
    sums: dict[str, float] = {}
    for site, share in line(grid, system).items():
        zone = view.sites[str(site)].zone or str(site)
        sums[zone] = sums.get(zone, 0.0) + float(share)
    found = sorted(((share, zone) for zone, share in sums.items() if share > TRACE), reverse=True)
    if len(found) == 1:
        return draft.t.term("zone", found[0][1])
    return draft.t.joined(f"{draft.t.term('zone', zone)} {percent(share)}" for share, zone in found) or DASH


def _outside(draft: Draft, primary: pd.DataFrame, standby: pd.DataFrame) -> Inline:
    """How many systems run, and have their backup, at sites outside the city."""
    t, view = draft.t, draft.view
    away = [
        int((grid[[s for s in grid.columns if s not in view.city_sites]] > TRACE).any(axis=1).sum())
        for grid in (primary, standby)
    ]
    runs, backed = away
    key = "both" if runs and backed else "runs" if runs else "backed" if backed else "none"
    values = {"runs": t.count("system", runs), "backed": t.count("system", backed), "year": view.last}
    return t.rich(f"recovery.outside.{key}", **values)
