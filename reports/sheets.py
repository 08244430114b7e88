"""What the workbook holds: a sheet for each table of the result, in the report's words, and a summary before them.

Numbers stay numbers in the units of the result's tables; names stand beside the ids that the tables hold.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

from .draft import Draft
from .sections import cover, targets
from .wording import printable

Kind = Literal["text", "plain", "count", "amount", "share", "small share", "ratio", "money"]
"""How a cell is shown: `plain` is a year or a line, `amount` has a decimal, `ratio` three, a `small share` two
in per cent, `money` is CNY."""


@dataclass(frozen=True)
class Value:
    """A cell: text, a number, or nothing."""

    content: str | float | None
    kind: Kind = "text"


@dataclass(frozen=True)
class Sheet:
    """A table of the workbook: its name, the titles of its columns with their units, and its rows."""

    name: str
    titles: tuple[str, ...]
    rows: Sequence[tuple[Value, ...]]


@dataclass(frozen=True)
class Front:
    """The first sheet: title and answer, what is wrong with the plan, and facts as name, value and remark."""

    name: str
    title: str
    answer: str
    warnings: tuple[str, ...]
    facts: tuple[tuple[str, Value, str], ...]


_KINDS: Mapping[str, Kind] = {
    "year": "plain", "line": "plain", "open": "count", "built": "count", "converted_in": "count",
    "converted_away": "count", "in_service": "count", "bought": "count", "kept": "count", "grid_steps": "count",
    "grid_kw": "amount", "peak_kw": "amount", "it_mwh": "amount", "facility_mwh": "amount", "green_mwh": "amount",
    "share": "share", "cny": "money", "discounted_cny": "money", "best_cny": "money", "bound_cny": "money",
    "gap": "small share", "seconds": "amount",
}  # fmt: skip
_METRICS: Mapping[str, Kind] = {
    **dict.fromkeys(targets.SHARES, "share"), "pue": "ratio", "capex": "money", "edge_nodes": "count",
    "districts_with_edge": "count", "green_sites": "count", "racks_in_service": "amount",
}  # fmt: skip
_WORDS = ("category", "role", "table")
"""Columns of words, not of ids: they need no column beside them."""
_TABLES = ("sites", "halls", "hardware", "power", "placement", "costs")


def sheets(draft: Draft, folder: Path) -> Iterator[Sheet]:
    """The sheets after the first: targets, metrics, the tables of the plan, where inputs come from, the search."""
    tables = draft.view.tables
    if tables:
        yield _targets(draft)
        yield _by_year(draft)
        yield _metrics(draft)
        for name in _TABLES:
            yield _table(draft, name, tables[name])
    for name in ("sources", "progress"):
        path = folder / f"{name}.csv"
        if path.is_file():
            texts = ("table", "row", "source", "file", "step")
            read = pd.read_csv(path, dtype=dict.fromkeys(texts, "string"), keep_default_na=False, na_values=[""])
            yield _table(draft, name, read)


def front(draft: Draft) -> Front:
    """The summary, from the first page of the report."""
    t, view, summary = draft.t, draft.view, draft.view.summary
    page = cover.document(draft, ()) if view.tables else cover.without_plan(draft, ())
    facts = [(badge.label, Value(badge.text), "") for badge in page.badges]
    for key in ("objective", "bound"):
        facts.append((t(f"workbook.{key}"), number_value(summary.get(f"{key}_cny"), "money"), t("workbook.unit.cny")))
    for key in ("gap", "requested_gap"):
        facts.append((t(f"workbook.{key}"), number_value(summary.get(key), "small share"), ""))
    facts += [
        (t("setting.base_year"), Value(view.case.base_year, "plain"), ""),
        (t("setting.discount_rate"), Value(view.case.discount_rate, "share"), ""),
        (t("facts.case"), Value(printable(view.case.name)), ""),
        (t("facts.hash"), Value(printable(str(summary.get("case_sha256") or ""))), ""),
    ]
    for library, version in (summary.get("versions") or {}).items():
        facts.append((t("workbook.version", name=printable(str(library))), Value(printable(str(version))), ""))
    return Front(t("workbook.sheet.summary"), page.title, page.answer, page.warnings, tuple(facts))


def _targets(draft: Draft) -> Sheet:
    t = draft.t
    rows = []
    for outcome in targets.outcomes(draft):
        target, kind = outcome.target, _METRICS.get(outcome.target.metric, "amount")
        rows.append(
            (
                Value(outcome.label), Value(printable(target.id)), Value(target.year, "plain"), Value(target.sense),
                number_value(target.value, kind), number_value(outcome.attained, kind),
                number_value(outcome.margin, kind),
                Value(_unit(draft, target.metric)), Value(t("status.met" if outcome.met else "status.missed")),
                number_value(outcome.penalty_cny, "money"), Value(printable(target.source)),
            )
        )  # fmt: skip
    keys = (
        "target", "target_id", "year", "sense", "required", "attained", "margin", "unit", "met",
        "penalty_cny", "source",
    )  # fmt: skip
    return _sheet(draft, "targets", keys, rows)


def _by_year(draft: Draft) -> Sheet:
    """The city's metrics, a column for each year."""
    t, view = draft.t, draft.view
    names = [name for name in t.group("metric") if any(view.metric(name, year) is not None for year in view.years)]
    rows = [
        (
            Value(t(f"metric.{name}")), Value(_unit(draft, name)),
            *(number_value(view.metric(name, year), _METRICS.get(name, "amount")) for year in view.years),
        )
        for name in names
    ]  # fmt: skip
    titles = (t("workbook.column.metric"), t("workbook.column.unit"), *map(str, view.years))
    return Sheet(t("workbook.sheet.by_year"), titles, rows)


def _metrics(draft: Draft) -> Sheet:
    t = draft.t
    rows = []
    for row in draft.view.tables["metrics"].to_dict("records"):
        metric, unit = str(row["metric"]), str(row["unit"])
        rows.append(
            (
                Value(t.word(f"metric.{metric}")), Value(printable(str(row["scope"]))), Value(row["year"], "plain"),
                number_value(row["value"], _METRICS.get(metric, "amount")), Value(_unit(draft, metric, unit)),
            )
        )  # fmt: skip
    return _sheet(draft, "metrics", ("metric", "scope", "year", "value", "unit"), rows)


def _table(draft: Draft, name: str, table: pd.DataFrame) -> Sheet:
    """A table of the result as it is, with a column of names before each column of ids."""
    names = _names(draft)
    keys: list[str] = []
    columns: list[list[Value]] = []
    for column in map(str, table.columns):
        kind, contents = _KINDS.get(column, "text"), table[column].tolist()
        if column in names:
            known = names[column]
            keys.append(column)
            columns.append(
                [Value(known.get(text_value(c), text_value(c) if column in _WORDS else "")) for c in contents]
            )
            if column in _WORDS:
                continue
            keys.append(f"{column}_id")
        else:
            keys.append(column)
        columns.append([Value(text_value(c)) if kind == "text" else number_value(c, kind) for c in contents])
    return _sheet(draft, name, keys, list(zip(*columns, strict=True)))


def _names(draft: Draft) -> dict[str, Mapping[str, str]]:
    t, view = draft.t, draft.view
    workloads = {w.id: view.name_of(w.name, w.system or w.id) for w in view.case.workloads}
    categories = {str(c): t.word(f"cost.{c}") for c in view.tables["costs"]["category"]} if view.tables else {}
    return {
        "site": view.site_names,
        "hall": view.hall_names,
        "hardware": view.hardware_names,
        "workload": workloads,
        "category": categories,
        "role": t.group("workbook.role"),
        "table": t.group("table"),
    }


def _sheet(draft: Draft, name: str, keys: Iterable[str], rows: Sequence[tuple[Value, ...]]) -> Sheet:
    t = draft.t
    return Sheet(t(f"workbook.sheet.{name}"), tuple(t(f"workbook.column.{key}") for key in keys), rows)


def _unit(draft: Draft, metric: str, resource: str = "") -> str:
    """A metric's unit, as the report names it; shares are shown in per cent and need none."""
    return draft.t("workbook.unit.cny") if metric == "capex" else targets.unit_of(draft, metric, resource)


def text_value(content: object) -> str:
    """A text as a cell shows it, empty for what is not given."""
    return "" if pd.isna(content) else printable(str(content))  # type: ignore[call-overload]


def number_value(content: object, kind: Kind) -> Value:
    """A number as a cell, empty for what has no value."""
    if isinstance(content, int | float) and math.isfinite(content):
        # To a billionth: what lies beyond is left over from reckoning, and would show as a minus before nothing.
        return Value(round(content, 9) + 0.0 if isinstance(content, float) else content, kind)
    return Value(None, kind)
