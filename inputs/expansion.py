"""From rows to workloads: demand is multiplied out over years and districts, latency becomes a list of sites."""

from __future__ import annotations

from collections.abc import Iterator

from .barriers import barriers, origin_of
from .demand import district_shares, driver_value, tidy
from .network import cny_per_gbps, great_circle_km, node_kind
from .parts import Workload
from .reading import Rows
from .rows import WorkloadRow


def workloads_of(rows: Rows, row: WorkloadRow) -> Iterator[Workload]:
    """Yield the workloads of a row: one for every district with a share, or one for the city."""
    usable = not rows.is_wrong(("workloads", row.id)) and not rows.is_wrong(("drivers", row.driver))
    if not usable:
        yield _workload(rows, row, "city", 0.0, {})
    elif row.spread == "city":
        yield _workload(rows, row, "city", 1.0, _reachable(rows, row, "city"))
    else:
        for district, share in district_shares(row, list(rows.districts.values())).items():
            yield _workload(rows, row, district, share, _reachable(rows, row, district))


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


def _reachable(rows: Rows, row: WorkloadRow, district: str) -> dict[str, float]:
    """Return the sites that may serve a workload from a district, and what a Gbps to each costs a year."""
    origin = origin_of(rows, district)
    found: dict[str, float] = {}
    for site in rows.sites.values():
        if next(barriers(rows, row, site, origin), None) is None:
            km = great_circle_km(origin.latitude, origin.longitude, site.latitude, site.longitude)
            found[site.id] = tidy(cny_per_gbps(rows.settings.network, node_kind(site, district), km))
    return found
