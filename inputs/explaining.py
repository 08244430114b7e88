"""Explain a value: which file and line set it, and what it replaced, in order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .assembly import assemble
from .case import Case
from .fields import below, keys_of
from .json_places import JsonPath, json_lines
from .loading import find, is_resolved
from .problems import InputProblems, Problem, file_name, listed, nearest, shown
from .resolved import read_case
from .rows import SECTIONS, Settings
from .scenario import Scenario
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

    Raises InputProblems if the scenario is wrong or has no such key.
    """
    path = find(name_or_path)
    wanted = tuple(part.strip() for part in key.split("."))
    if is_resolved(path):
        return tuple(_explain_resolved(path, read_case(path), key, wanted))
    scenario = Scenario(path)
    assemble(scenario)
    history = scenario.draft.history
    found = [where for where in history if where[: len(wanted)] == wanted]
    if found:
        return tuple(_explained(scenario, where, history[where]) for where in found)
    default = _default(scenario, wanted)
    if default is None:
        raise InputProblems([_no_such_key(scenario, key, wanted)])
    return (Explanation(key, default, ()),)


def _explained(scenario: Scenario, path: KeyPath, history: list[Setting]) -> Explanation:
    steps = [
        Step("dropped" if step.leaf is None else str(step.leaf), file_name(step.at.file), step.at.line, step.by)
        for step in history
    ]
    value = steps[-1].value
    if history[-1].leaf is None:
        default = _default(scenario, path)
        value = "nothing" if default is None else f"{default} (the default)"
    return Explanation(".".join(path), value, tuple(steps))


def _default(scenario: Scenario, path: KeyPath) -> str | None:
    """Return the default of a field that no file sets, or None if there is no such field."""
    model: Any = Settings
    keys = path
    if path[0] in SECTIONS:
        if (
            len(path) < 3
            or not isinstance(scenario.draft.find(path[:2]), Branch)
            or path[2] in SECTIONS[path[0]].hidden
        ):
            return None
        model, keys = SECTIONS[path[0]].row, path[2:]
    value: Any = model() if model is Settings else None
    field = model.model_fields.get(keys[0])
    if field is None:
        return None
    value = field.get_default()
    annotation = field.annotation
    for key in keys[1:]:
        annotation = below(annotation, key)
        if annotation is None:
            return None
        value = value.get(key) if isinstance(value, dict) else getattr(value, key, None)
    if hasattr(value, "model_dump"):
        value = value.model_dump(mode="json")
    return json.dumps(value, ensure_ascii=False)


def _no_such_key(scenario: Scenario, key: str, wanted: KeyPath) -> Problem:
    node: Any = scenario.draft.root
    for depth, part in enumerate(wanted):
        valid: tuple[str, ...] = tuple(node.items) if isinstance(node, Branch) else ()
        if depth == 0:
            valid = (*SECTIONS, *Settings.model_fields)
        elif depth == 2 and wanted[0] in SECTIONS:
            valid = tuple(keys_of(SECTIONS[wanted[0]].row))
        if part not in valid:
            expected = f"one of {listed(valid)}" if valid else "a shorter key"
            return Problem(file_name(scenario.path), None, key, shown(part), expected, nearest(part, valid))
        node = node.items.get(part) if isinstance(node, Branch) else None
    return Problem(file_name(scenario.path), None, key, "nothing", "a key that is set")


def _explain_resolved(path: Path, case: Case, key: str, wanted: KeyPath) -> Iterator[Explanation]:
    """Explain a key of a resolved case: rows may be named by their id or by their number."""
    text = decode(read_bytes(path, "a resolved case"), path)
    value: Any = case.model_dump(mode="json")
    place: JsonPath = ()
    rest = list(wanted)
    while rest:
        step, rest, valid = _step(value, rest)
        if step is None:
            near = nearest(rest[0], valid)
            raise InputProblems([Problem(file_name(path), None, key, shown(rest[0]), f"one of {listed(valid)}", near)])
        value = value[step]
        place = (*place, step)
    line = json_lines(text, [place])[0]
    yield Explanation(
        key,
        shown(value) if isinstance(value, dict | list) else json.dumps(value, ensure_ascii=False),
        (Step("", file_name(path), line, "resolved case"),),
    )


def _step(value: Any, rest: list[str]) -> tuple[str | int | None, list[str], list[str]]:
    """Return the first step of a dotted key into a JSON value, and what is left of the key; ids may hold dots."""
    if isinstance(value, dict):
        names: dict[str, str | int] = {key: key for key in value}
    elif isinstance(value, list):
        names = {str(number): number for number in range(len(value))}
        names |= {row["id"]: number for number, row in enumerate(value) if isinstance(row, dict) and "id" in row}
    else:
        names = {}
    for length in range(len(rest), 0, -1):
        name = ".".join(rest[:length])
        if name in names:
            return names[name], rest[length:], []
    return None, rest, list(names)
