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
from .breaking import Breakable, breakable
from .columns import Columns
from .deciding import decide
from .guiding import NOTHING, Guide
from .improvement import Improvement
from .parts import part_by_part, with_room
from .relaxations import scarce, weighty
from .restriction import held
from .state import Search

PLACEMENTS = ("place", "standby")

WHOLE_SHARE = 0.05
"""Share of the time for placing workloads that must not be divided, and as much for sharing out what is scarce ..."""

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
    whole = matrix.integer & np.asarray(matrix.families.isin((*PLACEMENTS, "green_site")))
    lots = matrix.integer & scarce(matrix, guide.row_prices)
    placed = None
    if not state.hasty:
        placed = _place_and_share(state, with_room(fixed, matrix.integer), whole, lots, guide.point)
    if placed is None:
        placed = _place_and_share(state, fixed, whole, lots, guide.point)
    if placed is None:
        return None
    first, every = held(choice, whole | lots, placed), held(matrix, whole | lots, placed)
    loose = breakable(first, state.columns, guide.row_prices)
    x = part_by_part(state, loose, placed, every.upper, weighty(matrix, state.bound))
    return None if x is None else _mend(state, breakable(matrix, state.columns, guide.row_prices), x, guide)


def _place_and_share(state: Search, matrix: Matrix, whole: Flags, lots: Flags, point: Vector) -> Vector | None:
    """Place what must not be divided (first only where the relaxation has some of it), then share out scarce lots.

    Halls where plots are full become whole with these lots, for as fractions they have room for more of them. But they
    are not held: what else is bought there has a say in them later.
    """
    unused = whole & (point <= NOTHING) & np.asarray(matrix.families.isin(PLACEMENTS))
    for choice in (held(matrix, unused, matrix.lower), matrix):
        x = _made_whole(state, choice, whole, point)
        if x is not None:
            state.begin("sharing out what is scarce")
            return _made_whole(state, held(matrix, whole, x), lots | _crowded_halls(matrix, state.columns, point), x)
    return None


def _made_whole(state: Search, matrix: Matrix, whole: Flags, point: Vector) -> Vector | None:
    """A point with these columns whole; the one given where there are none."""
    if not whole.any():
        return point
    return decide(state, matrix, whole, WHOLE_SHARE, WHOLE_PATIENCE, WHOLE_GAP, WHOLE_GOOD)


def _crowded_halls(matrix: Matrix, columns: Columns, point: Vector) -> Flags:
    """What is built at sites where nothing is left of a plot that fractions of halls take up."""
    a = np.abs(matrix.coefficients)
    fractions = np.asarray(matrix.families == "halls") & (np.abs(point - np.round(point)) > NOTHING)
    left = matrix.row_upper - matrix.coefficients @ point
    full = np.asarray(matrix.row_families == "plot") & (left <= NOTHING) & (a @ fractions > 0)
    built = np.asarray(matrix.families.isin(("build", "convert")))
    return matrix.integer & built & columns.at(columns.site[fractions & (a.T @ full > 0)])


def _mend(state: Search, loose: Breakable, x: Vector, guide: Guide) -> Vector | None:
    """Mend what is broken, and break nothing else, by steps of improvement around it, dearer each time.

    With other rows to be broken, a step would mend one by breaking another that takes more than a step to mend: how
    many sites are green, say.
    """
    state.begin("mending the draft")
    bounded = loose.matrix.with_bounds(loose.matrix.lower, loose.loosened(broken=x))
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
