"""Metrics: the quantities that targets, tables and reports speak of, each defined once as a linear form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pyomo.core.expr import LinearExpression

from ..inputs.parts import Metric, Scope, Site
from .lookup import Lookup
from .rows import Model

Term = tuple[float, Any]
"""A coefficient and a Pyomo variable."""

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
class LinearForm:
    """A sum of coefficient * variable."""

    terms: tuple[Term, ...]

    def expression(self) -> Any:
        """The form as a Pyomo expression; the number 0 when it has no terms."""
        if not self.terms:
            return 0.0
        return LinearExpression(
            constant=0.0, linear_coefs=[c for c, _ in self.terms], linear_vars=[v for _, v in self.terms]
        )

    def value(self) -> float:
        """The form at the values that the variables have."""
        return float(sum(c * v.value for c, v in self.terms))

    def minus(self, factor: float, other: LinearForm) -> LinearForm:
        """This form less `factor` times the other, like terms collected."""
        total: dict[int, list[Any]] = {}
        for sign, form in ((1.0, self), (-factor, other)):
            for coefficient, variable in form.terms:
                entry = total.setdefault(id(variable), [0.0, variable])
                entry[0] += sign * coefficient
        return LinearForm(tuple((c, v) for c, v in total.values()))


@dataclass(frozen=True)
class MetricForm:
    """A metric in one scope and year: a linear form, or a ratio of two."""

    numerator: LinearForm
    denominator: LinearForm | None = None

    def value(self) -> float | None:
        """The metric at the values that the variables have; None for a ratio without denominator."""
        if self.denominator is None:
            return self.numerator.value()
        below = self.denominator.value()
        return self.numerator.value() / below if below > 1e-9 else None

    def against(self, value: float) -> LinearForm:
        """What is compared with the target: the form itself, or numerator - value * denominator (against 0)."""
        return self.numerator if self.denominator is None else self.numerator.minus(value, self.denominator)


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


class Metrics:
    """Builds the form of any metric in any scope and year from the model's variables."""

    def __init__(self, model: Model, lookup: Lookup) -> None:
        self._model = model
        self._lookup = lookup
        self._own_in: dict[int, list[Any]] = {year: [] for year in lookup.years}
        for key in model.own:
            self._own_in[key[3]].append(key)

    def form(self, metric: Metric, scope: Scope, year: int) -> MetricForm:
        """The metric's form; the method of the metric's name says what it is.

        green_sites and districts_with_edge need their indicators, which exist where a target asks for them.
        """
        build: Callable[[Scope, int], MetricForm] = getattr(self, metric)
        return build(scope, year)

    def compute_pflops(self, scope: Scope, year: int) -> MetricForm:
        """sum own * counted_pflops: what counts follows from the case's compute convention."""
        return MetricForm(self._hardware(scope, year, lambda k, s, h: self._lookup.hardware[k].counted_pflops))

    def pool_capacity(self, scope: Scope, year: int) -> MetricForm:
        """sum over k in p of own * provides * max_utilisation: what is usable of the resource in the pool."""
        lookup, pool, resource = self._lookup, scope.pool, scope.resource or ""

        def usable(k: str, s: str, h: str) -> float:
            return lookup.usable(k, resource) if lookup.hardware[k].pool == pool else 0.0

        return MetricForm(self._hardware(scope, year, usable))

    def domestic_share(self, scope: Scope, year: int) -> MetricForm:
        """Counted PFLOPS on domestic hardware / counted PFLOPS."""
        hardware = self._lookup.hardware
        domestic = self._hardware(scope, year, lambda k, s, h: hardware[k].counted_pflops * hardware[k].domestic)
        return MetricForm(domestic, self.compute_pflops(scope, year).numerator)

    def racks_in_service(self, scope: Scope, year: int) -> MetricForm:
        """sum halls * racks * rack_kw / 2.5: standard racks."""
        lookup = self._lookup
        terms = (
            (lookup.hall[hall].racks * lookup.standard_racks(hall), self._model.halls[site, hall, year])
            for site in self._site_ids(scope)
            for hall in lookup.halls_at[site]
        )
        return MetricForm(_form(terms))

    def racks_occupied(self, scope: Scope, year: int) -> MetricForm:
        """sum own * racks per unit * rack_kw / 2.5: standard racks."""
        lookup = self._lookup
        return MetricForm(
            self._hardware(scope, year, lambda k, s, h: lookup.racks_per_unit(k, h) * lookup.standard_racks(h))
        )

    def rack_utilisation(self, scope: Scope, year: int) -> MetricForm:
        """Racks occupied / racks in service."""
        return MetricForm(self.racks_occupied(scope, year).numerator, self.racks_in_service(scope, year).numerator)

    def it_mwh(self, scope: Scope, year: int) -> MetricForm:
        """sum own * average_kw * 8.76."""
        if scope.pools is None and scope.classes is None:
            return MetricForm(_form((1.0, self._model.it_mwh[site, year]) for site in self._site_ids(scope)))
        return MetricForm(self._hardware(scope, year, lambda k, s, h: self._lookup.average_mwh(k)))

    def facility_mwh(self, scope: Scope, year: int) -> MetricForm:
        """sum own * average_kw * 8.76 * PUE(s,h)."""
        if scope.pools is None and scope.classes is None:
            return MetricForm(_form((1.0, self._model.facility_mwh[site, year]) for site in self._site_ids(scope)))
        lookup = self._lookup
        return MetricForm(self._hardware(scope, year, lambda k, s, h: lookup.average_mwh(k) * lookup.pue(s, h)))

    def pue(self, scope: Scope, year: int) -> MetricForm:
        """facility_mwh / it_mwh."""
        return MetricForm(self.facility_mwh(scope, year).numerator, self.it_mwh(scope, year).numerator)

    def green_share(self, scope: Scope, year: int) -> MetricForm:
        """green / facility_mwh."""
        sites = [site for site in self._site_ids(scope) if (site, year) in self._model.green]
        green = _form((1.0, self._model.green[site, year]) for site in sites)
        return MetricForm(green, self.facility_mwh(scope, year).numerator)

    def carbon_tonnes(self, scope: Scope, year: int) -> MetricForm:
        """sum_s (facility_mwh - green) * carbon_kg_per_kwh."""
        return MetricForm(_form(carbon_terms(self._model, self._lookup, self._site_ids(scope), year)))

    def capex(self, scope: Scope, year: int) -> MetricForm:
        """Capital spending of the year, at all sites whatever the scope."""
        return MetricForm(_form((item.coefficient, item.variable) for item in self._model.capital_in[year]))

    def edge_nodes(self, scope: Scope, year: int) -> MetricForm:
        """Open edge sites."""
        return MetricForm(_form((1.0, self._model.open[site, year]) for site in self._edge_sites(scope)))

    def districts_with_edge(self, scope: Scope, year: int) -> MetricForm:
        """Districts with at least one open edge site."""
        districts = dict.fromkeys(self._lookup.site[site].district for site in self._edge_sites(scope))
        indicator = self._model.district_has_edge
        return MetricForm(_form((1.0, indicator[scope_text(scope), district, year]) for district in districts))

    def green_sites(self, scope: Scope, year: int) -> MetricForm:
        """Sites with facility_mwh <= green_pue_limit * it_mwh and the least IT load of a green data centre."""
        return MetricForm(_form((1.0, self._model.green_site[site, year]) for site in self._site_ids(scope)))

    def _site_ids(self, scope: Scope) -> list[str]:
        return [site.id for site in self._lookup.case.sites if in_scope(site, scope)]

    def _edge_sites(self, scope: Scope) -> list[str]:
        return [s for s in self._site_ids(scope) if self._lookup.site[s].kind == "edge"]

    def _hardware(self, scope: Scope, year: int, per_unit: Any) -> LinearForm:
        """sum own * per_unit(k, s, h) over the hardware in the scope."""
        lookup = self._lookup
        sites = set(self._site_ids(scope))
        terms = []
        for key in self._own_in[year]:
            kind = lookup.hardware[key[0]]
            if (
                key[1] in sites
                and (scope.pools is None or kind.pool in scope.pools)
                and (scope.classes is None or kind.hardware_class in scope.classes)
            ):
                coefficient = per_unit(*key[:3])
                if coefficient:
                    terms.append((float(coefficient), self._model.own[key]))
        return LinearForm(tuple(terms))


def carbon_terms(model: Model, lookup: Lookup, sites: Iterable[str], year: int) -> Iterator[Term]:
    """Tonnes of carbon: (facility_mwh - green) * carbon_kg_per_kwh, site by site."""
    for site in sites:
        factor = lookup.site[site].carbon_kg_per_kwh
        if factor > 0:
            yield factor, model.facility_mwh[site, year]
            if (site, year) in model.green:
                yield -factor, model.green[site, year]


def _form(terms: Iterable[Term]) -> LinearForm:
    return LinearForm(tuple((float(c), v) for c, v in terms if c))
