"""What is wrong with the inputs: every problem at once, each with its place and the way out."""

from __future__ import annotations

import difflib
import math
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

__all__ = ["InputProblems", "Problem", "nearest", "shown"]

LONGEST_SHOWN = 70


@dataclass(frozen=True)
class Problem:
    """One mistake in one file: where it stands, what was found there and what was expected.

    `line` is None where the whole file is meant. `column` is the column of a CSV table, or the dotted key of a YAML
    or JSON file. `nearest` is the valid word that comes closest to what was written, if any does.
    """

    file: str
    line: int | None
    column: str | None
    found: str
    expected: str
    nearest: str | None = None

    def __str__(self) -> str:
        """The problem as one line of printable text, whatever stands in the file."""
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        if self.column:
            where += f" ({'column' if self.file.lower().endswith('.csv') else 'key'} {self.column})"
        hint = f"; did you mean {self.nearest}?" if self.nearest else ""
        text = f"{where}: found {self.found}, expected {self.expected}{hint}"
        return "".join(character if character.isprintable() else " " for character in text)

    @property
    def order(self) -> tuple[str, int, str, str, str]:
        """The key by which problems are sorted: file, line, column, text."""
        return (self.file, self.line or 0, self.column or "", self.found, self.expected)


class InputProblems(Exception):  # noqa: N818  (it holds many)
    """Everything that is wrong with a scenario, sorted by file and line; its text has one problem a line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems), key=lambda problem: problem.order))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def nearest(word: str, valid: Iterable[str], closeness: float = 0.6) -> str | None:
    """Return the valid word that comes closest to `word`, or None if none comes close (0: anything, 1: equal)."""
    by_folded = {candidate.casefold(): candidate for candidate in sorted(valid, reverse=True)}
    close = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=closeness)
    return by_folded[close[0]] if close else None


def shown(value: object) -> str:
    """Return a value as it is shown in a problem: short, on one line, text in quotes."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        value = '"' + " ".join(value.split()) + '"' if value.strip() else "empty text"
    elif isinstance(value, dict):
        value = "a mapping with the keys " + ", ".join(map(str, value)) if value else "an empty mapping"
    elif isinstance(value, list | tuple):
        value = f"a list of {len(value)}" if value else "an empty list"
    elif isinstance(value, float):
        value = f"{value:.15g}" if math.isfinite(value) else str(value).replace("nan", "NaN").replace("inf", "infinity")
    text = str(value)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 3] + "..."


def listed(words: Iterable[str], longest: int = 12) -> str:
    """Return valid words as they are listed in a problem, the rest counted when there are many."""
    ordered = list(words)
    rest = len(ordered) - longest
    return ", ".join(ordered[:longest]) + (f" and {rest} more" if rest > 0 else "")


def file_name(path: Path) -> str:
    """Return a path as people read it: relative where it lies below the current folder."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        return str(path)
    return str(path) if relative.startswith("..") else relative
