"""The comparison as tidy tables: every number in full, a row for what the report adds up or leaves out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ..sections.provenance import audited
from .bridge import By, bridge
from .differences import Value
from .grouping import YEARS, missing, number_of
from .places import MEASURES, site_changes
from .plans import Comparison, Pair
from .sections import targets

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the start of a formula."""
SENSES = frozenset({">=", "<=", "=="})


def tables(comparison: Comparison) -> Mapping[str, pd.DataFrame]:
    """The tables by the names of their files, without `.csv`."""
    return {
        "plans": _plans(comparison),
        "inputs": _inputs(comparison),
        "cost_by_category": _costs(comparison, "category"),
        "cost_by_site": _costs(comparison, "site"),
        "targets": _targets(comparison),
        "metrics": _metrics(comparison),
        "sites": _sites(comparison),
        "programme": _programme(comparison),
    }


COLUMNS: Mapping[str, tuple[str, ...]] = {
    "plans": ("letter", "folder", "name", "status", "objective_cny", "bound_cny", "gap", "requested_gap", "audit",
              "base_year", "first_year", "last_year", "discount_rate", "case_sha256"),
    "inputs": ("before", "after", "section", "row", "field", "year", "value_before", "value_after", "factor"),
    "cost_by_category": ("before", "after", "category", "step", "cny_before", "cny_after", "difference_cny"),
    "cost_by_site": ("before", "after", "site", "step", "cny_before", "cny_after", "difference_cny"),
    "targets": ("target", "metric", "year", "plan", "sense", "required", "attained", "met"),
    "metrics": ("metric", "scope", "year", "plan", "value", "unit"),
    "sites": ("before", "after", "site", "year", "measure", "value_before", "value_after", "difference"),
    "programme": ("before", "after", "site", "work", "item", "year", "amount_before", "amount_after", "how"),
}  # fmt: skip
"""The columns of each table; `before` and `after` are the letters of two plans."""


def _frame(name: str, rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    safe = [tuple(_as_text(cell) if isinstance(cell, str) else cell for cell in row) for row in rows]
    return pd.DataFrame(safe, columns=list(COLUMNS[name]))


def _as_text(cell: str) -> str:
    """Text that a spreadsheet does not take for a formula."""
    return "'" + cell if cell.startswith(FORMULA) and cell not in SENSES else cell


def unquoted(cell: str) -> str:
    """The text behind one that was written so as not to be taken for a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell


def _plans(comparison: Comparison) -> pd.DataFrame:
    rows = []
    for plan in comparison.plans:
        s, case = plan.result.summary, plan.result.case
        numbers = (s.get(key) for key in ("objective_cny", "bound_cny", "gap", "requested_gap"))
        audit = audited(s)
        told = "" if audit is None else "agrees" if audit[0] else "disagrees"
        years = (case.base_year, case.years[0], case.years[-1], case.discount_rate)
        start = (plan.letter, plan.result.folder.resolve().name, case.name, str(s.get("status")))
        rows.append((*start, *numbers, told, *years, plan.result.case_sha256))
    return _frame("plans", rows)


def _inputs(comparison: Comparison) -> pd.DataFrame:
    rows: list[tuple[Any, ...]] = []
    for pair in comparison.pairs:
        for row in pair.inputs.rows:
            there = ("", "there") if row.added else ("there", "")
            rows.append((*_letters(pair), row.section, " ".join(row.row), "", None, *there, None))
        for c in pair.inputs.changes:
            field = ".".join((c.field, *c.keys))
            values = _value(c.before), _value(c.after)
            old, new = number_of(c.before), number_of(c.after)
            factor = new / old if old and new is not None and c.field not in YEARS else None
            rows.append((*_letters(pair), c.section, " ".join(c.row), field, c.year, *values, factor))
    table = _frame("inputs", rows)
    return table.astype({"year": "Int64"})


def _value(value: Value) -> object:
    """A value of the inputs as a cell: numbers stay numbers, what is not given is empty."""
    if missing(value):
        return ""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return " ".join(value) if isinstance(value, tuple) else value


def _costs(comparison: Comparison, by: By) -> pd.DataFrame:
    """The bridge, what does not change included: `step` says why a row is no category or site."""
    rows: list[tuple[Any, ...]] = []
    for pair in comparison.pairs:
        found = bridge(pair.before.result, pair.after.result, by)
        if found is None:
            continue
        for part in found.parts:
            key, step = ("", part.key) if part.special else (part.key, by)
            rows.append((*_letters(pair), key, step, part.before, part.after, part.cny))
        rows.append((*_letters(pair), "", "total", found.start, found.end, found.difference))
    return _frame(f"cost_by_{by}", rows)


def _targets(comparison: Comparison) -> pd.DataFrame:
    rows: list[tuple[Any, ...]] = []
    for line in targets.lines(comparison):
        for letter, asked in line.asked.items():
            found = line.found.get(letter)
            outcome = (found.attained, found.met) if found is not None else (None, None)
            rows.append((asked.id, asked.metric, asked.year, letter, asked.sense, asked.value, *outcome))
    return _frame("targets", rows)


def _metrics(comparison: Comparison) -> pd.DataFrame:
    parts = [plan.result.tables["metrics"].assign(plan=plan.letter) for plan in comparison.planned]
    if not parts:
        return _frame("metrics", [])
    table = pd.concat(parts, ignore_index=True)[list(COLUMNS["metrics"])]
    rows = list(
        table.sort_values(["metric", "scope", "year", "plan"], kind="stable").itertuples(index=False, name=None)
    )
    return _frame("metrics", rows)


def _sites(comparison: Comparison) -> pd.DataFrame:
    rows: list[tuple[Any, ...]] = []
    year = comparison.year
    for pair in comparison.pairs:
        if year is None or not pair.planned:
            continue
        for change in site_changes(pair.before.view, pair.after.view, year):
            for measure in MEASURES:
                if measure == "cost_cny" and not pair.comparable:
                    continue
                values = change.before[measure], change.after[measure]
                rows.append((*_letters(pair), change.site, year, measure, *values, change.change(measure)))
    return _frame("sites", rows)


def _programme(comparison: Comparison) -> pd.DataFrame:
    rows: list[tuple[Any, ...]] = []
    for pair in comparison.pairs:
        if not pair.planned:
            continue
        for work in pair.works:
            how = "same" if work.same else work.how
            for year in sorted({*work.before, *work.after}):
                amounts = work.before.get(year, 0.0), work.after.get(year, 0.0)
                rows.append((*_letters(pair), work.site, work.kind, work.item, year, *amounts, how))
    return _frame("programme", rows)


def _letters(pair: Pair) -> tuple[str, str]:
    return pair.before.letter, pair.after.letter
