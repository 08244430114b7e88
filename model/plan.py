"""The Plan: what a solve returns, as tidy tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from ..inputs.case import Case

Status = Literal["optimal", "feasible", "infeasible", "no plan"]


@dataclass(frozen=True)
class Progress:
    """One moment of a solve: the best plan so far, the proved bound, and a step.

    `best_cny` is None until a plan is found, `bound_cny` until a bound is proved; `gap` is (best - bound) / |best|.
    `step` is the one that found the best plan; until there is a plan, the one at work.
    """

    seconds: float
    best_cny: float | None
    bound_cny: float | None
    gap: float | None
    step: str


@dataclass(frozen=True)
class MatrixSize:
    """The size of the mixed-integer model, and the smallest and largest coefficient handed to the solver."""

    rows: int
    columns: int
    nonzeros: int
    integers: int
    coefficient_range: tuple[float, float]


@dataclass(frozen=True)
class Plan:
    """The outcome of a solve.

    `status` is "optimal" only when the gap asked for is proved; "feasible" is a plan with a larger gap (time limit,
    interruption); "infeasible" is proved; "no plan" means that time ran out first, or that the user stopped the search
    (`interrupted`). `tables` is empty without a plan. Tables carry the names and columns of the result folder (without
    `.csv`), money in CNY.

    `seconds` by phase: "build" the model, "hand_over" (the model into a matrix), "search", "polish" (the best point
    into exact tables). `progress` counts its seconds from the start of the search.
    """

    case: Case
    status: Status
    objective_cny: float | None
    bound_cny: float | None
    gap: float | None
    requested_gap: float
    size: MatrixSize
    seconds: Mapping[str, float]
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    progress: tuple[Progress, ...] = ()
    interrupted: bool = False
