"""The matrix: the model as numbers, scaled, and handed to HiGHS without a file or a slow interface."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler
from scipy import sparse

from .plan import MatrixSize
from .rows import Model

Vector = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


SUMS = ("own", "halls", "district_has_edge")
"""Whole columns that follow from others. They are declared whole because HiGHS 1.15 can otherwise find that out by
itself and then tighten coefficients wrongly (its issue 3274)."""


@dataclass(frozen=True)
class Matrix:
    """min cost'x + offset with row_lower <= A x <= row_upper, lower <= x <= upper, some x integer.

    `families` names the decision each column belongs to ("buy", "place" ...), `row_families` the constraint each row
    belongs to ("racks", "target" ...). Column j stands for `units[j]` times the value of its variable in the case's
    units, cost is in `money_unit` CNY.
    """

    coefficients: sparse.csc_array
    cost: Vector
    offset: float
    lower: Vector
    upper: Vector
    row_lower: Vector
    row_upper: Vector
    integer: Flags
    families: npt.NDArray[np.str_]
    row_families: npt.NDArray[np.str_]
    variables: tuple[Any, ...]
    constraints: tuple[Any, ...]
    units: Vector
    money_unit: float

    def size(self) -> MatrixSize:
        """Rows, columns, nonzeros, integers and the range of the coefficients as the solver sees them."""
        rows, columns = self.coefficients.shape
        values = np.abs(self.coefficients.data)
        span = (float(values.min()), float(values.max())) if values.size else (0.0, 0.0)
        return MatrixSize(rows, columns, int(self.coefficients.nnz), int(self.integer.sum()), span)

    def objective(self, x: Vector) -> float:
        """Cost of a point, in the matrix's money unit."""
        return float(self.cost @ x) + self.offset

    def for_plans(self) -> Matrix:
        """The same matrix with only decisions whole; the sums of whole decisions are whole by themselves."""
        return self.with_integer(self.integer & ~np.isin(self.families, SUMS))

    def with_bounds(self, lower: Vector, upper: Vector) -> Matrix:
        """The same matrix with other column bounds."""
        return replace(self, lower=lower, upper=upper)

    def with_integer(self, integer: Flags) -> Matrix:
        """The same matrix with other integer columns."""
        return replace(self, integer=integer)

    def load_values(self, x: Vector) -> None:
        """Give the model's variables the values of a point, in the case's units."""
        for variable, value in zip(self.variables, (x * self.units).tolist(), strict=True):
            variable.set_value(value, skip_validation=True)


def compile_matrix(model: Model) -> Matrix:
    """Turn the Pyomo model into a scaled matrix."""
    form = LinearStandardFormCompiler().write(model, mixed_form=True, set_sense=None)
    count = len(form.columns)
    lower, upper = np.empty(count), np.empty(count)
    integer = np.zeros(count, dtype=bool)
    for number, variable in enumerate(form.columns):
        low, high = variable.bounds
        lower[number] = -np.inf if low is None else low
        upper[number] = np.inf if high is None else high
        integer[number] = not variable.is_continuous()
    side = np.fromiter((bound for _, bound in form.rows), dtype=np.int8, count=len(form.rows))
    rhs = np.asarray(form.rhs, dtype=float)
    cost = np.asarray(form.c.todense(), dtype=float).ravel() if form.c.shape[0] else np.zeros(count)
    matrix = Matrix(
        coefficients=sparse.csc_array(form.A),
        cost=cost,
        offset=float(form.c_offset[0]) if len(form.c_offset) else 0.0,
        lower=lower,
        upper=upper,
        row_lower=np.where(side <= 0, rhs, -np.inf),
        row_upper=np.where(side >= 0, rhs, np.inf),
        integer=integer,
        families=np.array([variable.parent_component().local_name for variable in form.columns], dtype=np.str_),
        row_families=np.array([row.parent_component().local_name for row, _ in form.rows], dtype=np.str_),
        variables=tuple(form.columns),
        constraints=tuple(constraint for constraint, _ in form.rows),
        units=np.ones(count),
        money_unit=1.0,
    )
    return scale(matrix)


def scale(matrix: Matrix, rounds: int = 4) -> Matrix:
    """Bring coefficients near one by powers of two: rows, continuous columns and the unit of money.

    Integer columns keep their unit, so that whole numbers stay whole. Powers of two change no digit of any number.
    """
    a = sparse.coo_array(matrix.coefficients)
    size = np.abs(a.data)
    rows, columns = a.shape
    row_scale, column_scale = np.ones(rows), np.ones(columns)
    movable = ~matrix.integer
    for _ in range(rounds):
        now = size * row_scale[a.row] * column_scale[a.col]
        row_scale /= _middle(now, a.row, rows)
        now = size * row_scale[a.row] * column_scale[a.col]
        column_scale = np.where(movable, column_scale / _middle(now, a.col, columns), 1.0)
    row_scale, column_scale = _power_of_two(row_scale), _power_of_two(column_scale)
    cost = matrix.cost * column_scale
    paid = np.abs(cost[cost != 0])
    money = float(_power_of_two(np.array([np.exp(np.log(paid).mean())]))[0]) if paid.size else 1.0
    scaled = sparse.csc_array(
        sparse.coo_array((a.data * row_scale[a.row] * column_scale[a.col], (a.row, a.col)), a.shape)
    )
    return replace(
        matrix,
        coefficients=scaled,
        cost=cost / money,
        offset=matrix.offset / money,
        lower=matrix.lower / column_scale,
        upper=matrix.upper / column_scale,
        row_lower=matrix.row_lower * row_scale,
        row_upper=matrix.row_upper * row_scale,
        units=matrix.units * column_scale,
        money_unit=matrix.money_unit * money,
    )


def _middle(values: Vector, group: npt.NDArray[Any], groups: int) -> Vector:
    """Geometric mean of the smallest and largest value of each group; 1 for an empty group."""
    smallest, largest = np.full(groups, np.inf), np.zeros(groups)
    np.minimum.at(smallest, group, values)
    np.maximum.at(largest, group, values)
    used = largest > 0
    return np.sqrt(np.where(used, np.where(used, smallest, 1.0) * largest, 1.0))


def _power_of_two(values: Vector) -> Vector:
    return np.asarray(np.exp2(np.round(np.log2(values))))


def hand_over(matrix: Matrix) -> highspy.Highs:
    """A silent HiGHS that holds the matrix."""
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    a = matrix.coefficients
    rows, columns = a.shape
    infinity = highspy.kHighsInf
    status = highs.passModel(
        columns,
        rows,
        int(a.nnz),
        int(highspy.MatrixFormat.kColwise),
        int(highspy.ObjSense.kMinimize),
        matrix.offset,
        matrix.cost,
        np.clip(matrix.lower, -infinity, infinity),
        np.clip(matrix.upper, -infinity, infinity),
        np.clip(matrix.row_lower, -infinity, infinity),
        np.clip(matrix.row_upper, -infinity, infinity),
        a.indptr.astype(np.int32),
        a.indices.astype(np.int32),
        a.data,
        matrix.integer.astype(np.int32),
    )
    if status == highspy.HighsStatus.kError:
        raise RuntimeError("HiGHS did not accept the matrix")
    return highs
