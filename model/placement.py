"""Placement: which workload runs where, with its backup in another fault zone, within the capacity in service."""

from __future__ import annotations

import numpy as np

from .arrays.families import Model, add_decisions, add_rows
from .arrays.members import Flags, Members
from .data import flags
from .lookup import Lookup


def add_placement(model: Model, lookup: Lookup) -> None:
    """Declare place[w,s,t], standby[w,s,t] and unserved[w,t] with service, backup, capacity and egress."""
    case = lookup.case
    _add_sets(model, lookup)
    indivisible = flags(not workload.divisible for workload in case.workloads)
    new = flags(not site.existing for site in case.sites)

    add_decisions(model, "place", model.placing, upper=1, whole=indivisible[model.placing.of("workload")])
    add_decisions(model, "standby", model.standing_by, upper=1, whole=indivisible[model.standing_by.of("workload")])
    add_decisions(model, "unserved", model.penalised, upper=1)
    add_rows(model, "served", model.workload_years, served)
    add_rows(model, "backed", model.backing, backed)
    add_rows(model, "backup_apart", model.placing_in_zone.over("workload", "zone", "year"), backup_apart)
    add_rows(model, "place_open", model.placing.at(site=new), place_open)
    add_rows(model, "standby_open", model.standing_by.at(site=new), standby_open)
    add_rows(model, "capacity", model.demanding.over("site", "pool", "resource", "year"), capacity)
    add_rows(
        model, "domestic_capacity", model.demanding_domestic.over("site", "pool", "resource", "year"), domestic_capacity
    )
    add_rows(model, "egress", model.sending.over("site", "year"), egress)


def served(m: Model, w: str, t: int) -> object:
    """sum_s place[w,s,t] + unserved[w,t] = 1: what has no penalty must be served wholly."""
    return sum(m.place[w, s, t] for s in m.placing[w, :, t]) + m.unserved[w, t] == 1


def backed(m: Model, w: str, t: int) -> object:
    """sum_s standby[w,s,t] = 1."""
    return sum(m.standby[w, s, t] for s in m.standing_by[w, :, t]) == 1


def backup_apart(m: Model, w: str, z: str, t: int) -> object:
    """sum over s in z of (place + standby)[w,s,t] <= 1: no zone holds a share of w and its own backup."""
    return sum(m.place[w, s, t] + m.standby[w, s, t] for s in m.placing_in_zone[w, z, :, t]) <= 1


def place_open(m: Model, w: str, s: str, t: int) -> object:
    """place[w,s,t] <= open[s,t]."""
    return m.place[w, s, t] <= m.open[s, t]


def standby_open(m: Model, w: str, s: str, t: int) -> object:
    """standby[w,s,t] <= open[s,t]."""
    return m.standby[w, s, t] <= m.open[s, t]


def capacity(m: Model, s: str, p: str, r: str, t: int) -> object:
    """sum over w of demand * (place + backup_w * standby) <= max_utilisation * sum of provides * own.

    For each site, pool, resource and year.
    """
    needed = sum(
        m.demand[w, r, t] * (m.place[w, s, t] + m.workload.backup[w] * m.standby[w, s, t])
        for w in m.demanding[:, s, p, r, t]
    )
    return needed <= sum(m.usable[k, r] * m.own[k, s, h, t] for k, h in m.providing[:, s, :, p, r, t])


def domestic_capacity(m: Model, s: str, p: str, r: str, t: int) -> object:
    """The same once more for the workloads that must run on domestic hardware, against domestic hardware alone."""
    needed = sum(
        m.demand[w, r, t] * (m.place[w, s, t] + m.workload.backup[w] * m.standby[w, s, t])
        for w in m.demanding_domestic[:, s, p, r, t]
    )
    return needed <= sum(m.usable[k, r] * m.own[k, s, h, t] for k, h in m.providing_domestic[:, s, :, p, r, t])


def egress(m: Model, s: str, t: int) -> object:
    """sum_w gbps[w,t] * place[w,s,t] <= egress_gbps[s], where given."""
    return sum(m.gbps[w, t] * m.place[w, s, t] for w in m.sending[:, s, t]) <= m.site.egress_gbps[s]


def _add_sets(model: Model, lookup: Lookup) -> None:
    """Where each workload may be placed, and what it demands there of which pool."""
    case, dimension = lookup.case, model.dimension
    workload, site, year = dimension["workload"], dimension["site"], dimension["year"]
    pool, resource = dimension["pool"], dimension["resource"]
    domestic_only = flags(w.domestic_only for w in case.workloads)
    domestic = flags(k.domestic for k in case.hardware)
    backed_up = model.workload.backup.array > 0

    model.providing = _providing(model, model.owning)
    model.providing_domestic = _providing(model, model.owning.at(hardware=domestic))
    model.placing = _placing(model, domestic_only)
    model.standing_by = model.placing.at(workload=backed_up)
    model.workload_years = Members((workload, year))
    model.backing = model.workload_years.at(workload=backed_up)
    model.penalised = model.workload_years.at(workload=model.workload.unserved_penalty_cny.given)
    w, s, t = model.standing_by.codes
    model.placing_in_zone = Members((workload, dimension["zone"], site, year), (w, model.zone_of_site[s], s, t))

    w, s, t = model.placing.codes
    demands = Members.where((workload, resource, year), model.demand.array > 0, order=(0, 2, 1))
    place, demand = demands.matching((0, 2), (w, t), len(model.placing))
    needs = w[place], s[place], model.pool_of_workload[w[place]], demands.of("resource")[demand], t[place]
    model.demanding = Members((workload, site, pool, resource, year), needs)
    model.demanding_domestic = model.demanding.at(workload=domestic_only)
    sending = model.placing.only(model.gbps.array[w, t] > 0)
    model.sending = sending.at(site=model.site.egress_gbps.given)


def _providing(model: Model, owning: Members) -> Members:
    """(k, s, h, p, r, t): the hardware in service that provides a resource in its pool."""
    k, s, h, t = owning.codes
    each, r = np.nonzero(model.usable.array[k] > 0)
    kind, site, hall, year = owning.dimensions
    dimensions = (kind, site, hall, model.dimension["pool"], model.dimension["resource"], year)
    return Members(dimensions, (k[each], s[each], h[each], model.pool_of_hardware[k[each]], r, t[each]))


def _placing(model: Model, domestic_only: Flags) -> Members:
    """(w, s, t): allowed sites that are usable by then and can have hardware for all that the workload demands."""
    w, s = model.allowed.codes
    usable = model.in_time[s]
    by_site = ("pool", "resource", "site", "year")
    provided = np.stack([each.over(*by_site).mask() for each in (model.providing, model.providing_domestic)])
    demanded = model.demand.array > 0
    demanded_ever = demanded.any(axis=2)
    for resource in range(demanded.shape[1]):
        pairs = np.flatnonzero(demanded_ever[w, resource])
        which = w[pairs]
        enough = provided[domestic_only[which].astype(int), model.pool_of_workload[which], resource, s[pairs]]
        usable[pairs] &= enough | ~demanded[which, resource]
    pair, t = np.nonzero(usable)
    return Members((*model.allowed.dimensions, model.dimension["year"]), (w[pair], s[pair], t))
