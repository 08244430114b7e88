"""From the solved model to the tidy tables of the plan."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..inputs.parts import Metric, Scope, Target
from .arrays.families import Model
from .arrays.members import Members, Vector
from .costs import Category
from .lookup import HOURS_PER_YEAR_THOUSANDS, Lookup
from .metrics import RATIOS, UNITS, Metrics, in_scope, scope_text
from .targets import is_soft

TOLERANCE = 1e-6
"""A target counts as met when it is missed by no more than this share of the numbers compared."""

TEXTS = ("site", "hall", "hardware", "workload", "role")


def extract_tables(model: Model, lookup: Lookup, x: Vector) -> dict[str, pd.DataFrame]:
    """The plan's tables from a cleaned point in the case's units; the columns are those of the result folder."""
    measured = _Measured(model, lookup, x)
    return {
        "sites": _sites(model, x),
        "halls": _halls(model, x),
        "hardware": _hardware(model, x),
        "power": _power(model, lookup, x),
        "placement": _placement(model, x),
        "metrics": _metrics(measured, model, lookup, x),
        "targets": _targets(measured, lookup),
        "costs": _costs(model, lookup, x),
    }


def _indices(members: Members, *names: str) -> dict[str, Any]:
    """Columns of a table: the labels of some dimensions."""
    return {name: members.labels(members.names.index(name)) for name in names}


def _counts(values: Vector) -> npt.NDArray[np.int64]:
    return np.round(values).astype(np.int64)


def _spread(members: Members, axes: tuple[int, ...], values: Vector) -> Vector:
    """The values summed over an array that has these dimensions of the members as its axes."""
    grid = np.zeros([members.shape[axis] for axis in axes])
    np.add.at(grid, tuple(members.codes[axis] for axis in axes), values)
    return grid


def _sites(model: Model, x: Vector) -> pd.DataFrame:
    table = pd.DataFrame({**_indices(model.site_years, "site", "year"), "open": _counts(x[model.open.columns])})
    return _typed(table)


def _halls(model: Model, x: Vector) -> pd.DataFrame:
    standing = model.standing
    built = _spread(model.building, (0, 1, 2), x[model.build.columns])
    away = _spread(model.converting, (0, 1, 3), x[model.convert.columns])
    into = _spread(model.converting, (0, 2, 3), x[model.convert.columns])
    table = pd.DataFrame(
        {
            **_indices(standing, "site", "hall", "year"),
            "built": _counts(built[standing.codes]),
            "converted_in": _counts(into[standing.codes]),
            "converted_away": _counts(away[standing.codes]),
            "in_service": _counts(x[model.halls.columns]),
        }
    )
    return _typed(table[table.iloc[:, 3:].any(axis=1)])


def _hardware(model: Model, x: Vector) -> pd.DataFrame:
    owning = model.owning
    lots = _spread(model.buying, (0, 1, 2, 3), x[model.buy.columns])
    kept = _spread(model.kept, (1, 2, 3, 4), x[model.keep.columns])
    table = pd.DataFrame(
        {
            **_indices(owning, "site", "hall", "hardware", "year"),
            "bought": _counts((lots * model.hardware.lot.array.reshape(-1, 1, 1, 1))[owning.codes]),
            "kept": _counts(kept[owning.codes]),
            "in_service": _counts(x[model.own.columns]),
        }
    )
    return _typed(table[table.iloc[:, 4:].any(axis=1)])


def _power(model: Model, lookup: Lookup, x: Vector) -> pd.DataFrame:
    site_years = model.site_years
    kind, site, hall, _ = model.owning.codes
    peak = model.pue.array[site, hall] * model.hardware.peak_kw.array[kind] * x[model.own.columns]
    steps = _spread(model.upgrading, (0, 1), x[model.upgrade.columns])
    grid = model.site.grid_kw.array.reshape(-1, 1) + model.site.grid_step_kw.array.reshape(-1, 1) * steps.cumsum(axis=1)
    table = pd.DataFrame(
        {
            **_indices(site_years, "site", "year"),
            "grid_steps": _counts(steps.ravel()),
            "grid_kw": grid.ravel(),
            "peak_kw": _spread(model.owning, (1, 3), peak).ravel(),
            "it_mwh": x[model.it_mwh.columns],
            "facility_mwh": x[model.facility_mwh.columns],
            "green_mwh": _spread(model.greening, (0, 1), x[model.green.columns]).ravel(),
        }
    )
    return _typed(table)


def _placement(model: Model, x: Vector) -> pd.DataFrame:
    parts = []
    for decisions, role in ((model.place, "primary"), (model.standby, "standby"), (model.unserved, "unserved")):
        shares = x[decisions.columns]
        used = np.flatnonzero(shares > 0)
        members = decisions.members.only(used)
        nowhere = {"site": ""} if role == "unserved" else {}
        indices = {**_indices(members, *members.names), **nowhere}
        parts.append(pd.DataFrame({**indices, "role": role, "share": shares[used]}))
    return _typed(pd.concat(parts, ignore_index=True)[["workload", "site", "year", "role", "share"]])


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    """Rows numbered from 0, the year as a number, ids as text."""
    texts = [name for name in table.columns if name in TEXTS]
    types = {**dict.fromkeys(texts, "str"), "year": "int64"}
    return table.astype(types).reset_index(drop=True)


def metric_value(model: Model, lookup: Lookup, x: Vector, metric: Metric, scope: Scope, year: int) -> float | None:
    """Any metric of a cleaned point in the case's units; None for a ratio without denominator."""
    return _Measured(model, lookup, x).value(metric, scope, year)


class _Measured:
    """The value of any metric of the solved model."""

    def __init__(self, model: Model, lookup: Lookup, x: Vector) -> None:
        self._model, self._lookup, self._x = model, lookup, x
        self._metrics = Metrics(model, lookup)

    def value(self, metric: Metric, scope: Scope, year: int) -> float | None:
        sites = [site for site in self._lookup.case.sites if in_scope(site, scope)]
        match metric:
            case "districts_with_edge":
                nodes = [site for site in sites if site.kind == "edge"]
                return float(len({site.district for site in nodes if self._at(self._model.open, site.id, year) > 0.5}))
            case "green_sites":
                return float(sum(self._is_green(site.id, year) for site in sites))
            case _:
                return self._metrics.form(metric, scope, year).value(self._x)

    def linear(self, target: Target) -> float:
        """What is compared with the target: the metric, or numerator - value * denominator of a ratio."""
        if target.metric not in RATIOS:
            return self.value(target.metric, target.scope, target.year) or 0.0
        return self._metrics.form(target.metric, target.scope, target.year).against(target.value).value(self._x)

    def scale(self, target: Target) -> float:
        """Size of the numbers compared, for the tolerance."""
        if target.metric not in RATIOS:
            return abs(target.value)
        return abs(self._metrics.form(target.metric, target.scope, target.year).numerator.value(self._x))

    def _is_green(self, site: str, year: int) -> bool:
        definition = self._lookup.case.green_site
        it, facility = self._at(self._model.it_mwh, site, year), self._at(self._model.facility_mwh, site, year)
        least = definition.min_it_mw * 1000.0 * HOURS_PER_YEAR_THOUSANDS
        slack = TOLERANCE * max(1.0, facility)
        return bool(it >= least - slack and facility <= definition.pue_limit * it + slack)

    def _at(self, decisions: Any, site: str, year: int) -> float:
        return float(self._x[decisions.first_column + decisions.members.position((site, year))])


def _metrics(measured: _Measured, model: Model, lookup: Lookup, x: Vector) -> pd.DataFrame:
    case = lookup.case
    rows: dict[tuple[str, str, int], tuple[float | None, str]] = {}

    def add(metric: Metric, scope: Scope, year: int) -> None:
        unit = UNITS.get(metric, scope.resource or "")
        key = (metric, scope_text(scope), year)
        if key not in rows:
            rows[key] = (measured.value(metric, scope, year), unit)

    provided = {(kind.pool, resource): None for kind in case.hardware for resource in kind.provides}
    for year in lookup.years:
        for metric in get_args(Metric):
            if metric != "pool_capacity":
                add(metric, Scope(), year)
        for pool, resource in provided:
            add("pool_capacity", Scope(pool=pool, resource=resource), year)
        unserved = x[model.unserved.columns][model.penalised.of("year") == lookup.years.index(year)]
        rows["unserved_share", "all", year] = (float(unserved.sum()) / max(1, len(case.workloads)), "share")
    for target in case.targets:
        add(target.metric, target.scope, target.year)
    table = [(*key, *value) for key, value in rows.items()]
    return pd.DataFrame(table, columns=["metric", "scope", "year", "value", "unit"])


def _targets(measured: _Measured, lookup: Lookup) -> pd.DataFrame:
    rows = []
    for target in lookup.case.targets:
        wanted = 0.0 if target.metric in RATIOS else target.value
        excess = measured.linear(target) - wanted
        short = {">=": -excess, "<=": excess, "==": abs(excess)}[target.sense]
        met = short <= TOLERANCE * max(1.0, measured.scale(target))
        missed = 0.0 if met else short
        penalty = (target.penalty_cny or 0.0) * missed if is_soft(target) else 0.0
        attained = measured.value(target.metric, target.scope, target.year)
        rows.append((target.id, target.metric, target.year, target.sense, target.value, attained, met, missed, penalty))
    columns = ["target", "metric", "year", "sense", "required", "attained", "met", "missed", "penalty_cny"]
    return pd.DataFrame(rows, columns=columns)


def _costs(model: Model, lookup: Lookup, x: Vector) -> pd.DataFrame:
    """What is paid of each category, at each site (or nowhere), in each year."""
    sites, years = len(model.dimension["site"]), len(lookup.years)
    total: dict[str, Vector] = {category: np.zeros((sites + 1, years)) for category in get_args(Category)}
    for costs in model.costs:
        site = np.full(len(costs.members), sites) if costs.site is None else costs.site
        np.add.at(total[costs.category], (site, costs.year), costs.terms.values(x))
    names = [*model.dimension["site"].labels, ""]
    rows = [
        (
            category,
            names[site],
            lookup.years[year],
            cny[site, year],
            cny[site, year] * lookup.discount(lookup.years[year]),
        )
        for category, cny in total.items()
        for site, year in np.argwhere(cny)
    ]
    return pd.DataFrame(rows, columns=["category", "site", "year", "cny", "discounted_cny"])
