"""What the report looks up again and again in a result: names, years, and the tables with derived columns."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Protocol

import pandas as pd

from ..inputs.parts import HallType, Hardware, Name
from .folder import Result
from .language import Language
from .messages import Messages
from .numbers import Unit, power_unit
from .wording import printable

STANDARD_RACK_KW = 2.5
CITY = "city"
TRACE = 1e-6
"""Shares and counts below this are what a solver's tolerance leaves behind."""


class _Named(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> Name: ...


def racks_per_unit(hardware: Hardware, hall: HallType) -> float:
    """Racks that one unit takes in a hall; a rack holds one type of hardware, a large unit takes whole racks."""
    needs = [(hardware.rack_units, hall.usable_u), (hardware.peak_kw, hall.rack_kw)]
    largest = max(need / room for need, room in needs)
    if largest == 0:
        return 0.0
    units = math.floor(1 / largest + 1e-9)
    return 1 / units if units else float(math.ceil(largest - 1e-9))


class PlanView:
    """A result that holds a plan, as the report sees it. Money in CNY, power in kW, energy in MWh, racks of 2.5 kW."""

    def __init__(self, result: Result, language: Language = "en") -> None:
        self.result = result
        self.case = result.case
        self.summary = result.summary
        self.tables = result.tables
        self.years: tuple[int, ...] = self.case.years
        self.first, self.last = self.years[0], self.years[-1]
        self.language: Language = language
        self.sites = {s.id: s for s in self.case.sites}
        self.site_names = self._names(self.case.sites)
        self.hall_names = self._names(self.case.hall_types)
        self.hardware_names = self._names(self.case.hardware)
        self.city_sites = frozenset(s.id for s in self.case.sites if s.in_city)

    def _names(self, things: Iterable[_Named]) -> dict[str, str]:
        """A name for each id; what shares its name with another carries its id as well."""
        names = {thing.id: self.name_of(thing.name, thing.id) for thing in things}
        often = Counter(names.values())
        t = Messages(self.language)
        return {
            i: name if often[name] == 1 else t("text.named", name=name, id=printable(i)) for i, name in names.items()
        }

    def name_of(self, name: Name, identifier: str) -> str:
        """A thing's name in the report's language; if it has none, its English name or its id."""
        return printable(getattr(name, self.language)) or printable(name.en) or printable(identifier)

    def metric(self, name: str, year: int, scope: str = CITY) -> float | None:
        """A metric's value; None where it has none (a ratio without a denominator, or not reported)."""
        return self._metrics.get((name, scope, year))

    def metric_series(self, name: str, scope: str = CITY) -> pd.Series[float]:
        """A metric over the years, NaN where it has no value."""
        values = [self.metric(name, year, scope) for year in self.years]
        return pd.Series([float("nan") if v is None else v for v in values], index=list(self.years), dtype=float)

    @cached_property
    def _metrics(self) -> dict[tuple[str, str, int], float]:
        table = self.tables["metrics"].dropna(subset=["value"])
        keys = zip(table["metric"], table["scope"], table["year"], strict=True)
        return {(str(m), str(s), int(y)): float(v) for (m, s, y), v in zip(keys, table["value"], strict=True)}

    @cached_property
    def hardware(self) -> pd.DataFrame:
        """hardware.csv with `pflops`, `racks` (standard racks occupied), `spent_cny` and `in_city`."""
        table = self.tables["hardware"].copy()
        kinds = {k.id: k for k in self.case.hardware}
        halls = {h.id: h for h in self.case.hall_types}
        pairs = set(zip(table["hardware"], table["hall"], strict=True))
        rack = {(k, h): racks_per_unit(kinds[k], halls[h]) * halls[h].rack_kw / STANDARD_RACK_KW for k, h in pairs}
        per_unit = [rack[pair] for pair in zip(table["hardware"], table["hall"], strict=True)]
        table["pflops"] = table["in_service"] * table["hardware"].map({k.id: k.counted_pflops for k in kinds.values()})
        table["racks"] = table["in_service"] * pd.Series(per_unit, index=table.index, dtype=float)
        table["spent_cny"] = table["bought"] * table["hardware"].map({k.id: k.price_cny for k in kinds.values()})
        table["in_city"] = table["site"].isin(self.city_sites)
        return table

    @cached_property
    def racks(self) -> Mapping[str, pd.DataFrame]:
        """Standard racks `in_service` and `occupied`, each as a grid of every site by every year."""
        halls = {h.id: h.racks * h.rack_kw / STANDARD_RACK_KW for h in self.case.hall_types}
        table = self.tables["halls"].assign(racks=lambda t: t["in_service"] * t["hall"].map(halls))
        return {"in_service": self._site_grid(table, "racks"), "occupied": self._site_grid(self.hardware, "racks")}

    @cached_property
    def power(self) -> Mapping[str, pd.DataFrame]:
        """The columns of power.csv, each as a grid of every site by every year, and `usable_kw`: what may be drawn."""
        table = self.tables["power"]
        grids = {column: self._site_grid(table, column) for column in table.columns.drop(["site", "year"])}
        # A year without a row has nothing drawn; its connection is the first one and the steps so far.
        sites = self.case.sites
        start = pd.Series({s.id: s.grid_kw for s in sites})
        step = pd.Series({s.id: s.grid_step_kw for s in sites})
        expected = grids["grid_steps"].cumsum(axis=1).mul(step, axis=0).add(start, axis=0)
        grids["grid_kw"] = grids["grid_kw"].where(grids["grid_kw"] > 0, expected)
        grids["usable_kw"] = grids["grid_kw"].mul(pd.Series({s.id: s.usable_grid for s in sites}), axis=0)
        return grids

    @cached_property
    def power_unit(self) -> Unit:
        """The unit of power of this plan, by its largest connection: MW in a city, kW in a small town."""
        return power_unit(self.power["grid_kw"].to_numpy().ravel())

    @cached_property
    def costs(self) -> pd.DataFrame:
        """costs.csv as it is."""
        return self.tables["costs"]

    def _site_grid(self, table: pd.DataFrame, column: str) -> pd.DataFrame:
        numbers = table.astype({column: float})
        grid = numbers.pivot_table(index="site", columns="year", values=column, aggfunc="sum", fill_value=0.0)
        return grid.reindex(index=list(self.sites), columns=list(self.years), fill_value=0.0)

    def by_year(self, table: pd.DataFrame, row: str | list[str], column: str) -> pd.DataFrame:
        """A table's sums as a grid of `row` (one column or several) by year, without rows that are all zero."""
        numbers = table.astype({column: float})
        grid = numbers.pivot_table(index=row, columns="year", values=column, aggfunc="sum", fill_value=0.0)
        grid = grid.reindex(columns=list(self.years), fill_value=0.0)
        return grid.loc[(grid.abs() > TRACE).any(axis=1)]

    @cached_property
    def unserved(self) -> pd.DataFrame:
        """Rows of placement.csv that say what is not served, traces left out."""
        table = self.tables["placement"]
        return table.loc[(table["role"] == "unserved") & (table["share"] > TRACE)]


def lines(grid: pd.DataFrame) -> Iterator[tuple[str, pd.Series[float]]]:
    """The rows of a grid with their labels."""
    for label in grid.index:
        yield str(label), line(grid, str(label))


def line(grid: pd.DataFrame, label: str) -> pd.Series[float]:
    """One row of a grid; labels are taken to be unique."""
    row = grid.loc[label]
    assert isinstance(row, pd.Series)
    return row


def at(grid: pd.DataFrame, row: str, column: int) -> float:
    """One number of a grid."""
    return float(line(grid, row)[column])


def grouped(grid: pd.DataFrame, most: int, others: Callable[[int], str]) -> pd.DataFrame:
    """At most so many rows of a grid, the largest first, the rest added up in a last row that `others` names."""
    weight = grid.abs().sum(axis=1)
    ranked = grid.loc[weight.sort_values(ascending=False, kind="stable").index]
    if len(ranked) <= most:
        return ranked
    head, rest = ranked.iloc[: most - 1], ranked.iloc[most - 1 :]
    total = rest.sum().to_frame(others(len(rest))).T
    return pd.concat([head, total])


def periods(
    years: Sequence[int], most: int = 8, label: Callable[[int, int], str] = lambda first, last: f"{first}–{last}"
) -> list[tuple[str, list[int]]]:
    """The years as table columns: each its own, or in even periods when there are more than fit."""
    size = math.ceil(len(years) / most)
    chunks = [list(years[start : start + size]) for start in range(0, len(years), size)]
    return [(str(c[0]) if len(c) == 1 else label(c[0], c[-1]), c) for c in chunks]
