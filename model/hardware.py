"""Hardware: bought in lots, kept from the existing fleet, in service until its life ends; and the racks it takes."""

from __future__ import annotations

import numpy as np

from .arrays.components import Numbers
from .arrays.families import Model, add_decisions, add_rows
from .arrays.members import Members
from .data import by_year, flags, years_between
from .lookup import Lookup
from .strengthening import most_lots, most_sold, most_units


def add_hardware(model: Model, lookup: Lookup) -> None:
    """Declare buy[k,s,h,t], keep[f,t] and own[k,s,h,t] with service life, supply and racks."""
    _add_sets(model, lookup)
    most_kept = np.array([fleet.count for fleet in lookup.case.fleet])
    add_decisions(model, "buy", model.buying, upper=np.inf if model.plain else most_lots(model), whole=True)
    add_decisions(model, "keep", model.keeping, upper=most_kept[model.keeping.of("fleet")], whole=True)
    # Whole because lots and kept units are. HiGHS 1.15.1 finds that out by itself, but then tightens coefficients by
    # implied bounds that are not whole and cuts off the optimum (its issue 3274), unless it is told in the first place.
    add_decisions(model, "own", model.owning, upper=most_units(model), whole=True)
    add_rows(model, "in_service", model.owning, in_service)
    add_rows(model, "keep_falls", model.keeping.only(model.keeping.of("year") > 0), keep_falls)
    add_rows(model, "supply", model.limited, supply)
    add_rows(model, "racks", model.owning.over("site", "hall", "year"), racks)


def in_service(m: Model, k: str, s: str, h: str, t: int) -> object:
    """own[k,s,h,t] = lot * sum of buy[k,s,h,t'] for t - life < t' <= t, + the kept fleet of that kind there."""
    bought = sum(m.buy[k, s, h, b] for b in m.in_life[k, s, h, :, t])
    kept = sum(m.keep[f, t] for f in m.kept[:, k, s, h, t])
    return m.own[k, s, h, t] == m.hardware.lot[k] * bought + kept


def keep_falls(m: Model, f: int, t: int) -> object:
    """keep[f,t] <= keep[f,t-1]: retired hardware does not come back."""
    return m.keep[f, t] <= m.keep[f, t - 1]


def supply(m: Model, k: str, t: int) -> object:
    """lot * sum over s, h of buy[k,s,h,t] <= supply[k,t]: the market sells only so many units in the year.

    Of the supply only whole lots count, unless the case's own numbers are asked for.
    """
    return m.hardware.lot[k] * sum(m.buy[k, s, h, t] for s, h in m.buying[k, :, :, t]) <= m.market_supply[k, t]


def racks(m: Model, s: str, h: str, t: int) -> object:
    """sum_k own[k,s,h,t] * racks per unit <= racks in a hall * halls[s,h,t]: a rack holds one kind of hardware."""
    taken = sum(m.racks_per_unit[k, h] * m.own[k, s, h, t] for k in m.owning[:, s, h, t])
    return taken <= m.hall.racks[h] * m.halls[s, h, t]


def _add_sets(model: Model, lookup: Lookup) -> None:
    """What can be bought, kept and owned: hardware where it fits, while it is on the market, until its life ends."""
    case = lookup.case
    kind, site, hall, year = (model.dimension[name] for name in ("hardware", "site", "hall", "year"))
    fits_hall = flags(h.id in k.halls for k in case.hardware for h in case.hall_types).reshape(len(kind), 1, len(hall))
    fits_site = flags(k.sites is None or s.id in k.sites for k in case.hardware for s in case.sites)
    may_stand = (
        fits_hall
        & fits_site.reshape(len(kind), len(site), 1)
        & (model.allowed_halls | (model.existing_halls.array > 0))
    )
    sold = years_between(case, [k.available_from for k in case.hardware], [k.available_to for k in case.hardware])
    buying = may_stand[..., None] & sold[:, None, None, :] & model.in_time[:, None, :]
    age = np.arange(len(year)) - np.arange(len(year)).reshape(-1, 1)  # by year of purchase and year of service
    alive = (age >= 0) & (age < model.hardware.life_years.array.reshape(-1, 1, 1))
    in_life = buying[..., None] & alive[:, None, None, :, :]

    gone = [fleet.install_year + lookup.hardware[fleet.hardware].life_years for fleet in case.fleet]
    remains = years_between(case, [case.years[0]] * len(case.fleet), [last - 1 for last in gone])
    remains &= flags(fleet.count > 0 for fleet in case.fleet).reshape(-1, 1)
    keeping = Members.where((model.dimension["fleet"], year), remains)
    f, t = keeping.codes
    where = [
        np.array([dimension.number[getattr(fleet, dimension.name)] for fleet in case.fleet], dtype=np.int32)[f]
        for dimension in (kind, site, hall)
    ]
    owning = in_life.any(axis=3)
    owning[*where, t] = True

    model.buying = Members.where((kind, site, hall, year), buying)
    model.keeping = keeping
    model.in_life = Members.where((kind, site, hall, year, year), in_life)
    model.kept = Members((model.dimension["fleet"], kind, site, hall, year), (f, *where, t))
    model.owning = Members.where((kind, site, hall, year), owning, order=(1, 2, 0, 3))
    sold_by_year = Numbers((kind, year), by_year([k.supply for k in case.hardware], case.years, absent=np.nan))
    model.market_supply = sold_by_year if model.as_stated else most_sold(model, sold_by_year)
    on_sale = model.buying.over("hardware", "year")
    model.limited = on_sale.only(model.market_supply.given[on_sale.codes])
