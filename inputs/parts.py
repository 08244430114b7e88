"""The parts of a case: sites, halls, hardware, fleet, workloads and targets.

Units stand in every field's name or description: money in CNY, power in kW, energy in MWh, compute in
PFLOPS, storage in TB, memory in GB, bandwidth in Gbps, time in whole years.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from .mapping import Frozen

Identifier = Annotated[str, Field(min_length=1, max_length=200)]
LARGEST = 1e18
"""No amount is larger: beyond it sums lose their units and the solver its numbers."""

NonNegative = Annotated[float, Field(ge=0, le=LARGEST)]
Positive = Annotated[float, Field(gt=0, le=LARGEST)]
Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]
Year = Annotated[int, Field(ge=1900, le=2200)]

SiteKind = Literal["core", "edge", "remote"]
Metric = Literal[
    "compute_pflops",
    "pool_capacity",
    "domestic_share",
    "racks_in_service",
    "racks_occupied",
    "rack_utilisation",
    "it_mwh",
    "facility_mwh",
    "pue",
    "green_share",
    "carbon_tonnes",
    "capex",
    "edge_nodes",
    "districts_with_edge",
    "green_sites",
]
Sense = Literal[">=", "<=", "=="]


class Part(BaseModel):
    """What all parts share: immutable, no unknown fields, no silent conversion, no NaN or infinity."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Name(Part):
    """What people call a thing, in English and in Simplified Chinese; empty: its id is shown."""

    en: str = ""
    zh: str = ""


class Site(Part):
    """A place where halls stand or can be built: a core data centre, an edge node or a remote hub."""

    id: Identifier
    name: Name = Name()
    kind: SiteKind = Field("core", description="core data centre, edge node, or remote hub outside the city")
    district: str = Field("", description="district the site stands in")
    zone: str = Field("", description="fault zone: what fails together; a backup stands in another zone")
    in_city: bool = Field(True, description="counts towards the city's targets unless a target says otherwise")
    latitude: float = Field(0.0, ge=-90, le=90, description="degrees north")
    longitude: float = Field(0.0, ge=-180, le=180, description="degrees east")
    existing: bool = Field(False, description="in use at the end of the base year")
    earliest_year: Year = Field(description="first year in which anything may be built, bought or placed here")
    security_level: int = Field(3, ge=0, le=10, description="highest security level of a workload it may serve")
    opening_cost_cny: NonNegative = Field(0.0, description="paid once, in the first year in use")
    fixed_cost_cny_per_year: NonNegative = Field(0.0, description="paid each year in use")
    build_cost_factor: NonNegative = Field(1.0, description="multiplies the cost of halls built here")
    allowed_halls: tuple[Identifier, ...] = Field((), description="hall types that may be built or converted into here")
    existing_halls: Frozen[str, Count] = Field({}, description="hall type -> halls at the end of the base year")
    max_halls: Count = Field(description="halls the plot can hold, existing ones included")
    grid_kw: NonNegative = Field(description="grid connection at the end of the base year, kW")
    grid_step_kw: NonNegative = Field(0.0, description="size of one step of the connection, kW")
    grid_step_cost_cny: NonNegative = Field(0.0, description="cost of one step, CNY")
    grid_max_steps: Count = Field(0, description="steps that can be added over all years")
    usable_grid: Share = Field(1.0, description="share of the connection that may be drawn (N, N+1, 2N and reserve)")
    pue_factor: NonNegative = Field(1.0, description="multiplies a hall's overhead: PUE = 1 + (hall PUE - 1) * factor")
    electricity_cny_per_kwh: NonNegative = Field(0.0, description="price of electricity, CNY/kWh")
    carbon_kg_per_kwh: NonNegative = Field(0.0, description="emission factor of the grid, kg/kWh (t/MWh)")
    green_max_share: Share = Field(0.0, description="largest share of the site's electricity that can be bought green")
    green_premium_cny_per_kwh: NonNegative = Field(0.0, description="what green electricity costs on top, CNY/kWh")
    egress_gbps: NonNegative | None = Field(None, description="outgoing bandwidth, Gbps; null: unlimited")


class HallType(Part):
    """One modular block of racks with one cooling technology."""

    id: Identifier
    name: Name = Name()
    racks: Positive = Field(description="racks in one hall")
    rack_kw: Positive = Field(description="IT power a rack can draw, kW")
    usable_u: Positive = Field(description="rack units usable for servers in one rack")
    pue: float = Field(ge=1, le=100, description="PUE of this hall at a site with factor 1")
    cooling: Literal["air", "liquid"] = "air"
    capex_cny: NonNegative = Field(description="cost of one hall, CNY")
    upkeep_cny_per_year: NonNegative = Field(0.0, description="upkeep of one hall in service, CNY a year")
    life_years: int = Field(ge=1, description="life for the salvage value, years")
    lead_years: Count = Field(0, description="years from decision to service; none can be in service earlier")


class Conversion(Part):
    """A retrofit: what it costs to turn one hall of one type into another."""

    from_hall: Identifier
    to_hall: Identifier
    cost_cny: NonNegative = Field(description="cost of one conversion, CNY")


class Hardware(Part):
    """A kind of server (or supernode, storage node, edge box, tenant's rack) that can be bought."""

    id: Identifier
    name: Name = Name()
    pool: Identifier = Field(description="kind of capacity it belongs to; it serves workloads of this pool only")
    hardware_class: Identifier = Field(description="class by which compute is counted (general, ai, hpc ...)")
    domestic: bool = False
    rack_units: NonNegative = Field(description="height of one unit, U")
    peak_kw: NonNegative = Field(description="largest power of one unit, kW: what racks, halls and grid must carry")
    average_kw: NonNegative = Field(description="mean power of one unit, kW: what energy is reckoned with")
    price_cny: NonNegative = Field(description="price of one unit, CNY; 0 for leased or tenants' hardware")
    maintenance_rate: NonNegative = Field(0.0, description="yearly maintenance as a share of the price")
    fee_cny_per_year: NonNegative = Field(0.0, description="yearly fee of one unit in service, CNY (leases)")
    life_years: int = Field(ge=1, description="years in service")
    lot: int = Field(1, ge=1, description="units in one purchase lot")
    fp64_pflops: NonNegative = 0.0
    fp32_pflops: NonNegative = 0.0
    fp16_pflops: NonNegative = 0.0
    int8_pops: NonNegative = 0.0
    counted_pflops: NonNegative = Field(0.0, description="PFLOPS of one unit that count, by the compute convention")
    provides: Frozen[str, NonNegative] = Field({}, description="resource -> what one unit provides")
    halls: tuple[Identifier, ...] = Field((), description="hall types it fits")
    sites: tuple[Identifier, ...] | None = Field(None, description="sites it may stand at; null: wherever it fits")
    available_from: Year = Field(description="first year on the market")
    available_to: Year = Field(description="last year on the market")
    supply: Frozen[int, NonNegative] = Field({}, description="year -> units the market supplies; absent: unlimited")


class Fleet(Part):
    """Hardware that stands at a site at the end of the base year."""

    site: Identifier
    hall: Identifier
    hardware: Identifier
    count: Count
    install_year: Year = Field(description="it must be gone from this year plus its life on")


class Workload(Part):
    """One system's demand from one district, or from the whole city, in one pool."""

    id: Identifier
    system: str = ""
    name: Name = Name()
    district: str = Field("", description="where the demand comes from; 'city' for the whole city")
    pool: Identifier
    divisible: bool = Field(True, description="may be split over sites; otherwise one site serves it each year")
    domestic_only: bool = Field(False, description="must run on domestic hardware")
    backup: Share = Field(0.0, description="share of its resources reserved in another fault zone; 0: no backup")
    security_level: int = Field(0, ge=0, le=10)
    latency_limit_ms: NonNegative | None = Field(None, description="longest round trip, ms; null: any")
    demand: Frozen[str, Frozen[int, NonNegative]] = Field(description="resource -> year -> demand")
    gbps: Frozen[int, NonNegative] = Field({}, description="year -> traffic between district and site, Gbps")
    sites: Frozen[str, NonNegative] = Field(description="every site it may use -> CNY per Gbps and year")
    unserved_penalty_cny: NonNegative | None = Field(
        None, description="a year's penalty if nothing of it is served, CNY; null: it must be served"
    )


class Scope(Part):
    """What a metric counts. An absent list means all; by default only sites of the city count."""

    in_city: bool | None = Field(True, description="true: sites of the city; false: others; null: all")
    districts: tuple[Identifier, ...] | None = None
    kinds: tuple[SiteKind, ...] | None = None
    sites: tuple[Identifier, ...] | None = None
    pools: tuple[Identifier, ...] | None = None
    classes: tuple[Identifier, ...] | None = Field(None, description="hardware classes")
    pool: Identifier | None = Field(None, description="pool_capacity: the pool")
    resource: Identifier | None = Field(None, description="pool_capacity: the resource")


class Target(Part):
    """A demand on a metric in a year. With a penalty it may be missed at that price; otherwise it is hard."""

    id: Identifier
    metric: Metric
    sense: Sense
    value: Annotated[float, Field(ge=-LARGEST, le=LARGEST)]
    year: Year
    scope: Scope = Scope()
    penalty_cny: NonNegative | None = Field(
        None, description="CNY per unit missed; of a ratio: per unit of numerator - value * denominator; null: hard"
    )
    source: str = Field("", description="policy clause, public source or assumption")


class GreenSite(Part):
    """What makes a site a green data centre."""

    pue_limit: float = Field(1.3, ge=1)
    min_it_mw: NonNegative = Field(0.0, description="least average IT load, MW: an empty hall is not green")
