"""The first plan: whole where it matters most first, while all that follows stays fractional.

The relaxation says which sites open. Whole workloads are placed and scarce hardware is shared out next, then all else
is made whole part by part: what is still fractional takes what the decided leave. Where a row that ties sites
together can't be kept, it is broken at a high price, and steps of improvement mend it at the end.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from ..arrays.matrix import Flags, Matrix, Vector
from .breaking import SHARED, Breakable, breakable
from .guiding import NOTHING, Guide
from .improvement import Improvement
from .parts import decide, part_by_part, with_room
from .relaxations import scarce, weighty
from .restriction import held
from .state import Search

WHOLE_SHARE = 0.05
"""Share of the time for placing workloads that must not be divided and for sharing out what is scarce ..."""

WHOLE_PATIENCE = 3.0
"""... and this many times that while there is no good point ..."""

WHOLE_GOOD = 6e-3
"""A point this near to its bound is good ..."""

WHOLE_GAP = 3e-3
"""... and one this near is enough at once: improvement moves such workloads as well."""

MEND_SHARE = 0.4
"""Share of the time for mending."""

NEAR = 0.03
"""A plan this near to the bound, found elsewhere meanwhile or given to start from, makes a draft needless."""

DEARER = 1.1
"""What is still broken after a step in vain costs this many times more from then on."""


def draft(state: Search, matrix: Matrix, guide: Guide) -> Vector | None:
    """A plan near the guide; None where none was found in time."""
    state.begin("placing whole workloads")
    choice = held(matrix, ~guide.first_choice, matrix.lower)
    fixed = held(choice, matrix.integer & np.asarray(matrix.families == "open"), guide.point)
    placements = np.asarray(matrix.families.isin(("place", "standby", "green_site")))
    whole = matrix.integer & (placements | scarce(matrix, guide.row_prices))
    roomy = fixed if state.hasty else with_room(fixed, np.ones_like(whole))
    placed = _place_whole(state, roomy, whole, guide.point)
    if placed is None:
        placed = _place_whole(state, fixed, whole, guide.point)
    if placed is None:
        return None
    first, every = held(choice, whole, placed), held(matrix, whole, placed)
    loose = breakable(first, state.columns, guide.row_prices)
    x = part_by_part(state, loose, placed, every.upper, weighty(matrix, state.bound))
    return None if x is None else _mend(state, breakable(matrix, state.columns, guide.row_prices), x, guide)


def _place_whole(state: Search, matrix: Matrix, whole: Flags, point: Vector) -> Vector | None:
    """Place what must not be divided (first only where the relaxation has some of it), and buy what is scarce."""
    if not whole.any():
        return point
    unused = whole & (point <= NOTHING) & np.asarray(matrix.families.isin(("place", "standby")))
    for choice in (held(matrix, unused, matrix.lower), matrix):
        x = decide(state, choice, whole, WHOLE_SHARE, WHOLE_PATIENCE, WHOLE_GAP, WHOLE_GOOD)
        if x is not None:
            return x
    return None


def _mend(state: Search, loose: Breakable, x: Vector, guide: Guide) -> Vector | None:
    """Mend what is broken by steps of improvement around it, dearer each time."""
    state.begin("mending the draft")
    bounded = loose.matrix.with_bounds(loose.matrix.lower, loose.loosened(SHARED, x))
    loose = replace(loose, matrix=bounded)
    work = Improvement(state, loose.matrix, guide, x, breakable=loose)
    give_up = time.monotonic() + MEND_SHARE * state.seconds
    while not state.stopped() and state.relative_gap() > NEAR and time.monotonic() < give_up:
        if loose.is_whole(work.x):
            break
        if not work.step():
            loose = loose.dearer(work.x, DEARER)
            work.reprice(loose)
    return work.x[: loose.plain] if loose.is_whole(work.x) else None
