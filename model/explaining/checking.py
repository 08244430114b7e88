"""Is there a plan? Asked of a case as it would be solved, with a point from elsewhere to start from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...inputs.case import Case
from ..aggregation import aggregate
from ..arrays.matrix import Layout, Matrix, Vector, compile_matrix
from ..arrays.members import ABSENT, Members
from ..assemble import assemble
from ..cleaning import clean_values
from ..extraction import extract_tables
from ..search.branching import FEW_INTEGERS, branch_and_bound
from ..search.columns import Columns, describe_columns
from ..search.plans import find_plans
from ..search.proof import prove
from ..search.state import Search, run_search
from ..starting import Tables

GAP = 0.005


class AnyPlan(Search):
    """A search that ends with the first plan."""

    def offer(self, x: Vector, cost: float, step: str) -> None:
        """Take the plan and stop."""
        super().offer(x, cost, step)
        self.stop()


def any_point(matrix: Matrix, columns: Columns, seconds: float, *, proving: bool = True) -> tuple[Vector | None, bool]:
    """Some point of the matrix, and whether it is proved that there is none."""
    if matrix.size().integers <= FEW_INTEGERS:
        plain = replace(matrix, cost=np.zeros_like(matrix.cost), offset=0.0)
        answer = branch_and_bound(plain, seconds=max(0.05, seconds), gap=0.0, stopped=lambda: False)
        return answer.point, answer.infeasible
    state = AnyPlan(matrix, columns, GAP, seconds, hasty=True)
    run_search(state, (find_plans, prove) if proving else (find_plans,), None)
    return state.best, state.infeasible


def has_plan(case: Case, seconds: float) -> bool | None:
    """Whether the case has a plan; None: not known in time."""
    small = aggregate(case).case
    model, lookup = assemble(small)
    matrix = compile_matrix(model)
    if model.impossible:
        return False
    if not matrix.size().columns:
        return True
    point, infeasible = any_point(matrix, describe_columns(matrix, lookup), seconds)
    return True if point is not None else False if infeasible else None


def this_plan(case: Case, x: Vector, matrix: Matrix) -> Tables | None:
    """The plan of the case to which the decisions in whole numbers of a point of another matrix, in its units, lead.

    They are held, and the rest is solved for in the matrix of the case itself. None: they lead to no plan of the case.
    """
    model, lookup = assemble(case)
    own = compile_matrix(model)
    if model.impossible:
        return None
    start = carried_over(x, matrix.layout, own.layout) / own.units
    lower, upper = own.lower.copy(), own.upper.copy()
    whole = np.round(start[own.integer])
    if (whole < lower[own.integer] - 0.5).any() or (whole > upper[own.integer] + 0.5).any():
        return None
    lower[own.integer] = upper[own.integer] = whole
    held = replace(own, cost=np.zeros_like(own.cost), offset=0.0, lower=lower, upper=upper)
    nothing_whole = held.with_integer(np.zeros_like(own.integer))
    answer = branch_and_bound(nothing_whole, seconds=60.0, gap=0.0, stopped=lambda: False)
    if not answer.finished or answer.point is None:
        return None
    return extract_tables(model, lookup, clean_values(model, answer.point * own.units))


def carried_over(x: Vector, layout: Layout, other: Layout) -> Vector:
    """The values of the decisions in another layout, things being the same by their names; 0 for what is new."""
    first = dict(zip(layout.columns, np.cumsum([0, *map(len, layout.columns.values())]).tolist(), strict=False))
    parts = []
    for name, members in other.columns.items():
        known = layout.columns[name]
        found = known.find(_renumbered(members, known))
        parts.append(np.where(found == ABSENT, 0.0, x[first[name] + found]))
    return np.concatenate(parts)


def _renumbered(members: Members, known: Members) -> list[np.ndarray[tuple[int, ...], np.dtype[np.int64]]]:
    """The numbers of the members in the dimensions of another set."""
    codes = []
    for codes_here, mine, theirs in zip(members.codes, members.dimensions, known.dimensions, strict=True):
        number = np.array([theirs.number.get(label, ABSENT) for label in mine.labels], dtype=np.int64)
        codes.append(number[codes_here] if len(number) else codes_here.astype(np.int64))
    return codes
