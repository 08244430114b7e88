"""Improving a plan: solve again for a few sites, one year, a pool or two at a time, all else held."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from ..arrays.matrix import Flags, Matrix, Vector
from .branching import Answer, branch_and_bound
from .breaking import Breakable
from .columns import Numbers
from .guiding import NOTHING, SIMPLEX_COLUMNS, Guide
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

EVERYWHERE = "pools and halls"
"""A kind of step: a pool or two, with the halls and the grid of all sites; the other kinds have those of a few."""

TWICE_TIMES, ROUGH_GAP = 3.0, 1e-3
"""Such a step is solved twice, each time for so many times as long as others; with fractional lots, to this gap ..."""

LONG = 3.0
"""... so it is taken so many times less often."""

OTHERS_TOO = 0.5
"""A step of pools or a year tries what is worth a try and, with this probability, the other columns as well: few of
them are in good plans, but without those few there are plans that no step gets away from."""

TRIED = 20_000
"""A step tries about so many columns at most: of the others as many as there is room for, at random."""

LEAST_RATE = 1e-4
MEMORY = 0.9
"""Kinds of steps take turns at first. Later each is taken as often as its gain a second, remembered over about ten
steps, deserves."""

STUCK_STEPS, STUCK_GAIN = 20, 1e-4
"""A plan that so many steps made cheaper by less than this share is stuck: it is shaken, and improved again, by short
steps first. If nothing cheaper comes of that, it goes back to what it was."""

SHAKEN_SITES = {"sites": 2.0, "pool": 4.0, "year": 4.0}
"""How many sites are shaken, by the kind of step."""

URGENT = 1e3
"""How much likelier a site is chosen that has to do with something broken."""


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
    ) -> None:
        """Start from x, a point of the matrix (of the breakable one, if given: then what is broken comes first).

        Sites that cost much more or less than in the guide come first, so that what stands in the wrong place can
        move. What is broken is mended by small steps alone.
        """
        self.x, self.cost = x, matrix.objective(x)
        self._cheapest, self.least_cost = x, self.cost
        self._steps, self._cost_then = 0, self.cost
        self._state, self._matrix, self._breakable = state, matrix, breakable
        self._columns = state.columns if breakable is None else breakable.columns
        self._worth_a_try = np.ones(len(x), dtype=bool)
        self._worth_a_try[: len(guide.worth_a_try)] = guide.worth_a_try
        self._follows = np.asarray(matrix.families.isin(("it_mwh", "facility_mwh", "green", "green_site")))
        self._lots = matrix.integer & np.asarray(matrix.families.isin(SERVERS)) & ~scarce(matrix, guide.row_prices)
        self._size = {"sites": 1.0, "pool": 4.0, "year": 4.0}
        self._gain = dict.fromkeys([*self._size, EVERYWHERE] if breakable is None else self._size, 1.0)
        self._dice = np.random.default_rng(0)
        self._kinship = state.columns.shared_workloads() + 1.0
        self._seconds = STEP_SECONDS[0]
        self.kind = ""
        self._relaxed_cost = state.columns.cost_by_site(matrix.cost[: len(guide.point)] * guide.point)

    def step(self) -> bool:
        """Solve the problem of some columns; returns whether there is a better point than ever."""
        if self._breakable is None:
            self._shake_if_stuck()
        deserved = np.array([gain / (LONG if kind == EVERYWHERE else 1.0) for kind, gain in self._gain.items()])
        self.kind = kind = list(self._gain)[self._dice.choice(len(deserved), p=deserved / deserved.sum())]
        free, begun = self._free(kind, self._size.get(kind, 0.0)), time.monotonic()
        cutoff = self.cost - float(np.clip(0.1 * self._state.gap, *LEAST_GAIN)) * abs(self.cost)
        answer, free = (self._solve_twice if kind == EVERYWHERE else self._solve)(free, cutoff)
        better = answer.point is not None and answer.cost < cutoff
        gain = (self.cost - answer.cost) / abs(self.cost) if better else 0.0
        rate = LEAST_RATE + gain / max(time.monotonic() - begun, 0.1)
        self._gain[kind] = (1.0 - MEMORY) * rate + MEMORY * self._gain[kind]
        self._seconds = float(np.clip(self._seconds * (SHORTER if better else LONGER), *STEP_SECONDS))
        if kind in self._size:
            self._resize(kind, answer, better=better)
        if better and answer.point is not None:
            self.x = self.x.copy()
            self.x[free] = answer.point
            self.cost = self._matrix.objective(self.x)
        return self._note_if_cheapest()

    def _note_if_cheapest(self) -> bool:
        cheapest = self.cost < self.least_cost
        if cheapest:
            self._cheapest, self.least_cost = self.x, self.cost
        return cheapest

    def _shake_if_stuck(self) -> None:
        """Every so many steps: where they were in vain, go back to the cheapest point and leave it at random."""
        if self._steps >= STUCK_STEPS:
            if self._cost_then - self.cost < STUCK_GAIN * abs(self.cost):
                self.go_on_from(self._cheapest, self.least_cost)
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
        near: tuple[Vector, ...] = (),
        *,
        fractional: Flags | None = None,
        times: float = 1.0,
        gap: float = STEP_GAP,
    ) -> tuple[Answer, Flags]:
        """Solve with these columns free, some fractional, near x and these points; also returns what is free."""
        part = only(self._matrix, free, self.x)
        if fractional is not None:
            part = part.with_integer(part.integer & ~fractional[free])
        answer = branch_and_bound(
            around(part, *(x[free] for x in (self.x, *near))),
            seconds=min(times * self._seconds, STEP_SECONDS[1], self._state.remaining()),
            gap=gap,
            stopped=self._state.stopped,
            start=self.x[free],
            cutoff=cutoff,
            simplex=bool(free.sum() <= SIMPLEX_COLUMNS),
        )
        return answer, free

    def _solve_twice(self, free: Flags, cutoff: float) -> tuple[Answer, Flags]:
        """Solve with fractional lots, then what moves in that point with whole ones; returns what was free then, too.

        What would have to move between many sites at once is found in the first problem, which has few whole numbers.
        The second is small.
        """
        rough, _ = self._solve(free, cutoff, fractional=self._lots, times=TWICE_TIMES, gap=ROUGH_GAP)
        if rough.point is None or rough.cost >= cutoff:
            return replace(rough, point=None, cost=np.inf), free
        x = self.x.copy()
        x[free] = rough.point
        moves = ~self._matrix.integer | (np.abs(x - self.x) > 0.5)
        return self._solve(free & moves, cutoff, (x,), times=TWICE_TIMES)

    def _resize(self, kind: str, answer: Answer, *, better: bool) -> None:
        """More sites next time if it was easy and in vain, fewer if too hard."""
        if not answer.finished:
            self._size[kind] = max(1.0, self._size[kind] * HARDER)
        elif not better:
            self._size[kind] = min(self._size[kind] * EASIER, float(self._columns.sites))

    def reprice(self, breakable: Breakable) -> None:
        """Go on at other prices for what is broken."""
        self._breakable, self._matrix = breakable, breakable.matrix
        self.cost = self.least_cost = self._matrix.objective(self.x)

    def go_on_from(self, x: Vector, cost: float) -> None:
        """Go on from another point."""
        self.x, self.cost = x, cost
        self._note_if_cheapest()

    def _free(self, kind: str, size: float) -> Flags:
        """The columns of a step with so many sites, and those that belong to no site."""
        columns = self._columns
        urgent = np.zeros(len(self.x), dtype=bool) if self._breakable is None else self._breakable.broken_by(self.x)
        if kind == EVERYWHERE:
            return self._tried(np.isin(columns.pool, self._one_or_two_pools(urgent))) | (columns.pool < 0)
        sites = columns.at(self._choose(size, urgent))
        around = sites & (columns.pool < 0) | self._follows
        if kind == "pool":
            free = self._tried(columns.pool == self._one_of(columns.pool, urgent)) | around
        elif kind == "year":
            free = self._tried(columns.year == self._one_of(columns.year, urgent)) | around
        else:
            free = sites
        free = free | (columns.site < 0)
        return free if self._breakable is None else self._breakable.reach(free)

    def _tried(self, columns: Flags) -> Flags:
        """Of these columns, what is in use or worth a try; sometimes others as well."""
        tried = columns & (self._worth_a_try | (self.x > NOTHING))
        if self._dice.random() < OTHERS_TOO:
            others = columns & ~tried
            room = TRIED - np.count_nonzero(tried)
            tried |= others & (self._dice.random(len(others)) * np.count_nonzero(others) < room)
        return tried

    def _one_of(self, numbers: Numbers, urgent: Flags) -> int:
        """A pool or year; one that has to do with something broken, if there is any."""
        known = np.unique(numbers[urgent & (numbers >= 0)])
        return int(self._dice.choice(known if known.size else int(numbers.max(initial=0)) + 1))

    def _one_or_two_pools(self, urgent: Flags) -> list[int]:
        """Pools at random; two may be the same one."""
        return [self._one_of(self._columns.pool, urgent) for _ in range(self._dice.integers(1, 3))]

    def _choose(self, size: float, urgent: Flags) -> Numbers:
        """A site that differs from the guide or is urgent, and others that may run the same workloads."""
        sites = self._columns.sites
        apart = np.abs(self._columns.cost_by_site(self._matrix.cost * self.x) - self._relaxed_cost)
        weights = 1.0 + 2.0 * sites * apart / max(apart.sum(), NOTHING)
        hurt = np.isin(np.arange(sites), self._columns.site[urgent])
        if hurt.any():
            weights = np.where(hurt, weights, weights / URGENT)
        first = int(self._dice.choice(sites, p=weights / weights.sum()))
        count = min(int(size + self._dice.random()), sites)
        if count == 1:
            return np.array([first])
        near = self._kinship[first] * weights
        near[first] = 0.0
        others = self._dice.choice(sites, size=count - 1, replace=False, p=near / near.sum())
        return np.concatenate([[first], others])
