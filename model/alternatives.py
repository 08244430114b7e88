"""Alternatives: plans that cost little more than the best one, and build other things or elsewhere.

Two steps lead to the next alternative. The first looks for what differs most: it maximises the smallest difference from
all earlier plans (`strategy`, `common_ground`) under a limit of cost. With few whole numbers it is solved by branch and
bound, otherwise by a tax on what earlier plans add (`diverging`). The second step plans the case again at least cost,
the difference found being a demand, from the plan found on: nothing is built that costs more and makes no difference,
and the plan comes with a proof that no plan that differs as much is much cheaper.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ..inputs.case import Case
from .additions import Addition
from .aggregation import aggregate
from .alone import run_alone
from .assemble import assemble
from .cleaning import clean_values, polish
from .columns import describe_columns
from .common_ground import CommonGround, Demand
from .costs import limit_net_present_cost
from .diverging import Limit, find_tax, taxed
from .extraction import extract_tables
from .forms import LinearForm
from .lookup import Lookup
from .matrix import Matrix, Vector, compile_matrix
from .plan import Plan, Progress, Status
from .proof import FEW_INTEGERS
from .search import Search, run_search
from .solving import ROUNDING, jobs_for, solve
from .starting import Tables, point_of

NO_DIFFERENCE = 0.01
"""Plans of which no more than this share differs count as the same."""

DIRECTION_SHARE = 0.6
"""Share of the time for the first step ..."""

FIRST_SHARE = 0.6
"""... and share of what is left of that for the first tax, and so on."""

DIRECTION_GAP = 1e-4

LESS = 0.2
"""Where a plan is dearer than the limit, this share less of the difference is asked for, each time."""

TRIES = 3

TAX_SHARES = (0.6, 0.3, 0.15)
"""The tax is this part of what difference costs with fractional counts; less, as long as plans are dearer than the
limit: whole plans reach less difference, and it costs more."""

Why = Literal["found", "none", "no time", "interrupted"]
"""Why the search for an alternative ended: it found one; none exists (proved); out of time; Ctrl-C."""


@dataclass(frozen=True)
class Direction:
    """What the first step found: a plan, how much it differs from each earlier one at least, and that as a demand."""

    difference: float
    demand: Demand
    tables: Tables


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
    time_limit: float = 120.0,
    threads: int | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Alternative:
    """Find a plan that costs no more than the limit and differs from all earlier ones as much as possible.

    `earlier` are what the earlier plans add over all years (`additions.totals`), `tables` those of one of them. `gap`
    is the relative gap of the cost to prove, `time_limit` the seconds for both steps.
    """
    direction = find_direction(
        case, earlier, limit_cny, tables, gap=gap, seconds=DIRECTION_SHARE * time_limit, threads=threads
    )
    if not isinstance(direction, Direction):
        return Alternative(direction)
    demand, tables = direction.demand, direction.tables
    cost = float(tables["costs"]["discounted_cny"].sum())
    for _ in range(TRIES):
        if cost > limit_cny + ROUNDING * abs(limit_cny):
            demand = demand.weaker(LESS * direction.difference)
        plan = solve(
            case,
            gap=gap,
            time_limit=(1.0 - DIRECTION_SHARE) * time_limit,
            threads=threads,
            on_progress=on_progress,
            start=tables,
            extend=demand.add_to,
        )
        if plan.interrupted:
            return Alternative("interrupted")
        if plan.objective_cny is None:
            return Alternative("no time")
        tables, cost = plan.tables, plan.objective_cny
        if cost <= limit_cny + ROUNDING * abs(limit_cny):
            return Alternative("found", plan)
    return Alternative("no time")


def find_direction(
    case: Case,
    earlier: Sequence[Mapping[Addition, float]],
    limit_cny: float,
    tables: Tables,
    *,
    gap: float,
    seconds: float,
    threads: int | None = None,
) -> Direction | Why:
    """The first step: look for what differs most from all earlier plans at no more than the limit.

    `tables` are those of an earlier plan. In a large case the plan found may cost more than the limit; it is the
    second step that brings it down.
    """
    if not all(any(amount > 0 for amount in amounts.values()) for amounts in earlier):
        return "none"  # of a plan that adds nothing, nothing can be left alone
    aggregation = aggregate(case)
    model, lookup = assemble(aggregation.case)
    plain = compile_matrix(model)
    limit_net_present_cost(model, limit_cny)
    common = CommonGround(model, lookup, case, earlier)
    matrix = compile_matrix(model).for_plans()
    matrix = replace(matrix, cost=common.objective(matrix.units), offset=0.0)
    if matrix.integer.sum() <= FEW_INTEGERS:
        outcome = run_alone(matrix, lookup, seconds=seconds, gap=DIRECTION_GAP, exact=True)
        found = _Found(outcome.answer.point, matrix, outcome.interrupted, outcome.answer.finished)
        if outcome.answer.infeasible:
            return "none"
    else:
        start = common.follow(point_of(model, lookup, aggregation.merged(tables)))
        limit = Limit(limit_cny, float(tables["costs"]["discounted_cny"].sum()))
        found = _by_tax(plain, matrix, lookup, common, start, limit, gap=gap, seconds=seconds, threads=threads)
    if found.interrupted:
        return "interrupted"
    if found.point is None:
        return "no time"
    values = common.follow(clean_values(model, polish(found.matrix, found.point) * found.matrix.units))
    difference = common.least_difference(values)
    if difference <= NO_DIFFERENCE:
        return "none" if found.is_best else "no time"
    return Direction(difference, common.demand(values), aggregation.restore(extract_tables(model, lookup, values)))


@dataclass(frozen=True)
class _Found:
    """A point of a matrix, and whether it is proved that none differs more."""

    point: Vector | None
    matrix: Matrix
    interrupted: bool
    is_best: bool = False


def _by_tax(
    plain: Matrix,
    matrix: Matrix,
    lookup: Lookup,
    common: CommonGround,
    start: Vector,
    limit: Limit,
    *,
    gap: float,
    seconds: float,
    threads: int | None,
) -> _Found:
    """Look for a plan of least cost and tax on what earlier plans add; a point of the case's own `plain` matrix.

    Where it costs more than the limit, it is looked for again at a lower tax.
    """
    taxes: list[LinearForm | None] = []
    tighter = limit.tighter(matrix, gap)
    state = Search(matrix, describe_columns(matrix, lookup), gap, seconds)

    def find(state: Search) -> None:
        taxes.append(find_tax(state, tighter, common, start / matrix.units, limit))

    run_search(state, (find,), None)
    if state.interrupted or not taxes or taxes[0] is None:
        return _Found(None, plain, state.interrupted)
    columns = describe_columns(plain, lookup)
    found = _Found(None, plain, interrupted=False)
    for share in TAX_SHARES:
        dearer = taxed(plain, taxes[0], share)
        search = Search(dearer, columns, gap, FIRST_SHARE * max(0.0, state.remaining()))
        run_search(search, jobs_for(threads), None)
        if search.best is not None or search.interrupted:
            found = _Found(search.best, dearer, search.interrupted)
        if found.interrupted or (found.point is not None and limit.allows(plain, found.point)):
            return found
    return found


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
