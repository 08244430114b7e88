"""The sites on a map and in a table, year by year: what is in use, and what is built there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from statistics import mean

import numpy as np
import pandas as pd

from ...inputs.network import great_circle_km
from ...inputs.parts import Site
from .. import gallery
from ..charts.chart import Chart
from ..charts.map import SiteMap
from ..charts.map_parts import Kind, MapWords, Place, State
from ..document import ByYear, Figure, Frame, Section, Table
from ..draft import Draft, left, right, table, wide
from ..numbers import DASH, Unit, decimals_for, number, percent, plain, quantity
from ..view import TRACE, at, periods

MOST_FRAMES = 12
"""Years, or periods of years, that are shown one by one."""
MOST_NAMED = 6
_KINDS: tuple[Kind, ...] = ("core", "edge", "remote")
_COMPASS = ("north", "north_east", "east", "south_east", "south", "south_west", "west", "north_west")


def finding(draft: Draft) -> str:
    """The heading: how many sites are in use at the end, and which place carries the most of their power."""
    t, view = draft.t, draft.view
    used = [site for site in view.sites if at(_in_use(draft), site, view.last) > 0]
    values = {"n": len(used), "sites": t.count("site", len(view.sites)), "year": view.last}
    if not used:
        return t("sites.none", **values)
    if len(used) == 1:
        return t("sites.only", name=view.site_names[used[0]], **values)
    peak = pd.Series({site: at(view.power["peak_kw"], site, view.last) for site in used})
    if peak.sum() <= TRACE:
        return t("sites.plain", **values)
    places = peak.groupby([_place_name(draft, view.sites[site]) for site in used], sort=False).sum()
    return t("sites.most", place=str(places.idxmax()), share=percent(float(places.max() / peak.sum())), **values)


def section(draft: Draft) -> Section:
    """The section."""
    t, view = draft.t, draft.view
    in_use = _in_use(draft)
    new = [view.site_names[i] for i, site in view.sites.items() if at(in_use, i, view.last) > 0 and not site.existing]
    lead = t("sites.new", names=t.listing(new, most=MOST_NAMED, noun="site")) if new else ""
    years = _Years(draft)
    frames = tuple(years.frame(label, chunk) for label, chunk in periods(view.years, MOST_FRAMES))
    return Section("sites", t("sites.label"), finding(draft), (ByYear("sites", frames),), lead=lead)


def _in_use(draft: Draft) -> pd.DataFrame:
    view = draft.view
    return view.by_year(view.tables["sites"], "site", "open").reindex(list(view.sites), fill_value=0.0)


def _place_name(draft: Draft, site: Site) -> str:
    """The district of a site of the city; a site without one, or outside, goes by its own name."""
    if site.district and site.in_city:
        return draft.t.term("district", site.district)
    return draft.view.site_names[site.id]


class _Years:
    """The frames of the section, one for each year or period of years."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        view = draft.view
        self.in_use = _in_use(draft)
        self.peak_kw = view.power["peak_kw"]
        self.power = view.power_unit
        least = 1 if self.power.factor > 1 else 0
        decimals = max(least, decimals_for((self.peak_kw / self.power.factor).to_numpy().ravel()))
        self.peak = Unit(self.power.unit, self.power.factor, decimals)
        self.racks = view.racks["in_service"]
        self.built = self._sum(view.tables["halls"], "built")
        self.converted = self._sum(view.tables["halls"], "converted_in")
        self.bought = self._sum(view.tables["hardware"], "bought")
        steps = pd.Series({i: site.grid_step_kw for i, site in view.sites.items()})
        self.grid_kw = view.power["grid_steps"].mul(steps, axis=0)

    def _sum(self, table_: pd.DataFrame, column: str) -> pd.DataFrame:
        view = self.draft.view
        return view.by_year(table_, "site", column).reindex(list(view.sites), fill_value=0.0)

    def frame(self, label: str, years: Sequence[int]) -> Frame:
        """How things stand in the last of the years, with what is built in any of them."""
        return Frame(label, self._table(label, years), self._figure(label, years))

    def _table(self, label: str, years: Sequence[int]) -> Table:
        t, view = self.draft.t, self.draft.view
        last = years[-1]
        grids = (self.built, self.converted, self.grid_kw, self.bought)
        done = [{str(site): float(n) for site, n in grid[list(years)].sum(axis=1).items()} for grid in grids]
        rows, idle = [], []
        for n, (identifier, site) in enumerate(view.sites.items(), 1):
            works = self._works([identifier], done)
            if at(self.in_use, identifier, last) <= 0 and works == DASH:
                idle.append(view.site_names[identifier])
                continue
            rows.append(
                (
                    str(n), view.site_names[identifier],
                    t.term("district", site.district) if site.district else DASH, t.word(f"kind.{site.kind}"),
                    plain(at(self.racks, identifier, last)),
                    self.peak(at(self.peak_kw, identifier, last)), works,
                )
            )  # fmt: skip
        used = int((self.in_use[last] > 0).sum())
        total = t("sites.total", sites=t.count("site", used))
        sums = plain(float(self.racks[last].sum())), self.peak(float(self.peak_kw[last].sum()))
        rows.append(("", total, "", "", *sums, self._works(list(view.sites), done)))
        titles = (
            right(t("sites.column.number")), wide(t("column.site"), 1.6), left(t("sites.column.district")),
            left(t("assumptions.site.kind")), right(t("sites.column.racks")),
            right(t("sites.column.peak", unit=self.power.unit)),
            wide(t("sites.column.works", years=label), 1.4),
        )  # fmt: skip
        named = t.listing(idle, most=MOST_NAMED, noun="site")
        note = t("sites.idle", year=last, names=named) if idle else ""
        caption = t("sites.caption", year=last)
        return table(f"sites-{last}", caption, titles, rows, note=note, total=True, dense=True)

    def _works(self, sites: Sequence[str], done: Sequence[Mapping[str, float]]) -> str:
        """What is built and bought at sites, in a few words, from the sums by site in the order of the grids."""
        t = self.draft.t
        built, converted, grid, bought = (sum(amounts[site] for site in sites) for amounts in done)
        parts = []
        if built > 0:
            parts.append(t("sites.built", halls=t.count("hall", round(built))))
        if converted > 0:
            parts.append(t("sites.converted", halls=t.count("hall", round(converted))))
        if grid > 0:
            parts.append(t("sites.grid", power=self._amount(grid)))
        if bought > 0:
            parts.append(t.count("work_hardware", round(bought)))
        return t.joined(parts) or DASH

    @cached_property
    def map(self) -> SiteMap | None:
        """The map of all sites whose place is known; None if there are none."""
        draft, view = self.draft, self.draft.view
        t = draft.t
        sites = list(enumerate(view.sites.values(), 1))
        # Nobody plans for the Gulf of Guinea: a site at 0, 0 has no place given.
        known = [(n, site) for n, site in sites if (site.latitude, site.longitude) != (0.0, 0.0)]
        if not known:
            return None
        city = [site for _, site in known if site.in_city]
        heart = city or [site for _, site in known]
        centre = mean(site.latitude for site in heart), mean(site.longitude for site in heart)
        largest = self.peak_kw.max(axis=1)
        places = [
            Place(
                n, view.site_names[site.id], site.kind,
                t.term("district", site.district) if site.district else "", site.latitude, site.longitude,
                float(largest[site.id]), "" if site.in_city or not city else self._way(centre, site),
            )
            for n, site in known
        ]  # fmt: skip
        words = MapWords(
            {kind: t.word(f"kind.{kind}") for kind in _KINDS}, t("sites.map.in_use"), t("sites.map.grows"),
            t("sites.map.unused"), t("sites.map.size", unit=self.power.unit), t("sites.map.outside"),
            t("sites.map.more"), self.power,
        )  # fmt: skip
        return SiteMap(places, words)

    def _way(self, centre: tuple[float, float], site: Site) -> str:
        """How far and in which direction a site lies from the city: "415 km north-west"."""
        km = great_circle_km(*centre, site.latitude, site.longitude)
        east = (site.longitude - centre[1]) * np.cos(np.radians((site.latitude + centre[0]) / 2))
        bearing = np.degrees(np.arctan2(east, site.latitude - centre[0])) % 360
        direction = self.draft.t(f"sites.compass.{_COMPASS[round(bearing / 45) % 8]}")
        return self.draft.t("sites.way", km=quantity(plain(km), "km"), direction=direction)

    def _figure(self, label: str, years: Sequence[int]) -> Figure | None:
        t, last = self.draft.t, years[-1]
        if self.map is None:
            return None
        grows = (self.built + self.converted + self.grid_kw)[list(years)].sum(axis=1)
        states = {
            n: State(at(self.peak_kw, site, last), at(self.in_use, site, last) > 0, float(grows[site]) > TRACE)
            for n, site in enumerate(self.draft.view.sites, 1)
        }
        shown = [states[place.number] for place in (*self.map.inside, *self.map.outside)]
        used, growing = sum(state.in_use for state in shown), sum(state.grows for state in shown)
        peak = self._amount(sum(state.kw for state in shown))
        alt = t("sites.alt", sites=t.count("site", len(shown)), year=last, used=used, grows=growing, peak=peak)
        caption = t("sites.figure", year=last)
        note = t("sites.note", peak=self._amount(self.map.smallest_kw))
        series = tuple(self.map.words.kinds[kind] for kind in self.map.kinds)
        chart = Chart(self.map.draw(states), self._data(), series)
        if last == self.draft.view.last:
            return self.draft.figure("map", chart, caption, alt, note)
        return Figure(f"map-{last}", caption, alt, gallery.svg(chart.figure), note, series=series)

    def _amount(self, kw: float) -> str:
        """One amount of power in the unit of the section."""
        return quantity(number(kw / self.power.factor), self.power.unit)

    def _data(self) -> pd.DataFrame:
        """Where every site is, and how it stands in each year."""
        view = self.draft.view
        rows = [
            (
                view.site_names[site.id], site.kind, site.district, site.latitude, site.longitude, year,
                int(at(self.in_use, site.id, year) > 0), at(self.peak_kw, site.id, year) / self.power.factor,
                at(self.racks, site.id, year),
            )
            for site in view.sites.values()
            for year in view.years
        ]  # fmt: skip
        names = (
            "site",
            "kind",
            "district",
            "latitude",
            "longitude",
            "year",
            "in_use",
            f"peak_{self.power.unit.lower()}",
            "racks",
        )
        return pd.DataFrame(rows, columns=list(names))
