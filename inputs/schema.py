"""Questions to the schema of the planner's format by dotted path: is there such a key, what is its default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .annotations import at, below, keys_of
from .problems import nearest
from .rows import DERIVED, SECTIONS, Settings
from .tree import KeyPath


def model_at(path: KeyPath) -> tuple[Any, KeyPath]:
    """Return the model that a path leads into, a row's or that of the settings, and the rest of the path."""
    return (SECTIONS[path[0]].row, path[2:]) if path[0] in SECTIONS else (Settings, path)


def field_names(path: KeyPath) -> tuple[str, ...]:
    """Return the fields that may be set in the row that a path leads into, or the settings."""
    model, _ = model_at(path)
    return tuple(name for name in model.model_fields if name not in DERIVED)


def is_field(path: KeyPath) -> bool:
    """Tell whether a path below a row or of the settings can hold something."""
    model, keys = model_at(path)
    return bool(keys) and keys[0] in field_names(path) and at(model, keys) is not None


def default_at(path: KeyPath) -> Any:
    """Return the default of a field, as pydantic holds it; None if it has none."""
    model, keys = model_at(path)
    field = model.model_fields[keys[0]]
    value = None if field.is_required() else field.get_default()
    for key in keys[1:]:
        value = value.get(key) if isinstance(value, Mapping) else getattr(value, key, None)
    return value


def is_setting(path: KeyPath) -> bool:
    """Tell whether a path is that of a setting."""
    return path[0] not in SECTIONS and is_field(path)


def unknown_column(section: str, column: str) -> tuple[str, str | None] | None:
    """Return what is expected instead of an unknown column and the name that comes closest; None if it is known."""
    path = tuple(column.split("."))
    if column in SECTIONS[section].noted or is_field((section, "", *path)):
        return None
    if column in DERIVED:
        return DERIVED[column], None
    annotation: Any = SECTIONS[section].row
    valid = (*field_names((section,)), *sorted(SECTIONS[section].noted))
    for depth, key in enumerate(path):
        if key not in valid and (depth == 0 or below(annotation, key) is None):
            near = nearest(key, valid)
            return "one of the table's columns", near and ".".join((*path[:depth], near, *path[depth + 1 :]))
        annotation = below(annotation, key)
        valid = keys_of(annotation)
    return "one of the table's columns", None
