"""Redrafting: leaving a plan that hardly gets cheaper, its weighty decisions first and all others anew."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from ..arrays.matrix import Flags, Matrix, Vector
from .guiding import Guide
from .improvement import Improvement
from .parts import decide
from .relaxations import relaxations, weighty
from .restriction import freed, held
from .state import Search

SLOW, SLOW_SHARE = 3e-4, 0.1
"""A plan is redrafted where steps gain less than so much of its cost in this share of the time ..."""

LATER = 2.0
"""... and, while that gains no more, not again before so many times as long."""

COARSE_SHARE = 0.075
"""Share of the time for the weighty decisions ..."""

LEFT, REST = 4.0, 2.0
"""... where so many times that is left, for a redraft has to be improved; the rest is given up after so many times."""

WORTH_IT = 5e-4
"""If weighty decisions get cheaper by less than this share, making the others whole costs more than that ..."""

HOPELESS = 0.01
"""... and if the others make it dearer than the plan by more than this share, no improvement will make up for that."""

ALIKE = 0.02
"""A whole number that has changed by less as a fraction stays as it was, if it can."""

POOL_SHARE, POOL_PATIENCE = 0.0125, 3.0
"""Share of the time for a pool, and this many times that while there is no good point ..."""

POOL_GAP, POOL_GOOD = 2e-4, 1e-3
"""... which is one as near to its bound as the latter; one as near as the former is enough at once."""

MISSED = 1e-5
"""A point that misses a row by more is none: rows without a free column are not solved for."""


class Redrafting:
    """Redrafts plans of one matrix.

    Weighty decisions are sites, grid steps, halls, large workloads, and lots that are scarce or very dear; every other
    time, from the first on, lots that are just dear as well. All else is fractional while they are improved, so what
    takes many small changes at once for a plan is one step there: the more is fractional the more steps there are, and
    the less of what they gain is left in the end.
    """

    def __init__(self, state: Search, matrix: Matrix, guide: Guide) -> None:
        self._state, self._matrix, self._guide = state, matrix, guide
        spent = float(np.abs(matrix.cost) @ np.abs(guide.point))
        sets = relaxations(matrix, state.columns, guide.point, guide.row_prices)
        most = [each | weighty(matrix, spent) for each in sets[-1:]]
        self._choices = [whole for whole in (*most, *sets[-1:]) if (matrix.integer & ~whole).any()]
        self._halls_and_grid = matrix.integer & np.asarray(matrix.families.isin(("build", "convert", "upgrade")))
        self._tries, self._wait, self._since = 0, 1.0, time.monotonic()
        self._cost_then = self._cost_redrafted = np.inf

    def redrafted(self, x: Vector, cost: float) -> Vector | None:
        """A plan with better weighty decisions than x, where that, the cheapest so far, hardly gets cheaper.

        It is not improved yet, and mostly dearer. None where x does get cheaper, where there is no such plan to be had,
        or no time to improve it.
        """
        now, slow = time.monotonic(), self._cost_then - cost < SLOW * abs(cost)
        wait = self._wait * (LATER if self._cost_redrafted - cost < SLOW * abs(cost) else 1.0)
        if now - self._since < wait * self._state.seconds_on_the_way(SLOW_SHARE):
            return None
        self._since, self._cost_then = now, cost
        seconds = self._state.seconds_on_the_way(COARSE_SHARE)
        if not (slow and self._choices) or LEFT * seconds > self._state.remaining():
            return None
        self._wait, self._cost_redrafted = wait, cost
        whole = self._choices[self._tries % len(self._choices)]
        self._tries += 1
        coarse = self._coarse(x, whole, seconds)
        plan = None if coarse is None else self._made_whole(coarse, whole, x, REST * seconds)
        self._since = time.monotonic()
        return plan

    def _coarse(self, x: Vector, whole: Flags, seconds: float) -> Vector | None:
        """A point with better weighty decisions than x, which are whole; None if there is none."""
        begun, matrix = time.monotonic(), self._matrix.with_integer(whole)
        point = self._decided(held(matrix, whole, x), np.zeros_like(whole))
        if point is None:
            return None
        work = Improvement(self._state, matrix, self._guide, point, seed=self._tries)
        at_first = work.cost
        while time.monotonic() - begun < seconds and not self._state.stopped():
            work.step()
        return work.cheapest if at_first - work.least_cost > WORTH_IT * abs(at_first) else None

    def _made_whole(self, x: Vector, whole: Flags, before: Vector, seconds: float) -> Vector | None:
        """The point with all else whole, pool by pool, the dearest last: it can take what others leave.

        None if that is hopeless, or not done in these seconds.
        """
        matrix, pools, begun = self._matrix, self._state.columns.pool, time.monotonic()
        rest, cost = matrix.integer & ~whole, matrix.objective(before)
        spent = np.bincount(pools + 1, weights=np.abs(matrix.cost * x))
        fixed = held(matrix, whole, x)
        for part in (rest & (pools == pool) for pool in np.argsort(spent, kind="stable") - 1):
            if not part.any():
                continue
            for tried, now in self._attempts(fixed, part, x, before):
                found = self._decided(tried, now)
                if found is not None and tried.with_integer(now).violation(found) <= MISSED:
                    x, fixed = found, held(fixed, now, found)
                    break
            else:
                return None
            if matrix.objective(x) > cost + HOPELESS * abs(cost) or time.monotonic() - begun > seconds:
                return None
        return x

    def _attempts(self, fixed: Matrix, part: Flags, x: Vector, before: Vector) -> Iterator[tuple[Matrix, Flags]]:
        """What is tried for a part: what has not changed held as it was; all of it free; halls and the grid as well."""
        alike = part & (np.abs(x - before) < ALIKE)
        yield held(fixed, alike, before), part
        yield fixed, part
        yield freed(fixed, self._halls_and_grid, self._matrix), part | self._halls_and_grid

    def _decided(self, matrix: Matrix, whole: Flags) -> Vector | None:
        return decide(self._state, matrix, whole, POOL_SHARE, POOL_PATIENCE, POOL_GAP, POOL_GOOD)
