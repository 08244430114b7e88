"""The limits of a random case, set around its witness: plots, power, bandwidth, supply and budgets."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

from ..mapping import FrozenMapping
from ..parts import Hardware, Site, Workload
from .draws import Draws, neat, neat_up
from .ground import Ground
from .witness import Witness

KEPT = 1 - 1e-9
"""Limits that the witness fills are compared with this slack, less than any audit's."""

EDGE_STEP_KW = 40
CORE_STEPS_KW = (5_000, 10_000, 20_000)
STEP_CNY_PER_KW = {"core": (1_800, 3_200), "edge": (2_500, 3_500)}
SPARE = (0.0, 1.5)
"""What the market supplies of scarce hardware beyond the witness's purchases, over what a site has of the pool."""

NEW_CORE_KW = 1_000
"""Connection of a plot before anything is built."""


def limit_sites(
    draws: Draws,
    ground: Ground,
    existing: Mapping[str, Mapping[str, int]],
    workloads: Sequence[Workload],
    scale: float,
    witness: Witness,
) -> list[Site]:
    """Give every site its plot, its connection and its bandwidth, and the witness its grid steps."""
    most = _most_halls(ground, existing, witness)
    peak = _peaks(ground, witness)
    traffic = _traffic(workloads, witness)
    narrow = draws.deal(len(ground.city.sites), 0.3)
    sites = []
    for site, is_narrow in zip(ground.city.sites, narrow, strict=True):
        peaks = {year: peak.get((site.id, year), 0.0) / site.usable_grid for year in ground.years}
        busiest = max(traffic.get((site.id, year), 0.0) for year in ground.years)
        power = _connection(draws, site, peaks, scale)
        _extend(site, power, peaks, witness)
        sites.append(
            site.model_copy(
                update={
                    "existing_halls": FrozenMapping(existing[site.id]),
                    "max_halls": max(site.max_halls, most[site.id] + draws.whole(0, 2)),
                    "egress_gbps": neat_up(busiest * draws.between(1.0, 1.4) + 1) if is_narrow else None,
                    **power,
                }
            )
        )
    return sites


def _most_halls(ground: Ground, existing: Mapping[str, Mapping[str, int]], witness: Witness) -> Mapping[str, int]:
    """Halls that the witness ends with: none is given up, so that is the most."""
    most = {site: sum(halls.values()) for site, halls in existing.items()}
    for (site, _, _), count in witness.built.items():
        most[site] += count
    return most


def _peaks(ground: Ground, witness: Witness) -> Mapping[tuple[str, int], float]:
    """(site, year) -> peak power of the facility, kW."""
    peak: defaultdict[tuple[str, int], float] = defaultdict(float)
    for (kind, site, hall, year), units in witness.owned.items():
        peak[site, year] += units * ground.kind[kind].peak_kw * ground.pue(site, hall)
    return peak


def _traffic(workloads: Sequence[Workload], witness: Witness) -> Mapping[tuple[str, int], float]:
    """(site, year) -> outgoing traffic, Gbps."""
    traffic: defaultdict[tuple[str, int], float] = defaultdict(float)
    gbps = {workload.id: workload.gbps for workload in workloads}
    for (workload, year), site in witness.placed.items():
        traffic[site, year] += gbps[workload].get(year, 0.0)
    return traffic


def _connection(draws: Draws, site: Site, peaks: Mapping[int, float], scale: float) -> dict[str, float | int]:
    """The connection at the start and the steps that can be added, before it is known how many must be."""
    if site.kind == "remote":
        return {"grid_kw": neat_up(max(14_000 * scale, max(peaks.values()) * 1.2)), "grid_max_steps": 0}
    step = EDGE_STEP_KW if site.kind == "edge" else neat(draws.pick(CORE_STEPS_KW) * scale)
    at_first = peaks[min(peaks)] * draws.between(0.85, 1.1)
    plot = EDGE_STEP_KW * draws.between(0.5, 1.5) if site.kind == "edge" else NEW_CORE_KW * scale
    return {
        "grid_kw": neat_up(max(plot, at_first) if site.existing else plot),
        "grid_step_kw": float(step),
        "grid_step_cost_cny": neat(step * draws.between(*STEP_CNY_PER_KW[site.kind])),
        "grid_max_steps": draws.whole(1, 3),
    }


def _extend(site: Site, power: dict[str, float | int], peaks: Mapping[int, float], witness: Witness) -> None:
    """Add the steps that the witness needs, and allow for them."""
    done = 0
    for year, kw in peaks.items():
        missing = kw * KEPT - power["grid_kw"]
        if missing > 0:
            wanted = math.ceil(missing / power["grid_step_kw"])
            if wanted > done:
                witness.upgraded[site.id, year] = wanted - done
                done = wanted
    power["grid_max_steps"] = int(power["grid_max_steps"]) + done


def limit_supply(draws: Draws, ground: Ground, witness: Witness) -> tuple[Hardware, ...]:
    """Say how much the market supplies of scarce hardware in each year: somewhat more than the witness buys."""
    bought: defaultdict[tuple[str, int], int] = defaultdict(int)
    for (kind_id, _, _, year), units in witness.bought.items():
        bought[kind_id, year] += units
    hardware = []
    for kind in ground.hardware:
        supply = {}
        if kind.id in ground.catalogue.scarce:
            pool = ground.pool[kind.pool]
            lead = next(iter(pool.unit))
            servers_worth = kind.provides[lead] * ground.utilisation(lead) / pool.unit[lead]
            for year in ground.years:
                spare = draws.between(*SPARE) * ground.servers(pool) / servers_worth
                supply[year] = neat_up(bought[kind.id, year] * draws.between(1.0, 1.1) + spare)
        hardware.append(kind.model_copy(update={"supply": FrozenMapping(supply)}))
    return tuple(hardware)
