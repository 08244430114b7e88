"""A case as plain arrays: what someone who fills the matrix by hand would begin with."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from suanli.inputs.case import Case

Numbers = npt.NDArray[np.integer[Any]]
Vector = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class PlainArrays:
    """The case in numbers; the letters name the axes: w workloads, s sites, h halls, k hardware, t years, r resources.

    Years count from 0. Pairs (w, s) are those that the case allows, workload by workload; demands are pairs (w, r).
    """

    pair_w: Numbers
    pair_s: Numbers
    pair_cost: Vector
    first_pair_w: Numbers
    demand_w: Numbers
    demand_r: Numbers
    demand_t: Vector
    gbps_wt: Vector
    pool_w: Numbers
    backup_w: Vector
    whole_w: Flags
    domestic_w: Flags
    penalty_w: Vector
    earliest_s: Numbers
    candidate_s: Flags
    zone_s: Numbers
    egress_s: Vector
    pool_k: Numbers
    lot_k: Numbers
    domestic_k: Flags
    price_k: Vector
    yearly_k: Vector
    peak_k: Vector
    usable_kr: Vector
    sold_kt: Flags
    alive_kbt: Flags
    left_kt: Vector
    fits_ksh: Flags
    racks_kh: Vector
    hall_racks_h: Vector
    hall_kw_h: Vector
    plot_racks_sh: Vector
    discount_t: Vector
    fleet_k: Numbers
    fleet_s: Numbers
    fleet_h: Numbers


def plain_arrays(case: Case) -> PlainArrays:
    """Take the case apart."""
    years, first, last = range(len(case.years)), case.years[0], case.years[-1]
    site = {part.id: number for number, part in enumerate(case.sites)}
    hall = {part.id: number for number, part in enumerate(case.hall_types)}
    kind = {part.id: number for number, part in enumerate(case.hardware)}
    pool = _numbered([*(part.pool for part in case.hardware), *(part.pool for part in case.workloads)])
    zone = _numbered(part.zone for part in case.sites)
    resource = _numbered(
        [*(r for part in case.hardware for r in part.provides), *(r for part in case.workloads for r in part.demand)]
    )
    usable = np.zeros((len(kind), len(resource)))
    fits = np.zeros((len(kind), len(site), len(hall)), dtype=bool)
    racks = np.zeros((len(kind), len(hall)))
    for k, part in enumerate(case.hardware):
        for r, amount in part.provides.items():
            usable[k, resource[r]] = amount * case.max_utilisation.get(r, 1.0)
        for h, block in enumerate(case.hall_types):
            racks[k, h] = _racks(max(part.rack_units / block.usable_u, part.peak_kw / block.rack_kw))
        for s, place in enumerate(case.sites):
            if part.sites is None or place.id in part.sites:
                for name in part.halls:
                    fits[k, s, hall[name]] = name in place.allowed_halls or place.existing_halls.get(name, 0) > 0
    life = np.array([part.life_years for part in case.hardware])
    bought, now = np.arange(len(years))[:, None], np.arange(len(years))[None, :]
    lasting = life[:, None, None]
    pairs = [(w, site[s], cost) for w, part in enumerate(case.workloads) for s, cost in part.sites.items()]
    demands = [
        (w, resource[r], [by_year.get(year, 0.0) for year in case.years])
        for w, part in enumerate(case.workloads)
        for r, by_year in part.demand.items()
    ]
    return PlainArrays(
        pair_w=_ints(w for w, _, _ in pairs),
        pair_s=_ints(s for _, s, _ in pairs),
        pair_cost=_floats(cost for _, _, cost in pairs),
        first_pair_w=_ints(np.cumsum([0, *(len(part.sites) for part in case.workloads)])),
        demand_w=_ints(w for w, _, _ in demands),
        demand_r=_ints(r for _, r, _ in demands),
        demand_t=np.array([amounts for _, _, amounts in demands]).reshape(-1, len(years)),
        gbps_wt=np.array([[part.gbps.get(year, 0.0) for year in case.years] for part in case.workloads]),
        pool_w=_ints(pool[part.pool] for part in case.workloads),
        backup_w=_floats(part.backup for part in case.workloads),
        whole_w=_flags(not part.divisible for part in case.workloads),
        domestic_w=_flags(part.domestic_only for part in case.workloads),
        penalty_w=_floats(_number(part.unserved_penalty_cny) for part in case.workloads),
        earliest_s=_ints(part.earliest_year - first for part in case.sites),
        candidate_s=_flags(not part.existing for part in case.sites),
        zone_s=_ints(zone[part.zone] for part in case.sites),
        egress_s=_floats(_number(part.egress_gbps) for part in case.sites),
        pool_k=_ints(pool[part.pool] for part in case.hardware),
        lot_k=_ints(part.lot for part in case.hardware),
        domestic_k=_flags(part.domestic for part in case.hardware),
        price_k=_floats(part.price_cny * part.lot for part in case.hardware),
        yearly_k=_floats(part.maintenance_rate * part.price_cny + part.fee_cny_per_year for part in case.hardware),
        peak_k=_floats(part.peak_kw for part in case.hardware),
        usable_kr=usable,
        sold_kt=np.array([[p.available_from <= year <= p.available_to for year in case.years] for p in case.hardware]),
        alive_kbt=(bought <= now) & (now < bought + lasting),
        left_kt=np.maximum(0, life[:, None] - (last - first - np.arange(len(years)) + 1)) / life[:, None],
        fits_ksh=fits,
        racks_kh=racks,
        hall_racks_h=_floats(part.racks for part in case.hall_types),
        hall_kw_h=_floats(part.racks * part.rack_kw for part in case.hall_types),
        plot_racks_sh=np.array([[place.max_halls * h.racks for h in case.hall_types] for place in case.sites]),
        discount_t=_floats((1.0 + case.discount_rate) ** -(year - case.base_year) for year in case.years),
        fleet_k=_ints(kind[fleet.hardware] for fleet in case.fleet),
        fleet_s=_ints(site[fleet.site] for fleet in case.fleet),
        fleet_h=_ints(hall[fleet.hall] for fleet in case.fleet),
    )


def _racks(size: float) -> float:
    """Racks that a unit takes which fills this share of a rack."""
    per_rack = math.floor(1.0 / size + 1e-9) if size > 0 else 0
    return 0.0 if size <= 0 else 1.0 / per_rack if per_rack else float(math.ceil(size - 1e-9))


def _numbered(names: Iterable[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(dict.fromkeys(names))}


def _number(value: float | None) -> float:
    return math.nan if value is None else value


def _ints(values: Iterable[int]) -> Numbers:
    return np.fromiter(values, dtype=np.int32)


def _floats(values: Iterable[float]) -> Vector:
    return np.fromiter(values, dtype=np.float64)


def _flags(values: Iterable[bool]) -> Flags:
    return np.fromiter(values, dtype=np.bool_)
