"""Read a scenario file: YAML as a tree of text with a line for every key.

Nothing is converted here: YAML's own guesses (`on` is true, `1e7` is text, `010` is eight) never reach the planner.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from .problems import InputProblems, Problem, file_name, shown
from .text_file import read_text
from .tree import Branch, Leaf, Node, Place

DEEPEST = 12
NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
A_SCENARIO = "a scenario in YAML"
A_MAPPING = "a mapping of keys such as title, extends, tables, years, change"


def read_yaml(path: Path) -> tuple[Branch, list[Problem]]:
    """Read a YAML file whose top is a mapping, and what is wrong with its keys.

    A dot in a key goes one level down, except below `change`, whose keys are kept whole. Raises InputProblems if the
    file cannot be read at all.
    """
    text = read_text(path, A_SCENARIO)
    builder = _Builder(path, _events(text, path))
    top = builder.document()
    return top, builder.problems


def _events(text: str, path: Path) -> Iterator[yaml.Event]:
    try:
        return iter(_parse(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    except yaml.YAMLError as error:
        raise InputProblems([_syntax_problem(text, path, error)]) from None


def _parse(text: str, loader: type[yaml.SafeLoader]) -> list[yaml.Event]:
    return list(yaml.parse(text, Loader=loader))


def _syntax_problem(text: str, path: Path, error: yaml.YAMLError) -> Problem:
    # The parser written in Python places and words its errors better than the C one, and the same everywhere.
    try:
        _parse(text, yaml.SafeLoader)
    except yaml.YAMLError as better:
        error = better
    file = file_name(path)
    position = getattr(error, "position", None)
    if isinstance(position, int):
        line = text.count("\n", 0, position) + 1
        return Problem(file, line, None, f"the control character {text[position]!r}", "printable text")
    mark = getattr(error, "problem_mark", None)
    what = " ".join(str(getattr(error, "problem", None) or error).split())
    line = mark.line + 1 if mark is not None else 1
    lines = text.splitlines()
    written = lines[line - 1] if line <= len(lines) else ""
    expected = "YAML"
    if "\t" in written[: len(written) - len(written.lstrip())] or "'\\t'" in what:
        return Problem(file, line, None, "a tab", "spaces (YAML is never indented with tabs)")
    if "mapping values are not allowed" in what:
        expected = "one key and value a line, indented like its neighbours (text with a colon in quotes)"
    elif "cannot start any token" in what:
        expected = "text that starts with this character in quotes"
    return Problem(file, line, None, f"{shown(written.strip())}: {what}", expected)


def line_of(event: yaml.Event) -> int:
    """Return the line in which an event starts."""
    return event.start_mark.line + 1 if event.start_mark is not None else 1


class _Builder:
    """Turns the parser's events into a tree, and collects what is wrong on the way."""

    def __init__(self, path: Path, events: Iterator[yaml.Event]) -> None:
        self.path = path
        self.events = events
        self.problems: list[Problem] = []

    def document(self) -> Branch:
        """Build the one mapping of the file. Raises InputProblems if there is none."""
        top: Node | None = None
        for event in self.events:
            if isinstance(event, yaml.NodeEvent):
                if top is not None:
                    self.complain(event, "", "a second YAML document (---)", "one document in a file")
                    break
                top = self.node(event, ())
        if isinstance(top, Branch):
            return top
        if top is None or top.value is None:
            self.problems.append(Problem(file_name(self.path), None, None, "an empty file", A_MAPPING))
        else:
            found = "a list" if isinstance(top.value, tuple) else shown(str(top))
            self.problems.append(Problem(file_name(self.path), top.at.line, None, found, A_MAPPING))
        raise InputProblems(self.problems)

    def complain(self, event: yaml.Event, key: str, found: str, expected: str) -> None:
        """Note a problem at an event."""
        self.problems.append(Problem(file_name(self.path), line_of(event), key or None, found, expected))

    def node(self, event: yaml.Event, path: tuple[str, ...], line: int | None = None) -> Node:
        """Build the node that starts with an event; `line` is that of its key."""
        at = Place(self.path, line or line_of(event))
        key = ".".join(path)
        if len(path) > DEEPEST:
            self.complain(event, ".".join(path[:3]), f"more than {DEEPEST} levels of nesting", "at most that many")
            raise InputProblems(self.problems)
        if isinstance(event, yaml.AliasEvent):
            self.complain(event, key, f"the alias *{event.anchor}", "the value itself (aliases are not supported)")
            return Leaf(None, at)
        if tag := getattr(event, "tag", None):
            self.complain(event, key, f"the tag {tag}", "a plain value (tags are not supported)")
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(at, path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(at, path)
        assert isinstance(event, yaml.ScalarEvent)
        quoted = bool(event.style)
        return Leaf(None if not quoted and event.value in NOTHING else event.value, at, quoted)

    def sequence(self, at: Place, path: tuple[str, ...]) -> Leaf:
        """Build a list; only values may stand in it."""
        items: list[Leaf] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            item = self.node(event, (*path, str(len(items))))
            if isinstance(item, Leaf) and not isinstance(item.value, tuple):
                items.append(item)
            else:
                inner = "a mapping" if isinstance(item, Branch) else "a list"
                self.complain(event, ".".join(path), f"{inner} in a list", "a list of single values")
        return Leaf(tuple(items), at)

    def mapping(self, at: Place, path: tuple[str, ...]) -> Branch:
        """Build a mapping; a dot in a key goes one level down."""
        branch = Branch(at)
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self.complain(event, ".".join(path), "a key that is not a single word", "a word as key")
                self.node(event, (*path, "?"))
                self.node(next(self.events), (*path, "?"))
                continue
            line = line_of(event)
            keys = [event.value] if path[:1] == ("change",) else event.value.split(".")
            value = self.node(next(self.events), (*path, *keys), line)
            if not all(key.strip() for key in keys):
                self.complain(event, ".".join(path), f"the key {shown(event.value)}", "a name, or names with dots")
            else:
                self.put(branch, event, path, keys, value)
        return branch

    def put(self, branch: Branch, event: yaml.Event, path: tuple[str, ...], keys: list[str], value: Node) -> None:
        """Put a value below a branch, several levels down if its key has dots; nothing is given twice."""
        at = Place(self.path, line_of(event))
        for depth, key in enumerate(keys[:-1]):
            below = branch.items.setdefault(key, Branch(at))
            if isinstance(below, Leaf):
                self.twice(event, (*path, *keys[: depth + 1]), below)
                return
            branch = below
        present = branch.items.get(keys[-1])
        if present is None:
            branch.items[keys[-1]] = value
        else:
            self.twice(event, (*path, *keys), present)

    def twice(self, event: yaml.Event, path: tuple[str, ...], first: Node) -> None:
        """Note that a key is given twice."""
        key = ".".join(path)
        self.complain(event, key, f"the key {path[-1]} a second time", f"it once (it stands in line {first.at.line})")
