"""What binds where: how much of each limit of the case the plan uses, from the tables alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from .view import TRACE, PlanView, at, line, racks_per_unit

FULL = 0.995
"""A limit binds from this share of it on: what is left is too little for another server or hall."""

CAPITAL = ("site_opening", "halls", "conversions", "grid_steps", "hardware")
"""Categories of costs.csv that a budget limits."""

KEYS = ("kind", "place", "thing", "year")
UNITS = {
    "site_power": "kW",
    "grid_steps": "steps",
    "racks": "racks",
    "halls": "halls",
    "supply": "units",
    "egress": "Gbps",
    "green": "MWh",
    "budget": "CNY",
    "zone": "workloads",
}
"""Kinds of limits with the unit of their amounts."""


def limits(view: PlanView) -> pd.DataFrame:
    """Every limit with anything used of it: kind, place, thing, year, used, limit, unit, binds.

    Racks are those of the hall type (not standard racks), site power is what may be drawn of the connection. Grid steps
    are limited over all years: they stand at the last one.
    """
    rows = [row for part in (_site_limits(view), _rack_limits(view), _city_limits(view)) for row in part]
    table = pd.DataFrame(rows, columns=[*KEYS, "used", "limit"]).astype({"used": float, "limit": float})
    table = table[table["used"] > TRACE].reset_index(drop=True)
    return table.assign(unit=table["kind"].map(UNITS), binds=table["used"] >= FULL * table["limit"])


Row = tuple[str, str, str, int, float, float]


def _site_limits(view: PlanView) -> Iterator[Row]:
    power = view.power
    opened = view.tables["sites"].set_index(["site", "year"])["open"].to_dict()
    standing = view.tables["halls"].groupby(["site", "year"])["in_service"].sum().to_dict()
    sent = _sent(view)
    for site in view.case.sites:
        for year in view.years:
            if not opened.get((site.id, year)):
                continue
            drawn, usable, green, facility = (
                at(power[name], site.id, year) for name in ("peak_kw", "usable_kw", "green_mwh", "facility_mwh")
            )
            yield "site_power", site.id, "", year, drawn, usable
            if site.allowed_halls:
                yield "halls", site.id, "", year, float(standing.get((site.id, year), 0)), site.max_halls
            if site.egress_gbps is not None:
                yield "egress", site.id, "", year, sent.get((site.id, year), 0.0), site.egress_gbps
            yield "green", site.id, "", year, green, site.green_max_share * facility
        steps = float(line(power["grid_steps"], site.id).sum())
        yield "grid_steps", site.id, "", view.last, steps, site.grid_max_steps


def _rack_limits(view: PlanView) -> Iterator[Row]:
    kinds = {kind.id: kind for kind in view.case.hardware}
    halls = {hall.id: hall for hall in view.case.hall_types}
    taken: dict[tuple[str, str, int], float] = {}
    for row in _records(view.tables["hardware"]):
        key = (row["site"], row["hall"], int(row["year"]))
        racks = racks_per_unit(kinds[row["hardware"]], halls[row["hall"]]) * row["in_service"]
        taken[key] = taken.get(key, 0.0) + racks
    for row in _records(view.tables["halls"]):
        key = (row["site"], row["hall"], int(row["year"]))
        yield "racks", *key, taken.get(key, 0.0), halls[row["hall"]].racks * row["in_service"]


def _city_limits(view: PlanView) -> Iterator[Row]:
    bought = view.tables["hardware"].groupby(["hardware", "year"])["bought"].sum().to_dict()
    for kind in view.case.hardware:
        for year, supply in kind.supply.items():
            # Less than a lot cannot be bought.
            yield "supply", "", kind.id, year, float(bought.get((kind.id, year), 0)), supply // kind.lot * kind.lot
    costs = view.tables["costs"]
    capital = costs[costs["category"].isin(CAPITAL)].groupby("year")["cny"].sum().to_dict()
    for year, budget in view.case.budget_cny.items():
        yield "budget", "", "", year, float(capital.get(year, 0.0)), budget


def _sent(view: PlanView) -> dict[tuple[str, int], float]:
    """Gbps that leave each site in each year."""
    gbps = {workload.id: workload.gbps for workload in view.case.workloads}
    table = view.tables["placement"]
    primary = table[table["role"] == "primary"]
    total: dict[tuple[str, int], float] = {}
    for row in _records(primary):
        key = (row["site"], int(row["year"]))
        total[key] = total.get(key, 0.0) + gbps[row["workload"]].get(key[1], 0.0) * float(row["share"])
    return total


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]
