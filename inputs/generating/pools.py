"""The kinds of capacity that a random city needs, and how much of each.

Figures are of the order of those in Jinan's case, whose tables say where they come from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Pool:
    """A kind of capacity, and how much of it a city needs.

    `unit` is what one ordinary server usably provides, by resource, the leading one first: demand is drawn in such
    servers' worths. A site that hosts the pool has `servers` of them on average in the first year, times the case's
    scale; `growth` is the range of yearly rates, `gbps` that of the traffic of one server's worth. `share` is the
    pool's part of all workloads, `by_district` that of its systems which arise in the districts and not at the city's
    centre, `hosts` that of the core sites which host it. `fleet_halls` hold what stands there at the start.
    """

    id: str
    unit: Mapping[str, float]
    servers: float
    growth: tuple[float, float]
    gbps: tuple[float, float]
    share: float
    by_district: float
    fleet_halls: tuple[str, ...]
    at_edge: bool = False
    may_be_remote: bool = False
    hosts: float = 1.0


POOLS = (
    Pool(
        id="general",
        unit={"vcpu": 83, "memory_gb": 410},
        servers=300,
        growth=(0.0, 0.2),
        gbps=(0.02, 0.3),
        share=0.2,
        by_district=0.4,
        fleet_halls=("legacy", "air"),
    ),
    Pool(
        id="edge",
        unit={"int8_tops": 60, "vcpu": 40, "storage_tb": 8},
        servers=22,
        growth=(0.05, 0.3),
        gbps=(0.3, 1.5),
        share=0.34,
        by_district=1.0,
        fleet_halls=("edge",),
        at_edge=True,
    ),
    Pool(
        id="ai",
        unit={"fp16_pflops": 1.9},
        servers=170,
        growth=(0.15, 0.45),
        gbps=(0.02, 0.3),
        share=0.1,
        by_district=0.25,
        fleet_halls=("dense",),
        may_be_remote=True,
    ),
    Pool(
        id="tenant",
        unit={"tenant_racks": 1},
        servers=1200,
        growth=(0.0, 0.12),
        gbps=(0.01, 0.05),
        share=0.06,
        by_district=0.3,
        fleet_halls=("legacy", "air"),
    ),
    Pool(
        id="storage",
        unit={"storage_tb": 306},
        servers=60,
        growth=(0.1, 0.35),
        gbps=(0.05, 0.5),
        share=0.08,
        by_district=0.4,
        fleet_halls=("air",),
        may_be_remote=True,
    ),
    Pool(
        id="gov_cloud",
        unit={"vcpu": 83, "memory_gb": 410, "storage_tb": 14},
        servers=130,
        growth=(0.05, 0.2),
        gbps=(0.05, 0.3),
        share=0.12,
        by_district=0.4,
        fleet_halls=("legacy", "air"),
        hosts=0.4,
    ),
    Pool(
        id="video",
        unit={"video_streams": 172},
        servers=40,
        growth=(0.1, 0.35),
        gbps=(0.3, 1.0),
        share=0.06,
        by_district=1.0,
        fleet_halls=("air",),
    ),
    Pool(
        id="hpc",
        unit={"fp64_tflops": 4},
        servers=250,
        growth=(0.0, 0.2),
        gbps=(0.01, 0.05),
        share=0.04,
        by_district=0.0,
        fleet_halls=("dense",),
        hosts=0.3,
    ),
)
"""In the order in which smaller cases leave them out from the end."""
