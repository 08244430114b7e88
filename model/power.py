"""Power: what halls and grid connections carry, the energy used and the green electricity bought."""

from __future__ import annotations

import pyomo.environ as pyo

from .lookup import Lookup
from .rows import Model, add_rows


def add_power(model: Model, lookup: Lookup) -> None:
    """Declare upgrade[s,t], it_mwh[s,t], facility_mwh[s,t] and green[s,t] with the limits of power."""
    case, years = lookup.case, lookup.years
    upgrading = [
        (site.id, year)
        for site in case.sites
        if site.grid_max_steps > 0 and site.grid_step_kw > 0
        for year in years
        if year >= site.earliest_year
    ]
    site_years = [(site.id, year) for site in case.sites for year in years]
    own_at_site: dict[tuple[str, int], list[tuple[str, str, str, int]]] = {key: [] for key in site_years}
    for (site_id, _, year), keys in model.own_at.items():
        own_at_site[site_id, year].extend(keys)

    model.upgrade = pyo.Var(
        upgrading, domain=pyo.NonNegativeIntegers, bounds=lambda _, s, t: (0, lookup.site[s].grid_max_steps)
    )
    model.it_mwh = pyo.Var(site_years, domain=pyo.NonNegativeReals)
    model.facility_mwh = pyo.Var(site_years, domain=pyo.NonNegativeReals)
    model.green = pyo.Var(
        [key for key in site_years if lookup.site[key[0]].green_max_share > 0], domain=pyo.NonNegativeReals
    )

    def hall_power(model: Model, site: str, hall: str, year: int) -> object:
        """sum_k own[k,s,h,t] * peak_kw <= racks * rack_kw * halls[s,h,t]: a hall's cooling and feeds are limited."""
        part = lookup.hall[hall]
        drawn = sum(lookup.hardware[key[0]].peak_kw * model.own[key] for key in model.own_at[site, hall, year])
        return drawn <= part.racks * part.rack_kw * model.halls[site, hall, year]

    def steps(model: Model, site: str) -> object:
        """sum_t upgrade[s,t] <= grid_max_steps."""
        return sum(model.upgrade[key] for key in upgrading if key[0] == site) <= lookup.site[site].grid_max_steps

    def site_power(model: Model, site: str, year: int) -> object:
        """sum over h of PUE(s,h) * sum_k own * peak_kw <= usable_grid * (grid_kw + step * upgrades so far)."""
        part = lookup.site[site]
        drawn = sum(
            lookup.pue(site, key[2]) * lookup.hardware[key[0]].peak_kw * model.own[key]
            for key in own_at_site[site, year]
        )
        added = sum(model.upgrade[key] for key in upgrading if key[0] == site and key[1] <= year)
        return drawn <= part.usable_grid * (part.grid_kw + part.grid_step_kw * added)

    def it_energy(model: Model, site: str, year: int) -> object:
        """it_mwh[s,t] = sum own * average_kw * 8.76."""
        return model.it_mwh[site, year] == sum(
            lookup.average_mwh(key[0]) * model.own[key] for key in own_at_site[site, year]
        )

    def facility_energy(model: Model, site: str, year: int) -> object:
        """facility_mwh[s,t] = sum own * average_kw * 8.76 * PUE(s,h)."""
        return model.facility_mwh[site, year] == sum(
            lookup.average_mwh(key[0]) * lookup.pue(site, key[2]) * model.own[key] for key in own_at_site[site, year]
        )

    def green_limit(model: Model, site: str, year: int) -> object:
        """green[s,t] <= green_max_share * facility_mwh[s,t]."""
        return model.green[site, year] <= lookup.site[site].green_max_share * model.facility_mwh[site, year]

    add_rows(model, "hall_power", list(model.own_at), hall_power)
    add_rows(model, "steps", dict.fromkeys(site for site, _ in upgrading), steps)
    add_rows(model, "site_power", [key for key in site_years if own_at_site[key]], site_power)
    add_rows(model, "it_energy", site_years, it_energy)
    add_rows(model, "facility_energy", site_years, facility_energy)
    add_rows(model, "green_limit", list(model.green), green_limit)
