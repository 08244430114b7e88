"""Improving a plan: solve again a few sites at a time, all else held."""

from __future__ import annotations

import time

import numpy as np

from .branching import branch_and_bound
from .columns import Numbers
from .matrix import Flags, Matrix, Vector
from .restriction import only
from .search import Search

STEP_SECONDS = 2.0
STEP_GAP = 2e-4
LEAST_GAIN = 1e-7
"""A plan counts as better if it is cheaper by this share."""

EASIER, HARDER = 1.15, 0.85
"""How the number of sites grows after a step that was solved in vain, and shrinks after one that was not solved."""

LEAST_RATE = 1e-4
MEMORY = 0.9
"""Each kind of step is taken as often as its gain a second, remembered over about ten steps, deserves."""

CHOICES = ("buy", "place", "standby")
"""Decisions with many alternatives, of which a good plan uses few."""

NOTHING = 1e-6


class Improvement:
    """A point under improvement, its cost, and how many sites to free at a time."""

    def __init__(self, state: Search, matrix: Matrix, worth_a_try: Flags, guide: Vector, x: Vector) -> None:
        """Start from x, a point of the matrix.

        `guide` is a point of the relaxation: sites that cost much more or less in the plan than there come first, so
        that what stands in the wrong place can move. When a whole pool is freed, only columns `worth_a_try` and those
        in use are.
        """
        self.x, self.cost = x, matrix.objective(x)
        self._state, self._matrix, self._columns = state, matrix, state.columns
        self._worth_a_try = worth_a_try
        self._sites = {"sites": 1.0, "pool": 4.0}
        self._gain = {"sites": 1.0, "pool": 1.0}
        self._dice = np.random.default_rng(0)
        self._kinship = state.columns.shared_workloads() + 1.0
        self._relaxed_cost = self._cost_by_site(guide)

    def step(self) -> bool:
        """Solve the problem of a few sites, or of one pool with the halls of some sites.

        More sites next time if it was easy and in vain, fewer if too hard. Returns whether the point got better.
        """
        total = sum(self._gain.values())
        kind = "sites" if self._dice.random() * total < self._gain["sites"] else "pool"
        free, begun = self._free(kind), time.monotonic()
        answer = branch_and_bound(
            only(self._matrix, free, self.x),
            seconds=min(STEP_SECONDS, self._state.remaining()),
            gap=STEP_GAP,
            stopped=self._state.stopped,
            start=self.x[free],
        )
        better = answer.point is not None and answer.cost < self.cost - LEAST_GAIN * abs(self.cost)
        gain = (self.cost - answer.cost) / abs(self.cost) if better else 0.0
        rate = LEAST_RATE + gain / max(time.monotonic() - begun, 0.1)
        self._gain[kind] = (1.0 - MEMORY) * rate + MEMORY * self._gain[kind]
        if not answer.finished:
            self._sites[kind] = max(1.0, self._sites[kind] * HARDER)
        elif not better:
            self._sites[kind] = min(self._sites[kind] * EASIER, float(self._columns.sites))
        if better and answer.point is not None:
            self.x = self.x.copy()
            self.x[free] = answer.point
            self.cost = self._matrix.objective(self.x)
        return better

    def replace(self, x: Vector, cost: float) -> None:
        """Go on from another point."""
        self.x, self.cost = x, cost

    def _free(self, kind: str) -> Flags:
        """The columns of a step: all of a few sites, or a pool's at all sites and the halls and grid of a few."""
        columns = self._columns
        inside = columns.at(self._choose(self._sites[kind]))
        if kind == "pool":
            pool = self._dice.integers(columns.pool.max(initial=0) + 1)
            of_pool = (columns.pool == pool) & (self._worth_a_try | (self.x > NOTHING))
            inside = of_pool | (inside & (columns.pool < 0))
            inside |= np.isin(self._matrix.families, ("it_mwh", "facility_mwh", "green"))
        return (columns.site < 0) | inside

    def _choose(self, size: float) -> Numbers:
        """A site that differs from the guide, and others that may run the same workloads."""
        sites = self._columns.sites
        apart = np.abs(self._cost_by_site(self.x) - self._relaxed_cost)
        weights = 1.0 + 2.0 * sites * apart / max(apart.sum(), NOTHING)
        first = int(self._dice.choice(sites, p=weights / weights.sum()))
        count = min(int(size + self._dice.random()), sites)
        if count == 1:
            return np.array([first])
        near = self._kinship[first] * weights
        near[first] = 0.0
        others = self._dice.choice(sites, size=count - 1, replace=False, p=near / near.sum())
        return np.concatenate([[first], others])

    def _cost_by_site(self, x: Vector) -> Vector:
        here = self._columns.site >= 0
        spent = self._matrix.cost[here] * x[here]
        return np.asarray(
            np.bincount(self._columns.site[here], weights=spent, minlength=self._columns.sites), dtype=float
        )
