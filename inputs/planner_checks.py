"""Whether the rows of a scenario agree with each other, as far as only the planner's format knows it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from .consistency import CasePath, Fault, unknown, unknowns
from .demand import district_shares
from .parts import Hardware, Target
from .problems import nearest, shown
from .reading import Rows
from .rows import WorkloadRow

SHARES = ("domestic_share", "green_share", "rack_utilisation")
ALIKE = 0.8  # a word that is this close to a known one is taken for a slip of the pen


def row_faults(rows: Rows) -> Iterator[Fault]:
    """Yield what is wrong with the rows of a scenario; paths name rows by their ids."""
    for section in ("sites", "hall_types", "hardware"):
        if not getattr(rows, section):
            yield Fault((section,), f"no {section}", "at least one row")
    yield from _words_of_settings(rows)
    for site in rows.sites.values():
        if rows.districts and site.in_city and site.district:
            yield from unknown(("sites", site.id, "district"), site.district, rows.districts, "a district")
    for hardware in rows.hardware.values():
        yield from _hardware(rows, hardware)
    yield from _fleet(rows)
    for driver in rows.drivers.values():
        if not driver.value:
            yield Fault(("drivers", driver.id, "value"), "no value in any year", "at least one, such as value.2025")
    for row in rows.workloads.values():
        yield from _workload(rows, row)
    for system in rows.systems.values():
        yield from unknown(("systems", system.id, "workload"), system.workload, rows.workloads, "a workload")
    for target in rows.targets.values():
        yield from _scope(rows, target)
        if target.metric in SHARES and not 0 <= target.value <= 1:
            slip = shown(target.value / 100) if 1 < target.value <= 100 else None
            yield Fault(("targets", target.id, "value"), shown(target.value), "a share from 0 to 1", slip)


def _scope(rows: Rows, target: Target) -> Iterator[Fault]:
    path = ("targets", target.id, "scope")
    hardware, workloads = rows.hardware.values(), rows.workloads.values()
    districts = {*rows.districts, *(site.district for site in rows.sites.values())}
    pools = {each.pool for each in hardware} | {each.pool for each in workloads}
    classes = {*(each.hardware_class for each in hardware), *rows.settings.compute_convention}
    resources = _resources(rows) | {resource for workload in workloads for resource in workload.demand}
    scope = target.scope
    yield from unknowns((*path, "districts"), scope.districts or (), districts, "a district")
    yield from unknowns((*path, "pools"), scope.pools or (), pools, "a pool")
    yield from unknowns((*path, "classes"), scope.classes or (), classes, "a hardware class")
    for name, valid in (("pool", pools), ("resource", resources)):
        if (word := getattr(scope, name)) is not None:
            yield from unknown((*path, name), word, valid, f"a {name}")
    for name in ("districts", "kinds", "sites"):
        if target.metric == "capex" and getattr(scope, name) is not None:
            yield Fault((*path, name), f"{name} in the scope of capex", f"no {name}: capex counts all sites")


def _words_of_settings(rows: Rows) -> Iterator[Fault]:
    for resource in rows.settings.max_utilisation:
        yield from _alike(("max_utilisation", resource), resource, _resources(rows), "a resource")
    classes = {hardware.hardware_class for hardware in rows.hardware.values()}
    for name in rows.settings.compute_convention:
        yield from _alike(("compute_convention", name), name, classes, "the class")


def _resources(rows: Rows) -> set[str]:
    return {name for hardware in rows.hardware.values() for name in hardware.provides}


def _hardware(rows: Rows, hardware: Hardware) -> Iterator[Fault]:
    path = ("hardware", hardware.id)
    if hardware.average_kw > hardware.peak_kw:
        expected = f"at most the peak of {hardware.peak_kw:g} kW"
        yield Fault((*path, "average_kw"), f"{hardware.average_kw:g}", expected, also=((*path, "peak_kw"),))


def _fleet(rows: Rows) -> Iterator[Fault]:
    base_year = rows.settings.base_year
    for name, fleet in rows.fleet.items():
        hardware = rows.hardware.get(fleet.hardware)
        if hardware is not None and base_year and fleet.install_year + hardware.life_years <= base_year:
            path = ("fleet", name, "install_year")
            found = (
                f"{fleet.install_year}: with a life of {hardware.life_years} years it is gone before {base_year} ends"
            )
            also = (("fleet", name, "hardware"), ("hardware", fleet.hardware, "life_years"), ("base_year",))
            yield Fault(path, found, f"a year after {base_year - hardware.life_years}", also=also)


def _workload(rows: Rows, row: WorkloadRow) -> Iterator[Fault]:
    path = ("workloads", row.id)
    network = rows.settings.network
    yield from unknown((*path, "driver"), row.driver, rows.drivers, "a driver")
    weights = {name for district in rows.districts.values() for name in district.weights}
    spreads = ("city", "population", *sorted(weights))
    if row.spread == "city":
        if row.districts is not None:
            found = "districts of a workload that arises in the city's centre"
            yield Fault((*path, "districts"), found, f"no districts, or spread: one of {', '.join(spreads[1:])}")
        for name in ("city_latitude", "city_longitude"):
            needed = row.latency_limit_ms is not None or (row.gbps > 0 and network.cny_per_gbps_km_year > 0)
            if needed and getattr(network, name) is None:
                expected = "it to be given: workloads with spread city arise there"
                yield Fault(("network", name), f"no network.{name}", expected)
    elif row.spread not in spreads:
        yield from unknown((*path, "spread"), row.spread, spreads, "city, population or a weight")
    elif not rows.districts:
        yield Fault(
            (*path, "spread"), f"{shown(row.spread)} without a table of districts", "districts, or spread: city"
        )
    else:
        known = [district for district in row.districts or () if district in rows.districts]
        if len(known) == len(row.districts or ()) and not district_shares(row, list(rows.districts.values())):
            found = f"no {row.spread} in any of its districts"
            yield Fault((*path, "spread"), found, "a weight above 0", also=((*path, "districts"), ("districts",)))
    yield from unknowns((*path, "districts"), row.districts or (), rows.districts, "a district")
    if row.access is not None:
        for fault in unknown((*path, "access"), row.access, network.access_ms, "a key of network.access_ms"):
            yield replace(fault, also=(("network", "access_ms"),))
    elif row.latency_limit_ms is not None and network.access_ms:
        expected = f"access too: one of {', '.join(network.access_ms)}"
        yield Fault((*path, "latency_limit_ms"), "a latency limit without access", expected)
    yield from unknowns((*path, "only_sites"), row.only_sites or (), rows.sites, "a site")
    zones = {site.zone for site in rows.sites.values() if site.zone}
    yield from unknowns((*path, "zones"), row.zones or (), zones, "a fault zone of a site")
    yield from _alike((*path, "pool"), row.pool, {hardware.pool for hardware in rows.hardware.values()}, "a pool")
    for resource in row.demand:
        yield from _alike((*path, "demand", resource), resource, _resources(rows), "a resource")


def _alike(path: CasePath, word: str, known: Collection[str], what: str) -> Iterator[Fault]:
    """Yield a fault for a word that no hardware has but that is all but equal to one that some has."""
    if word not in known and (near := nearest(word, known, ALIKE)):
        yield Fault(path, f"{shown(word)}, which no hardware has", f"{what} of some hardware", near)
