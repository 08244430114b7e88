"""Levers: the demands and limits of a case, each as something that can be let go, wholly or by an amount.

The case is loosened as far as any of them could go, and built once. Its matrix gets a few columns more. As long as a
lever is closed, the upper bounds of its columns say what the case says; let go, they allow more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from ...inputs.parts import Workload
from ..arrays.families import Model
from ..arrays.matrix import Matrix, Vector
from ..lookup import Lookup

Kind = Literal[
    "target",
    "served",
    "backup",
    "supply",
    "market",
    "grid",
    "halls",
    "lead",
    "egress",
    "budget",
    "first_year",
    "indivisible",
    "whole_halls",
    "whole_steps",
    "whole_servers",
    "whole_sites",
]

WHOLE = frozenset({"indivisible", "whole_halls", "whole_steps", "whole_servers", "whole_sites"})
"""Not demands but facts of life: what is let go here is only that something comes in whole numbers."""

WANTED: tuple[Kind, ...] = ("target", "served", "backup")
"""What is asked for, and what can always give way; all other demands are limits."""

Columns = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Lever:
    """One demand or limit: what it is about (`subject`: an id, and a year for some kinds).

    `columns` are those that it holds down, to `closed` while it is not let go. `amounts` are the columns whose values
    say how far it was let go; a unit of them weighs `weight` against other levers of its kind: what it costs, where
    that is known. What a lever of `WHOLE` holds is whole.
    """

    kind: Kind
    subject: str
    year: int | None
    columns: Columns
    closed: Vector
    amounts: Columns
    weight: float = 1.0


@dataclass(frozen=True)
class Loosened:
    """A case let go as far as can be, as a matrix in the units of the case, and the levers that bring it back."""

    matrix: Matrix
    model: Model
    lookup: Lookup
    levers: tuple[Lever, ...]

    def upper(self, let_go: Collection[Lever]) -> Vector:
        """Upper bounds of the columns when some levers are let go and all others hold."""
        upper = self.matrix.upper.copy()
        free = set(map(id, let_go))
        for lever in self.levers:
            if id(lever) not in free:
                np.minimum.at(upper, lever.columns, lever.closed)
        return upper

    def whole(self, let_go: Iterable[Lever]) -> npt.NDArray[np.bool_]:
        """Which columns must be whole when some levers are let go."""
        whole = self.matrix.integer.copy()
        for lever in let_go:
            if lever.kind in WHOLE:
                whole[lever.columns] = False
        return whole

    @cached_property
    def demands(self) -> tuple[Lever, ...]:
        """The levers but for those that only say that something is whole."""
        return tuple(lever for lever in self.levers if lever.kind not in WHOLE)


def row_of_workload(workload: Workload) -> str:
    """The row of the scenario that a workload comes from: what a planner changes."""
    return workload.system or workload.id


def weights(loosened: Loosened, levers: Sequence[Lever]) -> Vector:
    """A cost for each column: what letting levers go by one unit weighs; the most in each kind is 1."""
    cost = np.zeros_like(loosened.matrix.cost)
    most: dict[str, float] = {}
    for lever in levers:
        most[lever.kind] = max(most.get(lever.kind, 0.0), lever.weight)
    for lever in levers:
        # A target's weight says already what share of it is missed.
        unit = 1.0 if lever.kind == "target" else most[lever.kind]
        cost[lever.amounts] = lever.weight / unit * loosened.matrix.units[lever.amounts]
    return cost
