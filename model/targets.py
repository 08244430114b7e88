"""Targets: what the plan must attain, or may miss at a price."""

from __future__ import annotations

import pyomo.environ as pyo

from ..inputs.parts import Target
from .lookup import HOURS_PER_YEAR_THOUSANDS, Lookup
from .metrics import RATIOS, Metrics, in_scope, scope_text
from .rows import Model, add_rows


def add_targets(model: Model, lookup: Lookup) -> None:
    """Declare miss[g] for soft targets, the indicators that targets need, and one row for each target."""
    targets = {target.id: target for target in lookup.case.targets}
    soft = [target.id for target in lookup.case.targets if is_soft(target)]
    model.miss = pyo.Var(soft, domain=pyo.NonNegativeReals)
    _add_green_sites(model, lookup)
    _add_districts_with_edge(model, lookup)
    metrics = Metrics(model, lookup)

    def target_row(model: Model, target_id: str) -> object:
        """metric (+ miss for >=, - miss for <=) >=, <= or = value; a ratio as numerator - value * denominator."""
        target = targets[target_id]
        form = metrics.form(target.metric, target.scope, target.year).against(target.value)
        wanted = 0.0 if target.metric in RATIOS else target.value
        attained = form.expression()
        if target.sense == "==":
            return attained == wanted
        missed = model.miss[target_id] if is_soft(target) else 0.0
        return attained + missed >= wanted if target.sense == ">=" else attained - missed <= wanted

    add_rows(model, "target", targets, target_row)


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
    model.green_site = pyo.Var(list(asked), domain=pyo.Binary)
    least_mwh = definition.min_it_mw * 1000.0 * HOURS_PER_YEAR_THOUSANDS

    def green_load(model: Model, site: str, year: int) -> object:
        """it_mwh[s,t] >= green_min_it_mw * 8760 h * green_site[s,t]: an empty hall is not a green data centre."""
        return model.it_mwh[site, year] >= least_mwh * model.green_site[site, year]

    def green_pue(model: Model, site: str, year: int) -> object:
        """facility_mwh - pue_limit * it_mwh <= M * (1 - green_site), M the most that can exceed the limit at s."""
        excess = model.facility_mwh[site, year] - definition.pue_limit * model.it_mwh[site, year]
        return excess <= _most_excess(lookup, site, definition.pue_limit) * (1 - model.green_site[site, year])

    add_rows(model, "green_load", asked, green_load)
    add_rows(model, "green_pue", asked, green_pue)


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
    case = lookup.case
    members: dict[tuple[str, str, int], list[str]] = {}
    for target in case.targets:
        if target.metric != "districts_with_edge":
            continue
        for site in case.sites:
            if site.kind == "edge" and in_scope(site, target.scope):
                nodes = members.setdefault((scope_text(target.scope), site.district, target.year), [])
                if site.id not in nodes:
                    nodes.append(site.id)
    model.district_has_edge = pyo.Var(list(members), domain=pyo.Binary)

    def edge_somewhere(model: Model, scope: str, district: str, year: int) -> object:
        """district_has_edge[d,t] <= sum of open[s,t] over the district's edge sites."""
        key = (scope, district, year)
        return model.district_has_edge[key] <= sum(model.open[site, year] for site in members[key])

    def edge_counts(model: Model, scope: str, district: str, year: int, site: str) -> object:
        """district_has_edge[d,t] >= open[s,t]: an open node counts, also when a target limits their number."""
        return model.district_has_edge[scope, district, year] >= model.open[site, year]

    add_rows(model, "edge_somewhere", members, edge_somewhere)
    add_rows(model, "edge_counts", [(*key, site) for key, nodes in members.items() for site in nodes], edge_counts)
