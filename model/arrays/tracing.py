"""Tracing: each rule is called once, and what it wrote down is evaluated with NumPy for all members at once.

Pyomo calls a rule with placeholders instead of indices (a *template*) and hands back the expression it returns, in
which `sum(... for s in m.placing[w, :, t])` is one node. `linear_terms` walks that expression once. Where it stands it
keeps a *frame*: one entry for every combination of indices that the expression is meant for at this point - the members
of the rule's set at first, and inside a sum those of the slice that it runs over.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from pyomo.core.expr import numeric_expr, relational_expr
from pyomo.core.expr.template_expr import GetItemExpression, IndexTemplate, TemplateSumExpression, templatize_rule

from .components import Decisions, Numbers
from .members import ABSENT, Members, Positions, Slice, Vector

Amount: TypeAlias = float | Vector
"""One number for a whole frame, or one for each entry."""

PRODUCTS = (numeric_expr.ProductExpression, numeric_expr.MonomialTermExpression)
SUMS = (numeric_expr.SumExpression, numeric_expr.LinearExpression)


Piece: TypeAlias = tuple[Positions, Positions, Vector]
"""Coefficients as triplets: which member's row, which column, how much."""


@dataclass(frozen=True)
class Terms:
    """Coefficients piece by piece, as they stand in the rule, and a constant for each member's row.

    One coefficient may be given in several pieces and means their sum; some may be 0.
    """

    members: Members
    pieces: tuple[Piece, ...]
    constants: Vector

    @cached_property
    def _joined(self) -> Piece:
        rows, columns, coefficients = joined(self.pieces)
        if not coefficients.all():
            used = coefficients != 0
            rows, columns, coefficients = rows[used], columns[used], coefficients[used]
        return rows, columns, coefficients

    @property
    def rows(self) -> Positions:
        """The row of each coefficient that is not 0."""
        return self._joined[0]

    @property
    def columns(self) -> Positions:
        """The column of each coefficient that is not 0."""
        return self._joined[1]

    @property
    def coefficients(self) -> Vector:
        """The coefficients that are not 0."""
        return self._joined[2]

    def values(self, x: Vector) -> Vector:
        """The amount of every member at a point."""
        sums = np.bincount(self.rows, self.coefficients * x[self.columns], minlength=len(self.members))
        return self.constants + sums


@dataclass
class Relation:
    """Rows: lower <= terms <= upper."""

    terms: Terms
    lower: Vector
    upper: Vector


def joined(pieces: Sequence[Piece]) -> Piece:
    """All pieces as one."""
    if len(pieces) == 1:
        return pieces[0]
    nothing = np.empty(0, dtype=np.int32)
    rows, columns, coefficients = zip((nothing, nothing, np.empty(0)), *pieces, strict=True)
    return np.concatenate(rows), np.concatenate(columns), np.concatenate(coefficients)


def trace_amounts(model: Any, members: Members, rule: Callable[..., Any]) -> Terms:
    """The linear amount `rule(model, *index)` of every member."""
    expression, indices = templatize_rule(model, lambda block, index: rule(block, *index), members)
    return linear_terms(expression, indices, members)


def trace_rows(model: Any, members: Members, rule: Callable[..., Any]) -> Relation:
    """The constraint `rule(model, *index)` of every member."""
    relation, indices = templatize_rule(model, lambda block, index: rule(block, *index), members)
    left, right = relation.args  # a <= b or a == b
    terms = linear_terms(left - right, indices, members)
    most = -terms.constants
    equal = isinstance(relation, relational_expr.EqualityExpression)
    return Relation(terms, most if equal else np.full(len(members), -np.inf), most)


def trace_numbers(model: Any, members: Members, rule: Callable[..., Any]) -> Vector:
    """The number `rule(model, *index)` of every member."""
    expression, indices = templatize_rule(model, lambda block, index: rule(block, *index), members)
    frame = _Frame(members, None, None)
    frame.hold(indices)
    return np.broadcast_to(_amount(expression, frame), len(members)).astype(float)


def linear_terms(expression: Any, indices: tuple[Any, ...], members: Members) -> Terms:
    """Evaluate a traced expression for all members."""
    frame = _Frame(members, None, None)
    frame.hold(indices)
    sink = _Sink(np.zeros(len(members)))
    _collect(expression, frame, 1.0, sink)
    return Terms(members, tuple(sink.pieces), sink.constants)


@dataclass
class _Sink:
    """Where the terms of an expression are gathered."""

    constants: Vector
    pieces: list[Piece] = field(default_factory=list)


class _Frame:
    """What the placeholders stand for: entry by entry, members of a set (None: all, in order) beside an outer frame."""

    def __init__(self, members: Members, picked: Positions | None, outer: tuple[_Frame, Positions] | None) -> None:
        self.members, self.picked, self.outer = members, picked, outer
        self.size = len(members) if picked is None else len(picked)
        self.slice: Slice | None = None
        self._axis: dict[int, int] = {}
        self._known: dict[int, npt.NDArray[Any]] = {}
        self._rows: Positions | None = None

    def hold(self, placeholders: tuple[Any, ...], slice_: Slice | None = None) -> None:
        """These placeholders stand for the dimensions of the members (of a slice: for those left free)."""
        self.slice = slice_
        axes = range(len(placeholders)) if slice_ is None else slice_.free
        self._axis = {id(placeholder): axis for placeholder, axis in zip(placeholders, axes, strict=True)}

    @property
    def rows(self) -> Positions:
        """The member of the rule's own set that each entry belongs to."""
        if self._rows is None:
            if self.outer is None:
                self._rows = np.arange(self.size, dtype=np.int32)
            else:
                around, entry = self.outer
                self._rows = entry if around.outer is None else around.rows[entry]
        return self._rows

    def numbers(self, placeholder: Any) -> npt.NDArray[Any]:
        """The number that a placeholder stands for in each entry."""
        key = id(placeholder)
        if key not in self._known:
            if key in self._axis:
                codes = self.members.codes[self._axis[key]]
                self._known[key] = codes if self.picked is None else codes[self.picked]
            else:
                assert self.outer is not None, "every placeholder belongs to the rule or to a sum around it"
                self._known[key] = self.outer[0].numbers(placeholder)[self.outer[1]]
        return self._known[key]

    def dimension(self, placeholder: Any) -> str:
        """What a placeholder stands for."""
        if id(placeholder) in self._axis:
            return self.members.names[self._axis[id(placeholder)]]
        assert self.outer is not None
        return self.outer[0].dimension(placeholder)

    def positions(self, decisions: Decisions, index: tuple[Any, ...]) -> Positions:
        """The positions of decisions at an index; those of the entries themselves where the index is theirs."""
        members = decisions.members
        if members is self.members and self._is_own(index):
            return np.arange(self.size, dtype=np.int32) if self.picked is None else self.picked
        return members.find([_index(part, axis, decisions, self) for axis, part in enumerate(index)])

    def _is_own(self, index: tuple[Any, ...]) -> bool:
        fixed = self.slice.fixed if self.slice is not None else ()
        return all(
            self._axis.get(id(part), ABSENT) == axis or (axis < len(fixed) and part is fixed[axis])
            for axis, part in enumerate(index)
        )


def _inside(total: Any, frame: _Frame) -> _Frame:
    """The frame inside a sum: every entry once for each member of the slice that the sum runs over."""
    for placeholders in total.template_iters():
        over = placeholders[0]._set
        if isinstance(over, Members):
            over = over[(slice(None),) * len(over.dimensions)]
        parts = [_index(over.fixed[axis], axis, over.members, frame) for axis in over.bound]
        outer, picked = over.members.matching(over.bound, parts, frame.size)
        inner = _Frame(over.members, picked, (frame, outer))
        inner.hold(placeholders, over)
        frame = inner
    return frame


def _index(part: Any, axis: int, of: Members | Numbers | Decisions, frame: _Frame) -> npt.NDArray[Any]:
    """The numbers in one dimension of an index."""
    dimension = of.dimensions[axis]
    if part.__class__ is IndexTemplate:
        given = frame.dimension(part)
        if given != dimension.name:
            raise TypeError(f"index {axis + 1} of {of.local_name} is a {dimension.name}, not a {given}")
        return frame.numbers(part)
    if isinstance(part, SUMS):  # a year before or after another
        return np.asarray(sum(p if isinstance(p, int) else _index(p, axis, of, frame) for p in part.args))
    return np.full(frame.size, dimension.number.get(part, ABSENT))


def _amount(expression: Any, frame: _Frame) -> Amount:
    """Evaluate an expression without decisions."""
    result: Amount
    if isinstance(expression, int | float):
        result = float(expression)
    elif isinstance(expression, GetItemExpression):
        numbers, *index = expression.args
        if not isinstance(numbers, Numbers):
            raise TypeError(f"{expression} is multiplied with another decision: that is not linear")
        result = numbers.array[tuple(_index(part, axis, numbers, frame) for axis, part in enumerate(index))]
    elif isinstance(expression, PRODUCTS):
        result = _amount(expression.args[0], frame) * _amount(expression.args[1], frame)
    elif isinstance(expression, numeric_expr.DivisionExpression):
        result = _amount(expression.args[0], frame) / _amount(expression.args[1], frame)
    elif isinstance(expression, numeric_expr.NegationExpression):
        result = -_amount(expression.args[0], frame)
    elif isinstance(expression, SUMS):
        result = sum((_amount(part, frame) for part in expression.args), 0.0)
    elif isinstance(expression, TemplateSumExpression):
        inner = _inside(expression, frame)
        assert inner.outer is not None
        values = np.broadcast_to(_amount(expression.template_args()[0], inner), inner.size)
        result = np.bincount(inner.outer[1], values, minlength=frame.size).astype(float)
    else:
        raise TypeError(f"cannot evaluate {expression} ({type(expression).__name__}) as a number")
    return result


def _collect(expression: Any, frame: _Frame, factor: Amount, sink: _Sink) -> None:
    """Add factor * expression to the sink."""
    if isinstance(expression, int | float) or not expression.is_potentially_variable():
        constants = factor * _amount(expression, frame)
        if frame.outer is None:
            sink.constants += constants
        else:
            constants = np.broadcast_to(constants, frame.size)
            sink.constants += np.bincount(frame.rows, constants, minlength=len(sink.constants))
    elif isinstance(expression, GetItemExpression):
        _add_columns(expression, frame, factor, sink)
    elif isinstance(expression, SUMS):
        for part in expression.args:
            _collect(part, frame, factor, sink)
    elif isinstance(expression, PRODUCTS):
        number, rest = expression.args
        if not isinstance(number, int | float) and number.is_potentially_variable():
            number, rest = rest, number
        _collect(rest, frame, factor * _amount(number, frame), sink)
    elif isinstance(expression, numeric_expr.NegationExpression):
        _collect(expression.args[0], frame, -factor, sink)
    elif isinstance(expression, numeric_expr.DivisionExpression):
        _collect(expression.args[0], frame, factor / _amount(expression.args[1], frame), sink)
    elif isinstance(expression, TemplateSumExpression):
        inner = _inside(expression, frame)
        assert inner.outer is not None
        factor = factor if isinstance(factor, float) else factor[inner.outer[1]]
        _collect(expression.template_args()[0], inner, factor, sink)
    else:
        raise TypeError(f"{expression} ({type(expression).__name__}) is not linear")


def _add_columns(expression: Any, frame: _Frame, factor: Amount, sink: _Sink) -> None:
    """Add a decision times the factor, where there is such a decision."""
    decisions, *index = expression.args
    assert isinstance(decisions, Decisions)
    positions = frame.positions(decisions, tuple(index))
    rows, coefficients = frame.rows, np.broadcast_to(factor, frame.size)
    if len(positions) and positions.min() < 0:
        there = positions >= 0
        positions, rows, coefficients = positions[there], rows[there], coefficients[there]
    sink.pieces.append((rows, positions + np.int32(decisions.first_column), coefficients))
