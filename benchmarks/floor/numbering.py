"""Which columns the floor has, and their numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .plain_arrays import Flags, Numbers, PlainArrays

NONE = -1


@dataclass(frozen=True)
class Numbering:
    """The number of each column that is filled here; -1 where there is none. They follow the given columns."""

    place: Numbers
    standby: Numbers
    unserved: Numbers
    buy: Numbers
    own: Numbers
    total: int


def number_columns(a: PlainArrays, keep_ft: Numbers, given: int) -> Numbering:
    """Which columns exist, numbered from `given` on."""
    years = np.arange(len(a.discount_t))
    buys = a.fits_ksh[..., None] & a.sold_kt[:, None, None, :] & (years >= a.earliest_s[:, None])[None, :, None, :]
    owns = np.einsum("kshb,kbt->ksht", buys.astype(np.int8), a.alive_kbt.astype(np.int8)) > 0
    for fleet in range(len(a.fleet_k)):
        owns[a.fleet_k[fleet], a.fleet_s[fleet], a.fleet_h[fleet]] |= keep_ft[fleet] != NONE
    usable = (years >= a.earliest_s[a.pair_s][:, None]) & ~_lacking(a, owns)
    backed = usable & (a.backup_w > 0)[a.pair_w][:, None]
    penalised = np.broadcast_to(~np.isnan(a.penalty_w)[:, None], a.gbps_wt.shape)
    total = given
    numbers: list[Numbers] = []
    for exists in (usable, backed, penalised, buys, owns):
        count = int(exists.sum())
        numbers.append(np.full(exists.shape, NONE, dtype=np.int32))
        numbers[-1][exists] = np.arange(total, total + count, dtype=np.int32)
        total += count
    place, standby, unserved, buy, own = numbers
    return Numbering(place, standby, unserved, buy, own, total)


def _lacking(a: PlainArrays, owns: Flags) -> Flags:
    """Pairs (w, s) and years in which no hardware at s can provide something that w demands."""
    resources, pools = a.usable_kr.shape[1], int(max(a.pool_k.max(), a.pool_w.max())) + 1
    offers = np.zeros((2, pools, resources, len(a.earliest_s), len(a.discount_t)), dtype=bool)
    at_site = np.any(owns, axis=2, keepdims=False)
    for k in range(len(a.pool_k)):
        for r in np.flatnonzero(a.usable_kr[k]):
            offers[: 1 + int(a.domestic_k[k]), a.pool_k[k], r] |= at_site[k]
    demand, pair = demands_of_pairs(a)
    w = a.demand_w[demand]
    offered = offers[a.domestic_w[w].astype(np.int8), a.pool_w[w], a.demand_r[demand], a.pair_s[pair]]
    lacks: Flags = (a.demand_t[demand] > 0) & ~offered
    return np.stack([np.bincount(pair, weights=in_year, minlength=len(a.pair_w)) > 0 for in_year in lacks.T], axis=1)


def demands_of_pairs(a: PlainArrays) -> tuple[Numbers, Numbers]:
    """Every demand of a workload with every site it may use: numbers of demands and of pairs."""
    first, after = a.first_pair_w[a.demand_w], a.first_pair_w[a.demand_w + 1]
    counts = after - first
    demand = np.repeat(np.arange(len(a.demand_w), dtype=np.int32), counts)
    begin = np.repeat(first - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts)
    return demand, (begin + np.arange(len(demand))).astype(np.int32)
