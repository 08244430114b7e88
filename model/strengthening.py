"""Strengthening: bounds that follow from the others. With or without them the same plans are possible.

Each function proves what it returns in its docstring; docs/solving.md names them, and a test compares the optimum with
that of the plain model (`assemble(case, plain=True)`) on many random cases.
"""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo

from .arrays.components import Numbers
from .arrays.families import Model, families_of
from .arrays.forms import LinearForm
from .arrays.members import Vector
from .lookup import ROUNDING

SLACK = 1.0 + 1e-9
"""Bounds of sums of fractions are this much wider, so that rounding never makes them cut."""


def most_units(model: Model) -> Vector:
    """Units that all racks of the plot would hold, for every member of own; infinite for a unit that takes no rack.

    By `racks` a unit takes its racks, and by `plot` there are at most max_halls halls.
    """
    k, s, h, _ = model.owning.codes
    per_unit = model.racks_per_unit.array[k, h]
    racks = model.site.max_halls.array[s] * model.hall.racks.array[h]
    units: Vector = np.floor(_quotient(racks, per_unit) + ROUNDING)
    return units


def most_lots(model: Model) -> Vector:
    """Lots of which every unit finds a rack, for every member of buy: what is bought in t is in service in t."""
    units = most_units(model)[model.owning.find(model.buying.codes)]
    lots: Vector = np.floor(units / model.hardware.lot.array[model.buying.of("hardware")])
    return lots


def most_sold(model: Model, supply: Numbers) -> Numbers:
    """The units in whole lots of what the market supplies, for every kind of hardware and year.

    Lots are whole, so the units bought are a multiple of the lot, and at most the largest within the supply (to
    rounding: of 56.99999999999999 units, 57). Without whole lots, as in the linear relaxation, what is left over could
    be bought too, and it is often the best there is.
    """
    lot = model.hardware.lot.array.reshape(-1, 1)
    return Numbers(supply.dimensions, np.floor(supply.array / lot + ROUNDING) * lot)


def most_energy(model: Model) -> tuple[Vector, Vector]:
    """The most it_mwh and facility_mwh, for every site and year: what its racks hold or its grid connection carries.

    A rack full of one kind of hardware uses the energy of a unit / racks per unit; no mixture uses more than the best
    kind in the best type of hall, in all racks of max_halls halls. A kW of grid connection carries 1 / (PUE * peak)
    units. The smaller of the two holds.
    """
    k, s, h, t = model.owning.codes
    mwh = model.average_mwh.array[k]
    pue = model.pue.array[s, h]
    grid_kw = model.site.grid_kw.array + model.site.grid_max_steps.array * model.site.grid_step_kw.array
    racks = model.hall.racks.array[h] * model.site.max_halls.array[s]
    by_racks = _quotient(racks, model.racks_per_unit.array[k, h])
    by_grid = _quotient((model.site.usable_grid.array * grid_kw)[s], pue * model.hardware.peak_kw.array[k])
    bounds = []
    for energy in (mwh, mwh * pue):
        most = []
        for units in (by_racks, by_grid):
            of_best = np.zeros(model.site_years.shape)
            used = energy > 0
            np.maximum.at(of_best, (s[used], t[used]), energy[used] * units[used])
            most.append(of_best.ravel())
        bounds.append(np.minimum(*most) * SLACK)
    return bounds[0], bounds[1]


def most_missed(model: Model, form: LinearForm, wanted: float, sense: str) -> float:
    """How far a target can be missed at most: by the least or the most that its form takes within the reach.

    A plan that misses by more than it must is never better.
    """
    sign = 1.0 if sense == ">=" else -1.0
    coefficients = sign * form.coefficients
    most = np.concatenate([decisions.reach for decisions in families_of(model, pyo.Var)])[form.columns]
    lower = np.concatenate([decisions.lower_bounds for decisions in families_of(model, pyo.Var)])[form.columns]
    least = coefficients * np.where(coefficients > 0, lower, most)
    return max(0.0, sign * wanted - float(least[coefficients != 0].sum())) * SLACK


def _quotient(above: Vector, below: Vector) -> Vector:
    """Above / below; infinite where below is 0."""
    result: Vector = np.divide(above, below, out=np.full_like(above, np.inf), where=below > 0)
    return result
