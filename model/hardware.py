"""Hardware: bought in lots, kept from the existing fleet, in service until its life ends; and the racks it takes."""

from __future__ import annotations

import math
from collections import defaultdict

import pyomo.environ as pyo

from ..inputs.parts import Fleet, Hardware, Site
from .lookup import ROUNDING, Lookup
from .rows import Model, add_rows


def add_hardware(model: Model, lookup: Lookup) -> None:
    """Declare buy[k,s,h,t], keep[f,t] and own[k,s,h,t] with service life, supply and racks."""
    case, years = lookup.case, lookup.years
    buying = [
        (kind.id, site.id, hall, year)
        for kind in case.hardware
        for site in case.sites
        for hall in fitting_halls(lookup, kind, site)
        for year in years
        if max(site.earliest_year, kind.available_from) <= year <= kind.available_to
    ]
    keeping = [
        (number, year)
        for number, fleet in enumerate(case.fleet)
        for year in years
        if fleet.count > 0 and year < end_of_life(lookup, fleet)
    ]
    bought_in: dict[tuple[str, str, str, int], list[int]] = defaultdict(list)
    for kind_id, site_id, hall, bought in buying:
        for year in years:
            if bought <= year < bought + lookup.hardware[kind_id].life_years:
                bought_in[kind_id, site_id, hall, year].append(bought)
    kept_in: dict[tuple[str, str, str, int], list[int]] = defaultdict(list)
    for number, year in keeping:
        fleet = case.fleet[number]
        kept_in[fleet.hardware, fleet.site, fleet.hall, year].append(number)
    owning = sorted({*bought_in, *kept_in}, key=lambda key: (key[1], key[2], key[0], key[3]))

    model.buy = pyo.Var(buying, domain=pyo.NonNegativeIntegers)
    model.keep = pyo.Var(keeping, domain=pyo.NonNegativeIntegers, bounds=lambda _, f, t: (0, case.fleet[f].count))
    # Whole because lots and kept units are. HiGHS 1.15.1 finds that out by itself, but then tightens coefficients by
    # implied bounds that are not whole and cuts off the optimum (its issue 3274), unless it is told in the first place.
    model.own = pyo.Var(owning, domain=pyo.NonNegativeIntegers, bounds=lambda _, *key: (0, most_units(lookup, *key)))
    model.own_at = _by_site_hall_year(owning)

    def in_service(model: Model, kind: str, site: str, hall: str, year: int) -> object:
        """own[k,s,h,t] = lot * sum of buy[k,s,h,t'] for t - life < t' <= t, + the kept fleet of that kind there."""
        key = (kind, site, hall, year)
        bought = sum(model.buy[kind, site, hall, bought] for bought in bought_in.get(key, ()))
        kept = sum(model.keep[number, year] for number in kept_in.get(key, ()))
        return model.own[key] == lookup.hardware[kind].lot * bought + kept

    def keep_falls(model: Model, number: int, year: int) -> object:
        """keep[f,t] <= keep[f,t-1]: retired hardware does not come back."""
        return model.keep[number, year] <= model.keep[number, year - 1]

    def supply(model: Model, kind: str, year: int) -> object:
        """lot * sum over s, h of buy[k,s,h,t] <= supply[k,t]: the market sells only so many units in the year."""
        part = lookup.hardware[kind]
        return part.lot * sum(model.buy[key] for key in purchases[kind, year]) <= part.supply[year]

    def racks(model: Model, site: str, hall: str, year: int) -> object:
        """sum_k own[k,s,h,t] * racks per unit <= racks in a hall * halls[s,h,t]: a rack holds one kind of hardware."""
        taken = sum(lookup.racks_per_unit(key[0], hall) * model.own[key] for key in model.own_at[site, hall, year])
        return taken <= lookup.hall[hall].racks * model.halls[site, hall, year]

    purchases: dict[tuple[str, int], list[tuple[str, str, str, int]]] = defaultdict(list)
    for key in buying:
        purchases[key[0], key[3]].append(key)
    limited = [key for key in purchases if key[1] in lookup.hardware[key[0]].supply]
    add_rows(model, "in_service", owning, in_service)
    add_rows(model, "keep_falls", [(f, t) for f, t in keeping if t > years[0]], keep_falls)
    add_rows(model, "supply", limited, supply)
    add_rows(model, "racks", list(model.own_at), racks)


def fitting_halls(lookup: Lookup, kind: Hardware, site: Site) -> list[str]:
    """Hall types in which the hardware may be bought at the site: it fits them, and they are allowed or exist there."""
    if kind.sites is not None and site.id not in kind.sites:
        return []
    return [
        hall
        for hall in lookup.halls_at[site.id]
        if hall in kind.halls and (hall in site.allowed_halls or lookup.existing(site.id, hall) > 0)
    ]


def most_units(lookup: Lookup, kind: str, site: str, hall: str, year: int) -> int | None:
    """Units that all racks of the plot would hold; None for a unit that takes no rack."""
    per_unit = lookup.racks_per_unit(kind, hall)
    racks = lookup.site[site].max_halls * lookup.hall[hall].racks
    return math.floor(racks / per_unit + ROUNDING) if per_unit > 0 else None


def end_of_life(lookup: Lookup, fleet: Fleet) -> int:
    """First year in which the fleet must be gone."""
    return fleet.install_year + lookup.hardware[fleet.hardware].life_years


def _by_site_hall_year(
    owning: list[tuple[str, str, str, int]],
) -> dict[tuple[str, str, int], list[tuple[str, str, str, int]]]:
    groups: dict[tuple[str, str, int], list[tuple[str, str, str, int]]] = defaultdict(list)
    for key in owning:
        groups[key[1:]].append(key)
    return dict(groups)
