"""Metrics: the quantities that targets, tables and reports speak of, each defined once as a linear form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..inputs.parts import Metric, Scope, Site
from .arrays.families import Model
from .arrays.forms import LinearForm
from .arrays.members import Flags, Members, Vector
from .arrays.tracing import Terms, trace_amounts
from .costs import capital_in, carbon_tonnes
from .data import flags
from .lookup import STANDARD_RACK_KW, Lookup

RATIOS = frozenset({"domestic_share", "rack_utilisation", "pue", "green_share"})

UNITS: dict[Metric, str] = {
    "compute_pflops": "PFLOPS",
    "domestic_share": "share",
    "racks_in_service": "racks",
    "racks_occupied": "racks",
    "rack_utilisation": "share",
    "it_mwh": "MWh",
    "facility_mwh": "MWh",
    "pue": "ratio",
    "green_share": "share",
    "carbon_tonnes": "t",
    "capex": "CNY",
    "edge_nodes": "sites",
    "districts_with_edge": "districts",
    "green_sites": "sites",
}
"""Unit of each metric; the unit of `pool_capacity` is the name of its resource."""


@dataclass(frozen=True)
class MetricForm:
    """A metric in one scope and year: a linear form, or a ratio of two."""

    numerator: LinearForm
    denominator: LinearForm | None = None

    def value(self, x: Vector) -> float | None:
        """The metric at a point; None for a ratio without denominator."""
        if self.denominator is None:
            return self.numerator.value(x)
        below = self.denominator.value(x)
        return self.numerator.value(x) / below if below > 1e-9 else None

    def against(self, value: float) -> LinearForm:
        """What is compared with the target: the form itself, or numerator - value * denominator (against 0)."""
        return self.numerator if self.denominator is None else self.numerator.plus(-value, self.denominator)


def scope_text(scope: Scope) -> str:
    """The scope in words, as the tables name it: `city; kinds=edge`."""
    words = ["all" if scope.in_city is None else "city" if scope.in_city else "outside city"]
    for name in ("districts", "kinds", "sites", "pools", "classes"):
        members = getattr(scope, name)
        if members is not None:
            words.append(f"{name}={'+'.join(members)}")
    words += [f"{name}={getattr(scope, name)}" for name in ("pool", "resource") if getattr(scope, name) is not None]
    return "; ".join(words)


def in_scope(site: Site, scope: Scope) -> bool:
    """Whether the scope counts the site."""
    return (
        (scope.in_city is None or site.in_city == scope.in_city)
        and (scope.districts is None or site.district in scope.districts)
        and (scope.kinds is None or site.kind in scope.kinds)
        and (scope.sites is None or site.id in scope.sites)
    )


def counted_pflops(m: Model, k: str, s: str, h: str, t: int) -> Any:
    """own * counted_pflops: what counts follows from the case's compute convention."""
    return m.hardware.counted_pflops[k] * m.own[k, s, h, t]


def domestic_pflops(m: Model, k: str, s: str, h: str, t: int) -> Any:
    """The same of domestic hardware alone."""
    return m.hardware.domestic[k] * counted_pflops(m, k, s, h, t)


def usable_capacity(m: Model, k: str, s: str, h: str, p: str, r: str, t: int) -> Any:
    """own * provides * max_utilisation: what is usable of a resource in a pool."""
    return m.usable[k, r] * m.own[k, s, h, t]


def standard_racks(m: Model, s: str, h: str, t: int) -> Any:
    """halls * racks * rack_kw / 2.5."""
    return m.hall.racks[h] * m.hall.rack_kw[h] / STANDARD_RACK_KW * m.halls[s, h, t]


def standard_racks_taken(m: Model, k: str, s: str, h: str, t: int) -> Any:
    """own * racks per unit * rack_kw / 2.5."""
    return m.racks_per_unit[k, h] * m.hall.rack_kw[h] / STANDARD_RACK_KW * m.own[k, s, h, t]


def it_mwh(m: Model, k: str, s: str, h: str, t: int) -> Any:
    """own * average_kw * 8.76."""
    return m.average_mwh[k] * m.own[k, s, h, t]


def facility_mwh(m: Model, k: str, s: str, h: str, t: int) -> Any:
    """own * average_kw * 8.76 * PUE(s,h)."""
    return m.average_mwh[k] * m.pue[s, h] * m.own[k, s, h, t]


class Metrics:
    """Builds the form of any metric in any scope and year from the model's decisions."""

    def __init__(self, model: Model, lookup: Lookup) -> None:
        self._model, self._lookup = model, lookup
        self._traced: dict[Callable[..., Any], Terms] = {}

    def form(self, metric: Metric, scope: Scope, year: int) -> MetricForm:
        """The metric's form; the method of the metric's name says what it is.

        green_sites and districts_with_edge need their indicators, which exist where a target asks for them.
        """
        build: Callable[[Scope, int], MetricForm] = getattr(self, metric)
        return build(scope, self._lookup.years.index(year))

    def compute_pflops(self, scope: Scope, t: int) -> MetricForm:
        """sum own * counted_pflops."""
        return MetricForm(self._sum(self._model.owning, counted_pflops, scope, t))

    def pool_capacity(self, scope: Scope, t: int) -> MetricForm:
        """sum over k in p of own * provides * max_utilisation: what is usable of the resource in the pool."""
        providing, dimension = self._model.providing, self._model.dimension
        wanted = (providing.of("pool") == dimension["pool"].number.get(scope.pool, -1)) & (
            providing.of("resource") == dimension["resource"].number.get(scope.resource, -1)
        )
        return MetricForm(self._sum(providing, usable_capacity, scope, t, wanted))

    def domestic_share(self, scope: Scope, t: int) -> MetricForm:
        """Counted PFLOPS on domestic hardware / counted PFLOPS."""
        domestic = self._sum(self._model.owning, domestic_pflops, scope, t)
        return MetricForm(domestic, self.compute_pflops(scope, t).numerator)

    def racks_in_service(self, scope: Scope, t: int) -> MetricForm:
        """sum halls * racks * rack_kw / 2.5: standard racks."""
        return MetricForm(self._sum(self._model.standing, standard_racks, scope, t))

    def racks_occupied(self, scope: Scope, t: int) -> MetricForm:
        """sum own * racks per unit * rack_kw / 2.5: standard racks."""
        return MetricForm(self._sum(self._model.owning, standard_racks_taken, scope, t))

    def rack_utilisation(self, scope: Scope, t: int) -> MetricForm:
        """Racks occupied / racks in service."""
        return MetricForm(self.racks_occupied(scope, t).numerator, self.racks_in_service(scope, t).numerator)

    def it_mwh(self, scope: Scope, t: int) -> MetricForm:
        """sum own * average_kw * 8.76."""
        if scope.pools is None and scope.classes is None:
            return MetricForm(self._each("it_mwh", scope, t))
        return MetricForm(self._sum(self._model.owning, it_mwh, scope, t))

    def facility_mwh(self, scope: Scope, t: int) -> MetricForm:
        """sum own * average_kw * 8.76 * PUE(s,h)."""
        if scope.pools is None and scope.classes is None:
            return MetricForm(self._each("facility_mwh", scope, t))
        return MetricForm(self._sum(self._model.owning, facility_mwh, scope, t))

    def pue(self, scope: Scope, t: int) -> MetricForm:
        """facility_mwh / it_mwh."""
        return MetricForm(self.facility_mwh(scope, t).numerator, self.it_mwh(scope, t).numerator)

    def green_share(self, scope: Scope, t: int) -> MetricForm:
        """green / facility_mwh."""
        return MetricForm(self._each("green", scope, t), self.facility_mwh(scope, t).numerator)

    def carbon_tonnes(self, scope: Scope, t: int) -> MetricForm:
        """sum_s (facility_mwh - green) * carbon_kg_per_kwh."""
        return MetricForm(self._sum(self._model.site_years, carbon_tonnes, scope, t))

    def capex(self, scope: Scope, t: int) -> MetricForm:
        """Capital spending of the year, at all sites whatever the scope."""
        return MetricForm(capital_in(self._model, t))

    def edge_nodes(self, scope: Scope, t: int) -> MetricForm:
        """Open edge sites."""
        edge = flags(site.kind == "edge" for site in self._lookup.case.sites)
        return MetricForm(self._each("open", scope, t, edge))

    def districts_with_edge(self, scope: Scope, t: int) -> MetricForm:
        """Districts with at least one open edge site."""
        indicators = self._model.district_has_edge
        number = self._model.dimension["scope"].number.get(scope_text(scope), -1)
        asked = (indicators.members.of("scope") == number) & (indicators.members.of("year") == t)
        return MetricForm(_sum_of(indicators, asked))

    def green_sites(self, scope: Scope, t: int) -> MetricForm:
        """Sites with facility_mwh <= green_pue_limit * it_mwh and the least IT load of a green data centre."""
        return MetricForm(self._each("green_site", scope, t))

    def _each(self, decision: str, scope: Scope, t: int, sites: Flags | bool = True) -> LinearForm:
        """The sum of a decision over the sites in scope."""
        decisions = getattr(self._model, decision)
        members = decisions.members
        inside = (self._sites(scope) & sites)[members.of("site")]
        return _sum_of(decisions, inside & (members.of("year") == t))

    def _sum(
        self, members: Members, rule: Callable[..., Any], scope: Scope, t: int, wanted: Flags | bool = True
    ) -> LinearForm:
        """The sum of a rule over the members in scope."""
        if rule not in self._traced:
            self._traced[rule] = trace_amounts(self._model, members, rule)
        inside = self._sites(scope)[members.of("site")] & (members.of("year") == t) & wanted
        if scope.pools is not None or scope.classes is not None:
            kinds = flags(
                (scope.pools is None or kind.pool in scope.pools)
                and (scope.classes is None or kind.hardware_class in scope.classes)
                for kind in self._lookup.case.hardware
            )
            inside &= kinds[members.of("hardware")]
        return LinearForm.of(self._traced[rule], inside)

    def _sites(self, scope: Scope) -> Flags:
        return flags(in_scope(site, scope) for site in self._lookup.case.sites)


def _sum_of(decisions: Any, members: Flags) -> LinearForm:
    columns = decisions.first_column + np.flatnonzero(members)
    return LinearForm(columns, np.ones(len(columns)))
