"""What the plan commits its owner to: every site opened, hall, conversion, grid step and purchase, with its dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from .view import TRACE, PlanView

Work = Literal["opening", "hall", "conversion", "grid", "hardware"]
WORKS: tuple[Work, ...] = ("opening", "hall", "conversion", "grid", "hardware")
GROUPS: Mapping[Work, str] = {
    "opening": "buildings", "hall": "buildings", "conversion": "buildings", "grid": "grid", "hardware": "hardware",
}  # fmt: skip
"""The group of costs that each kind of work belongs to."""
GRID_STEP_LIFE_YEARS = 30


@dataclass(frozen=True)
class Commitment:
    """Something to be approved in one year and in service from another on (the same, without a lead time).

    `item` is the hall type or hardware (of a conversion what the hall becomes, empty if that is not known), `old`
    what it was before. `cny` is the price in prices of the base year, not discounted; `life_years` is 0 for what
    keeps no value.
    """

    work: Work
    site: str
    item: str
    count: int
    approve: int
    needed: int
    cny: float
    life_years: int = 0
    old: str = ""

    def salvage_cny(self, last: int) -> float:
        """The value left at the end of the last year, straight line, not discounted."""
        if not self.life_years:
            return 0.0
        return self.cny * max(0, self.life_years - (last - self.needed + 1)) / self.life_years


def commitments(view: PlanView) -> tuple[Commitment, ...]:
    """Everything the plan builds, converts, connects and buys, by kind of work, year and site of the case."""
    halls = list(_halls(view))
    ordered: dict[str, int] = {}
    for hall in halls:
        ordered[hall.site] = min(hall.approve, ordered.get(hall.site, hall.approve))
    # Who orders a hall has approved its site.
    openings = [replace(o, approve=min(o.approve, ordered.get(o.site, o.approve))) for o in _openings(view)]
    found = [*openings, *halls, *_conversions(view), *_grid_steps(view), *_purchases(view)]
    place = {site: n for n, site in enumerate(view.sites)}
    return tuple(sorted(found, key=lambda c: (WORKS.index(c.work), c.approve, c.needed, place[c.site])))


def _rows(table: pd.DataFrame, column: str) -> Iterator[dict[str, object]]:
    """The rows of a table that have something in a column."""
    for row in table.loc[table[column] > TRACE].to_dict("records"):
        yield {str(key): value for key, value in row.items()}


def _whole(value: object) -> int:
    return round(float(str(value)))


def _openings(view: PlanView) -> Iterator[Commitment]:
    table = view.tables["sites"]
    first = table.loc[table["open"] > TRACE].groupby("site")["year"].min()
    for site in view.case.sites:
        if not site.existing and site.id in first.index:
            year = int(first[site.id])
            yield Commitment("opening", site.id, "", 1, year, year, site.opening_cost_cny)


def _halls(view: PlanView) -> Iterator[Commitment]:
    kinds = {hall.id: hall for hall in view.case.hall_types}
    for row in _rows(view.tables["halls"], "built"):
        site, hall, year = view.sites[str(row["site"])], kinds[str(row["hall"])], _whole(row["year"])
        count = _whole(row["built"])
        cny = count * hall.capex_cny * site.build_cost_factor
        approve = max(view.first, year - hall.lead_years)
        yield Commitment("hall", site.id, hall.id, count, approve, year, cny, hall.life_years)


def _conversions(view: PlanView) -> Iterator[Commitment]:
    """halls.csv does not say which hall became which: it is known where only one type is given up, or only one made."""
    prices = {(c.from_hall, c.to_hall): c.cost_cny for c in view.case.conversions}
    lives = {hall.id: hall.life_years for hall in view.case.hall_types}
    costs = view.costs.loc[view.costs["category"] == "conversions"].groupby(["site", "year"])["cny"].sum()
    table = view.tables["halls"].loc[lambda halls: (halls["converted_away"] > TRACE) | (halls["converted_in"] > TRACE)]
    for place, rows in table.groupby(["site", "year"], sort=False):
        site, year = str(rows["site"].iloc[0]), int(rows["year"].iloc[0])
        away = {str(r["hall"]): _whole(r["converted_away"]) for r in _rows(rows, "converted_away")}
        made = {str(r["hall"]): _whole(r["converted_in"]) for r in _rows(rows, "converted_in")}
        pairs = {(old, new): min(a, m) for old, a in away.items() for new, m in made.items()}
        known = (len(away) == 1 or len(made) == 1) and all(pair in prices for pair in pairs)
        if known:
            for (old, new), count in pairs.items():
                cny = count * prices[old, new]
                yield Commitment("conversion", site, new, count, year, year, cny, lives[new], old)
        elif made or away:
            count = max(sum(made.values()), sum(away.values()))
            cny = float(costs.get(place, 0.0))
            yield Commitment("conversion", site, "", count, year, year, cny)


def _grid_steps(view: PlanView) -> Iterator[Commitment]:
    for row in _rows(view.tables["power"], "grid_steps"):
        site, count, year = view.sites[str(row["site"])], _whole(row["grid_steps"]), _whole(row["year"])
        cny = count * site.grid_step_cost_cny
        yield Commitment("grid", site.id, "", count, year, year, cny, GRID_STEP_LIFE_YEARS)


def _purchases(view: PlanView) -> Iterator[Commitment]:
    kinds = {hardware.id: hardware for hardware in view.case.hardware}
    table = view.tables["hardware"].groupby(["site", "hardware", "year"], sort=False)[["bought"]].sum().reset_index()
    for row in _rows(table, "bought"):
        hardware, count, year = kinds[str(row["hardware"])], _whole(row["bought"]), _whole(row["year"])
        cny = count * hardware.price_cny
        yield Commitment("hardware", str(row["site"]), hardware.id, count, year, year, cny, hardware.life_years)


def total(found: Iterable[Commitment]) -> float:
    """The price of all of them, CNY."""
    return sum(c.cny for c in found)


def by_group(view: PlanView, found: Iterable[Commitment], when: Literal["approve", "needed"]) -> pd.DataFrame:
    """The prices by group of costs (rows) and by year of approval or of entering service (columns), CNY."""
    groups = list(dict.fromkeys(GROUPS.values()))
    sums = {(group, year): 0.0 for group in groups for year in view.years}
    for each in found:
        sums[GROUPS[each.work], each.approve if when == "approve" else each.needed] += each.cny
    return pd.DataFrame([[sums[g, y] for y in view.years] for g in groups], index=groups, columns=list(view.years))


def grid_kw(view: PlanView, found: Iterable[Commitment]) -> float:
    """What the grid steps among them add, kW."""
    return sum(c.count * view.sites[c.site].grid_step_kw for c in found if c.work == "grid")
