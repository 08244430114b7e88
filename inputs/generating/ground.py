"""What is possible on the ground: where and from when hardware may stand, and which sites can serve a pool."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from ..parts import Hardware, Site
from .catalogue import Catalogue
from .city import City, with_sites
from .pools import Pool
from .products import MAX_UTILISATION

LEAST_EDGE = 0.3
"""Edge nodes are not scaled down further."""


class Ground:
    """A city with its catalogue over the planning years, before any limit is set."""

    def __init__(self, city: City, catalogue: Catalogue, base_year: int, years: int, scale: float) -> None:
        self.city, self.catalogue = city, catalogue
        self.base_year, self._scale = base_year, scale
        self.years = tuple(range(base_year + 1, base_year + 1 + years))
        self.site = {site.id: site for site in city.sites}
        self.hall = {hall.id: hall for hall in catalogue.hall_types}
        self.pool = {pool.id: pool for pool in catalogue.pools}
        self.hardware = tuple(with_sites(kind, city, catalogue) for kind in catalogue.hardware)
        self.kind = {kind.id: kind for kind in self.hardware}
        self.kinds_of = {pool: tuple(kind for kind in self.hardware if kind.pool == pool) for pool in self.pool}
        self.can_serve = cache(self._can_serve)

    def servers(self, pool: Pool) -> float:
        """Ordinary servers of a pool at each site that hosts it, on average; edge nodes are small in any case."""
        return pool.servers * (max(self._scale, LEAST_EDGE) if pool.at_edge else self._scale)

    def utilisation(self, resource: str) -> float:
        """Share of a resource's capacity that may be used."""
        return MAX_UTILISATION.get(resource, 1.0)

    def pue(self, site: str, hall: str) -> float:
        """PUE of a hall at a site."""
        return 1.0 + (self.hall[hall].pue - 1.0) * self.site[site].pue_factor

    def halls_for(self, kind: Hardware, site: Site, year: int) -> list[str]:
        """Hall types that may be built at the site by the year, for hardware that is bought in the year."""
        on_sale = kind.available_from <= year <= kind.available_to
        if not on_sale or year < site.earliest_year or (kind.sites is not None and site.id not in kind.sites):
            return []
        return [
            hall
            for hall in site.allowed_halls
            if hall in kind.halls and year > self.base_year + self.hall[hall].lead_years
        ]

    def _can_serve(self, pool: str, resources: Collection[str], domestic: bool, site: str, year: int) -> bool:
        """Whether hardware for all of these resources of the pool may be bought for the site in the year."""
        kinds = [
            kind
            for kind in self.kinds_of[pool]
            if (kind.domestic or not domestic) and self.halls_for(kind, self.site[site], year)
        ]
        return all(any(kind.provides.get(resource, 0.0) > 0 for kind in kinds) for resource in resources)
