"""The case in numbers: its dimensions, and what follows from it without any decision, as arrays."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import chain, repeat
from typing import Any

import numpy as np
import numpy.typing as npt

from ..inputs.case import Case
from .arrays.components import Fields, Numbers
from .arrays.families import Model
from .arrays.members import ABSENT, Codes, Dimension, Flags, Members, Vector
from .lookup import Lookup


def add_data(model: Model, lookup: Lookup) -> None:
    """Give the model its dimensions, `model.dimension["site"]`, and the numbers that several of its parts use.

    `model.site.grid_kw[s]` is a field of the case; `model.pue[s, h]` and the like follow from it.
    """
    case = lookup.case
    _add_dimensions(model, case)
    dimension = model.dimension
    model.site = Fields(dimension["site"], case.sites)
    model.hall = Fields(dimension["hall"], case.hall_types)
    model.hardware = Fields(dimension["hardware"], case.hardware)
    model.workload = Fields(dimension["workload"], case.workloads)

    def numbers(*names: str) -> Any:
        """Declare numbers over these dimensions."""
        return lambda array: Numbers([dimension[name] for name in names], array)

    sites, halls, kinds, resources = case.sites, case.hall_types, case.hardware, dimension["resource"].labels
    model.discount = numbers("year")([lookup.discount(year) for year in case.years])
    model.existing_halls = numbers("site", "hall")([[lookup.existing(s.id, h.id) for h in halls] for s in sites])
    model.pue = numbers("site", "hall")([[lookup.pue(s.id, h.id) for h in halls] for s in sites])
    model.racks_per_unit = numbers("hardware", "hall")(
        [[lookup.racks_per_unit(k.id, h.id) for h in halls] for k in kinds]
    )
    model.average_mwh = numbers("hardware")([lookup.average_mwh(kind.id) for kind in kinds])
    model.usable = numbers("hardware", "resource")([[lookup.usable(k.id, str(r)) for r in resources] for k in kinds])
    model.demand = numbers("workload", "resource", "year")(_demand(case, dimension["resource"].number))
    model.gbps = numbers("workload", "year")(by_year([w.gbps for w in case.workloads], case.years, absent=0.0))
    model.allowed, model.cny_per_gbps = _allowed_sites(case, dimension["workload"], dimension["site"])


def _add_dimensions(model: Model, case: Case) -> None:
    provided = [resource for kind in case.hardware for resource in kind.provides]
    demanded = [resource for workload in case.workloads for resource in workload.demand]
    labels: dict[str, Iterable[Hashable]] = {
        "year": case.years,
        "site": (site.id for site in case.sites),
        "zone": dict.fromkeys(site.zone for site in case.sites),
        "district": dict.fromkeys(site.district for site in case.sites),
        "hall": (hall.id for hall in case.hall_types),
        "hardware": (kind.id for kind in case.hardware),
        "pool": dict.fromkeys([*(kind.pool for kind in case.hardware), *(w.pool for w in case.workloads)]),
        "resource": dict.fromkeys([*provided, *demanded]),
        "workload": (workload.id for workload in case.workloads),
        "fleet": range(len(case.fleet)),
        "target": (target.id for target in case.targets),
    }
    model.dimension = {name: Dimension(name, tuple(each)) for name, each in labels.items()}
    number = {name: dimension.number for name, dimension in model.dimension.items()}
    model.zone_of_site = _codes(number["zone"][site.zone] for site in case.sites)
    model.pool_of_hardware = _codes(number["pool"][kind.pool] for kind in case.hardware)
    model.pool_of_workload = _codes(number["pool"][workload.pool] for workload in case.workloads)


def _codes(numbers: Iterable[int]) -> Codes:
    return np.fromiter(numbers, dtype=np.int32)


def flags(values: Iterable[bool]) -> Flags:
    """An array of yes and no."""
    return np.fromiter(values, dtype=bool)


def _demand(case: Case, number: Mapping[Hashable, int]) -> Vector:
    """Demand of each workload for each resource in each year; 0 where it has none."""
    resources = len(number)
    rows, values = [], []
    for workload, part in enumerate(case.workloads):
        for resource, each_year in part.demand.items():
            rows.append(workload * resources + number[resource])
            values.append(each_year)
    demand = np.zeros((len(case.workloads) * resources, len(case.years)))
    demand[np.array(rows, dtype=np.intp)] = by_year(values, case.years, absent=0.0)
    return demand.reshape(len(case.workloads), resources, len(case.years))


def _allowed_sites(case: Case, workload: Dimension, site: Dimension) -> tuple[Members, Numbers]:
    """The sites that each workload may use, and what one Gbps to them costs; NaN elsewhere."""
    w = np.repeat(np.arange(len(workload)), [len(part.sites) for part in case.workloads])
    s = np.fromiter((site.number[name] for part in case.workloads for name in part.sites), np.int32, len(w))
    prices = np.full((len(workload), len(site)), np.nan)
    prices[w, s] = np.fromiter((price for part in case.workloads for price in part.sites.values()), float, len(w))
    return Members((workload, site), (w, s)), Numbers((workload, site), prices)


def years_between(case: Case, first: Sequence[int], last: Sequence[int]) -> npt.NDArray[np.bool_]:
    """Whether each year lies between a first and a last one, both included; one row for each pair."""
    years = np.array(case.years)
    return (np.array(first).reshape(-1, 1) <= years) & (years <= np.array(last).reshape(-1, 1))


def by_year(values: Sequence[Mapping[int, float]], years: Sequence[int], absent: float) -> Vector:
    """A number for each part and year, `absent` where none is given; other years do not count."""
    lengths = np.fromiter(map(len, values), np.intp, len(values))
    total, number_of = int(lengths.sum()), {year: number for number, year in enumerate(years)}
    year = np.fromiter(map(number_of.get, chain.from_iterable(values), repeat(ABSENT)), np.intp, total)
    number = np.fromiter(chain.from_iterable(each.values() for each in values), float, total)
    part = np.repeat(np.arange(len(values)), lengths)
    planned = year != ABSENT
    table = np.full((len(values), len(years)), absent)
    table[part[planned], year[planned]] = number[planned]
    return table
