"""Making a draft whole in parts, while the rest stays fractional: what is weighty site by site, then pool by pool."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ..arrays.matrix import Flags, Matrix, Vector
from .breaking import BREAK, LOCAL, SHARED, Breakable
from .columns import Columns
from .deciding import decide
from .guiding import NOTHING
from .relaxations import servers_of
from .restriction import freed, held
from .state import Search

DRAFT_GAP = 1e-3
"""Improvement follows: the steps of a draft need not be better than that."""

PART_SHARE = 0.02
"""Share of the time for one part ..."""

PATIENCE = 4.0
"""... and this many times that while there is no good point. If there is none at all, rows may be broken."""

GOOD = 3e-3
"""A point this near to its bound is good. First points are often 1 to 5% away; improvement hardly makes up for it."""

ROOM = 0.03
"""Servers that are still fractional take so much more of racks and power, for whole ones will."""

PART_INTEGERS = 120
"""A part that belongs to sites has about so many whole numbers ..."""

PART_COST = 0.03
"""... or costs no more than this share of the plan: whatever is found for it then is good enough."""

CHEAP = 0.4
"""Cheap sites, up to this share of all costs, are made whole at once; of the others, what is weighty comes first."""

DRAFT_SHARE = 0.85
"""Parts of sites grow when it looks as if the last would be decided with less than the rest of this share left.

Those of pools stay as they are: most take a tenth of a second, and together with another they may take many.
"""


def part_by_part(state: Search, loose: Breakable, placed: Vector, upper: Vector, weighty: Flags) -> Vector | None:
    """Make the decisions of each part whole, and hold them; `upper` are the bounds with all columns.

    Cheap sites come first, a few at a time, then what is `weighty` at the dear ones (halls, grid steps, dear lots).
    All that is too much at once there; cheaper lots follow, pool by pool: a pool's servers at one site can do what
    those at another leave.
    """
    matrix = loose.matrix
    x = loose.extended(placed)
    opened = matrix.integer & np.asarray(matrix.families == "open")
    begin = fixed = held(matrix.with_bounds(matrix.lower, loose.loosened()), opened, x)
    every = begin.with_bounds(
        begin.lower, np.where(opened, begin.upper, np.concatenate([upper, begin.upper[loose.plain :]]))
    )
    weighty = np.concatenate([weighty, np.zeros(len(loose.rows), dtype=bool)])
    parts, of_sites = _parts(loose.columns, _free(every), _free(fixed), np.abs(matrix.cost * x), weighty)
    started, done, before = time.monotonic(), 0, np.zeros_like(opened)
    in_time = started + _seconds_for_sites(state)
    while parts:
        if done > 0:
            each = (time.monotonic() - started) / done
            merged = _merged(parts[:of_sites], (in_time - time.monotonic()) / each)
            parts, of_sites = [*merged, *parts[of_sites:]], len(merged)
        state.begin(f"drafting part by part, {done + 1} of {done + len(parts)}")
        for kept, whole, tried in _attempts(loose, (begin, every), (fixed, x), parts, before, room=not state.hasty):
            found = decide(state, tried, whole, PART_SHARE, PATIENCE, DRAFT_GAP, GOOD)
            if found is not None:
                x, before, done = found, whole, done + 1
                fixed = held(_broken_by(loose, kept, x), whole, x)
                break
        else:
            return None
        parts, of_sites = parts[1:], max(0, of_sites - 1)
    return x


def _seconds_for_sites(state: Search) -> float:
    """In how many seconds the last part of sites is to be decided; with one processor, the job at work ends sooner."""
    return state.remaining() - (1.0 - DRAFT_SHARE) * state.seconds


def _attempts(
    loose: Breakable,
    ends: tuple[Matrix, Matrix],
    now: tuple[Matrix, Vector],
    parts: list[Flags],
    before: Flags,
    *,
    room: bool,
) -> Iterator[tuple[Matrix, Flags, Matrix]]:
    """What is tried for the first of the parts: the problem with what is held, what becomes whole, what is solved.

    First the part alone, if `room`, with room left for servers that are not whole yet; then without. Then with every
    column of what is not yet decided, not only those of the first choice; then with rows between sites to be broken;
    then together with the part before it, which may have taken what is wanting; at last alone, with rows of single
    sites to be broken.
    `ends` are the problems with nothing decided, of the first choice and with every column; `now` is the problem with
    what is decided held, and its point.
    """
    (begin, every), (fixed, x) = ends, now
    here = parts[0]
    if room and len(parts) > 1:
        yield fixed, here, with_room(fixed, np.logical_or.reduce(parts[1:]))
    yield fixed, here, fixed
    undecided = ~begin.integer | np.logical_or.reduce(parts)
    left_out = undecided & (every.upper > fixed.upper)
    if left_out.any():
        fixed = fixed.with_bounds(fixed.lower, np.where(left_out, every.upper, fixed.upper))
        yield fixed, here, fixed
    fixed = _to_be_broken(loose, fixed, SHARED, x)
    yield fixed, here, fixed
    if before.any():
        anew = freed(fixed, before, begin)
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


def with_room(matrix: Matrix, fractional: Flags, share: float = ROOM) -> Matrix:
    """The same with servers of these lots that take more of racks and power than they do: they are fractional."""
    a = matrix.coefficients.copy()
    servers = servers_of(matrix, fractional)
    room = np.asarray(matrix.row_families.isin(("racks", "hall_power", "site_power")))
    a.data = np.where(room[a.indices] & np.repeat(servers, np.diff(a.indptr)), (1 + share) * a.data, a.data)
    return replace(matrix, coefficients=a)


def _merged(parts: list[Flags], most: float) -> list[Flags]:
    """No more parts than there is time for, but one at least."""
    count = max(1, int(most))
    if len(parts) <= count:
        return parts
    return [np.logical_or.reduce(parts[i[0] : i[-1] + 1]) for i in np.array_split(np.arange(len(parts)), count)]


def _free(matrix: Matrix) -> Flags:
    return matrix.integer & (matrix.lower < matrix.upper)


def _parts(columns: Columns, whole: Flags, first: Flags, spent: Vector, weighty: Flags) -> tuple[list[Flags], int]:
    """Sites, then pools, from the least to the most that is spent there: the dearest can take what others leave.

    Together they are the columns that become whole; those of the first choice say how large a part is. Also returned
    is how many of the parts belong to sites.
    """
    by_site = columns.cost_by_site(spent)
    order = np.argsort(by_site, kind="stable")
    cheap = columns.at(order[np.cumsum(by_site[order]) <= CHEAP * by_site.sum() + NOTHING])
    at_sites = whole & (weighty | cheap) & (columns.site >= 0)
    of_sites = [at_sites & columns.at(sites) for sites in _grouped(columns, at_sites & first, by_site)]
    of_sites = [part for part in of_sites if part.any()]
    of_pools = [whole & ~at_sites & (columns.pool == pool) for pool in columns.pools_by_cost(spent)]
    return [*of_sites, *(part for part in of_pools if part.any())], len(of_sites)


def _grouped(columns: Columns, whole: Flags, spent: Vector) -> Iterator[list[int]]:
    """All sites, in groups of some size, the least spent first."""
    integers = np.bincount(columns.site[whole], minlength=columns.sites)
    share = spent / max(spent.sum(), NOTHING)
    group: list[int] = []
    for site in np.argsort(spent, kind="stable").tolist():
        wider = [*group, site]
        if integers[group].any() and integers[wider].sum() > PART_INTEGERS and share[wider].sum() > PART_COST:
            yield group
            wider = [site]
        group = wider
    yield group
