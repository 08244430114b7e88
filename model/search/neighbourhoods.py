"""What a step of improvement frees: the decisions of a few sites, of one year, or of a pool or two."""

from __future__ import annotations

import numpy as np

from ..arrays.matrix import Flags, Matrix, Vector
from .breaking import Breakable
from .columns import NOWHERE, Columns, Numbers
from .guiding import NOTHING, Guide

EVERYWHERE = "pools and halls"
"""A kind of step: a pool or two (in the first round, also a year of all pools), with the halls and the grid of all
sites; the other kinds have those of a few."""

OTHERS_TOO = 0.5
"""A step of pools or a year tries what is worth a try and, with this probability, the other columns as well, but for
the first round: few of them are in good plans, but without those few there are plans that no step gets away from."""

TRIED = 20_000
"""A step tries about so many columns at most: of the others as many as there is room for, at random."""

URGENT = 1e3
"""How much likelier a site is chosen that has to do with something broken."""


class Neighbourhoods:
    """Draws the columns of a step.

    Sites that cost much more or less than in the guide come first, so that what stands in the wrong place can move. If
    rows may be broken, so does what has to do with broken ones.
    """

    def __init__(
        self, columns: Columns, matrix: Matrix, guide: Guide, dice: np.random.Generator, breakable: Breakable | None
    ) -> None:
        self._columns = columns if breakable is None else breakable.columns
        self.breakable, self._dice = breakable, dice
        self._worth_a_try = np.ones(len(matrix.cost), dtype=bool)
        self._worth_a_try[: len(guide.worth_a_try)] = guide.worth_a_try
        self._follows = np.asarray(matrix.families.isin(("it_mwh", "facility_mwh", "green", "green_site")))
        self._kinship = columns.shared_workloads() + 1.0
        relaxed = matrix.cost[: len(guide.point)] * guide.point
        self._relaxed_by_site, self._relaxed_by_pool = columns.cost_by_site(relaxed), columns.cost_by_pool(relaxed)

    def free(self, kind: str, size: float, x: Vector, cost: Vector) -> Flags:
        """The columns of a step from x with so many sites, and those that belong to no site."""
        columns = self._columns
        urgent = np.zeros(len(x), dtype=bool) if self.breakable is None else self.breakable.broken_by(x)
        if kind == EVERYWHERE:
            return self._tried(np.isin(columns.pool, self._one_or_two_pools()), x) | (columns.pool < 0)
        sites = columns.at(self._choose(size, urgent, cost * x))
        around = sites & (columns.pool < 0) | self._follows
        if kind == "pool":
            free = self._tried(columns.pool == self._one_of(columns.pool, urgent), x) | around
        elif kind == "year":
            free = self._tried(columns.year == self._one_of(columns.year, urgent), x) | around
        else:
            free = sites
        free = free | (columns.site < 0)
        return free if self.breakable is None else self.breakable.reach(free)

    def first_round(self, x: Vector, cost: Vector) -> list[tuple[int, int]]:
        """All pools that have columns, first the one that costs most more or less in x than in the guide; all years.

        Each as a pool and a year, one of them `NOWHERE`.
        """
        columns = self._columns
        apart = np.abs(columns.cost_by_pool(cost * x) - self._relaxed_by_pool)
        pools = [int(pool) for pool in np.argsort(-apart, kind="stable") if (columns.pool == pool).any()]
        years = range(int(columns.year.max(initial=NOWHERE)) + 1)
        return [*((pool, NOWHERE) for pool in pools), *((NOWHERE, year) for year in years)]

    def everywhere(self, pool: int, year: int, x: Vector) -> Flags:
        """What of this pool, or of this year, is in use or worth a try, with the halls and the grid of all sites."""
        columns = self._columns
        chosen = columns.pool == pool if pool != NOWHERE else columns.year == year
        return np.asarray(chosen & self._likely(x) | (columns.pool < 0))

    def _likely(self, x: Vector) -> Flags:
        return self._worth_a_try | (x > NOTHING)

    def _tried(self, columns: Flags, x: Vector) -> Flags:
        """Of these columns, what is in use or worth a try; sometimes others as well."""
        tried = columns & self._likely(x)
        if self._dice.random() < OTHERS_TOO:
            others = columns & ~tried
            room = TRIED - np.count_nonzero(tried)
            tried |= others & (self._dice.random(len(others)) * np.count_nonzero(others) < room)
        return tried

    def _one_of(self, numbers: Numbers, urgent: Flags) -> int:
        """A pool or year; one that has to do with something broken, if there is any."""
        known = np.unique(numbers[urgent & (numbers >= 0)])
        return int(self._dice.choice(known if known.size else int(numbers.max(initial=0)) + 1))

    def _one_or_two_pools(self) -> list[int]:
        """Pools at random; two may be the same one."""
        pools = int(self._columns.pool.max(initial=0)) + 1
        return [int(self._dice.choice(pools)) for _ in range(self._dice.integers(1, 3))]

    def _choose(self, size: float, urgent: Flags, spent: Vector) -> Numbers:
        """A site that differs from the guide or is urgent, and others that may run the same workloads."""
        sites = self._columns.sites
        apart = np.abs(self._columns.cost_by_site(spent) - self._relaxed_by_site)
        weights = 1.0 + 2.0 * sites * apart / max(apart.sum(), NOTHING)
        hurt = np.isin(np.arange(sites), self._columns.site[urgent])
        if hurt.any():
            weights = np.where(hurt, weights, weights / URGENT)
        first = int(self._dice.choice(sites, p=weights / weights.sum()))
        count = min(int(size + self._dice.random()), sites)
        if count == 1:
            return np.array([first])
        near = self._kinship[first] * weights
        near[first] = 0.0
        others = self._dice.choice(sites, size=count - 1, replace=False, p=near / near.sum())
        return np.concatenate([[first], others])
