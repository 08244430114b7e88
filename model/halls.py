"""Halls: built, converted and in service."""

from __future__ import annotations

import numpy as np

from .arrays.components import Numbers
from .arrays.families import Model, add_decisions, add_rows
from .arrays.members import Members, members_of
from .data import flags
from .lookup import Lookup


def add_halls(model: Model, lookup: Lookup) -> None:
    """Declare build[s,h,t], convert[s,h,h',t] and halls[s,h,t] with their balance and limits."""
    case, years = lookup.case, np.array(lookup.years)
    site, hall, year = (model.dimension[name] for name in ("site", "hall", "year"))
    model.allowed_halls = flags(h.id in s.allowed_halls for s in case.sites for h in case.hall_types).reshape(
        len(site), len(hall)
    )
    ready = years >= np.array([case.base_year + 1 + h.lead_years for h in case.hall_types]).reshape(-1, 1)
    possible = flags(h.id in lookup.halls_at[s.id] for s in case.sites for h in case.hall_types).reshape(
        len(site), len(hall)
    )
    every_year = np.ones(len(years), dtype=bool)

    model.building = Members.where(
        (site, hall, year), model.allowed_halls[:, :, None] & ready & model.in_time[:, None, :]
    )
    model.standing = Members.where((site, hall, year), possible[:, :, None] & every_year)
    model.converting = members_of(
        (site, hall, hall, year),
        [
            (s.id, c.from_hall, c.to_hall, t)
            for s in case.sites
            for c in case.conversions
            if lookup.existing(s.id, c.from_hall) > 0 and c.to_hall in s.allowed_halls
            for t in lookup.years
        ],
    )
    existing = model.existing_halls.array
    model.stood_before = Numbers((site, hall, year), existing[:, :, None] * (years == years[0]))

    add_decisions(model, "build", model.building, upper=lambda m, s, h, t: m.site.max_halls[s], whole=True)
    add_decisions(model, "convert", model.converting, upper=lambda m, s, h, g, t: m.existing_halls[s, h], whole=True)
    # Whole because all that changes them is; said outright, see the note in `hardware`.
    add_decisions(model, "halls", model.standing, upper=lambda m, s, h, t: m.site.max_halls[s], whole=True)
    add_rows(model, "hall_balance", model.standing, hall_balance)
    add_rows(model, "conversion_limit", model.converting.over("site", "hall"), conversion_limit)
    add_rows(model, "plot", model.site_years, plot)


def hall_balance(m: Model, s: str, h: str, t: int) -> object:
    """halls[s,h,t] = halls[s,h,t-1] + build[s,h,t] + sum_h' convert[s,h',h,t] - sum_h' convert[s,h,h',t].

    Before the first year stand the existing halls.
    """
    before = m.halls[s, h, t - 1] + m.stood_before[s, h, t]
    into = sum(m.convert[s, g, h, t] for g in m.converting[s, :, h, t])
    away = sum(m.convert[s, h, g, t] for g in m.converting[s, h, :, t])
    return m.halls[s, h, t] == before + m.build[s, h, t] + into - away


def conversion_limit(m: Model, s: str, h: str) -> object:
    """sum over t and h' of convert[s,h,h',t] <= existing halls of type h: only these can be converted."""
    return sum(m.convert[s, h, g, t] for g, t in m.converting[s, h, :, :]) <= m.existing_halls[s, h]


def plot(m: Model, s: str, t: int) -> object:
    """sum_h halls[s,h,t] <= max_halls * open[s,t]: the plot is limited, and no hall stands at an unopened site."""
    return sum(m.halls[s, h, t] for h in m.standing[s, :, t]) <= m.site.max_halls[s] * m.open[s, t]
