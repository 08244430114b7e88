"""What stands at each site in each year, and what is asked of it: from the tables of a result."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ..inputs.parts import HallType, Hardware, Site
from .view import STANDARD_RACK_KW, TRACE, PlanView, at, racks_per_unit

Amounts = dict[str, float]
Place = tuple[str, int]


@dataclass(frozen=True)
class Standing:
    """What stands where, and what is asked of it."""

    view: PlanView

    @cached_property
    def halls(self) -> Mapping[str, HallType]:
        """Hall types by id."""
        return {hall.id: hall for hall in self.view.case.hall_types}

    @cached_property
    def kinds(self) -> Mapping[str, Hardware]:
        """Hardware types by id."""
        return {kind.id: kind for kind in self.view.case.hardware}

    @cached_property
    def opened(self) -> Mapping[Place, int]:
        """1 where a site is in use in a year."""
        table = self.view.tables["sites"]
        return {(str(r["site"]), int(r["year"])): int(r["open"]) for r in table.to_dict("records")}

    @cached_property
    def counts(self) -> Mapping[Place, Mapping[str, int]]:
        """Halls in service by type."""
        found: dict[Place, dict[str, int]] = defaultdict(dict)
        for row in self.view.tables["halls"].to_dict("records"):
            found[str(row["site"]), int(row["year"])][str(row["hall"])] = int(row["in_service"])
        return found

    @cached_property
    def in_service(self) -> Mapping[Place, Mapping[str, float]]:
        """Standard racks in service by hall type."""
        size = {hall.id: hall.racks * hall.rack_kw / STANDARD_RACK_KW for hall in self.halls.values()}
        counts = self.counts
        return defaultdict(dict, {place: {h: size[h] * n for h, n in of.items()} for place, of in counts.items()})

    @cached_property
    def units(self) -> Mapping[Place, Mapping[tuple[str, str], int]]:
        """Servers in service by hall type and kind."""
        found: dict[Place, dict[tuple[str, str], int]] = defaultdict(dict)
        for row in self.view.tables["hardware"].to_dict("records"):
            found[str(row["site"]), int(row["year"])][str(row["hall"]), str(row["hardware"])] = int(row["in_service"])
        return found

    @cached_property
    def _taken(self) -> list[tuple[Place, str, str, float]]:
        """Place, hall type, pool and standard racks of all servers."""
        found = []
        for place, units in self.units.items():
            for (hall, kind), count in units.items():
                racks = racks_per_unit(self.kinds[kind], self.halls[hall]) * self.halls[hall].rack_kw / STANDARD_RACK_KW
                found.append((place, hall, self.kinds[kind].pool, racks * count))
        return found

    @cached_property
    def occupied(self) -> Mapping[Place, Mapping[str, float]]:
        """Standard racks occupied by hall type."""
        return _summed((place, hall, racks) for place, hall, _, racks in self._taken)

    @cached_property
    def occupied_by_pool(self) -> Mapping[Place, Mapping[str, float]]:
        """Standard racks occupied by pool."""
        return _summed((place, pool, racks) for place, _, pool, racks in self._taken)

    @cached_property
    def usable(self) -> Mapping[tuple[Place, str], Amounts]:
        """What the servers of a pool at a place provide of each resource, as far as it may be used."""
        found: dict[tuple[Place, str], Amounts] = defaultdict(lambda: defaultdict(float))
        for place, units in self.units.items():
            for (_, kind), count in units.items():
                for resource, amount in self.kinds[kind].provides.items():
                    usable = amount * self.view.case.max_utilisation.get(resource, 1.0)
                    found[place, self.kinds[kind].pool][resource] += count * usable
        return found

    @cached_property
    def load(self) -> Mapping[tuple[Place, str], Mapping[str, Amounts]]:
        """What workloads take of it: by role, resource by resource."""
        workloads = {workload.id: workload for workload in self.view.case.workloads}
        found: dict[tuple[Place, str], dict[str, Amounts]] = defaultdict(
            lambda: {role: defaultdict(float) for role in ("primary", "standby")}
        )
        table = self.view.tables["placement"]
        for row in table[table["role"] != "unserved"].to_dict("records"):
            workload, year, role = workloads[str(row["workload"])], int(row["year"]), str(row["role"])
            reserved = float(row["share"]) * (workload.backup if role == "standby" else 1.0)
            for resource, by_year in workload.demand.items():
                key = ((str(row["site"]), year), workload.pool)
                found[key][role][resource] += by_year.get(year, 0.0) * reserved
        return found

    def busy(self, place: Place, pool: str) -> tuple[float, float]:
        """The shares of a pool's servers that workloads use and that backups reserve: by their scarcest resource."""
        usable, load = self.usable[place, pool], self.load[place, pool]
        if not usable:  # hardware that provides nothing to workloads does not wait for any
            return 1.0, 0.0
        shares = [
            (load["primary"][resource] / amount, load["standby"][resource] / amount)
            for resource, amount in usable.items()
            if amount > 0
        ]
        working, standby = max(shares, key=sum, default=(0.0, 0.0))
        working = min(1.0, working)
        return working, min(1.0 - working, standby)

    @cached_property
    def _demanded(self) -> frozenset[tuple[str, int, str]]:
        """(site, year, pool): some workload that wants something of the pool may use the site."""
        return frozenset(
            (site, year, workload.pool)
            for workload in self.view.case.workloads
            for year in self.view.years
            if any(by_year.get(year, 0.0) > 0 for by_year in workload.demand.values())
            for site in workload.sites
        )

    def wanted(self, site: Site, hall: str, year: int) -> list[Hardware]:
        """Hardware of pools wanted at the site that fits the hall."""
        return [
            kind
            for kind in self.kinds.values()
            if hall in kind.halls
            and (kind.sites is None or site.id in kind.sites)
            and (site.id, year, kind.pool) in self._demanded
        ]

    @cached_property
    def bought(self) -> Mapping[tuple[str, int], int]:
        """Units bought of each kind in each year."""
        sums = self.view.tables["hardware"].groupby(["hardware", "year"])["bought"].sum().reset_index()
        return {(str(r["hardware"]), int(r["year"])): int(r["bought"]) for r in sums.to_dict("records")}

    def on_sale(self, kind: Hardware, site: Site, year: int) -> bool:
        """Whether it is on the market in a year in which the site can take it."""
        return kind.available_from <= year <= kind.available_to and year >= site.earliest_year

    def supplied(self, kind: Hardware, year: int) -> bool:
        """Whether the market has another lot of it."""
        return kind.supply.get(year, float("inf")) - self.bought.get((kind.id, year), 0) >= kind.lot

    def spare_kw(self, site: Site, year: int) -> float:
        """What may still be drawn of the connection."""
        power = self.view.power
        return max(0.0, at(power["usable_kw"], site.id, year) - at(power["peak_kw"], site.id, year))

    def kw_per_rack(self, site: Site, year: int) -> float:
        """Peak power of one more standard rack with its cooling: that of the racks occupied here, or a full rack's."""
        place = (site.id, year)
        occupied = sum(self.occupied[place].values())
        peak = at(self.view.power["peak_kw"], site.id, year)
        if occupied > TRACE and peak > TRACE:
            return peak / occupied
        standing = self.in_service[place]
        total = sum(standing.values())
        if total <= TRACE:
            return STANDARD_RACK_KW
        return STANDARD_RACK_KW * sum(self._pue(site, hall) * racks for hall, racks in standing.items()) / total

    def buildable_kw(self, site: Site, year: int) -> tuple[float, float]:
        """What the halls that the plot has room for could draw: those that can be ready by then, and the others."""
        room = max(0, site.max_halls - sum(self.counts[site.id, year].values()))
        now = later = 0.0
        for hall in (self.halls[name] for name in site.allowed_halls):
            kw = room * hall.racks * hall.rack_kw * self._pue(site, hall.id)
            ready = max(site.earliest_year, self.view.case.base_year + 1 + hall.lead_years)
            now, later = (max(now, kw), later) if year >= ready else (now, max(later, kw))
        return now, max(0.0, later - now)

    def _pue(self, site: Site, hall: str) -> float:
        return 1.0 + (self.halls[hall].pue - 1.0) * site.pue_factor


def _summed(parts: Iterator[tuple[Place, str, float]]) -> Mapping[Place, Mapping[str, float]]:
    found: dict[Place, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for place, name, amount in parts:
        found[place][name] += amount
    return found
