"""Weaker targets: what the best plan would cost if a target asked for less, found by planning again."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from ...inputs.case import Case
from ...inputs.parts import Target
from ..lookup import ROUNDING
from ..plan import Plan, Progress
from ..solving import solve
from ..starting import Tables

COUNTED = frozenset({"edge_nodes", "districts_with_edge", "green_sites"})
"""Metrics that count whole things: weaker means one less at least."""

NEAR = 0.01
"""A target binds when the plan attains no more than this share beyond what it requires: counts come in lumps."""


@dataclass(frozen=True)
class Weaker:
    """A target that asks for less: by which share, and what it then requires."""

    target: Target
    share: float
    required: float


@dataclass(frozen=True)
class Relieved:
    """What planning again for a weaker target led to. Savings in CNY of net present cost.

    `found_cny`: the plan found costs that much less than the best plan known with the target as it is. `least_cny`,
    `most_cny`: what the bounds prove of the saving between the two best plans there can be, found or not; None where no
    bound is known.
    """

    weaker: Weaker
    cost_cny: float
    bound_cny: float | None
    found_cny: float
    least_cny: float
    most_cny: float | None


@dataclass(frozen=True)
class Relief:
    """All of them; `best_cny` is the cheapest plan known that keeps the targets as they are, `bound_cny` its bound.

    Planning for a weaker target may find a better plan that keeps the old one: then `best_cny` is below the cost of the
    plan that was started from. `interrupted`: not all were planned.
    """

    each: tuple[Relieved, ...]
    best_cny: float
    bound_cny: float | None
    interrupted: bool


def binding(target: Target, attained: float | None) -> bool:
    """Whether a plan attains what the target requires and hardly more, or misses it."""
    if attained is None:
        return False
    beyond = target.value - attained if target.sense == "<=" else attained - target.value
    return target.sense == "==" or beyond <= NEAR * abs(target.value)


def weaker(target: Target, shares: Iterable[float]) -> Iterator[Weaker]:
    """The target weakened by each share of what it requires; none of an exact one, which has no weaker side.

    What counts whole things is weakened by whole things, one at least.
    """
    if target.sense == "==":
        return
    sign = -1.0 if target.sense == ">=" else 1.0
    seen: set[float] = set()
    for share in sorted(shares):
        if target.metric in COUNTED:
            whole = math.ceil(target.value) if target.sense == ">=" else math.floor(target.value)
            required = whole + sign * max(1, math.floor(share * abs(target.value)))
            required = max(0.0, float(required))
        else:
            required = target.value + sign * share * abs(target.value)
        if required != target.value and required not in seen:
            seen.add(required)
            yield Weaker(target, share, required)


def relieve(
    case: Case,
    tables: Tables,
    cost_cny: float,
    bound_cny: float | None,
    asked: Sequence[Weaker],
    *,
    gap: float,
    time_limit: float,
    threads: int | None = None,
    on_start: Callable[[Weaker | None], None] | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Relief:
    """Plan again for each weaker target, from the plan of the tables on, which remains a plan then.

    `cost_cny` and `bound_cny` are what that plan costs and what is proved of the case. Where they are further apart
    than `gap`, the targets as they are come first (`on_start` is told None): what more search finds in any case is no
    saving. Each target's weaker forms come in order, each starting from the plan of the one before, or from the best
    that keeps all targets, whichever is cheaper.
    """

    def plan_for(weak: Weaker | None, start: Tables) -> Plan:
        if on_start is not None:
            on_start(weak)
        asked_for = case if weak is None else _with(case, weak)
        return solve(asked_for, gap=gap, time_limit=time_limit, threads=threads, on_progress=on_progress, start=start)

    bounds, costs, interrupted = [bound_cny], [cost_cny], False
    if bound_cny is None or cost_cny - bound_cny > (gap + ROUNDING) * abs(cost_cny):
        plan = plan_for(None, tables)
        bounds.append(plan.bound_cny)
        interrupted = plan.interrupted
        if plan.objective_cny is not None and plan.objective_cny < cost_cny:
            costs.append(plan.objective_cny)
            tables = plan.tables
    plans: list[tuple[Weaker, Plan]] = []
    for weak in asked:
        if interrupted:
            break
        stronger = plans[-1][1] if plans and plans[-1][0].target.id == weak.target.id else None
        cheaper = stronger is not None and _cost(stronger) < min(costs)
        plan = plan_for(weak, stronger.tables if stronger is not None and cheaper else tables)
        interrupted = plan.interrupted
        bounds.append(plan.bound_cny)
        if plan.objective_cny is not None:
            plans.append((weak, plan))
            if _keeps(weak.target, plan):
                tables = plan.tables if plan.objective_cny < min(costs) else tables
                costs.append(plan.objective_cny)
    # A plan for a weaker target that keeps the target counts for it; no bound for a weaker one is above its own.
    best, least = min(costs), max((bound for bound in bounds if bound is not None), default=None)
    return Relief(tuple(_relieved(weak, plans, best, least) for weak, _ in plans), best, least, interrupted)


def _with(case: Case, weak: Weaker) -> Case:
    eased = weak.target.model_copy(update={"value": weak.required})
    targets = tuple(eased if target.id == weak.target.id else target for target in case.targets)
    return case.model_copy(update={"targets": targets})


def _cost(plan: Plan) -> float:
    assert plan.objective_cny is not None
    return plan.objective_cny


def _keeps(target: Target, plan: Plan) -> bool:
    """Whether the plan meets the target as it was. A soft one pays for what is missed: then it is another sum."""
    attained = float(plan.tables["targets"].set_index("target")["attained"].loc[target.id])
    slack = ROUNDING * abs(target.value)
    return attained >= target.value - slack if target.sense == ">=" else attained <= target.value + slack


def _relieved(weak: Weaker, plans: Sequence[tuple[Weaker, Plan]], best: float, least: float | None) -> Relieved:
    """Of one target, a plan for a stronger form is one for a weaker, and a bound for a weaker is one for a stronger."""
    same = [(other, plan) for other, plan in plans if other.target.id == weak.target.id]
    cost = min([best, *(_cost(plan) for other, plan in same if other.share <= weak.share)])
    bounds = [plan.bound_cny for other, plan in same if other.share >= weak.share and plan.bound_cny is not None]
    bound = max(bounds, default=None)
    return Relieved(
        weak,
        cost,
        bound,
        best - cost,
        0.0 if least is None else max(0.0, least - cost),
        None if bound is None else max(0.0, best - bound),
    )
