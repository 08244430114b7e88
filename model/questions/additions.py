"""Additions: what a plan builds and where, year by year, read from its tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

import pandas as pd

from ...inputs.case import Case

Kind = Literal["site", "hall", "conversion", "grid", "hardware"]

UNITS: dict[Kind, str] = {"site": "sites", "hall": "halls", "conversion": "halls", "grid": "kW", "hardware": "kW"}


class Addition(NamedTuple):
    """Something that can be added: a site opened, halls built or converted, grid steps, hardware of a pool.

    `what` is the hall type or the pool; empty for sites and grid steps.
    """

    kind: Kind
    site: str
    what: str


def additions(case: Case, tables: Mapping[str, pd.DataFrame]) -> pd.Series[float]:
    """What is added in each year, by kind, site, what and year: sites, halls, kW of grid, kW (peak) of hardware.

    What the plan does not add has no entry.
    """
    parts = [
        _opened(case, tables),
        _halls(tables["halls"], "hall", "built"),
        _halls(tables["halls"], "conversion", "converted_in"),
        _grid(case, tables["power"]),
        _hardware(case, tables["hardware"]),
    ]
    rows = pd.concat(parts, ignore_index=True)
    amounts = rows.groupby(["kind", "site", "what", "year"], sort=False)["amount"].sum()
    return amounts[amounts > 0].astype(float)


def totals(amounts: pd.Series[float]) -> dict[Addition, float]:
    """What is added over all years."""
    sums = amounts.groupby(level=["kind", "site", "what"], sort=False).sum()
    return {Addition(*key): float(amount) for key, amount in sums.items()}  # type: ignore[misc]


def _opened(case: Case, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """New sites, in the first year they are open; one that is open for nothing and at no cost does not count."""
    sites, new = tables["sites"], {site.id for site in case.sites if not site.existing}
    used = {*tables["halls"]["site"], *tables["hardware"]["site"]}
    rows = sites[sites["site"].isin(new & used) & (sites["open"] > 0)]
    first = rows.groupby("site", sort=False)["year"].min().reset_index()
    return first.assign(kind="site", what="", amount=1.0)


def _halls(halls: pd.DataFrame, kind: Kind, column: str) -> pd.DataFrame:
    rows = halls[["site", "hall", "year", column]].rename(columns={"hall": "what", column: "amount"})
    return rows.assign(kind=kind)


def _grid(case: Case, power: pd.DataFrame) -> pd.DataFrame:
    kw = power["site"].map({site.id: site.grid_step_kw for site in case.sites})
    return power[["site", "year"]].assign(kind="grid", what="", amount=power["grid_steps"] * kw)


def _hardware(case: Case, hardware: pd.DataFrame) -> pd.DataFrame:
    kw = hardware["hardware"].map({kind.id: kind.peak_kw for kind in case.hardware})
    pool = hardware["hardware"].map({kind.id: kind.pool for kind in case.hardware})
    return hardware[["site", "year"]].assign(kind="hardware", what=pool, amount=hardware["bought"] * kw)
