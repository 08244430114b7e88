"""Solving: a case in, a cleaned plan with its proved bound out."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from ..inputs.case import Case
from .aggregation import aggregate
from .arrays.families import Model
from .arrays.matrix import Matrix, compile_matrix
from .assemble import assemble
from .cleaning import clean_values, polish
from .extraction import extract_tables
from .lookup import Lookup
from .plan import Plan, Progress, Status
from .search.columns import describe_columns
from .search.plans import find_plans
from .search.proof import prove
from .search.state import Search, in_turns, run_search
from .starting import starting_point

CONTRADICTION = 1e-6
"""A bound above the best plan by more than this share is the solver's error; the linear relaxation's bound is kept."""

ROUNDING = 1e-9
"""Slack for the gap, which is a difference of large sums."""


def solve(
    case: Case,
    *,
    gap: float = 0.005,
    time_limit: float = 300.0,
    threads: int | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    start: Mapping[str, pd.DataFrame] | None = None,
    extend: Callable[[Model, Lookup], None] | None = None,
) -> Plan:
    """Plan the case at least net present cost.

    `gap` is the relative gap (best - bound) / |best| at which the plan counts as optimal, `time_limit` the seconds
    for the search, `threads` the processors to use: one, or (default) two. Ctrl-C ends the search and keeps the best
    plan.

    `start` are the tables of a plan, of this case or one like it, to begin with: where that is a plan of this case too,
    the plan returned costs no more. Otherwise it is passed over.

    `extend` may add rows of its own to the model; then status, bound and gap are those of the case with these rows.
    """
    begun = time.monotonic()
    aggregation = aggregate(case)
    model, lookup = assemble(aggregation.case)
    if extend is not None:
        extend(model, lookup)
    built = time.monotonic()
    matrix = compile_matrix(model)
    handed = time.monotonic()
    seconds = {"build": built - begun, "hand_over": handed - built, "search": 0.0, "polish": 0.0}
    if model.impossible:
        return Plan(case, "infeasible", None, None, None, gap, matrix.size(), seconds)
    state = Search(matrix, describe_columns(matrix, lookup), gap, time_limit)
    point = None if start is None else starting_point(model, lookup, matrix, aggregation.merged(start))
    if point is not None:
        state.start_from(point, matrix.objective(point))
    if matrix.size().columns:
        run_search(state, jobs_for(threads), on_progress)
    else:
        state.offer(np.empty(0), matrix.offset, "nothing to decide")
        state.raise_bound(matrix.offset)
    searched = time.monotonic()
    plan = _plan(aggregation.case, model, lookup, matrix, state, seconds)
    plan = replace(plan, case=case, tables=aggregation.restore(plan.tables))
    seconds |= {"search": searched - handed, "polish": time.monotonic() - searched}
    return plan


def jobs_for(threads: int | None) -> tuple[Callable[[Search], None], ...]:
    """The jobs of a search, side by side or, with one processor, in turns."""
    return (in_turns(find_plans, prove),) if threads == 1 else (find_plans, prove)


def _plan(case: Case, model: Model, lookup: Lookup, matrix: Matrix, state: Search, seconds: dict[str, float]) -> Plan:
    bound = state.progress().bound_cny
    if state.best is None:
        status: Status = "infeasible" if state.infeasible else "no plan"
        return Plan(
            case,
            status,
            None,
            bound,
            None,
            state.gap,
            matrix.size(),
            seconds,
            progress=tuple(state.history),
            interrupted=state.interrupted,
        )
    values = clean_values(model, polish(matrix, state.best) * matrix.units)
    tables = extract_tables(model, lookup, values)
    objective = float(tables["costs"]["discounted_cny"].sum())
    if bound is not None and bound > objective + CONTRADICTION * abs(objective):
        bound = state.linear.bound * matrix.money_unit if state.linear is not None and state.linear.finished else None
    proved = min(bound, objective) if bound is not None else None
    gap = None if proved is None else (objective - proved) / max(abs(objective), 1e-9)
    status = "optimal" if gap is not None and gap <= state.gap + ROUNDING else "feasible"
    return Plan(
        case,
        status,
        objective,
        proved,
        gap,
        state.gap,
        matrix.size(),
        seconds,
        tables,
        tuple(state.history),
        state.interrupted,
    )
