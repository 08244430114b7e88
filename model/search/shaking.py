"""Shaking: leaving a plan that no step makes cheaper."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..arrays.matrix import Flags, Matrix, Vector
from .branching import SIMPLEX_COLUMNS, branch_and_bound
from .restriction import around, only
from .state import Search

SHAKE = 0.1
"""Whole numbers cost up to this share more or less than they do."""

SHAKE_SECONDS = 1.5
"""The problem at these costs has so long."""

SHAKE_GAP = 2e-4
"""It is solved to this gap."""


def shaken(state: Search, matrix: Matrix, x: Vector, free: Flags, dice: np.random.Generator) -> Vector:
    """A point near x that is good at slightly wrong costs, mostly a little dearer than x; x if none was found.

    Some of what it has instead of what x had costs almost the same: from there steps may lead to where x has no step.
    """
    part = only(matrix, free, x)
    wrong = np.where(part.integer, 1.0 + SHAKE * dice.uniform(-1.0, 1.0, len(part.cost)), 1.0)
    answer = branch_and_bound(
        around(replace(part, cost=wrong * part.cost), x[free]),
        seconds=min(SHAKE_SECONDS, state.remaining()),
        gap=SHAKE_GAP,
        stopped=state.stopped,
        start=x[free],
        simplex=bool(free.sum() <= SIMPLEX_COLUMNS),
    )
    if answer.point is None:
        return x
    changed = x.copy()
    changed[free] = answer.point
    return changed
