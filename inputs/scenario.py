"""Read a scenario: what it extends, its tables, its sections and settings, what it drops and changes.

Later wins: 1 the extended scenario, 2 the folder of tables, 3 the sections and settings of the file, 4 `drop`,
5 `change`.
"""

from __future__ import annotations

from pathlib import Path

from .changes import change, drop
from .clauses import COVERAGE, Clause, read_coverage
from .csv_table import Table
from .problems import InputProblems, Problem, file_name, listed, nearest, shown
from .rows import SECTIONS, TOP_LEVEL, Settings
from .schema import is_setting, unknown_column
from .shipped import shipped_scenarios, shipped_tables
from .text_file import is_file, is_folder
from .tree import Branch, Draft, KeyPath, Leaf, Node, Place, leaves
from .yaml_file import read_yaml

ALIKE = 0.8  # a table whose name is this close to a section's is taken for a slip of the pen
YAML_SUFFIXES = (".yaml", ".yml")


class Scenario:
    """A scenario as it was written: the draft with every value and its history, and the problems found so far.

    `clauses` holds those of `coverage.csv` by id, `columns` the header of every table read,
    `ragged` the places of rows with too few or too many cells;
    `incomplete` says that a file it stands on could not be read, so that nothing can be said about what is missing.
    """

    def __init__(self, path: Path) -> None:
        """Read a scenario file with everything it stands on. Raises InputProblems if nothing of it can be read."""
        self.path = path
        self.draft = Draft(Place(path, 1))
        self.problems: list[Problem] = []
        self.notes: dict[str, Leaf] = {}
        self.changes: list[tuple[str, Leaf]] = []
        self.clauses: dict[str, Clause] = {}
        self.columns: dict[Path, list[str | None]] = {}
        self.ragged: set[Place] = set()
        self.incomplete = False
        self._read(path, ())

    def complain(self, at: Place, key: str | None, found: str, expected: str, near: str | None = None) -> None:
        """Note a problem at a place."""
        self.problems.append(Problem(file_name(at.file), at.line, key, found, expected, near))

    def _read(self, path: Path, chain: tuple[Path, ...]) -> None:
        top, problems = read_yaml(path)
        self.problems += problems
        for key, node in top.items.items():
            if key not in TOP_LEVEL:
                near = nearest(key, TOP_LEVEL)
                expected = "a known one" if near else f"one of {listed(TOP_LEVEL, 40)}"
                self.complain(node.at, key, f"the unknown key {shown(key)}", expected, near)
        if extends := top.items.get("extends"):
            self._read_parent(extends, path, chain)
        if tables := top.items.get("tables"):
            self._read_tables(tables, path)
        self._set_settings(top)
        for section in SECTIONS:
            if rows := top.items.get(section):
                self._set_rows(section, rows, path.name)
        listing, orders = top.items.get("drop"), top.items.get("change")
        if listing and not self.incomplete:  # what cannot be read might have held what is dropped or changed
            drop(self.draft, listing, self.problems)
        if orders and not self.incomplete:
            self.changes += [(".".join(key), leaf) for key, leaf in leaves(orders)]
            change(self.draft, orders, self.problems)
        notes = top.items.get("sources")
        if notes and not self.incomplete:
            self._set_notes(notes)

    def _without(self, at: Place, key: str, found: str, expected: str, near: str | None = None) -> None:
        """Note that a file or folder cannot be read."""
        self.incomplete = True
        self.complain(at, key, found, expected, near)

    def _word(self, node: Node, key: str, expected: str) -> str | None:
        if isinstance(node, Leaf) and isinstance(node.value, str) and node.value.strip():
            return node.value.strip()
        found = "a mapping" if isinstance(node, Branch) else "a list" if isinstance(node.value, tuple) else "nothing"
        self._without(node.at, key, found, expected)
        return None

    def _read_parent(self, node: Node, path: Path, chain: tuple[Path, ...]) -> None:
        word = self._word(node, "extends", "the name of a shipped scenario, or the path of a scenario file")
        if word is None:
            return
        shipped = shipped_scenarios()
        if word.lower().endswith(YAML_SUFFIXES) or "/" in word or "\\" in word:
            parent = path.parent / word
        elif word in shipped:
            parent = shipped[word]
        else:
            beside = path.parent / f"{word}.yaml"
            near = beside.name if is_file(beside) else nearest(word, shipped)
            expected = f"a shipped scenario ({listed(shipped)}) or the path of a .yaml file"
            self._without(node.at, "extends", shown(word), expected, near)
            return
        if not is_file(parent):
            near = nearest(parent.name, [file.name for file in path.parent.glob("*.y*ml") if file != path])
            self._without(node.at, "extends", f"{shown(word)}, where there is no file", "a scenario file", near)
            return
        seen = [file.resolve() for file in (*chain, path)]
        if parent.resolve() in seen:
            names = [file.name for file in (*chain, path)][seen.index(parent.resolve()) :]
            circle = " -> ".join([*names, parent.name])
            self._without(node.at, "extends", f"a circle ({circle})", "a scenario that does not lead back to this one")
            return
        try:
            self._read(parent, (*chain, path))
        except InputProblems as error:
            self.incomplete = True
            self.problems += error.problems

    def _read_tables(self, node: Node, path: Path) -> None:
        word = self._word(node, "tables", "a folder of CSV tables")
        if word is None:
            return
        shipped = shipped_tables()
        folder = path.parent / word
        if not is_folder(folder):
            if word not in shipped:
                near = nearest(word, [*shipped, *(file.name for file in path.parent.iterdir() if file.is_dir())])
                expected = f"a folder beside this file, or a shipped one ({listed(shipped)})"
                found = f"{shown(word)}, which is a file" if is_file(folder) else shown(word)
                self._without(node.at, "tables", found, expected, near)
                return
            folder = shipped[word]
        files = sorted(file for file in folder.iterdir() if file.suffix.lower() == ".csv" and file.name[0] != ".")
        if not any(nearest(file.stem, SECTIONS, ALIKE) for file in files):
            self._without(node.at, "tables", f"no CSV tables in {shown(word)}", f"tables named {listed(SECTIONS)}")
        for file in files:
            if file.stem in SECTIONS:
                self._read_table(file.stem, file)
            elif file.stem == COVERAGE:
                self._read_coverage(file)
            elif near := nearest(file.stem, SECTIONS, ALIKE):  # other tables may lie there too
                self.incomplete = True
                found, expected = f"a table named {shown(file.stem)}", f"tables named {listed(SECTIONS)}"
                self.problems.append(Problem(file_name(file), None, None, found, expected, f"{near}.csv"))

    def _read_table(self, section: str, file: Path) -> None:
        try:
            table = Table(file, lambda column: unknown_column(section, column))
        except InputProblems as error:
            self.incomplete = True
            self.problems += error.problems
            return
        self.problems += table.problems
        self.columns[file] = table.columns
        self.ragged |= table.ragged
        self._set_rows(section, table.rows, file.name)

    def _read_coverage(self, file: Path) -> None:
        try:
            self.clauses |= read_coverage(file, self.problems)
        except InputProblems as error:
            self.problems += error.problems

    def _set_rows(self, section: str, rows: Node, by: str) -> None:
        if isinstance(rows, Leaf):
            if rows.value is not None:
                found = "a list" if isinstance(rows.value, tuple) else shown(rows.value)
                self.complain(rows.at, section, found, "rows: a mapping of ids to fields")
            return
        for row, fields in rows.items.items():
            if isinstance(fields, Leaf) and fields.value is not None:
                self.complain(fields.at, f"{section}.{row}", shown(str(fields)), "the fields of a row: {field: value}")
            elif "*" in row or ";" in row:
                self.complain(fields.at, f"{section}.{row}", f"the id {shown(row)}", "an id without * and ;")
            else:
                self.draft.branch((section, row), fields.at)
                self._set(fields, (section, row), by)

    def _set_settings(self, top: Branch) -> None:
        for setting in Settings.model_fields:
            if setting in top.items:
                self._set(top.items[setting], (setting,), top.at.file.name)

    def _set(self, node: Node, path: KeyPath, by: str) -> None:
        if isinstance(node, Leaf):
            if len(path) == 1 or path[0] not in SECTIONS or len(path) > 2:
                self.draft.set(path, node, by)
            return
        self.draft.branch(path, node.at)
        for key, inner in node.items.items():
            self._set(inner, (*path, key), by)

    def _set_notes(self, notes: Node) -> None:
        if isinstance(notes, Leaf):
            expected = "a mapping of settings to their sources"
            self.complain(notes.at, "sources", shown(str(notes)), expected)
            return
        changed = {key for key, _ in self.changes}
        for path, leaf in leaves(notes):
            key = ".".join(path)
            if key not in changed and not is_setting(path):
                near = nearest(key, [*Settings.model_fields, *changed])
                expected = "a setting, or a key of change"
                self.complain(leaf.at, f"sources.{key}", shown(key), expected, near)
            self.notes[key] = leaf
