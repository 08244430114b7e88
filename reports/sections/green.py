"""Which sites carry the label of a green data centre, and by how much the others miss it."""

from __future__ import annotations

import pandas as pd

from ..document import Block
from ..draft import Draft, cell, right, table, wide
from ..numbers import DASH, number, plain, quantity
from ..view import TRACE, at

TOLERANCE = 1e-6
MOST_SITES = 12
HOURS_KWH_PER_MWH = 8.76
"""A kW over a year, in MWh."""


def labelled(draft: Draft, year: int) -> list[str]:
    """The sites of the city that are green data centres in a year."""
    rule, power = draft.view.case.green_site, draft.view.power
    facility, it = (power[name][year] for name in ("facility_mwh", "it_mwh"))
    enough = it >= rule.min_it_mw * 1000 * HOURS_KWH_PER_MWH * (1 - TOLERANCE)
    good = (it > TRACE) & enough & (facility <= rule.pue_limit * it * (1 + TOLERANCE))
    return [site for site in draft.view.sites if site in draft.view.city_sites and good[site]]


def statement(draft: Draft) -> str:
    """How many sites of the city are green data centres in the last year, and what makes one."""
    t, view = draft.t, draft.view
    names = [view.site_names[site] for site in labelled(draft, view.last)]
    values = {
        "year": view.last, "n": len(names), "names": t.listing(names, noun="site"),
    }  # fmt: skip
    key = "one" if len(names) == 1 else "some" if names else "none"
    return t(f"green.{key}", rule=_rule(draft), **values)


def _rule(draft: Draft) -> str:
    """What makes a green data centre, in words."""
    t, rule = draft.t, draft.view.case.green_site
    key = "green.rule" if rule.min_it_mw > 0 else "green.rule_pue"
    return t(key, pue=plain(rule.pue_limit, 2), load=_power(draft, rule.min_it_mw * 1000))


def _power(draft: Draft, kw: float) -> str:
    unit = draft.view.power_unit
    return quantity(number(kw / unit.factor), unit.unit)


def block(draft: Draft) -> Block | None:
    """The core sites of the city by their load: PUE, mean load, and since when they are green; None without load."""
    t, view = draft.t, draft.view
    mean = view.power["it_mwh"] / HOURS_KWH_PER_MWH
    load: pd.Series[float] = mean[view.last].loc[[s for s in view.sites if s in view.city_sites]]
    sites = [str(s) for s in load.sort_values(ascending=False, kind="stable").index if load[s] > TRACE][:MOST_SITES]
    if not sites:
        return None
    green = {year: set(labelled(draft, year)) for year in view.years}
    rows = []
    for site in sites:
        facility, it = (at(view.power[name], site, view.last) for name in ("facility_mwh", "it_mwh"))
        since = next((year for year in view.years if all(site in green[y] for y in view.years if y >= year)), None)
        chip = cell(t("green.yes"), status="good") if since is not None else DASH
        rows.append(
            (
                view.site_names[site], _power(draft, at(mean, site, view.last)), plain(facility / it, 3),
                DASH if since is None else str(since), chip,
            )
        )  # fmt: skip
    keys = ("load", "pue", "since", "label")
    titles = [wide(t("column.site")), *(right(t(f"green.column.{key}")) for key in keys)]
    note = t("green.note", rule=_rule(draft))
    return table("green-sites", t("green.caption", year=view.last), titles, rows, note=note)
