"""Costs: every item of the net present cost, one function each; objective, budget and capex are their sums."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import pyomo.environ as pyo
from pyomo.core.expr import LinearExpression

from .lookup import Lookup
from .metrics import carbon_terms
from .rows import Model, add_rows

Category = Literal[
    "site_opening",
    "halls",
    "conversions",
    "grid_steps",
    "hardware",
    "site_fixed",
    "hall_upkeep",
    "hardware_maintenance",
    "hardware_fees",
    "electricity",
    "green_premium",
    "carbon",
    "network",
    "unserved_penalty",
    "target_penalty",
    "salvage",
]
GRID_LIFE_YEARS = 30
KWH_PER_MWH = 1000.0


@dataclass(frozen=True)
class Cost:
    """An amount of `coefficient` CNY per unit of `variable`, paid in the year at the site (empty: nowhere)."""

    category: Category
    site: str
    year: int
    coefficient: float
    variable: Any


def add_capital(model: Model, lookup: Lookup) -> None:
    """Collect the capital items of each year, for the budget and the capex metric."""
    model.capital = [
        *site_opening(model, lookup),
        *halls(model, lookup),
        *conversions(model, lookup),
        *grid_steps(model, lookup),
        *hardware(model, lookup),
    ]
    model.capital_in = {year: [] for year in lookup.years}
    for item in model.capital:
        model.capital_in[item.year].append(item)


def add_budget(model: Model, lookup: Lookup) -> None:
    """Limit the capital spending of each year that has a budget."""

    def budget(model: Model, year: int) -> object:
        """Capital spending in t <= budget[t]."""
        return sum(item.coefficient * item.variable for item in model.capital_in[year]) <= lookup.case.budget_cny[year]

    add_rows(model, "budget", [year for year in lookup.years if year in lookup.case.budget_cny], budget)


def add_objective(model: Model, lookup: Lookup) -> None:
    """Minimise the net present cost: all items, each discounted from its year to the end of the base year."""
    model.costs = [
        *model.capital,
        *site_fixed(model, lookup),
        *hall_upkeep(model, lookup),
        *hardware_in_service(model, lookup),
        *energy(model, lookup),
        *network(model, lookup),
        *penalties(model, lookup),
        *salvage(model, lookup),
    ]
    discount = {year: lookup.discount(year) for year in lookup.years}
    model.net_present_cost = pyo.Objective(
        expr=LinearExpression(
            constant=0.0,
            linear_coefs=[discount[item.year] * item.coefficient for item in model.costs],
            linear_vars=[item.variable for item in model.costs],
        )
    )


def site_opening(model: Model, lookup: Lookup) -> Iterator[Cost]:
    """opening_cost * (open[s,t] - open[s,t-1]) of sites that do not exist yet: paid once, in the first open year."""
    for site in model.candidate_sites:
        cost = lookup.site[site].opening_cost_cny
        for year in lookup.years if cost > 0 else ():
            yield Cost("site_opening", site, year, cost, model.open[site, year])
            if year > lookup.years[0]:
                yield Cost("site_opening", site, year, -cost, model.open[site, year - 1])


def halls(model: Model, lookup: Lookup) -> Iterator[Cost]:
    """capex * build_cost_factor * build[s,h,t]."""
    for site, hall, year in model.build:
        cost = lookup.hall[hall].capex_cny * lookup.site[site].build_cost_factor
        yield Cost("halls", site, year, cost, model.build[site, hall, year])


def conversions(model: Model, lookup: Lookup) -> Iterator[Cost]:
    """cost * convert[s,h,h',t]."""
    price = {(c.from_hall, c.to_hall): c.cost_cny for c in lookup.case.conversions}
    for key in model.convert:
        site, hall, to_hall, year = key
        yield Cost("conversions", site, year, price[hall, to_hall], model.convert[key])


def grid_steps(model: Model, lookup: Lookup) -> Iterator[Cost]:
    """grid_step_cost * upgrade[s,t]."""
    for site, year in model.upgrade:
        yield Cost("grid_steps", site, year, lookup.site[site].grid_step_cost_cny, model.upgrade[site, year])


def hardware(model: Model, lookup: Lookup) -> Iterator[Cost]:
    """price * lot * buy[k,s,h,t]."""
    for key in model.buy:
        kind = lookup.hardware[key[0]]
        yield Cost("hardware", key[1], key[3], kind.price_cny * kind.lot, model.buy[key])


def site_fixed(model: Model, lookup: Lookup) -> Iterator[Cost]:
    """fixed_cost * open[s,t]."""
    for site, year in model.open:
        yield Cost("site_fixed", site, year, lookup.site[site].fixed_cost_cny_per_year, model.open[site, year])


def hall_upkeep(model: Model, lookup: Lookup) -> Iterator[Cost]:
    """upkeep * halls[s,h,t]."""
    for site, hall, year in model.halls:
        yield Cost("hall_upkeep", site, year, lookup.hall[hall].upkeep_cny_per_year, model.halls[site, hall, year])


def hardware_in_service(model: Model, lookup: Lookup) -> Iterator[Cost]:
    """(maintenance_rate * price + fee) * own[k,s,h,t], existing fleet included."""
    for key in model.own:
        kind = lookup.hardware[key[0]]
        if kind.maintenance_rate * kind.price_cny > 0:
            yield Cost("hardware_maintenance", key[1], key[3], kind.maintenance_rate * kind.price_cny, model.own[key])
        if kind.fee_cny_per_year > 0:
            yield Cost("hardware_fees", key[1], key[3], kind.fee_cny_per_year, model.own[key])


def energy(model: Model, lookup: Lookup) -> Iterator[Cost]:
    """facility_mwh * 1000 * price, + green * 1000 * premium, + carbon price * tonnes, at all sites."""
    for site, year in model.facility_mwh:
        part = lookup.site[site]
        price = part.electricity_cny_per_kwh * KWH_PER_MWH
        yield Cost("electricity", site, year, price, model.facility_mwh[site, year])
        if (site, year) in model.green:
            premium = part.green_premium_cny_per_kwh * KWH_PER_MWH
            yield Cost("green_premium", site, year, premium, model.green[site, year])
        for tonnes, variable in carbon_terms(model, lookup, [site], year):
            yield Cost("carbon", site, year, lookup.case.carbon_price_cny_per_tonne * tonnes, variable)


def network(model: Model, lookup: Lookup) -> Iterator[Cost]:
    """gbps[w,t] * cny_per_gbps[w,s] * place[w,s,t]."""
    for w, site, year in model.place:
        workload = lookup.workload[w]
        cost = workload.gbps.get(year, 0.0) * workload.sites[site]
        if cost > 0:
            yield Cost("network", site, year, cost, model.place[w, site, year])


def penalties(model: Model, lookup: Lookup) -> Iterator[Cost]:
    """unserved_penalty * unserved[w,t], and penalty * miss[g] in the target's year."""
    for w, year in model.unserved:
        penalty = lookup.workload[w].unserved_penalty_cny or 0.0
        yield Cost("unserved_penalty", "", year, penalty, model.unserved[w, year])
    for target in lookup.case.targets:
        if target.id in model.miss:
            yield Cost("target_penalty", "", target.year, target.penalty_cny or 0.0, model.miss[target.id])


def salvage(model: Model, lookup: Lookup) -> Iterator[Cost]:
    """- cost * max(0, life - (e - t + 1)) / life at the end e of the last year, for what was built or bought in t."""
    end = lookup.years[-1]
    life = {
        "halls": lambda key: lookup.hall[key[1]].life_years,
        "conversions": lambda key: lookup.hall[key[2]].life_years,
        "grid_steps": lambda key: GRID_LIFE_YEARS,
        "hardware": lambda key: lookup.hardware[key[0]].life_years,
    }
    for item in model.capital:
        if item.category not in life:
            continue
        years = life[item.category](item.variable.index())
        share = max(0, years - (end - item.year + 1)) / years
        if share > 0:
            yield Cost("salvage", item.site, end, -item.coefficient * share, item.variable)
