"""One run of branch and bound on its own, for another objective than cost, that heeds Ctrl-C."""

from __future__ import annotations

from dataclasses import dataclass

from ..arrays.matrix import Matrix, Vector
from ..lookup import Lookup
from ..search.branching import Answer, branch_and_bound
from ..search.columns import describe_columns
from ..search.state import Search, run_search

PATIENCE = 2.0
"""A run that has found nothing yet gets this many times its seconds."""


@dataclass(frozen=True)
class Outcome:
    """What a run found, and whether it was interrupted."""

    answer: Answer
    interrupted: bool


def run_alone(
    matrix: Matrix, lookup: Lookup, *, seconds: float, gap: float, start: Vector | None = None, exact: bool = False
) -> Outcome:
    """Solve the matrix for its own costs within the gap; `exact`: whole numbers are so to nine digits.

    Ctrl-C ends the run soon, and what it found by then is kept.
    """
    state = Search(matrix, describe_columns(matrix, lookup), gap, PATIENCE * seconds)
    answers: list[Answer] = []

    def work(state: Search) -> None:
        answers.append(
            branch_and_bound(
                matrix,
                seconds=seconds,
                patience=PATIENCE,
                gap=gap,
                stopped=state.stopped,
                start=start,
                tolerance=1e-9 if exact else None,
            )
        )

    run_search(state, (work,), None)
    return Outcome(answers[0], state.interrupted)
