"""Which sites gain and lose from one plan to another: halls, racks, power, compute and cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from ..view import PlanView
from .bridge import sums

Measure = Literal["halls", "racks", "peak_mw", "pflops", "cost_cny"]
MEASURES: tuple[Measure, ...] = ("halls", "racks", "peak_mw", "pflops", "cost_cny")
"""Halls and standard racks of 2.5 kW in service, peak power, counted compute; net present cost of all years."""
TRACE = 1e-6


@dataclass(frozen=True)
class SiteChange:
    """A site in two plans; a measure of a site that a case does not have is zero."""

    site: str
    before: Mapping[Measure, float]
    after: Mapping[Measure, float]

    def change(self, measure: Measure) -> float:
        """By how much the second plan has more."""
        value = self.after[measure] - self.before[measure]
        return 0.0 if abs(value) <= TRACE * max(1.0, abs(self.before[measure])) else value

    @property
    def same(self) -> bool:
        """Whether nothing changes."""
        return not any(self.change(measure) for measure in MEASURES)


def site_values(view: PlanView, year: int) -> Mapping[str, Mapping[Measure, float]]:
    """The measures of every site of a plan in one of its years."""
    halls = _by_site(view.tables["halls"], "in_service", year)
    pflops = _by_site(view.hardware, "pflops", year)
    racks, peak = view.racks["in_service"][year], view.power["peak_kw"][year]
    costs = sums(view.result, "site")
    return {
        site: {
            "halls": halls.get(site, 0.0),
            "racks": float(racks[site]),
            "peak_mw": float(peak[site]) / 1000,
            "pflops": pflops.get(site, 0.0),
            "cost_cny": costs.get(site, 0.0),
        }
        for site in view.sites
    }


def _by_site(table: pd.DataFrame, column: str, year: int) -> Mapping[str, float]:
    found = table.loc[table["year"] == year].astype({column: float}).groupby("site")[column].sum()
    return {str(site): float(value) for site, value in found.items()}


def site_changes(before: PlanView, after: PlanView, year: int) -> tuple[SiteChange, ...]:
    """Every site of two plans in a year that both have, those that do not change too."""
    first, second = site_values(before, year), site_values(after, year)
    nothing: Mapping[Measure, float] = dict.fromkeys(MEASURES, 0.0)
    sites = dict.fromkeys([*first, *second])
    return tuple(SiteChange(site, first.get(site, nothing), second.get(site, nothing)) for site in sites)
