"""Read the fields of a row as the schema says, with everything that is wrong with them.

The schema is that of the pydantic models in `parts.py` and `rows.py`: their types are read here, their limits are
checked by pydantic itself.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from .annotations import bare, choices, described, is_key, is_list, is_mapping, is_model
from .problems import listed, nearest, shown
from .rows import DERIVED
from .tree import Branch, KeyPath, Leaf, Node
from .values import UnreadableError, read_value
from .wording import explained

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Complaint:
    """What is wrong with a field: its path below the row, what was found, expected, and the nearest valid word."""

    path: KeyPath
    found: str
    expected: str
    near: str | None = None
    missing: bool = False


def read_fields(
    model: type[Model], branch: Branch, given: Mapping[str, Any], ignored: Collection[str]
) -> tuple[Model, list[Complaint]]:
    """Read a mapping of fields as a model, and what is wrong with it.

    `given` holds the fields that the planner does not write (the id), `ignored` keys that the format knows and the
    model does not (source and note). A field that is wrong or missing gets its default, or a harmless stand-in where
    it has none, so that whatever else is wrong can be found at once.
    """
    reader = _Reader()
    fields = {name: field.annotation for name, field in model.model_fields.items() if name not in given}
    data = {**reader.fields(fields, branch, (), ignored), **given}
    wrong = {complaint.path for complaint in reader.complaints}
    try:
        return model.model_validate_json(json.dumps(data)), reader.complaints
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            path = tuple(str(key) for key in detail["loc"] if key != "[key]")
            if not any(path[: len(bad)] == bad for bad in wrong):
                missing = detail["type"] == "missing"
                reader.complaints.append(Complaint(path, *explained(detail), missing=missing))
            data.pop(path[0], None)
            if (field := model.model_fields[path[0]]).is_required():
                data[path[0]] = stand_in(field.annotation)
        return model.model_validate_json(json.dumps(data)), reader.complaints


def stand_in(annotation: Any) -> Any:
    """Return a harmless value of a type, for a field that is wrong or missing."""
    kind = bare(annotation)
    if is_mapping(kind) or is_model(kind):
        return {}
    if is_list(kind):
        return []
    return choices(kind)[0] if choices(kind) else {bool: False, int: 2000, float: 1.0}.get(kind, "?")


class _Reader:
    """Reads fields by their types and collects the complaints."""

    def __init__(self) -> None:
        self.complaints: list[Complaint] = []

    def fields(
        self, fields: Mapping[str, Any], branch: Branch, path: KeyPath, ignored: Collection[str] = ()
    ) -> dict[str, Any]:
        """Read the fields of a model, as far as they can be read."""
        data: dict[str, Any] = {}
        for key, node in branch.items.items():
            if key in fields:
                self.field(fields[key], node, (*path, key), data)
            elif key not in ignored:
                near = None if key in DERIVED else nearest(key, (*fields, *ignored))
                expected = "a known one" if near else f"one of {listed(fields, 40)}"
                expected = DERIVED.get(key, expected)
                if key.isdigit() and isinstance(node, Leaf) and node.value is None:  # {cost_cny: 1,000}
                    expected = "numbers without separators for thousands"
                self.complaints.append(Complaint((*path, key), f"the unknown key {shown(key)}", expected, near))
        return data

    def field(self, annotation: Any, node: Node, path: KeyPath, data: dict[str, Any]) -> None:
        """Read one field into `data`; it stays out if it cannot be read."""
        kind = bare(annotation)
        if isinstance(node, Leaf):
            try:
                data[path[-1]] = read_value(annotation, node)
            except UnreadableError as error:
                self.complaints.append(Complaint(path, error.found, error.expected, error.near))
        elif is_model(kind):
            fields = {name: field.annotation for name, field in kind.model_fields.items()}
            data[path[-1]] = self.fields(fields, node, path)
        elif is_mapping(kind):
            data[path[-1]] = self.mapping(kind, node, path)
        else:
            found = f"a mapping with the keys {listed(node.items)}" if node.items else "an empty mapping"
            self.complaints.append(Complaint(path, found, described(kind)))

    def mapping(self, kind: Any, branch: Branch, path: KeyPath) -> dict[str, Any]:
        """Read a mapping with free keys."""
        of_key, of_value = get_args(kind)
        data: dict[str, Any] = {}
        for key, node in branch.items.items():
            if is_key(of_key, key):
                self.field(of_value, node, (*path, key), data)
            else:
                valid = choices(bare(of_key))
                expected = f"one of {listed(valid)}" if valid else "a year such as 2025"
                found = f"the key {shown(key)}"
                self.complaints.append(Complaint((*path, key), found, expected, nearest(key, valid)))
        return data
