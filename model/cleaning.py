"""Cleaning: whole counts, exact balances and no stray 1e-9 shares before anyone looks at a plan."""

from __future__ import annotations

import highspy
import numpy as np

from .arrays.families import Model
from .arrays.matrix import Matrix, hand_over
from .arrays.members import Members, Positions, Vector

KEPT = 1e-6
"""A point keeps the matrix's rows and bounds if it misses none of them by more: what HiGHS itself allows."""

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


def clean_values(model: Model, x: Vector) -> Vector:
    """A point in the case's units with exact values: counts follow from counts, shares add up to one."""
    x = x.copy()
    for decisions in (model.open, model.build, model.convert, model.upgrade, model.buy, model.keep):
        x[decisions.columns] = np.round(x[decisions.columns])
    for decisions in (model.green, model.unserved, model.miss):
        x[decisions.columns] = np.maximum(x[decisions.columns], 0.0)
    _count_halls(model, x)
    _count_hardware(model, x)
    _sum_energy(model, x)
    _normalise_shares(model, x)
    return x


def _count_halls(model: Model, x: Vector) -> None:
    """Existing halls and all changes so far."""
    standing, converting = model.standing, model.converting
    changes = np.zeros(standing.shape)
    changes[..., 0] = model.existing_halls.array
    np.add.at(changes, model.building.codes, x[model.build.columns])
    site, hall, to_hall, year = converting.codes
    np.add.at(changes, (site, hall, year), -x[model.convert.columns])
    np.add.at(changes, (site, to_hall, year), x[model.convert.columns])
    x[model.halls.columns] = changes.cumsum(axis=-1)[standing.codes]


def _count_hardware(model: Model, x: Vector) -> None:
    """Lots bought that are still alive, and the fleet kept."""
    units = np.zeros(model.owning.shape)
    kind, site, hall, bought, year = model.in_life.codes
    lots = x[model.buy.columns][model.buying.find((kind, site, hall, bought))]
    np.add.at(units, (kind, site, hall, year), model.hardware.lot.array[kind] * lots)
    np.add.at(units, model.kept.codes[1:], x[model.keep.columns])
    x[model.own.columns] = units[model.owning.codes]


def _sum_energy(model: Model, x: Vector) -> None:
    kind, site, hall, year = model.owning.codes
    mwh = model.average_mwh.array[kind] * x[model.own.columns]
    it, facility = np.zeros(model.site_years.shape), np.zeros(model.site_years.shape)
    np.add.at(it, (site, year), mwh)
    np.add.at(facility, (site, year), mwh * model.pue.array[site, hall])
    x[model.it_mwh.columns], x[model.facility_mwh.columns] = it.ravel(), facility.ravel()
    site, year = model.greening.codes
    most = model.site.green_max_share.array[site] * facility[site, year]
    x[model.green.columns] = np.minimum(x[model.green.columns], most)


def _normalise_shares(model: Model, x: Vector) -> None:
    """Shares of a workload in a year add up to one, in either role."""
    for families in ((model.place, model.unserved), (model.standby,)):
        shares = np.concatenate([x[decisions.columns] for decisions in families])
        group = np.concatenate([_workload_year(decisions.members) for decisions in families])
        shares = np.where(shares > NEGLIGIBLE_SHARE, shares, 0.0)
        total = np.bincount(group, shares)[group] if len(group) else shares
        shares = np.divide(shares, total, out=np.zeros_like(shares), where=total > 0)
        placed, *rest = families
        x[placed.columns] = shares[: len(placed.members)]
        for decisions in rest:
            x[decisions.columns] = shares[len(placed.members) :]


def _workload_year(members: Members) -> Positions:
    return members.of("workload").astype(np.intp) * len(members.dimensions[-1]) + members.of("year")
