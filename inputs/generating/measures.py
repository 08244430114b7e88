"""What the witness attains: the metrics, in any scope, and its capital spending."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from ..case import Case
from ..parts import Hardware, Metric, Scope, Site
from .catalogue import racks_per_unit
from .ground import Ground
from .witness import Witness

MWH_PER_KW = 8.76
STANDARD_RACK_KW = 2.5

Attained: TypeAlias = tuple[float, float | None]
"""A metric's value and None, or the numerator and the denominator of a ratio."""


class Measures:
    """The metrics of the witness of a case; `docs/formulation.md` defines them."""

    def __init__(self, ground: Ground, case: Case, witness: Witness) -> None:
        self._ground, self._case, self._witness = ground, case, witness
        self._site = {site.id: site for site in case.sites}
        self._halls = _halls_in_service(ground, case, witness)
        self._owned: defaultdict[int, list[tuple[Hardware, str, str, int]]] = defaultdict(list)
        for (kind, site, hall, year), units in witness.owned.items():
            self._owned[year].append((ground.kind[kind], site, hall, units))
        self._of: Mapping[Metric, Callable[[Scope, int], float]] = {
            "compute_pflops": self._compute,
            "pool_capacity": self._capacity,
            "racks_in_service": self._racks_in_service,
            "racks_occupied": self._racks_occupied,
            "it_mwh": self._it_mwh,
            "facility_mwh": self._facility_mwh,
            "carbon_tonnes": self._carbon,
            "capex": lambda scope, year: self.capital(year),
            "edge_nodes": lambda scope, year: float(len(self._open_edges(scope, year))),
            "districts_with_edge": lambda scope, year: float(len(set(self._open_edges(scope, year).values()))),
            "green_sites": lambda scope, year: float(sum(self._is_green(site, year) for site in self._in(scope))),
        }
        self._ratios: Mapping[Metric, tuple[Callable[[Scope, int], float], Callable[[Scope, int], float]]] = {
            "domestic_share": (self._domestic_compute, self._compute),
            "rack_utilisation": (self._racks_occupied, self._racks_in_service),
            "pue": (self._facility_mwh, self._it_mwh),
            "green_share": (self._green_mwh, self._facility_mwh),
        }

    def attained(self, metric: Metric, scope: Scope, year: int) -> Attained:
        """A metric in a scope and year."""
        if metric in self._ratios:
            above, below = self._ratios[metric]
            return above(scope, year), below(scope, year)
        return self._of[metric](scope, year), None

    def capital(self, year: int) -> float:
        """Capital spending of a year, CNY."""
        return sum(cny for when, cny in self._spending() if when == year)

    def facility_mwh(self) -> Mapping[tuple[str, int], float]:
        """(site, year) -> energy that the site draws, MWh."""
        return {
            (site.id, year): self._facility_mwh(_only(site), year)
            for site in self._case.sites
            for year in self._case.years
        }

    def _spending(self) -> Iterator[tuple[int, float]]:
        hall, kind, site = self._ground.hall, self._ground.kind, self._site
        for site_id, year in self._witness.opened.items():
            yield year, site[site_id].opening_cost_cny
        for (site_id, hall_id, year), halls in self._witness.built.items():
            yield year, halls * hall[hall_id].capex_cny * site[site_id].build_cost_factor
        cost = {(retrofit.from_hall, retrofit.to_hall): retrofit.cost_cny for retrofit in self._case.conversions}
        for (_, old, new, year), halls in self._witness.converted.items():
            yield year, halls * cost[old, new]
        for (site_id, year), steps in self._witness.upgraded.items():
            yield year, steps * site[site_id].grid_step_cost_cny
        for (kind_id, _, _, year), units in self._witness.bought.items():
            yield year, units * kind[kind_id].price_cny

    def _in(self, scope: Scope) -> list[Site]:
        return [
            site
            for site in self._case.sites
            if (scope.in_city is None or site.in_city == scope.in_city)
            and (scope.districts is None or site.district in scope.districts)
            and (scope.kinds is None or site.kind in scope.kinds)
            and (scope.sites is None or site.id in scope.sites)
        ]

    def _sum(self, scope: Scope, year: int, per_unit: Callable[[Hardware, str, str], float]) -> float:
        """Sum of units * per_unit(kind, site, hall) over the hardware in the scope."""
        sites = {site.id for site in self._in(scope)}
        return sum(
            units * per_unit(kind, site, hall)
            for kind, site, hall, units in self._owned[year]
            if site in sites
            and (scope.pools is None or kind.pool in scope.pools)
            and (scope.classes is None or kind.hardware_class in scope.classes)
        )

    def _compute(self, scope: Scope, year: int) -> float:
        return self._sum(scope, year, lambda kind, site, hall: kind.counted_pflops)

    def _domestic_compute(self, scope: Scope, year: int) -> float:
        return self._sum(scope, year, lambda kind, site, hall: kind.counted_pflops * kind.domestic)

    def _capacity(self, scope: Scope, year: int) -> float:
        resource = scope.resource or ""
        usable = self._ground.utilisation(resource)
        return self._sum(
            scope,
            year,
            lambda kind, site, hall: kind.provides.get(resource, 0.0) * usable if kind.pool == scope.pool else 0.0,
        )

    def _it_mwh(self, scope: Scope, year: int) -> float:
        return self._sum(scope, year, lambda kind, site, hall: kind.average_kw * MWH_PER_KW)

    def _facility_mwh(self, scope: Scope, year: int) -> float:
        pue = self._ground.pue
        return self._sum(scope, year, lambda kind, site, hall: kind.average_kw * MWH_PER_KW * pue(site, hall))

    def _racks_occupied(self, scope: Scope, year: int) -> float:
        def standard(kind: Hardware, site: str, hall_id: str) -> float:
            hall = self._ground.hall[hall_id]
            return racks_per_unit(kind, hall) * hall.rack_kw / STANDARD_RACK_KW

        return self._sum(scope, year, standard)

    def _racks_in_service(self, scope: Scope, year: int) -> float:
        sites = {site.id for site in self._in(scope)}
        standard = {hall.id: hall.racks * hall.rack_kw / STANDARD_RACK_KW for hall in self._case.hall_types}
        return sum(
            count * standard[hall]
            for (site, hall, when), count in self._halls.items()
            if when == year and site in sites
        )

    def _green_mwh(self, scope: Scope, year: int) -> float:
        return sum(self._witness.green_mwh.get((site.id, year), 0.0) for site in self._in(scope))

    def _carbon(self, scope: Scope, year: int) -> float:
        return sum(
            (self._facility_mwh(_only(site), year) - self._green_mwh(_only(site), year)) * site.carbon_kg_per_kwh
            for site in self._in(scope)
        )

    def _open_edges(self, scope: Scope, year: int) -> dict[str, str]:
        """Edge nodes in use -> their districts."""
        opened = self._witness.opened
        edges = [site for site in self._in(scope) if site.kind == "edge"]
        return {site.id: site.district for site in edges if site.existing or opened.get(site.id, year + 1) <= year}

    def _is_green(self, site: Site, year: int) -> bool:
        it, green = self._it_mwh(_only(site), year), self._case.green_site
        enough = it >= green.min_it_mw * 1000 * MWH_PER_KW
        return enough and self._facility_mwh(_only(site), year) <= green.pue_limit * it


def _only(site: Site) -> Scope:
    return Scope(in_city=None, sites=(site.id,))


def _halls_in_service(ground: Ground, case: Case, witness: Witness) -> Mapping[tuple[str, str, int], int]:
    """(site, hall type, year) -> halls in service."""
    halls: defaultdict[tuple[str, str, int], int] = defaultdict(int)
    for year in ground.years:
        for site in case.sites:
            for hall, count in site.existing_halls.items():
                halls[site.id, hall, year] += count
        for (site_id, hall, when), count in witness.built.items():
            halls[site_id, hall, year] += count if when <= year else 0
        for (site_id, old, new, when), count in witness.converted.items():
            halls[site_id, old, year] -= count if when <= year else 0
            halls[site_id, new, year] += count if when <= year else 0
    return halls
