"""Making a draft whole batch by batch of sites, from the cheapest to the dearest, while the rest stays fractional."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from ..arrays.matrix import Flags, Matrix, Vector
from .branching import branch_and_bound
from .breaking import BREAK, LOCAL, SHARED, Breakable
from .columns import Columns, Numbers
from .guiding import NOTHING, SIMPLEX_COLUMNS
from .restriction import held, only
from .state import Search

DRAFT_GAP = 1e-3
"""Improvement follows: the steps of a draft need not be better than that."""

BATCH_SHARE = 0.03
"""Share of the time for one batch of sites ..."""

PATIENCE = 4.0
"""... and this many times that while there is no good point. If there is none at all, rows may be broken."""

GOOD = 3e-3
"""A point this near to its bound is good. First points are often 1 to 5% away; improvement hardly makes up for it."""

ROOM = 0.03
"""Servers that are still fractional take so much more of racks and power, for whole ones will."""

BATCH_INTEGERS = 120
"""A batch has about so many whole numbers ..."""

BATCH_COST = 0.03
"""... or costs no more than this share of the plan: whatever is found for it then is good enough."""

DRAFT_SHARE = 0.85
"""Batches grow when it looks as if the last would be decided after more than this share of the time."""

EFFORT = 0.3
"""The solver's heuristics get more of the time than by default: a point is wanted, no proof."""


def site_by_site(state: Search, loose: Breakable, placed: Vector, upper: Vector) -> Vector | None:
    """Make the decisions of each batch of sites whole, and hold them; `upper` are the bounds with all columns."""
    matrix = loose.matrix
    x = loose.extended(placed)
    opened = matrix.integer & np.asarray(matrix.families == "open")
    begin = fixed = held(matrix.with_bounds(matrix.lower, loose.loosened()), opened, x)
    every = begin.with_bounds(
        begin.lower, np.where(opened, begin.upper, np.concatenate([upper, begin.upper[loose.plain :]]))
    )
    batches = list(_batches(loose, fixed, x))
    started, number, before = time.monotonic(), 0, np.zeros_like(opened)
    in_time = state.started + DRAFT_SHARE * state.seconds
    while number < len(batches):
        if number > 0:
            each = (time.monotonic() - started) / number
            batches[number:] = _merged(batches[number:], (in_time - time.monotonic()) / each)
        state.begin(f"drafting site by site, {number + 1} of {len(batches)}")
        for kept, whole, tried in _attempts(
            loose, (begin, every), (fixed, x), batches[number:], before, room=not state.hasty
        ):
            found = decide(state, tried, whole, BATCH_SHARE, PATIENCE, DRAFT_GAP)
            if found is not None:
                x, before, number = found, whole, number + 1
                fixed = held(_broken_by(loose, kept, x), whole, x)
                break
        else:
            return None
    return x


def _attempts(
    loose: Breakable,
    ends: tuple[Matrix, Matrix],
    now: tuple[Matrix, Vector],
    batches: list[Numbers],
    before: Flags,
    *,
    room: bool,
) -> Iterator[tuple[Matrix, Flags, Matrix]]:
    """What is tried for the first of the batches: the problem with what is held, what becomes whole, what is solved.

    First the batch alone, if `room`, with room left at the sites to come; then without. Then with every column at
    the sites not yet decided, not only those of the first choice; then with rows between sites to be broken; then
    together with the batch before it, which may have taken what is wanting; at last alone, with rows of single
    sites to be broken.
    `ends` are the problems with nothing decided: of the first choice, and with every column.
    """
    (begin, every), (fixed, x) = ends, now
    here = begin.integer & loose.columns.at(batches[0])
    if room and len(batches) > 1:
        yield fixed, here, with_room(fixed, loose.columns, np.concatenate(batches[1:]))
    yield fixed, here, fixed
    left_out = loose.columns.at(np.concatenate(batches)) & (every.upper > fixed.upper)
    if left_out.any():
        fixed = fixed.with_bounds(fixed.lower, np.where(left_out, every.upper, fixed.upper))
        yield fixed, here, fixed
    fixed = _to_be_broken(loose, fixed, SHARED, x)
    yield fixed, here, fixed
    if before.any():
        anew = fixed.with_bounds(np.where(before, begin.lower, fixed.lower), np.where(before, begin.upper, fixed.upper))
        yield anew, here | before, anew
    fixed = _to_be_broken(loose, fixed, SHARED + LOCAL, x)
    yield fixed, here, fixed


def _to_be_broken(loose: Breakable, matrix: Matrix, families: tuple[str, ...], x: Vector) -> Matrix:
    """Rows of these families may be broken from here on, and those that are broken in x."""
    breaks = np.asarray(matrix.families == BREAK)
    return matrix.with_bounds(matrix.lower, np.where(breaks, loose.loosened(families, x), matrix.upper))


def _broken_by(loose: Breakable, matrix: Matrix, x: Vector) -> Matrix:
    """Rows of single sites stay to be broken only where they are broken in x."""
    breaks = np.asarray(matrix.families == BREAK)
    upper = np.minimum(loose.loosened(SHARED, x), matrix.upper)
    return matrix.with_bounds(matrix.lower, np.where(breaks, upper, matrix.upper))


def with_room(matrix: Matrix, columns: Columns, sites: npt.ArrayLike) -> Matrix:
    """The same with servers at these sites that take more of racks and power than they do, for they are fractional."""
    a = matrix.coefficients.copy()
    servers = columns.at(sites) & np.asarray(matrix.families == "own")
    room = np.asarray(matrix.row_families.isin(("racks", "hall_power", "site_power")))
    a.data = np.where(room[a.indices] & np.repeat(servers, np.diff(a.indptr)), (1 + ROOM) * a.data, a.data)
    return replace(matrix, coefficients=a)


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


def decide(state: Search, matrix: Matrix, whole: Flags, share: float, patience: float, gap: float) -> Vector | None:
    """Solve with these columns whole and the rest fractional; the point found is one of the whole matrix."""
    if state.stopped():
        return None
    free = matrix.lower < matrix.upper
    answer = branch_and_bound(
        only(matrix.with_integer(whole), free, matrix.lower),
        seconds=min(share * state.seconds, state.remaining()),
        patience=patience,
        good=np.inf if state.hasty else GOOD,
        gap=gap,
        stopped=state.stopped,
        effort=EFFORT,
        simplex=len(matrix.cost) <= SIMPLEX_COLUMNS,
    )
    if answer.point is None:
        return None
    x = matrix.lower.copy()
    x[free] = answer.point
    return x
