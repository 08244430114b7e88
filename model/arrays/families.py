"""How the parts of the model declare families of decisions and constraints."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyomo.environ as pyo
from pyomo.environ import ConcreteModel as Model

from .components import Decisions, Rows
from .forms import LinearForm, together_by_row
from .members import Members, Vector, members_of
from .tracing import Relation, trace_numbers

__all__ = ["Model", "add_decisions", "add_forms", "add_rows", "families_of"]

Bound: TypeAlias = "float | npt.NDArray[Any] | Callable[..., Any]"
"""One number, an array with a number for each member, or a rule that is traced."""


def add_decisions(
    model: Model,
    name: str,
    members: Members,
    *,
    lower: Bound = 0.0,
    upper: Bound = np.inf,
    whole: Bound = False,
    reach: Bound | None = None,
) -> None:
    """Declare a decision for every member as `model.name`, with its bounds and whether it must be a whole number.

    `reach` is the most that it can be in a plan worth having, where the solver is not given that as a bound. A rule for
    a bound is like one of a constraint: `upper=lambda m, s, t: m.site.grid_max_steps[s]`.
    """

    def each(bound: Bound) -> npt.NDArray[Any]:
        if callable(bound):
            return trace_numbers(model, members, bound)
        return np.broadcast_to(np.asarray(bound, dtype=float), len(members))

    first_column = sum(len(decisions.members) for decisions in families_of(model, pyo.Var))
    most = each(upper)
    known = most if reach is None else np.minimum(most, each(reach))
    decisions = Decisions(members, first_column, each(lower), most, each(whole).astype(bool), known)
    model.add_component(name, decisions)


def add_rows(model: Model, name: str, members: Members, rule: Callable[..., Any]) -> None:
    """Add the constraint `rule(model, *index)` for every member as the component `name`.

    The rule is called once, with placeholders: it writes algebra and does not look at its indices. A row without any
    decision is left out when it holds; when it does not, no plan can exist.
    """
    model.add_component(name, Rows(members, rule, rule.__doc__))


def add_forms(
    model: Model,
    name: str,
    dimension: str,
    labels: Sequence[Hashable],
    forms: Sequence[LinearForm],
    least: Vector,
    most: Vector,
) -> None:
    """Add the constraint least <= form <= most for each label as the component `name`.

    For rows whose terms follow from their metric rather than from their index: one form for each is worked out.
    """
    members = members_of((model.dimension[dimension],), [(label,) for label in labels])
    each = {
        label: (form, low, high)
        for label, form, low, high in zip(labels, forms, least.tolist(), most.tolist(), strict=True)
    }

    def written_out(m: Model, label: Hashable) -> Any:
        form, low, high = each[label]
        total = sum(c * decision(m, j) for c, j in zip(form.coefficients.tolist(), form.columns.tolist(), strict=True))
        if low == high:
            return total == low
        return total >= low if np.isfinite(low) else total <= high

    rows = Rows(members, written_out, None)
    rows.relation = Relation(together_by_row(forms, members), least, most)
    model.add_component(name, rows)


def decision(model: Model, column: int) -> Any:
    """The Pyomo variable of a column."""
    for decisions in families_of(model, pyo.Var):
        if decisions.columns.start <= column < decisions.columns.stop:
            return decisions[decisions.members.index(column - decisions.first_column)]
    raise IndexError(column)


def families_of(model: Model, kind: type[Any]) -> list[Any]:
    """The families of decisions (pyo.Var) or constraints (pyo.Constraint), in the order they were declared in."""
    return list(model.component_objects(kind))
