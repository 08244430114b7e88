"""Trade-offs: what it costs to bring a metric from where the cheapest plan has it towards the best it can be.

Each point of the curve is the cheapest plan under one demand more, that the metric be at least (or at most) a value
(the method of epsilon-constraints). The demand is an ordinary target, so a point is an ordinary plan of a case.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np

from ...inputs.case import Case
from ...inputs.parts import Metric, Scope, Target
from ..aggregation import aggregate
from ..arrays.forms import LinearForm
from ..arrays.matrix import Flags, Matrix, Vector, compile_matrix
from ..arrays.scaling import unit_of
from ..assemble import assemble
from ..costs import limit_net_present_cost
from ..extraction import metric_value
from ..metrics import Metrics
from ..search.branching import FEW_INTEGERS
from ..search.relaxations import weighty
from ..starting import Tables, point_of, starting_point
from .alone import run_alone
from .priced import Priced, plan_at_price

Better = Literal["least", "most"]

LESS_IS_BETTER: frozenset[Metric] = frozenset({"pue", "carbon_tonnes", "capex", "it_mwh", "facility_mwh"})
"""Metrics that a trade-off lowers unless told otherwise; it raises the others."""

COUNTED: frozenset[Metric] = frozenset({"edge_nodes", "districts_with_edge", "green_sites"})
"""Metrics that are whole numbers."""

ONLY_RAISED: frozenset[Metric] = frozenset({"districts_with_edge", "green_sites"})
"""Metrics that no demand can lower: an open site counts whether or not anybody asks."""

TRADED = "traded"
"""The id of the target that a point has and the case has not."""

SAME = 1e-6
"""Values of a metric that differ by no more than this share are the same."""

ROUNDS, FEW_ROUNDS = 12, 3
"""Steps towards the best value of a ratio; each about doubles the digits. With fractional counts few are enough."""

EXACT_GAP, RELAXED_GAP = 1e-7, 1e-2

PRICE_SHARES = (1.0, 1.5)
"""The price on the way to a value is that of the demand with fractional counts; more, where that leads not far enough.
"""

BEND = 0.01
"""A curve whose points are nowhere further from its chord than this, both axes being 1 long, has no knee."""


@dataclass(frozen=True)
class Axis:
    """What is traded for cost: a metric in a scope and a year, and whether less or more of it is better."""

    metric: Metric
    scope: Scope
    year: int
    better: Better

    def target(self, value: float) -> Target:
        """The demand for at least, or at most, this value."""
        return Target(
            id=TRADED,
            metric=self.metric,
            sense="<=" if self.better == "least" else ">=",
            value=value,
            year=self.year,
            scope=self.scope,
            source="a point of the trade-off",
        )

    def demanded(self, case: Case, value: float) -> Case:
        """The case with the demand."""
        return case.model_copy(update={"targets": (*case.targets, self.target(value))})

    def is_better(self, value: float, than: float) -> bool:
        """Whether a value is better than another by more than rounding."""
        gain = than - value if self.better == "least" else value - than
        return gain > SAME * max(abs(value), abs(than))


@dataclass(frozen=True)
class Point:
    """A point of the curve: the metric's value, the plan's cost, and the proved bound of what it can cost."""

    value: float
    cost_cny: float
    bound_cny: float | None = None


@dataclass(frozen=True)
class FarEnd:
    """The best value of the metric that was found, and whether it is proved that there is no better one."""

    value: float
    proved: bool
    interrupted: bool = False


def attained(case: Case, tables: Tables, axis: Axis) -> float | None:
    """The metric's value in a plan of the case; None for a ratio that has none (nothing below the line)."""
    aggregation = aggregate(case)
    model, lookup = assemble(aggregation.case)
    x = point_of(model, lookup, aggregation.merged(tables))
    return metric_value(model, lookup, x, axis.metric, axis.scope, axis.year)


def far_end(
    case: Case,
    axis: Axis,
    nearest: float,
    tables: Tables,
    limit_cny: float,
    *,
    gap: float,
    seconds: float,
) -> FarEnd:
    """The best value of the metric among plans that cost no more than the limit.

    `nearest` is its value in the cheapest plan, with these `tables`. With few whole numbers, the value is that of a
    plan; otherwise cheap counts may be fractional, and the limit of cost is tighter by the `gap` that whole plans are
    found with.

    A ratio's best value is where numerator - value * denominator can just be kept: it is found from below, each time
    asking for the most that the difference can be at the value before (Dinkelbach).
    """
    begun = time.monotonic()
    # The target of the start is one that every plan keeps; it declares what only targets need.
    wanted = axis.demanded(case, 0.0) if axis.better == "most" else case
    aggregation = aggregate(wanted)
    model, lookup = assemble(aggregation.case)
    form = Metrics(model, lookup).form(axis.metric, axis.scope, axis.year)
    limit_net_present_cost(model, limit_cny)
    matrix = compile_matrix(model).for_plans()
    few = matrix.integer.sum() <= FEW_INTEGERS
    start = starting_point(model, lookup, matrix, aggregation.merged(tables))
    if not few:
        matrix = _fractional(matrix, limit_cny, gap, start)
    best = FarEnd(nearest, proved=False)
    rounds = 1 if form.denominator is None else ROUNDS if few else FEW_ROUNDS
    for _ in range(rounds):
        wanted_most = form.against(best.value)
        objective = _objective(matrix, wanted_most, axis.better)
        left = seconds - (time.monotonic() - begun)
        outcome = run_alone(
            replace(matrix, cost=objective, offset=0.0),
            lookup,
            seconds=max(left, 0.0),
            gap=EXACT_GAP if few else RELAXED_GAP,
            start=start,
            exact=bool(few),
        )
        point = outcome.answer.point
        if outcome.interrupted or point is None:
            return replace(best, interrupted=outcome.interrupted)
        start = point
        value = form.value(point * matrix.units)
        proved = bool(few) and outcome.answer.finished
        if value is None or not axis.is_better(value, best.value):
            return replace(best, proved=proved)
        best = FarEnd(value, proved=proved and form.denominator is None)
    return best


def plan_towards(case: Case, axis: Axis, value: float, *, gap: float, seconds: float, threads: int | None) -> Priced:
    """A plan to start from on the way to a value of the metric: one where what the demand costs is a price instead.

    It may attain less, or more. None with few whole numbers, where a plan can be had as well without.
    """
    wanted = axis.demanded(case, value)

    def traded(matrix: Matrix) -> Flags:
        rows = np.flatnonzero(matrix.row_families == "target")
        flags = np.zeros(len(matrix.row_families), dtype=bool)
        flags[[row for row in rows.tolist() if matrix.layout.row(row)[1] == TRADED]] = True
        return flags

    def attains(tables: Tables) -> bool:
        reached = attained(case, tables, axis)
        return reached is not None and not axis.is_better(value, reached)

    return plan_at_price(wanted, traded, shares=PRICE_SHARES, enough=attains, gap=gap, seconds=seconds, threads=threads)


def _fractional(matrix: Matrix, limit_cny: float, gap: float, start: Vector | None) -> Matrix:
    """The matrix with only weighty decisions whole, at a cost limit that leaves room to make the others whole.

    No tighter, though, than what the plan to start from costs.
    """
    least = matrix.objective(start) * matrix.money_unit if start is not None else limit_cny
    limited = np.asarray(matrix.row_families == "cost_limit")
    tighter = max(limit_cny / (1.0 + gap), min(least, limit_cny)) / limit_cny
    upper = np.where(limited, matrix.row_upper * tighter, matrix.row_upper)
    whole = weighty(matrix, limit_cny / matrix.money_unit)
    return replace(matrix, row_upper=upper).with_integer(whole)


def _objective(matrix: Matrix, form: LinearForm, better: Better) -> Vector:
    """What to minimise, by column: the form or its opposite, in a unit that brings its coefficients near one."""
    cost = np.zeros_like(matrix.cost)
    np.add.at(cost, form.columns, form.coefficients)
    cost *= matrix.units if better == "least" else -matrix.units
    return np.asarray(cost / unit_of(cost))


def required_values(axis: Axis, nearest: float, farthest: float, points: int) -> list[float]:
    """The values to demand, from the second point of the curve on: evenly spaced, the last being the far end.

    Whole numbers for what is counted, each once.
    """
    values = np.linspace(nearest, farthest, points)[1:]
    if axis.metric not in COUNTED:
        return [float(value) for value in values]
    whole = np.floor(values + SAME) if axis.better == "most" else np.ceil(values - SAME)
    return [float(value) for value in dict.fromkeys(whole) if axis.is_better(value, nearest)]


def marginal_prices(points: Sequence[Point]) -> list[float | None]:
    """CNY per unit of the metric from each point to the next; None after the last and where the metric stays."""
    prices: list[float | None] = []
    for here, there in pairwise(points):
        step = abs(there.value - here.value)
        prices.append((there.cost_cny - here.cost_cny) / step if step > 0 else None)
    return [*prices, None]


def knee(points: Sequence[Point]) -> int | None:
    """The point that lies furthest below the chord from the first to the last, both axes being scaled to length 1.

    Up to there a step costs less than on average, and from there on more. None where no point lies clearly below.
    """
    if len(points) < 3:
        return None
    value, cost = np.array([(point.value, point.cost_cny) for point in points]).T
    if value[-1] == value[0] or cost[-1] == cost[0]:
        return None
    below = (value - value[0]) / (value[-1] - value[0]) - (cost - cost[0]) / (cost[-1] - cost[0])
    furthest = int(np.argmax(below))
    return furthest if below[furthest] / np.sqrt(2.0) > BEND else None
