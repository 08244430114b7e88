"""Where the inputs come from: each distinct source has a number, given in the order in which the report names it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from .language import Language
from .numbers import DASH
from .wording import printable

Key = tuple[str, str]


class Sources:
    """The sources of rows and settings by (table, row)."""

    def __init__(self, entries: Mapping[Key, str]) -> None:
        self._entries = dict(entries)
        self._numbers: dict[str, str] = {}
        self._tables: dict[str, list[str]] = {}

    def of(self, table: str, row: str, otherwise: str = "") -> str:
        """The number of a row's source, such as "S3"; a dash if it has none."""
        text = self._entries.get((table, row), printable(otherwise))
        if not text:
            return DASH
        tables = self._tables.setdefault(text, [])
        if table not in tables:
            tables.append(table)
        return self._numbers.setdefault(text, f"S{len(self._numbers) + 1}")

    def named(self) -> Iterator[tuple[str, str, list[str]]]:
        """Number, text and tables of every source named so far."""
        for text, number in self._numbers.items():
            yield number, text, self._tables[text]

    @property
    def unnamed(self) -> int:
        """How many distinct sources the report has not named."""
        return len(set(self._entries.values()) - set(self._numbers))


def read_sources(folder: Path, language: Language = "en") -> Sources:
    """The sources of a result folder, as far as it has them in the language; none if it has no sources.csv."""
    path = folder / "sources.csv"
    if not path.is_file():
        return Sources({})
    rows = pd.read_csv(path, dtype="string", keep_default_na=False)
    own = rows.get(f"source_{language}", rows["source"])
    entries = {}
    for name, row, text in zip(rows["table"], rows["row"], own.where(own != "", rows["source"]), strict=True):
        if printable(text):
            entries[str(name), str(row)] = printable(text)
    return Sources(entries)
