"""From one plan's net present cost to another's, step by step; the steps sum to the difference."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from ..folder import Result
from ..sections.costs import ORDER
from .differences import common_years

By = Literal["category", "site"]

DISCOUNTING = "discounting"
"""What another discount rate makes of the second plan's payments."""
YEARS_BEFORE, YEARS_AFTER = "years_before", "years_after"
"""What is paid in years that only one of the two plans has."""
REST = "rest"
"""What a net present cost holds that its costs.csv does not."""
SPECIAL = (YEARS_BEFORE, YEARS_AFTER, DISCOUNTING, REST)
SALVAGE = "salvage"
CENT = 0.01


@dataclass(frozen=True)
class Step:
    """A category or site (empty: penalties), or one of the SPECIAL steps: what the two plans pay, and the difference.

    CNY; a positive difference makes the second plan dearer. Payments are valued at the first plan's discount rate.
    """

    key: str
    special: bool
    before: float
    after: float
    cny: float


@dataclass(frozen=True)
class Bridge:
    """The way from `start` to `end`, CNY. `parts` holds every category or site, `steps` those that change."""

    start: float
    end: float
    parts: tuple[Step, ...]

    @property
    def difference(self) -> float:
        """By how much the second plan is dearer, CNY."""
        return self.end - self.start

    @property
    def steps(self) -> tuple[Step, ...]:
        """The parts that change by a cent at least; they sum exactly to the difference."""
        kept = [part for part in self.parts if abs(part.cny) >= CENT]
        if not kept:
            return ()
        # What is too small to be told goes where it is noticed least.
        trace = math.fsum((self.end, -self.start, *(-part.cny for part in kept)))
        place = max(range(len(kept)), key=lambda n: abs(kept[n].cny))
        kept[place] = replace(kept[place], cny=kept[place].cny + trace)
        return tuple(kept)

    @property
    def largest(self) -> Step | None:
        """The step that changes most."""
        return max(self.steps, key=lambda step: abs(step.cny), default=None)


def comparable(before: Result, after: Result) -> bool:
    """Whether two net present costs can be set against each other: there are two, in prices of one year."""
    both = before.summary.get("objective_cny") is not None and after.summary.get("objective_cny") is not None
    return both and before.case.base_year == after.case.base_year


def bridge(before: Result, after: Result, by: By) -> Bridge | None:
    """The bridge by category or by site; None where the costs are not comparable.

    Years that only one of them plans are steps of their own, but for the salvage value: it is credited at the end of
    each plan and stays with its category. The second plan's payments are valued at the first one's discount rate; what
    its own rate makes of them is the last step.
    """
    if not comparable(before, after):
        return None
    shared = frozenset(common_years((before.case, after.case)))
    rate = before.case.discount_rate
    first, second = _sums(before, rate, by, shared), _sums(after, rate, by, shared)
    sites = [site.id for case in (before.case, after.case) for site in case.sites]
    found = (key for part in (first, second) for key, special in part if not special)
    keys = ordered(found, ORDER if by == "category" else list(dict.fromkeys(sites)))
    own, revalued = _total(after, after.case.discount_rate), _total(after, rate)
    start, end = float(before.summary["objective_cny"]), float(after.summary["objective_cny"])
    parts = [_part(key, first.get((key, False), 0.0), second.get((key, False), 0.0)) for key in keys]
    special = (
        _part(YEARS_BEFORE, first.get(("", True), 0.0), 0.0, special=True),
        _part(YEARS_AFTER, 0.0, second.get(("", True), 0.0), special=True),
        _part(DISCOUNTING, 0.0, own - revalued, special=True),
        _part(REST, start - _total(before, rate), end - own, special=True),
    )
    return Bridge(start, end, (*parts, *(part for part in special if abs(part.cny) >= CENT)))


def _part(key: str, before: float, after: float, special: bool = False) -> Step:
    return Step(key, special, before, after, after - before)


def present_values(result: Result, rate: float) -> pd.Series[float]:
    """The rows of costs.csv valued at the end of the base year; at the case's own rate as the file says."""
    costs = result.tables["costs"]
    if rate == result.case.discount_rate:
        return costs["discounted_cny"].astype(float)
    years = costs["year"].astype(int) - result.case.base_year
    return costs["cny"].astype(float) * (1 + rate) ** -years


def sums(result: Result, by: By) -> Mapping[str, float]:
    """Net present cost by category or site (empty: penalties), CNY, as costs.csv says."""
    values = result.tables["costs"].groupby(by, dropna=False)["discounted_cny"].agg(math.fsum)
    return {str(key): float(cny) for key, cny in values.items()}


def _sums(result: Result, rate: float, by: By, shared: frozenset[int]) -> dict[tuple[str, bool], float]:
    """Sums by category or site over the shared years, and over the others under the key ("", True)."""
    values = present_values(result, rate)
    costs = result.tables["costs"]
    parts: dict[tuple[str, bool], list[float]] = {}
    for key, category, year, value in zip(costs[by], costs["category"], costs["year"], values, strict=True):
        apart = int(year) not in shared and category != SALVAGE
        parts.setdefault(("", True) if apart else (str(key), False), []).append(float(value))
    return {key: math.fsum(amounts) for key, amounts in parts.items()}


def _total(result: Result, rate: float) -> float:
    return math.fsum(present_values(result, rate))


def ordered(keys: Iterable[str], order: Sequence[str]) -> list[str]:
    """The keys in a given order; those that it does not name come last."""
    known = list(dict.fromkeys(keys))
    return [*(key for key in order if key in known), *(key for key in known if key not in order)]
