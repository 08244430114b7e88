"""Sites: which are in use, and from when."""

from __future__ import annotations

import numpy as np

from .arrays.families import Model, add_decisions, add_rows
from .arrays.members import Members
from .data import flags
from .lookup import Lookup


def add_sites(model: Model, lookup: Lookup) -> None:
    """Declare open[s,t] and that a site once opened stays open."""
    sites, years = lookup.case.sites, lookup.years
    site_years = Members([model.dimension["site"], model.dimension["year"]])
    s, t = site_years.codes
    existing = flags(site.existing for site in sites)
    model.in_time = np.array(years) >= np.array([site.earliest_year for site in sites]).reshape(-1, 1)
    model.site_years = site_years
    model.candidate_years = site_years.at(site=~existing)
    add_decisions(
        model, "open", site_years, lower=existing[s], upper=(existing[:, None] | model.in_time)[s, t], whole=True
    )
    add_rows(model, "stays_open", site_years.only(~existing[s] & (t > 0)), stays_open)


def stays_open(m: Model, s: str, t: int) -> object:
    """open[s,t] >= open[s,t-1]: a site is opened once and never closed."""
    return m.open[s, t] >= m.open[s, t - 1]
