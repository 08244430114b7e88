"""Explain a value: which file and line set it, and what it replaced, in order."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .json_places import JsonPath, json_lines
from .loading import find, is_resolved
from .problems import InputProblems, Problem, file_name, listed, nearest, shown
from .resolved import read_case
from .rows import SECTIONS, Settings
from .scenario import Scenario
from .schema import default_at, field_names, is_field
from .text_file import decode, read_bytes
from .tree import Branch, KeyPath, Setting


@dataclass(frozen=True)
class Step:
    """One step in the history of a value: its text, the file and line, and what set it (a file, `change` ...)."""

    value: str
    file: str
    line: int
    by: str


@dataclass(frozen=True)
class Explanation:
    """The history of one value: the last step holds, the earlier ones were replaced; without a step, the default."""

    key: str
    value: str
    steps: tuple[Step, ...]

    def __str__(self) -> str:
        """The explanation as lines of text."""
        if not self.steps:
            return f"{self.key} = {self.value} (the default; no file sets it)"
        *before, last = self.steps
        lines = [f"{self.key} = {self.value}", f"    set in {last.file}:{last.line} ({last.by})"]
        lines += [f"    instead of {step.value} in {step.file}:{step.line} ({step.by})" for step in reversed(before)]
        return "\n".join(lines)


def explain(name_or_path: str, key: str) -> tuple[Explanation, ...]:
    """Explain the value of a dotted key such as `sites.caishi.grid_kw`, or all values below it.

    The scenario need not be free of problems. Raises InputProblems if it cannot be read or has no such key.
    """
    path = find(name_or_path)
    wanted = tuple(part.strip() for part in key.split("."))
    if is_resolved(path):
        return (_explain_resolved(path, key, list(wanted)),)
    scenario = Scenario(path)
    history = scenario.draft.history
    found = [where for where in history if where[: len(wanted)] == wanted]
    if found:
        return tuple(_explained(where, history[where]) for where in found)
    if _is_known(scenario, wanted):
        return (Explanation(key, _default(wanted), ()),)
    raise InputProblems([_no_such_key(scenario, key, wanted)])


def _explained(path: KeyPath, history: list[Setting]) -> Explanation:
    steps = tuple(
        Step("nothing" if step.leaf is None else str(step.leaf), file_name(step.at.file), step.at.line, step.by)
        for step in history
    )
    dropped = history[-1].leaf is None
    value = f"{_default(path)} (the default)" if dropped and is_field(path) else steps[-1].value
    return Explanation(".".join(path), value, steps)


def _is_known(scenario: Scenario, path: KeyPath) -> bool:
    if path[0] in SECTIONS and not isinstance(scenario.draft.find(path[:2]), Branch):
        return False
    return is_field(path)


def _default(path: KeyPath) -> str:
    value = default_at(path)
    return json.dumps(value.model_dump() if hasattr(value, "model_dump") else value, ensure_ascii=False)


def _no_such_key(scenario: Scenario, key: str, wanted: KeyPath) -> Problem:
    node: Any = scenario.draft.root
    for depth, part in enumerate(wanted):
        valid = tuple(node.items) if isinstance(node, Branch) else ()
        if depth == 0:
            valid = (*SECTIONS, *Settings.model_fields)
        elif depth == 2 and wanted[0] in SECTIONS:
            valid = field_names(wanted)
        if part not in valid:
            expected = f"one of {listed(valid)}" if valid else "a shorter key"
            return Problem(file_name(scenario.path), None, key, shown(part), expected, nearest(part, valid))
        node = node.items.get(part) if isinstance(node, Branch) else None
    return Problem(file_name(scenario.path), None, key, "nothing", "a key that is set")


def _explain_resolved(path: Path, key: str, rest: list[str]) -> Explanation:
    """Explain a key of a resolved case: rows may be named by their id or by their number."""
    value: Any = read_case(path).model_dump(mode="json")
    place: JsonPath = ()
    while rest:
        names = _names(value)
        length = next((length for length in range(len(rest), 0, -1) if ".".join(rest[:length]) in names), 0)
        if length == 0:
            expected = f"one of {listed(names)}" if names else "a shorter key"
            near = nearest(rest[0], names)
            raise InputProblems([Problem(file_name(path), None, key, shown(rest[0]), expected, near)])
        step = names[".".join(rest[:length])]
        value, place, rest = value[step], (*place, step), rest[length:]
    line = json_lines(decode(read_bytes(path, "a resolved case"), path), [place])[0]
    text = shown(value) if isinstance(value, dict | list) else json.dumps(value, ensure_ascii=False)
    return Explanation(key, text, (Step(text, file_name(path), line, "resolved case"),))


def _names(value: Any) -> dict[str, str | int]:
    """Return what may follow in a key below a JSON value: ids of rows (which may hold dots), keys, numbers."""
    if isinstance(value, dict):
        return {key: key for key in value}
    if not isinstance(value, list):
        return {}
    ids: dict[str, str | int] = {
        row["id"]: number for number, row in enumerate(value) if isinstance(row, dict) and "id" in row
    }
    return ids | {str(number): number for number in range(len(value)) if str(number) not in ids}
