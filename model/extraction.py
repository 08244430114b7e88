"""From the solved model to the tidy tables of the plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, get_args

import pandas as pd

from ..inputs.parts import Metric, Scope, Target
from .costs import Category
from .lookup import HOURS_PER_YEAR_THOUSANDS, Lookup
from .metrics import RATIOS, UNITS, Metrics, in_scope, scope_text
from .rows import Model
from .targets import is_soft

TOLERANCE = 1e-6
"""A target counts as met when it is missed by no more than this share of the numbers compared."""


def extract_tables(model: Model, lookup: Lookup) -> dict[str, pd.DataFrame]:
    """The plan's tables from the values of the model's variables; the columns are those of the result folder."""
    measured = _Measured(model, lookup)
    return {
        "sites": _sites(model),
        "halls": _halls(model, lookup),
        "hardware": _hardware(model, lookup),
        "power": _power(model, lookup),
        "placement": _placement(model),
        "metrics": _metrics(measured, model, lookup),
        "targets": _targets(measured, lookup),
        "costs": _costs(model, lookup),
    }


def _sites(model: Model) -> pd.DataFrame:
    rows = [(site, year, round(variable.value)) for (site, year), variable in model.open.items()]
    return pd.DataFrame(rows, columns=["site", "year", "open"])


def _halls(model: Model, lookup: Lookup) -> pd.DataFrame:
    into: dict[tuple[str, str, int], int] = defaultdict(int)
    away: dict[tuple[str, str, int], int] = defaultdict(int)
    for (site, hall, to_hall, year), variable in model.convert.items():
        into[site, to_hall, year] += round(variable.value)
        away[site, hall, year] += round(variable.value)
    rows = []
    for key, variable in model.halls.items():
        built = round(model.build[key].value) if key in model.build else 0
        row = (*key, built, into[key], away[key], round(variable.value))
        if any(row[3:]):
            rows.append(row)
    return pd.DataFrame(rows, columns=["site", "hall", "year", "built", "converted_in", "converted_away", "in_service"])


def _hardware(model: Model, lookup: Lookup) -> pd.DataFrame:
    kept: dict[tuple[str, str, str, int], int] = defaultdict(int)
    for (number, year), variable in model.keep.items():
        fleet = lookup.case.fleet[number]
        kept[fleet.site, fleet.hall, fleet.hardware, year] += round(variable.value)
    rows = []
    for (kind, site, hall, year), variable in model.own.items():
        lots = round(model.buy[kind, site, hall, year].value) if (kind, site, hall, year) in model.buy else 0
        row = (site, hall, kind, year, lots * lookup.hardware[kind].lot, kept[site, hall, kind, year])
        in_service = round(variable.value)
        if any(row[4:]) or in_service:
            rows.append((*row, in_service))
    return pd.DataFrame(rows, columns=["site", "hall", "hardware", "year", "bought", "kept", "in_service"])


def _power(model: Model, lookup: Lookup) -> pd.DataFrame:
    peak: dict[tuple[str, int], float] = defaultdict(float)
    for (kind, site, hall, year), variable in model.own.items():
        peak[site, year] += lookup.pue(site, hall) * lookup.hardware[kind].peak_kw * variable.value
    rows = []
    for site in lookup.case.sites:
        steps_so_far = 0
        for year in lookup.years:
            steps = round(model.upgrade[site.id, year].value) if (site.id, year) in model.upgrade else 0
            steps_so_far += steps
            green = model.green[site.id, year].value if (site.id, year) in model.green else 0.0
            rows.append(
                (
                    site.id,
                    year,
                    steps,
                    site.grid_kw + site.grid_step_kw * steps_so_far,
                    peak[site.id, year],
                    model.it_mwh[site.id, year].value,
                    model.facility_mwh[site.id, year].value,
                    green,
                )
            )
    columns = ["site", "year", "grid_steps", "grid_kw", "peak_kw", "it_mwh", "facility_mwh", "green_mwh"]
    return pd.DataFrame(rows, columns=columns)


def _placement(model: Model) -> pd.DataFrame:
    rows: list[tuple[str, str, int, str, float]] = []
    for variables, role in ((model.place, "primary"), (model.standby, "standby")):
        rows += [(*key, role, variable.value) for key, variable in variables.items() if variable.value > 0]
    rows += [(w, "", year, "unserved", v.value) for (w, year), v in model.unserved.items() if v.value > 0]
    return pd.DataFrame(rows, columns=["workload", "site", "year", "role", "share"])


class _Measured:
    """The value of any metric of the solved model."""

    def __init__(self, model: Model, lookup: Lookup) -> None:
        self._model, self._lookup = model, lookup
        self._metrics = Metrics(model, lookup)

    def value(self, metric: Metric, scope: Scope, year: int) -> float | None:
        sites = [site for site in self._lookup.case.sites if in_scope(site, scope)]
        match metric:
            case "districts_with_edge":
                nodes = [site for site in sites if site.kind == "edge"]
                return float(len({site.district for site in nodes if self._model.open[site.id, year].value > 0.5}))
            case "green_sites":
                return float(sum(self._is_green(site.id, year) for site in sites))
            case _:
                return self._metrics.form(metric, scope, year).value()

    def linear(self, target: Target) -> float:
        """What is compared with the target: the metric, or numerator - value * denominator of a ratio."""
        if target.metric not in RATIOS:
            return self.value(target.metric, target.scope, target.year) or 0.0
        return self._metrics.form(target.metric, target.scope, target.year).against(target.value).value()

    def scale(self, target: Target) -> float:
        """Size of the numbers compared, for the tolerance."""
        if target.metric not in RATIOS:
            return abs(target.value)
        return abs(self._metrics.form(target.metric, target.scope, target.year).numerator.value())

    def _is_green(self, site: str, year: int) -> bool:
        definition = self._lookup.case.green_site
        it, facility = self._model.it_mwh[site, year].value, self._model.facility_mwh[site, year].value
        least = definition.min_it_mw * 1000.0 * HOURS_PER_YEAR_THOUSANDS
        slack = TOLERANCE * max(1.0, facility)
        return bool(it >= least - slack and facility <= definition.pue_limit * it + slack)


def _metrics(measured: _Measured, model: Model, lookup: Lookup) -> pd.DataFrame:
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
        unserved = [model.unserved[w.id, year].value for w in case.workloads if (w.id, year) in model.unserved]
        rows["unserved_share", "all", year] = (sum(unserved) / max(1, len(case.workloads)), "share")
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


def _costs(model: Model, lookup: Lookup) -> pd.DataFrame:
    total: dict[tuple[str, str, int], float] = defaultdict(float)
    for item in model.costs:
        total[item.category, item.site, item.year] += item.coefficient * item.variable.value
    order: Mapping[Any, int] = {category: number for number, category in enumerate(get_args(Category))}
    rows = [
        (category, site, year, cny, cny * lookup.discount(year))
        for (category, site, year), cny in sorted(total.items(), key=lambda item: order[item[0][0]])
        if cny != 0
    ]
    return pd.DataFrame(rows, columns=["category", "site", "year", "cny", "discounted_cny"])
