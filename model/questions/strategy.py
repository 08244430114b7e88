"""Strategy: what a plan builds and where, as linear forms of the decisions and as shares of a whole plan.

How far a plan goes another way than an earlier one is measured by what the two have in common: of everything that the
earlier plan adds, how much the other adds too, at the same site and of the same kind. Sites, halls, grid connections
and hardware each count as a quarter (or as a third, where a plan adds only three of them ...), halls and hardware by
their power. What a plan adds beyond the earlier one makes no difference: otherwise waste would.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pyomo.environ as pyo

from ...inputs.case import Case
from ..arrays.families import Model, families_of
from ..arrays.forms import LinearForm
from ..arrays.members import Vector
from ..lookup import Lookup
from .additions import Addition, Kind

FIELDS: dict[Kind, str] = {
    "site": "sites",
    "hall": "halls",
    "conversion": "halls",
    "grid": "grid",
    "hardware": "hardware",
}
"""Which quarter of the whole an addition belongs to."""


def weights(case: Case, amounts: Mapping[Addition, float]) -> dict[Addition, float]:
    """What share of the whole plan one unit of each of its additions makes; halls count by the kW of their racks."""
    hall_kw = {hall.id: hall.racks * hall.rack_kw for hall in case.hall_types}
    unit = {
        key: hall_kw[key.what] if FIELDS[key.kind] == "halls" else 1.0 for key, amount in amounts.items() if amount > 0
    }
    whole: dict[str, float] = {}
    for key, size in unit.items():
        whole[FIELDS[key.kind]] = whole.get(FIELDS[key.kind], 0.0) + size * amounts[key]
    return {key: size / whole[FIELDS[key.kind]] / len(whole) for key, size in unit.items()}


def difference(case: Case, amounts: Mapping[Addition, float], earlier: Mapping[Addition, float]) -> float:
    """The share of what the earlier plan adds that this one does not add; 0 where the earlier adds nothing."""
    each = weights(case, earlier).items()
    return sum(weight * max(0.0, earlier[key] - amounts.get(key, 0.0)) for key, weight in each)


def strategic_forms(model: Model, lookup: Lookup) -> dict[Addition, LinearForm]:
    """What can be added over all years, as forms of the decisions in the units of `additions`."""
    parts: dict[Addition, list[tuple[int, float]]] = {}

    def add(decisions: Any, keys: Iterable[Addition], amounts: Vector | float) -> None:
        each = np.broadcast_to(np.asarray(amounts, dtype=float), len(decisions.members)).tolist()
        for position, (key, amount) in enumerate(zip(keys, each, strict=True)):
            if amount != 0:
                parts.setdefault(key, []).append((decisions.first_column + position, amount))

    opening, last = model.open.members, len(lookup.years) - 1
    new = np.array([not site.existing for site in lookup.case.sites], dtype=bool)
    counted = new[opening.of("site")] & (opening.of("year") == last)
    add(model.open, (Addition("site", s, "") for s in opening.labels(0)), counted.astype(float))
    building, converting = model.build.members, model.convert.members
    halls = zip(building.labels(0), building.labels(1), strict=True)
    add(model.build, (Addition("hall", s, h) for s, h in halls), 1.0)
    converted = zip(converting.labels(0), converting.labels(2), strict=True)
    add(model.convert, (Addition("conversion", s, h) for s, h in converted), 1.0)
    upgrading = model.upgrade.members
    step_kw = model.site.grid_step_kw.array[upgrading.of("site")]
    add(model.upgrade, (Addition("grid", s, "") for s in upgrading.labels(0)), step_kw)
    buying = model.buy.members
    kind = buying.of("hardware")
    lot_kw = (model.hardware.lot.array * model.hardware.peak_kw.array)[kind]
    pools = [lookup.hardware[str(k)].pool for k in buying.labels(0)]
    bought = zip(buying.labels(1), pools, strict=True)
    add(model.buy, (Addition("hardware", s, p) for s, p in bought), lot_kw)
    return {
        key: LinearForm(np.array([column for column, _ in terms]), np.array([amount for _, amount in terms]))
        for key, terms in parts.items()
    }


def most(model: Model, form: LinearForm) -> float:
    """The most that a form can be by the bounds of its decisions; all coefficients are positive."""
    upper = np.concatenate([decisions.upper_bounds for decisions in families_of(model, pyo.Var)])
    return float(form.coefficients @ upper[form.columns])
