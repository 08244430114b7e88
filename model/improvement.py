"""Improving a plan: solve again a few sites at a time, all else held."""

from __future__ import annotations

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

CHOICES = ("buy", "place", "standby")
"""Decisions with many alternatives, of which a good plan uses few."""

NOTHING = 1e-6


class Improvement:
    """A point under improvement, its cost, and how many sites to free at a time."""

    def __init__(self, state: Search, matrix: Matrix, worth_a_try: Flags, guide: Vector, x: Vector) -> None:
        """Start from x, a point of the matrix.

        Only columns `worth_a_try` and those in use are freed. `guide` is a point of the relaxation: sites that cost
        much more in the plan than there are looked at first.
        """
        self.x, self.cost = x, matrix.objective(x)
        self._state, self._matrix = state, matrix
        self._site = state.columns.site
        self._worth_a_try = worth_a_try
        self._sites = state.columns.sites
        self._size = 1.0
        self._dice = np.random.default_rng(0)
        self._kinship = state.columns.shared_workloads() + 1.0
        self._relaxed_cost = self._cost_by_site(guide)

    def step(self) -> bool:
        """Solve the problem of a few sites; more next time if it was easy and in vain, fewer if too hard.

        Returns whether the point got better.
        """
        inside = np.isin(self._site, self._choose())
        free = (self._site < 0) | (inside & (self._worth_a_try | (self.x > NOTHING)))
        answer = branch_and_bound(
            only(self._matrix, free, self.x),
            seconds=min(STEP_SECONDS, self._state.remaining()),
            gap=STEP_GAP,
            stopped=self._state.stopped,
            start=self.x[free],
        )
        if not answer.finished:
            self._size = max(1.0, self._size * HARDER)
        if answer.point is not None and answer.cost < self.cost - LEAST_GAIN * abs(self.cost):
            self.x = self.x.copy()
            self.x[free] = answer.point
            self.cost = self._matrix.objective(self.x)
            return True
        if answer.finished:
            self._size = min(self._size * EASIER, self._sites)
        return False

    def replace(self, x: Vector, cost: float) -> None:
        """Go on from another point."""
        self.x, self.cost = x, cost

    def _choose(self) -> Numbers:
        excess = np.maximum(self._cost_by_site(self.x) - self._relaxed_cost, 0.0)
        weights = 1.0 + 2.0 * self._sites * excess / max(excess.sum(), NOTHING)
        first = int(self._dice.choice(self._sites, p=weights / weights.sum()))
        count = min(int(self._size + self._dice.random()), self._sites)
        if count == 1:
            return np.array([first])
        near = self._kinship[first] * weights
        near[first] = 0.0
        others = self._dice.choice(self._sites, size=count - 1, replace=False, p=near / near.sum())
        return np.concatenate([[first], others])

    def _cost_by_site(self, x: Vector) -> Vector:
        here = self._site >= 0
        spent = self._matrix.cost[here] * x[here]
        return np.asarray(np.bincount(self._site[here], weights=spent, minlength=self._sites), dtype=float)
