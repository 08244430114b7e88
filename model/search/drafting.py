"""The first plan: whole where it matters most first, while all that follows stays fractional.

The relaxation says which sites open. Whole workloads are placed and scarce hardware is shared out next, then all else
is made whole batch by batch of sites: what is still fractional takes what the decided leave. Where a row that ties
sites together can't be kept, it is broken at a high price, and steps of improvement mend it at the end.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ..arrays.matrix import Flags, Matrix, Vector
from .branching import branch_and_bound
from .breaking import BREAK, LOCAL, SHARED, Breakable, breakable
from .columns import Numbers
from .guiding import NOTHING, Guide
from .improvement import Improvement
from .restriction import held, only
from .state import Search

DRAFT_GAP = 1e-3
"""Improvement follows: the steps of a draft need not be better than that."""

WHOLE_SHARE = 0.07
"""Share of the time for placing workloads that must not be divided and for sharing out what is scarce."""

BATCH_SHARE = 0.03
"""Share of the time for one batch of sites, where it has an answer by then ..."""

PATIENCE = 1.5
"""... and this many times that until it has. Then rows may be broken, and it is tried for ..."""

LAST_PATIENCE = 4.0
"""... this many times that."""

BATCH_INTEGERS = 120
"""A batch has about so many whole numbers ..."""

BATCH_COST = 0.03
"""... or costs no more than this share of the plan: whatever is found for it then is good enough."""

DRAFT_SHARE = 0.85
"""Batches grow when it looks as if the last would be decided after more than this share of the time."""

EFFORT = 0.3
"""The solver's heuristics get more of the time than by default: a point is wanted, no proof."""

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
    whole = matrix.integer & (placements | _scarce(matrix, guide))
    placed = _place_whole(state, fixed, whole, guide.point)
    if placed is None:
        return None
    first = held(choice, whole, placed)
    x = _site_by_site(state, breakable(first, state.columns, guide.row_prices), placed)
    return None if x is None else _mend(state, breakable(matrix, state.columns, guide.row_prices), x, guide)


def _scarce(matrix: Matrix, guide: Guide) -> Flags:
    """Purchases of what the market has too little of: shared out among all sites at once, none is left short."""
    scarce = np.asarray(matrix.row_families == "supply") & (guide.row_prices != 0)
    return np.asarray((matrix.families == "buy") & (np.abs(matrix.coefficients).T @ scarce > 0))


def _place_whole(state: Search, matrix: Matrix, whole: Flags, point: Vector) -> Vector | None:
    """Place what must not be divided (first only where the relaxation has some of it), and buy what is scarce."""
    if not whole.any():
        return point
    unused = whole & (point <= NOTHING) & np.asarray(matrix.families.isin(("place", "standby")))
    for choice in (held(matrix, unused, matrix.lower), matrix):
        x = _decide(state, choice, whole, WHOLE_SHARE, LAST_PATIENCE)
        if x is not None:
            return x
    return None


def _site_by_site(state: Search, loose: Breakable, placed: Vector) -> Vector | None:
    """Make the decisions of each batch of sites whole, and hold them."""
    matrix = loose.matrix
    x = loose.extended(placed)
    opened = matrix.integer & np.asarray(matrix.families == "open")
    fixed = held(matrix.with_bounds(matrix.lower, loose.loosened()), opened, x)
    breaks = np.asarray(matrix.families == BREAK)
    batches = list(_batches(loose, fixed, x))
    begun, number = time.monotonic(), 0
    in_time = state.started + DRAFT_SHARE * state.seconds
    while number < len(batches):
        if number > 0:
            each = (time.monotonic() - begun) / number
            batches[number:] = _merged(batches[number:], (in_time - time.monotonic()) / each)
        sites = batches[number]
        number += 1
        state.begin(f"drafting site by site, {number} of {len(batches)}")
        here = matrix.integer & loose.columns.at(sites)
        found = _decide(state, fixed, here, BATCH_SHARE)
        for families in (SHARED, SHARED + LOCAL):
            if found is None and not state.stopped():
                fixed = fixed.with_bounds(fixed.lower, np.where(breaks, loose.loosened(families, x), fixed.upper))
                found = _decide(state, fixed, here, BATCH_SHARE, LAST_PATIENCE)
        if found is None:
            return None
        x = found
        only_shared = np.where(breaks, np.minimum(loose.loosened(SHARED, x), fixed.upper), fixed.upper)
        fixed = held(fixed.with_bounds(fixed.lower, only_shared), here, x)
    return x


def _merged(batches: list[Numbers], most: float) -> list[Numbers]:
    """No more batches than there is time for, but one at least."""
    count = max(1, int(most))
    if len(batches) <= count:
        return batches
    return [np.concatenate([batches[i] for i in part]) for part in np.array_split(np.arange(len(batches)), count)]


def _batches(loose: Breakable, matrix: Matrix, point: Vector) -> Iterator[Numbers]:
    """Sites from the cheapest to the dearest: the largest are the most able to take what the others leave."""
    columns = loose.columns
    free = (columns.site >= 0) & matrix.integer & (matrix.lower < matrix.upper)
    integers = np.bincount(columns.site[free], minlength=columns.sites)
    spent = columns.cost_by_site(np.abs(matrix.cost * point))
    share = spent / max(spent.sum(), NOTHING)
    batch: list[int] = []
    for site in np.argsort(spent, kind="stable").tolist():
        if integers[site] == 0:
            continue
        wider = [*batch, site]
        if batch and integers[wider].sum() > BATCH_INTEGERS and share[wider].sum() > BATCH_COST:
            yield np.array(batch)
            wider = [site]
        batch = wider
    if batch:
        yield np.array(batch)


def _decide(state: Search, matrix: Matrix, whole: Flags, share: float, patience: float = PATIENCE) -> Vector | None:
    """Solve with these columns whole and the rest fractional; the point found is one of the whole matrix."""
    free = matrix.lower < matrix.upper
    answer = branch_and_bound(
        only(matrix.with_integer(whole), free, matrix.lower),
        seconds=min(share * state.seconds, state.remaining()),
        patience=patience,
        gap=DRAFT_GAP,
        stopped=state.stopped,
        effort=EFFORT,
    )
    if answer.point is None:
        return None
    x = matrix.lower.copy()
    x[free] = answer.point
    return x


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
