"""Prices: what one unit of each target and limit costs at a plan, as the solver's row prices tell.

Twice: with every whole number held at the plan's (halls, steps, servers: only shares and green electricity may move),
and as if halls, steps and servers could be had in fractions, at the best plan of that kind. The first is exact, and
zero for what only whole numbers decide; the second says what is scarce.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import highspy
import numpy as np
import pandas as pd

from ...inputs.case import Case
from ..aggregation import aggregate
from ..arrays.families import Model
from ..arrays.matrix import Matrix, Vector, compile_matrix, hand_over
from ..arrays.members import Members, Positions
from ..assemble import assemble
from ..lookup import Lookup
from ..metrics import MetricForm, Metrics
from ..search.branching import branch_and_bound
from ..search.restriction import held
from ..starting import Tables, starting_point

LIMITS: Mapping[str, tuple[str, str, str]] = {
    "site_power": ("site_power", "site", ""),
    "steps": ("grid_steps", "site", ""),
    "racks": ("racks", "site", "hall"),
    "hall_power": ("racks", "site", "hall"),
    "plot": ("halls", "site", ""),
    "supply": ("supply", "", "hardware"),
    "egress": ("egress", "site", ""),
    "green_limit": ("green", "site", ""),
    "backup_apart": ("zone", "zone", ""),
    "budget": ("budget", "", ""),
}
"""Constraint -> kind of limit, and the dimensions that name its place and what it limits."""

BOUNDED_BY_ROWS = ("build", "halls", "upgrade", "buy", "own")
"""Decisions whose upper bounds say no more than rows do: without them the rows bear the whole price."""

STEP = 1e-4
"""A price must hold when the target is weakened by this share: where prices are ambiguous, the least is right."""

TOLERANCES = 1e-9, 1e-7
SOLVED = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kModelEmpty)

ROUND = 1e-9
"""Prices below this share of the largest are what the solver's tolerance leaves behind."""


class NoPlanError(Exception):
    """The tables are no plan of the case: they were changed, or the case was."""


@dataclass(frozen=True)
class Prices:
    """What is saved when a target or limit is weakened by one unit, CNY of net present cost.

    `targets`: target, held, divisible; a ratio per unit of the ratio itself (1 = 100 percentage points), an exact
    target per unit less. `limits`: kind, place, thing, year, held, divisible, workloads; those with any price. A rack's
    price includes its power. A zone's price is the sum over the workloads (`workloads` of them) that its rule costs
    something, each per whole workload exempt from it. `divisible` is NaN where the solver did not end in time.
    """

    targets: pd.DataFrame
    limits: pd.DataFrame


def price(case: Case, tables: Tables, *, time_limit: float = 300.0) -> Prices:
    """Price the targets and limits of a case at the plan of the tables. Raises NoPlanError."""
    aggregation = aggregate(case)
    model, lookup = assemble(aggregation.case, as_stated=True)
    matrix = compile_matrix(model)
    x = starting_point(model, lookup, matrix, aggregation.merged(tables))
    if x is None:
        raise NoPlanError
    upper = np.where(matrix.families.isin(BOUNDED_BY_ROWS), np.inf, matrix.upper)
    matrix = matrix.with_bounds(matrix.lower, upper)
    at_plan = _Held(matrix, x)
    at_best = _divisible(matrix, time_limit)
    targets = _targets(model, lookup, matrix, at_plan, at_best)
    members = {merged: len(ids) for merged, ids in aggregation.members.items()}
    return Prices(targets, _limits(model, matrix, at_plan.row_prices(), at_best[0], members))


class _Held:
    """The linear problem of the shares with every whole number held at the plan's."""

    def __init__(self, matrix: Matrix, x: Vector) -> None:
        self._matrix = held(matrix, matrix.integer, x).with_integer(np.zeros_like(matrix.integer))
        self._highs = hand_over(self._matrix)
        self._highs.setOptionValue("threads", 1)
        self._solve_tightly()
        solution = self._highs.getSolution()
        self.x = np.array(solution.col_value)
        self._duals = np.array(solution.row_dual)
        movable = ~matrix.integer & (matrix.lower < matrix.upper)
        self._duals[np.asarray(np.abs(matrix.coefficients) @ movable.astype(float)) == 0] = 0.0

    def _solve_tightly(self) -> None:
        """Solve to the tightest tolerance that the numbers of the case allow. Raises NoPlanError."""
        for tolerance in TOLERANCES:
            for kind in ("primal_feasibility_tolerance", "dual_feasibility_tolerance"):
                self._highs.setOptionValue(kind, tolerance)
            self._solve()
            if self._highs.getModelStatus() in SOLVED:
                return
        raise NoPlanError

    def _solve(self) -> float:
        self._highs.run()
        return float(self._highs.getInfo().objective_function_value)

    def row_prices(self) -> Vector:
        """What the cost rises when a row's bound does, row by row, in the matrix's units; one choice of them."""
        return self._duals

    def price_of(self, row: int, sense: str) -> float:
        """The price of one row, such that weakening it really saves that."""
        dual = float(self._duals[row])
        if dual == 0 or sense == "==":
            return dual
        m = self._matrix
        low, high = float(m.row_lower[row]), float(m.row_upper[row])
        size = np.abs(m.coefficients[[row], :] * self.x).sum()
        step = STEP * max(1.0, float(size))
        before = self._solve()
        self._bound(row, low - step, high) if sense == ">=" else self._bound(row, low, high + step)
        slope = (before - self._solve()) / step
        self._bound(row, low, high)
        return float(np.copysign(min(abs(dual), max(0.0, slope)), dual))

    def _bound(self, row: int, low: float, high: float) -> None:
        infinity = highspy.kHighsInf
        self._highs.changeRowBounds(row, max(low, -infinity), min(high, infinity))


def _divisible(matrix: Matrix, seconds: float) -> tuple[Vector, Vector]:
    """Row prices and point of the best plan in fractions; NaN where it is not found in time."""
    fractions = matrix.with_integer(np.zeros_like(matrix.integer))
    answer = branch_and_bound(fractions, seconds=seconds, gap=0.0, stopped=lambda: False)
    if answer.row_prices is None or answer.point is None:
        return np.full(matrix.coefficients.shape[0], np.nan), np.zeros_like(matrix.cost)
    return answer.row_prices, answer.point


def _rows_of(matrix: Matrix, family: str) -> tuple[Positions, Members]:
    """The rows of a family of constraints, and the member that each is about."""
    rows = np.flatnonzero(np.asarray(matrix.row_families == family))
    first = 0
    for name, members in matrix.layout.rows.items():
        if name == family:
            return rows, members.only(matrix.layout.kept_rows[rows] - first)
        first += len(members)
    raise KeyError(family)


def _targets(
    model: Model, lookup: Lookup, matrix: Matrix, at_plan: _Held, at_best: tuple[Vector, Vector]
) -> pd.DataFrame:
    rows, members = _rows_of(matrix, "target")
    row_of = dict(zip(members.labels(0).tolist(), rows.tolist(), strict=True))
    metrics = Metrics(model, lookup)
    best_prices, best = at_best
    found = []
    for target in lookup.case.targets:
        held_cny = divisible_cny = 0.0
        if target.id in row_of:  # otherwise no decision has any effect on it
            row = row_of[target.id]
            cny = matrix.money_unit / float(matrix.row_units[row])
            form = metrics.form(target.metric, target.scope, target.year)
            dual = at_plan.price_of(row, target.sense)
            held_cny = _saved(dual * cny * _per_unit(form, at_plan.x * matrix.units), target.sense)
            divisible_cny = _saved(float(best_prices[row]) * cny * _per_unit(form, best * matrix.units), target.sense)
        found.append((target.id, held_cny, divisible_cny))
    return pd.DataFrame(found, columns=["target", "held", "divisible"])


def _per_unit(form: MetricForm, x: Vector) -> float:
    """How much of its row one unit of a metric is: of a ratio, which stands there without division, the denominator."""
    return 1.0 if form.denominator is None else form.denominator.value(x)


def _saved(cny: float, sense: str) -> float:
    """What weakening by one unit saves, where raising the bound by one costs so much."""
    return cny if sense == "==" else float(np.maximum(0.0, cny if sense == ">=" else -cny)) + 0.0


def _limits(
    model: Model, matrix: Matrix, at_plan: Vector, at_best: Vector, workloads: Mapping[str, int]
) -> pd.DataFrame:
    """The limits with any price, by kind; rows of the same place, thing and year add up."""
    money = matrix.money_unit / matrix.row_units
    last = model.dimension["year"].labels[-1]
    parts = []
    for family, (kind, place, thing) in LIMITS.items():
        rows, members = _rows_of(matrix, family)
        factor = np.ones(len(rows))
        if family == "hall_power":
            factor = model.hall.rack_kw.array[members.of("hall")]
        labels = {name: members.labels(members.names.index(name)) for name in members.names}
        count = [workloads.get(str(w), 1) for w in labels["workload"]] if "workload" in labels else 0
        table = pd.DataFrame({"held": -at_plan[rows] * money[rows], "divisible": -at_best[rows] * money[rows]})
        table[["held", "divisible"]] = table[["held", "divisible"]].clip(lower=0.0).mul(factor, axis=0)
        table = table.assign(
            kind=kind,
            place=labels.get(place, ""),
            thing=labels.get(thing, ""),
            year=labels.get("year", last),
            workloads=np.where(table[["held", "divisible"]].max(axis=1) > 0, count, 0),
        )
        parts.append(table)
    every = pd.concat(parts, ignore_index=True)
    keys = ["kind", "place", "thing", "year"]
    sums = every.groupby(keys, sort=False)[["held", "divisible", "workloads"]].sum(min_count=1).reset_index()
    for name in ("held", "divisible"):
        sums[name] = sums[name].mask(sums[name] <= ROUND * sums[name].max(), 0.0)
    priced = sums[(sums["held"] > 0) | (sums["divisible"] > 0)]
    return priced.astype({"place": "str", "thing": "str", "year": "int64", "workloads": "int64"}).reset_index(drop=True)
