"""Improving a plan: solve again for a few sites, one year, a pool or two at a time, all else held."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from ..arrays.matrix import Flags, Matrix, Vector
from .branching import SIMPLEX_COLUMNS, Answer, branch_and_bound
from .breaking import Breakable
from .columns import NOWHERE
from .guiding import Guide
from .neighbourhoods import EVERYWHERE, Neighbourhoods
from .relaxations import SERVERS, scarce
from .restriction import around, only
from .shaking import shaken
from .state import Search

STEP_SECONDS = 0.5, 8.0
"""A step may take so long at first, and at most ..."""

LONGER, SHORTER = 1.1, 0.8
"""... growing after a step in vain: where all short ones are in vain, longer ones with more sites may not be."""

STEP_GAP = 2e-4
LEAST_GAIN = 1e-7, 2e-5
"""A step looks for plans that are cheaper by at least ... and at most this share: a tenth of the gap asked for."""

EASIER, HARDER = 1.1, 0.85
"""How the number of sites grows after a step that was solved in vain, and shrinks after one that was not solved."""

TWICE_TIMES, ROUGH_GAP = 3.0, 1e-3
"""A step of pools and halls is solved twice, each time for so many times as long as others; first with fractional lots,
to this gap."""

FIRST_SECONDS = 2.0
"""In the first round, one such step for each pool and then for each year, it is solved twice for so long ..."""

FIRST_PATIENCE, FIRST_GOOD = 4.0, 5e-3
"""... and first, for a pool, up to this many times that while the point may be dearer than need be by this share of all
costs, or by twice that share after twice the time: the best one often comes after seconds in which there is none."""

LONG = 3.0
"""Later such a step is taken so many times less often than others that gain as much a second."""

LEAST_RATE = 1e-4
MEMORY = 0.9
"""Kinds of steps take turns at first, but that the first round counts as steps of pools and halls. Later each is taken
as often as its gain a second, remembered over about ten steps, deserves."""

STUCK_STEPS, STUCK_GAIN = 20, 1e-4
"""A plan that so many steps made cheaper by less than this share is stuck: it is shaken, and improved again, by short
steps first. If nothing cheaper comes of that, it goes back to what it was."""

SHAKEN_SITES = {"sites": 2.0, "pool": 4.0, "year": 4.0}
"""How many sites are shaken, by the kind of step."""


class Improvement:
    """A point under improvement, its cost, and how many sites to free at a time."""

    def __init__(
        self,
        state: Search,
        matrix: Matrix,
        guide: Guide,
        x: Vector,
        *,
        breakable: Breakable | None = None,
        seed: int = 0,
    ) -> None:
        """Start from x, a point of the matrix (of the breakable one, if given: then what is broken comes first).

        What is broken is mended by small steps alone.
        """
        self.x, self.cost = x, matrix.objective(x)
        self.cheapest, self.least_cost = x, self.cost
        self._steps, self._cost_then = 0, self.cost
        self._state, self._matrix, self._mending = state, matrix, breakable is not None
        self._lots = matrix.integer & np.asarray(matrix.families.isin(SERVERS)) & ~scarce(matrix, guide.row_prices)
        self._size = {"sites": 1.0, "pool": 4.0, "year": 4.0}
        self._gain = dict.fromkeys([*self._size, EVERYWHERE] if breakable is None else self._size, 1.0)
        self._dice = np.random.default_rng(seed)
        self._neighbourhoods = Neighbourhoods(state.columns, matrix, guide, self._dice, breakable)
        self._first_round = [] if self._mending else self._neighbourhoods.first_round(x, matrix.cost)
        self._seconds = STEP_SECONDS[0]
        self.kind = ""

    def step(self) -> bool:
        """Solve the problem of some columns: in the first round pool after pool, then year after year; later at random.

        Returns whether there is a better point than ever.
        """
        if not (self._mending or self._first_round):
            self._shake_if_stuck()
        if self._first_round:
            pool, year = self._first_round.pop(0)
            free = self._neighbourhoods.everywhere(pool, year, self.x)
            self._take(EVERYWHERE, free, FIRST_SECONDS, FIRST_PATIENCE if year == NOWHERE else 1.0)
        else:
            deserved = np.array([gain / (LONG if kind == EVERYWHERE else 1.0) for kind, gain in self._gain.items()])
            kind = list(self._gain)[self._dice.choice(len(deserved), p=deserved / deserved.sum())]
            seconds = self._seconds * (TWICE_TIMES if kind == EVERYWHERE else 1.0)
            better = self._take(kind, self._free(kind, self._size.get(kind, 0.0)), seconds)
            self._seconds = float(np.clip(self._seconds * (SHORTER if better else LONGER), *STEP_SECONDS))
        return self._note_if_cheapest()

    def _take(self, kind: str, free: Flags, seconds: float, patience: float = 1.0) -> bool:
        """Take a step of this kind; returns whether it made the point cheaper."""
        self.kind, begun = kind, time.monotonic()
        cutoff = self.cost - float(np.clip(0.1 * self._state.gap, *LEAST_GAIN)) * abs(self.cost)
        if kind == EVERYWHERE:
            answer, free = self._solve_twice(free, cutoff, seconds, patience)
        else:
            answer = self._solve(free, cutoff, seconds)
        better = answer.point is not None and answer.cost < cutoff
        gain = (self.cost - answer.cost) / abs(self.cost) if better else 0.0
        rate = LEAST_RATE + gain / max(time.monotonic() - begun, 0.1)
        self._gain[kind] = (1.0 - MEMORY) * rate + MEMORY * self._gain[kind]
        if kind in self._size:
            self._resize(kind, answer, better=better)
        if better and answer.point is not None:
            self.x = self.x.copy()
            self.x[free] = answer.point
            self.cost = self._matrix.objective(self.x)
        return better

    def _note_if_cheapest(self) -> bool:
        cheapest = self.cost < self.least_cost
        if cheapest:
            self.cheapest, self.least_cost = self.x, self.cost
        return cheapest

    def _shake_if_stuck(self) -> None:
        """Every so many steps: where they were in vain, go back to the cheapest point and leave it at random."""
        if self._steps >= STUCK_STEPS:
            if self._cost_then - self.cost < STUCK_GAIN * abs(self.cost):
                self.go_on_from(self.cheapest, self.least_cost)
                kind = str(self._dice.choice(list(SHAKEN_SITES)))
                free = self._free(kind, SHAKEN_SITES[kind])
                self.x = shaken(self._state, self._matrix, self.x, free, self._dice)
                self.cost, self._seconds = self._matrix.objective(self.x), STEP_SECONDS[0]
            self._steps, self._cost_then = 0, self.cost
        self._steps += 1

    def _solve(
        self,
        free: Flags,
        cutoff: float,
        seconds: float,
        near: tuple[Vector, ...] = (),
        *,
        fractional: Flags | None = None,
        gap: float = STEP_GAP,
        patience: float = 1.0,
    ) -> Answer:
        """Solve with these columns free, some fractional, near x and these points."""
        seconds = min(seconds, STEP_SECONDS[1], self._state.remaining())
        part = only(self._matrix, free, self.x)
        if fractional is not None:
            part = part.with_integer(part.integer & ~fractional[free])
        return branch_and_bound(
            around(part, *(x[free] for x in (self.x, *near))),
            seconds=seconds,
            gap=gap,
            stopped=self._state.stopped,
            start=self.x[free],
            cutoff=cutoff,
            simplex=bool(free.sum() <= SIMPLEX_COLUMNS),
            patience=self._state.patience(seconds, patience),
            good=FIRST_GOOD,
        )

    def _solve_twice(self, free: Flags, cutoff: float, seconds: float, patience: float) -> tuple[Answer, Flags]:
        """Solve with fractional lots, then what moves in that point with whole ones; returns what was free then, too.

        What would have to move between many sites at once is found in the first problem, which has few whole numbers.
        The second is small.
        """
        rough = self._solve(free, cutoff, seconds, fractional=self._lots, gap=ROUGH_GAP, patience=patience)
        if rough.point is None or rough.cost >= cutoff:
            return replace(rough, point=None, cost=np.inf), free
        x = self.x.copy()
        x[free] = rough.point
        moves = ~self._matrix.integer | (np.abs(x - self.x) > 0.5)
        return self._solve(free & moves, cutoff, seconds, (x,)), free & moves

    def _resize(self, kind: str, answer: Answer, *, better: bool) -> None:
        """More sites next time if it was easy and in vain, fewer if too hard."""
        if not answer.finished:
            self._size[kind] = max(1.0, self._size[kind] * HARDER)
        elif not better:
            self._size[kind] = min(self._size[kind] * EASIER, float(self._state.columns.sites))

    @property
    def in_first_round(self) -> bool:
        """Whether steps of the first round are still to come."""
        return bool(self._first_round)

    def begin_anew(self, x: Vector) -> bool:
        """Go on from a point that nobody has improved yet, with a first round; returns whether it is the cheapest."""
        self.x, self.cost = x, self._matrix.objective(x)
        self._first_round = self._neighbourhoods.first_round(x, self._matrix.cost)
        self._steps, self._cost_then, self._seconds = 0, self.cost, STEP_SECONDS[0]
        return self._note_if_cheapest()

    def reprice(self, breakable: Breakable) -> None:
        """Go on at other prices for what is broken."""
        self._neighbourhoods.breakable, self._matrix = breakable, breakable.matrix
        self.cost = self.least_cost = self._matrix.objective(self.x)

    def go_on_from(self, x: Vector, cost: float) -> None:
        """Go on from another point."""
        self.x, self.cost = x, cost
        self._note_if_cheapest()

    def go_back_to(self, x: Vector, cost: float) -> None:
        """Go on from an earlier point, for what was found since is none."""
        self.least_cost = np.inf
        self.go_on_from(x, cost)

    def _free(self, kind: str, size: float) -> Flags:
        return self._neighbourhoods.free(kind, size, self.x, self._matrix.cost)
