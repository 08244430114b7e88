"""What ways out are looked for on, and how one is confirmed: in the changed case itself."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from ...inputs.altering import Alter
from ...inputs.case import Case
from ..arrays.matrix import Vector
from .checking import has_plan, this_plan
from .explanation import WayOut
from .levers import Loosened

STEP_SHARE = 0.3
"""Share of the time that is left for one way out."""


@dataclass(frozen=True)
class Ground:
    """The case, its loosened matrix, how to change the case, and until when."""

    case: Case
    loosened: Loosened
    alter: Alter
    deadline: float

    def remaining(self) -> float:
        """Seconds left."""
        return self.deadline - time.monotonic()

    def share(self) -> float:
        """Seconds for one way out."""
        return max(0.05, STEP_SHARE * self.remaining())

    def confirmed(self, way: WayOut | None, x: Vector | None = None) -> WayOut | None:
        """The way out if the case changed by it has a plan: that of the point x, or else another one."""
        if way is None:
            return None
        try:
            altered = self.alter(way.changes)
        except ValueError:
            return None
        loosened = self.loosened
        plan = None if x is None else this_plan(altered, x * loosened.matrix.units, loosened.matrix)
        if plan is not None:
            return replace(way, plan=plan)
        return way if has_plan(altered, self.share()) else None
