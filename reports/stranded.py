"""Stranded capacity: racks and grid connection that are paid for and do no work, and why. From the tables alone.

`docs/stranded.md` defines the causes. Every rack in service, and every kW connected, has exactly one of them or is in
use, so the amounts of a site and year add up to what is paid for.
"""

from __future__ import annotations

from collections import defaultdict

import pandas as pd

from ..inputs.parts import Site
from .standing import Amounts, Standing
from .view import TRACE, PlanView, at

IN_USE = "in_use"
RACK_CAUSES = ("backup_reserve", "idle_servers", "no_cooling", "lead_time", "supply", "no_power", "no_demand")
GRID_CAUSES = ("backup_reserve", "no_cooling", "lead_time", "supply", "no_racks", "no_demand")
RACKS, GRID = "racks", "grid_kw"
"""What may be stranded: standard racks of 2.5 kW, and kW of grid connection."""


def stranded(view: PlanView) -> pd.DataFrame:
    """capacity ("racks", "grid_kw"), site, year, cause ("in_use" too) and amount, of all sites in use.

    Causes without any amount are left out.
    """
    state = Standing(view)
    rows = []
    for site in view.case.sites:
        for year in view.years:
            if not state.opened.get((site.id, year)):
                continue
            racks = _racks(state, site, year)
            for capacity, amounts in ((RACKS, racks), (GRID, _grid(state, site, year, racks))):
                rows += [(capacity, site.id, year, cause, n) for cause, n in amounts.items() if n > TRACE]
    return pd.DataFrame(rows, columns=["capacity", "site", "year", "cause", "amount"])


def _racks(state: Standing, site: Site, year: int) -> Amounts:
    """Standard racks in service: in use, or by what strands them."""
    place = (site.id, year)
    found: Amounts = defaultdict(float)
    for pool, racks in state.occupied_by_pool[place].items():
        working, standby = state.busy(place, pool)
        found[IN_USE] += racks * working
        found["backup_reserve"] += racks * standby
        found["idle_servers"] += racks * (1.0 - working - standby)
    fillable = 0.0
    for hall, in_service in state.in_service[place].items():
        free = max(0.0, in_service - state.occupied[place].get(hall, 0.0))
        kinds = state.wanted(site, hall, year)
        if not kinds:
            found["no_cooling"] += free
        elif not any(state.on_sale(kind, site, year) for kind in kinds):
            found["lead_time"] += free
        elif not any(state.supplied(kind, year) for kind in kinds if state.on_sale(kind, site, year)):
            found["supply"] += free
        else:
            fillable += free
    fed = min(fillable, state.spare_kw(site, year) / state.kw_per_rack(site, year))
    found["no_power"] += fillable - fed
    found["no_demand"] += fed
    return {cause: found[cause] for cause in (IN_USE, *RACK_CAUSES)}


def _grid(state: Standing, site: Site, year: int, racks: Amounts) -> Amounts:
    """kW connected: drawn at the peak, or by what strands them."""
    grid, usable, peak = (at(state.view.power[name], site.id, year) for name in ("grid_kw", "usable_kw", "peak_kw"))
    found: Amounts = defaultdict(float)
    found[IN_USE] = min(peak, grid)
    found["backup_reserve"] = max(0.0, grid - max(usable, peak))
    left = grid - found[IN_USE] - found["backup_reserve"]

    def take(cause: str, most: float) -> None:
        nonlocal left
        taken = min(left, most)
        found[cause] += taken
        left -= taken

    each = state.kw_per_rack(site, year)
    take("no_demand", (racks["no_power"] + racks["no_demand"]) * each)
    for cause in ("supply", "lead_time", "no_cooling"):
        take(cause, racks[cause] * each)
    now, later = state.buildable_kw(site, year)
    take("no_demand", now)
    take("lead_time", later)
    take("no_racks", left)
    return {cause: found[cause] for cause in (IN_USE, *GRID_CAUSES)}
