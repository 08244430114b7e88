"""Cleaning: whole counts, exact balances and no stray 1e-9 shares before anyone looks at a plan."""

from __future__ import annotations

import highspy
import numpy as np

from .lookup import Lookup
from .matrix import Matrix, Vector, hand_over
from .rows import Model

NEGLIGIBLE_SHARE = 1e-7
"""Shares of a workload below this are numerical dust."""


def polish(matrix: Matrix, x: Vector) -> Vector:
    """The best point with the whole-number decisions of `x`: integers rounded and held, the rest solved again tightly.

    Returns `x` with its integers rounded when that leaves no exact point (the caller's audit then decides).
    """
    lower, upper = matrix.lower.copy(), matrix.upper.copy()
    whole = np.round(x[matrix.integer])
    lower[matrix.integer] = upper[matrix.integer] = whole
    highs = hand_over(matrix.with_bounds(lower, upper).with_integer(np.zeros_like(matrix.integer)))
    highs.setOptionValue("primal_feasibility_tolerance", 1e-9)
    highs.setOptionValue("threads", 1)
    highs.run()
    if highs.getModelStatus() == highspy.HighsModelStatus.kOptimal:
        x = np.array(highs.getSolution().col_value)
    x = x.copy()
    x[matrix.integer] = whole
    return np.asarray(np.clip(x, matrix.lower, matrix.upper))


def clean_values(model: Model, lookup: Lookup) -> None:
    """Make the values of the model's variables exact: counts follow from counts, shares add up to one."""
    for variables in (model.open, model.build, model.convert, model.upgrade, model.buy, model.keep):
        for variable in variables.values():
            variable.set_value(round(variable.value or 0.0), skip_validation=True)
    for variables in (model.green, model.unserved, model.miss, model.it_mwh, model.facility_mwh):
        for variable in variables.values():
            variable.set_value(max(0.0, variable.value or 0.0), skip_validation=True)
    _count_halls(model, lookup)
    _count_hardware(model, lookup)
    _sum_energy(model, lookup)
    _normalise_shares(model)


def _count_halls(model: Model, lookup: Lookup) -> None:
    first = lookup.years[0]
    changes: dict[tuple[str, str, int], int] = {}
    for key, variable in model.build.items():
        changes[key] = changes.get(key, 0) + variable.value
    for (site, hall, to_hall, year), variable in model.convert.items():
        for kind, sign in ((hall, -1), (to_hall, 1)):
            changes[site, kind, year] = changes.get((site, kind, year), 0) + sign * variable.value
    for site, hall, year in model.halls:
        before = model.halls[site, hall, year - 1].value if year > first else lookup.existing(site, hall)
        model.halls[site, hall, year].set_value(before + changes.get((site, hall, year), 0), skip_validation=True)


def _count_hardware(model: Model, lookup: Lookup) -> None:
    totals = dict.fromkeys(model.own, 0)
    for (kind, site, hall, bought), variable in model.buy.items():
        part = lookup.hardware[kind]
        for year in range(bought, bought + part.life_years):
            if (kind, site, hall, year) in totals:
                totals[kind, site, hall, year] += part.lot * variable.value
    for (number, year), variable in model.keep.items():
        fleet = lookup.case.fleet[number]
        totals[fleet.hardware, fleet.site, fleet.hall, year] += variable.value
    for key, units in totals.items():
        model.own[key].set_value(units, skip_validation=True)


def _sum_energy(model: Model, lookup: Lookup) -> None:
    it = dict.fromkeys(model.it_mwh, 0.0)
    facility = dict.fromkeys(model.facility_mwh, 0.0)
    for (kind, site, hall, year), variable in model.own.items():
        mwh = lookup.average_mwh(kind) * variable.value
        it[site, year] += mwh
        facility[site, year] += mwh * lookup.pue(site, hall)
    for key in it:
        model.it_mwh[key].set_value(it[key], skip_validation=True)
        model.facility_mwh[key].set_value(facility[key], skip_validation=True)
        if key in model.green:
            most = lookup.site[key[0]].green_max_share * facility[key]
            model.green[key].set_value(min(model.green[key].value, most), skip_validation=True)


def _normalise_shares(model: Model) -> None:
    groups: dict[tuple[str, str, int], list[object]] = {}
    for role, variables in (("place", model.place), ("standby", model.standby)):
        for (w, _, year), variable in variables.items():
            groups.setdefault((role, w, year), []).append(variable)
    for (w, year), variable in model.unserved.items():
        groups.setdefault(("place", w, year), []).append(variable)
    for members in groups.values():
        _normalise(members)


def _normalise(members: list[object]) -> None:
    shares = [variable.value or 0.0 for variable in members]  # type: ignore[attr-defined]
    shares = [share if share > NEGLIGIBLE_SHARE else 0.0 for share in shares]
    total = sum(shares)
    for variable, share in zip(members, shares, strict=True):
        variable.set_value(share / total if total > 0 else 0.0, skip_validation=True)  # type: ignore[attr-defined]
