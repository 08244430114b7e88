"""Trials: is there a plan, if some levers hold and all others are let go?"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from dataclasses import replace

import highspy
import numpy as np

from ..arrays.matrix import hand_over
from ..search.branching import INFEASIBLE, branch_and_bound
from .levers import WANTED, WHOLE, Lever, Loosened, weights

SUPPORT = 1e-9
"""A proof that there is no plan leans on a column if it weighs more than this in it."""

NOTHING = 1e-8
"""If no more than this has to be let go, nothing has."""

MANY_STEPS = 1500
"""Steps of the simplex method after which a trial is begun anew."""

TRIAL_SHARE = 0.25
"""Share of the time that is left for one trial with whole numbers."""


class Trials:
    """Trials on one loosened case, until a deadline. `unsure`: some trial was not decided in time."""

    def __init__(self, loosened: Loosened, deadline: float) -> None:
        """Hand the matrix to HiGHS once; trials without whole numbers only move bounds."""
        self.loosened, self.deadline, self.unsure = loosened, deadline, False
        matrix = loosened.matrix
        self._plain = replace(matrix, cost=np.zeros_like(matrix.cost), offset=0.0)
        self._linear = hand_over(self._plain.with_integer(np.zeros_like(matrix.integer)))
        self._linear.setOptionValue("threads", 1)
        self._linear.setOptionValue("solver", "simplex")
        self._upper = np.clip(matrix.upper, -highspy.kHighsInf, highspy.kHighsInf)

    def remaining(self) -> float:
        """Seconds left."""
        return self.deadline - time.monotonic()

    def let_go(self, held: Iterable[Lever]) -> list[Lever]:
        """All levers that do not hold."""
        kept = set(map(id, held))
        return [lever for lever in self.loosened.levers if id(lever) not in kept]

    def linear_impossible(self, held: Collection[Lever]) -> bool:
        """Whether there is no plan even with fractions of things, as long as these levers hold."""
        if self.remaining() <= 0:
            self.unsure = True
            return False
        highs = self._linear
        upper = np.clip(self.loosened.upper(self.let_go(held)), -highspy.kHighsInf, highspy.kHighsInf)
        moved = np.flatnonzero(upper != self._upper).astype(np.int32)
        highs.changeColsBounds(len(moved), moved, self.loosened.matrix.lower[moved], upper[moved])
        self._upper = upper
        # From where the last trial ended it is mostly a matter of a few steps; if not, starting anew is quicker.
        status = self._run("off", MANY_STEPS)
        if status == highspy.HighsModelStatus.kIterationLimit:
            highs.clearSolver()
            status = self._run("on", highspy.kHighsIInf)
        if status not in (*INFEASIBLE, highspy.HighsModelStatus.kOptimal):
            self.unsure = True
        return status in INFEASIBLE

    def _run(self, presolve: str, steps: int) -> highspy.HighsModelStatus:
        highs = self._linear
        highs.setOptionValue("presolve", presolve)
        highs.setOptionValue("simplex_iteration_limit", steps)
        highs.setOptionValue("time_limit", highs.getRunTime() + max(0.1, self.remaining()))
        highs.run()
        return highs.getModelStatus()

    def leaning(self, held: Collection[Lever]) -> list[Lever] | None:
        """If there is no plan even with fractions: levers, few of many, with which alone there is none; else None.

        What is wanted is let go at a price, as little as can be. The prices of the rows then prove that it has to be,
        and what they give no weight takes no part in that. It is confirmed by a trial.
        """
        wanted = [lever for lever in held if lever.kind in WANTED]
        if wanted:
            loosened = self.loosened
            upper = loosened.upper([*self.let_go(held), *wanted])
            matrix = loosened.matrix.with_bounds(loosened.matrix.lower, upper)
            matrix = matrix.with_integer(np.zeros_like(matrix.integer))
            answer = branch_and_bound(
                replace(matrix, cost=weights(loosened, wanted), offset=0.0),
                seconds=max(0.05, self.remaining()),
                gap=0.0,
                stopped=lambda: self.remaining() <= 0,
            )
            if answer.finished and answer.cost <= NOTHING:
                return None
            if answer.row_prices is not None:
                weight = np.abs(matrix.coefficients.T @ answer.row_prices)
                few = [lever for lever in held if (weight[lever.columns] > SUPPORT).any()]
                if self.linear_impossible(few):
                    return few
        return list(held) if self.linear_impossible(held) else None

    def whole_impossible(self, held: Collection[Lever]) -> bool:
        """The same with all that is whole being whole, but for what the levers let go."""
        let_go = self.let_go(held)
        matrix = self._plain.with_bounds(self.loosened.matrix.lower, self.loosened.upper(let_go))
        answer = branch_and_bound(
            matrix.with_integer(self.loosened.whole(let_go)),
            seconds=max(0.05, TRIAL_SHARE * self.remaining()),
            gap=0.0,
            stopped=lambda: self.remaining() <= 0,
        )
        if not answer.infeasible and answer.point is None:
            self.unsure = True
        return answer.infeasible

    def facts_of_life(self) -> list[Lever]:
        """The levers that say what comes in whole numbers."""
        return [lever for lever in self.loosened.levers if lever.kind in WHOLE]
