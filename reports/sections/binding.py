"""What binds where, and what it would be worth to relax it: with prices if the folder holds them, or without."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from ...inputs.parts import Target
from ..document import Block, Cell, Paragraph, Section
from ..draft import Draft, right, table, wide
from ..folder import read_extra
from ..limits import FULL, limits
from ..numbers import DASH, number, percent, plain, quantity
from .targets import label, required, unit_of

MOST_PLACES = 3
"""Places named for each kind of limit; all of them are in binding.csv."""

SAVES = 1e-6
"""Less than this share of the plan's cost is no saving."""

SAVINGS = ("", "_least", "_most")
"""Found, proved, and left open: saving_cny and the others in prices.csv."""

PRICED_UNITS = {"rack": "rack", "site": "site", "district": "district", "percentage point": "point"}


def finding(draft: Draft, binding: pd.DataFrame, prices: pd.DataFrame | None) -> str:
    """The heading: the target that costs most, where that is known, otherwise which kinds of limits are used up."""
    t, view = draft.t, draft.view
    planned = None if prices is None else prices[prices["weaker"].notna()]
    if planned is not None and len(planned):
        least = planned[planned["weaker"] == planned["weaker"].min()]
        first = least.loc[least["saving_cny"].idxmax()]
        share = percent(float(least["weaker"].iloc[0]))
        if float(first["saving_cny"]) <= SAVES * abs(float(view.summary["objective_cny"])):
            return t("binding.no_saving", share=share)
        target = next(target for target in view.case.targets if target.id == first["target"])
        name = t("text.dated", name=label(draft, target), year=target.year)
        key = "binding.dearest" if float(first["saving_least_cny"]) > 0 else "binding.dearest_found"
        return t(key, target=name, share=share, money=t.money(float(first["saving_cny"])))
    kinds = [t.within(t(f"limit.{kind}")) for kind in binding[binding["binds"]]["kind"].unique()]
    return t("binding.full", kinds=t.listing(kinds, most=4)) if kinds else t("binding.free")


def section(draft: Draft) -> Section | None:
    """The section; None if nothing binds and nothing is priced."""
    t, view = draft.t, draft.view
    folder = view.result.folder
    prices, priced_limits = read_extra(folder, "prices"), read_extra(folder, "binding")
    every = limits(view)
    known = prices is not None and priced_limits is not None
    binding = priced_limits if priced_limits is not None and known else every[every["binds"]]
    blocks: list[Block] = []
    if len(binding):
        blocks.append(_limits(draft, binding, known))
    if prices is None or not known:
        blocks.append(Paragraph(t.rich("binding.unpriced")))
    else:
        blocks += _targets(draft, prices)
    key = "binding.lead_priced" if known else "binding.lead"
    lead = t(key, full=percent(FULL, 1), base=view.case.base_year)
    title = finding(draft, binding, prices if known else None)
    return Section("binding", t("binding.label"), title, tuple(blocks), lead=lead)


def _limits(draft: Draft, binding: pd.DataFrame, priced: bool) -> Block:
    t = draft.t
    rows: list[list[str | Cell]] = []
    for kind, of_kind in binding.groupby("kind", sort=False):
        places = list(of_kind.groupby(["place", "thing"], sort=False))
        for (place, thing), group in places[:MOST_PLACES]:
            where = _where(draft, str(place), str(thing))
            name = t(f"limit.{kind}")
            row: list[str | Cell] = [t("binding.kind_and_place", kind=name, place=where) if where else name]
            row += [_years(draft, group), _used(draft, group)]
            if priced:
                row += [_price(group[name].max()) for name in ("price_held_cny", "price_divisible_cny")]
                row.append(t(f"limit.per.{kind}"))
            rows.append(row)
        if len(places) > MOST_PLACES:
            more = t.count("place", len(places) - MOST_PLACES)
            rows.append(
                [t("binding.kind_and_place", kind=t(f"limit.{kind}"), place=more), *[""] * (5 if priced else 2)]
            )
    columns = [wide(t("binding.column.limit")), right(t("binding.column.years")), right(t("binding.column.used"))]
    if priced:
        columns += [right(t(f"binding.column.{name}")) for name in ("held", "divisible", "unit")]
    note = t("binding.price_note") if priced else t("binding.note")
    return table("binding", t("binding.caption"), columns, rows, note=note, dense=len(rows) > 12)


def _where(draft: Draft, place: str, thing: str) -> str:
    t, view = draft.t, draft.view
    names = [view.site_names.get(place, t.term("zone", place)) if place else ""]
    names.append(view.hardware_names.get(thing, view.hall_names.get(thing, thing)) if thing else "")
    named = [name for name in names if name]
    return t("binding.place_and_thing", place=named[0], thing=named[1]) if len(named) == 2 else "".join(named)


def _years(draft: Draft, group: pd.DataFrame) -> str:
    years = sorted(int(year) for year in group["year"])
    if years == list(range(years[0], years[-1] + 1)):
        return draft.t.years(years[0], years[-1])
    return draft.t.joined(str(year) for year in years)


def _used(draft: Draft, group: pd.DataFrame) -> str:
    last = group.sort_values("year", kind="stable").iloc[-1]
    used, limit = float(last["used"]), float(last["limit"])
    if pd.isna(limit):
        return DASH
    text = quantity(number(limit), draft.t(f"limit.unit.{last['kind']}"))
    return draft.t("binding.used", used=number(used), limit=text)


def _targets(draft: Draft, prices: pd.DataFrame) -> Iterator[Block]:
    """What targets cost at the margin, and what weaker ones would save."""
    t, view = draft.t, draft.view
    targets = {target.id: target for target in view.case.targets}
    each = prices.drop_duplicates("target")
    dear = each[(each["price_held_cny"] > 0) | (each["price_divisible_cny"] > 0)]
    named = (wide(t("binding.column.target")), right(t("column.year")))
    if len(dear):
        rows = [
            [
                label(draft, targets[row["target"]]), str(row["year"]),
                required(draft, targets[row["target"]]),
                _price(row["price_held_cny"]), _price(row["price_divisible_cny"]),
                _unit(draft, targets[row["target"]], row["unit"]),
            ]
            for row in _records(dear)
        ]  # fmt: skip
        columns = [*named, right(t("binding.column.required"))]
        columns += [right(t(f"binding.column.{name}")) for name in ("held", "divisible", "unit")]
        yield table("target-prices", t("binding.targets_caption"), columns, rows, note=t("binding.targets_note"))
    planned = prices[prices["weaker"].notna()]
    if len(planned):
        rows = [
            [
                label(draft, targets[row["target"]]), str(row["year"]),
                _weaker(draft, targets[row["target"]], row["weaker_required"]),
                *(t.money(None if pd.isna(row[f"saving{key}_cny"]) else row[f"saving{key}_cny"]) for key in SAVINGS),
                _price(row["saving_per_unit_cny"]), _unit(draft, targets[row["target"]], row["unit"]),
            ]
            for row in _records(planned)
        ]  # fmt: skip
        keys = ("weaker", "found", "least", "most", "each", "unit")
        columns = [*named, *(right(t(f"binding.column.{key}")) for key in keys)]
        dense = len(rows) > 12
        yield table(
            "weaker-targets", t("binding.weaker_caption"), columns, rows, note=t("binding.weaker_note"), dense=dense
        )


def _weaker(draft: Draft, target: Target, value: float) -> str:
    return required(draft, target.model_copy(update={"value": value}))


def _unit(draft: Draft, target: Target, unit: str) -> str:
    """What a price is for one of; a resource has the name it has elsewhere."""
    if unit in PRICED_UNITS:
        return draft.t(f"priced.{PRICED_UNITS[unit]}")
    if target.metric == "pool_capacity":
        return unit_of(draft, target.metric, target.scope.resource or "") or draft.t.term("resource", unit)
    return unit


def _price(cny: float) -> str:
    if pd.isna(cny):
        return DASH
    return plain(float(cny)) if abs(cny) >= 100 else number(float(cny))


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]
