"""Checks of placement: every workload served, apart from its backup, where it may be and within the capacity there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping

from ...inputs.parts import Hardware, Workload
from .findings import Findings, Tally, differ, exceeds
from .lookup import Lookup
from .records import Placement, Records
from .state import State

SiteYear = tuple[str, int]
Need = tuple[str, str, str, int]
"""(site, pool, resource, year)"""


def check_placement(records: Records, lookup: Lookup, findings: Findings) -> None:
    """Every share stands where and when it may; shares add up; a backup is in another fault zone."""
    served: defaultdict[SiteYear, Tally] = defaultdict(Tally)
    standby: defaultdict[SiteYear, Tally] = defaultdict(Tally)
    in_zone: defaultdict[tuple[str, str, int], Tally] = defaultdict(Tally)
    for row in records.placement:
        workload = lookup.workloads[row.workload]
        _check_share(row, workload, records, lookup, findings)
        if row.role == "standby":
            standby[row.workload, row.year].add(row.share)
        else:
            served[row.workload, row.year].add(row.share)
        if workload.backup and row.site:
            in_zone[row.workload, lookup.sites[row.site].zone, row.year].add(row.share)
    for workload in lookup.case.workloads:
        for year in lookup.case.years:
            where, key = f"workload {workload.id}, {year}", (workload.id, year)
            findings.same(served[key].value, 1.0, f"{where}: shares served and unserved add up to", "")
            if workload.backup:
                findings.same(standby[key].value, 1.0, f"{where}: shares backed up add up to", "")
    for (workload_id, zone, year), share in in_zone.items():
        findings.at_most(
            share, 1.0, f"workload {workload_id}, {year}: primary and standby shares", f"in fault zone {zone}"
        )


def _check_share(row: Placement, workload: Workload, records: Records, lookup: Lookup, findings: Findings) -> None:
    what = f"workload {row.workload}, {row.year}: {row.role} share"
    if row.site:
        site, name = lookup.sites[row.site], lookup.names[row.site]
        findings.require(row.site in workload.sites, f"{what} at {name}, a site that it may not use")
        findings.require(
            row.year >= site.earliest_year, f"{what} at {name} before the site's earliest year {site.earliest_year}"
        )
        opened = records.opened[row.site, row.year]
        findings.require(not exceeds(row.share, opened), f"{what} at {name}, which is closed")
    if row.role == "standby":
        findings.require(workload.backup > 0, f"{what}, but it needs no backup")
    if row.role == "unserved":
        findings.require(workload.unserved_penalty_cny is not None, f"{what}, but it must be served")
    findings.require(
        workload.divisible or not differ(row.share, 1.0),
        f"{what} {row.share:g}, but it cannot be divided",
    )


def check_capacity(records: Records, state: State, lookup: Lookup, findings: Findings) -> None:
    """At every site each pool carries the demand on each resource, on domestic hardware where that is asked for."""
    used: defaultdict[Need, Tally] = defaultdict(Tally)
    used_domestic: defaultdict[Need, Tally] = defaultdict(Tally)
    for row in records.placement:
        if not row.site:
            continue
        workload = lookup.workloads[row.workload]
        reserved = row.share * (workload.backup if row.role == "standby" else 1.0)
        for resource, demand in workload.demand.items():
            need = (row.site, workload.pool, resource, row.year)
            used[need].add(demand.get(row.year, 0.0) * reserved)
            if workload.domestic_only:
                used_domestic[need].add(demand.get(row.year, 0.0) * reserved)
    everything = _capacity(state, lookup, lambda hardware: True)
    domestic = _capacity(state, lookup, lambda hardware: hardware.domestic)
    for needs, capacity, on in ((used, everything, ""), (used_domestic, domestic, " on domestic hardware")):
        for need, amount in needs.items():
            site_id, pool, resource, year = need
            subject = f"{lookup.at(site_id, year)}: {resource} used in pool {pool}{on}"
            findings.at_most(amount, capacity.get(need, 0.0), subject, "that may be used")


def _capacity(state: State, lookup: Lookup, counts: Callable[[Hardware], bool]) -> Mapping[Need, Tally]:
    capacity: defaultdict[Need, Tally] = defaultdict(Tally)
    for year, stock in state.installed.items():
        for item in stock:
            if counts(item.hardware):
                for resource, provided in item.hardware.provides.items():
                    usable = provided * lookup.case.max_utilisation.get(resource, 1.0)
                    capacity[item.site.id, item.hardware.pool, resource, year].add(usable * item.units)
    return capacity


def check_egress(records: Records, lookup: Lookup, findings: Findings) -> None:
    """The traffic of what a site serves (not of what it backs up) fits through its connection to the network."""
    traffic: defaultdict[SiteYear, Tally] = defaultdict(Tally)
    for row in records.placement:
        if row.role == "primary":
            traffic[row.site, row.year].add(lookup.workloads[row.workload].gbps.get(row.year, 0.0) * row.share)
    for (site_id, year), gbps in traffic.items():
        limit = lookup.sites[site_id].egress_gbps
        if limit is not None:
            findings.at_most(gbps, limit, f"{lookup.at(site_id, year)}: outgoing traffic", "Gbps")
