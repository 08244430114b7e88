"""Workloads that no site may serve or back up, and what rules out each site: sums need no solver."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ...inputs.parts import Hardware, Site, Workload
from ..lookup import Lookup
from .explanation import Fact
from .levers import row_of_workload

Removed = Callable[[str], Sequence[Mapping[str, Any]]]
"""For a workload: the sites that its scenario rules out. Each has a `site`, a `filter` and the numbers behind it."""


class Reach:
    """Which hardware can be in service where and when, and so which sites can serve a workload in a year."""

    def __init__(self, lookup: Lookup) -> None:
        """Look at this case."""
        self.lookup, self.case = lookup, lookup.case
        self._fleet = {
            (each.site, each.hardware): max(
                (one.install_year for one in self.case.fleet if (one.site, one.hardware) == (each.site, each.hardware)),
            )
            for each in self.case.fleet
            if each.count > 0
        }

    def halls_for(self, kind: Hardware, site: Site) -> list[str]:
        """Hall types at the site that the hardware fits."""
        if kind.sites is not None and site.id not in kind.sites:
            return []
        return [hall for hall in self.lookup.halls_at[site.id] if hall in kind.halls]

    def in_service(self, kind: Hardware, site: Site, year: int) -> bool:
        """Whether the hardware can be in service at the site in the year: left from the fleet, or bought since."""
        installed = self._fleet.get((site.id, kind.id))
        if installed is not None and year < installed + kind.life_years:
            return True
        first = max(site.earliest_year, kind.available_from, self.case.years[0], year - kind.life_years + 1)
        return bool(self.halls_for(kind, site)) and first <= min(year, kind.available_to)

    def kinds_at(self, site: Site, year: int) -> list[Hardware]:
        """All hardware that can be in service at the site in the year."""
        return [kind for kind in self.case.hardware if self.in_service(kind, site, year)]

    def ruled_out(self, workload: Workload, site: Site, year: int) -> dict[str, Any] | None:
        """Why a site that the workload may use cannot serve it in the year; None: it can."""
        if site.earliest_year > year:
            return {"site": site.id, "filter": "year", "year": site.earliest_year}
        kinds = [
            kind
            for kind in self.kinds_at(site, year)
            if kind.pool == workload.pool and (kind.domestic or not workload.domestic_only)
        ]
        for resource, by_year in workload.demand.items():
            if by_year.get(year, 0.0) > 0 and not any(kind.provides.get(resource, 0.0) > 0 for kind in kinds):
                return {"site": site.id, "filter": "hardware"}
        return None


def unreachable(reach: Reach, removed: Removed) -> Iterator[Fact]:
    """Workloads that nobody can serve, and workloads whose sites all stand in one fault zone though they need two."""
    sites = {site.id: site for site in reach.case.sites}
    for workload in reach.case.workloads:
        without: dict[str, list[int]] = {"unreachable": [], "one_zone": []}
        reasons: list[dict[str, Any]] = []
        zone = ""
        for year in reach.case.years:
            ruled_out = {site: reach.ruled_out(workload, sites[site], year) for site in workload.sites}
            left = [site for site, why in ruled_out.items() if why is None]
            zones = {sites[site].zone for site in left}
            needed = workload.unserved_penalty_cny is None
            if not left and (needed or workload.backup > 0):
                without["unreachable"].append(year)
                reasons = reasons or [why for why in ruled_out.values() if why is not None]
            elif needed and workload.backup > 0 and len(zones) == 1:
                without["one_zone"].append(year)
                zone = zones.pop()
        named = {"row": row_of_workload(workload), "workload": workload.id}
        if without["unreachable"]:
            outside = [*_removed(workload, reach.case.sites, removed), *reasons]
            yield Fact("unreachable", {**named, "years": without["unreachable"], "removed": outside})
        if without["one_zone"]:
            where = [site for site in workload.sites if sites[site].zone == zone]
            others = [
                each for each in _removed(workload, reach.case.sites, removed) if sites[each["site"]].zone != zone
            ]
            values = {**named, "years": without["one_zone"], "zone": zone, "sites": where}
            yield Fact("one_zone", {**values, "removed": others})


def _removed(workload: Workload, sites: Sequence[Site], removed: Removed) -> list[dict[str, Any]]:
    """Sites that the workload may not use, each with what keeps it from them, as far as anybody knows."""
    known: dict[str, list[dict[str, Any]]] = {}
    for each in removed(workload.id):
        known.setdefault(str(each["site"]), []).append(dict(each))
    found = []
    for site in sites:
        if site.id in workload.sites:
            continue
        if site.id in known:
            found += known[site.id]
        elif site.security_level < workload.security_level:
            levels = {"level": site.security_level, "needed": workload.security_level}
            found.append({"site": site.id, "filter": "security", **levels})
        else:
            found.append({"site": site.id, "filter": "listed"})
    return found


def no_hardware(lookup: Lookup) -> Iterator[Fact]:
    """Resources that are demanded and that no hardware of the pool provides."""
    case = lookup.case
    missing: dict[tuple[str, str, bool], list[str]] = {}
    for workload in case.workloads:
        if workload.unserved_penalty_cny is not None:
            continue
        kinds = [
            kind for kind in case.hardware if kind.pool == workload.pool and kind.domestic >= workload.domestic_only
        ]
        for resource, by_year in workload.demand.items():
            provided = any(kind.provides.get(resource, 0.0) > 0 for kind in kinds)
            if not provided and max(by_year.values(), default=0.0) > 0:
                key = workload.pool, resource, workload.domestic_only
                missing.setdefault(key, []).append(row_of_workload(workload))
    for (pool, resource, domestic), rows in missing.items():
        values = {"pool": pool, "resource": resource, "domestic": domestic, "rows": list(dict.fromkeys(rows))}
        yield Fact("no_hardware", values)
