"""Linear forms: sums of coefficient * decision, as arrays of columns and coefficients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .members import Flags, Members, Positions, Vector
from .tracing import Terms


@dataclass(frozen=True)
class LinearForm:
    """A sum of coefficient * column."""

    columns: Positions
    coefficients: Vector

    @classmethod
    def of(cls, terms: Terms, members: Flags) -> LinearForm:
        """The sum of the amounts of some members."""
        picked = members[terms.rows]
        return cls(terms.columns[picked], terms.coefficients[picked])

    def value(self, x: Vector) -> float:
        """The form at a point."""
        return float(self.coefficients @ x[self.columns])

    def plus(self, factor: float, other: LinearForm) -> LinearForm:
        """This form and `factor` times the other."""
        return LinearForm(
            np.concatenate([self.columns, other.columns]),
            np.concatenate([self.coefficients, factor * other.coefficients]),
        )


def together(forms: Sequence[LinearForm]) -> LinearForm:
    """The sum of forms; without any, 0."""
    columns = [np.empty(0, dtype=np.int32), *(form.columns for form in forms)]
    coefficients = [np.empty(0), *(form.coefficients for form in forms)]
    return LinearForm(np.concatenate(columns), np.concatenate(coefficients))


def together_by_row(forms: Sequence[LinearForm], members: Members) -> Terms:
    """Each form as the row of a member."""
    total = together(forms)
    rows = np.repeat(np.arange(len(forms), dtype=np.int32), [len(form.columns) for form in forms])
    return Terms(members, ((rows, total.columns.astype(np.int32), total.coefficients),), np.zeros(len(forms)))
