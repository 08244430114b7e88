"""What is built, converted, connected and bought in two plans: what only one does, and more, less, earlier, later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ..view import PlanView

Kind = Literal["built", "converted_in", "grid_mw", "bought"]
KINDS: tuple[Kind, ...] = ("built", "converted_in", "grid_mw", "bought")
"""Halls built, halls converted into a type, power connection in MW, hardware in units."""
How = Literal["only_before", "only_after", "more", "less", "earlier", "later", "otherwise"]
TRACE = 1e-6
Key = tuple[str, Kind, str]
"""Site, kind of work, and the hall type or hardware type (empty: grid connection)."""


@dataclass(frozen=True)
class Work:
    """One kind of work at one site in two plans, by year; `cny` is the price of the difference, not discounted.

    "earlier", "later": as much, with the mean year before or after; "otherwise": as much with the same mean year.
    """

    site: str
    kind: Kind
    item: str
    before: Mapping[int, float]
    after: Mapping[int, float]
    cny: float

    @property
    def how(self) -> How:
        """How the second plan differs."""
        first, second = sum(self.before.values()), sum(self.after.values())
        if second <= TRACE:
            return "only_before"
        if first <= TRACE:
            return "only_after"
        if abs(second - first) > TRACE * max(first, 1.0):
            return "more" if second > first else "less"
        shift = _mean_year(self.after) - _mean_year(self.before)
        if abs(shift) < TRACE:
            return "otherwise"
        return "earlier" if shift < 0 else "later"

    @property
    def same(self) -> bool:
        """Whether both plans do the same in the same years."""
        years = {*self.before, *self.after}
        return all(abs(self.before.get(year, 0.0) - self.after.get(year, 0.0)) <= TRACE for year in years)


def _mean_year(by_year: Mapping[int, float]) -> float:
    return sum(year * n for year, n in by_year.items()) / sum(by_year.values())


def programme(view: PlanView) -> dict[Key, dict[int, float]]:
    """Everything that a plan builds, converts, connects and buys, by year; what is zero is left out."""
    out: dict[Key, dict[int, float]] = {}

    def add(key: Key, year: object, amount: float) -> None:
        if amount > TRACE:
            by_year = out.setdefault(key, {})
            by_year[int(str(year))] = by_year.get(int(str(year)), 0.0) + amount

    halls = view.tables["halls"]
    for row in halls.to_dict("records"):
        add((str(row["site"]), "built", str(row["hall"])), row["year"], float(row["built"]))
        add((str(row["site"]), "converted_in", str(row["hall"])), row["year"], float(row["converted_in"]))
    for row in view.tables["power"].to_dict("records"):
        step = view.sites[str(row["site"])].grid_step_kw / 1000
        add((str(row["site"]), "grid_mw", ""), row["year"], float(row["grid_steps"]) * step)
    for row in view.tables["hardware"].to_dict("records"):
        add((str(row["site"]), "bought", str(row["hardware"])), row["year"], float(row["bought"]))
    return out


def works(before: PlanView, after: PlanView) -> tuple[Work, ...]:
    """All works of two plans, the same ones too: by site, kind and type in the order of the cases."""
    first, second = programme(before), programme(after)
    sites = {site: n for n, site in enumerate(dict.fromkeys([*before.sites, *after.sites]))}
    items = _items(before, after)
    keys = sorted({*first, *second}, key=lambda key: (sites[key[0]], KINDS.index(key[1]), items.get(key[2], -1)))
    out = []
    for key in keys:
        pair = first.get(key, {}), second.get(key, {})
        cny = _price(after, key) * sum(pair[1].values()) - _price(before, key) * sum(pair[0].values())
        out.append(Work(*key, *pair, cny))
    return tuple(out)


def _items(*views: PlanView) -> dict[str, int]:
    """The place of each hall and hardware type in the cases."""
    halls = [hall.id for view in views for hall in view.case.hall_types]
    ids = [*halls, *(kind.id for view in views for kind in view.case.hardware)]
    return {identifier: n for n, identifier in enumerate(dict.fromkeys(ids))}


def _price(view: PlanView, key: Key) -> float:
    """What one hall, MW or unit costs, CNY, not discounted; of conversions into a type the dearest."""
    site, kind, item = key
    place = view.sites.get(site)
    if place is None:
        return 0.0
    if kind == "converted_in":
        return max((c.cost_cny for c in view.case.conversions if c.to_hall == item), default=0.0)
    if kind == "grid_mw":
        return place.grid_step_cost_cny / place.grid_step_kw * 1000 if place.grid_step_kw else 0.0
    if kind == "built":
        return next((h.capex_cny for h in view.case.hall_types if h.id == item), 0.0) * place.build_cost_factor
    return next((k.price_cny for k in view.case.hardware if k.id == item), 0.0)
