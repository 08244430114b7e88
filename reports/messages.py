"""The words of the reports: a catalogue per language, the files of a folder under words/.

A message may hold `{names}` to fill in and `**bold**`. What is filled in is data and stays plain text, whatever
characters it holds. Grammar is the catalogue's too: how names are listed, what goes between a number and its noun.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from . import numbers
from .document import Inline, Run
from .language import Language
from .wording import printable

_BOLD = re.compile(r"\*\*(.+?)\*\*")


class Messages:
    """The catalogue of one language. An unknown key is a KeyError."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self._table = _catalogue(language)

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

    def term(self, group: str, identifier: str) -> str:
        """What a pool, class or resource is usually called; its id, where the catalogue has no word for it."""
        return self._table.get(f"{group}.{identifier}", printable(identifier))

    def within(self, text: str) -> str:
        """A word of the catalogue as it stands within a sentence; abbreviations keep their capitals."""
        if self("text.lowercase") == "no" or text[1:2].isupper():
            return text
        return text[:1].lower() + text[1:]

    def listing(self, items: Sequence[str], most: int = 3, noun: str = "") -> str:
        """Some names in a sentence: "a, b and 4 more". Languages may have a way of their own to list a `noun`."""
        shown = self("list.comma").join(items[:most])
        if len(items) > most:
            return self(self._of("list", noun, "more"), shown=shown, n=len(items) - most)
        if len(items) < 2:
            return shown
        return self(self._of("list", noun, "and"), first=self("list.comma").join(items[:-1]), last=items[-1])

    def _of(self, group: str, noun: str, key: str) -> str:
        special = f"{group}.{noun}.{key}"
        return special if special in self._table else f"{group}.{key}"

    def joined(self, items: Iterable[str]) -> str:
        """Items one after the other: "a, b, c"."""
        return self("list.comma").join(items)

    def sentences(self, *parts: str) -> str:
        """Sentences or remarks one after the other; empty ones are left out."""
        return self("text.joint").join(part for part in parts if part)

    def years(self, first: int, last: int) -> str:
        """A year, or from one to another."""
        return str(first) if first == last else self("text.range", first=first, last=last)

    def year_list(self, years: Iterable[int]) -> str:
        """Years as they stand in a sentence: "2024", "2024–2027" if they follow each other, else one by one."""
        found = sorted(set(years))
        if len(found) > 2 and found == list(range(found[0], found[-1] + 1)):
            return self.years(found[0], found[-1])
        return self.listing([str(year) for year in found], most=4, noun="year")

    def money(self, cny: float | None) -> str:
        """One sum with its unit: "CNY 13.53 bn"; a dash for None."""
        return numbers.money(cny, self.language)

    def money_unit(self, sums: Iterable[float]) -> numbers.Unit:
        """The unit of money that fits the largest of the sums."""
        return numbers.money_unit(sums, self.language)

    def energy_unit(self, mwh: Iterable[float]) -> numbers.Unit:
        """The unit of energy that fits the largest of the amounts."""
        return numbers.energy_unit(mwh, self.language)

    def energy(self, mwh: float) -> str:
        """One amount of energy with its unit: "1,234.5 GWh"."""
        unit = self.energy_unit([mwh])
        return numbers.quantity(unit(mwh), unit.unit)

    def power(self, kw: float) -> str:
        """One amount of power with its unit: "12.5 MW", "240 kW"."""
        unit = numbers.power_unit([kw])
        return numbers.quantity(numbers.number(kw / unit.factor), unit.unit)

    def carbon_unit(self, tonnes: Iterable[float]) -> numbers.Unit:
        """The unit of mass that fits the largest of the amounts."""
        return numbers.carbon_unit(tonnes, self.language)

    def group(self, prefix: str) -> dict[str, str]:
        """All messages under a prefix, which is cut off."""
        start = prefix + "."
        return {key.removeprefix(start): text for key, text in self._table.items() if key.startswith(start)}

    def everything(self) -> dict[str, str]:
        """All messages by their keys."""
        return dict(self._table)

    def keys(self) -> set[str]:
        """The keys of all messages."""
        return set(self._table)

    def characters(self) -> set[str]:
        """Every character the catalogue uses."""
        return set("".join(self._table.values()))


@cache
def _catalogue(language: Language) -> Mapping[str, str]:
    folder = files(__package__) / "words" / language
    texts = [file.read_text("utf-8") for file in folder.iterdir() if file.name.endswith(".toml")]
    return dict(entry for text in texts for entry in _flat(tomllib.loads(text)))


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, str(value)
