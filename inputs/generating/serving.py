"""The witness serves: a site for every workload and its backup, and the hardware for them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from ..parts import Fleet, Hardware, Workload
from .draws import Draws
from .ground import Ground
from .witness import Witness

Need = tuple[str, str, str, int]
"""(site, pool, resource, year)"""

ENOUGH = 1e-9
"""A shortage below this share of the demand is rounding."""

OPENED = 0.5
"""Candidate sites that the witness would rather use than others."""

MOVES = 0.3
"""Workloads that move to another site, when that is ready."""

UNSERVED = 0.15
"""Workloads with a penalty that are not served."""

TOP_UP = (0.05, 0.2)
"""The compute that is bought on top of what workloads need, for a target that asks for more than they do."""


def place(draws: Draws, ground: Ground, workloads: Sequence[Workload], witness: Witness) -> None:
    """Choose where each workload runs and is backed up; some move later, some with a penalty are not served."""
    candidates = [site.id for site in ground.city.sites if not site.existing]
    popular = {site.id for site in ground.city.sites if site.existing}
    popular.update(site for site, chosen in zip(candidates, draws.deal(len(candidates), OPENED), strict=True) if chosen)
    for workload in workloads:
        needs = (workload.pool, tuple(workload.demand), workload.domestic_only)
        ready = [site for site in workload.sites if ground.can_serve(*needs, site, ground.years[0])]
        home = _choose(draws, workload, ready, popular)
        standby = None
        if workload.backup:
            standby = _choose(draws, workload, _apart(ground, ready, home), popular)
        later = [site for site in workload.sites if site in popular]
        later = later if standby is None else _apart(ground, later, standby)
        next_home = draws.pick(later) if later and draws.chance(MOVES) else home
        served = workload.unserved_penalty_cny is None or not draws.chance(UNSERVED)
        for year in ground.years:
            if ground.can_serve(*needs, next_home, year):
                home = next_home
            if served:
                witness.placed[workload.id, year] = home
                witness.open(ground, home, year)
            if standby is not None:
                witness.standing_by[workload.id, year] = standby
                witness.open(ground, standby, year)


def _apart(ground: Ground, sites: list[str], other: str) -> list[str]:
    """Those of the sites that stand in another fault zone."""
    return [site for site in sites if ground.site[site].zone != ground.site[other].zone]


def _choose(draws: Draws, workload: Workload, sites: list[str], popular: set[str]) -> str:
    """A site that is in use anyway, if there is one; often the one with the cheapest network."""
    among = [site for site in sites if site in popular] or sites
    site = min(among, key=lambda site: workload.sites[site]) if draws.chance(0.4) else draws.pick(among)
    popular.add(site)
    return site


def equip(
    draws: Draws, ground: Ground, workloads: Sequence[Workload], fleet: Sequence[Fleet], witness: Witness
) -> None:
    """Keep the fleet as long as it lives and buy what is missing, year by year; at last some compute on top."""
    for number, row in enumerate(fleet):
        for year in ground.years:
            if year < row.install_year + ground.kind[row.hardware].life_years:
                witness.kept[number, year] = row.count
                witness.owned[row.hardware, row.site, row.hall, year] += row.count
    by_domestic, needs = _needs(workloads, witness)
    for site, pool in dict.fromkeys((site, pool) for site, pool, _, _ in needs):
        for year in ground.years:
            for resource in dict.fromkeys(r for kind in ground.kinds_of[pool] for r in kind.provides):
                for domestic, asked in ((True, by_domestic), (False, needs)):
                    need = (site, pool, resource, year)
                    if asked.get(need, 0.0) > 0:
                        _buy(draws, ground, witness, need, asked[need], domestic)
    _top_up(draws, ground, witness)


def _needs(workloads: Sequence[Workload], witness: Witness) -> tuple[dict[Need, float], dict[Need, float]]:
    """What must run on domestic hardware, and all of it."""
    domestic: defaultdict[Need, float] = defaultdict(float)
    everything: defaultdict[Need, float] = defaultdict(float)
    by_id = {workload.id: workload for workload in workloads}
    for sites, is_backup in ((witness.placed, False), (witness.standing_by, True)):
        for (workload_id, year), site in sites.items():
            workload = by_id[workload_id]
            for resource, demand in workload.demand.items():
                amount = demand[year] * (workload.backup if is_backup else 1.0)
                everything[site, workload.pool, resource, year] += amount
                if workload.domestic_only:
                    domestic[site, workload.pool, resource, year] += amount
    return domestic, everything


def _buy(draws: Draws, ground: Ground, witness: Witness, need: Need, asked: float, domestic: bool) -> None:
    site, pool, resource, year = need
    kinds = [kind for kind in ground.kinds_of[pool] if kind.provides.get(resource, 0.0) > 0]
    kinds = [kind for kind in kinds if kind.domestic or not domestic]
    usable = {kind.id: kind.provides[resource] * ground.utilisation(resource) for kind in kinds}
    short = asked - sum(
        usable[kind.id] * witness.owned[kind.id, site, hall, year] for kind in kinds for hall in kind.halls
    )
    if short <= ENOUGH * asked:
        return
    choices = [(kind, hall) for kind in kinds for hall in ground.halls_for(kind, ground.site[site], year)]
    small = [choice for choice in choices if usable[choice[0].id] * choice[0].lot <= 1.5 * short]
    kind, hall = draws.pick(small or choices)
    witness.buy(ground, kind.id, site, hall, year, _lots(kind, short / usable[kind.id]))


def _lots(kind: Hardware, units: float) -> int:
    """Units in the whole lots that hold so many."""
    return math.ceil(units / kind.lot - ENOUGH) * kind.lot


def _top_up(draws: Draws, ground: Ground, witness: Witness) -> None:
    """Buy compute in the last year where there is some of the kind already."""
    last = ground.years[-1]
    pflops = {
        (kind, site, hall): units * ground.kind[kind].counted_pflops
        for (kind, site, hall, year), units in witness.owned.items()
        if year == last and units and ground.kind[kind].hardware_class == "ai" and ground.site[site].in_city
    }
    room = [key for key in pflops if key[2] in ground.halls_for(ground.kind[key[0]], ground.site[key[1]], last)]
    if room:
        kind, site, hall = draws.pick(room)
        more = draws.between(*TOP_UP) * sum(pflops.values())
        units = _lots(ground.kind[kind], more / ground.kind[kind].counted_pflops)
        witness.buy(ground, kind, site, hall, last, units)
