"""Changes of the same kind told once: the price of twelve types of hardware, each times 1.1."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import Literal

from .differences import SECTIONS, SETTINGS, Change, Missing, Row, Value

MOST_GROUPS = 12
"""Groups of one field that are told apart; beyond that, values that stand alone are told as one group."""
YEARS = frozenset({"base_year", "year", "earliest_year", "available_from", "available_to"})
"""Fields that hold a year: they are moved, not multiplied."""
_DIGITS = 9

Kind = Literal["set", "given", "gone", "times", "plus", "to", "years", "various"]


@dataclass(frozen=True)
class Manner:
    """How values change.

    "set": from one value to another; "given", "gone": only one case gives the value; "times": by a factor;
    "plus": by an amount; "to": from various values to one; "years": by a factor for each year; "various": each in its
    own way.
    """

    kind: Kind
    before: Value = None
    after: Value = None
    factor: float = 1.0
    by_year: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True)
class Group:
    """Changes of one field that are made in the same manner."""

    section: str
    field: str
    manner: Manner
    changes: tuple[Change, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows that change, each once."""
        return tuple(dict.fromkeys(change.row for change in self.changes))

    @property
    def keys(self) -> tuple[tuple[str, ...], ...]:
        """What changes below the field, each once: resources, sites ..."""
        return tuple(dict.fromkeys(change.keys for change in self.changes))

    @property
    def years(self) -> tuple[int, ...]:
        """The years that change, of values by year."""
        return tuple(sorted({change.year for change in self.changes if change.year is not None}))


_Line = tuple[Change, ...]
"""The changes of one value over the years."""


def grouped(changes: Iterable[Change]) -> tuple[Group, ...]:
    """All changes in as few groups as say what happens, in the order of the case's tables and fields."""
    buckets: dict[tuple[str, str], dict[tuple[Row, tuple[str, ...]], list[Change]]] = {}
    for change in changes:
        lines = buckets.setdefault((change.section, change.field), {})
        lines.setdefault((change.row, change.keys), []).append(change)
    order = (SETTINGS, *SECTIONS)
    out: list[Group] = []
    for (section, field), lines in sorted(buckets.items(), key=lambda entry: order.index(entry[0][0])):
        out += _of_field(section, field, [tuple(line) for line in lines.values()])
    return tuple(out)


def _of_field(section: str, field: str, lines: Sequence[_Line]) -> list[Group]:
    found = _gathered([_manners(line) for line in lines])
    if len(found) > MOST_GROUPS:
        alone = [n for _, members in found if len(members) == 1 for n in members]
        found = [entry for entry in found if len(entry[1]) > 1]
        if alone:
            found.append((Manner("various"), sorted(alone)))
    return [
        Group(section, field, manner, tuple(change for n in members for change in lines[n]))
        for manner, members in found
    ]


def _gathered(candidates: Sequence[Sequence[Manner]]) -> list[tuple[Manner, list[int]]]:
    """Each manner with the lines that it tells, the most first; among equals the plainest, then the first."""
    members: dict[Manner, list[int]] = {}
    for n, manners in enumerate(candidates):
        for manner in manners:
            members.setdefault(manner, []).append(n)
    queue = [(-len(lines), _PLAIN.index(m.kind), place, m) for place, (m, lines) in enumerate(members.items())]
    heapify(queue)
    told: set[int] = set()
    found: list[tuple[Manner, list[int]]] = []
    while queue:
        size, plainness, place, manner = heappop(queue)
        left = [n for n in members[manner] if n not in told]
        if len(left) < -size:  # others were told first: its turn comes later, if at all
            if left:
                heappush(queue, (-len(left), plainness, place, manner))
            continue
        found.append((manner, left))
        told.update(left)
    return found


_PLAIN: tuple[Kind, ...] = ("set", "given", "gone", "times", "plus", "to", "years", "various")


def _manners(line: _Line) -> list[Manner]:
    """In which manners one value can be said to change; always at least one."""
    out: list[Manner] = []
    first = line[0]
    both = not missing(first.before) and not missing(first.after)
    if both and all((change.before, change.after) == (first.before, first.after) for change in line):
        out.append(Manner("set", before=first.before, after=first.after))
    if all(missing(change.before) for change in line):
        out.append(Manner("given"))
    if all(missing(change.after) for change in line):
        out.append(Manner("gone"))
    factors = [_factor(change) for change in line]
    if all(factor is not None for factor in factors):
        known = [factor for factor in factors if factor is not None]
        if len(set(known)) == 1:
            out.append(Manner("times", factor=known[0]))
        else:
            years = [change.year or 0 for change in line]
            out.append(Manner("years", by_year=tuple(zip(years, known, strict=True))))
    if both and len({change.after for change in line}) == 1:
        out.append(Manner("to", after=first.after))
    added = {_added(change) for change in line}
    if len(added) == 1 and None not in added:
        out.append(Manner("plus", factor=added.pop() or 0.0))
    return out or [Manner("various", before=str(first.row), after=str(first.keys))]


def number_of(value: Value) -> float | None:
    """The value if it is a number; true and false are none."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _factor(change: Change) -> float | None:
    before, after = number_of(change.before), number_of(change.after)
    if before is None or after is None or before == 0 or after == 0 or change.field in YEARS:
        return None
    return float(f"{after / before:.{_DIGITS}g}")


def _added(change: Change) -> float | None:
    before, after = number_of(change.before), number_of(change.after)
    return None if before is None or after is None else float(f"{after - before:.{_DIGITS}g}")


def missing(value: Value) -> bool:
    """Whether a case does not give the value."""
    return value is Missing.VALUE
