"""The cost of a plan, recomputed from its decisions, and the checks of costs.csv, the budget and the objective."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from ...inputs.parts import Site
from . import physics
from .buildings import conversions, pairings
from .findings import Findings, Tally, differ, total
from .lookup import Lookup
from .records import CostRow, HallRow, PowerRow, Records
from .state import State

CAPITAL = ("site_opening", "halls", "conversions", "grid_steps", "hardware")
CostKey = tuple[str, str, int]
"""(category, site, year); the site is empty for penalties"""
Costs = defaultdict[CostKey, Tally]


def recompute_costs(records: Records, state: State, lookup: Lookup) -> Costs:
    """All costs but the target penalties, CNY of the base year, not discounted."""
    costs: Costs = defaultdict(Tally)
    for site in lookup.case.sites:
        _add_capital(costs, site, records, lookup)
    _add_hardware(costs, records, state, lookup)
    _add_conversions(costs, records, lookup)
    for site in lookup.case.sites:
        for year in lookup.case.years:
            _add_running(costs, site, year, records, state, lookup)
    for row in records.placement:
        workload = lookup.workloads[row.workload]
        if row.role == "primary" and row.site in workload.sites:
            gbps = workload.gbps.get(row.year, 0.0) * row.share
            costs["network", row.site, row.year].add(gbps * workload.sites[row.site])
        if row.role == "unserved":
            penalty = (workload.unserved_penalty_cny or 0.0) * row.share
            costs["unserved_penalty", "", row.year].add(penalty)
    return costs


def capital_by_year(costs: Costs, lookup: Lookup) -> dict[int, Tally]:
    """Capital spending of all sites by year, CNY."""
    return {
        year: total(tally.value for (category, _, paid), tally in costs.items() if category in CAPITAL and paid == year)
        for year in lookup.case.years
    }


def _add_capital(costs: Costs, site: Site, records: Records, lookup: Lookup) -> None:
    """Opening, halls and grid steps, with the salvage value of the last two."""
    years = lookup.case.years
    first = next((year for year in years if records.opened[site.id, year]), None)
    if first is not None and not site.existing:
        costs["site_opening", site.id, first].add(site.opening_cost_cny)
    for year in years:
        for hall in lookup.case.hall_types:
            built = records.halls.get((site.id, hall.id, year), HallRow()).built
            paid = built * hall.capex_cny * site.build_cost_factor
            costs["halls", site.id, year].add(paid)
            _add_salvage(costs, site.id, lookup, paid * physics.salvage_share(year, years[-1], hall.life_years))
        steps = records.power.get((site.id, year), PowerRow()).grid_steps
        paid = steps * site.grid_step_cost_cny
        costs["grid_steps", site.id, year].add(paid)
        left = physics.salvage_share(year, years[-1], physics.GRID_STEP_LIFE_YEARS)
        _add_salvage(costs, site.id, lookup, paid * left)


def _add_hardware(costs: Costs, records: Records, state: State, lookup: Lookup) -> None:
    """Purchases with their salvage value, maintenance and fees."""
    for (site_id, _, hardware_id, year), row in records.hardware.items():
        hardware = lookup.hardware[hardware_id]
        paid = row.bought * hardware.price_cny
        costs["hardware", site_id, year].add(paid)
        left = physics.salvage_share(year, lookup.case.years[-1], hardware.life_years)
        _add_salvage(costs, site_id, lookup, paid * left)
    for (site_id, _, hardware_id, year), units in state.units.items():
        hardware = lookup.hardware[hardware_id]
        maintenance = units * hardware.maintenance_rate * hardware.price_cny
        costs["hardware_maintenance", site_id, year].add(maintenance)
        costs["hardware_fees", site_id, year].add(units * hardware.fee_cny_per_year)


def _add_conversions(costs: Costs, records: Records, lookup: Lookup) -> None:
    """Conversions with their salvage value.

    halls.csv does not say which hall became which. Where that leaves several costs possible, the one nearest to
    costs.csv is taken, and likewise the salvage value.
    """
    salvage: defaultdict[str, set[float]] = defaultdict(lambda: {0.0})
    for (site_id, year), (away, into) in conversions(records).items():
        options = _conversion_options(lookup.sites[site_id], year, (away, into), lookup)
        found = records.costs.get(("conversions", site_id, year), CostRow()).cny
        paid = _nearest(found, {cost for cost, _ in options})
        costs["conversions", site_id, year].add(paid)
        values = {value for cost, value in options if not differ(cost, paid)}
        salvage[site_id] = {sum_before + value for sum_before in salvage[site_id] for value in values}
    last = lookup.case.years[-1]
    for site_id, values in salvage.items():
        found = -records.costs.get(("salvage", site_id, last), CostRow()).cny
        others = -costs["salvage", site_id, last].value
        _add_salvage(costs, site_id, lookup, _nearest(found - others, values))


def _conversion_options(
    site: Site, year: int, converted: tuple[Mapping[str, int], Mapping[str, int]], lookup: Lookup
) -> set[tuple[float, float]]:
    """Every (cost, salvage value) that the conversions of a site and year may have."""
    prices = {(item.from_hall, item.to_hall): item.cost_cny for item in lookup.case.conversions}
    last = lookup.case.years[-1]
    options = set()
    for pairs in pairings(site, *converted, lookup):
        paid = {pair: halls * prices[pair] for pair, halls in pairs.items()}
        salvage = sum(
            cost * physics.salvage_share(year, last, lookup.halls[pair[1]].life_years) for pair, cost in paid.items()
        )
        options.add((sum(paid.values()), salvage))
    return options or {(0.0, 0.0)}


def _nearest(found: float, options: Collection[float]) -> float:
    return min(options, key=lambda option: abs(option - found))


def _add_salvage(costs: Costs, site_id: str, lookup: Lookup, value: float) -> None:
    costs["salvage", site_id, lookup.case.years[-1]].add(-value)


def _add_running(costs: Costs, site: Site, year: int, records: Records, state: State, lookup: Lookup) -> None:
    """Fixed cost, upkeep, electricity, green premium and carbon of a site in a year."""
    facility_mwh, green_mwh = state.facility_mwh[site.id, year], state.green_mwh[site.id, year]
    costs["site_fixed", site.id, year].add(records.opened[site.id, year] * site.fixed_cost_cny_per_year)
    for hall in lookup.case.hall_types:
        halls = state.halls.get((site.id, hall.id, year), 0)
        costs["hall_upkeep", site.id, year].add(halls * hall.upkeep_cny_per_year)
    costs["electricity", site.id, year].add(facility_mwh * 1000 * site.electricity_cny_per_kwh)
    costs["green_premium", site.id, year].add(green_mwh * 1000 * site.green_premium_cny_per_kwh)
    carbon_price = lookup.case.carbon_price_cny_per_tonne * site.carbon_kg_per_kwh
    costs["carbon", site.id, year].add(facility_mwh * carbon_price)
    costs["carbon", site.id, year].add(-green_mwh * carbon_price)


def check_costs(records: Records, costs: Costs, lookup: Lookup, findings: Findings) -> None:
    """Every cost in costs.csv, and every one left out of it, is what it should be, discounted too."""
    case = lookup.case
    for key in dict.fromkeys((*costs, *records.costs)):
        category, site_id, year = key
        expected = costs.get(key, Tally())
        row = records.costs.get(key, CostRow())
        where = lookup.at(site_id, year) if site_id else f"{year}"
        findings.same(row.cny, expected, f"{where}: {category} in costs.csv", "CNY")
        factor = physics.discount(case.discount_rate, case.base_year, year)
        discounted = Tally(expected.value * factor, expected.size * factor)
        findings.same(row.discounted_cny, discounted, f"{where}: discounted {category} in costs.csv", "CNY")


def check_budget(capital: Mapping[int, Tally], lookup: Lookup, findings: Findings) -> None:
    """No year's capital spending exceeds its budget."""
    for year, limit in lookup.case.budget_cny.items():
        if year in capital:
            findings.at_most(capital[year], limit, f"{year}: capital spending", "CNY in the budget")
