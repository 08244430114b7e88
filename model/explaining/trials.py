"""Trials: is there a plan, if some levers hold and all others are let go?"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

import highspy
import numpy as np

from ..branching import INFEASIBLE, branch_and_bound
from ..matrix import hand_over
from .levers import WHOLE, Lever, Loosened

SUPPORT = 1e-9
"""A proof that no point exists leans on a column if its share in it is more than this."""

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
        self._linear.setOptionValue("presolve", "off")
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
        highs.setOptionValue("time_limit", highs.getRunTime() + max(0.1, self.remaining()))
        highs.run()
        status = highs.getModelStatus()
        if status not in (*INFEASIBLE, highspy.HighsModelStatus.kOptimal):
            self.unsure = True
        return status in INFEASIBLE

    def support(self, held: Collection[Lever]) -> list[Lever]:
        """Those of the levers that the proof of the last, impossible trial leans on; all where HiGHS gives none."""
        highs: Any = self._linear  # its types leave this method out
        _, found, ray = highs.getDualRay()
        if not found:
            return list(held)
        leaning = np.abs(self.loosened.matrix.coefficients.T @ np.asarray(ray)) > SUPPORT
        return [lever for lever in held if leaning[lever.columns].any()]

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
