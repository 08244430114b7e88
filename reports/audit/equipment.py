"""Checks of hardware: what is bought, what is kept of the existing fleet, and what is in service."""

from __future__ import annotations

from collections import defaultdict

from ...inputs.parts import Fleet, Hardware, Site
from .findings import Findings, counted
from .lookup import Lookup
from .records import HardwareRow, Records
from .state import State


def check_hardware(records: Records, state: State, lookup: Lookup, findings: Findings) -> None:
    """Purchases keep to the market, the halls and the sites; the fleet only shrinks; the sums are right."""
    for (site_id, hall_id, hardware_id, year), row in records.hardware.items():
        if row.bought:
            _check_purchase(lookup, findings, (site_id, hall_id, hardware_id, year), row.bought)
    _check_supply(records, lookup, findings)
    _check_kept(records, lookup, findings)
    for (site_id, hall_id, hardware_id, year), expected in state.units.items():
        found = records.hardware.get((site_id, hall_id, hardware_id, year), HardwareRow()).in_service
        subject = f"{lookup.at(site_id, year)}: units of {hardware_id} in service in hall type {hall_id}"
        findings.same_count(found, expected, subject)


def _check_purchase(lookup: Lookup, findings: Findings, key: tuple[str, str, str, int], bought: int) -> None:
    site_id, hall_id, hardware_id, year = key
    site, hardware = lookup.sites[site_id], lookup.hardware[hardware_id]
    what = f"{lookup.at(site_id, year)}: {counted(bought, 'unit')} of {hardware_id} bought"
    findings.require(bought % hardware.lot == 0, f"{what}, not in whole lots of {hardware.lot:,}")
    findings.require(
        hardware.available_from <= year <= hardware.available_to,
        f"{what}, which is on the market from {hardware.available_from} to {hardware.available_to} only",
    )
    findings.require(year >= site.earliest_year, f"{what} before the site's earliest year {site.earliest_year}")
    findings.require(hall_id in hardware.halls, f"{what} for hall type {hall_id}, which it does not fit")
    findings.require(
        hall_id in site.allowed_halls or site.existing_halls.get(hall_id, 0) > 0,
        f"{what} for hall type {hall_id}, which neither stands nor is allowed at this site",
    )
    findings.require(_may_stand(hardware, site), f"{what}, which may not stand at this site")


def _may_stand(hardware: Hardware, site: Site) -> bool:
    return hardware.sites is None or site.id in hardware.sites


def _check_supply(records: Records, lookup: Lookup, findings: Findings) -> None:
    bought: defaultdict[tuple[str, int], int] = defaultdict(int)
    for (_, _, hardware_id, year), row in records.hardware.items():
        bought[hardware_id, year] += row.bought
    for (hardware_id, year), units in bought.items():
        supply = lookup.hardware[hardware_id].supply.get(year)
        if supply is not None:
            what = f"{hardware_id}, {year}: {counted(units, 'unit')} bought of {supply:,.12g} on the market"
            findings.require(units <= supply, what)


def _check_kept(records: Records, lookup: Lookup, findings: Findings) -> None:
    """Some split over the rows of the fleet must never rise, stay within their counts and end with their lives.

    Whoever gives up the units with the least life left first can do so exactly when the sum never rises and never
    exceeds the units that are still within their lives.
    """
    fleet: defaultdict[tuple[str, str, str], list[Fleet]] = defaultdict(list)
    for row in lookup.case.fleet:
        fleet[row.site, row.hall, row.hardware].append(row)
    for stock in dict.fromkeys((*fleet, *(key[:3] for key in records.hardware))):
        site_id, hall_id, hardware_id = stock
        life = lookup.hardware[hardware_id].life_years
        before: int | None = None
        for year in lookup.case.years:
            kept = records.hardware.get((*stock, year), HardwareRow()).kept
            subject = (
                f"{lookup.at(site_id, year)}: {counted(kept, 'unit')} of {hardware_id} kept in hall type {hall_id}"
            )
            alive = sum(row.count for row in fleet[stock] if year < row.install_year + life)
            findings.require(kept <= alive, f"{subject}, but {alive:,} of the existing fleet are within their lives")
            if before is not None:
                findings.require(kept <= before, f"{subject}, more than the {before:,} of the year before")
            before = kept
