"""The Case: one planning problem with nothing left to look up.

Its JSON is the resolved case file (`case.json`); `docs/formulation.md` says what each field means in the model.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .mapping import Frozen
from .parts import (
    Conversion,
    Fleet,
    GreenSite,
    HallType,
    Hardware,
    Identifier,
    Name,
    NonNegative,
    Part,
    Share,
    Site,
    Target,
    Workload,
    Year,
)

__all__ = ["Case"]


class Case(Part):
    """A city's planning problem: immutable, typed, self-contained."""

    format: Literal[1] = 1
    name: Identifier
    title: Name = Name()
    base_year: Year = Field(description="the year whose end is the starting state; costs are in its prices")
    years: tuple[Year, ...] = Field(min_length=1, description="planning years, consecutive, from base_year + 1")
    discount_rate: float = Field(0.0, gt=-1, le=10)
    carbon_price_cny_per_tonne: NonNegative = 0.0
    compute_convention: Frozen[str, Literal["fp64", "fp32", "fp16", "int8"]] = Field(
        {}, description="hardware class -> precision that counts as compute"
    )
    max_utilisation: Frozen[str, Share] = Field({}, description="resource -> share of capacity usable; absent: 1")
    green_site: GreenSite = GreenSite()
    sites: tuple[Site, ...]
    hall_types: tuple[HallType, ...]
    conversions: tuple[Conversion, ...] = ()
    hardware: tuple[Hardware, ...]
    fleet: tuple[Fleet, ...] = ()
    workloads: tuple[Workload, ...] = ()
    targets: tuple[Target, ...] = ()
    budget_cny: Frozen[int, NonNegative] = Field({}, description="year -> capital that may be spent; absent: unlimited")
