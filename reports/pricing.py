"""prices.csv and binding.csv: what targets and limits cost, as tables of the result folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..inputs.parts import Target
from .folder import EXTRA_COLUMNS
from .limits import KEYS, UNITS, limits
from .view import PlanView

if TYPE_CHECKING:
    from ..model.questions.prices import Prices
    from ..model.questions.weakening import Relief

METRIC_UNITS = {
    "compute_pflops": "PFLOPS",
    "racks_in_service": "rack",
    "racks_occupied": "rack",
    "it_mwh": "MWh",
    "facility_mwh": "MWh",
    "carbon_tonnes": "t",
    "capex": "CNY",
    "edge_nodes": "site",
    "districts_with_edge": "district",
    "green_sites": "site",
    "domestic_share": "percentage point",
    "rack_utilisation": "percentage point",
    "green_share": "percentage point",
    "pue": "0.01",
}
"""What the prices of a target are for one of; that of a pool's capacity is the name of its resource."""

HUNDREDTHS = frozenset({"domestic_share", "rack_utilisation", "green_share", "pue"})


def unit_of(target: Target) -> str:
    """What the prices of the target are for one of."""
    return METRIC_UNITS.get(target.metric, target.scope.resource or "")


def unit_size(target: Target) -> float:
    """The size of that in the target's own unit: a hundredth for ratios."""
    return 0.01 if target.metric in HUNDREDTHS else 1.0


def price_table(view: PlanView, prices: Prices, relief: Relief | None) -> pd.DataFrame:
    """A row for each target and each weaker form of it that was planned; one without these where none was."""
    attained = {str(row["target"]): row["attained"] for row in view.tables["targets"].to_dict("records")}
    per_unit = {str(row["target"]): row for row in prices.targets.to_dict("records")}
    rows: list[tuple[object, ...]] = []
    for target in view.case.targets:
        size, price = unit_size(target), per_unit[target.id]
        margin = (price["held"] * size, price["divisible"] * size)
        head = (target.id, target.metric, target.year, target.sense, target.value, attained[target.id], unit_of(target))
        each = [] if relief is None else [found for found in relief.each if found.weaker.target.id == target.id]
        for found in each:
            units = abs(found.weaker.required - target.value) / size
            weaker = (found.weaker.share, found.weaker.required, found.cost_cny, found.bound_cny)
            saving = (found.found_cny, found.least_cny, found.most_cny, found.found_cny / units)
            rows.append((*head, *margin, *weaker, *saving))
        if not each:
            rows.append((*head, *margin, *(None,) * 8))
    return pd.DataFrame(rows, columns=list(EXTRA_COLUMNS["prices"]))


def binding_table(view: PlanView, prices: Prices) -> pd.DataFrame:
    """The limits that bind or have a price, the dearest of each kind first."""
    held, divisible = "price_held_cny", "price_divisible_cny"
    priced = prices.limits.rename(columns={"held": held, "divisible": divisible})
    table = limits(view).merge(priced, on=list(KEYS), how="outer")
    known = prices.targets["divisible"].notna().all() and prices.limits["divisible"].notna().all()
    table = table.fillna({held: 0.0, divisible: 0.0} if known else {held: 0.0})
    table["binds"] = table["binds"].eq(True)
    table["used"] = table["used"].where(table["kind"] != "zone", table["workloads"].astype(float))
    table["unit"] = table["kind"].map(UNITS)
    table["dearest"] = table[[held, divisible]].max(axis=1)
    table["order"] = table["kind"].map({kind: number for number, kind in enumerate(UNITS)})
    table = table[table["binds"] | (table["dearest"] > 0)]
    table = table.sort_values(["order", "dearest"], ascending=[True, False], kind="stable")
    return table[list(EXTRA_COLUMNS["binding"])].reset_index(drop=True)
