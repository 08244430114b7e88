"""How the parts of the model add a constraint family."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pyomo.environ as pyo
from pyomo.environ import ConcreteModel as Model

__all__ = ["Model", "add_rows"]


def add_rows(
    model: Model, name: str, index: Iterable[Any], rule: Callable[..., Any], *, doc: str | None = None
) -> None:
    """Add the constraint `rule(model, *index)` for every index as the component `name`.

    A row without any variable is left out when it holds; when it does not, no plan can exist, and the row is noted
    in `model.impossible` instead of being handed to the solver.
    """
    members = list(index)

    def checked(block: Model, *key: Any) -> Any:
        relation = rule(block, *key)
        if isinstance(relation, bool):
            if not relation:
                model.impossible.append((name, key))
            return pyo.Constraint.Skip
        return relation

    model.add_component(name, pyo.Constraint(members, rule=checked, doc=doc or rule.__doc__))
