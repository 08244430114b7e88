"""Where the values of a scenario come from: policy clauses, public sources, assumptions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .rows import SECTIONS
from .scenario import Scenario
from .shipped import PACKAGE
from .tree import Branch, Leaf, Place


@dataclass(frozen=True)
class Source:
    """What a row of a table, a setting or a change rests on, and the file and line that say so.

    `table` is a section such as `sites`, or `settings`, or `change`; `row` is the row's id or the dotted key.
    """

    table: str
    row: str
    source: str
    file: str
    line: int


def sources_of(scenario: Scenario) -> tuple[Source, ...]:
    """Return a source for every row of a scenario, every setting that names one, and every change."""
    draft = scenario.draft
    found: list[Source] = []
    for section in SECTIONS:
        table = draft.find((section,))
        for row, fields in table.items.items() if isinstance(table, Branch) else ():
            leaf = fields.items.get("source") if isinstance(fields, Branch) else None
            found.append(_source(scenario, section, row, _text(leaf), leaf.at if leaf else fields.at))
    changed = {key for key, _ in scenario.changes}
    found += [_of_setting(scenario, key, note) for key, note in scenario.notes.items() if key not in changed]
    for key, value in scenario.changes:
        why = _text(scenario.notes.get(key))
        if not key.endswith((".source", ".note")):
            found.append(_source(scenario, "change", key, f"{value}: {why}" if why else str(value), value.at))
    return tuple(found)


def _of_setting(scenario: Scenario, key: str, note: Leaf) -> Source:
    node = scenario.draft.find(tuple(key.split(".")))
    if isinstance(node, Leaf) and node.at.file != note.at.file:
        # Another file set the value that holds: the source of the one it replaced says nothing about it.
        return _source(scenario, "settings", key, "", node.at)
    return _source(scenario, "settings", key, _text(note), node.at if node else note.at)


def _text(node: object) -> str:
    return " ".join(str(node).split()) if isinstance(node, Leaf) and node.value is not None else ""


def _source(scenario: Scenario, table: str, row: str, text: str, at: Place) -> Source:
    return Source(table, row, text, portable_name(at.file, scenario.path), at.line)


def portable_name(file: Path, scenario: Path) -> str:
    """Return a file's name that is the same on every machine: from the package, or from the scenario's folder."""
    for folder in (PACKAGE, scenario.resolve().parent):
        if file.resolve().is_relative_to(folder):
            return file.resolve().relative_to(folder).as_posix()
    return file.name
