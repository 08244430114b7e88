"""Targets: what the plan must attain, or may miss at a price."""

from __future__ import annotations

import numpy as np

from ..inputs.parts import Target
from .arrays.components import Numbers
from .arrays.families import Model, add_decisions, add_forms, add_rows
from .arrays.forms import LinearForm
from .arrays.members import Dimension, Members, members_of
from .lookup import HOURS_PER_YEAR_THOUSANDS, Lookup
from .metrics import RATIOS, Metrics, in_scope, scope_text
from .strengthening import most_missed


def add_targets(model: Model, lookup: Lookup) -> None:
    """Declare miss[g] for soft targets, the indicators that targets need, and one row for each target.

    metric (+ miss for >=, - miss for <=) >=, <= or = value; a ratio as numerator - value * denominator, against 0.
    """
    targets = lookup.case.targets
    _add_green_sites(model, lookup)
    _add_districts_with_edge(model, lookup)
    metrics = Metrics(model, lookup)
    forms = [metrics.form(g.metric, g.scope, g.year).against(g.value) for g in targets]
    wanted = [0.0 if target.metric in RATIOS else target.value for target in targets]

    soft = [number for number, target in enumerate(targets) if is_soft(target)]
    model.soft_targets = Members((model.dimension["target"],), [np.array(soft)])
    furthest = [most_missed(model, forms[i], wanted[i], targets[i].sense) for i in soft]
    add_decisions(model, "miss", model.soft_targets, reach=np.array(furthest))
    for position, number in enumerate(soft):
        missed = LinearForm(np.array([model.miss.first_column + position]), np.ones(1))
        forms[number] = forms[number].plus(1.0 if targets[number].sense == ">=" else -1.0, missed)
    least = [-np.inf if target.sense == "<=" else value for target, value in zip(targets, wanted, strict=True)]
    most = [np.inf if target.sense == ">=" else value for target, value in zip(targets, wanted, strict=True)]
    add_forms(model, "target", "target", [target.id for target in targets], forms, np.array(least), np.array(most))


def is_soft(target: Target) -> bool:
    """Whether the target may be missed at a price; an equality never may."""
    return target.penalty_cny is not None and target.sense != "=="


def _add_green_sites(model: Model, lookup: Lookup) -> None:
    """Declare green_site[s,t] = 1 only if the site is a green data centre, where a target asks for it."""
    case, definition = lookup.case, lookup.case.green_site
    asked = {
        (site.id, target.year): None
        for target in case.targets
        if target.metric == "green_sites"
        for site in case.sites
        if in_scope(site, target.scope)
    }
    members = members_of((model.dimension["site"], model.dimension["year"]), asked)
    add_decisions(model, "green_site", members, upper=1, whole=True)
    least_mwh = definition.min_it_mw * 1000.0 * HOURS_PER_YEAR_THOUSANDS
    most = {site: _most_excess(lookup, site, definition.pue_limit) for site in {site for site, _ in asked}}
    model.most_excess = Numbers((model.dimension["site"],), [most.get(site.id, np.nan) for site in case.sites])

    def green_load(m: Model, s: str, t: int) -> object:
        """it_mwh[s,t] >= green_min_it_mw * 8760 h * green_site[s,t]: an empty hall is not a green data centre."""
        return m.it_mwh[s, t] >= least_mwh * m.green_site[s, t]

    def green_pue(m: Model, s: str, t: int) -> object:
        """facility_mwh - pue_limit * it_mwh <= M * (1 - green_site), M the most that can exceed the limit at s."""
        excess = m.facility_mwh[s, t] - definition.pue_limit * m.it_mwh[s, t]
        return excess <= m.most_excess[s] * (1 - m.green_site[s, t])

    add_rows(model, "green_load", members, green_load)
    add_rows(model, "green_pue", members, green_pue)


def _most_excess(lookup: Lookup, site: str, pue_limit: float) -> float:
    """Largest facility_mwh - pue_limit * it_mwh that the site's halls and grid allow, MWh.

    With PUE q the grid carries at most usable * kW / q of IT power; each kW exceeds by (q - limit) * 8.76 MWh at most
    when the mean power of a unit does not exceed its peak.
    """
    part = lookup.site[site]
    grid_kw = part.usable_grid * (part.grid_kw + part.grid_max_steps * part.grid_step_kw)
    intensity = max(
        (kind.average_kw / kind.peak_kw if kind.peak_kw > 0 else 1.0 for kind in lookup.case.hardware), default=1.0
    )
    unmetered = any(kind.peak_kw == 0 and kind.average_kw > 0 for kind in lookup.case.hardware)
    excess = 0.0
    for hall in lookup.halls_at[site]:
        pue = lookup.pue(site, hall)
        if pue > pue_limit:
            hall_kw = lookup.hall[hall].racks * lookup.hall[hall].rack_kw * part.max_halls
            most_kw = min(grid_kw / pue, hall_kw) * intensity
            excess += (pue - pue_limit) * HOURS_PER_YEAR_THOUSANDS * (1e6 if unmetered else most_kw)
    return excess


def _add_districts_with_edge(model: Model, lookup: Lookup) -> None:
    """Declare district_has_edge[scope,d,t] = 1 exactly if an edge site of the scope is open in the district."""
    asked = {
        (scope_text(target.scope), site.district, target.year, site.id): None
        for target in lookup.case.targets
        if target.metric == "districts_with_edge"
        for site in lookup.case.sites
        if site.kind == "edge" and in_scope(site, target.scope)
    }
    dimension = model.dimension
    dimension["scope"] = Dimension("scope", tuple(dict.fromkeys(scope for scope, *_ in asked)))
    model.edge_sites = members_of([dimension[name] for name in ("scope", "district", "year", "site")], asked)
    districts = model.edge_sites.over("scope", "district", "year")
    add_decisions(model, "district_has_edge", districts, upper=1, whole=True)

    def edge_somewhere(m: Model, c: str, d: str, t: int) -> object:
        """district_has_edge[d,t] <= sum of open[s,t] over the district's edge sites."""
        return m.district_has_edge[c, d, t] <= sum(m.open[s, t] for s in m.edge_sites[c, d, t, :])

    def edge_counts(m: Model, c: str, d: str, t: int, s: str) -> object:
        """district_has_edge[d,t] >= open[s,t]: an open node counts, also when a target limits their number."""
        return m.district_has_edge[c, d, t] >= m.open[s, t]

    add_rows(model, "edge_somewhere", districts, edge_somewhere)
    add_rows(model, "edge_counts", model.edge_sites, edge_counts)
