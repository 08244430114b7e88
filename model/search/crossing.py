"""A second plan: improved apart from the best one, then crossed with it.

Steps of improvement lead to a plan that no small step makes better. Another way from the same beginning leads to
another such plan; the best of both can be better than either, and the problem of where they differ is small.
"""

from __future__ import annotations

import time

import numpy as np

from ..arrays.matrix import Matrix, Vector
from .branching import branch_and_bound
from .columns import NOWHERE
from .guiding import NOTHING, Guide
from .improvement import LEAST_GAIN, Improvement
from .restriction import only
from .state import Search

APART_SECONDS = 6.0
"""The second plan is improved for so long before it is crossed ..."""

CROSSING_SECONDS = 4.0
"""... and crossing takes no longer than that."""

CROSSING_GAP = 2e-4


class SecondPlan:
    """A plan that goes another way than the best one."""

    def __init__(self, state: Search, matrix: Matrix, guide: Guide, x: Vector) -> None:
        """Begin at x, from where the best plan has been or will be improved."""
        self._state, self._matrix, self._guide, self._beginning = state, matrix, guide, x
        self._ways, self._apart = 0, 0.0
        self._set_out()

    def step(self) -> None:
        """Improve the second plan, or cross it with the best; where that was in vain, begin on another way."""
        state, begun = self._state, time.monotonic()
        if self._apart < APART_SECONDS:
            self.work.step()
            state.offer(self.work.x, self.work.cost, f"second plan ({self.work.kind})")
            self._apart += time.monotonic() - begun
            return
        self._apart, best, cost = 0.0, state.best, state.best_cost
        crossed = None if best is None else cross(state, self._matrix, best, self.work.x)
        if crossed is not None:
            state.offer(crossed, self._matrix.objective(crossed), "two plans crossed")
        if state.best_cost >= cost - LEAST_GAIN * abs(cost):
            self._set_out()

    def _set_out(self) -> None:
        self._ways += 1
        self.work = Improvement(self._state, self._matrix, self._guide, self._beginning, seed=self._ways)


def cross(state: Search, matrix: Matrix, x: Vector, y: Vector) -> Vector | None:
    """The best of all plans that are what x and y are where the two agree; None where there was no time for any."""
    free = (np.abs(x - y) > NOTHING) | (state.columns.site == NOWHERE)
    better = min(x, y, key=matrix.objective)
    answer = branch_and_bound(
        only(matrix, free, better),
        seconds=min(CROSSING_SECONDS, state.remaining()),
        gap=CROSSING_GAP,
        stopped=state.stopped,
        start=better[free],
    )
    if answer.point is None:
        return None
    crossed = better.copy()
    crossed[free] = answer.point
    return crossed
