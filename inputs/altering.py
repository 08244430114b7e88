"""Change single values of a scenario or a resolved case, as an override would, without writing a file."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from .assembly import assemble
from .case import Case
from .changes import SCALE, change
from .consistency import faults
from .loading import Loaded, is_resolved
from .problems import InputProblems
from .scenario import Scenario
from .tree import Branch, Leaf, Place

ROWS = frozenset({"sites", "hall_types", "hardware", "workloads", "targets"})
"""Parts of a case that are named by their ids."""

Alter = Callable[[Sequence["Change"]], Case]
"""Returns the case with some changes made. ValueError: it would not be a right case."""


@dataclass(frozen=True)
class Change:
    """One value that is changed: where it stands (section, row, field ...) and what it becomes."""

    path: tuple[str, ...]
    value: float | int | str | tuple[int | str, ...]

    @property
    def key(self) -> str:
        """The dotted key, as `change:` takes it."""
        return ".".join(self.path)

    @property
    def written(self) -> float | int | str | list[int | str]:
        """The value as YAML writes it best."""
        if isinstance(self.value, float) and self.value.is_integer():
            return int(self.value)
        return list(self.value) if isinstance(self.value, tuple) else self.value


def override_text(changes: Sequence[Change], extends: str | None) -> str:
    """The changes as a scenario: saved as a file it is one, and `change:` alone may be pasted into one."""
    content: dict[str, Any] = {} if extends is None else {"extends": extends}
    content["change"] = {each.key: each.written for each in changes}
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, default_flow_style=False, width=1000)


def altering(loaded: Loaded) -> Alter:
    """What changes a loaded scenario or resolved case."""
    if is_resolved(loaded.path):
        return lambda changes: altered_case(loaded.case, changes)
    return lambda changes: _altered_scenario(loaded.path, changes)


def _altered_scenario(path: Path, changes: Sequence[Change]) -> Case:
    """The case that a scenario with these changes means. ValueError: it means none."""
    here = Place(path, 1)
    orders = Branch(here, {each.key: _leaf(each.value, here) for each in changes})
    try:
        scenario = Scenario(path)
        change(scenario.draft, orders, scenario.problems)
        return assemble(scenario)
    except InputProblems as error:
        raise ValueError(str(error.problems[0])) from error


def _leaf(value: object, at: Place) -> Leaf:
    if isinstance(value, tuple):
        return Leaf(tuple(Leaf(str(each), at) for each in value), at)
    return Leaf(str(value), at)


def altered_case(case: Case, changes: Sequence[Change]) -> Case:
    """A case with these changes; a workload's are made to all workloads of its system. ValueError: not a right case."""
    content: dict[str, Any] = json.loads(case.model_dump_json())
    for each in changes:
        section, *rest = each.path
        if section == "years" or section not in content:
            raise ValueError(f"{each.key}: a resolved case holds its numbers for its own years only")
        if section not in ROWS:
            _set(content, each.path, each.value)
            continue
        rows = [row for row in content[section] if rest[0] in (row["id"], row.get("system"))]
        if not rows:
            raise ValueError(f"{each.key}: there is no {rest[0]} in {section}")
        shared = section == "workloads" and rest[1] == "unserved_penalty_cny" and isinstance(each.value, int | float)
        for row in rows:
            _set(row, rest[1:], float(each.value) / len(rows) if shared else each.value)  # type: ignore[arg-type]
    try:
        made = Case.model_validate_json(json.dumps(content))
    except ValidationError as error:
        raise ValueError(str(error)) from error
    found = next(faults(made), None)
    if found is not None:
        raise ValueError(f"{'.'.join(map(str, found.path))}: {found.found}, expected {found.expected}")
    return made


def _set(content: dict[str, Any], path: Sequence[str], value: object) -> None:
    """Set a field; a text such as x0.5 multiplies all numbers that are there."""
    for key in path[:-1]:
        content = content[key]
    scale = SCALE.fullmatch(value) if isinstance(value, str) else None
    content[path[-1]] = value if scale is None else _scaled(content[path[-1]], float(scale[1]))


def _scaled(content: Any, factor: float) -> Any:
    if isinstance(content, dict):
        return {key: _scaled(value, factor) for key, value in content.items()}
    return content * factor if isinstance(content, int | float) else content
