"""What the types of the schema's fields say: models, mappings with free keys, lists, single values."""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from .problems import listed


def bare(annotation: Any) -> Any:
    """Return a type without its limits and without None."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, types.UnionType):
        return bare(next(arm for arm in get_args(annotation) if arm is not type(None)))
    return annotation


def may_be_nothing(annotation: Any) -> bool:
    """Tell whether null is a value of this type."""
    return get_origin(annotation) in (Union, types.UnionType) and type(None) in get_args(annotation)


def is_model(annotation: Any) -> bool:
    """Tell whether a type is a pydantic model."""
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def is_mapping(annotation: Any) -> bool:
    """Tell whether a type is a mapping with free keys."""
    return isinstance(origin := get_origin(annotation), type) and issubclass(origin, Mapping)


def is_list(annotation: Any) -> bool:
    """Tell whether a type is a list of values."""
    return get_origin(annotation) is tuple


def choices(annotation: Any) -> tuple[str, ...]:
    """Return the words that a type allows; empty if it is not a choice of words."""
    return get_args(annotation) if get_origin(annotation) is Literal else ()


def below(annotation: Any, key: str) -> Any | None:
    """Return the type of what stands under a key of a model or a mapping, or None if nothing can."""
    annotation = bare(annotation)
    if is_model(annotation):
        field = annotation.model_fields.get(key)
        return None if field is None else field.annotation
    if is_mapping(annotation):
        of_key, of_value = get_args(annotation)
        return of_value if is_key(of_key, key) else None
    return None


def at(annotation: Any, path: tuple[str, ...]) -> Any | None:
    """Return the type of what stands at a path below a model or a mapping, or None if nothing can."""
    for key in path:
        annotation = below(annotation, key)
    return annotation


def item_of(annotation: Any) -> Any | None:
    """Return the type of the entries of a list, or None if the type is not a list."""
    kind = bare(annotation)
    return get_args(kind)[0] if is_list(kind) else None


def is_key(of_key: Any, key: str) -> bool:
    """Tell whether a word may be a key of a mapping: a year, one of several words, or any text."""
    of_key = bare(of_key)
    if of_key is int:
        return re.fullmatch(r"[12]\d\d\d", key, re.ASCII) is not None
    return not choices(of_key) or key in choices(of_key)


def keys_of(annotation: Any) -> tuple[str, ...]:
    """Return the names that may stand below a type, as far as they are fixed."""
    annotation = bare(annotation)
    if is_model(annotation):
        return tuple(annotation.model_fields)
    return choices(bare(get_args(annotation)[0])) if is_mapping(annotation) else ()


def described(annotation: Any) -> str:
    """Say in words what a type holds."""
    kind = bare(annotation)
    if is_list(kind):
        return "a list such as [a, b]"
    if choices(kind):
        return f"one of {listed(choices(kind), 20)}"
    if is_mapping(kind):
        of_key, of_value = map(bare, get_args(kind))
        key = "year" if of_key is int else (*keys_of(kind), "name")[0]
        value = "{...}" if is_mapping(of_value) else "number" if of_value in (int, float) else "word"
        return f"a mapping such as {{{key}: {value}}}"
    if is_model(kind):
        return f"a mapping with the keys {listed(kind.model_fields)}"
    return {bool: "true or false", int: "a whole number", float: "a number"}.get(kind, "text")
