"""The audit's complaints in the language of a report.

The audit speaks English, to summary.json and to everyone. Where a report is in another language, each sentence is
found among those of the English catalogue, and what is filled in (places, types, counts) goes into the sentence of the
same key; ids and English names become the names that the report uses. A sentence that is not found stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cached_property

from .messages import Messages
from .view import PlanView
from .wording import printable

_FIELD = re.compile(r"\{([a-z_]+)\}")
_COUNTED = re.compile(r"([0-9][0-9,]*) (hall|unit|grid step)s\b")
_PATTERNS = {
    "year": r"[0-9]{4}",
    "first": r"[0-9]{4}",
    "last": r"[0-9]{4}",
    "n": r"-?[0-9,]+",
    "line": r"[0-9]+",
    "place": r"(?:.+, )?[0-9]{4}",
    "scope": r".+",
    "found": r".*?",
}
"""What fills a field, where that is not just anything as short as can be."""


class Complaints:
    """The complaints about a plan, in the words of a catalogue."""

    def __init__(self, view: PlanView, messages: Messages) -> None:
        self._view, self._t = view, messages

    def __call__(self, sentence: str) -> str:
        """A complaint in the catalogue's words."""
        if self._t.language == "en":
            return sentence
        plain = _COUNTED.sub(r"\1 \2", sentence)
        for key, pattern in self._sentences:
            found = pattern.fullmatch(plain)
            if found:
                said = {name: self._said(name, text) for name, text in found.groupdict().items()}
                return self._t(f"complaint.{key}", **said)
        return sentence

    @cached_property
    def _sentences(self) -> list[tuple[str, re.Pattern[str]]]:
        """The English sentences as patterns, by their keys and in their order."""
        return [(key, _pattern(text)) for key, text in Messages("en").group("complaint").items()]

    def _said(self, field: str, text: str) -> str:
        if field == "place":
            site, _, year = text.rpartition(", ")
            return self._t("complaint_part.place", site=self._sites.get(site, site), year=year)
        if field in self._named:
            return self._named[field](text)
        return self._t.word(f"complaint_part.{text}") if "." not in text else text

    @cached_property
    def _sites(self) -> Mapping[str, str]:
        """What the report calls a site, by its English name and by its id."""
        view = self._view
        names = {site.name.en: view.site_names[site.id] for site in view.case.sites if site.name.en}
        return names | view.site_names

    @cached_property
    def _named(self) -> Mapping[str, Callable[[str], str]]:
        """How the report says what fills a field."""
        t, view = self._t, self._view
        workloads = {w.id: view.name_of(w.name, w.id) for w in view.case.workloads}

        def workload(identifier: str) -> str:
            name = workloads.get(identifier, identifier)
            return name if name == identifier else t("text.named", name=name, id=printable(identifier))

        return {
            "site": lambda text: self._sites.get(text, text),
            "hall": lambda text: view.hall_names.get(text, text),
            "hardware": lambda text: view.hardware_names.get(text, text),
            "workload": workload,
            "resource": lambda text: t.term("resource", text),
            "pool": lambda text: t.term("pool", text),
            "zone": lambda text: t.term("zone", text),
            "metric": lambda text: t.term("metric", text),
            "category": lambda text: t.term("cost", text),
            "role": lambda text: t.term("workbook.role", text),
        }


def _pattern(text: str) -> re.Pattern[str]:
    """A sentence as a pattern: a field is named once, and has to be the same wherever it stands again."""
    parts, seen = [], set[str]()
    for n, part in enumerate(_FIELD.split(text)):
        if n % 2 == 0:
            parts.append(re.escape(part))
        elif part in seen:
            parts.append(f"(?P={part})")
        else:
            seen.add(part)
            parts.append(f"(?P<{part}>{_PATTERNS.get(part, '.+?')})")
    return re.compile("".join(parts))
