"""What each column of the matrix is about: its site, workload, pool and year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .lookup import Lookup
from .matrix import Flags, Matrix

Numbers = npt.NDArray[np.int64]
NOWHERE = -1

SITE_POSITION = {
    "open": 0,
    "build": 0,
    "convert": 0,
    "halls": 0,
    "upgrade": 0,
    "it_mwh": 0,
    "facility_mwh": 0,
    "green": 0,
    "green_site": 0,
    "buy": 1,
    "own": 1,
    "place": 1,
    "standby": 1,
}
"""Decision -> where the site stands in its index."""


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

    def shared_workloads(self) -> npt.NDArray[np.float64]:
        """Site by site: how many workloads may run at both."""
        may_run = np.zeros((self.sites, int(self.workload.max(initial=NOWHERE)) + 1))
        placed = (self.workload >= 0) & (self.site >= 0)
        may_run[self.site[placed], self.workload[placed]] = 1.0
        return np.asarray(may_run @ may_run.T)


def describe_columns(matrix: Matrix, lookup: Lookup) -> Columns:
    """Read from the variables' indices what each column is about."""
    number_of_site = {site.id: number for number, site in enumerate(lookup.case.sites)}
    number_of_workload = {workload.id: number for number, workload in enumerate(lookup.case.workloads)}
    site = np.full(len(matrix.variables), NOWHERE)
    workload = np.full(len(matrix.variables), NOWHERE)
    pool = np.full(len(matrix.variables), NOWHERE)
    year = np.full(len(matrix.variables), NOWHERE)
    number_of_year = {planned: number for number, planned in enumerate(lookup.years)}
    year_of_target = {target.id: target.year for target in lookup.case.targets}
    pools = dict.fromkeys([*(k.pool for k in lookup.case.hardware), *(w.pool for w in lookup.case.workloads)])
    number_of_pool = {name: number for number, name in enumerate(pools)}
    for column, (family, variable) in enumerate(zip(matrix.families.tolist(), matrix.variables, strict=True)):
        key = variable.index()
        year[column] = number_of_year[year_of_target[key] if family == "miss" else key[-1]]
        if family in SITE_POSITION:
            site[column] = number_of_site[key[SITE_POSITION[family]]]
        elif family == "keep":
            site[column] = number_of_site[lookup.case.fleet[key[0]].site]
        if family in ("place", "standby"):
            workload[column] = number_of_workload[key[0]]
            pool[column] = number_of_pool[lookup.workload[key[0]].pool]
        elif family in ("buy", "own"):
            pool[column] = number_of_pool[lookup.hardware[key[0]].pool]
        elif family == "keep":
            pool[column] = number_of_pool[lookup.hardware[lookup.case.fleet[key[0]].hardware].pool]
    return Columns(site, workload, pool, year, number_of_site)
