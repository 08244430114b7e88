"""How far a system reaches: the sites that may serve it from each of its districts, and what the network costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..demand import tidy
from ..network import cny_per_gbps, great_circle_km, node_kind, round_trip_ms
from ..rows import District
from .city import NETWORK
from .draws import Draws, neat_up
from .ground import Ground
from .pools import Pool

MOBILE_CHANCE = 0.3
"""Systems at the edge whose users come over the mobile network."""


@dataclass(frozen=True)
class Needs:
    """What a system asks of its sites."""

    resources: tuple[str, ...]
    domestic: bool
    backup: bool
    security_level: int
    may_be_remote: bool


def draw_reach(
    draws: Draws, ground: Ground, pool: Pool, origins: Sequence[District], needs: Needs, nearest: int
) -> tuple[Mapping[str, Mapping[str, float]], float | None]:
    """Draw the sites that may serve each origin, with their CNY per Gbps and year, and the latency limit all keep.

    Edge systems use the nearest sites, others the same ones from everywhere. Among them is always one that can serve
    from the first year on, and two in two fault zones for a backup. Without remote hubs there is a limit.
    """
    fit = [site for site in ground.city.hosts[pool.id] if ground.site[site].security_level >= needs.security_level]
    hubs = [site.id for site in ground.city.sites if site.kind == "remote" and needs.may_be_remote]
    access = "mobile_5g" if pool.at_edge and draws.chance(MOBILE_CHANCE) else "fibre"
    count = draws.whole((nearest + 1) // 2, nearest)
    shuffled = draws.shuffled(fit)
    reach: dict[str, dict[str, float]] = {}
    slowest = 0.0
    for origin in origins:
        trips = {site: _trip(ground, origin, site, access) for site in (*fit, *hubs)}
        order = sorted(fit, key=lambda site: trips[site][0]) if pool.at_edge else shuffled
        chosen = {*_enough(ground, pool, needs, order, count), *hubs}
        slowest = max(slowest, *(trips[site][0] for site in chosen))
        reach[origin.id] = {site.id: trips[site.id][1] for site in ground.city.sites if site.id in chosen}
    return reach, None if hubs else neat_up(slowest)


def _trip(ground: Ground, origin: District, site_id: str, access: str) -> tuple[float, float]:
    """Round trip, ms, and cost of a Gbps, CNY a year, from an origin to a site."""
    site = ground.site[site_id]
    km = great_circle_km(origin.latitude, origin.longitude, site.latitude, site.longitude)
    kind = node_kind(site, origin.id)
    return round_trip_ms(NETWORK, access, kind, km), tidy(cny_per_gbps(NETWORK, kind, km))


def _enough(ground: Ground, pool: Pool, needs: Needs, order: Sequence[str], count: int) -> list[str]:
    """The first sites, so many, and the first ones besides that can serve in the first year, in enough fault zones."""
    sites = list(order[:count])
    zones: set[str] = set()
    for site in order:
        zone = ground.site[site].zone
        ready = ground.can_serve(pool.id, needs.resources, needs.domestic, site, ground.years[0])
        if ready and zone not in zones and len(zones) < 1 + needs.backup:
            zones.add(zone)
            sites.append(site)
    return sites
