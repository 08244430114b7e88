"""What this plan would cost if an assumption were a little off: first order, with every decision kept as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .commitments import commitments
from .view import PlanView

STEP = 0.1
"""Prices and quantities are changed by this share."""
POINT = 0.01
"""The discount rate is changed by this much."""
ENERGY = ("electricity", "green_premium", "carbon")
PRICED: Mapping[str, tuple[str, ...]] = {
    "hardware": ("hardware", "hardware_maintenance"),
    "buildings": ("site_opening", "halls", "conversions"),
    "grid": ("grid_steps",),
    "upkeep": ("site_fixed", "hall_upkeep"),
    "fees": ("hardware_fees",),
    "electricity": ("electricity",),
    "green": ("green_premium",),
    "carbon": ("carbon",),
    "network": ("network",),
    "penalties": ("unserved_penalty", "target_penalty"),
    "salvage": ("salvage",),
}
"""The prices that are changed, and the categories of cost that are proportional to each."""
KEEPS_VALUE: Mapping[str, tuple[str, ...]] = {
    "hardware": ("hardware",), "buildings": ("hall", "conversion"), "grid": ("grid",),
}  # fmt: skip
"""Prices that the salvage value is reckoned from, and the kinds of work whose salvage value that is."""


@dataclass(frozen=True)
class Effect:
    """By how much the net present cost changes, CNY, if an assumption is lower and if it is higher by a step."""

    key: str
    lower: float
    higher: float

    @property
    def size(self) -> float:
        """The larger of the two changes."""
        return max(abs(self.lower), abs(self.higher))


def effects(view: PlanView) -> list[Effect]:
    """The effect of every assumption that has one, the largest first."""
    sums = view.costs.groupby("category")["discounted_cny"].sum()
    kept = _salvage(view)
    found = []
    for key, categories in PRICED.items():
        amount = float(sum(sums.get(category, 0.0) for category in categories))
        amount -= sum(kept.get(work, 0.0) for work in KEEPS_VALUE.get(key, ()))
        # More salvage value means a lower cost: the sum is negative already.
        found.append(Effect(key, -STEP * amount, STEP * amount))
    energy, overhead = _energy(view)
    found += [Effect("load", -STEP * energy, STEP * energy), Effect("overhead", -STEP * overhead, STEP * overhead)]
    found.append(_discounting(view))
    largest = max(effect.size for effect in found)
    return sorted((e for e in found if e.size > 1e-9 * largest), key=lambda effect: -effect.size)


def _salvage(view: PlanView) -> dict[str, float]:
    """The discounted salvage value by kind of work."""
    factor = _factor(view, view.case.discount_rate, view.last)
    kept: dict[str, float] = {}
    for each in commitments(view):
        kept[each.work] = kept.get(each.work, 0.0) + each.salvage_cny(view.last) * factor
    return kept


def _energy(view: PlanView) -> tuple[float, float]:
    """The discounted cost of energy, and the part of it that goes into cooling and losses."""
    costs = view.costs.loc[view.costs["category"].isin(ENERGY)]
    by_place = costs.groupby(["site", "year"])["discounted_cny"].sum()
    power = view.tables["power"].set_index(["site", "year"])[["it_mwh", "facility_mwh"]].astype(float)
    share = (1 - power["it_mwh"] / power["facility_mwh"].where(power["facility_mwh"] > 0)).fillna(0.0)
    overhead = by_place * share.reindex(by_place.index, fill_value=0.0)
    return float(by_place.sum()), float(overhead.sum())


def _discounting(view: PlanView) -> Effect:
    rate = view.case.discount_rate
    return Effect("discount", _shift(view, rate - POINT) if rate >= POINT else 0.0, _shift(view, rate + POINT))


def _shift(view: PlanView, rate: float) -> float:
    """The change of the net present cost with another discount rate."""
    costs = view.costs.astype({"cny": float, "discounted_cny": float})
    again = costs["cny"] * costs["year"].map({year: _factor(view, rate, year) for year in view.years})
    return float((again - costs["discounted_cny"]).sum())


def _factor(view: PlanView, rate: float, year: int) -> float:
    return float((1 + rate) ** (view.case.base_year - year))
