"""The witness: a plan that is drawn together with the case, so that a plan exists.

It serves every workload whole at one site and backs it up whole at another, buys what that takes, builds the halls for
it, and extends the power. The case's limits are set around it afterwards. It is not meant to be cheap.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from .ground import Ground


@dataclass
class Witness:
    """Every decision of a plan; the names are those of `docs/formulation.md`.

    `opened` holds the first year in use of candidate sites. `placed` and `standing_by` hold the one site that serves or
    backs up a workload in a year; a workload without one is not served. `bought` counts units, whole lots of them.
    """

    opened: dict[str, int] = field(default_factory=dict)
    built: dict[tuple[str, str, int], int] = field(default_factory=dict)
    converted: dict[tuple[str, str, str, int], int] = field(default_factory=dict)
    upgraded: dict[tuple[str, int], int] = field(default_factory=dict)
    bought: dict[tuple[str, str, str, int], int] = field(default_factory=dict)
    kept: dict[tuple[int, int], int] = field(default_factory=dict)
    placed: dict[tuple[str, int], str] = field(default_factory=dict)
    standing_by: dict[tuple[str, int], str] = field(default_factory=dict)
    green_mwh: dict[tuple[str, int], float] = field(default_factory=dict)
    owned: defaultdict[tuple[str, str, str, int], int] = field(default_factory=lambda: defaultdict(int))
    """(hardware, site, hall, year) -> units in service: what is kept and what was bought within its life."""

    def buy(self, ground: Ground, kind: str, site: str, hall: str, year: int, units: int) -> None:
        """Buy units that serve from the year on until the end of their life."""
        self.bought[kind, site, hall, year] = self.bought.get((kind, site, hall, year), 0) + units
        for later in ground.years:
            if year <= later < year + ground.kind[kind].life_years:
                self.owned[kind, site, hall, later] += units

    def open(self, ground: Ground, site: str, year: int) -> None:
        """Have a site in use from the year on at the latest."""
        if not ground.site[site].existing:
            self.opened[site] = min(year, self.opened.get(site, year))
