"""Checks of racks, hall power, site power, grid steps and green electricity."""

from __future__ import annotations

from collections import defaultdict

from .findings import Findings, Tally, counted
from .lookup import Lookup
from .records import PowerRow, Records
from .state import State


def check_racks(state: State, lookup: Lookup, findings: Findings) -> None:
    """In every hall type of a site the hardware finds its racks and its power."""
    racks: defaultdict[tuple[str, str, int], Tally] = defaultdict(Tally)
    peak_kw: defaultdict[tuple[str, str, int], Tally] = defaultdict(Tally)
    for year, stock in state.installed.items():
        for item in stock:
            racks[item.site.id, item.hall.id, year].add(item.racks)
            peak_kw[item.site.id, item.hall.id, year].add(item.peak_kw)
    for (site_id, hall_id, year), used in racks.items():
        where, hall = lookup.at(site_id, year), lookup.halls[hall_id]
        there = hall.racks * state.halls.get((site_id, hall_id, year), 0)
        findings.at_most(used, there, f"{where}: racks in use", f"in hall type {hall_id}")
        power = peak_kw[site_id, hall_id, year]
        findings.at_most(power, there * hall.rack_kw, f"{where}: IT power", f"kW in hall type {hall_id}")


def check_power(records: Records, state: State, lookup: Lookup, findings: Findings) -> None:
    """The connection carries the site, its steps are within limits, green electricity too, and power.csv adds up."""
    for site in lookup.case.sites:
        steps = 0
        for year in lookup.case.years:
            key, where = (site.id, year), lookup.at(site.id, year)
            row = records.power.get(key, PowerRow())
            steps += row.grid_steps
            findings.require(
                steps <= site.grid_max_steps, f"{where}: {counted(steps, 'grid step')} so far of {site.grid_max_steps}"
            )
            findings.require(
                not row.grid_steps or year >= site.earliest_year,
                f"{where}: {counted(row.grid_steps, 'grid step')} before the site's earliest year {site.earliest_year}",
            )
            usable_kw = site.usable_grid * state.grid_kw[key]
            findings.at_most(state.peak_kw[key], usable_kw, f"{where}: site power", "kW that may be drawn")
            green_limit = site.green_max_share * state.facility_mwh[key]
            findings.at_most(row.green_mwh, green_limit, f"{where}: green electricity", "MWh that can be bought")
            findings.same(row.grid_kw, state.grid_kw[key], f"{where}: grid_kw in power.csv", "kW")
            findings.same(row.peak_kw, state.peak_kw[key], f"{where}: peak_kw in power.csv", "kW")
            findings.same(row.it_mwh, state.it_mwh[key], f"{where}: it_mwh in power.csv", "MWh")
            findings.same(row.facility_mwh, state.facility_mwh[key], f"{where}: facility_mwh in power.csv", "MWh")
