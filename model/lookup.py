"""Look-ups and derived quantities of a case that several parts of the model use."""

from __future__ import annotations

import math
from collections.abc import Mapping

from ..inputs.case import Case
from ..inputs.parts import HallType, Hardware, Site, Workload

HOURS_PER_YEAR_THOUSANDS = 8.76
"""One kW running all year is 8.76 MWh."""

STANDARD_RACK_KW = 2.5
"""IT power of a standard rack in Chinese statistics, kW."""

ROUNDING = 1e-9
"""Slack for a quotient that should be whole but is not in binary fractions (0.3 / 0.1)."""


class Lookup:
    """A case with its parts by id, and what follows from them without any decision."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.years = case.years
        self.site: Mapping[str, Site] = {site.id: site for site in case.sites}
        self.hall: Mapping[str, HallType] = {hall.id: hall for hall in case.hall_types}
        self.hardware: Mapping[str, Hardware] = {kind.id: kind for kind in case.hardware}
        self.workload: Mapping[str, Workload] = {workload.id: workload for workload in case.workloads}
        self.halls_at: Mapping[str, tuple[str, ...]] = {site.id: self._halls_at(site) for site in case.sites}
        self._racks_per_unit = {
            (kind.id, hall.id): racks_per_unit(kind, hall) for kind in case.hardware for hall in case.hall_types
        }

    def _halls_at(self, site: Site) -> tuple[str, ...]:
        """Hall types that can be in service at the site, in the order of the case; fleet needs its hall to count."""
        possible = {*site.allowed_halls, *(hall for hall, count in site.existing_halls.items() if count > 0)}
        possible.update(fleet.hall for fleet in self.case.fleet if fleet.site == site.id)
        return tuple(hall.id for hall in self.case.hall_types if hall.id in possible)

    def existing(self, site: str, hall: str) -> int:
        """Halls of the type at the end of the base year."""
        return self.site[site].existing_halls.get(hall, 0)

    def pue(self, site: str, hall: str) -> float:
        """PUE(s,h) = 1 + (h.pue - 1) * s.pue_factor."""
        return 1.0 + (self.hall[hall].pue - 1.0) * self.site[site].pue_factor

    def racks_per_unit(self, hardware: str, hall: str) -> float:
        """Racks that one unit takes in a hall of the type."""
        return self._racks_per_unit[hardware, hall]

    def standard_racks(self, hall: str) -> float:
        """Standard racks of 2.5 kW that one rack of the hall type counts for."""
        return self.hall[hall].rack_kw / STANDARD_RACK_KW

    def average_mwh(self, hardware: str) -> float:
        """IT energy of one unit in a year, MWh."""
        return self.hardware[hardware].average_kw * HOURS_PER_YEAR_THOUSANDS

    def discount(self, year: int) -> float:
        """What one CNY of the year is worth at the end of the base year: (1 + rate) ** -(t - base)."""
        return float((1.0 + self.case.discount_rate) ** -(year - self.case.base_year))

    def utilisation(self, resource: str) -> float:
        """Share of the resource's capacity that may be used."""
        return self.case.max_utilisation.get(resource, 1.0)

    def usable(self, hardware: str, resource: str) -> float:
        """What one unit provides of the resource, as far as it may be used."""
        return self.hardware[hardware].provides.get(resource, 0.0) * self.utilisation(resource)


def racks_per_unit(kind: Hardware, hall: HallType) -> float:
    """Racks that one unit of a kind of hardware takes in a hall type.

    1 / floor(min(usable_u / rack_units, rack_kw / peak_kw)); a unit larger than a rack takes the whole number of
    racks that holds it, by height and by power.
    """
    size = max(kind.rack_units / hall.usable_u, kind.peak_kw / hall.rack_kw)
    if size <= 0.0:
        return 0.0
    per_rack = math.floor(1.0 / size + ROUNDING)
    return 1.0 / per_rack if per_rack >= 1 else float(math.ceil(size - ROUNDING))
