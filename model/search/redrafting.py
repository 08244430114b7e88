"""Redrafting: another plan from better weighty decisions, those that the proof found best or a slow plan's own."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from ..arrays.matrix import Flags, Matrix, Vector
from .branching import HARD, SOON, Options
from .deciding import decide
from .guiding import Guide
from .improvement import Improvement
from .parts import with_room
from .relaxations import SERVERS, relaxations, weighty
from .restriction import held
from .state import Search

SLOW, SLOW_SHARE = 3e-4, 0.1
"""A plan is redrafted where steps gain less than so much of its cost in this share of the time ..."""

LATER = 2.0
"""... and, while the last redraft has not led to more, not again before so many times as long."""

COARSE_SHARE = 0.075
"""Share of the time for the weighty decisions ..."""

LEFT, REST = 7.0, 8.0
"""... where so many times that is left, for a redraft has to be improved; the rest is given up after so many times."""

FAR_FROM_BOUND = 5.5e-3
"""The first redraft, from what the proof found, is for plans that cost more than the bound by at least this share: to
make all else whole costs half of it."""

ROUND_SHARE = 0.1
"""It waits for the first round of improvement so long at most: the round gains most at first, and mostly in vain, for
the plan is left."""

FEW_GAP, FEW_GOOD, FEW_PATIENCE = 1e-3, 3e-3, 3.0
"""To these few decisions the other weighty ones are made whole as well as this, in so many times that share at most."""

LITTLE_ROOM = 0.01
"""Servers that are fractional take so much more of racks and power meanwhile, for whole ones will."""

WORTH_IT, FIRST_WORTH_IT = 5e-4, 1.5e-3
"""If weighty decisions get cheaper by less than this share, or those of the first redraft are not cheaper than the plan
by the latter, making the others whole costs more than that ..."""

HOPELESS = 0.01
"""... and if the others make it dearer than the plan by more than this share, no improvement will make up for that."""

ALIKE = 0.02
"""A whole number that has changed by less as a fraction stays as it was, if it can."""

POOL_SHARE, POOL_PATIENCE = 0.0125, 8.0
"""Share of the time for a pool, and this many times that while there is no good point ..."""

POOL_GAP, POOL_GOOD = 2e-4, 5e-4
"""... which is one as near to its bound as the latter; one as near as the former is enough at once."""

HARDLY_DEARER = 1e-3
"""The first try at a pool that makes it dearer by no more than this share will do, or else the cheapest of all. In the
last, halls and the grid may be added to, by ..."""

ONE_MORE = 1.0
"""... so many a year and site: free to change at will, they took so long that nothing good was found."""

MANY = 500
"""Of a pool with more whole numbers each is near to what it is, if it can: up to `ONE_MORE` above that, rounded up, and
not below it, rounded down; or else up to `ONE_LESS` below."""

ONE_LESS = 1.0

STEPS_SHARE, STEPS_OF_LEFT = 0.15, 0.2
"""Share of the time for steps of improvement once the dearest pool is whole: it can be far too dear then, its lots and
the halls having been decided apart. They take no more than the latter share of what is left."""

STILL, STILL_OF_LEFT = 1e-4, 0.05
"""Such steps, and those for weighty decisions, end when they gained less than so much of the cost in this share of the
time left: most that they gain, they gain with the first few."""

MISSED = 1e-5
"""A point that misses a row by more is none: rows without a free column are not solved for."""


class Redrafting:
    """Redrafts plans of one matrix.

    Weighty decisions are sites, grid steps, halls, large workloads, and lots that are scarce or very dear; every other
    time that a plan is slow, from the first on, lots that are just dear as well. All else is fractional while they are
    improved, so what takes many small changes at once for a plan is one step there: the more is fractional the more
    steps there are, and the less of what they gain is left in the end.
    """

    def __init__(self, state: Search, matrix: Matrix, guide: Guide) -> None:
        self._state, self._matrix, self._guide = state, matrix, guide
        spent = float(np.abs(matrix.cost) @ np.abs(guide.point))
        sets = relaxations(matrix, state.columns, guide.point, guide.row_prices)
        wholes = [sets[-1] | weighty(matrix, spent), sets[-1]] if sets else []
        self._choices = [whole for whole in wholes if (matrix.integer & ~whole).any()]
        self._halls_and_grid = matrix.integer & np.asarray(matrix.families.isin(("build", "convert", "upgrade")))
        self._lots = matrix.integer & np.asarray(matrix.families.isin(SERVERS))
        self._relaxed: tuple[Flags, Vector] | None = None
        self._begun = self._since = time.monotonic()
        self._tries, self._wait = 0, 1.0
        self._cost_then = self._cost_redrafted = np.inf

    def of_the_proof(self, x: Vector, cost: float, *, in_first_round: bool) -> Vector | None:
        """A plan with the few weighty decisions that the proof found best with all else fractional, once.

        That is once they are known, the first round of improvement is over or takes long, and x, the cheapest plan so
        far, which costs so much, is far from the bound. It is not improved yet, and mostly dearer. None where there is
        no such plan to be had, or no time to improve it.
        """
        relaxed = self._state.relaxed
        if relaxed is None or relaxed is self._relaxed or not self._choices:
            return None
        if in_first_round and time.monotonic() - self._begun < self._state.seconds_on_the_way(ROUND_SHARE):
            return None
        self._relaxed, seconds = relaxed, self._state.seconds_on_the_way(COARSE_SHARE)
        if LEFT * seconds > self._state.remaining() or self._state.relative_gap() < FAR_FROM_BOUND:
            return None
        plan = self._after_weighty(x, self._choices[-1], self._near_relaxed(relaxed, cost, seconds), cost, seconds)
        if plan is not None:
            self._cost_redrafted = cost
        return plan

    def of_a_slow_plan(self, x: Vector, cost: float) -> Vector | None:
        """Where x, the cheapest plan, hardly gets cheaper: one with better weighty decisions, from those of x.

        As `of_the_proof` otherwise.
        """
        now, slow = time.monotonic(), self._cost_then - cost < SLOW * abs(cost)
        seconds, left = self._state.seconds_on_the_way(COARSE_SHARE), self._state.remaining()
        wait = self._wait * (LATER if self._cost_redrafted - cost < SLOW * abs(cost) else 1.0)
        if now - self._since < wait * self._state.seconds_on_the_way(SLOW_SHARE):
            return None
        self._since, self._cost_then = now, cost
        if not (slow and self._choices) or LEFT * seconds > left:
            return None
        self._wait, self._cost_redrafted = wait, cost
        whole = self._choices[self._tries % len(self._choices)]
        self._tries += 1
        return self._after_weighty(x, whole, self._coarse(x, whole, seconds), cost, seconds)

    def _after_weighty(
        self, x: Vector, whole: Flags, coarse: Vector | None, cost: float, seconds: float
    ) -> Vector | None:
        """All else made whole as well, if there are better weighty decisions; the wait for another begins anew."""
        plan = None if coarse is None else self._made_whole(coarse, whole, x, REST * seconds)
        self._since, self._cost_then = time.monotonic(), cost
        return plan

    def _near_relaxed(self, relaxed: tuple[Flags, Vector], cost: float, seconds: float) -> Vector | None:
        """A point with the few decisions that the proof found best and the other weighty ones made whole at these.

        Then all are improved. None if it is hardly cheaper than a plan of this cost even with all else fractional.
        """
        (few, found), whole = relaxed, self._choices[-1]
        matrix = with_room(self._matrix.with_integer(whole), self._matrix.integer & ~whole, LITTLE_ROOM)
        at_these = held(matrix, few & whole, found)
        point = decide(self._state, at_these, whole, COARSE_SHARE, FEW_PATIENCE, FEW_GAP, FEW_GOOD)
        if point is None:
            return None
        work = self._improved(matrix, point, seconds)
        return work.cheapest if cost - work.least_cost > FIRST_WORTH_IT * abs(cost) else None

    def _coarse(self, x: Vector, whole: Flags, seconds: float) -> Vector | None:
        """A point with better weighty decisions than x, which are whole; None if there is none."""
        begun, matrix = time.monotonic(), self._matrix.with_integer(whole)
        point = self._decided(held(matrix, whole, x), np.zeros_like(whole))
        if point is None:
            return None
        at_first = matrix.objective(point)
        work = self._improved(matrix, point, seconds - (time.monotonic() - begun))
        return work.cheapest if at_first - work.least_cost > WORTH_IT * abs(at_first) else None

    def _improved(self, matrix: Matrix, x: Vector, seconds: float) -> Improvement:
        """Steps of improvement from a point for so long, or until none has gained anything for a while.

        A step once begun is finished, and the first ones are long.
        """
        begun, work = time.monotonic(), Improvement(self._state, matrix, self._guide, x, seed=self._tries)
        at_most, since, least = STILL_OF_LEFT * self._state.remaining(), begun, work.least_cost
        while not self._state.stopped():
            now = time.monotonic()
            if least - work.least_cost > STILL * abs(least):
                since, least = now, work.least_cost
            if now - begun >= seconds or now - since >= at_most:
                break
            work.step()
        return work

    def _made_whole(self, x: Vector, whole: Flags, before: Vector, seconds: float) -> Vector | None:
        """The point with all else whole, pool by pool, and a pool's weighty lots decided anew with the rest of it.

        The dearest comes first, and steps of improvement follow while all the others are still fractional: they can
        take what its dear lots leave. None if that is hopeless, or not done in these seconds.
        """
        matrix, pools, begun = self._matrix, self._state.columns.pool, time.monotonic()
        rest, cost = matrix.integer & ~whole, matrix.objective(before)
        in_order = [pools == pool for pool in self._state.columns.pools_by_cost(np.abs(matrix.cost * x))[::-1]]
        parts = [pool & (rest | self._lots) for pool in in_order if (pool & rest).any()]
        for part in parts:
            found = self._part_whole(held(matrix, whole & ~part, x), part, x, before)
            if found is None:
                return None
            x, whole = found, whole | part
            if part is parts[0] and len(parts) > 1:
                at_most = STEPS_OF_LEFT * self._state.remaining()
                seconds_of_steps = min(self._state.seconds_on_the_way(STEPS_SHARE), at_most)
                x = self._improved(matrix.with_integer(whole), x, seconds_of_steps).cheapest
            late = part is not parts[-1] and time.monotonic() - begun > seconds
            if late or matrix.objective(x) > cost + HOPELESS * abs(cost):
                return None
        return x

    def _part_whole(self, fixed: Matrix, part: Flags, x: Vector, before: Vector) -> Vector | None:
        """The point with this part whole as well, the first that makes it hardly dearer or else the cheapest tried."""
        best, cost = None, self._matrix.objective(x)
        at_most, options = cost + HARDLY_DEARER * abs(cost), SOON
        for tried, now in self._attempts(fixed, part, x, before):
            found = self._decided(tried, now, options)
            options = HARD
            if found is None or tried.with_integer(now).violation(found) > MISSED:
                continue
            if best is None or self._matrix.objective(found) < self._matrix.objective(best):
                best = found
            if self._matrix.objective(best) <= at_most:
                break
        return best

    def _attempts(self, fixed: Matrix, part: Flags, x: Vector, before: Vector) -> Iterator[tuple[Matrix, Flags]]:
        """What is tried for a part: what has not changed held as it was; all of it free, and added halls and grid.

        Where that is many whole numbers: each near to what it is, with added halls and grid; only then all of it free.
        """
        added_to = part | self._halls_and_grid
        one_more = np.minimum(np.round(x) + ONE_MORE, self._matrix.upper)
        more = fixed.with_bounds(fixed.lower, np.where(self._halls_and_grid, one_more, fixed.upper))
        if part.sum() > MANY:
            yield _near(more, part, x, 0.0), added_to
            yield _near(more, part, x, ONE_LESS), added_to
        else:
            yield held(fixed, part & (np.abs(x - before) < ALIKE), before), part
        yield more, added_to

    def _decided(self, matrix: Matrix, whole: Flags, options: Options = SOON) -> Vector | None:
        return decide(self._state, matrix, whole, POOL_SHARE, POOL_PATIENCE, POOL_GAP, POOL_GOOD, options=options)


def _near(matrix: Matrix, columns: Flags, x: Vector, less: float) -> Matrix:
    """The matrix with these columns between x rounded down, and so much less, and one more than x rounded up."""
    lower = np.where(columns, np.maximum(matrix.lower, np.floor(x) - less), matrix.lower)
    return matrix.with_bounds(lower, np.where(columns, np.minimum(matrix.upper, np.ceil(x) + ONE_MORE), matrix.upper))
