"""Digital systems: workloads of random server mixes, from the city's centre or from its districts.

Systems of one template have the same mix, growth and sites. From the same district their demands are proportional.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..demand import tidy
from ..parts import Name, Workload
from ..rows import District
from .city import CENTRE
from .draws import Draws
from .ground import Ground
from .pools import Pool
from .reach import Needs, draw_reach
from .sizes import Size

CITY = District(id="city", latitude=CENTRE[0], longitude=CENTRE[1], population=1)
HOURS = 8760
CNY_PER_KWH = 0.9
"""Electricity of servers with cooling, for a guess of what serving a workload costs."""


@dataclass(frozen=True)
class Template:
    """What systems of a kind have in common: demand and traffic of one server's worth, growth, sites by origin."""

    pool: Pool
    demand: Mapping[str, float]
    gbps: float
    growth: tuple[float, ...]
    origins: tuple[District, ...]
    divisible: bool
    domestic_only: bool
    backup: float
    security_level: int
    latency_limit_ms: float | None
    sites: Mapping[str, Mapping[str, float]]
    penalty_cny: float | None


class Quota:
    """Flags of which the same share is true in every few, so that no city goes without."""

    def __init__(self, draws: Draws, share: float, few: int = 10) -> None:
        self._draws, self._share, self._few = draws, share, few
        self._left: list[bool] = []

    def next(self) -> bool:
        """The next flag."""
        self._left = self._left or self._draws.deal(self._few, self._share)
        return self._left.pop()


class Systems:
    """Draws the workloads of a city."""

    def __init__(self, draws: Draws, size: Size, ground: Ground) -> None:
        self._draws, self._size, self._ground = draws, size, ground
        self._indivisible = {backed_up: Quota(draws, size.indivisible) for backed_up in (True, False)}
        self._domestic = Quota(draws, 0.3)
        self._backed_up = Quota(draws, 0.3)
        self._priced = Quota(draws, 0.3)
        self._starts_later = Quota(draws, 0.1)
        self._less_secure = Quota(draws, 0.4)
        self._remote = Quota(draws, 0.6, few=3)

    def workloads(self) -> tuple[Workload, ...]:
        """As many workloads as the size says, pool by pool."""
        found: list[Workload] = []
        for pool, count in _shares(self._ground.catalogue.pools, self._size.workloads):
            found += self._of_pool(pool, count)
        return tuple(found)

    def _of_pool(self, pool: Pool, count: int) -> Iterator[Workload]:
        templates: list[Template] = []
        systems: list[tuple[Template, list[District], float]] = []
        by_district = Quota(self._draws, pool.by_district)
        left = count
        while left > 0:
            if templates and self._draws.chance(self._size.alike):
                template = self._draws.pick(templates)
            else:
                spread = pool.by_district > 0 and by_district.next()
                template = self._template(pool, self._ground.city.districts if spread else (CITY,))
                templates.append(template)
            origins = self._draws.some(template.origins, left)
            systems.append((template, origins, self._draws.between(0.3, 3)))
            left -= len(origins)
        servers = self._ground.servers(pool) * len(self._hosts(pool))
        total = sum(weight for _, _, weight in systems)
        for number, (template, origins, weight) in enumerate(systems):
            people = sum(district.population for district in origins)
            for district in origins:
                part = weight / total * district.population / people
                yield self._workload(f"{pool.id}_{number + 1:02}", template, district, servers * part)

    def _hosts(self, pool: Pool) -> list[str]:
        """The sites that most of a pool's demand is meant for."""
        kind = "edge" if pool.at_edge else "core"
        return [site for site in self._ground.city.hosts[pool.id] if self._ground.site[site].kind == kind]

    def _workload(self, system: str, template: Template, district: District, servers: float) -> Workload:
        years = self._ground.years

        def by_year(per_server: float) -> dict[int, float]:
            return {
                year: tidy(per_server * servers * grown) for year, grown in zip(years, template.growth, strict=True)
            }

        penalty = template.penalty_cny
        return Workload(
            id=f"{system}@{district.id}",
            system=system,
            name=Name(en=system.replace("_", " ")),
            district=district.id,
            pool=template.pool.id,
            divisible=template.divisible,
            domestic_only=template.domestic_only,
            backup=template.backup,
            security_level=template.security_level,
            latency_limit_ms=template.latency_limit_ms,
            demand={resource: by_year(amount) for resource, amount in template.demand.items()},
            gbps=by_year(template.gbps),
            sites=template.sites[district.id],
            unserved_penalty_cny=None if penalty is None else tidy(penalty * servers),
        )

    def _template(self, pool: Pool, origins: tuple[District, ...]) -> Template:
        draws = self._draws
        provided = {resource for kind in self._ground.kinds_of[pool.id] for resource in kind.provides}
        lead, *others = (resource for resource in pool.unit if resource in provided)
        demand = {lead: pool.unit[lead]}
        demand.update({resource: pool.unit[resource] * draws.between(0.3, 1.1) for resource in others})
        domestic = self._domestic.next() and any(kind.domestic for kind in self._ground.kinds_of[pool.id])
        backup = draws.pick((0.3, 0.5, 0.5, 1.0)) if self._backed_up.next() else 0.0
        level = 2 if self._less_secure.next() else 3
        remote = pool.may_be_remote and self._remote.next()
        sites, limit = draw_reach(
            draws,
            self._ground,
            pool,
            origins,
            Needs(tuple(demand), domestic, backup > 0, level, remote),
            self._size.nearest,
        )
        return Template(
            pool=pool,
            demand=demand,
            gbps=draws.between(*pool.gbps),
            growth=self._growth(pool),
            origins=origins,
            divisible=not self._indivisible[backup > 0].next(),
            domestic_only=domestic,
            backup=backup,
            security_level=level,
            latency_limit_ms=limit,
            sites=sites,
            penalty_cny=self._yearly_cost(pool) * draws.between(1, 4) if self._priced.next() else None,
        )

    def _growth(self, pool: Pool) -> tuple[float, ...]:
        """Demand of each year over that of the first; some systems start a year later."""
        grown = [1.0]
        while len(grown) < self._size.years:
            grown.append(grown[-1] * (1 + self._draws.between(*pool.growth)))
        if self._starts_later.next() and len(grown) > 1:
            grown[0] = 0.0
        return tuple(grown)

    def _yearly_cost(self, pool: Pool) -> float:
        """About what one server's worth costs a year, with the hardware for which that is least."""
        lead = next(iter(pool.unit))
        return min(
            (kind.price_cny / kind.life_years + kind.fee_cny_per_year + kind.average_kw * HOURS * CNY_PER_KWH)
            * (pool.unit[lead] / kind.provides[lead])
            for kind in self._ground.kinds_of[pool.id]
            if kind.provides.get(lead, 0.0) > 0
        )


def _shares(pools: tuple[Pool, ...], workloads: int) -> Iterator[tuple[Pool, int]]:
    """Share the workloads out over the pools, rounded so that they add up."""
    total = sum(pool.share for pool in pools)
    given, passed = 0, 0.0
    for pool in pools:
        passed += pool.share
        count = round(workloads * passed / total) - given
        given += count
        yield pool, count
