"""Where the inputs come from: each distinct source has a number, given in the order in which the report names it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from .language import Language
from .numbers import DASH
from .wording import printable

Key = tuple[str, str]
ASSUMED = ("assumption", "假设")


class Sources:
    """The sources of rows and settings by (table, row)."""

    def __init__(self, entries: Mapping[Key, str]) -> None:
        self._entries = dict(entries)
        self._numbers: dict[str, str] = {}
        self._used: dict[str, dict[str, list[str]]] = {}

    def of(self, table: str, row: str, otherwise: str = "") -> str:
        """The number of a row's source, such as "S3"; a dash if it has none."""
        text = self._entries.get((table, row), printable(otherwise))
        if not text:
            return DASH
        rows = self._used.setdefault(text, {}).setdefault(table, [])
        if row not in rows:
            rows.append(row)
        return self._numbers.setdefault(text, f"S{len(self._numbers) + 1}")

    def everything(self) -> Iterator[tuple[str, str, Mapping[str, list[str]]]]:
        """Number, text, and rows by table of every source: those named so far first, then the rest."""
        for table, row in self._entries:
            self.of(table, row)
        for text, number in self._numbers.items():
            yield number, text, self._used[text]

    def __len__(self) -> int:
        """How many rows and settings have a source."""
        return len(self._entries)

    @property
    def assumed(self) -> int:
        """How many rows and settings rest at least in part on an assumption, by the words of their sources."""
        return sum(any(word in text.lower() for word in ASSUMED) for text in self._entries.values())


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
