"""What a field should hold: text becomes numbers, booleans and lists as the schema says, or a problem that explains.

The schema is that of the pydantic models in `parts.py` and `rows.py`; their types are read here, their limits are
checked by pydantic itself.
"""

from __future__ import annotations

import json
import math
import re
import types
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from .parts import Name
from .problems import listed, nearest, shown
from .tree import Branch, KeyPath, Leaf, Node

NUMBER = re.compile(r"[+-]?(\d[\d_]*\.?[\d_]*|\.\d[\d_]*)([eE][+-]?\d+)?")
TRUE, FALSE = frozenset({"true", "True", "TRUE"}), frozenset({"false", "False", "FALSE"})
LIKE_TRUE, LIKE_FALSE = frozenset({"yes", "y", "on", "1"}), frozenset({"no", "n", "off", "0"})
LONGEST_NUMBER = 40

Complaint = tuple[KeyPath, str, str, str | None]  # path, found, expected, nearest


class UnreadableError(Exception):
    """A value that is not what its field needs."""

    def __init__(self, found: str, expected: str, near: str | None = None) -> None:
        super().__init__(f"found {found}, expected {expected}")
        self.found, self.expected, self.near = found, expected, near


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


def below(annotation: Any, key: str) -> Any | None:
    """Return the type of what stands under a key of a model or a mapping, or None if nothing can."""
    annotation = bare(annotation)
    if is_model(annotation):
        field = annotation.model_fields.get(key)
        return None if field is None else field.annotation
    if is_mapping(annotation):
        of_key, of_value = get_args(annotation)
        try:
            read_key(of_key, key)
        except UnreadableError:
            return None
        return of_value
    return None


def keys_of(annotation: Any) -> tuple[str, ...]:
    """Return the names that may stand below a type, as far as they are fixed."""
    annotation = bare(annotation)
    if is_model(annotation):
        return tuple(annotation.model_fields)
    if is_mapping(annotation) and get_origin(of_key := bare(get_args(annotation)[0])) is Literal:
        return tuple(get_args(of_key))
    return ()


def read_number(text: str) -> float:
    """Turn text into a finite number. Raises UnreadableError with an explanation."""
    number = "a number"
    if NUMBER.fullmatch(text) and len(text) <= LONGEST_NUMBER and not text.endswith("_"):
        digits = text.lstrip("+-")
        if len(digits) > 1 and digits[0] == "0" and digits[1].isdigit():
            raise UnreadableError(text, "a number without leading zeros", str(digits.lstrip("0_") or "0"))
        value = float(text.replace("_", ""))
        if math.isinf(value):
            raise UnreadableError(text, "a finite number")
        return value
    if text.lower().lstrip("+-.") in ("nan", "inf", "infinity"):
        raise UnreadableError(text, "a finite number")
    if NUMBER.fullmatch(plain := re.sub(r"[,\s'’]", "", text)):
        return _refuse(text, "a number without separators", plain)
    if text.endswith("%") and NUMBER.fullmatch(share := text[:-1].strip()):
        return _refuse(text, "a number without a percent sign", f"{float(share.replace('_', '')) / 100:g}")
    return _refuse(shown(text), number, None)


def _refuse(found: str, expected: str, near: str | None) -> float:
    raise UnreadableError(found, expected, near)


def read_whole(text: str) -> int:
    """Turn text into a whole number. Raises UnreadableError with an explanation."""
    try:
        value = read_number(text)
    except UnreadableError as error:
        expected = error.expected.replace("a number", "a whole number").replace("finite", "whole")
        raise UnreadableError(error.found, expected, error.near) from None
    if not value.is_integer() or abs(value) > 2**53:
        raise UnreadableError(text, "a whole number")
    return int(value)


def read_truth(text: str) -> bool:
    """Turn text into true or false. Raises UnreadableError with an explanation."""
    if text in TRUE or text in FALSE:
        return text in TRUE
    near = "true" if text.lower() in LIKE_TRUE else "false" if text.lower() in LIKE_FALSE else None
    raise UnreadableError(text if near else shown(text), "true or false", near)


def read_choice(text: str, choices: Sequence[str]) -> str:
    """Return text that is one of several words. Raises UnreadableError with the nearest one."""
    if text in choices:
        return text
    raise UnreadableError(shown(text), f"one of {listed(choices)}", nearest(text, choices))


def read_key(annotation: Any, key: str) -> str:
    """Check the key of a mapping: a year, one of several words, or any text. Raises UnreadableError."""
    annotation = bare(annotation)
    if annotation is int:
        if not re.fullmatch(r"\d{4}", key):
            raise UnreadableError(f"the key {shown(key)}", "a year such as 2025")
    elif get_origin(annotation) is Literal and key not in get_args(annotation):
        raise UnreadableError(
            f"the key {shown(key)}", f"one of {listed(get_args(annotation))}", nearest(key, get_args(annotation))
        )
    return key


def read_value(annotation: Any, leaf: Leaf) -> Any:
    """Turn a value of the files into what a field of this type holds, as JSON would. Raises UnreadableError."""
    kind = bare(annotation)
    if leaf.value is None:
        if may_be_nothing(annotation):
            return None
        raise UnreadableError("nothing", described(kind))
    if get_origin(kind) is tuple:
        return _read_list(get_args(kind)[0], leaf)
    if isinstance(leaf.value, tuple):
        raise UnreadableError("a list", described(kind))
    if kind is Name:
        return {"en": leaf.value}
    if is_model(kind) or is_mapping(kind):
        raise UnreadableError(shown(leaf.value), described(kind))
    return _read_single(kind, leaf.value, leaf.quoted)


def _read_list(of: Any, leaf: Leaf) -> list[Any]:
    if isinstance(leaf.value, tuple):
        return [read_value(of, item) for item in leaf.value]
    parts = [part.strip() for part in str(leaf.value).split(";")]
    return [read_value(of, Leaf(part, leaf.at, leaf.quoted)) for part in parts if part]


def _read_single(kind: Any, text: str, quoted: bool) -> Any:
    if kind is str:
        return text
    if get_origin(kind) is Literal:
        return read_choice(text, get_args(kind))
    if quoted:
        raise UnreadableError(f"{shown(text)} in quotes, which is text", f"{described(kind)} without quotes")
    if kind is bool:
        return read_truth(text)
    return read_whole(text) if kind is int else read_number(text)


def described(kind: Any) -> str:
    """Say in words what a type holds."""
    kind = bare(kind)
    if get_origin(kind) is tuple:
        return "a list such as [a, b]"
    if get_origin(kind) is Literal:
        return f"one of {listed(get_args(kind))}"
    if is_mapping(kind):
        of_key, of_value = map(bare, get_args(kind))
        key = "year" if of_key is int else keys_of(kind)[0] if keys_of(kind) else "name"
        value = "{...}" if is_mapping(of_value) else "number" if of_value in (int, float) else "word"
        return f"a mapping such as {{{key}: {value}}}"
    if is_model(kind):
        return f"a mapping with the keys {listed(kind.model_fields)}"
    return {bool: "true or false", int: "a whole number", float: "a number"}.get(kind, "text")


def read_fields(
    model: type[BaseModel], branch: Branch, also: Mapping[str, Any], ignored: Iterable[str], complaints: list[Complaint]
) -> Any:
    """Read a mapping of fields as a model; what is wrong goes to `complaints` and its fields are left out.

    `also` holds fields that are not given by the planner (the id), `ignored` keys that the model does not know but the
    format does (source and note). Returns the model; where fields it needs are missing or wrong it is made without
    validation, with harmless stand-ins, so that whatever else is wrong can be found at once.
    """
    wrong: list[Complaint] = []
    data = _read_model(model, branch, (), wrong, hidden=also, ignored=frozenset(ignored))
    known_wrong = {path for path, *_ in wrong}
    data |= also
    for _ in range(2):  # once to find what pydantic refuses, once more without it
        try:
            result = model.model_validate_json(json.dumps(data))
            break
        except ValidationError as error:
            for detail in error.errors(include_url=False, include_context=True):
                path = tuple(str(key) for key in detail["loc"] if key != "[key]")
                if not any(path[: len(bad)] == bad for bad in known_wrong):
                    wrong.append((path, *explained(detail)))
                    known_wrong.add(path)
                data.pop(path[0], None)
                if (field := model.model_fields[path[0]]).is_required():
                    data[path[0]] = stand_in(field.annotation)
    complaints += wrong
    return result


def stand_in(annotation: Any) -> Any:
    """Return a harmless value of a type, for a field that is wrong or missing."""
    kind = bare(annotation)
    if is_mapping(kind):
        return {}
    if get_origin(kind) is tuple:
        return []
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    return {bool: False, int: 2000, float: 1.0}.get(kind, "?")


def _read_model(
    model: type[BaseModel],
    branch: Branch,
    path: KeyPath,
    wrong: list[Complaint],
    hidden: Iterable[str] = (),
    ignored: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    fields = {name: field.annotation for name, field in model.model_fields.items() if name not in hidden}
    data: dict[str, Any] = {}
    for key, node in branch.items.items():
        if key in fields:
            _read_node(fields[key], key, node, path, data, wrong)
        elif key not in ignored:
            near = nearest(key, (*fields, *ignored))
            expected = f"one of {listed(fields, 40)}" if near is None else "a known one"
            wrong.append(((*path, key), f"the unknown key {shown(key)}", expected, near))
    return data


def _read_node(
    annotation: Any, key: str, node: Node, path: KeyPath, data: dict[str, Any], wrong: list[Complaint]
) -> None:
    kind, here = bare(annotation), (*path, key)
    try:
        if isinstance(node, Leaf):
            data[key] = read_value(annotation, node)
        elif is_model(kind):
            data[key] = _read_model(kind, node, here, wrong)
        elif is_mapping(kind):
            of_key, of_value = get_args(kind)
            data[key] = {}
            for name, below_it in node.items.items():
                try:
                    read_key(of_key, name)
                except UnreadableError as error:
                    wrong.append(((*here, name), error.found, error.expected, error.near))
                else:
                    _read_node(of_value, name, below_it, here, data[key], wrong)
        else:
            raise UnreadableError("a mapping with the keys " + listed(node.items), described(kind))
    except UnreadableError as error:
        wrong.append((here, error.found, error.expected, error.near))


def explained(detail: ErrorDetails) -> tuple[str, str, str | None]:
    """Say one of pydantic's errors in a planner's words: found, expected, nearest."""
    kind, context, given = detail["type"], detail.get("ctx", {}), detail["input"]
    limits = {"greater_than_equal": "ge", "greater_than": "gt", "less_than_equal": "le", "less_than": "lt"}
    words = {"ge": "of at least", "gt": "above", "le": "of at most", "lt": "below"}
    if kind in limits:
        limit = limits[kind]
        whole = "a whole number" if isinstance(given, int) and isinstance(context[limit], int) else "a number"
        return shown(given), f"{whole} {words[limit]} {context[limit]:g}", None
    if kind == "missing":
        return f"no {detail['loc'][-1]}", "it to be given", None
    if kind == "extra_forbidden":
        return f"the unknown key {shown(str(detail['loc'][-1]))}", "a known one", None
    if kind == "literal_error":
        choices = [word.strip(" '") for word in re.split(r",| or ", context["expected"])]
        near = nearest(given, choices) if isinstance(given, str) else None
        return shown(given), f"one of {listed(choices, 20)}" if len(choices) > 1 else choices[0], near
    if kind == "finite_number":
        return shown(given), "a finite number", None
    if kind in ("too_short", "string_too_short"):
        return shown(given), "at least one " + ("character" if kind == "string_too_short" else "entry"), None
    if kind == "string_too_long":
        return shown(given), f"at most {context['max_length']} characters", None
    for start, expected in _TYPES.items():
        if kind.startswith(start):
            return shown(given), expected, None
    return shown(given), detail["msg"], None


_TYPES = {
    "int_": "a whole number",
    "float_": "a number",
    "bool_": "true or false",
    "string_": "text",
    "tuple_": "a list",
    "list_": "a list",
    "dict_": "a mapping",
    "mapping_": "a mapping",
    "model_": "a mapping",
}
