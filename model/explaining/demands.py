"""The demands and limits of a conflict as statements: what each says in the case, those that belong together in one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from ...inputs.case import Case
from ..lookup import Lookup
from .conflict import Conflict
from .explanation import ConflictFacts, Fact
from .levers import Kind, Lever, row_of_workload

Told = Iterator[Fact]


def told(case: Case, conflict: Conflict) -> ConflictFacts:
    """The conflict in statements, what is wanted first."""
    lookup = Lookup(case)
    facts = [
        fact
        for kind, tell in KINDS.items()
        if (levers := [lever for lever in conflict.levers if lever.kind == kind])
        for fact in tell(lookup, levers)
    ]
    return ConflictFacts(tuple(facts), conflict.smallest, conflict.whole)


def _targets(lookup: Lookup, levers: Sequence[Lever]) -> Told:
    for lever in levers:
        yield Fact("target", {"target": lever.subject})


def _workloads(lookup: Lookup, levers: Sequence[Lever]) -> Told:
    """Workloads of one row together, with all sites that any of them may use."""
    rows: dict[str, list[Lever]] = {}
    for lever in levers:
        rows.setdefault(row_of_workload(lookup.workload[lever.subject]), []).append(lever)
    for row, members in rows.items():
        ids = list(dict.fromkeys(lever.subject for lever in members))
        years = sorted({lever.year for lever in members if lever.year is not None})
        allowed = {site for each in ids for site in lookup.workload[each].sites}
        sites = [site.id for site in lookup.case.sites if site.id in allowed]
        yield Fact(members[0].kind, {"row": row, "workloads": ids, "years": years, "sites": sites})


def _indivisible(lookup: Lookup, levers: Sequence[Lever]) -> Told:
    for lever in levers:
        yield Fact("indivisible", {"row": row_of_workload(lookup.workload[lever.subject])})


def _grids(lookup: Lookup, levers: Sequence[Lever]) -> Told:
    sites = [lookup.site[lever.subject] for lever in levers]
    connections = [
        {
            "site": site.id,
            "kw": site.grid_kw,
            "steps": site.grid_max_steps if site.grid_step_kw else 0,
            "step_kw": site.grid_step_kw,
        }
        for site in sites
    ]
    yield Fact("grid", {"connections": connections})


def _halls(lookup: Lookup, levers: Sequence[Lever]) -> Told:
    plots = [{"site": lever.subject, "halls": lookup.site[lever.subject].max_halls} for lever in levers]
    yield Fact("halls", {"plots": plots})


def _egress(lookup: Lookup, levers: Sequence[Lever]) -> Told:
    yield Fact("egress", {"lines": [{"site": s.subject, "gbps": lookup.site[s.subject].egress_gbps} for s in levers]})


def _supply(lookup: Lookup, levers: Sequence[Lever]) -> Told:
    for hardware in dict.fromkeys(lever.subject for lever in levers):
        supply = lookup.hardware[hardware].supply
        years = [lever.year for lever in levers if lever.subject == hardware and lever.year is not None]
        yield Fact("supply", {"hardware": hardware, "supply": [{"year": y, "units": supply[y]} for y in years]})


def _market(lookup: Lookup, levers: Sequence[Lever]) -> Told:
    for lever in levers:
        kind = lookup.hardware[lever.subject]
        yield Fact("market", {"hardware": kind.id, "first": kind.available_from, "last": kind.available_to})


def _budget(lookup: Lookup, levers: Sequence[Lever]) -> Told:
    years = [lever.year for lever in levers if lever.year is not None]
    yield Fact("budget", {"budgets": [{"year": year, "cny": lookup.case.budget_cny[year]} for year in years]})


def _first_year(lookup: Lookup, levers: Sequence[Lever]) -> Told:
    for lever in levers:
        yield Fact("first_year", {"site": lever.subject, "year": lookup.site[lever.subject].earliest_year})


def _lead(lookup: Lookup, levers: Sequence[Lever]) -> Told:
    for lever in levers:
        years = lookup.hall[lever.subject].lead_years
        yield Fact("lead", {"hall": lever.subject, "years": years, "first": lookup.case.base_year + 1 + years})


def _whole(lookup: Lookup, levers: Sequence[Lever]) -> Told:
    yield Fact(levers[0].kind)


KINDS: Mapping[Kind, Callable[[Lookup, Sequence[Lever]], Told]] = {
    "target": _targets,
    "served": _workloads,
    "backup": _workloads,
    "first_year": _first_year,
    "grid": _grids,
    "halls": _halls,
    "egress": _egress,
    "supply": _supply,
    "market": _market,
    "budget": _budget,
    "lead": _lead,
    "indivisible": _indivisible,
    "whole_halls": _whole,
    "whole_servers": _whole,
    "whole_steps": _whole,
    "whole_sites": _whole,
}
"""How each kind of demand is told, in the order in which they are told."""
