"""Where a changed input comes from: what sources.csv says of the change, or of the row that is changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from ..language import Language
from ..wording import printable
from .differences import SETTINGS, Change
from .grouping import Group
from .plans import Compared, Pair

CHANGE = "change"
_COLUMNS = ["table", "row", "source", "file", "line"]


@dataclass(frozen=True)
class Origin:
    """One row of sources.csv."""

    table: str
    row: str
    source: str
    place: str


@cache
def origins(folder: Path, language: Language) -> tuple[Origin, ...]:
    """The rows of a result's sources.csv, as far as it has them in the language; none if it has none."""
    path = folder / "sources.csv"
    if not path.is_file():
        return ()
    rows = pd.read_csv(path, dtype="string", keep_default_na=False)
    if not set(_COLUMNS) <= set(rows.columns):
        return ()
    own = rows.get(f"source_{language}", rows["source"])
    rows["source"] = own.where(own != "", rows["source"])
    return tuple(
        Origin(
            str(table), str(row), printable(str(text)), f"{printable(str(file))}:{line}" if line else printable(file)
        )
        for table, row, text, file, line in rows[_COLUMNS].itertuples(index=False)
    )


def sources_of(pair: Pair, group: Group) -> tuple[str, ...]:
    """The distinct sources of a group of changes, the changed values' own first; empty if none is told.

    What the second scenario changes is told with its file and line. Otherwise what the first one changes, and then the
    source of the row, as far as it is not the same in both.
    """
    before, after = _told(pair.before), _told(pair.after)
    for own, other in ((after, before), (before, after)):
        found = dict.fromkeys(
            f"{origin.source} ({origin.place})"
            for origin in own
            if origin.table == CHANGE and origin not in other and any(_matches(origin.row, c) for c in group.changes)
        )
        if found:
            return tuple(found)
    rows = dict.fromkeys(text for change in group.changes if (text := _of_row(after, before, change)))
    return tuple(rows)


def _told(plan: Compared) -> tuple[Origin, ...]:
    return origins(plan.result.folder, plan.draft.t.language)


def _of_row(after: Iterable[Origin], before: Iterable[Origin], change: Change) -> str:
    names = set(_names(change))
    old = {(o.table, o.row): o.source for o in before}
    for origin in after:
        if (origin.table, origin.row) in names and old.get((origin.table, origin.row)) != origin.source:
            return origin.source
    return ""


def _names(change: Change) -> Iterator[tuple[str, str]]:
    """Under which tables and rows the source of a value may stand."""
    if change.section == SETTINGS:
        yield SETTINGS, change.field
        yield from ((SETTINGS, ".".join((change.field, *change.keys[: n + 1]))) for n in range(len(change.keys)))
        return
    row = change.row[0]
    if change.section == "workloads":
        yield "workloads", row.partition("@")[0]
        yield "systems", row.partition("@")[0]
    if len(change.row) == 1:
        yield change.section, row


def _matches(key: str, change: Change) -> bool:
    """Whether the key of a change, in which `*` stands for anything, is that of a value or leads to it."""
    years = () if change.year is None else (str(change.year),)
    rest = (change.field, *change.keys, *years)
    names: list[str] = []
    if change.section == SETTINGS:
        names.append("")
    elif len(change.row) == 1:
        row = change.row[0]
        names = [f"{change.section}.{row}.", f"{change.section}.{row.partition('@')[0]}."]
    paths = [name + ".".join(rest[: n + 1]) for name in names for n in range(len(rest))]
    pattern = re.compile(".*".join(map(re.escape, key.split("*"))))
    return any(pattern.fullmatch(path) for path in paths)
