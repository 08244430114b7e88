"""The formulas of the planning problem, written out once more for the audit and used nowhere else."""

from __future__ import annotations

import math

from ...inputs.parts import HallType, Hardware, Site

STANDARD_RACK_KW = 2.5
GRID_STEP_LIFE_YEARS = 30
HOURS_PER_YEAR = 8760
# Quotients such as 6.0 / 1.2 may come out a hair below the whole number they are.
WHOLE_NUMBER_SLACK = 1e-9


def pue(site: Site, hall: HallType) -> float:
    """Power usage effectiveness of a hall of this type at this site."""
    return 1 + (hall.pue - 1) * site.pue_factor


def racks_per_unit(hardware: Hardware, hall: HallType) -> float:
    """Racks that one unit takes: a part of a rack, or the whole number of racks that holds a larger unit."""
    by_height = hardware.rack_units / hall.usable_u
    by_power = hardware.peak_kw / hall.rack_kw
    share = max(by_height, by_power)
    if share == 0:
        return 0.0
    units_per_rack = math.floor(1 / share + WHOLE_NUMBER_SLACK)
    return 1 / units_per_rack if units_per_rack else float(math.ceil(share - WHOLE_NUMBER_SLACK))


def standard_racks(racks: float, hall: HallType) -> float:
    """Racks of this hall type in standard racks of 2.5 kW."""
    return racks * hall.rack_kw / STANDARD_RACK_KW


def it_mwh(hardware: Hardware) -> float:
    """Electricity that one unit itself uses in a year, MWh."""
    return hardware.average_kw * HOURS_PER_YEAR / 1000


def in_life(bought: int, year: int, life_years: int) -> bool:
    """Whether what was bought at the start of one year is in service in another."""
    return year - life_years < bought <= year


def discount(rate: float, base_year: int, year: int) -> float:
    """What one CNY of this year is worth in the base year."""
    return float((1 + rate) ** -(year - base_year))


def salvage_share(paid: int, last_year: int, life_years: int) -> float:
    """Share of the price that is left at the end of the last year, straight line."""
    return max(0, life_years - (last_year - paid + 1)) / life_years
