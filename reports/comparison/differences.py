"""What differs between two cases, field by field: rows by their ids, values by resource and year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from ...inputs.case import Case
from ...inputs.parts import Part

Row = tuple[str, ...]
"""The id of a row; of a conversion its two hall types; of existing hardware its site, hall, type and year."""


class Missing(Enum):
    """What stands for a value that one of the cases does not give."""

    VALUE = "not given"


Value = float | int | bool | str | tuple[str, ...] | None | Missing

SETTINGS = "settings"
SECTIONS = ("sites", "hall_types", "conversions", "hardware", "fleet", "workloads", "targets")
"""The tables of a case, in the order in which a planner reads them; `settings` comes before them."""


def _by_id(part: Any) -> Row:
    return (part.id,)


_KEYS: Mapping[str, Callable[[Any], Row]] = {
    "conversions": lambda c: (c.from_hall, c.to_hall),
    "fleet": lambda f: (f.site, f.hall, f.hardware, str(f.install_year)),
}
_ONLY_TOLD = frozenset({"id", "name", "title", "format", "source", "system", "latitude", "longitude"})
"""Fields that name or place a thing and have no part in the problem once it is resolved."""


@dataclass(frozen=True)
class Change:
    """A value that differs. `section` is a table of the case or "settings"; `keys` leads on below the field.

    A value by year carries the year; a value that is only given in one case is missing in the other.
    """

    section: str
    row: Row
    field: str
    keys: tuple[str, ...]
    year: int | None
    before: Value
    after: Value


@dataclass(frozen=True)
class RowChange:
    """A row that only one of the cases has: `added` if it is the second."""

    section: str
    row: Row
    added: bool


@dataclass(frozen=True)
class CaseDifference:
    """All that differs between two cases.

    `following` counts values that differ only because a site is there in one case and not in the other.
    """

    changes: tuple[Change, ...]
    rows: tuple[RowChange, ...]
    following: int = 0

    def __bool__(self) -> bool:
        return bool(self.changes or self.rows)


def common_years(cases: Iterable[Case]) -> tuple[int, ...]:
    """The planning years that all cases have."""
    sets = [set(case.years) for case in cases]
    return tuple(sorted(set.intersection(*sets))) if sets else ()


def differences(before: Case, after: Case) -> CaseDifference:
    """What differs from the first case to the second. Values by year are compared in the years that both plan."""
    years = frozenset(common_years((before, after)))
    changes = list(_of_rows(SETTINGS, (), _settings(before), _settings(after), years))
    rows: list[RowChange] = []
    for section in SECTIONS:
        old, new = _table(before, section), _table(after, section)
        rows += [RowChange(section, row, False) for row in old if row not in new]
        rows += [RowChange(section, row, True) for row in new if row not in old]
        for row in old:
            if row in new:
                changes += _of_rows(section, row, old[row], new[row], years)
    single = {change.row[0] for change in rows if change.section == "sites"}
    kept = [change for change in changes if not _follows(change, single)]
    return CaseDifference(tuple(kept), tuple(rows), len(changes) - len(kept))


def _follows(change: Change, sites: set[str]) -> bool:
    """Whether a workload may use a site or not because only one of the cases has that site."""
    return change.section == "workloads" and change.field == "sites" and change.keys[0] in sites


def _settings(case: Case) -> Mapping[str, Any]:
    fields = {name: getattr(case, name) for name in type(case).model_fields}
    return {name: value for name, value in fields.items() if name not in (*SECTIONS, "name")}


def _table(case: Case, section: str) -> dict[Row, Mapping[str, Any]]:
    """The rows of a table by their ids. Existing hardware of one kind, place and year is added up."""
    key = _KEYS.get(section, _by_id)
    rows: dict[Row, Mapping[str, Any]] = {}
    counts: defaultdict[Row, int] = defaultdict(int)
    for part in getattr(case, section):
        row = key(part)
        values = {name: getattr(part, name) for name in type(part).model_fields if name not in row_fields(section)}
        if section == "fleet":
            counts[row] += part.count
            values["count"] = counts[row]
        rows[row] = values
    return rows


def row_fields(section: str) -> frozenset[str]:
    """The fields of a table that make up the id of a row."""
    known = {"conversions": {"from_hall", "to_hall"}, "fleet": {"site", "hall", "hardware", "install_year"}}
    return frozenset(known.get(section, {"id"}))


def compared_fields(section: str) -> tuple[str, ...]:
    """The fields of a table, or of the settings, whose changes are told."""
    names: Iterable[str]
    if section == SETTINGS:
        names = (name for name in Case.model_fields if name not in (*SECTIONS, "name"))
    else:
        names = _part(section).model_fields
    return tuple(name for name in names if name not in _ONLY_TOLD | row_fields(section))


def _part(section: str) -> type[Part]:
    annotation = Case.model_fields[section].annotation
    kind: type[Part] = annotation.__args__[0]  # type: ignore[union-attr]
    return kind


def _of_rows(
    section: str, row: Row, before: Mapping[str, Any], after: Mapping[str, Any], years: frozenset[int]
) -> Iterator[Change]:
    for field in before:
        if field not in _ONLY_TOLD and before[field] != after[field]:
            for keys, year, old, new in _below(before[field], after[field], (), None, years):
                yield Change(section, row, field, keys, year, old, new)


_Found = tuple[tuple[str, ...], int | None, Value, Value]


def _below(before: Any, after: Any, keys: tuple[str, ...], year: int | None, years: frozenset[int]) -> Iterator[_Found]:
    """The single values that differ below a field."""
    if before == after:
        return
    old, new = _branches(before), _branches(after)
    if old is None and new is None:
        yield keys, year, _single(before), _single(after)
        return
    old, new = old or {}, new or {}
    for key in [*old, *(key for key in new if key not in old)]:
        pair = old.get(key, Missing.VALUE), new.get(key, Missing.VALUE)
        if not isinstance(key, int):
            yield from _below(*pair, (*keys, key), year, years)
        elif key in years:
            yield from _below(*pair, keys, key, years)


def _branches(value: Any) -> Mapping[Any, Any] | None:
    if isinstance(value, Part):
        return {name: getattr(value, name) for name in type(value).model_fields}
    return value if isinstance(value, Mapping) else None


def _single(value: Any) -> Value:
    if isinstance(value, tuple):
        return tuple(map(str, value))
    single: Value = value
    return single
