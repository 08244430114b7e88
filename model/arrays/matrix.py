"""The matrix: the model as numbers, scaled, and handed to HiGHS without a file or a slow interface."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import prod
from typing import Any, TypeAlias

import highspy
import numpy as np
import pandas as pd
import pyomo.environ as pyo
from pyomo.common.gc_manager import PauseGC
from scipy import sparse

from ..costs import discounted
from ..plan import MatrixSize
from .families import Model, families_of
from .members import Flags, Members, Positions, Vector
from .scaling import scale_factors, unit_of
from .tracing import joined, trace_rows

__all__ = ["Flags", "Layout", "Matrix", "Vector", "compile_matrix", "hand_over", "scale"]

SUMS = ("own", "halls", "district_has_edge")
"""Whole columns that follow from others. They are declared whole because HiGHS 1.15 can otherwise find that out by
itself and then tighten coefficients wrongly (its issue 3274)."""

YEAR_BY_YEAR = ("build", "convert", "upgrade", "buy")
"""Decisions that add to what is there: so many in one year, so many in the next."""

ALONE = -1
"""The number of a column that is of no series."""

Families: TypeAlias = "pd.Categorical[str]"
"""The name of the family that each row or column belongs to; compares with names and is picked from like an array."""

HOLDS = 1e-9
"""A row without decisions holds if its bounds are met within this."""


@dataclass(frozen=True)
class Layout:
    """What rows and columns stand for: their families one after another, and the members of each."""

    columns: Mapping[str, Members]
    rows: Mapping[str, Members]
    kept_rows: Positions

    def column(self, number: int) -> tuple[str, Any]:
        """The decision and the index of a column."""
        return _named(self.columns, number)

    def row(self, number: int) -> tuple[str, Any]:
        """The constraint and the index of a row."""
        return _named(self.rows, int(self.kept_rows[number]))


@dataclass(frozen=True)
class Matrix:
    """min cost'x + offset with row_lower <= A x <= row_upper, lower <= x <= upper, some x integer.

    `families` names the decision each column belongs to ("buy", "place" ...), `row_families` the constraint each row
    belongs to ("racks", "target" ...). A 1 in column j is `units[j]` of its decision in the case's units, a 1 in row i
    is `row_units[i]` of its constraint's, cost is in `money_unit` CNY. `series` numbers what is decided year by year:
    columns of the same number add to the same thing, in the order of their years; `ALONE` are all others. `reach` is
    the most that a column can be in a plan worth having (see `strengthening`); HiGHS is not told. `layout` is that of
    the whole model's matrix, also for a part of it.
    """

    coefficients: sparse.csc_array
    cost: Vector
    offset: float
    lower: Vector
    upper: Vector
    row_lower: Vector
    row_upper: Vector
    reach: Vector
    integer: Flags
    series: Positions
    families: Families
    row_families: Families
    layout: Layout
    units: Vector
    row_units: Vector
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

    def violation(self, x: Vector) -> float:
        """By how much a point misses a row, a bound or a whole number, at most."""
        used = self.coefficients @ x
        missed = [
            np.maximum(self.row_lower - used, used - self.row_upper),
            np.maximum(self.lower - x, x - self.upper),
            np.abs(x - np.round(x))[self.integer],
        ]
        return float(max(each.max(initial=0.0) for each in missed))

    def for_plans(self) -> Matrix:
        """The same matrix with only decisions whole; the sums of whole decisions are whole by themselves."""
        return self.with_integer(self.integer & ~self.families.isin(SUMS))

    def with_bounds(self, lower: Vector, upper: Vector) -> Matrix:
        """The same matrix with other column bounds."""
        return replace(self, lower=lower, upper=upper)

    def with_integer(self, integer: Flags) -> Matrix:
        """The same matrix with other integer columns."""
        return replace(self, integer=integer)


def compile_matrix(model: Model) -> Matrix:
    """Turn the model into a scaled matrix.

    A row without any decision is left out; where it cannot hold, its name is noted in `model.impossible`.
    """
    with PauseGC():
        return scale(compiled(model))


def compiled(model: Model) -> Matrix:
    """Turn the model into a matrix in the units of the case."""
    decisions = families_of(model, pyo.Var)
    constraints = families_of(model, pyo.Constraint)
    relations = [each.relation or trace_rows(model, each.members, each.stated) for each in constraints]
    layout_columns = {each.local_name: each.members for each in decisions}
    layout_rows = {each.local_name: each.members for each in constraints}
    first = np.cumsum([0, *(len(members) for members in layout_rows.values())])
    count = sum(len(members) for members in layout_columns.values())
    rows, columns, coefficients = joined(
        [
            (rows + np.int32(start), columns, coefficients)
            for relation, start in zip(relations, first, strict=False)
            for rows, columns, coefficients in relation.terms.pieces
        ]
    )
    a = sparse.coo_array((coefficients, (rows, columns)), shape=(int(first[-1]), count)).tocsc()
    a.eliminate_zeros()  # some terms are 0, and like ones may cancel
    lower = np.concatenate([relation.lower for relation in relations])
    upper = np.concatenate([relation.upper for relation in relations])
    used = np.zeros(a.shape[0], dtype=bool)
    used[a.indices] = True
    impossible = np.flatnonzero(~used & ((lower > HOLDS) | (upper < -HOLDS)))
    model.impossible = [_named(layout_rows, row) for row in impossible.tolist()]
    kept = np.flatnonzero(used)
    if len(kept) < len(used):
        new_number = np.cumsum(used, dtype=np.int32) - np.int32(1)
        a = sparse.csc_array((a.data, new_number[a.indices], a.indptr), shape=(len(kept), count))
    return Matrix(
        coefficients=a,
        cost=discounted(model, count),
        offset=0.0,
        lower=np.concatenate([each.lower_bounds for each in decisions]),
        upper=np.concatenate([each.upper_bounds for each in decisions]),
        reach=np.concatenate([each.reach for each in decisions]),
        row_lower=lower[kept],
        row_upper=upper[kept],
        integer=np.concatenate([each.whole for each in decisions]),
        series=_series(layout_columns),
        families=_family_of_each(layout_columns),
        row_families=_family_of_each(layout_rows)[kept],
        layout=Layout(layout_columns, layout_rows, kept),
        units=np.ones(count),
        row_units=np.ones(len(kept)),
        money_unit=1.0,
    )


def _series(columns: Mapping[str, Members]) -> Positions:
    """The series of each column: one for each index without its year, which comes last."""
    series, first = [], 0
    for family, members in columns.items():
        if family in YEAR_BY_YEAR:
            number = np.ravel_multi_index(members.codes[:-1], members.shape[:-1])
            series.append(first + number)
            first += prod(members.shape[:-1])
        else:
            series.append(np.full(len(members), ALONE))
    return np.concatenate(series)


def scale(matrix: Matrix) -> Matrix:
    """Bring coefficients near one by powers of two: rows, continuous columns and the unit of money.

    Integer columns keep their unit, so that whole numbers stay whole. Powers of two change no digit of any number.
    """
    a = matrix.coefficients
    row_scale, column_scale = scale_factors(a, ~matrix.integer)
    cost = matrix.cost * column_scale
    money = unit_of(cost)
    data = row_scale[a.indices]
    data *= a.data
    data *= np.repeat(column_scale, np.diff(a.indptr))
    return replace(
        matrix,
        coefficients=sparse.csc_array((data, a.indices, a.indptr), a.shape),
        cost=cost / money,
        offset=matrix.offset / money,
        lower=matrix.lower / column_scale,
        upper=matrix.upper / column_scale,
        reach=matrix.reach / column_scale,
        row_lower=matrix.row_lower * row_scale,
        row_upper=matrix.row_upper * row_scale,
        units=matrix.units * column_scale,
        row_units=matrix.row_units / row_scale,
        money_unit=matrix.money_unit * money,
    )


def _family_of_each(families: Mapping[str, Members]) -> Families:
    lengths = [len(members) for members in families.values()]
    codes = np.repeat(np.arange(len(lengths), dtype=np.int8), lengths)
    return pd.Categorical.from_codes(codes, pd.Index(list(families)))


def _named(families: Mapping[str, Members], number: int) -> tuple[str, Any]:
    for name, members in families.items():
        if number < len(members):
            return name, members.index(number)
        number -= len(members)
    raise IndexError(number)


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
        a.indptr.astype(np.int32, copy=False),
        a.indices.astype(np.int32, copy=False),
        a.data,
        matrix.integer.astype(np.int32),
    )
    if status == highspy.HighsStatus.kError:
        raise RuntimeError("HiGHS did not accept the matrix")
    return highs
