"""Whether the parts of a Case agree with each other: what no single field can tell.

Only what is surely wrong is a fault. That no plan may exist for a case (a workload that no site may serve, too little
power) is not: the solver finds that out and it is explained elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from .case import Case
from .parts import Hardware, Site, Target
from .problems import listed, nearest, shown

CasePath: TypeAlias = tuple[str | int, ...]

SUMS_OVER_HARDWARE = frozenset({"compute_pflops", "domestic_share", "racks_occupied", "it_mwh", "facility_mwh", "pue"})


@dataclass(frozen=True)
class Fault:
    """Something in a Case that disagrees with the rest: the path of the field, and of others that take part."""

    path: CasePath
    found: str
    expected: str
    near: str | None = None
    also: tuple[CasePath, ...] = ()


def faults(case: Case) -> Iterator[Fault]:
    """Yield everything in a case that disagrees with the rest of it."""
    yield from _years(case)
    for table in ("sites", "hall_types", "hardware", "workloads", "targets"):
        yield from _repeated(table, [row.id for row in getattr(case, table)])
    halls = {hall.id for hall in case.hall_types}
    sites = {site.id: site for site in case.sites}
    for number, site in enumerate(case.sites):
        yield from _site(("sites", number), site, halls)
    yield from _conversions(case, halls)
    for number, hardware in enumerate(case.hardware):
        yield from _hardware(("hardware", number), hardware, halls, sites)
    yield from _fleet(case, halls, sites)
    yield from _workloads(case, sites)
    yield from _targets(case, sites)


def unknown(
    path: CasePath, word: str, valid: Collection[str], what: str, near_to: Iterable[str] = ()
) -> Iterator[Fault]:
    """Yield a fault if a word is not among the valid ones."""
    if word not in valid:
        expected = f"{what}: {listed(sorted(valid))}" if valid else f"{what} (there is none)"
        yield Fault(path, shown(word), expected, nearest(word, [*valid, *near_to]))


def unknowns(path: CasePath, words: Iterable[str], valid: Collection[str], what: str) -> Iterator[Fault]:
    """Yield a fault for every word of a list that is not among the valid ones, or is there twice."""
    seen = set()
    for number, word in enumerate(words):
        yield from unknown((*path, number), word, valid, what)
        if word in seen:
            yield Fault((*path, number), f"{shown(word)} a second time", "it once")
        seen.add(word)


def _years(case: Case) -> Iterator[Fault]:
    if not case.years:
        return
    expected = tuple(range(case.base_year + 1, case.base_year + 1 + len(case.years)))
    if case.years != expected:
        found = f"[{', '.join(map(str, case.years))}]"
        wanted = f"consecutive years from base_year + 1 on: [{', '.join(map(str, expected))}]"
        yield Fault(("years",), found, wanted, also=(("base_year",),))
    for year in case.budget_cny:
        if year not in case.years:
            yield Fault(
                ("budget_cny", str(year)), f"a budget for {year}", _planning_year(case.years), also=(("years",),)
            )


def _planning_year(years: tuple[int, ...]) -> str:
    return f"a planning year ({years[0]} to {years[-1]})"


def _repeated(table: str, ids: list[str]) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for number, word in enumerate(ids):
        if word in seen:
            yield Fault((table, number, "id"), f"{shown(word)} a second time", f"every id of {table} once")
        seen.setdefault(word, number)


def _site(path: CasePath, site: Site, halls: Collection[str]) -> Iterator[Fault]:
    yield from unknowns((*path, "allowed_halls"), site.allowed_halls, halls, "a hall type")
    for hall in site.existing_halls:
        yield from unknown((*path, "existing_halls", hall), hall, halls, "a hall type")
    standing = sum(site.existing_halls.values())
    if standing > site.max_halls:
        expected = f"at least the {standing} existing halls"
        yield Fault((*path, "max_halls"), str(site.max_halls), expected, also=((*path, "existing_halls"),))
    if standing and not site.existing:
        found = f"{standing} existing halls at a site that does not exist yet"
        yield Fault(
            (*path, "existing_halls"), found, "existing: true, or no existing halls", also=((*path, "existing"),)
        )


def _conversions(case: Case, halls: Collection[str]) -> Iterator[Fault]:
    seen: set[tuple[str, str]] = set()
    for number, conversion in enumerate(case.conversions):
        path = ("conversions", number)
        yield from unknown((*path, "from_hall"), conversion.from_hall, halls, "a hall type")
        yield from unknown((*path, "to_hall"), conversion.to_hall, halls, "a hall type")
        pair = (conversion.from_hall, conversion.to_hall)
        both = ((*path, "from_hall"),)
        if pair[0] == pair[1]:
            yield Fault((*path, "to_hall"), f"a conversion of {pair[0]} into itself", "another hall type", also=both)
        if pair in seen:
            yield Fault(
                (*path, "to_hall"), f"a second conversion of {pair[0]} into {pair[1]}", "one of them", also=both
            )
        seen.add(pair)


def _hardware(path: CasePath, hardware: Hardware, halls: Collection[str], sites: Collection[str]) -> Iterator[Fault]:
    yield from unknowns((*path, "halls"), hardware.halls, halls, "a hall type")
    yield from unknowns((*path, "sites"), hardware.sites or (), sites, "a site")
    if hardware.available_from > hardware.available_to:
        expected = f"a year from {hardware.available_from} (available_from) on"
        found = str(hardware.available_to)
        yield Fault((*path, "available_to"), found, expected, also=((*path, "available_from"),))


def _fleet(case: Case, halls: Collection[str], sites: Mapping[str, Site]) -> Iterator[Fault]:
    hardware = {hardware.id for hardware in case.hardware}
    numbers = {site.id: number for number, site in enumerate(case.sites)}
    for number, fleet in enumerate(case.fleet):
        path = ("fleet", number)
        yield from unknown((*path, "site"), fleet.site, sites, "a site")
        yield from unknown((*path, "hall"), fleet.hall, halls, "a hall type")
        yield from unknown((*path, "hardware"), fleet.hardware, hardware, "hardware")
        if fleet.count and fleet.site in sites and not sites[fleet.site].existing:
            found = f"{shown(fleet.site)}, which does not exist yet"
            also = (("sites", numbers[fleet.site], "existing"),)
            yield Fault((*path, "site"), found, "a site with existing: true", also=also)
        if fleet.install_year > case.base_year:
            expected = f"a year up to the base year {case.base_year}, when the fleet stands already"
            yield Fault((*path, "install_year"), str(fleet.install_year), expected, also=(("base_year",),))


def _workloads(case: Case, sites: Mapping[str, Site]) -> Iterator[Fault]:
    """Yield the faults of workloads; there are thousands, and most have none."""
    planned = set(case.years)
    for number, workload in enumerate(case.workloads):
        for resource, demand in workload.demand.items():
            if not demand.keys() >= planned:
                path = ("workloads", number, "demand", resource)
                yield _missing_years(path, demand, case.years, f"demand for {resource}")
        if workload.gbps and not workload.gbps.keys() >= planned:
            yield _missing_years(("workloads", number, "gbps"), workload.gbps, case.years, "gbps")
        if not workload.sites.keys() <= sites.keys():
            for site in workload.sites:
                yield from unknown(("workloads", number, "sites", site), site, sites, "a site")


def _missing_years(path: CasePath, values: Mapping[int, float], years: tuple[int, ...], what: str) -> Fault:
    found = f"no {what} in {listed([str(year) for year in years if year not in values])}"
    return Fault(path, found, "a value for every planning year", also=(("years",),))


def _targets(case: Case, sites: Collection[str]) -> Iterator[Fault]:
    for number, target in enumerate(case.targets):
        path = ("targets", number)
        if case.years and target.year not in case.years:
            expected = _planning_year(case.years)
            yield Fault((*path, "year"), str(target.year), expected, also=(("years",),))
        yield from unknowns((*path, "scope", "sites"), target.scope.sites or (), sites, "a site")
        yield from _target(path, target)


def _target(path: CasePath, target: Target) -> Iterator[Fault]:
    metric = (*path, "metric")
    for name in ("pools", "classes"):
        if getattr(target.scope, name) is not None and target.metric not in SUMS_OVER_HARDWARE:
            expected = f"no {name}: they count only with {listed(sorted(SUMS_OVER_HARDWARE))}"
            yield Fault((*path, "scope", name), f"{name} in the scope of {target.metric}", expected, also=(metric,))
    for name in ("pool", "resource"):
        given = getattr(target.scope, name) is not None
        if target.metric == "pool_capacity" and not given:
            expected = f"scope.{name}: whose capacity is meant"
            yield Fault((*path, "scope"), f"pool_capacity without scope.{name}", expected, also=(metric,))
        if target.metric != "pool_capacity" and given:
            expected = f"no {name}: it belongs to pool_capacity only"
            near = f"scope.{name}s" if name == "pool" and target.metric in SUMS_OVER_HARDWARE else None
            yield Fault((*path, "scope", name), f"{name} in the scope of {target.metric}", expected, near, (metric,))
    if target.metric == "green_sites" and target.sense != ">=":
        yield Fault(
            (*path, "sense"), shown(target.sense), "'>=', the only sense that green_sites takes", also=(metric,)
        )
