"""Costs: every item of the net present cost, one rule each; objective, budget and capex are their sums."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyomo.environ as pyo

from .arrays.components import Numbers, Total
from .arrays.families import Model, add_forms, families_of
from .arrays.forms import LinearForm, together
from .arrays.members import Codes, Dimension, Members, Vector
from .arrays.tracing import Terms, trace_amounts
from .lookup import Lookup

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
class Costs:
    """Amounts of one category in CNY, one for each member: paid in which year, at which site (None: nowhere)."""

    category: Category
    members: Members
    rule: Callable[..., Any]
    terms: Terms
    year: Codes
    site: Codes | None

    def in_year(self, year: int) -> LinearForm:
        """What is paid in the year with this number."""
        return LinearForm.of(self.terms, self.year == year)


def site_opening(m: Model, s: str, t: int) -> Any:
    """opening_cost * (open[s,t] - open[s,t-1]) of sites that do not exist yet: paid once, in the first open year."""
    return m.site.opening_cost_cny[s] * (m.open[s, t] - m.open[s, t - 1])


def halls(m: Model, s: str, h: str, t: int) -> Any:
    """capex * build_cost_factor * build[s,h,t]."""
    return m.hall.capex_cny[h] * m.site.build_cost_factor[s] * m.build[s, h, t]


def conversions(m: Model, s: str, h: str, g: str, t: int) -> Any:
    """cost * convert[s,h,h',t]."""
    return m.conversion_cost[h, g] * m.convert[s, h, g, t]


def grid_steps(m: Model, s: str, t: int) -> Any:
    """grid_step_cost * upgrade[s,t]."""
    return m.site.grid_step_cost_cny[s] * m.upgrade[s, t]


def hardware(m: Model, k: str, s: str, h: str, t: int) -> Any:
    """price * lot * buy[k,s,h,t]."""
    return m.hardware.price_cny[k] * m.hardware.lot[k] * m.buy[k, s, h, t]


def site_fixed(m: Model, s: str, t: int) -> Any:
    """fixed_cost * open[s,t]."""
    return m.site.fixed_cost_cny_per_year[s] * m.open[s, t]


def hall_upkeep(m: Model, s: str, h: str, t: int) -> Any:
    """upkeep * halls[s,h,t]."""
    return m.hall.upkeep_cny_per_year[h] * m.halls[s, h, t]


def hardware_maintenance(m: Model, k: str, s: str, h: str, t: int) -> Any:
    """maintenance_rate * price * own[k,s,h,t], existing fleet included."""
    return m.hardware.maintenance_rate[k] * m.hardware.price_cny[k] * m.own[k, s, h, t]


def hardware_fees(m: Model, k: str, s: str, h: str, t: int) -> Any:
    """fee * own[k,s,h,t]."""
    return m.hardware.fee_cny_per_year[k] * m.own[k, s, h, t]


def electricity(m: Model, s: str, t: int) -> Any:
    """facility_mwh * 1000 * price."""
    return KWH_PER_MWH * m.site.electricity_cny_per_kwh[s] * m.facility_mwh[s, t]


def green_premium(m: Model, s: str, t: int) -> Any:
    """green * 1000 * premium."""
    return KWH_PER_MWH * m.site.green_premium_cny_per_kwh[s] * m.green[s, t]


def carbon_tonnes(m: Model, s: str, t: int) -> Any:
    """(facility_mwh - green) * carbon_kg_per_kwh: tonnes, not yet money."""
    return m.site.carbon_kg_per_kwh[s] * (m.facility_mwh[s, t] - m.green[s, t])


def carbon(m: Model, s: str, t: int) -> Any:
    """Carbon price * tonnes, at all sites."""
    return m.carbon_price * carbon_tonnes(m, s, t)


def network(m: Model, w: str, s: str, t: int) -> Any:
    """gbps[w,t] * cny_per_gbps[w,s] * place[w,s,t]."""
    return m.gbps[w, t] * m.cny_per_gbps[w, s] * m.place[w, s, t]


def unserved_penalty(m: Model, w: str, t: int) -> Any:
    """unserved_penalty * unserved[w,t]."""
    return m.workload.unserved_penalty_cny[w] * m.unserved[w, t]


def target_penalty(m: Model, g: str) -> Any:
    """penalty * miss[g], in the target's year."""
    return m.miss_penalty[g] * m.miss[g]


def salvage_of_halls(m: Model, s: str, h: str, t: int) -> Any:
    """- what the halls built in t are worth at the end e of the last year: cost * max(0, life - (e - t + 1)) / life."""
    return -m.hall_left[h, t] * halls(m, s, h, t)


def salvage_of_conversions(m: Model, s: str, h: str, g: str, t: int) -> Any:
    """- what is left of the conversions made in t: they live as long as the hall they make."""
    return -m.hall_left[g, t] * conversions(m, s, h, g, t)


def salvage_of_grid_steps(m: Model, s: str, t: int) -> Any:
    """- what is left of the grid steps added in t: they live 30 years."""
    return -m.grid_left[t] * grid_steps(m, s, t)


def salvage_of_hardware(m: Model, k: str, s: str, h: str, t: int) -> Any:
    """- what is left of the hardware bought in t."""
    return -m.hardware_left[k, t] * hardware(m, k, s, h, t)


def add_capital(model: Model, lookup: Lookup) -> None:
    """Collect the capital items, for the budget and the capex metric."""
    hall = model.dimension["hall"]
    model.conversion_cost = Numbers((hall, hall), np.zeros((len(hall), len(hall))))
    for conversion in lookup.case.conversions:
        pair = hall.number[conversion.from_hall], hall.number[conversion.to_hall]
        model.conversion_cost.array[pair] = conversion.cost_cny
    model.capital = [
        _costs(model, "site_opening", model.candidate_years, site_opening),
        _costs(model, "halls", model.building, halls),
        _costs(model, "conversions", model.converting, conversions),
        _costs(model, "grid_steps", model.upgrading, grid_steps),
        _costs(model, "hardware", model.buying, hardware),
    ]


def capital_in(model: Model, year: int) -> LinearForm:
    """Capital spending in the year with this number."""
    return together([costs.in_year(year) for costs in model.capital])


def add_budget(model: Model, lookup: Lookup) -> None:
    """Capital spending in t <= budget[t], in each year that has a budget."""
    budget = lookup.case.budget_cny
    limited = [year for year in lookup.years if year in budget]
    forms = [capital_in(model, lookup.years.index(year)) for year in limited]
    limits = np.array([budget[year] for year in limited], dtype=float)
    add_forms(model, "budget", "year", limited, forms, np.full(len(limited), -np.inf), limits)


def add_objective(model: Model, lookup: Lookup) -> None:
    """Minimise the net present cost: all items, each discounted from its year to the end of the base year."""
    year = model.dimension["year"]
    model.carbon_price = lookup.case.carbon_price_cny_per_tonne
    model.hall_left = Numbers((model.dimension["hall"], year), _left(model.hall.life_years, len(year)))
    model.hardware_left = Numbers((model.dimension["hardware"], year), _left(model.hardware.life_years, len(year)))
    model.grid_left = Numbers((year,), _left(GRID_LIFE_YEARS, len(year)))
    year_of_target = np.array([lookup.years.index(target.year) for target in lookup.case.targets], dtype=np.int32)
    penalties = [np.nan if target.penalty_cny is None else target.penalty_cny for target in lookup.case.targets]
    model.miss_penalty = Numbers((model.dimension["target"],), penalties)
    due = year_of_target[model.soft_targets.of("target")]
    last = len(year) - 1
    model.costs = [
        *model.capital,
        _costs(model, "site_fixed", model.site_years, site_fixed),
        _costs(model, "hall_upkeep", model.standing, hall_upkeep),
        _costs(model, "hardware_maintenance", model.owning, hardware_maintenance),
        _costs(model, "hardware_fees", model.owning, hardware_fees),
        _costs(model, "electricity", model.site_years, electricity),
        _costs(model, "green_premium", model.greening, green_premium),
        _costs(model, "carbon", model.site_years, carbon),
        _costs(model, "network", model.placing, network),
        _costs(model, "unserved_penalty", model.penalised, unserved_penalty),
        _costs(model, "target_penalty", model.soft_targets, target_penalty, due),
        _costs(model, "salvage", model.building, salvage_of_halls, last),
        _costs(model, "salvage", model.converting, salvage_of_conversions, last),
        _costs(model, "salvage", model.upgrading, salvage_of_grid_steps, last),
        _costs(model, "salvage", model.buying, salvage_of_hardware, last),
    ]
    model.net_present_cost = Total(net_present_cost)


def net_present_cost(m: Model) -> Any:
    """The sum of all items, each times discount[t] of its year."""
    years = m.dimension["year"].labels
    return sum(
        m.discount[years[paid]] * costs.rule(m, *(index if isinstance(index, tuple) else (index,)))
        for costs in m.costs
        for index, paid in zip(costs.members, costs.year.tolist(), strict=True)
    )


def discounted(model: Model, columns: int) -> Vector:
    """The cost of one unit of each column: all items that it is in, discounted."""
    items = [
        LinearForm(costs.terms.columns, costs.terms.coefficients * model.discount.array[costs.year[costs.terms.rows]])
        for costs in model.costs
    ]
    total = together(items)
    return np.bincount(total.columns, total.coefficients, minlength=columns).astype(float, copy=False)


def limit_net_present_cost(model: Model, limit_cny: float) -> None:
    """Net present cost <= limit, for a search of something else than the least cost."""
    cost = discounted(model, sum(len(decisions.members) for decisions in families_of(model, pyo.Var)))
    form = LinearForm(np.flatnonzero(cost), cost[cost != 0])
    model.dimension["limit"] = Dimension("limit", ("cost",))
    add_forms(model, "cost_limit", "limit", ["cost"], [form], np.array([-np.inf]), np.array([limit_cny]))


def _costs(
    model: Model, category: Category, members: Members, rule: Callable[..., Any], paid: Codes | int | None = None
) -> Costs:
    """Trace the items of a rule; they are paid in the year of their index unless another is given."""
    year = members.of("year") if paid is None else np.broadcast_to(np.asarray(paid, dtype=np.int32), len(members))
    site = members.of("site") if "site" in members.names else None
    return Costs(category, members, rule, trace_amounts(model, members, rule), year, site)


def _left(life: Numbers | int, years: int) -> Vector:
    """The share left at the end of the last year of what enters service in each year, straight line."""
    life_years: Vector = np.array([[life]], dtype=float) if isinstance(life, int) else life.array.reshape(-1, 1)
    left: Vector = np.maximum(0.0, life_years - (years - np.arange(years))) / life_years
    return left
