"""What each column of the matrix is about: its site, workload, pool and year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..arrays.matrix import Flags, Matrix
from ..arrays.members import Members
from ..lookup import Lookup

Numbers = npt.NDArray[np.int64]
NOWHERE = -1


@dataclass(frozen=True)
class Columns:
    """Site, workload, pool and year number of each column (-1: none), and the number of each site id."""

    site: Numbers
    workload: Numbers
    pool: Numbers
    year: Numbers
    numbers: Mapping[str, int]

    @property
    def sites(self) -> int:
        """How many sites there are."""
        return len(self.numbers)

    def at(self, sites: npt.ArrayLike) -> Flags:
        """The columns of the given sites."""
        return np.isin(self.site, sites)

    def cost_by_site(self, cost: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Site by site: the sum of a cost of each column."""
        return _sums(self.site, cost, self.sites)

    def cost_by_pool(self, cost: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Pool by pool: the sum of a cost of each column."""
        return _sums(self.pool, cost, int(self.pool.max(initial=NOWHERE)) + 1)

    def pools_by_cost(self, cost: npt.NDArray[np.float64]) -> Numbers:
        """The pools, and `NOWHERE` for what is of none, by the sum of a cost of each column: the least first."""
        return np.argsort(np.bincount(self.pool - NOWHERE, weights=cost), kind="stable") + NOWHERE

    def shared_workloads(self) -> npt.NDArray[np.float64]:
        """Site by site: how many workloads may run at both."""
        may_run = np.zeros((self.sites, int(self.workload.max(initial=NOWHERE)) + 1))
        placed = (self.workload >= 0) & (self.site >= 0)
        may_run[self.site[placed], self.workload[placed]] = 1.0
        return np.asarray(may_run @ may_run.T)


def _sums(numbers: Numbers, cost: npt.NDArray[np.float64], length: int) -> npt.NDArray[np.float64]:
    known = numbers != NOWHERE
    return np.asarray(np.bincount(numbers[known], weights=cost[known], minlength=length), dtype=float)


def describe_columns(matrix: Matrix, lookup: Lookup) -> Columns:
    """Read from the members of each family what each column is about."""
    case = lookup.case
    pools = dict.fromkeys([*(k.pool for k in case.hardware), *(w.pool for w in case.workloads)])
    number_of_pool = {name: number for number, name in enumerate(pools)}
    number_of_site = {site.id: number for number, site in enumerate(case.sites)}
    pool_of_kind = {kind.id: number_of_pool[kind.pool] for kind in case.hardware}
    follows = {
        ("hardware", "pool"): [number_of_pool[kind.pool] for kind in case.hardware],
        ("workload", "pool"): [number_of_pool[workload.pool] for workload in case.workloads],
        ("fleet", "site"): [number_of_site[fleet.site] for fleet in case.fleet],
        ("fleet", "pool"): [pool_of_kind[fleet.hardware] for fleet in case.fleet],
        ("target", "year"): [case.years.index(target.year) for target in case.targets],
    }

    def numbers(members: Members, name: str) -> Numbers:
        """The number of a thing that each member is about: in its index, or that follows from what is there."""
        if name in members.names:
            return members.of(name).astype(np.int64)
        for (given, wanted), number in follows.items():
            if wanted == name and given in members.names:
                return np.array(number, dtype=np.int64)[members.of(given)]
        return np.full(len(members), NOWHERE)

    families = list(matrix.layout.columns.values())
    site, workload, pool, year = (
        np.concatenate([numbers(members, name) for members in families])
        for name in ("site", "workload", "pool", "year")
    )
    placed = site != NOWHERE
    workload = np.where(placed, workload, NOWHERE)  # what is not served at all is nowhere
    pool = np.where(placed, pool, NOWHERE)
    return Columns(site, workload, pool, year, number_of_site)
