"""The starting state: hardware that stands in existing halls at the end of the base year."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping

from ..parts import Fleet, Hardware, Site
from .catalogue import racks_per_unit
from .draws import Draws
from .ground import Ground
from .pools import Pool


def draw_fleet(draws: Draws, ground: Ground) -> tuple[Fleet, ...]:
    """Draw what stands at existing sites: a newer and often an older generation of each pool."""
    rows: list[Fleet] = []
    for pool in ground.catalogue.pools:
        for site_id in ground.city.hosts[pool.id]:
            site = ground.site[site_id]
            if site.existing and (site.kind == "edge") == pool.at_edge:
                rows += _generations(draws, ground, pool, site)
    return tuple(rows)


def _generations(draws: Draws, ground: Ground, pool: Pool, site: Site) -> Iterator[Fleet]:
    standing = old_halls(site)
    places = [
        (kind, hall)
        for kind in ground.kinds_of[pool.id]
        if kind.available_from < ground.base_year and (kind.sites is None or site.id in kind.sites)
        for hall in pool.fleet_halls
        if hall in standing and hall in kind.halls
    ]
    if not places:
        return
    for share, recent in ((draws.between(0.2, 0.6), True), (draws.between(0.2, 0.5), False)):
        if not recent and draws.chance(0.3):
            continue
        kind, hall = draws.pick(places)
        yield Fleet(
            site=site.id,
            hall=hall,
            hardware=kind.id,
            count=max(1, round(ground.servers(pool) * share)),
            install_year=ground.base_year - _age(draws, kind, len(ground.years), recent),
        )


def _age(draws: Draws, kind: Hardware, years: int, recent: bool) -> int:
    """Years in service: a recent one has most of its life ahead, an old one must go within the plan."""
    if recent:
        return draws.whole(0, kind.life_years // 3)
    return max(0, kind.life_years - draws.whole(1, years))


def old_halls(site: Site) -> tuple[str, ...]:
    """Types of halls that an existing site may have had before the plan."""
    built = tuple(hall for hall in ("air", "dense", "edge") if hall in site.allowed_halls)
    return ("legacy", *built) if "air" in built else built


def draw_existing_halls(draws: Draws, ground: Ground, fleet: tuple[Fleet, ...]) -> Mapping[str, Mapping[str, int]]:
    """Draw the halls that stand at existing sites: what the fleet fills, and some room besides."""
    racks: defaultdict[tuple[str, str], float] = defaultdict(float)
    power: defaultdict[tuple[str, str], float] = defaultdict(float)
    for row in fleet:
        kind = ground.kind[row.hardware]
        racks[row.site, row.hall] += row.count * racks_per_unit(kind, ground.hall[row.hall])
        power[row.site, row.hall] += row.count * kind.peak_kw
    found: dict[str, dict[str, int]] = {}
    for site in ground.city.sites:
        halls: dict[str, int] = {}
        for hall_id in old_halls(site) if site.existing else ():
            if hall_id not in ground.hall:
                continue
            hall = ground.hall[hall_id]
            filled = max(racks[site.id, hall_id] / hall.racks, power[site.id, hall_id] / (hall.racks * hall.rack_kw))
            spare = draws.whole(0, 1) if site.kind == "core" else 0
            count = math.ceil(filled / draws.between(0.75, 1.0) - 1e-9) + spare
            if count:
                halls[hall_id] = count
        found[site.id] = halls
    return found
