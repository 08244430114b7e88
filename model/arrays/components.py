"""Pyomo components held as arrays: numbers, decisions and constraints without a Python object for each member.

They are ordinary Pyomo components: `model.own["x86", "caishi", "air", 2027]` is a variable, `model.racks[...]` prints
its row. But each member is made only when somebody asks for it. The matrix is filled from the arrays, see `tracing`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyomo.environ as pyo
from pyomo.core.base.constraint import IndexedConstraint
from pyomo.core.base.objective import ScalarObjective
from pyomo.core.base.param import IndexedParam
from pyomo.core.base.var import IndexedVar
from pyomo.core.expr.numeric_expr import NPV_SumExpression
from pyomo.core.expr.template_expr import IndexTemplate, NPV_Numeric_GetItemExpression, Numeric_GetItemExpression

from .members import Dimension, Flags, Members, Vector

PLACEHOLDERS = (IndexTemplate, NPV_SumExpression)
"""What stands in an index while a rule is traced: a placeholder, or a sum with one (`t - 1`)."""


class Numbers(IndexedParam):  # type: ignore[misc]
    """A Pyomo Param over all combinations of its dimensions, held as an array with an axis for each."""

    def __init__(self, dimensions: Sequence[Dimension], array: npt.ArrayLike) -> None:
        """Hold a number for each combination; NaN: none is given."""
        self.dimensions = tuple(dimensions)
        self.array: Vector = np.asarray(array, dtype=float).reshape([len(d) for d in dimensions])
        super().__init__(Members(dimensions))
        self._constructed = True

    @property
    def given(self) -> Flags:
        """Where there is a number."""
        return np.isfinite(self.array)

    def construct(self, data: Any = None) -> None:
        """Nothing to do: the numbers are there."""

    def __getitem__(self, index: Any) -> Any:
        return NPV_Numeric_GetItemExpression((self, *_parts(index))) if _open(index) else super().__getitem__(index)

    def _getitem_when_not_present(self, index: Any) -> float:
        labels = index if isinstance(index, tuple) else (index,)
        return float(self.array.ravel()[self.index_set().position(labels)])


def _parts(index: Any) -> tuple[Any, ...]:
    return index if index.__class__ is tuple else (index,)


def _open(index: Any) -> bool:
    """Whether a placeholder stands in an index.

    Pyomo would try to evaluate it, and then make a member to learn of what kind it is. Of what is held as arrays that
    is known.
    """
    return any(part.__class__ in PLACEHOLDERS for part in _parts(index))


class Fields:
    """The numbers of the parts of a case: `m.site.grid_kw[s]` is the field `grid_kw` of the site s."""

    def __init__(self, dimension: Dimension, parts: Sequence[Any]) -> None:
        """Read fields of these parts, one for each label of the dimension."""
        self._dimension, self._parts = dimension, parts

    def __getattr__(self, field: str) -> Numbers:
        if field.startswith("_") or (self._parts and not hasattr(self._parts[0], field)):
            raise AttributeError(f"a {self._dimension.name} has no field {field}")
        given = [getattr(part, field) for part in self._parts]
        numbers = Numbers([self._dimension], [np.nan if value is None else float(value) for value in given])
        self.__dict__[field] = numbers
        return numbers


class Decisions(IndexedVar):  # type: ignore[misc]
    """A Pyomo Var whose bounds and domains are arrays. What is not a member cannot be decided, and counts as 0."""

    def __init__(
        self, members: Members, first_column: int, lower: Vector, upper: Vector, whole: Flags, reach: Vector
    ) -> None:
        """Declare one column of the matrix for each member, from `first_column` on."""
        super().__init__(members, dense=False)
        self.members, self.first_column = members, first_column
        self.dimensions = members.dimensions
        self.lower_bounds, self.upper_bounds, self.whole, self.reach = lower, upper, whole, reach

    @property
    def columns(self) -> slice:
        """The columns of this family."""
        return slice(self.first_column, self.first_column + len(self.members))

    def __getitem__(self, index: Any) -> Any:
        if _open(index):
            return Numeric_GetItemExpression((self, *_parts(index)))
        try:
            return super().__getitem__(index)
        except KeyError:
            return 0.0

    def _getitem_when_not_present(self, index: Any) -> Any:
        variable = super()._getitem_when_not_present(index)
        position = self.members.position(index if isinstance(index, tuple) else (index,))
        low, high = float(self.lower_bounds[position]), float(self.upper_bounds[position])
        variable.domain = pyo.Integers if self.whole[position] else pyo.Reals
        variable.setlb(low if np.isfinite(low) else None)
        variable.setub(high if np.isfinite(high) else None)
        return variable


class Rows(IndexedConstraint):  # type: ignore[misc]
    """A Pyomo Constraint whose rule is traced once for all members."""

    def __init__(self, members: Members, rule: Callable[..., Any], doc: str | None) -> None:
        """State `rule(model, *index)` for every member."""
        super().__init__(members, rule=rule, doc=doc)
        self.members, self.stated = members, rule
        self.relation: Any = None

    def construct(self, data: Any = None) -> None:
        """Take note; a row is made when it is asked for."""
        self._constructed = True


class Total(ScalarObjective):  # type: ignore[misc]
    """A Pyomo Objective that is written out only when it is asked for."""

    def __init__(self, rule: Callable[..., Any]) -> None:
        """Minimise `rule(model)`."""
        super().__init__(doc=rule.__doc__)
        self.stated = rule

    def construct(self, data: Any = None) -> None:
        """Take note only."""
        self._constructed = True

    def written_out(self) -> Any:
        """The whole sum as a Pyomo expression: slow for large models."""
        return self.stated(self.model())
