"""The least that has to give way, solved to the end: for cases with few whole numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..arrays.matrix import Vector
from ..search.branching import branch_and_bound
from .explanation import WayOut
from .giving_way import GivingWay
from .ground import Ground
from .levers import Lever, weights
from .programs import last_resort

TIGHT = 1e-9


class Exact:
    """Solves programs of levers to their end."""

    def __init__(self, ground: Ground) -> None:
        """Look for ways out on this ground."""
        self._ground = ground
        self._giving = GivingWay(ground.case, ground.loosened)

    def way(self, primary: Sequence[Lever]) -> WayOut | None:
        """The way out that lets these levers go as little as can be, and before that what is the last resort."""
        opened = list(primary)
        x = self._least(primary, primary, {})
        if x is None:
            others = last_resort(self._ground.loosened, primary)
            opened += others
            x = self._least(opened, others, {})
            if x is None:
                return None
            limits = {int(column): float(x[column]) for lever in others for column in lever.amounts}
            x = self._least(opened, primary, limits)
            if x is None or not any(self._giving.used(lever, x) for lever in primary):
                return None
        return self._ground.confirmed(self._giving.way(opened, x), x)

    def _least(self, opened: Sequence[Lever], counted: Sequence[Lever], limits: Mapping[int, float]) -> Vector | None:
        loosened = self._ground.loosened
        upper = loosened.upper(opened)
        for column, limit in limits.items():
            upper[column] = min(upper[column], limit * (1.0 + TIGHT) + TIGHT)
        matrix = loosened.matrix.with_bounds(loosened.matrix.lower, upper)
        answer = branch_and_bound(
            replace(matrix, cost=weights(loosened, counted), offset=0.0),
            seconds=self._ground.share(),
            gap=0.0,
            stopped=lambda: self._ground.remaining() <= 0,
            tolerance=TIGHT,
        )
        return answer.point
