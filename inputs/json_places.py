"""Find the lines of values in a JSON text without keeping positions for all of it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from contextlib import suppress

SPACE = re.compile(r"[ \t\n\r]*")
JsonPath = tuple[str | int, ...]


def json_lines(text: str, paths: Sequence[JsonPath]) -> list[int]:
    """Return the line of the value at each path, or of the nearest thing above it that exists.

    The text is JSON (NaN and infinities are let pass). What no path leads to is skipped at the speed of the
    standard library's own scanner.
    """
    starts: dict[JsonPath, int] = {(): SPACE.match(text, 0).end()}  # type: ignore[union-attr]
    wanted = {path[:depth] for path in paths for depth in range(len(path) + 1)}
    # What pydantic reads and this walk cannot leaves the places found so far: the line of something above is enough.
    with suppress(ValueError, IndexError, RecursionError):
        _Walk(text, wanted, starts).value(starts[()], ())
    positions = []
    for path in paths:
        known = path
        while known not in starts:
            known = known[:-1]
        positions.append(starts[known])
    lines: dict[int, int] = {}
    line, before = 1, 0
    for position in sorted(set(positions)):
        line += text.count("\n", before, position)
        before = position
        lines[position] = line
    return [lines[position] for position in positions]


class _Walk:
    """One pass over the text, going down only where a path leads."""

    def __init__(self, text: str, wanted: set[JsonPath], starts: dict[JsonPath, int]) -> None:
        self.text = text
        self.wanted = wanted
        self.above = {path[:-1] for path in wanted if path}
        self.starts = starts
        self.skip = json.JSONDecoder().raw_decode

    def space(self, position: int) -> int:
        match = SPACE.match(self.text, position)
        assert match is not None
        return match.end()

    def value(self, position: int, path: JsonPath) -> int:
        """Note where the value at a position starts and return where it ends."""
        self.starts[path] = position
        if path not in self.above or self.text[position] not in "{[":
            return self.skip(self.text, position)[1]
        return self.members(position, path)

    def members(self, position: int, path: JsonPath) -> int:
        """Go through an object or a list, down where a path leads."""
        closing = "}" if self.text[position] == "{" else "]"
        position = self.space(position + 1)
        number = 0
        while self.text[position] != closing:
            key: str | int = number
            if closing == "}":
                key, position = self.skip(self.text, position)
                position = self.space(self.space(position) + 1)
            below = (*path, key)
            position = self.value(position, below) if below in self.wanted else self.skip(self.text, position)[1]
            position = self.space(position)
            if self.text[position] == ",":
                position = self.space(position + 1)
            number += 1
        return position + 1
