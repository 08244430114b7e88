"""The witness builds: halls for its hardware, retrofits where halls stand empty, grid steps, green electricity."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping

from .catalogue import racks_per_unit
from .draws import Draws
from .ground import Ground
from .witness import Witness

GREEN = (0.3, 0.9)
"""Share of the green electricity on offer that the witness buys."""


def build(ground: Ground, existing: Mapping[str, Mapping[str, int]], witness: Witness) -> None:
    """Build or convert, year by year, what the hardware in service needs; a candidate site in use has a hall."""
    needed = _halls_needed(ground, witness)
    for site_id, site in ground.site.items():
        stock = dict(existing[site_id])
        left = dict(existing[site_id])
        for year in ground.years:
            for hall in ground.hall:
                short = needed.get((site_id, hall, year), 0) - stock.get(hall, 0)
                for conversion in ground.catalogue.conversions:
                    old = conversion.from_hall
                    if short <= 0 or conversion.to_hall != hall or hall not in site.allowed_halls:
                        continue
                    still = max(needed.get((site_id, old, later), 0) for later in ground.years if later >= year)
                    turned = min(short, left.get(old, 0), stock.get(old, 0) - still)
                    if turned > 0:
                        witness.converted[site_id, old, hall, year] = turned
                        left[old] -= turned
                        stock[old] -= turned
                        stock[hall] = stock.get(hall, 0) + turned
                        short -= turned
                if short > 0:
                    witness.built[site_id, hall, year] = short
                    stock[hall] = stock.get(hall, 0) + short


def _halls_needed(ground: Ground, witness: Witness) -> dict[tuple[str, str, int], int]:
    """(site, hall, year) -> halls that hold the hardware in service, by racks and by power."""
    racks: defaultdict[tuple[str, str, int], float] = defaultdict(float)
    power: defaultdict[tuple[str, str, int], float] = defaultdict(float)
    for (kind_id, site, hall, year), units in witness.owned.items():
        kind = ground.kind[kind_id]
        racks[site, hall, year] += units * racks_per_unit(kind, ground.hall[hall])
        power[site, hall, year] += units * kind.peak_kw
    return {
        key: math.ceil(
            max(racks[key] / ground.hall[key[1]].racks, kw / (ground.hall[key[1]].racks * ground.hall[key[1]].rack_kw))
            - 1e-9
        )
        for key, kw in power.items()
    }


def buy_green(draws: Draws, ground: Ground, facility_mwh: Mapping[tuple[str, int], float], witness: Witness) -> None:
    """Buy a part of the green electricity that each site may have."""
    share = draws.between(*GREEN)
    for (site, year), mwh in facility_mwh.items():
        amount = share * ground.site[site].green_max_share * mwh
        if amount > 0:
            witness.green_mwh[site, year] = amount
