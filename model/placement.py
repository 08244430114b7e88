"""Placement: which workload runs where, with its backup in another fault zone, within the capacity in service."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import pyomo.environ as pyo

from ..inputs.parts import Workload
from .lookup import Lookup
from .rows import Model, add_rows

Providers = Mapping[tuple[str, str, str, int], Sequence[tuple[str, str, str, int]]]
"""(site, pool, resource, year) -> the keys of own[k,s,h,t] that provide the resource there."""


def add_placement(model: Model, lookup: Lookup) -> None:
    """Declare place[w,s,t], standby[w,s,t] and unserved[w,t] with service, backup, capacity and egress."""
    case, years = lookup.case, lookup.years
    everything = _providers(model, lookup, domestic_only=False)
    domestic = _providers(model, lookup, domestic_only=True)
    usable = {
        workload.id: {year: usable_sites(lookup, workload, year, everything, domestic) for year in years}
        for workload in case.workloads
    }
    placing = [(w, site, year) for w, by_year in usable.items() for year in years for site in by_year[year]]
    backed_up = [workload.id for workload in case.workloads if workload.backup > 0]
    standing_by = [(w, site, year) for w in backed_up for year in years for site in usable[w][year]]
    whole = {workload.id for workload in case.workloads if not workload.divisible}

    def domain(_: Model, w: str, site: str, year: int) -> object:
        return pyo.Binary if w in whole else pyo.NonNegativeReals

    model.place = pyo.Var(placing, domain=domain, bounds=(0, 1))
    model.standby = pyo.Var(standing_by, domain=domain, bounds=(0, 1))
    model.unserved = pyo.Var(
        [(w.id, year) for w in case.workloads if w.unserved_penalty_cny is not None for year in years], bounds=(0, 1)
    )

    def served(model: Model, w: str, year: int) -> object:
        """sum_s place[w,s,t] + unserved[w,t] = 1: what has no penalty must be served wholly."""
        shares = [model.place[w, site, year] for site in usable[w][year]]
        if (w, year) in model.unserved:
            shares.append(model.unserved[w, year])
        return sum(shares) == 1

    def backed(model: Model, w: str, year: int) -> object:
        """sum_s standby[w,s,t] = 1."""
        return sum(model.standby[w, site, year] for site in usable[w][year]) == 1

    def backup_apart(model: Model, w: str, zone: str, year: int) -> object:
        """sum over s in z of (place + standby)[w,s,t] <= 1: no zone holds a share of w and its own backup."""
        inside = [site for site in usable[w][year] if lookup.site[site].zone == zone]
        return sum(model.place[w, site, year] + model.standby[w, site, year] for site in inside) <= 1

    def place_open(model: Model, w: str, site: str, year: int) -> object:
        """place[w,s,t] <= open[s,t]."""
        return model.place[w, site, year] <= model.open[site, year]

    def standby_open(model: Model, w: str, site: str, year: int) -> object:
        """standby[w,s,t] <= open[s,t]."""
        return model.standby[w, site, year] <= model.open[site, year]

    candidates = set(model.candidate_sites)
    add_rows(model, "served", [(w, year) for w in usable for year in years], served)
    add_rows(model, "backed", [(w, year) for w in backed_up for year in years], backed)
    zones = {(w, lookup.site[site].zone, year): None for w in backed_up for year in years for site in usable[w][year]}
    add_rows(model, "backup_apart", zones, backup_apart)
    add_rows(model, "place_open", [key for key in placing if key[1] in candidates], place_open)
    add_rows(model, "standby_open", [key for key in standing_by if key[1] in candidates], standby_open)
    _add_capacity(model, lookup, "capacity", everything, case.workloads)
    _add_capacity(model, lookup, "domestic_capacity", domestic, [w for w in case.workloads if w.domestic_only])
    _add_egress(model, lookup)


def usable_sites(
    lookup: Lookup, workload: Workload, year: int, everything: Providers, domestic: Providers
) -> list[str]:
    """Sites that can serve the workload in the year: allowed, usable by then, with hardware for all it demands."""
    providers = domestic if workload.domestic_only else everything
    needed = [resource for resource, demand in workload.demand.items() if demand.get(year, 0.0) > 0]
    return [
        site
        for site in workload.sites
        if year >= lookup.site[site].earliest_year
        and all((site, workload.pool, resource, year) in providers for resource in needed)
    ]


def _providers(model: Model, lookup: Lookup, *, domestic_only: bool) -> Providers:
    groups: dict[tuple[str, str, str, int], list[tuple[str, str, str, int]]] = defaultdict(list)
    for key in model.own:
        kind = lookup.hardware[key[0]]
        if domestic_only and not kind.domestic:
            continue
        for resource in kind.provides:
            if lookup.usable(kind.id, resource) > 0:
                groups[key[1], kind.pool, resource, key[3]].append(key)
    return groups


def _add_capacity(model: Model, lookup: Lookup, name: str, providers: Providers, workloads: Sequence[Workload]) -> None:
    demands: dict[tuple[str, str, str, int], list[tuple[float, Any]]] = defaultdict(list)
    of_interest = {workload.id for workload in workloads}
    for variables, is_backup in ((model.place, False), (model.standby, True)):
        for w, site, year in variables:
            if w not in of_interest:
                continue
            workload = lookup.workload[w]
            weight = workload.backup if is_backup else 1.0
            for resource, by_year in workload.demand.items():
                if by_year.get(year, 0.0) > 0:
                    term = (weight * by_year[year], variables[w, site, year])
                    demands[site, workload.pool, resource, year].append(term)

    def capacity(model: Model, site: str, pool: str, resource: str, year: int) -> object:
        """sum over w of demand * (place + backup_w * standby) <= max_utilisation * sum of provides * own.

        For each site, pool, resource and year; once for all hardware and once more for the workloads that must run
        on domestic hardware, against domestic hardware alone.
        """
        key = (site, pool, resource, year)
        provided = sum(lookup.usable(own[0], resource) * model.own[own] for own in providers[key])
        return sum(amount * share for amount, share in demands[key]) <= provided

    add_rows(model, name, list(demands), capacity, doc=capacity.__doc__)


def _add_egress(model: Model, lookup: Lookup) -> None:
    limits = {site.id: site.egress_gbps for site in lookup.case.sites if site.egress_gbps is not None}
    traffic: dict[tuple[str, int], list[tuple[float, Any]]] = defaultdict(list)
    for w, site, year in model.place:
        gbps = lookup.workload[w].gbps.get(year, 0.0)
        if gbps > 0 and site in limits:
            traffic[site, year].append((gbps, model.place[w, site, year]))

    def egress(model: Model, site: str, year: int) -> object:
        """sum_w gbps[w,t] * place[w,s,t] <= egress_gbps[s], where given."""
        return sum(gbps * share for gbps, share in traffic[site, year]) <= limits[site]

    add_rows(model, "egress", list(traffic), egress)
