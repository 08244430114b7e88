"""The sizes of a random case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

CORE_SHARE = 3
"""One site of three is a core data centre, as in Jinan's case; the others are edge nodes and a few remote hubs."""

REMOTE_SHARE = 15
MOST_DISTRICTS = 30
"""The largest cities have no more districts and counties (Chongqing has 38)."""


@dataclass(frozen=True)
class Size:
    """How large a random case is.

    `pools` counts the kinds of capacity, `products` the hardware for each, `targets` the targets: the first ones of
    their lists. `scale`
    multiplies the racks of a hall and the demand of a site: a small case has small halls, or one hall would do.
    `alike` is the share of systems with the same server mix and growth as an earlier one, `indivisible` that of systems
    which one site must serve. `nearest` is how many sites a workload may use, about.
    """

    sites: int
    workloads: int
    years: int
    pools: int
    products: int
    targets: int
    scale: float
    alike: float
    indivisible: float
    nearest: int

    @property
    def cores(self) -> int:
        """Core data centres: two at least, for a backup needs another fault zone."""
        return max(2, -(-self.sites // CORE_SHARE))

    @property
    def hubs(self) -> int:
        """Remote hubs outside the city."""
        return round(self.sites / REMOTE_SHARE)

    @property
    def edges(self) -> int:
        """Edge nodes."""
        return self.sites - self.cores - self.hubs

    @property
    def districts(self) -> int:
        """Districts that demand comes from."""
        return min(MOST_DISTRICTS, max(2, round(self.sites * 0.4)))


FEWEST_SITES = 3

SIZES: Mapping[str, Size] = {
    "tiny": Size(
        sites=4,
        workloads=6,
        years=2,
        pools=3,
        products=2,
        targets=4,
        scale=0.03,
        alike=0.3,
        indivisible=0.3,
        nearest=3,
    ),
    "small": Size(
        sites=10,
        workloads=40,
        years=3,
        pools=5,
        products=5,
        targets=12,
        scale=0.5,
        alike=0.2,
        indivisible=0.3,
        nearest=5,
    ),
    "city": Size(
        sites=30,
        workloads=200,
        years=4,
        pools=8,
        products=9,
        targets=99,
        scale=1.0,
        alike=0.2,
        indivisible=0.3,
        nearest=12,
    ),
    "region": Size(
        sites=100,
        workloads=3000,
        years=5,
        pools=8,
        products=9,
        targets=99,
        scale=1.0,
        alike=0.6,
        indivisible=0.08,
        nearest=10,
    ),
}
