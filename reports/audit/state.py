"""What a plan's decisions amount to: halls and hardware in service, connections, power and energy.

Only decisions are taken from the records (open, built, converted, bought, kept, steps, shares, green electricity);
everything that follows from them is worked out again here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ...inputs.parts import HallType, Hardware, Site
from . import physics
from .lookup import Lookup
from .records import HallRow, HardwareRow, PowerRow, Records


class Installed(NamedTuple):
    """Units of one hardware in service in one hall type of one site in one year."""

    site: Site
    hall: HallType
    hardware: Hardware
    units: int

    @property
    def racks(self) -> float:
        """Racks that they take."""
        return self.units * physics.racks_per_unit(self.hardware, self.hall)

    @property
    def peak_kw(self) -> float:
        """Their own largest power, kW."""
        return self.units * self.hardware.peak_kw

    @property
    def facility_peak_kw(self) -> float:
        """Their largest power with the hall's overhead, kW."""
        return self.peak_kw * physics.pue(self.site, self.hall)

    @property
    def it_mwh(self) -> float:
        """The electricity that they use themselves, MWh a year."""
        return self.units * physics.it_mwh(self.hardware)

    @property
    def facility_mwh(self) -> float:
        """The electricity that they use with the hall's overhead, MWh a year."""
        return self.it_mwh * physics.pue(self.site, self.hall)


@dataclass(frozen=True)
class State:
    """What is in service in every year."""

    halls: Mapping[tuple[str, str, int], int]
    """(site, hall type, year) -> halls in service"""
    units: Mapping[tuple[str, str, str, int], int]
    """(site, hall type, hardware, year) -> units in service"""
    installed: Mapping[int, tuple[Installed, ...]]
    """year -> the same, with the parts of the case"""
    grid_kw: Mapping[tuple[str, int], float]
    """(site, year) -> connection, kW"""
    peak_kw: Mapping[tuple[str, int], float]
    """(site, year) -> largest power of the site, kW"""
    it_mwh: Mapping[tuple[str, int], float]
    """(site, year) -> electricity of the hardware, MWh"""
    facility_mwh: Mapping[tuple[str, int], float]
    """(site, year) -> electricity of the site, MWh"""
    green_mwh: Mapping[tuple[str, int], float]
    """(site, year) -> green electricity bought, MWh"""


def state_of(records: Records, lookup: Lookup) -> State:
    """Work out what is in service from the decisions in the records."""
    halls = _halls(records, lookup)
    units = _units(records, lookup)
    installed = _installed(units, lookup)
    peak_kw: defaultdict[tuple[str, int], float] = defaultdict(float)
    it_mwh: defaultdict[tuple[str, int], float] = defaultdict(float)
    facility_mwh: defaultdict[tuple[str, int], float] = defaultdict(float)
    for year, stock in installed.items():
        for item in stock:
            peak_kw[item.site.id, year] += item.facility_peak_kw
            it_mwh[item.site.id, year] += item.it_mwh
            facility_mwh[item.site.id, year] += item.facility_mwh
    green_mwh = {key: row.green_mwh for key, row in records.power.items()}
    return State(
        halls=halls,
        units=units,
        installed=installed,
        grid_kw=_grid_kw(records, lookup),
        peak_kw=peak_kw,
        it_mwh=it_mwh,
        facility_mwh=facility_mwh,
        green_mwh=defaultdict(float, green_mwh),
    )


def _halls(records: Records, lookup: Lookup) -> dict[tuple[str, str, int], int]:
    pairs = {(site, hall) for site, hall, _ in records.halls}
    pairs |= {(site.id, hall) for site in lookup.case.sites for hall in site.existing_halls}
    halls = {}
    for site, hall in sorted(pairs):
        in_service = lookup.sites[site].existing_halls.get(hall, 0)
        for year in lookup.case.years:
            row = records.halls.get((site, hall, year), HallRow())
            in_service += row.built + row.converted_in - row.converted_away
            halls[site, hall, year] = in_service
    return halls


def _units(records: Records, lookup: Lookup) -> dict[tuple[str, str, str, int], int]:
    stocks = {(site, hall, hardware) for site, hall, hardware, _ in records.hardware}
    stocks |= {(row.site, row.hall, row.hardware) for row in lookup.case.fleet}
    units = {}
    for stock in sorted(stocks):
        rows = {year: records.hardware.get((*stock, year), HardwareRow()) for year in lookup.case.years}
        life = lookup.hardware[stock[2]].life_years
        for year in lookup.case.years:
            in_life = sum(rows[paid].bought for paid in rows if physics.in_life(paid, year, life))
            units[(*stock, year)] = rows[year].kept + in_life
    return units


def _installed(units: Mapping[tuple[str, str, str, int], int], lookup: Lookup) -> dict[int, tuple[Installed, ...]]:
    installed: dict[int, list[Installed]] = {year: [] for year in lookup.case.years}
    for (site, hall, hardware, year), count in units.items():
        if count:
            item = Installed(lookup.sites[site], lookup.halls[hall], lookup.hardware[hardware], count)
            installed[year].append(item)
    return {year: tuple(stock) for year, stock in installed.items()}


def _grid_kw(records: Records, lookup: Lookup) -> dict[tuple[str, int], float]:
    grid_kw = {}
    for site in lookup.case.sites:
        steps = 0
        for year in lookup.case.years:
            steps += records.power.get((site.id, year), PowerRow()).grid_steps
            grid_kw[site.id, year] = site.grid_kw + steps * site.grid_step_kw
    return grid_kw
