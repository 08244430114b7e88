"""What plans build, side by side: what all of them have in common, and what is open."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ..inputs.case import Case
from ..model.questions.additions import UNITS, Addition
from .numbers import number, plain

KEYS = ["kind", "site", "what", "year"]


def side_by_side(case: Case, plans: Sequence[pd.Series[float]]) -> pd.DataFrame:
    """What each plan has added by the end of each year: by site, kind and year, the least, the most, and each plan.

    `plans` are what `additions` gives. Columns: kind, site, what, year, unit, least, most, plan_1, plan_2 ...
    """
    added = pd.concat({f"plan_{i + 1}": plan for i, plan in enumerate(plans)}, axis=1).fillna(0.0)
    keys = list(dict.fromkeys(index[:3] for index in added.index))
    every = pd.MultiIndex.from_tuples([(*key, year) for key in keys for year in case.years], names=KEYS)
    so_far = added.reindex(every, fill_value=0.0).groupby(level=KEYS[:3], sort=False).cumsum()
    table = so_far.assign(least=so_far.min(axis=1), most=so_far.max(axis=1)).reset_index()
    table["unit"] = table["kind"].map(UNITS)
    order = {name: place for names in (UNITS, [site.id for site in case.sites]) for place, name in enumerate(names)}
    table = table.sort_values(["kind", "site"], key=lambda names: names.map(order), kind="stable")
    columns = [*KEYS, "unit", "least", "most", *(f"plan_{i + 1}" for i in range(len(plans)))]
    return table[columns].reset_index(drop=True)


def certain(case: Case, table: pd.DataFrame) -> list[str]:
    """What every plan builds at least, in words: one line for each site and kind, with the years it is due."""
    lines = []
    for key, rows in _by_addition(table):
        due = [(int(year), float(least)) for year, least in zip(rows["year"], rows["least"], strict=True)]
        rises = [(y, n) for (y, n), (_, before) in zip(due, [(0, 0.0), *due], strict=False) if n > before]
        if rises:
            lines.append(f"{_site(case, key.site)}: {_thing(case, key, rises)}")
    return lines


def unsettled(case: Case, table: pd.DataFrame) -> list[str]:
    """What depends on the plan, in words: by the end of the last year, from the least to the most of any plan."""
    lines, last = [], table["year"].max()
    for key, rows in _by_addition(table):
        low, high = (float(rows.loc[rows["year"] == last, column].iloc[0]) for column in ("least", "most"))
        if high > low:
            lines.append(f"{_site(case, key.site)}: {_range(case, key, low, high)}")
    return lines


def _by_addition(table: pd.DataFrame) -> list[tuple[Addition, pd.DataFrame]]:
    return [(Addition(*key), rows) for key, rows in table.groupby(KEYS[:3], sort=False)]  # type: ignore[arg-type]


def _site(case: Case, site: str) -> str:
    return next((place.name.en or place.id for place in case.sites if place.id == site), site)


def _hall(case: Case, hall: str) -> str:
    return next((kind.name.en or kind.id for kind in case.hall_types if kind.id == hall), hall)


def _thing(case: Case, key: Addition, rises: Sequence[tuple[int, float]]) -> str:
    """What is due when: "open it by 2026", "build 2 halls (air) by 2025, 3 by 2026"."""
    if key.kind == "site":
        return f"open it by {rises[0][0]}"
    due = ", ".join(f"{_amount(amount)} by {year}" for year, amount in rises[1:])
    (year, amount), more = rises[0], f", {due}" if due else ""
    match key.kind:
        case "hall":
            return f"build {_halls(amount)} ({_hall(case, key.what)}) by {year}{more}"
        case "conversion":
            return f"convert {_halls(amount)} into {_hall(case, key.what)} by {year}{more}"
        case "grid":
            return f"extend the grid connection by {_amount(amount)} kW by {year}{more}"
        case _:
            return f"buy servers of {_amount(amount)} kW (pool {key.what}) by {year}{more}"


def _range(case: Case, key: Addition, low: float, high: float) -> str:
    span = f"{_amount(low)} to {_amount(high)}"
    match key.kind:
        case "site":
            return "open it or not"
        case "hall":
            return f"{span} new halls ({_hall(case, key.what)})"
        case "conversion":
            return f"{span} halls converted into {_hall(case, key.what)}"
        case "grid":
            return f"{span} kW more of grid connection"
        case _:
            return f"servers of {span} kW (pool {key.what})"


def _halls(count: float) -> str:
    return f"{_amount(count)} hall{'' if count == 1 else 's'}"


def _amount(amount: float) -> str:
    return plain(amount) if amount == int(amount) else number(amount)


def in_words(case: Case, table: pd.DataFrame, plans: int, most_lines: int) -> list[str]:
    """The statement: what to build whatever happens, and what is open; no more than so many lines of each."""
    sure, open_ = certain(case, table), unsettled(case, table)
    text = [f"Build these whatever happens: all {plans} plans do, by the end of the year."]
    text += _some(sure, most_lines) or ["  nothing: no addition is common to all plans"]
    text += [f"Open: this differs from plan to plan (by the end of {table['year'].max()})."]
    return text + (
        _some(open_, most_lines) or ["  nothing: all plans build the same in the end, if not in the same year"]
    )


def _some(lines: Sequence[str], most_lines: int) -> list[str]:
    shown = [f"  {line}" for line in lines[:most_lines]]
    left = len(lines) - len(shown)
    return [*shown, *([f"  and {left} more, see common.csv"] if left else [])]
