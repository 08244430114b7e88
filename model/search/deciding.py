"""Deciding: some columns become whole while the rest is still fractional."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..arrays.matrix import Flags, Matrix, Vector
from .branching import SIMPLEX_COLUMNS, SOON, Answer, Options, branch_and_bound
from .restriction import only
from .state import Search


def decide(
    state: Search,
    matrix: Matrix,
    whole: Flags,
    share: float,
    patience: float,
    gap: float,
    good: float,
    *,
    options: Options = SOON,
) -> Vector | None:
    """A point with these columns whole; None where none is found in time.

    Solving ends at the gap, or after this share of the time: with a point within `good` of its bound, or some times as
    far after as many times the time, up to `patience` times (a hasty search takes any).
    """
    if state.stopped():
        return None
    good = np.inf if state.hasty else good
    every = np.ones_like(whole)
    return solve_among(state, matrix, every, whole, share, patience, gap, good, options=options).point


def solve_among(
    state: Search,
    matrix: Matrix,
    choice: Flags,
    whole: Flags,
    share: float,
    patience: float,
    gap: float,
    good: float = np.inf,
    *,
    options: Options = SOON,
) -> Answer:
    """As `decide`, with all but the columns of the choice held at the least that they can be.

    The point of the answer is one of the matrix; prices it has none.
    """
    free = choice & (matrix.lower < matrix.upper)
    seconds = state.seconds_on_the_way(share)
    answer = branch_and_bound(
        only(matrix.with_integer(whole), free, matrix.lower),
        seconds=seconds,
        patience=state.patience(seconds, patience),
        good=good,
        gap=gap,
        stopped=state.stopped,
        options=options,
        simplex=len(matrix.cost) <= SIMPLEX_COLUMNS,
    )
    if answer.point is None:
        return answer
    x = matrix.lower.copy()
    x[free] = answer.point
    return replace(answer, point=x)
