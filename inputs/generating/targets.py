"""Targets around the witness: what it attains is asked for where a target is hard, and often more where it is soft."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..parts import Metric, Scope, Sense, Target
from .draws import Draws, neat, neat_down, neat_up
from .ground import Ground
from .measures import Measures

COUNTS = frozenset({"edge_nodes", "districts_with_edge", "green_sites"})
SHARES = frozenset({"domestic_share", "rack_utilisation", "green_share"})

CNY_PER_UNIT: dict[Metric, float] = {
    "compute_pflops": 400e3,
    "domestic_share": 100e3,
    "racks_in_service": 8e3,
    "racks_occupied": 8e3,
    "rack_utilisation": 8e3,
    "it_mwh": 300,
    "facility_mwh": 300,
    "pue": 900,
    "green_share": 70,
    "carbon_tonnes": 150,
    "capex": 0.1,
    "edge_nodes": 1.5e6,
    "districts_with_edge": 2e6,
    "green_sites": 20e6,
}
"""What a unit missed costs: about what it costs to attain it, so that it is worth a thought. A ratio is missed in units
of its numerator; a pool's capacity is priced by its unit, see below."""


@dataclass(frozen=True)
class Recipe:
    """A target in the making: `year` counts from the first one (negative: from the last), `scope` draws the scope."""

    id: str
    metric: Metric
    sense: Sense
    hard: bool
    year: int = -1
    scope: Callable[[Draws, Ground], Scope | None] = lambda draws, ground: Scope()


def _classes(name: str) -> Callable[[Draws, Ground], Scope | None]:
    return lambda draws, ground: Scope(classes=(name,))


def _pools(name: str) -> Callable[[Draws, Ground], Scope | None]:
    return lambda draws, ground: Scope(pools=(name,)) if name in ground.pool else None


def _capacity(pool: str, resource: str) -> Callable[[Draws, Ground], Scope | None]:
    return lambda draws, ground: Scope(pool=pool, resource=resource) if pool in ground.pool else None


def _everywhere(draws: Draws, ground: Ground) -> Scope:
    return Scope(in_city=None)


def _outside(draws: Draws, ground: Ground) -> Scope | None:
    return Scope(in_city=False) if any(not site.in_city for site in ground.city.sites) else None


def _cores(draws: Draws, ground: Ground) -> Scope:
    return Scope(kinds=("core",))


def _district(draws: Draws, ground: Ground) -> Scope:
    return Scope(districts=(ground.city.sites[0].district,))


def _campuses(draws: Draws, ground: Ground) -> Scope:
    return Scope(sites=tuple(site.id for site in ground.city.sites[:2]))


RECIPES = (
    Recipe("compute", "compute_pflops", ">=", hard=True),
    Recipe("edge-nodes", "edge_nodes", "==", hard=True),
    Recipe("green", "green_share", ">=", hard=False),
    Recipe("pue", "pue", "<=", hard=False),
    Recipe("general-vcpu", "pool_capacity", ">=", hard=True, scope=_capacity("general", "vcpu")),
    Recipe("domestic", "domestic_share", ">=", hard=True),
    Recipe("racks", "racks_in_service", ">=", hard=True, year=0),
    Recipe("utilisation", "rack_utilisation", ">=", hard=True),
    Recipe("carbon", "carbon_tonnes", "<=", hard=False, scope=_everywhere),
    Recipe("capex", "capex", "<=", hard=False, year=0),
    Recipe("districts", "districts_with_edge", ">=", hard=True),
    Recipe("green-sites", "green_sites", ">=", hard=False),
    Recipe("it-energy", "it_mwh", "<=", hard=False, scope=_pools("storage")),
    Recipe("core-energy", "facility_mwh", "<=", hard=True, scope=_cores),
    Recipe("racks-occupied", "racks_occupied", ">=", hard=False, year=1),
    Recipe("ai-compute", "compute_pflops", ">=", hard=True, year=1, scope=_classes("ai")),
    Recipe("campuses", "compute_pflops", ">=", hard=False, scope=_campuses),
    Recipe("gov-storage", "pool_capacity", ">=", hard=False, year=1, scope=_capacity("gov_cloud", "storage_tb")),
    Recipe("gov-domestic", "domestic_share", ">=", hard=False, year=1, scope=_pools("gov_cloud")),
    Recipe("utilisation-early", "rack_utilisation", ">=", hard=False, year=1),
    Recipe("pue-limit", "pue", "<=", hard=True, year=1),
    Recipe("green-least", "green_share", ">=", hard=True, scope=_everywhere),
    Recipe("hub-energy", "it_mwh", "<=", hard=False, scope=_outside),
    Recipe("district-energy", "facility_mwh", "<=", hard=False, scope=_district),
    Recipe("green-sites-least", "green_sites", ">=", hard=True, scope=_everywhere),
    Recipe("capex-limit", "capex", "<=", hard=True, year=1),
    Recipe("carbon-limit", "carbon_tonnes", "<=", hard=True, year=1),
)
"""In the order in which smaller cases leave them out from the end."""


def draw_targets(draws: Draws, ground: Ground, measures: Measures, count: int) -> tuple[Target, ...]:
    """Draw the first targets of the list, so many, as far as the city has what they speak of."""
    targets = []
    for recipe in RECIPES[:count]:
        scope = recipe.scope(draws, ground)
        year = ground.years[min(recipe.year, len(ground.years) - 1)]
        if scope is not None:
            target = _target(draws, recipe, scope, year, measures)
            targets += [target] if target is not None else []
    return tuple(targets)


def _target(draws: Draws, recipe: Recipe, scope: Scope, year: int, measures: Measures) -> Target | None:
    above, below = measures.attained(recipe.metric, scope, year)
    if below is not None and below <= 0:
        return None
    attained = above if below is None else above / below
    if recipe.hard:
        value = _kept(draws, recipe, attained)
        if value is None:
            return None
    elif recipe.metric in COUNTS:
        value = attained + 1
    else:
        value = neat(attained * draws.between(*_ambition(recipe)))
    if recipe.metric in SHARES:
        value = min(value, 1.0)
    if recipe.metric == "pue":
        value = max(value, 1.0)
    return Target(
        id=f"{recipe.id}-{year}",
        metric=recipe.metric,
        sense=recipe.sense,
        value=value,
        year=year,
        scope=scope,
        penalty_cny=None if recipe.hard else _penalty(draws, recipe, scope),
        source="random",
    )


def _ambition(recipe: Recipe) -> tuple[float, float]:
    """What a soft target asks for, over what the witness attains."""
    if recipe.metric == "pue":
        return 0.93, 1.0
    return (0.95, 1.2) if recipe.sense == ">=" else (0.85, 1.05)


def _kept(draws: Draws, recipe: Recipe, attained: float) -> float | None:
    """A value that the witness keeps; None where that would say nothing."""
    if recipe.metric in COUNTS:
        return attained if attained > 0 or recipe.sense == "==" else None
    if recipe.sense == ">=":
        return neat_down(attained * draws.between(0.9, 0.99)) or None
    return neat_up(attained * draws.between(1.01, 1.1))


def _penalty(draws: Draws, recipe: Recipe, scope: Scope) -> float:
    """CNY per unit missed."""
    if recipe.metric == "pool_capacity":
        return neat(CNY_PER_CAPACITY[scope.resource or ""] * draws.between(0.5, 2))
    return neat(CNY_PER_UNIT[recipe.metric] * draws.between(0.5, 2))


CNY_PER_CAPACITY = {"storage_tb": 200.0, "vcpu": 300.0}
"""What a unit of a pool's capacity missed costs."""
