"""The counted quantities of the planning problem, recomputed from what is in service."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import fmean

from ...inputs.case import Case
from ...inputs.parts import Hardware, Scope, Site
from . import physics
from .findings import Tally, exceeds, total
from .lookup import Lookup
from .records import Records
from .scopes import counts_hardware, counts_site
from .state import Installed, State

UNITS = {
    "compute_pflops": "PFLOPS",
    "domestic_share": "share",
    "racks_in_service": "racks",
    "racks_occupied": "racks",
    "rack_utilisation": "share",
    "it_mwh": "MWh",
    "facility_mwh": "MWh",
    "pue": "ratio",
    "green_share": "share",
    "carbon_tonnes": "t",
    "capex": "CNY",
    "edge_nodes": "sites",
    "districts_with_edge": "districts",
    "green_sites": "sites",
}
"""Unit of every metric but pool_capacity, whose unit is its resource."""


@dataclass(frozen=True)
class Measure:
    """A metric's value, or its numerator and denominator where it is a ratio."""

    numerator: Tally
    denominator: Tally | None = None

    @property
    def value(self) -> float | None:
        """The value; None for a ratio without denominator."""
        if self.denominator is None:
            return self.numerator.value
        return self.numerator.value / self.denominator.value if self.denominator.value else None


@dataclass(frozen=True)
class Counted:
    """What a metric counts: the sites and the hardware of its scope in its year, and the whole plan's spending."""

    case: Case
    state: State
    opened: Mapping[tuple[str, int], int]
    capex: Tally
    scope: Scope
    year: int
    sites: tuple[Site, ...]
    installed: tuple[Installed, ...]

    def over_hardware(self, quantity: Callable[[Installed], float]) -> Tally:
        """Sum of a quantity over the hardware in service."""
        return total(quantity(item) for item in self.installed)

    def over_sites(self, quantities: Mapping[tuple[str, int], float]) -> Tally:
        """Sum of a quantity by site and year over the sites."""
        return total(quantities[site.id, self.year] for site in self.sites)

    def pflops(self, counts: Callable[[Hardware], bool] = lambda hardware: True) -> Tally:
        """Compute that counts by the convention of the case, PFLOPS."""
        return total(item.units * item.hardware.counted_pflops for item in self.installed if counts(item.hardware))

    def racks_occupied(self) -> Tally:
        """Standard racks that hardware takes."""
        return self.over_hardware(lambda item: physics.standard_racks(item.racks, item.hall))

    def racks_in_service(self) -> Tally:
        """Standard racks of the halls in service."""
        return total(
            physics.standard_racks(hall.racks * self.state.halls.get((site.id, hall.id, self.year), 0), hall)
            for site in self.sites
            for hall in self.case.hall_types
        )

    def pool_capacity(self) -> Tally:
        """Capacity of the scope's pool that may be used of its resource."""
        resource = self.scope.resource or ""
        usable = self.case.max_utilisation.get(resource, 1.0)
        return total(
            item.units * item.hardware.provides.get(resource, 0.0) * usable
            for item in self.installed
            if item.hardware.pool == self.scope.pool
        )

    def carbon_tonnes(self) -> Tally:
        """Emissions of the electricity that is not green, tonnes."""
        tally = Tally()
        for site in self.sites:
            key = (site.id, self.year)
            tally.add(self.state.facility_mwh[key] * site.carbon_kg_per_kwh)
            tally.add(-self.state.green_mwh[key] * site.carbon_kg_per_kwh)
        return tally

    def open_edge_sites(self) -> list[Site]:
        """Edge sites in use."""
        return [site for site in self.sites if site.kind == "edge" and self.opened[site.id, self.year]]

    def green_sites(self) -> Tally:
        """Sites with enough IT load whose PUE is within the limit."""
        return total(float(self._is_green(site)) for site in self.sites)

    def _is_green(self, site: Site) -> bool:
        limit, it_mwh = self.case.green_site, self.state.it_mwh[site.id, self.year]
        facility_mwh = self.state.facility_mwh[site.id, self.year]
        return not (
            exceeds(limit.min_it_mw * physics.HOURS_PER_YEAR, it_mwh) or exceeds(facility_mwh, limit.pue_limit * it_mwh)
        )


FORMULAS: Mapping[str, Callable[[Counted], Measure]] = {
    "compute_pflops": lambda counted: Measure(counted.pflops()),
    "pool_capacity": lambda counted: Measure(counted.pool_capacity()),
    "domestic_share": lambda counted: Measure(counted.pflops(lambda hardware: hardware.domestic), counted.pflops()),
    "racks_in_service": lambda counted: Measure(counted.racks_in_service()),
    "racks_occupied": lambda counted: Measure(counted.racks_occupied()),
    "rack_utilisation": lambda counted: Measure(counted.racks_occupied(), counted.racks_in_service()),
    "it_mwh": lambda counted: Measure(counted.over_hardware(lambda item: item.it_mwh)),
    "facility_mwh": lambda counted: Measure(counted.over_hardware(lambda item: item.facility_mwh)),
    "pue": lambda counted: Measure(
        counted.over_hardware(lambda item: item.facility_mwh), counted.over_hardware(lambda item: item.it_mwh)
    ),
    "green_share": lambda counted: Measure(
        counted.over_sites(counted.state.green_mwh), counted.over_sites(counted.state.facility_mwh)
    ),
    "carbon_tonnes": lambda counted: Measure(counted.carbon_tonnes()),
    "capex": lambda counted: Measure(counted.capex),
    "edge_nodes": lambda counted: Measure(total(1.0 for _ in counted.open_edge_sites())),
    "districts_with_edge": lambda counted: Measure(
        total(1.0 for _ in {site.district for site in counted.open_edge_sites()})
    ),
    "green_sites": lambda counted: Measure(counted.green_sites()),
}


@dataclass(frozen=True)
class Meter:
    """Measures any metric of one plan."""

    lookup: Lookup
    records: Records
    state: State
    capex: Mapping[int, Tally]
    """Capital spending of all sites by year, CNY"""

    def measure(self, metric: str, scope: Scope, year: int) -> Measure:
        """The metric in this scope and year."""
        sites = tuple(site for site in self.lookup.case.sites if counts_site(scope, site))
        ids = {site.id for site in sites}
        installed = tuple(
            item for item in self.state.installed[year] if item.site.id in ids and counts_hardware(scope, item.hardware)
        )
        case = self.lookup.case
        counted = Counted(case, self.state, self.records.opened, self.capex[year], scope, year, sites, installed)
        return FORMULAS[metric](counted)

    def unserved_share(self, year: int) -> float:
        """The mean over the workloads of the share that is not served; 0 without workloads."""
        unserved = dict.fromkeys(self.lookup.workloads, 0.0)
        for row in self.records.placement:
            if row.role == "unserved" and row.year == year:
                unserved[row.workload] += row.share
        return fmean(unserved.values()) if unserved else 0.0


def unit_of(metric: str, scope: Scope) -> str:
    """The unit of a metric."""
    return (scope.resource or "") if metric == "pool_capacity" else UNITS[metric]
