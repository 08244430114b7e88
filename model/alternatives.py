"""Alternatives: plans that cost little more than the best one, and build other things or elsewhere.

Two steps lead to the next alternative. The first looks for what differs most: it maximises the smallest difference from
all earlier plans (`strategy`, `common_ground`) under a limit of cost. With few whole numbers it is solved as it is;
otherwise counts may be fractional, and the limit is tighter by the gap that whole plans are found with. The second step
plans the case again at least cost, the difference found being a demand: nothing is built that costs more and makes no
difference, and the plan comes with a proof that no plan with this difference is much cheaper.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
import pyomo.environ as pyo

from ..inputs.case import Case
from .additions import Addition
from .aggregation import aggregate
from .alone import run_alone
from .assemble import assemble
from .cleaning import clean_values, polish
from .common_ground import CommonGround, Demand
from .costs import limit_net_present_cost
from .extraction import extract_tables
from .families import families_of
from .matrix import compile_matrix
from .plan import Plan, Progress, Status
from .proof import FEW_INTEGERS
from .solving import ROUNDING, solve

NO_DIFFERENCE = 0.01
"""Plans of which no more than this share differs count as the same."""

DIRECTION_SHARE = 0.3
"""Share of the time for the first step."""

EXACT_GAP, RELAXED_GAP = 1e-4, 0.05
"""Gap of the difference in the first step, with whole counts and with fractional ones, which only give a direction."""

LESS = 0.7
"""Where the plan found is dearer than the limit, this share of the difference is asked for next."""

TRIES = 3

Why = Literal["found", "none", "no time", "interrupted"]
"""Why the search for an alternative ended: it found one; none exists (proved); out of time; Ctrl-C."""


@dataclass(frozen=True)
class Direction:
    """What the first step found: how much a plan differs from each earlier one, and the demand that says so.

    `tables` are those of the plan found, where its counts were whole.
    """

    difference: float
    demand: Demand
    tables: Mapping[str, pd.DataFrame] | None


@dataclass(frozen=True)
class Alternative:
    """The next plan, if there is one. Its bound and gap are of the case with the difference as a demand."""

    why: Why
    plan: Plan | None = None


def find_alternative(
    case: Case,
    earlier: Sequence[Mapping[Addition, float]],
    limit_cny: float,
    *,
    gap: float = 0.01,
    time_limit: float = 120.0,
    threads: int | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Alternative:
    """Find a plan that costs no more than the limit and differs from all earlier ones as much as possible.

    `earlier` are what the earlier plans add over all years (`additions.totals`). `gap` is the relative gap of the cost
    to prove, `time_limit` the seconds for both steps.
    """
    direction = find_direction(case, earlier, limit_cny, gap=gap, seconds=DIRECTION_SHARE * time_limit)
    if not isinstance(direction, Direction):
        return Alternative(direction)
    demand, difference = direction.demand, direction.difference
    for _ in range(TRIES):
        plan = solve(
            case,
            gap=gap,
            time_limit=(1.0 - DIRECTION_SHARE) * time_limit,
            threads=threads,
            on_progress=on_progress,
            start=direction.tables,
            extend=demand.add_to,
        )
        if plan.interrupted:
            return Alternative("interrupted")
        if plan.objective_cny is not None and plan.objective_cny <= limit_cny + ROUNDING * abs(limit_cny):
            return Alternative("found", plan)
        demand, difference = demand.weaker((1.0 - LESS) * difference), LESS * difference
    return Alternative("no time")


def find_direction(
    case: Case, earlier: Sequence[Mapping[Addition, float]], limit_cny: float, *, gap: float, seconds: float
) -> Direction | Why:
    """The first step: look for what differs most from all earlier plans at no more than the limit."""
    if not all(any(amount > 0 for amount in amounts.values()) for amounts in earlier):
        return "none"  # of a plan that adds nothing, nothing can be left alone
    aggregation = aggregate(case)
    model, lookup = assemble(aggregation.case)
    few = sum(int(decisions.whole.sum()) for decisions in families_of(model, pyo.Var)) <= FEW_INTEGERS
    limit_net_present_cost(model, limit_cny if few else limit_cny / (1.0 + gap))
    common = CommonGround(model, lookup, case, earlier)
    matrix = compile_matrix(model).for_plans()
    matrix = replace(matrix, cost=common.objective(matrix.units), offset=0.0)
    if not few:
        matrix = matrix.with_integer(np.asarray(matrix.families == "enough"))
    outcome = run_alone(matrix, lookup, seconds=seconds, gap=EXACT_GAP if few else RELAXED_GAP, exact=few)
    answer = outcome.answer
    if outcome.interrupted:
        return "interrupted"
    if few and answer.infeasible:
        return "none"
    if answer.point is None:
        return "no time"
    values = answer.point * matrix.units
    found = common.least_difference(values)
    if found <= NO_DIFFERENCE:
        return "none" if few and answer.finished else "no time"
    tables = None
    if few:
        cleaned = clean_values(model, polish(matrix, answer.point) * matrix.units)
        tables = aggregation.restore(extract_tables(model, lookup, cleaned))
    return Direction(found, common.demand(values), tables)


def with_bound_of_case(plan: Plan, bound_cny: float | None) -> Plan:
    """The plan with the bound of the case as it is, without the demand of a difference, and the gap to that bound.

    The course of the search is left out: it was for another bound.
    """
    cost = plan.objective_cny
    if cost is None:
        return plan
    bound = None if bound_cny is None else min(bound_cny, cost)
    gap = None if bound is None else (cost - bound) / max(abs(cost), 1e-9)
    status: Status = "optimal" if gap is not None and gap <= plan.requested_gap + ROUNDING else "feasible"
    return replace(plan, status=status, bound_cny=bound, gap=gap, progress=())
