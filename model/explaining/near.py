"""Ways out of large cases: one point in which everything is whole, then what has to give way, near to it.

The point is found with targets, service and backups let go at a price; each program then pushes them back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..arrays.matrix import Flags, Matrix, Vector
from ..search.branching import Answer, branch_and_bound
from ..search.columns import NOWHERE, Columns, describe_columns
from ..search.restriction import only
from .checking import any_point
from .conflict import Conflict
from .explanation import WayOut
from .giving_way import GivingWay
from .ground import Ground
from .levers import WANTED, Lever, weights
from .programs import last_resort

DEAR = 1e5
"""What gives way as a last resort weighs so many times more than in a way out of its own."""

PRICE = 10.0
"""In the first point, giving all of something away is so many times dearer than everything else."""

LENIENT = 0.005
"""... but for targets that have to be missed anyway: attaining all that can be would leave no room for anything else,
and a program sees to them."""

ROOM = 1.001
LOCAL_GAP = 2e-2
LOCAL_SECONDS = 20.0
MOST_FREE = 6000
"""Columns that a program may move."""

BASE_SHARE = 0.6
"""Share of the time for the first point."""

LEFT = 1e-6

TELLING = 0.05
"""A pool has to do with a target if it makes up this share of it."""


class Near:
    """Solves programs of levers near a point in which targets, service and backups give way."""

    def __init__(self, ground: Ground) -> None:
        """Find the point."""
        self._ground = ground
        self._giving = GivingWay(ground.case, ground.loosened)
        self._columns = _described(ground)
        self._base = self._found()
        self._sound: list[Vector] = []

    def _repaired(self, x: Vector, least: Vector, priced: Matrix) -> Vector:
        """What is left unserved or without backup, though it need not be, is mended, a pool at a time."""
        for pool in self._short(x - least):
            free = (self._columns.pool == pool) | (self._columns.pool == NOWHERE)
            answer = branch_and_bound(
                only(priced, free, x),
                seconds=self._ground.share(),
                gap=LOCAL_GAP,
                stopped=lambda: self._ground.remaining() <= 0,
                start=x[free],
            )
            if answer.point is not None:
                x = x.copy()
                x[free] = answer.point
        return x

    def _short(self, left: Vector) -> list[int]:
        """The pools of which something is left unserved or without backup."""
        loosened = self._ground.loosened
        number = {pool: n for n, pool in enumerate(_pool_names(self._ground))}
        short = [
            number[loosened.lookup.workload[lever.subject].pool]
            for lever in loosened.levers
            if lever.kind in ("served", "backup") and left[lever.amounts].max(initial=0.0) > LEFT
        ]
        return list(dict.fromkeys(short))

    def way(self, primary: Sequence[Lever], conflicts: Sequence[Conflict]) -> WayOut | None:
        """The way out of a program for these conflicts, confirmed; None also where there is none near the points known.

        It is begun near an earlier way out that keeps all targets and serves everything, if there is one. From such a
        point a second look often finds that less has to give way.
        """
        if self._base is None:
            return None
        points = (self._near(start, primary, conflicts) for start in (*reversed(self._sound), self._base))
        x = next((point for point in points if point is not None), None)
        if x is None:
            return None
        levers = [*primary, *last_resort(self._ground.loosened, primary)]
        if self._keeps_all(levers, x):
            self._sound.append(x)
            again = self._near(x, primary, conflicts)
            if again is not None and self._keeps_all(levers, again):
                x = again
        return self._ground.confirmed(self._giving.way(levers, x), x)

    def _keeps_all(self, levers: Sequence[Lever], x: Vector) -> bool:
        return all(lever.kind not in WANTED for lever in levers if self._giving.used(lever, x))

    def _near(self, start: Vector, primary: Sequence[Lever], conflicts: Sequence[Conflict]) -> Vector | None:
        """A point of a program: what has nothing to do with the conflicts is as in another point."""
        loosened = self._ground.loosened
        others = last_resort(loosened, primary)
        matrix = loosened.matrix.with_bounds(loosened.matrix.lower, loosened.upper([*primary, *others]))
        cost = weights(loosened, primary) + DEAR * weights(loosened, others)
        free = self._free(start, conflicts)
        answer = branch_and_bound(
            only(replace(matrix, cost=cost, offset=0.0), free, start),
            seconds=min(LOCAL_SECONDS, self._ground.share()),
            gap=LOCAL_GAP,
            stopped=lambda: self._ground.remaining() <= 0,
            start=start[free] if (start <= matrix.upper + LEFT).all() else None,
        )
        if answer.point is None:
            return None
        x = start.copy()
        x[free] = answer.point
        if not any(self._giving.used(lever, x) for lever in primary):
            return None
        return self._with_less_of(others, x, matrix, primary)

    def _with_less_of(self, others: Sequence[Lever], x: Vector, matrix: Matrix, primary: Sequence[Lever]) -> Vector:
        """The same way out with less of the last resort, where the pools that are short were not free to move."""
        upper = matrix.upper.copy()
        for lever in primary:
            upper[lever.amounts] = np.minimum(upper[lever.amounts], x[lever.amounts])
        resort = replace(matrix, cost=weights(self._ground.loosened, others), offset=0.0)
        return self._repaired(x, np.zeros_like(x), resort.with_bounds(matrix.lower, upper))

    def _found(self) -> Vector | None:
        """A point in which targets, service and backups give way, little of them, at little cost."""
        loosened = self._ground.loosened
        levers = last_resort(loosened, ())
        upper = loosened.upper(levers)
        matrix = loosened.matrix.with_bounds(loosened.matrix.lower, upper)
        given = weights(loosened, levers)
        least = self._linear(replace(matrix, cost=given, offset=0.0))
        if least.point is None:
            return None
        counted = np.concatenate([lever.amounts for lever in levers])
        limited = upper.copy()
        limited[counted] = np.minimum(upper[counted], ROOM * least.point[counted] + 1e-6)
        real = matrix.cost.copy()
        real[counted] = 0.0
        cheapest = self._linear(replace(matrix.with_bounds(matrix.lower, limited), cost=real))
        scale = abs(cheapest.cost) if cheapest.point is not None else float(np.abs(real).sum())
        price = PRICE * scale * given
        for lever in levers:
            if lever.kind == "target" and least.point[lever.amounts].max(initial=0.0) > LEFT:
                price[lever.amounts] *= LENIENT
        priced = replace(matrix, cost=real + price)
        point, _ = any_point(priced, self._columns, BASE_SHARE * self._ground.remaining(), proving=False)
        return None if point is None else self._repaired(point, least.point, replace(priced, cost=given, offset=0.0))

    def _linear(self, matrix: Matrix) -> Answer:
        return branch_and_bound(
            matrix.with_integer(np.zeros_like(matrix.integer)),
            seconds=self._ground.share(),
            gap=0.0,
            stopped=lambda: self._ground.remaining() <= 0,
        )

    def _free(self, x: Vector, conflicts: Sequence[Conflict]) -> Flags:
        """The columns of the pools that the conflicts are about, and all that belong to no pool.

        Pools that are short come with them, as long as the problem stays small enough to be solved in seconds.
        """
        about = self._pools(x, conflicts)
        free = self._of(about)
        for pool in self._short(x):
            wider = self._of({*about, pool})
            if wider.sum() <= MOST_FREE:
                about, free = {*about, pool}, wider
        return free

    def _of(self, pools: set[int]) -> Flags:
        inside = np.isin(self._columns.pool, np.array(sorted(pools), dtype=np.int64))
        return np.asarray(inside | (self._columns.pool == NOWHERE))

    def _pools(self, x: Vector, conflicts: Sequence[Conflict]) -> set[int]:
        found: set[int] = set()
        lookup = self._ground.loosened.lookup
        numbers = _pool_names(self._ground)
        for conflict in conflicts:
            for lever in conflict.levers:
                if lever.kind == "target":
                    columns, amounts = self._giving.terms(lever.subject, x)
                    total = np.abs(amounts).sum()
                    for pool in np.unique(self._columns.pool[columns]).tolist():
                        if np.abs(amounts[self._columns.pool[columns] == pool]).sum() >= TELLING * total:
                            found.add(int(pool))
                elif lever.kind in ("served", "backup"):
                    found.add(numbers.index(lookup.workload[lever.subject].pool))
        return found - {NOWHERE}


def _pool_names(ground: Ground) -> list[str]:
    """The pools in the order of their numbers."""
    case = ground.loosened.lookup.case
    return list(dict.fromkeys([*(kind.pool for kind in case.hardware), *(each.pool for each in case.workloads)]))


def _described(ground: Ground) -> Columns:
    """What the columns are about; those that were added are about nothing."""
    matrix = ground.loosened.matrix
    columns = describe_columns(matrix, ground.loosened.lookup)
    added = np.full(len(matrix.cost) - len(columns.site), NOWHERE)
    parts = (columns.site, columns.workload, columns.pool, columns.year)
    site, workload, pool, year = (np.concatenate([part, added]) for part in parts)
    return Columns(site, workload, pool, year, columns.numbers)
