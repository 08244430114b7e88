"""What relaxations tell about good plans."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from ..arrays.matrix import Flags, Matrix, Vector
from .branching import SIMPLEX_COLUMNS, Answer, branch_and_bound
from .deciding import solve_among
from .restriction import held
from .state import Search

SITES_SHARE = 0.1
"""Share of the time for the relaxation with whole sites."""

SITES_PATIENCE = 2.0
"""... and this many times that until there is a point."""

SITES_GAP, SITES_GAP_OF_MANY = 2e-3, 4e-3
"""How well the sites to open are chosen, and how well with many columns: there the last 0.1% took ten seconds when all
sites were decided."""

WORTH_A_TRY = 0.1
"""A column is worth a try if its reduced cost in the relaxation is at most this share of its cost."""

MANY_COLUMNS = 20_000
"""With more columns than these, steps on the way to a first plan leave out what is not worth a try."""

CHOICES = ("buy", "place", "standby")
"""Decisions with many alternatives, of which a good plan uses few."""

NOTHING = 1e-6
"""Less than this of anything is none of it."""


@dataclass(frozen=True)
class Guide:
    """A point with whole sites, the columns that it uses or that are worth a try, and what each row costs.

    A draft makes do with the columns of the first choice: all of them, unless they are too many.
    """

    point: Vector
    used: Flags
    worth_a_try: Flags
    first_choice: Flags
    row_prices: Vector


def linear_relaxation(state: Search) -> Answer:
    """Solve without whole numbers, once, whoever asks first; stops the search where even that is impossible.

    What ran out of time is tried again: with one processor, the first turn of the proof may be too short.
    """
    with state.solving_linear:
        if state.linear is None or not (state.linear.finished or state.linear.infeasible):
            state.begin("solving the linear relaxation")
            begun = time.monotonic()
            nothing_whole = state.matrix.with_integer(np.zeros_like(state.matrix.integer))
            state.linear = branch_and_bound(
                nothing_whole,
                seconds=state.remaining(),
                gap=0.0,
                stopped=state.stopped,
                simplex=len(state.matrix.cost) <= SIMPLEX_COLUMNS,
            )
            state.linear_seconds = time.monotonic() - begun
            state.raise_bound(state.linear.bound)
            if state.linear.infeasible:
                state.infeasible = True
                state.stop()
    return state.linear


def relax(state: Search) -> Guide | None:
    """Solve without whole numbers, then with whole sites (open or not, green or not) among the first choice of columns.

    Where no point with whole sites is found in time, every site that the linear relaxation uses is open.
    """
    matrix, linear = state.matrix, linear_relaxation(state)
    if linear.point is None or linear.reduced_costs is None or linear.row_prices is None:
        return None
    cheap = linear.reduced_costs <= WORTH_A_TRY * np.abs(matrix.cost) + NOTHING
    worth_a_try = (linear.point > NOTHING) | cheap | ~np.asarray(matrix.families.isin(CHOICES))
    first_choice = worth_a_try if len(matrix.cost) > MANY_COLUMNS else np.ones_like(worth_a_try)
    state.begin("opening sites")
    point = _with_whole_sites(state, matrix, linear.point, first_choice)
    if point is None:
        point = _opened(matrix, linear.point)
    used = (point > NOTHING) | (linear.point > NOTHING)
    return Guide(point, used, worth_a_try | used, first_choice | used, linear.row_prices)


def _with_whole_sites(state: Search, matrix: Matrix, linear: Vector, choice: Flags) -> Vector | None:
    """A point with whole sites among these columns; None if none is found in time.

    Sites that are open or closed in the linear relaxation, of which this is the point, stay so, unless that is
    impossible; the others are decided, and which are green.
    """
    opened = np.asarray(matrix.families == "open")
    whole = matrix.integer & (opened | np.asarray(matrix.families == "green_site"))
    settled = whole & opened & (np.abs(linear - np.round(linear)) <= NOTHING)
    if not (whole & ~settled).any():
        return np.where(settled, np.round(linear), linear)
    gap = max(SITES_GAP_OF_MANY if len(matrix.cost) > MANY_COLUMNS else SITES_GAP, state.gap / 2)
    for problem in (held(matrix, settled, linear), matrix):
        answer = solve_among(state, problem, choice, whole, SITES_SHARE, SITES_PATIENCE, gap)
        if answer.point is not None or not answer.infeasible:
            return answer.point
    return None


def _opened(matrix: Matrix, point: Vector) -> Vector:
    return np.where(matrix.families == "open", np.ceil(point - NOTHING), point)
