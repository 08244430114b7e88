"""Power: what halls and grid connections carry, the energy used and the green electricity bought."""

from __future__ import annotations

import numpy as np

from .arrays.families import Model, add_decisions, add_rows
from .arrays.members import Members
from .lookup import Lookup
from .strengthening import most_energy


def add_power(model: Model, lookup: Lookup) -> None:
    """Declare upgrade[s,t], it_mwh[s,t], facility_mwh[s,t] and green[s,t] with the limits of power."""
    site, year = model.dimension["site"], model.dimension["year"]
    can_grow = (model.site.grid_max_steps.array > 0) & (model.site.grid_step_kw.array > 0)
    upgrading = can_grow.reshape(-1, 1) & model.in_time
    so_far = np.tri(len(year), dtype=bool).T  # by year of the step and year of use
    model.upgrading = Members.where((site, year), upgrading)
    model.upgraded = Members.where((site, year, year), upgrading[:, :, None] & so_far)
    sells_green = model.site.green_max_share.array > 0
    model.greening = model.site_years.at(site=sells_green)

    it_most, facility_most = most_energy(model)
    green_most = facility_most[model.site_years.find(model.greening.codes)]
    green_most = green_most * model.site.green_max_share.array[model.greening.of("site")]

    add_decisions(model, "upgrade", model.upgrading, upper=lambda m, s, t: m.site.grid_max_steps[s], whole=True)
    add_decisions(model, "it_mwh", model.site_years, reach=it_most)
    add_decisions(model, "facility_mwh", model.site_years, reach=facility_most)
    add_decisions(model, "green", model.greening, reach=green_most)
    add_rows(model, "hall_power", model.owning.over("site", "hall", "year"), hall_power)
    add_rows(model, "steps", model.upgrading.over("site"), steps)
    add_rows(model, "site_power", model.owning.over("site", "year"), site_power)
    add_rows(model, "it_energy", model.site_years, it_energy)
    add_rows(model, "facility_energy", model.site_years, facility_energy)
    add_rows(model, "green_limit", model.greening, green_limit)


def hall_power(m: Model, s: str, h: str, t: int) -> object:
    """sum_k own[k,s,h,t] * peak_kw <= racks * rack_kw * halls[s,h,t]: a hall's cooling and feeds are limited."""
    drawn = sum(m.hardware.peak_kw[k] * m.own[k, s, h, t] for k in m.owning[:, s, h, t])
    return drawn <= m.hall.racks[h] * m.hall.rack_kw[h] * m.halls[s, h, t]


def steps(m: Model, s: str) -> object:
    """sum_t upgrade[s,t] <= grid_max_steps."""
    return sum(m.upgrade[s, t] for t in m.upgrading[s, :]) <= m.site.grid_max_steps[s]


def site_power(m: Model, s: str, t: int) -> object:
    """sum over h of PUE(s,h) * sum_k own * peak_kw <= usable_grid * (grid_kw + step * upgrades so far)."""
    drawn = sum(m.pue[s, h] * m.hardware.peak_kw[k] * m.own[k, s, h, t] for k, h in m.owning[:, s, :, t])
    added = sum(m.upgrade[s, b] for b in m.upgraded[s, :, t])
    return drawn <= m.site.usable_grid[s] * (m.site.grid_kw[s] + m.site.grid_step_kw[s] * added)


def it_energy(m: Model, s: str, t: int) -> object:
    """it_mwh[s,t] = sum own * average_kw * 8.76."""
    return m.it_mwh[s, t] == sum(m.average_mwh[k] * m.own[k, s, h, t] for k, h in m.owning[:, s, :, t])


def facility_energy(m: Model, s: str, t: int) -> object:
    """facility_mwh[s,t] = sum own * average_kw * 8.76 * PUE(s,h)."""
    used = sum(m.average_mwh[k] * m.pue[s, h] * m.own[k, s, h, t] for k, h in m.owning[:, s, :, t])
    return m.facility_mwh[s, t] == used


def green_limit(m: Model, s: str, t: int) -> object:
    """green[s,t] <= green_max_share * facility_mwh[s,t]."""
    return m.green[s, t] <= m.site.green_max_share[s] * m.facility_mwh[s, t]
