"""The comparison as one Excel workbook: the summary, and a sheet for each of its tables with names beside the ids."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from ..document import Document
from ..sheets import Front, Kind, Sheet, Value, number_value, text_value
from ..workbook import book
from .plans import Comparison
from .tables import tables, unquoted

_KINDS: Mapping[str, Kind] = {
    "year": "plain", "base_year": "plain", "first_year": "plain", "last_year": "plain", "discount_rate": "share",
    "objective_cny": "money", "bound_cny": "money", "gap": "small share", "requested_gap": "small share",
    "factor": "ratio", "cny_before": "money", "cny_after": "money", "difference_cny": "money",
}  # fmt: skip
"""How the numbers of a column are shown; those of the others differ from row to row."""
THERE = "there"
"""What inputs.csv says of a row that only one case has."""


def workbook(comparison: Comparison, document: Document) -> bytes:
    """The workbook of a comparison and its report; the same comparison always gives the same bytes."""
    t = comparison.t
    facts = tuple((badge.label, Value(badge.text), "") for badge in document.badges)
    front = Front(t("workbook.sheet.summary"), document.title, document.answer, document.warnings, facts)
    return book(front, _sheets(comparison), document.base_year)


def _sheets(comparison: Comparison) -> Iterable[Sheet]:
    t = comparison.t
    named = _names(comparison)
    for name, table in tables(comparison).items():
        titles: list[str] = []
        columns: list[list[Value]] = []
        for column in map(str, table.columns):
            contents = table[column].tolist()
            if column in named:
                titles.append(t(f"comparison_workbook.column.{column}"))
                columns.append([Value(named[column](text_value(content))) for content in contents])
                if column in _WORDS:
                    continue
                titles.append(t(f"comparison_workbook.column.{column}_id"))
            else:
                titles.append(t(f"comparison_workbook.column.{column}"))
            columns.append([_cell(comparison, content, _KINDS.get(column)) for content in contents])
        rows = list(zip(*columns, strict=True))
        yield Sheet(t(f"comparison_workbook.sheet.{name}"), tuple(titles), rows)


_WORDS = ("category", "section", "step", "measure", "work", "how", "metric", "audit", "status", "met")
"""Columns of words, not of ids: what is said in their place needs no column beside it."""


def _cell(comparison: Comparison, content: object, kind: Kind | None) -> Value:
    """A cell as it is: numbers stay numbers also where a column holds texts too."""
    if isinstance(content, int | float) and not isinstance(content, bool):
        whole = float(content).is_integer()
        return number_value(content, kind or ("count" if whole else "ratio" if abs(content) < 1000 else "amount"))
    if isinstance(content, str) and content == THERE:
        return Value(comparison.t("comparison_workbook.word.there"))
    return Value(unquoted(text_value(content)))


def _names(comparison: Comparison) -> Mapping[str, Callable[[str], str]]:
    """What the columns of ids and of words say in the report's language."""
    t = comparison.t
    items: dict[str, str] = {}
    for plan in reversed(comparison.plans):
        items |= plan.view.hall_names | plan.view.hardware_names
    words = {
        key: t.group(f"comparison_workbook.word.{key}")
        for key in ("step", "measure", "work", "how", "audit", "status", "met")
    }

    def word(key: str) -> Callable[[str], str]:
        return lambda text: words[key].get(text, text)

    return {
        "site": lambda identifier: comparison.site_name(identifier) if identifier else "",
        "item": lambda identifier: items.get(identifier, identifier),
        "category": lambda identifier: t.word(f"cost.{identifier}") if identifier else "",
        "section": lambda identifier: t.term("comparison.section", identifier),
        "metric": lambda identifier: t.word(f"metric.{identifier}"),
        **{key: word(key) for key in words},
    }
