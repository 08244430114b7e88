"""What a planner wrote, with its place: the scenario as a tree of keys, and the history of every value.

Values stay text until the schema says what they should be; so `1e7`, `2024` and `on` mean what their field needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

KeyPath: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file."""

    file: Path
    line: int


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value: text, nothing (None) or a list of values. Quoted text is text even if it looks like a number."""

    value: str | tuple[Leaf, ...] | None
    at: Place
    quoted: bool = False

    def __str__(self) -> str:
        """The value as it could have been written."""
        if self.value is None:
            return "null"
        if isinstance(self.value, tuple):
            return "[" + ", ".join(map(str, self.value)) + "]"
        return self.value


@dataclass(slots=True)
class Branch:
    """A mapping of keys to what stands below them."""

    at: Place
    items: dict[str, Node] = field(default_factory=dict)


Node: TypeAlias = Leaf | Branch


@dataclass(frozen=True, slots=True)
class Setting:
    """One step in the history of a value: what it was set to (None: dropped), where and by what."""

    leaf: Leaf | None
    at: Place
    by: str


class Draft:
    """A scenario while it is put together: the tree so far and the history of every value in it."""

    def __init__(self, root: Place) -> None:
        self.root = Branch(root)
        self.history: dict[KeyPath, list[Setting]] = {}

    def find(self, path: KeyPath) -> Node | None:
        """Return what stands at a path, or None."""
        node: Node | None = self.root
        for key in path:
            if not isinstance(node, Branch):
                return None
            node = node.items.get(key)
        return node

    def branch(self, path: KeyPath, at: Place) -> Branch:
        """Return the branch at a path; what is missing on the way is made, and gets the place `at`."""
        branch = self.root
        for key in path:
            below = branch.items.get(key)
            if not isinstance(below, Branch):
                below = branch.items[key] = Branch(at)
            branch = below
        return branch

    def set(self, path: KeyPath, leaf: Leaf, by: str) -> None:
        """Set a value, whatever stood there before."""
        self.branch(path[:-1], leaf.at).items[path[-1]] = leaf
        self.history.setdefault(path, []).append(Setting(leaf, leaf.at, by))

    def drop(self, path: KeyPath, at: Place) -> None:
        """Take away a value or everything below a path; its history stays."""
        parent = self.find(path[:-1])
        if isinstance(parent, Branch) and path[-1] in parent.items:
            for below, _ in leaves(parent.items.pop(path[-1]), path):
                self.history.setdefault(below, []).append(Setting(None, at, "drop"))

    def place(self, path: KeyPath) -> Place:
        """Return the place of a path, or of the nearest thing above it that stands in the files."""
        node: Node = self.root
        for key in path:
            below = node.items.get(key) if isinstance(node, Branch) else None
            if below is None:
                break
            node = below
        return node.at


def leaves(node: Node, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Leaf]]:
    """Yield every value at or below a node with its path, in the order of the file."""
    if isinstance(node, Leaf):
        yield path, node
    else:
        for key, below in node.items.items():
            yield from leaves(below, (*path, key))
