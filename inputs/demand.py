"""Demand over the years and over the city: drivers and the shares of districts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from .rows import District, Driver, WorkloadRow

SIGNIFICANT_DIGITS = 12


def tidy(value: float) -> float:
    """Return a number without the last digits, which are only the noise of binary fractions."""
    return float(f"{value:.{SIGNIFICANT_DIGITS}g}")


def driver_value(driver: Driver, year: int) -> float:
    """Return a driver in a year: linear between given years, constant before the first, growing after the last."""
    given = sorted(driver.value)
    if year <= given[0]:
        return driver.value[given[0]]
    if year >= given[-1]:
        return driver.value[given[-1]] * (1 + driver.growth_after) ** (year - given[-1])
    earlier, later = next(pair for pair in pairwise(given) if pair[0] <= year < pair[1])
    passed = (year - earlier) / (later - earlier)
    return driver.value[earlier] + (driver.value[later] - driver.value[earlier]) * passed


def weight(district: District, spread: str) -> float:
    """Return how much a district weighs when demand is spread by `population` or by one of the weights."""
    return district.population if spread == "population" else district.weights.get(spread, 0.0)


def district_shares(workload: WorkloadRow, districts: Sequence[District]) -> Mapping[str, float]:
    """Return each district's share of a workload that is spread over districts; they sum to 1.

    Districts that weigh nothing are left out; where `workload.districts` is given the whole demand arises there.
    """
    chosen = [d for d in districts if workload.districts is None or d.id in workload.districts]
    weights = {district.id: weight(district, workload.spread) for district in chosen}
    total = sum(weights.values())
    return {district: part / total for district, part in weights.items() if part > 0}
