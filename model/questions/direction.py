"""The way to another plan: what differs most from all earlier plans at a limited cost, as a plan and as a demand."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from ...inputs.case import Case
from ..aggregation import Aggregation, aggregate
from ..arrays.families import Model
from ..arrays.matrix import Matrix, Vector, compile_matrix
from ..assemble import assemble
from ..cleaning import clean_values, polish
from ..costs import limit_net_present_cost
from ..extraction import extract_tables
from ..lookup import Lookup
from ..search.branching import FEW_INTEGERS
from ..starting import Tables, point_of
from .additions import Addition
from .alone import run_alone
from .common_ground import CommonGround, Demand
from .priced import Priced, plan_at_price

NO_DIFFERENCE = 0.01
"""Plans of which no more than this share differs count as the same."""

GAP = 1e-4
"""Of the difference, where it is maximised outright."""

WAY_SHARE, WAY_GAP = 0.15, 0.1
"""Share of the time, and gap, for the difference with fractional counts."""

ROOM = 1.5
"""Whole plans are expected to cost this many times the gap asked for more than fractional ones."""

PRICE_SHARES = (0.6, 0.3, 0.15)
"""The price of a difference is this part of what it costs with fractional counts; less, as long as plans are dearer
than the limit: whole plans reach less difference, and it costs more."""

HIGHER_SHARE = 0.9
"""The price that is tried where the first one leads to a plan within the limit."""

Why = Literal["found", "none", "no time", "interrupted"]
"""Why a search ended: it found a plan; none exists (proved); out of time; Ctrl-C."""


@dataclass(frozen=True)
class Direction:
    """A plan, how much it differs from each earlier one at least, and that as a demand."""

    difference: float
    demand: Demand
    tables: Tables


@dataclass(frozen=True)
class _Task:
    """The model with what a plan shares with earlier ones, and its matrix with that to minimise."""

    case: Case
    aggregation: Aggregation
    model: Model
    lookup: Lookup
    common: CommonGround
    matrix: Matrix

    def direction(self, values: Vector, tables: Tables) -> Direction | None:
        """The direction of a plan; None where it is no other one."""
        difference = self.common.least_difference(values)
        return Direction(difference, self.common.demand(values), tables) if difference > NO_DIFFERENCE else None

    def values(self, tables: Tables) -> Vector:
        """A plan as a point, in the case's units."""
        return self.common.follow(point_of(self.model, self.lookup, self.aggregation.merged(tables)))


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
    """Look for what differs most from all earlier plans at no more than the limit.

    `earlier` are what the earlier plans add over all years, `tables` those of one of them, `gap` the one of cost that
    whole plans are found with. In a large case the plan may cost more than the limit.
    """
    if not all(any(amount > 0 for amount in amounts.values()) for amounts in earlier):
        return "none"  # of a plan that adds nothing, nothing can be left alone
    aggregation = aggregate(case)
    model, lookup = assemble(aggregation.case)
    limit_net_present_cost(model, limit_cny)
    common = CommonGround(model, lookup, case, earlier)
    matrix = compile_matrix(model).for_plans()
    matrix = replace(matrix, cost=common.objective(matrix.units), offset=0.0)
    task = _Task(case, aggregation, model, lookup, common, matrix)
    if matrix.integer.sum() <= FEW_INTEGERS:
        return _outright(task, seconds)
    return _at_price(task, limit_cny, tables, gap=gap, seconds=seconds, threads=threads)


def _outright(task: _Task, seconds: float) -> Direction | Why:
    """By branch and bound."""
    outcome = run_alone(task.matrix, task.lookup, seconds=seconds, gap=GAP, exact=True)
    answer = outcome.answer
    if outcome.interrupted:
        return "interrupted"
    if answer.point is None:
        return "none" if answer.infeasible else "no time"
    decided = clean_values(task.model, polish(task.matrix, answer.point) * task.matrix.units)
    tables = task.aggregation.restore(extract_tables(task.model, task.lookup, decided))
    return task.direction(task.common.follow(decided), tables) or ("none" if answer.finished else "no time")


def _at_price(
    task: _Task, limit_cny: float, tables: Tables, *, gap: float, seconds: float, threads: int | None
) -> Direction | Why:
    """With fractional counts first, for the way to go; then whole plans at the price that this way has."""
    start_cny = cost_of(tables)
    tighter = max(limit_cny - ROOM * gap * abs(limit_cny), start_cny) / limit_cny if limit_cny else 1.0
    limited = np.asarray(task.matrix.row_families == "cost_limit")
    upper = np.where(limited, task.matrix.row_upper * tighter, task.matrix.row_upper)
    fractional = replace(task.matrix, row_upper=upper).with_integer(np.asarray(task.matrix.families == "enough"))
    start = task.values(tables) / task.matrix.units
    way = run_alone(fractional, task.lookup, seconds=WAY_SHARE * seconds, gap=WAY_GAP, start=start)
    if way.interrupted or way.answer.point is None:
        return "interrupted" if way.interrupted else "no time"
    demand = task.common.demand(task.common.follow(way.answer.point * task.matrix.units))
    until = time.monotonic() + (1.0 - WAY_SHARE) * seconds

    def plan(shares: Sequence[float]) -> Priced:
        return plan_at_price(
            task.case,
            lambda matrix: np.asarray(matrix.row_families == "differs"),
            shares=shares,
            enough=lambda found: cost_of(found) <= limit_cny,
            gap=gap,
            seconds=max(0.0, until - time.monotonic()),
            threads=threads,
            extend=demand.add_to,
        )

    priced = plan(PRICE_SHARES)
    if priced.interrupted or priced.tables is None:
        return "interrupted" if priced.interrupted else "no time"
    found = task.direction(task.values(priced.tables), priced.tables)
    if cost_of(priced.tables) <= limit_cny:
        dearer = plan((HIGHER_SHARE,))
        if dearer.interrupted:
            return "interrupted"
        if dearer.tables is not None and cost_of(dearer.tables) <= limit_cny:
            further = task.direction(task.values(dearer.tables), dearer.tables)
            found = max((way for way in (found, further) if way), key=lambda way: way.difference, default=None)
    return found or "no time"


def cost_of(tables: Tables) -> float:
    """Net present cost of a plan, CNY."""
    return float(tables["costs"]["discounted_cny"].sum())
