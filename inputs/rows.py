"""The planner's format: what the sections and settings of a scenario may hold.

Rows that are parts of a case (sites, hall types, hardware ...) have that part's fields; the rest stands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from pydantic import Field

from .mapping import Frozen
from .parts import (
    Conversion,
    Count,
    Fleet,
    GreenSite,
    HallType,
    Hardware,
    Identifier,
    Name,
    NonNegative,
    Part,
    Share,
    Site,
    SiteKind,
    Target,
    Year,
)

Precision = Literal["fp64", "fp32", "fp16", "int8"]
NodeKind: TypeAlias = Literal["local_edge", "edge", "core", "remote"]


class District(Part):
    """A district of the city: where demand comes from."""

    id: Identifier
    name: Name = Name()
    latitude: float = Field(ge=-90, le=90, description="degrees north, of its centre")
    longitude: float = Field(ge=-180, le=180, description="degrees east, of its centre")
    population: NonNegative = Field(0.0, description="residents, in any unit: only its share counts")
    weights: Frozen[str, NonNegative] = Field({}, description="name -> another key to spread demand by")


class Driver(Part):
    """A quantity that demand grows with: video streams, residents, vCPU of the government cloud ..."""

    id: Identifier
    name: Name = Name()
    unit: str = Field("", description="what it is counted in")
    value: Frozen[int, NonNegative] = Field(
        description="year -> value; linear between given years, constant before the first"
    )
    growth_after: float = Field(0.0, gt=-1, description="yearly growth rate after the last given year")


class WorkloadRow(Part):
    """A workload as planners write it: demand per unit of a driver, spread over districts."""

    id: Identifier
    name: Name = Name()
    pool: Identifier = Field(description="kind of capacity that serves it")
    driver: Identifier = Field(description="the driver that its demand grows with")
    spread: Identifier = Field(
        "city", description="city: one workload from the city's centre; population or a weight: one per district"
    )
    districts: tuple[Identifier, ...] | None = Field(None, description="spread over these only; absent: over all")
    divisible: bool = Field(True, description="may be split over sites; otherwise one site serves it each year")
    domestic_only: bool = Field(False, description="must run on domestic hardware")
    backup: Share = Field(0.0, description="share of its resources reserved in another fault zone; 0: no backup")
    security_level: int = Field(0, ge=0, le=10, description="least security level of a site that serves it")
    latency_limit_ms: NonNegative | None = Field(None, description="longest round trip, ms; absent: any")
    access: Identifier | None = Field(None, description="how its users reach the network: a key of network.access_ms")
    kinds: tuple[SiteKind, ...] | None = Field(None, description="kinds of sites it may use; absent: all")
    zones: tuple[Identifier, ...] | None = Field(None, description="fault zones it may use; absent: all")
    only_sites: tuple[Identifier, ...] | None = Field(None, description="sites it may use; absent: all")
    demand: Frozen[str, NonNegative] = Field({}, description="resource -> demand per unit of the driver")
    gbps: NonNegative = Field(0.0, description="traffic between district and site per unit of the driver, Gbps")
    unserved_penalty_cny: NonNegative | None = Field(
        None, description="a year's penalty if nothing of it is served, whole city, CNY; absent: it must be served"
    )


class System(Part):
    """A digital system by name, and the workload that it is part of."""

    id: Identifier
    name: Name = Name()
    workload: Identifier = Field(description="the row of workloads that holds its demand")


class Network(Part):
    """How far and how dear the way from a district to a site is."""

    round_trip_ms_per_100_km: NonNegative = Field(1.0, description="round trip in fibre, ms per 100 km of route")
    route_factor: float = Field(1.0, ge=1, description="length of the route per straight-line distance")
    ms_per_hop: NonNegative = Field(0.0, description="round trip added by one hop, ms")
    access_ms: Frozen[str, NonNegative] = Field({}, description="access network -> round trip from user to network, ms")
    hops: Frozen[NodeKind, Count] = Field({}, description="kind of node -> hops on the way; absent: 0")
    cny_per_gbps_year: Frozen[NodeKind, NonNegative] = Field(
        {}, description="kind of node -> CNY per Gbps and year, whatever the distance; absent: 0"
    )
    cny_per_gbps_km_year: NonNegative = Field(0.0, description="CNY per Gbps, year and km of route")
    city_latitude: float | None = Field(None, ge=-90, le=90, description="the city's centre, degrees north")
    city_longitude: float | None = Field(None, ge=-180, le=180, description="the city's centre, degrees east")


class Settings(Part):
    """What a scenario sets besides its sections."""

    title: Name = Name()
    base_year: Year | None = Field(None, description="the year before the first planning year; needed")
    years: tuple[Year, ...] = Field((), description="planning years, consecutive, from base_year + 1; needed")
    discount_rate: float = Field(0.0, gt=-1, description="yearly, real")
    carbon_price_cny_per_tonne: NonNegative = 0.0
    compute_convention: Frozen[str, Precision] = Field(
        {}, description="hardware class -> precision that counts as compute; a class that is absent counts nothing"
    )
    max_utilisation: Frozen[str, Share] = Field({}, description="resource -> share of capacity usable; absent: 1")
    green_site: GreenSite = GreenSite()
    budget_cny: Frozen[int, NonNegative] = Field({}, description="year -> capital that may be spent; absent: unlimited")
    network: Network = Network()


# Fields of a case's parts that planners do not write.
DERIVED: Mapping[str, str] = {
    "id": "nothing: the id of a row is its key",
    "counted_pflops": "nothing: it follows from compute_convention and hardware_class",
}


@dataclass(frozen=True)
class Section:
    """A section of a scenario (and the CSV table of the same name): what its rows are."""

    row: type[Part]
    noted: frozenset[str] = frozenset({"source", "note"})


SECTIONS: Mapping[str, Section] = {
    "districts": Section(District),
    "sites": Section(Site),
    "hall_types": Section(HallType),
    "conversions": Section(Conversion),
    "hardware": Section(Hardware),
    "fleet": Section(Fleet),
    "drivers": Section(Driver),
    "workloads": Section(WorkloadRow),
    "systems": Section(System),
    "targets": Section(Target, noted=frozenset({"note"})),
}
ORDERS = ("about", "extends", "tables", "sources", "drop", "change")
TOP_LEVEL = (*ORDERS, *Settings.model_fields, *SECTIONS)
