"""The map of a random city: districts, sites and what each site may host."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..parts import Hardware, Name, Site
from ..rows import District, Network
from .catalogue import Catalogue
from .draws import Draws, neat
from .pools import Pool
from .sizes import Size

CENTRE = (36.66, 117.02)
"""Latitude and longitude of the city's centre: Jinan's."""

ZONES = ("centre", "east", "south", "west", "north")
"""Fault zones; all but the first are sectors around it."""

DEGREES_PER_KM = 1 / 111.0
NETWORK = Network(
    round_trip_ms_per_100_km=1.0,
    route_factor=1.4,
    ms_per_hop=0.3,
    access_ms={"fibre": 1.0, "mobile_5g": 8.0},
    hops={"local_edge": 2, "edge": 6, "core": 8, "remote": 14},
    cny_per_gbps_year={"local_edge": 6000, "edge": 12000, "core": 24000, "remote": 90000},
    cny_per_gbps_km_year=100,
    city_latitude=CENTRE[0],
    city_longitude=CENTRE[1],
)
PLOTS: Mapping[str, tuple[str, ...]] = {
    "rooms": ("air", "indirect"),
    "dense": ("dense", "liquid"),
    "campus": ("air", "indirect", "dense", "liquid"),
}
"""Kind of core site -> hall types that may be built there."""

HUBS = ((40.4, 115.5), (40.4, 111.8), (37.5, 105.2), (35.7, 107.6), (26.6, 106.7))
"""Latitude and longitude of national hub nodes."""


@dataclass(frozen=True)
class City:
    """Districts, sites, and the sites that may host each pool, as far as their halls go."""

    districts: tuple[District, ...]
    sites: tuple[Site, ...]
    hosts: Mapping[str, tuple[str, ...]]


def draw_city(draws: Draws, size: Size, catalogue: Catalogue, base_year: int) -> City:
    """Draw districts and sites. The first two core sites are existing campuses in two fault zones that host all."""
    halls = {hall.id for hall in catalogue.hall_types}
    districts = tuple(_district(draws, number) for number in range(size.districts))
    late = 1 if size.years > 1 else 0
    sites = [
        *_cores(draws, size, districts, halls, base_year + 1, late),
        *_edges(draws, size, districts, base_year + 1, late),
        *_hubs(draws, size, halls, base_year + 1),
    ]
    return City(districts, tuple(sites), {pool.id: _hosts(draws, pool, sites) for pool in catalogue.pools})


def with_sites(hardware: Hardware, city: City, catalogue: Catalogue) -> Hardware:
    """Say where the hardware may stand, when that is not wherever it fits."""
    if hardware.id in catalogue.leased:
        return hardware.model_copy(update={"sites": tuple(site.id for site in city.sites if site.kind == "remote")})
    limited = any(pool.id == hardware.pool and pool.hosts < 1 for pool in catalogue.pools)
    return hardware.model_copy(update={"sites": city.hosts[hardware.pool]}) if limited else hardware


def _district(draws: Draws, number: int) -> District:
    zone = number % len(ZONES)
    angle = math.radians(90 * (zone - 1) + draws.between(-35, 35))
    km = draws.between(0, 8) if zone == 0 else draws.between(12, 60)
    return District(
        id=f"district_{number + 1:02}",
        name=Name(en=f"District {number + 1}", zh=f"第{number + 1}区"),
        latitude=round(CENTRE[0] - km * math.sin(angle) * DEGREES_PER_KM, 3),
        longitude=round(CENTRE[1] + km * math.cos(angle) * DEGREES_PER_KM / math.cos(math.radians(CENTRE[0])), 3),
        population=draws.between(300e3, 1.2e6),
    )


def _zone(districts: Sequence[District], district: District) -> str:
    return ZONES[districts.index(district) % len(ZONES)]


def _delayed(draws: Draws, may_wait: Sequence[bool], share: float) -> list[bool]:
    """Flags of which this share is true, of those that may be."""
    flags = iter(draws.deal(sum(may_wait), share))
    return [may and next(flags) for may in may_wait]


def _cores(
    draws: Draws, size: Size, districts: Sequence[District], halls: set[str], first_year: int, late: int
) -> list[Site]:
    others = size.cores - 2
    plots = ["campus", "campus", *draws.shuffled([("rooms", "dense", "campus")[n % 3] for n in range(others)])]
    existing = [True, True, *draws.deal(others, 0.5)]
    delayed = _delayed(draws, [not stands for stands in existing], 0.4)
    less_secure = [False, False, *draws.deal(others, 0.25)]
    sites = []
    for number, plot in enumerate(plots):
        district = districts[number % len(districts)]
        sites.append(
            Site(
                id=f"core_{number + 1:02}",
                name=Name(en=f"Data centre {number + 1}", zh=f"数据中心{number + 1}"),
                kind="core",
                district=district.id,
                zone=_zone(districts, district),
                latitude=round(district.latitude + draws.between(-0.05, 0.05), 3),
                longitude=round(district.longitude + draws.between(-0.05, 0.05), 3),
                existing=existing[number],
                earliest_year=first_year + (late if delayed[number] else 0),
                security_level=2 if less_secure[number] else 3,
                opening_cost_cny=0 if existing[number] else neat(draws.between(40e6, 80e6) * size.scale),
                fixed_cost_cny_per_year=neat(draws.between(8e6, 25e6) * size.scale),
                build_cost_factor=draws.between(0.92, 1.15),
                allowed_halls=tuple(hall for hall in PLOTS[plot] if hall in halls),
                max_halls=draws.whole(*{"rooms": (12, 24), "dense": (4, 10), "campus": (10, 24)}[plot]),
                grid_kw=0,
                usable_grid=draws.pick((0.8, 0.9, 0.9, 1.0)),
                pue_factor=draws.between(0.93, 1.05),
                electricity_cny_per_kwh=draws.between(0.6, 0.7),
                carbon_kg_per_kwh=0.6191,
                green_max_share=draws.pick((0.5, 0.9, 0.9)),
                green_premium_cny_per_kwh=draws.between(0.04, 0.07),
            )
        )
    return sites


def _edges(draws: Draws, size: Size, districts: Sequence[District], first_year: int, late: int) -> list[Site]:
    """Draw the edge nodes; the first one of a district may be used from the first year on."""
    existing = draws.deal(size.edges, 0.4)
    later = [number >= len(districts) and not stands for number, stands in enumerate(existing)]
    delayed = _delayed(draws, later, 0.6)
    sites = []
    for number in range(size.edges):
        district = districts[number % len(districts)]
        sites.append(
            Site(
                id=f"edge_{number + 1:02}",
                name=Name(en=f"Edge node {number + 1}", zh=f"边缘节点{number + 1}"),
                kind="edge",
                district=district.id,
                zone=_zone(districts, district),
                latitude=round(district.latitude + draws.between(-0.02, 0.02), 3),
                longitude=round(district.longitude + draws.between(-0.02, 0.02), 3),
                existing=existing[number],
                earliest_year=first_year + (late if delayed[number] else 0),
                security_level=draws.pick((2, 3, 3)),
                opening_cost_cny=draws.between(1e6, 2e6),
                fixed_cost_cny_per_year=draws.between(300e3, 600e3),
                allowed_halls=("edge",),
                max_halls=draws.whole(3, 8),
                grid_kw=0,
                usable_grid=0.9,
                electricity_cny_per_kwh=draws.between(0.68, 0.76),
                carbon_kg_per_kwh=0.6191,
                green_max_share=0.5,
                green_premium_cny_per_kwh=draws.between(0.06, 0.08),
            )
        )
    return sites


def _hubs(draws: Draws, size: Size, halls: set[str], first_year: int) -> list[Site]:
    return [
        Site(
            id=f"hub_{number + 1:02}",
            name=Name(en=f"Remote hub {number + 1}", zh=f"枢纽节点{number + 1}"),
            kind="remote",
            zone=f"hub_{number + 1:02}",
            in_city=False,
            latitude=HUBS[number % len(HUBS)][0],
            longitude=HUBS[number % len(HUBS)][1],
            earliest_year=first_year,
            opening_cost_cny=neat(6e6 * size.scale),
            fixed_cost_cny_per_year=neat(4e6 * size.scale),
            allowed_halls=("leased",) if "leased" in halls else (),
            max_halls=draws.whole(8, 14),
            grid_kw=0,
            usable_grid=0.95,
            electricity_cny_per_kwh=draws.between(0.34, 0.45),
            carbon_kg_per_kwh=draws.between(0.65, 0.7),
            green_max_share=1.0,
            green_premium_cny_per_kwh=draws.between(0.02, 0.03),
        )
        for number in range(size.hubs)
    ]


def _hosts(draws: Draws, pool: Pool, sites: Sequence[Site]) -> tuple[str, ...]:
    """Sites of the city that may host a pool; the two existing campuses are always among those chosen."""
    halls = {"edge"} if pool.at_edge else {hall for hall in pool.fleet_halls if hall != "legacy"}
    halls |= {"air"} if pool.at_edge else set()
    fitting = [site.id for site in sites if halls & set(site.allowed_halls)]
    if pool.hosts == 1:
        return tuple(fitting)
    return tuple(sorted({*fitting[:2], *draws.some(fitting[2:], round(pool.hosts * len(fitting)) - 2)}))
