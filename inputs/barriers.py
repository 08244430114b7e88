"""What keeps a workload from a site: security, kind, fault zone, a list of names, or latency."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .network import great_circle_km, node_kind, round_trip_ms
from .parts import Site
from .reading import Rows
from .rows import WorkloadRow
from .scenario import Scenario

ROUNDING = 1e-9
"""What is left of binary fractions must not decide whether a latency limit is kept."""


@dataclass(frozen=True)
class Origin:
    """Where the demand of a workload comes from: a district, or `city`, and its centre in degrees."""

    district: str
    latitude: float
    longitude: float


def barriers(rows: Rows, row: WorkloadRow, site: Site, origin: Origin) -> Iterator[dict[str, Any]]:
    """Yield everything that keeps a workload from a site: the filter, and the numbers behind it."""
    here = {"site": site.id}
    if site.security_level < row.security_level:
        yield {**here, "filter": "security", "level": site.security_level, "needed": row.security_level}
    if row.kinds is not None and site.kind not in row.kinds:
        yield {**here, "filter": "kinds", "kind": site.kind, "needed": list(row.kinds)}
    if row.zones is not None and site.zone not in row.zones:
        yield {**here, "filter": "zones", "zone": site.zone, "needed": list(row.zones)}
    if row.only_sites is not None and site.id not in row.only_sites:
        yield {**here, "filter": "only_sites", "needed": list(row.only_sites)}
    if row.latency_limit_ms is not None:
        kilometres = great_circle_km(origin.latitude, origin.longitude, site.latitude, site.longitude)
        kind = node_kind(site, origin.district)
        ms = round_trip_ms(rows.settings.network, row.access, kind, kilometres)
        if ms > row.latency_limit_ms + ROUNDING:
            yield {**here, "filter": "latency", "ms": round(ms, 3), "limit": row.latency_limit_ms}


def origin_of(rows: Rows, district: str) -> Origin:
    """The origin of a workload from a district, or from the whole city."""
    if district == "city":
        network = rows.settings.network
        return Origin(district, network.city_latitude or 0.0, network.city_longitude or 0.0)
    part = rows.districts[district]
    return Origin(district, part.latitude, part.longitude)


class Barriers:
    """Tells, for the workloads of a scenario file, what keeps them from which sites."""

    def __init__(self, path: Path) -> None:
        """Read the scenario at once, so that each workload is a quick question."""
        self._rows = Rows(Scenario(path))

    def __call__(self, workload: str) -> list[dict[str, Any]]:
        """The barriers of a workload by its id, `row@district`: all that keep it from the sites it may not use."""
        name, _, district = workload.rpartition("@")
        row = self._rows.workloads[name]
        origin = origin_of(self._rows, district)
        return [each for site in self._rows.sites.values() for each in barriers(self._rows, row, site, origin)]
