"""Sites: which are in use, and from when."""

from __future__ import annotations

import pyomo.environ as pyo

from .lookup import Lookup
from .rows import Model, add_rows


def add_sites(model: Model, lookup: Lookup) -> None:
    """Declare open[s,t] and that a site once opened stays open."""
    years = lookup.years

    def limits(_: Model, site: str, year: int) -> tuple[int, int]:
        part = lookup.site[site]
        return int(part.existing), int(part.existing or year >= part.earliest_year)

    model.open = pyo.Var(list(lookup.site), list(years), domain=pyo.Binary, bounds=limits)
    model.candidate_sites = [site.id for site in lookup.case.sites if not site.existing]
    later = [(site, year) for site in model.candidate_sites for year in years[1:]]
    add_rows(model, "stays_open", later, stays_open)


def stays_open(model: Model, site: str, year: int) -> object:
    """open[s,t] >= open[s,t-1]: a site is opened once and never closed."""
    return model.open[site, year] >= model.open[site, year - 1]
