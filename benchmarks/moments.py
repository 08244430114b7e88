"""How a search went: its plan and bound over time, the gap between them, and when it was closed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

ROUNDING = 1e-9
"""Slack for a gap that is the difference of large numbers."""


@dataclass(frozen=True)
class Moment:
    """A moment at which the best plan or the bound changed: seconds since the command began, costs in any one unit.

    `best` is infinite without a plan, `bound` minus infinity without a bound.
    """

    seconds: float
    best: float
    bound: float

    @property
    def gap(self) -> float:
        """(best - bound) / |best|, as suanli defines it for all solvers; infinite without a plan or a bound."""
        if not math.isfinite(self.best) or not math.isfinite(self.bound):
            return math.inf
        return max(0.0, self.best - self.bound) / max(abs(self.best), 1e-12)


def gap_at(history: Sequence[Moment], seconds: float) -> float:
    """The gap that was proved by then; infinite before there is one."""
    return next((moment.gap for moment in reversed(history) if moment.seconds <= seconds), math.inf)


def seconds_to_plan(history: Sequence[Moment]) -> float:
    """When the first plan was found; infinite if never."""
    return next((moment.seconds for moment in history if math.isfinite(moment.best)), math.inf)


def seconds_to_gap(history: Sequence[Moment], gap: float) -> float:
    """When the gap was proved; infinite if never."""
    return next((moment.seconds for moment in history if moment.gap <= gap + ROUNDING), math.inf)
