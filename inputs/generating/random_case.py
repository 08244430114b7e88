"""A random case: drawn from a seed, feasible because a plan for it is drawn first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..case import Case
from ..mapping import FrozenMapping
from ..parts import GreenSite, Name
from .building import build, buy_green
from .catalogue import draw_catalogue
from .city import draw_city
from .draws import Draws, neat_up
from .ground import Ground
from .limits import limit_sites, limit_supply
from .measures import Measures
from .products import CONVENTION, MAX_UTILISATION
from .serving import equip, place
from .sizes import SIZES, Size
from .starting import draw_existing_halls, draw_fleet
from .systems import Systems
from .targets import draw_targets
from .witness import Witness

BASE_YEAR = 2025
GREEN_SITE_MW = 1.0
"""Least IT load of a green data centre at full scale."""

BUDGET = (1.0, 1.1)
"""The budget of a year with one, over what the witness spends."""


@dataclass(frozen=True)
class Drawn:
    """A random case and a plan for it."""

    case: Case
    witness: Witness


def draw_case(
    size: str, seed: int, *, sites: int | None = None, workloads: int | None = None, years: int | None = None
) -> Drawn:
    """Draw a case of a size, with other numbers of sites, workloads or years if these are given.

    The same arguments give the same case on every machine.
    """
    wanted = {"sites": sites, "workloads": workloads, "years": years}
    changed = {key: value for key, value in wanted.items() if value is not None}
    numbers = replace(SIZES[size], **changed)
    name = "-".join([size, str(seed), *(f"{value}-{key}" for key, value in changed.items())])
    return _draw(name, numbers, (size, seed))


def _draw(name: str, size: Size, seed: tuple[str, int]) -> Drawn:
    """Draw the parts one after the other, each from a stream of its own: more workloads leave the city as it is."""

    def draws(part: str) -> Draws:
        return Draws(*seed, part)

    catalogue = draw_catalogue(draws("catalogue"), size, BASE_YEAR)
    ground = Ground(draw_city(draws("city"), size, catalogue, BASE_YEAR), catalogue, BASE_YEAR, size.years, size.scale)
    workloads = Systems(draws("systems"), size, ground).workloads()
    fleet = draw_fleet(draws("fleet"), ground)
    existing = draw_existing_halls(draws("halls"), ground, fleet)

    witness = Witness()
    place(draws("place"), ground, workloads, witness)
    equip(draws("equip"), ground, workloads, fleet, witness)
    build(ground, existing, witness)
    sites = limit_sites(draws("limits"), ground, existing, workloads, size.scale, witness)
    hardware = limit_supply(draws("supply"), ground, witness)

    case = Case(
        name=name,
        title=_title(size, seed),
        base_year=BASE_YEAR,
        years=ground.years,
        discount_rate=0.05,
        carbon_price_cny_per_tonne=80,
        compute_convention=CONVENTION,
        max_utilisation=MAX_UTILISATION,
        green_site=GreenSite(pue_limit=1.3, min_it_mw=GREEN_SITE_MW * size.scale),
        sites=tuple(sites),
        hall_types=catalogue.hall_types,
        conversions=catalogue.conversions,
        hardware=hardware,
        fleet=fleet,
        workloads=workloads,
    )
    measures = Measures(ground, case, witness)
    buy_green(draws("green"), ground, measures.facility_mwh(), witness)
    budgets = _budgets(draws("budget"), ground, measures)
    targets = draw_targets(draws("targets"), ground, measures, size.targets)
    return Drawn(case.model_copy(update={"budget_cny": budgets, "targets": targets}), witness)


def _title(size: Size, seed: tuple[str, int]) -> Name:
    counts = (size.sites, size.workloads, size.years)
    return Name(
        en="Random {} {}: {} sites, {} workloads, {} years".format(*seed, *counts),
        zh="随机算例 {}-{}：{} 个站点，{} 项负载，{} 年".format(*seed, *counts),
    )


def _budgets(draws: Draws, ground: Ground, measures: Measures) -> Mapping[int, float]:
    """Give half of the years a budget: about what the witness spends, or its yearly mean if it hardly spends then."""
    chosen = draws.some(ground.years, (len(ground.years) + 1) // 2)
    spent = {year: measures.capital(year) for year in ground.years}
    mean = sum(spent.values()) / len(spent)
    return FrozenMapping({year: neat_up(max(spent[year], mean) * draws.between(*BUDGET)) for year in chosen})
