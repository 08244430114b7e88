"""Say in a planner's words what pydantic finds wrong."""

from __future__ import annotations

import re

from pydantic_core import ErrorDetails

from .problems import listed, nearest, shown

LIMITS = {
    "greater_than_equal": ("ge", "of at least"),
    "greater_than": ("gt", "above"),
    "less_than_equal": ("le", "of at most"),
    "less_than": ("lt", "below"),
}
TYPES = {
    "int": "a whole number",
    "float": "a number",
    "finite": "a finite number",
    "bool": "true or false",
    "string": "text",
    "tuple": "a list",
    "list": "a list",
    "dict": "a mapping",
    "mapping": "a mapping",
    "model": "a mapping",
}


def explained(detail: ErrorDetails) -> tuple[str, str, str | None]:
    """Return one of pydantic's errors as what was found, what was expected, and the nearest valid word."""
    kind, context, given = detail["type"], detail.get("ctx", {}), detail["input"]
    last = str(detail["loc"][-1]) if detail["loc"] else ""
    found, near = shown(given), None
    if kind in LIMITS:
        name, words = LIMITS[kind]
        limit = context[name]
        number = "a whole number" if isinstance(given, int) and isinstance(limit, int) else "a number"
        expected = f"{number} {words} {limit:g}"
    elif kind == "missing":
        found, expected = f"no {last}", "it to be given"
    elif kind == "extra_forbidden":
        found, expected = f"the unknown key {shown(last)}", "a known one"
    elif kind == "literal_error":
        valid = re.findall(r"'([^']*)'", context["expected"])
        expected = f"one of {listed(valid, 20)}" if valid else str(context["expected"])
        near = nearest(given, valid) if isinstance(given, str) else None
    elif kind in ("too_short", "string_too_short"):
        expected = "at least one character" if kind == "string_too_short" else "at least one entry"
    elif kind == "string_too_long":
        expected = f"at most {context['max_length']} characters"
    else:
        expected = TYPES.get(kind.split("_")[0], detail["msg"])
    return found, expected, near
