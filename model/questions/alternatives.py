"""Alternatives: plans that cost little more than the best one, and build other things or elsewhere.

Two steps lead to the next alternative. The first looks for what differs most (`direction`): it maximises the smallest
difference from all earlier plans (`strategy`, `common_ground`) under a limit of cost. With few whole numbers it is
solved by branch and bound, otherwise at a price for what earlier plans add (`priced`). The second step plans the case
again at least cost, the difference found being a demand, from the plan found on: nothing is built that costs more and
makes no difference, and the plan comes with a proof that no plan that differs as much is much cheaper.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from ...inputs.case import Case
from ..plan import Plan, Progress, Status
from ..solving import ROUNDING, solve
from ..starting import Tables
from .additions import Addition
from .direction import Direction, Why, cost_of, find_direction

DIRECTION_SHARE = 0.6
"""Share of the time for the first step."""

LESS = 0.2
"""Where a plan is dearer than the limit, this share less of the difference is asked for, each time."""

TRIES = 3


@dataclass(frozen=True)
class Alternative:
    """The next plan, if there is one. Its bound and gap are of the case with the difference as a demand."""

    why: Why
    plan: Plan | None = None


def find_alternative(
    case: Case,
    earlier: Sequence[Mapping[Addition, float]],
    limit_cny: float,
    tables: Tables,
    *,
    gap: float = 0.01,
    time_limit: float = 300.0,
    threads: int | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Alternative:
    """Find a plan that costs no more than the limit and differs from all earlier ones as much as possible.

    `earlier` are what the earlier plans add over all years (`additions.totals`), `tables` those of one of them. `gap`
    is the relative gap of the cost to prove, `time_limit` the seconds for both steps. Where the plan found is dearer
    than the limit, the second step is taken again, with as many seconds, for less difference.
    """
    seconds = DIRECTION_SHARE * time_limit
    direction = find_direction(case, earlier, limit_cny, tables, gap=gap, seconds=seconds, threads=threads)
    if not isinstance(direction, Direction):
        return Alternative(direction)
    demand, tables = direction.demand, direction.tables
    for _ in range(TRIES):
        if cost_of(tables) > limit_cny + ROUNDING * abs(limit_cny):
            demand = demand.weaker(LESS * direction.difference)
        plan = solve(
            case,
            gap=gap,
            time_limit=time_limit - seconds,
            threads=threads,
            on_progress=on_progress,
            start=tables,
            extend=demand.add_to,
        )
        if plan.interrupted:
            return Alternative("interrupted")
        if plan.objective_cny is None:
            return Alternative("no time")
        if plan.objective_cny <= limit_cny + ROUNDING * abs(limit_cny):
            return Alternative("found", plan)
        tables = plan.tables
    return Alternative("no time")


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
