"""From rows to workloads: demand is multiplied out over years and districts, latency becomes a list of sites."""

from __future__ import annotations

from collections.abc import Iterator

from .demand import district_shares, driver_value, tidy
from .network import cny_per_gbps, great_circle_km, node_kind, round_trip_ms
from .parts import Workload
from .reading import Rows
from .rows import WorkloadRow


def workloads_of(rows: Rows, row: WorkloadRow) -> Iterator[Workload]:
    """Yield the workloads of a row: one for every district with a share, or one for the city."""
    usable = not rows.is_wrong(("workloads", row.id)) and not rows.is_wrong(("drivers", row.driver))
    network = rows.settings.network
    if not usable:
        yield _workload(rows, row, "city", 0.0, {})
    elif row.spread == "city":
        centre = (network.city_latitude or 0.0, network.city_longitude or 0.0)
        yield _workload(rows, row, "city", 1.0, _reachable(rows, row, "city", centre))
    else:
        for district, share in district_shares(row, list(rows.districts.values())).items():
            centre = (rows.districts[district].latitude, rows.districts[district].longitude)
            yield _workload(rows, row, district, share, _reachable(rows, row, district, centre))


def _workload(rows: Rows, row: WorkloadRow, district: str, share: float, sites: dict[str, float]) -> Workload:
    driver = rows.drivers.get(row.driver)
    usable = driver is not None and driver.value and share > 0
    amount = {year: driver_value(driver, year) * share if usable and driver else 0.0 for year in rows.settings.years}
    penalty = row.unserved_penalty_cny
    return Workload(
        id=f"{row.id}@{district}",
        system=row.id,
        name=row.name,
        district=district,
        pool=row.pool,
        divisible=row.divisible,
        domestic_only=row.domestic_only,
        backup=row.backup,
        security_level=row.security_level,
        latency_limit_ms=row.latency_limit_ms,
        demand={
            resource: {year: tidy(intensity * units) for year, units in amount.items()}
            for resource, intensity in row.demand.items()
        },
        gbps={year: tidy(row.gbps * units) for year, units in amount.items()} if row.gbps > 0 else {},
        sites=sites,
        unserved_penalty_cny=None if penalty is None else tidy(penalty * share),
    )


def _reachable(rows: Rows, row: WorkloadRow, district: str, centre: tuple[float, float]) -> dict[str, float]:
    """Return the sites that may serve a workload from a district, and what a Gbps to each costs a year."""
    network = rows.settings.network
    found: dict[str, float] = {}
    for site in rows.sites.values():
        km = great_circle_km(*centre, site.latitude, site.longitude)
        kind = node_kind(site, district)
        allowed = (
            site.security_level >= row.security_level
            and (row.kinds is None or site.kind in row.kinds)
            and (row.zones is None or site.zone in row.zones)
            and (row.only_sites is None or site.id in row.only_sites)
        )
        # What is left of binary fractions must not decide whether a limit is kept.
        limit = row.latency_limit_ms
        if allowed and (limit is None or round_trip_ms(network, row.access, kind, km) <= limit + 1e-9):
            found[site.id] = tidy(cny_per_gbps(network, kind, km))
    return found
