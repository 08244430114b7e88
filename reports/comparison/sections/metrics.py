"""The key quantities of the plans, year by year and side by side."""

from __future__ import annotations

from ...charts.side_by_side import Quantity, side_by_side
from ...document import Block, Section
from ...draft import Draft, right, table, wide
from ...numbers import DASH, Unit, decimals_for, number, quantity
from ...sections.targets import SHARES, amount
from ..amounts import metric_change, signed_money
from ..plans import Comparison

METRICS = (
    "compute_pflops", "domestic_share", "racks_in_service", "racks_occupied", "rack_utilisation", "facility_mwh",
    "pue", "green_share", "carbon_tonnes", "capex",
)  # fmt: skip
DRAWN = ("compute_pflops", "racks_occupied", "rack_utilisation", "facility_mwh", "pue", "carbon_tonnes")
RATIOS = SHARES | {"pue"}


def finding(comparison: Comparison) -> str:
    """The heading: the city's compute in the last year that all plans have."""
    t, plans, year = comparison.t, comparison.planned, comparison.year
    if year is None:
        return t("comparison.metrics.no_year")
    values = [(plan.view.metric("compute_pflops", year) or 0.0, plan) for plan in plans]
    if len(plans) == 2:
        (first, before), (second, after) = values
        names = {"before": before.letter, "after": after.letter, "year": year, "first": number(first)}
        names["second"] = number(second)
        if abs(second - first) <= 1e-6 * max(first, 1.0):
            return t("comparison.metrics.equal", **names)
        key = "more" if second > first else "less"
        return t(f"comparison.metrics.{key}", **names, difference=number(abs(second - first)))
    low, high = min(values, key=lambda v: v[0]), max(values, key=lambda v: v[0])
    if high[0] - low[0] <= 1e-6 * max(high[0], 1.0):
        return t("comparison.metrics.all_equal", year=year, first=number(high[0]))
    return t(
        "comparison.metrics.range", year=year, low=number(low[0]), least=low[1].letter, high=number(high[0]),
        most=high[1].letter,
    )  # fmt: skip


def section(comparison: Comparison) -> Section | None:
    """The section; None without plans to set side by side."""
    t, plans = comparison.t, comparison.planned
    if len(plans) < 2:
        return None
    blocks: list[Block] = []
    shown = [name for name in DRAWN if any(plan.view.metric_series(name).notna().any() for plan in plans)]
    if shown:
        quantities = [_quantity(comparison, metric) for metric in shown]
        drawing = side_by_side(quantities, [p.letter for p in plans], [p.name for p in plans])
        alt = t("comparison.metrics.alt", n=len(shown), finding=finding(comparison))
        caption, note = t("comparison.metrics.figure"), t("comparison.metrics.figure_note")
        blocks.append(plans[0].draft.figure("metrics-side-by-side", drawing, caption, alt, note))
    blocks.append(table_of(comparison))
    return Section("metrics", t("comparison.metrics.label"), finding(comparison), tuple(blocks))


def _unit(comparison: Comparison, metric: str) -> Unit:
    """The unit in which a quantity of these plans is told; shares and PUE have none."""
    t = comparison.t
    values = [value for plan in comparison.planned for value in plan.view.metric_series(metric).dropna()]
    if metric == "facility_mwh":
        return t.energy_unit(values)
    if metric == "carbon_tonnes":
        return t.carbon_unit(values)
    if metric == "capex":
        return t.money_unit(values)
    return Unit(t.group("unit").get(metric, ""), 1.0, decimals_for(values))


def _title(comparison: Comparison, metric: str, unit: str) -> str:
    t = comparison.t
    name = t.word(f"metric.{metric}")
    return t("comparison.metrics.with_unit", name=name, unit=unit) if unit else name


def _quantity(comparison: Comparison, metric: str) -> Quantity:
    """A small chart of the quantity, shares in per cent."""
    share, unit = metric in SHARES, _unit(comparison, metric)
    factor = 0.01 if share else unit.factor
    lines = [plan.view.metric_series(metric) / factor for plan in comparison.planned]
    title = _title(comparison, metric, "%" if share else unit.unit)
    column = f"{metric}_percent" if share else metric
    return Quantity(title, column, lines, from_zero=metric not in RATIOS, scale=factor if not share else 1.0)


def table_of(comparison: Comparison) -> Block:
    """A row for each quantity and year, a column a plan, and what differs between two."""
    t, plans = comparison.t, comparison.planned
    rows: list[list[str]] = []
    for metric in METRICS:
        unit = _unit(comparison, metric)
        title = _title(comparison, metric, unit.unit)
        for year in comparison.years:
            values = [plan.view.metric(metric, year) for plan in plans]
            if all(value is None for value in values):
                continue
            row = [title, str(year), *(_value(comparison, metric, unit, value) for value in values)]
            if len(plans) == 2:
                row.append(_change(plans[0].draft, metric, unit, *values))
            rows.append(row)
    titles = [wide(t("comparison.metrics.quantity")), right(t("column.year")), *(right(p.letter) for p in plans)]
    if len(plans) == 2:
        titles.append(right(t("comparison.column.difference", before=plans[0].letter, after=plans[1].letter)))
    caption, note = t("comparison.metrics.caption"), t("comparison.metrics.note")
    return table("metrics", caption, titles, rows, note=note, dense=len(rows) > 14)


def _value(comparison: Comparison, metric: str, unit: Unit, value: float | None) -> str:
    """A value without its unit, which stands beside the name."""
    if value is None or metric in RATIOS:
        return amount(comparison.reference.draft, metric, value)
    return number(value) if unit.factor == 1.0 else unit(value)


def _change(draft: Draft, metric: str, unit: Unit, before: float | None, after: float | None) -> str:
    change, of = metric_change(draft, metric, before, after)
    if metric in SHARES:
        return quantity(change, of)
    if before is None or after is None or unit.factor == 1.0:
        return change
    return signed_money(unit, after - before) if change != DASH else DASH
