"""The tables of a result as typed records, once every row is well formed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import starmap
from typing import NamedTuple

import pandas as pd

from ..folder import COLUMNS
from .findings import Findings, tolerance
from .lookup import Lookup
from .tables import AMOUNT, COUNT, NUMBER, SWITCH, Kind, Table, year_of

ROLES = ("primary", "standby", "unserved")
SHARE = Kind("a share above 0 and at most 1", lambda cells: (cells > 0) & (cells <= 1 + tolerance()))
CITY_CATEGORIES = ("unserved_penalty", "target_penalty")
SITE_CATEGORIES = (
    "site_opening",
    "halls",
    "conversions",
    "grid_steps",
    "hardware",
    "site_fixed",
    "hall_upkeep",
    "hardware_maintenance",
    "hardware_fees",
    "electricity",
    "green_premium",
    "carbon",
    "network",
    "salvage",
)


class HallRow(NamedTuple):
    """A row of halls.csv, in halls."""

    built: int = 0
    converted_in: int = 0
    converted_away: int = 0
    in_service: int = 0


class HardwareRow(NamedTuple):
    """A row of hardware.csv, in units."""

    bought: int = 0
    kept: int = 0
    in_service: int = 0


class PowerRow(NamedTuple):
    """A row of power.csv."""

    grid_steps: int = 0
    grid_kw: float = 0.0
    peak_kw: float = 0.0
    it_mwh: float = 0.0
    facility_mwh: float = 0.0
    green_mwh: float = 0.0


class Placement(NamedTuple):
    """A row of placement.csv; the site is empty for an unserved share."""

    workload: str
    site: str
    year: int
    role: str
    share: float


class MetricRow(NamedTuple):
    """A row of metrics.csv; a ratio without denominator has no value."""

    value: float | None
    unit: str


class TargetRow(NamedTuple):
    """A row of targets.csv."""

    metric: str
    year: int
    sense: str
    required: float
    attained: float | None
    met: bool
    missed: float
    penalty_cny: float


class CostRow(NamedTuple):
    """A row of costs.csv, CNY."""

    cny: float = 0.0
    discounted_cny: float = 0.0


@dataclass(frozen=True)
class Records:
    """The tables of a plan by what their rows stand for; rows that are left out are all zero."""

    opened: Mapping[tuple[str, int], int]
    halls: Mapping[tuple[str, str, int], HallRow]
    hardware: Mapping[tuple[str, str, str, int], HardwareRow]
    power: Mapping[tuple[str, int], PowerRow]
    placement: tuple[Placement, ...]
    metrics: Mapping[tuple[str, str, int], MetricRow]
    targets: Mapping[str, TargetRow]
    costs: Mapping[tuple[str, str, int], CostRow]


def read_records(tables: Mapping[str, pd.DataFrame], lookup: Lookup, findings: Findings) -> Records | None:
    """The records of a plan, or None when a table is not well formed (the findings say where)."""
    for name in COLUMNS:
        findings.require(name in tables, f"{name}.csv is missing")
    if findings.failures:
        return None
    read = {name: Table(name, tables[name], findings) for name in COLUMNS}
    records = Records(
        opened=_opened(read["sites"], lookup),
        halls=_halls(read["halls"], lookup),
        hardware=_hardware(read["hardware"], lookup),
        power=_power(read["power"], lookup),
        placement=_placement(read["placement"], lookup),
        metrics=_metrics(read["metrics"], lookup),
        targets=_targets(read["targets"], lookup),
        costs=_costs(read["costs"], lookup),
    )
    return None if findings.failures else records


def _years(table: Table, lookup: Lookup) -> list[int]:
    return table.counts("year", year_of(lookup.case.years))


def _opened(table: Table, lookup: Lookup) -> dict[tuple[str, int], int]:
    keys = zip(table.ids("site", lookup.sites, "site"), _years(table, lookup), strict=True)
    table.unique("site", "year")
    opened = dict(zip(keys, table.counts("open", SWITCH), strict=True))
    for site in lookup.sites:
        for year in lookup.case.years:
            table.findings.require((site, year) in opened, f"sites.csv: no row for {lookup.names[site]} in {year}")
    return opened


def _halls(table: Table, lookup: Lookup) -> dict[tuple[str, str, int], HallRow]:
    sites = table.ids("site", lookup.sites, "site")
    halls = table.ids("hall", lookup.halls, "hall type")
    keys = zip(sites, halls, _years(table, lookup), strict=True)
    table.unique("site", "hall", "year")
    rows = zip(*(table.counts(column) for column in HallRow._fields), strict=True)
    return dict(zip(keys, starmap(HallRow, rows), strict=True))


def _hardware(table: Table, lookup: Lookup) -> dict[tuple[str, str, str, int], HardwareRow]:
    sites = table.ids("site", lookup.sites, "site")
    halls = table.ids("hall", lookup.halls, "hall type")
    hardware = table.ids("hardware", lookup.hardware, "hardware")
    keys = zip(sites, halls, hardware, _years(table, lookup), strict=True)
    table.unique("site", "hall", "hardware", "year")
    rows = zip(*(table.counts(column) for column in HardwareRow._fields), strict=True)
    return dict(zip(keys, starmap(HardwareRow, rows), strict=True))


def _power(table: Table, lookup: Lookup) -> dict[tuple[str, int], PowerRow]:
    keys = zip(table.ids("site", lookup.sites, "site"), _years(table, lookup), strict=True)
    table.unique("site", "year")
    steps = table.counts("grid_steps", COUNT)
    amounts = [table.numbers(column, AMOUNT) for column in PowerRow._fields[1:]]
    return dict(zip(keys, starmap(PowerRow, zip(steps, *amounts, strict=True)), strict=True))


def _placement(table: Table, lookup: Lookup) -> tuple[Placement, ...]:
    roles = table.ids("role", ROLES, "role")
    workloads = table.ids("workload", lookup.workloads, "workload")
    sites = table.ids("site", {*lookup.sites, ""}, "site")
    years = _years(table, lookup)
    table.unique("workload", "site", "year", "role")
    for row, (role, site) in enumerate(zip(roles, sites, strict=True)):
        wanted = "no site" if role == "unserved" else "a site"
        table.findings.require(
            (site == "") == (role == "unserved"),
            f"{table.line(row)}: the role {role} goes with {wanted}, found '{site}'",
        )
    return tuple(starmap(Placement, zip(workloads, sites, years, roles, table.numbers("share", SHARE), strict=True)))


def _metrics(table: Table, lookup: Lookup) -> dict[tuple[str, str, int], MetricRow]:
    keys = zip(table.text("metric"), table.text("scope"), _years(table, lookup), strict=True)
    table.unique("metric", "scope", "year")
    rows = zip(table.optional("value"), table.text("unit"), strict=True)
    return dict(zip(keys, starmap(MetricRow, rows), strict=True))


def _targets(table: Table, lookup: Lookup) -> dict[str, TargetRow]:
    targets = table.ids("target", lookup.targets, "target")
    table.unique("target")
    rows = zip(
        table.text("metric"),
        _years(table, lookup),
        table.text("sense"),
        table.numbers("required", NUMBER),
        table.optional("attained"),
        table.switches("met"),
        table.numbers("missed", AMOUNT),
        table.numbers("penalty_cny", AMOUNT),
        strict=True,
    )
    return dict(zip(targets, starmap(TargetRow, rows), strict=True))


def _costs(table: Table, lookup: Lookup) -> dict[tuple[str, str, int], CostRow]:
    categories = table.ids("category", (*SITE_CATEGORIES, *CITY_CATEGORIES), "category")
    sites = table.ids("site", {*lookup.sites, ""}, "site")
    years = _years(table, lookup)
    table.unique("category", "site", "year")
    for row, (category, site) in enumerate(zip(categories, sites, strict=True)):
        wanted = "no site" if category in CITY_CATEGORIES else "a site"
        table.findings.require(
            (site == "") == (category in CITY_CATEGORIES),
            f"{table.line(row)}: the category {category} goes with {wanted}, found '{site}'",
        )
    rows = zip(table.numbers("cny", NUMBER), table.numbers("discounted_cny", NUMBER), strict=True)
    return dict(zip(zip(categories, sites, years, strict=True), starmap(CostRow, rows), strict=True))
