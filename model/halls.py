"""Halls: built, converted and in service."""

from __future__ import annotations

import pyomo.environ as pyo

from .lookup import Lookup
from .rows import Model, add_rows


def add_halls(model: Model, lookup: Lookup) -> None:
    """Declare build[s,h,t], convert[s,h,h',t] and halls[s,h,t] with their balance and limits."""
    case, years = lookup.case, lookup.years
    building = [
        (site.id, hall, year)
        for site in case.sites
        for hall in lookup.halls_at[site.id]
        if hall in site.allowed_halls
        for year in years
        if year >= max(site.earliest_year, case.base_year + 1 + lookup.hall[hall].lead_years)
    ]
    converting = [
        (site.id, conversion.from_hall, conversion.to_hall, year)
        for site in case.sites
        for conversion in case.conversions
        if lookup.existing(site.id, conversion.from_hall) > 0 and conversion.to_hall in site.allowed_halls
        for year in years
    ]
    in_service = [(site, hall, year) for site, halls in lookup.halls_at.items() for hall in halls for year in years]

    def most_built(_: Model, site: str, hall: str, year: int) -> tuple[int, int]:
        return 0, lookup.site[site].max_halls

    def most_in_service(_: Model, site: str, hall: str, year: int) -> tuple[int, int]:
        return 0, lookup.site[site].max_halls

    def most_converted(_: Model, site: str, hall: str, to_hall: str, year: int) -> tuple[int, int]:
        return 0, lookup.existing(site, hall)

    model.build = pyo.Var(building, domain=pyo.NonNegativeIntegers, bounds=most_built)
    model.convert = pyo.Var(converting, domain=pyo.NonNegativeIntegers, bounds=most_converted)
    # Whole because all that changes them is; said outright, see the note in `hardware`.
    model.halls = pyo.Var(in_service, domain=pyo.NonNegativeIntegers, bounds=most_in_service)

    built = set(building)
    into: dict[tuple[str, str, int], list[str]] = {}
    away: dict[tuple[str, str, int], list[str]] = {}
    for site, hall, to_hall, year in converting:
        away.setdefault((site, hall, year), []).append(to_hall)
        into.setdefault((site, to_hall, year), []).append(hall)

    def hall_balance(model: Model, site: str, hall: str, year: int) -> object:
        """halls[s,h,t] = halls[s,h,t-1] + build[s,h,t] + sum_h' convert[s,h',h,t] - sum_h' convert[s,h,h',t].

        Before the first year stand the existing halls.
        """
        key = (site, hall, year)
        before = model.halls[site, hall, year - 1] if year > years[0] else lookup.existing(site, hall)
        added = [model.build[key]] if key in built else []
        added += [model.convert[site, from_hall, hall, year] for from_hall in into.get(key, ())]
        removed = [model.convert[site, hall, to_hall, year] for to_hall in away.get(key, ())]
        return model.halls[key] == before + sum(added) - sum(removed)

    def conversion_limit(model: Model, site: str, hall: str) -> object:
        """sum over t and h' of convert[s,h,h',t] <= existing halls of type h: only these can be converted."""
        return sum(
            model.convert[site, hall, to_hall, year] for year in years for to_hall in away.get((site, hall, year), ())
        ) <= lookup.existing(site, hall)

    def plot(model: Model, site: str, year: int) -> object:
        """sum_h halls[s,h,t] <= max_halls * open[s,t]: the plot is limited, and no hall stands at an unopened site."""
        total = sum(model.halls[site, hall, year] for hall in lookup.halls_at[site])
        return total <= lookup.site[site].max_halls * model.open[site, year]

    add_rows(model, "hall_balance", in_service, hall_balance)
    add_rows(model, "conversion_limit", dict.fromkeys((site, hall) for site, hall, *_ in converting), conversion_limit)
    add_rows(model, "plot", [(site, year) for site in lookup.site for year in years], plot)
