"""Checks of sites and halls: open, build, convert, and what the plot and the existing halls allow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from ...inputs.parts import Site
from .findings import Findings, counted
from .lookup import Lookup
from .records import HallRow, Records
from .state import State

Pairs = Mapping[tuple[str, str], int]


def check_open(records: Records, lookup: Lookup, findings: Findings) -> None:
    """A site in use stays in use; an existing one always is; no other one is before its earliest year."""
    for site in lookup.case.sites:
        before = int(site.existing)
        for year in lookup.case.years:
            where = lookup.at(site.id, year)
            opened = records.opened[site.id, year]
            reason = "an existing site stays in use" if site.existing else "a site in use stays in use"
            findings.require(opened >= before, f"{where}: the site is closed, but {reason}")
            findings.require(
                not opened or site.existing or year >= site.earliest_year,
                f"{where}: the site is open before its earliest year {site.earliest_year}",
            )
            before = opened


def check_halls(records: Records, state: State, lookup: Lookup, findings: Findings) -> None:
    """Halls balance, stand where they may, when they may, and no more than the plot holds."""
    for (site_id, hall_id, year), row in records.halls.items():
        site, where = lookup.sites[site_id], lookup.at(site_id, year)
        earliest = max(site.earliest_year, lookup.case.base_year + 1 + lookup.halls[hall_id].lead_years)
        for count, verb in ((row.built, "built"), (row.converted_in, "converted into")):
            findings.require(
                not count or hall_id in site.allowed_halls,
                f"{where}: {counted(count, 'hall')} {verb} of type {hall_id}, which is not allowed at this site",
            )
        findings.require(
            not row.built or year >= earliest,
            f"{where}: {counted(row.built, 'hall')} of type {hall_id} built before {earliest}, the first year possible",
        )
    for (site_id, hall_id, year), expected in state.halls.items():
        where = lookup.at(site_id, year)
        found = records.halls.get((site_id, hall_id, year), HallRow()).in_service
        findings.same_count(found, expected, f"{where}: halls of type {hall_id} in service")
        findings.require(expected >= 0, f"{where}: {expected} halls of type {hall_id} in service, fewer than none")
    _check_plots(records, state, lookup, findings)
    _check_converted(records, lookup, findings)


def _check_plots(records: Records, state: State, lookup: Lookup, findings: Findings) -> None:
    used: dict[tuple[str, int], int] = {}
    for (site_id, _, year), halls in state.halls.items():
        used[site_id, year] = used.get((site_id, year), 0) + halls
    for (site_id, year), halls in used.items():
        limit = lookup.sites[site_id].max_halls * records.opened[site_id, year]
        note = "" if records.opened[site_id, year] else ", for the site is closed"
        findings.require(
            halls <= limit,
            f"{lookup.at(site_id, year)}: {counted(halls, 'hall')} of {limit} that the site can hold{note}",
        )


def _check_converted(records: Records, lookup: Lookup, findings: Findings) -> None:
    """Conversions can be paired by the list, and use up existing halls only."""
    away: dict[tuple[str, str], int] = {}
    for (site_id, hall_id, _), row in records.halls.items():
        away[site_id, hall_id] = away.get((site_id, hall_id), 0) + row.converted_away
    for (site_id, hall_id), halls in away.items():
        existing = lookup.sites[site_id].existing_halls.get(hall_id, 0)
        findings.require(
            halls <= existing,
            f"{lookup.names[site_id]}: {counted(halls, 'hall')} of {existing} of type {hall_id} converted away",
        )
    for (site_id, year), (taken, made) in conversions(records).items():
        findings.require(
            next(pairings(lookup.sites[site_id], taken, made, lookup), None) is not None,
            f"{lookup.at(site_id, year)}: halls converted away ({_listed(taken)}) "
            f"cannot have become the halls converted into ({_listed(made)})",
        )


def conversions(records: Records) -> dict[tuple[str, int], tuple[dict[str, int], dict[str, int]]]:
    """(site, year) -> halls converted away by type, and halls converted into by type, where there are any."""
    found: dict[tuple[str, int], tuple[dict[str, int], dict[str, int]]] = {}
    rows = sorted((site, year, hall) for (site, hall, year), row in records.halls.items() if any(row[1:3]))
    for (site, year), group in groupby(rows, key=lambda key: key[:2]):
        halls = [(hall, records.halls[site, hall, year]) for _, _, hall in group]
        away = {hall: row.converted_away for hall, row in halls if row.converted_away}
        into = {hall: row.converted_in for hall, row in halls if row.converted_in}
        found[site, year] = (away, into)
    return found


def pairings(site: Site, away: Mapping[str, int], into: Mapping[str, int], lookup: Lookup) -> Iterator[Pairs]:
    """Every way in which halls converted away can have become the halls converted into.

    Conversions and existing halls of the case limit it. The table gives only the two sums of each type, so that there
    may be several ways, or none.
    """
    is_there = all(halls <= site.existing_halls.get(hall, 0) for hall, halls in away.items())
    if is_there and sum(away.values()) == sum(into.values()):
        listed = sorted((conversion.from_hall, conversion.to_hall) for conversion in lookup.case.conversions)
        yield from _pairings(dict(away), dict(into), listed)


def _pairings(away: dict[str, int], into: dict[str, int], listed: list[tuple[str, str]]) -> Iterator[Pairs]:
    source = next((hall for hall, halls in away.items() if halls), None)
    if source is None:
        yield {}
        return
    choices = [pair for pair in listed if pair[0] == source and into.get(pair[1], 0)]
    if not choices:
        return
    pair, *others = choices
    most = min(away[source], into[pair[1]])
    least = max(0, away[source] - sum(into[hall] for _, hall in others))
    for halls in range(most, least - 1, -1):
        left = {**away, source: away[source] - halls}
        wanted = {**into, pair[1]: into[pair[1]] - halls}
        for rest in _pairings(left, wanted, [item for item in listed if item != pair]):
            yield {**rest, pair: halls} if halls else rest


def _listed(halls: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {hall}" for hall, count in halls.items()) or "none"
