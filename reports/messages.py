"""The words of the reports: a catalogue per language, the files of a folder under words/.

A message may hold `{names}` to fill in and `**bold**`. What is filled in is data and stays plain text, whatever
characters it holds.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from typing import Any

from .document import Inline, Run

_BOLD = re.compile(r"\*\*(.+?)\*\*")


class Messages:
    """The catalogue of one language. An unknown key is a KeyError."""

    def __init__(self, language: str) -> None:
        self.language = language
        folder = files(__package__) / "words" / language
        texts = [file.read_text("utf-8") for file in folder.iterdir() if file.name.endswith(".toml")]
        self._table = dict(entry for text in texts for entry in _flat(tomllib.loads(text)))

    def __call__(self, key: str, **values: object) -> str:
        """The message as plain text."""
        return self._table[key].replace("**", "").format(**values)

    def rich(self, key: str, **values: object) -> Inline:
        """The message with its bold parts."""
        pieces = _BOLD.split(self._table[key])
        runs = (Run(piece.format(**values), bold=n % 2 == 1) for n, piece in enumerate(pieces))
        return tuple(run for run in runs if run.text)

    def count(self, noun: str, n: int) -> str:
        """A number with its noun: `count("hall", 3)` is "3 halls"; some nouns have words of their own for none."""
        form = "one" if n == 1 else "none" if n == 0 and f"count.{noun}.none" in self._table else "other"
        return self(f"count.{noun}.{form}", n=f"{n:,}")

    def word(self, key: str) -> str:
        """The message if the catalogue has it, otherwise the last part of the key itself."""
        return self._table.get(key, key.rpartition(".")[2])

    def within(self, text: str) -> str:
        """A word of the catalogue as it stands within a sentence."""
        return text[:1].lower() + text[1:]

    def listing(self, items: Sequence[str], most: int = 3) -> str:
        """Some names in a sentence: "a, b and 4 more"."""
        shown = list(items[:most])
        if len(items) > most:
            shown.append(self("list.more", n=len(items) - most))
        if len(shown) < 2:
            return "".join(shown)
        return self("list.and", first=self("list.comma").join(shown[:-1]), last=shown[-1])

    def group(self, prefix: str) -> dict[str, str]:
        """All messages under a prefix, which is cut off."""
        start = prefix + "."
        return {key.removeprefix(start): text for key, text in self._table.items() if key.startswith(start)}

    def keys(self) -> set[str]:
        """The keys of all messages."""
        return set(self._table)

    def characters(self) -> set[str]:
        """Every character the catalogue uses."""
        return set("".join(self._table.values()))


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, str(value)
