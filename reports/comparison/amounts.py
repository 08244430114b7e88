"""Values and differences as text: exact inputs, signed sums, amounts over the years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..draft import Draft
from ..messages import Messages
from ..numbers import DASH, Money, Unit, decimals_for, number, plain, quantity, signed
from ..sections.targets import SHARES
from ..wording import printable
from .differences import Missing, Value

TRACE = 1e-9
MOST_DECIMALS = 4
"""Decimals added at most to tell sums apart."""


def exact(value: float) -> str:
    """A number of the inputs with all its digits, thousands separated: 30000.0 -> "30,000", 0.6191 -> "0.6191"."""
    text = plain(value, 0) if float(value).is_integer() else f"{value:,.9g}".replace("-", "\u2212")
    return plain(value, 6) if "e" in text else text


def input_value(t: Messages, value: Value) -> str:
    """A value of the inputs as text."""
    if isinstance(value, Missing):
        return t("comparison.value.missing")
    if value is None:
        return t("comparison.value.none")
    if isinstance(value, bool):
        return t("word.yes" if value else "word.no")
    if isinstance(value, int | float):
        return exact(value)
    if isinstance(value, tuple):
        return t.listing([printable(item) for item in value], most=6) or t("comparison.value.empty")
    return printable(value) or t("comparison.value.empty")


def signed_number(value: float) -> str:
    """A difference with its sign and about three digits; a dash for none."""
    if abs(value) < TRACE:
        return DASH
    text = signed(value, decimals_for([value]))
    return text.rstrip("0").rstrip(".") if "." in text else text


def signed_money(unit: Money, cny: float) -> str:
    """A difference in a unit of money, without its name; a dash for none."""
    text = unit(cny)
    return DASH if cny == 0 else text if text[0] in "<>\u2212" else "+" + text


def telling_unit(t: Messages, sums: Sequence[float]) -> Unit:
    """A unit of money for some totals, with as many decimals as it takes to tell apart those that differ."""
    unit = t.money_unit(sums)
    different = {round(cny, 2) for cny in sums}
    for decimals in range(unit.decimals, unit.decimals + MOST_DECIMALS):
        finer = replace(unit, decimals=decimals)
        if len({finer(cny) for cny in different}) == len(different):
            return finer
    return unit


def apart(t: Messages, sums: Sequence[float | None]) -> list[str]:
    """Sums with their unit, told apart if they differ; a dash for None."""
    unit = telling_unit(t, [cny for cny in sums if cny is not None])
    return [DASH if cny is None else _with_unit(t, unit, cny) for cny in sums]


def _with_unit(t: Messages, unit: Unit, cny: float) -> str:
    if t.language == "zh":
        return quantity(unit(cny), unit.unit)
    name, _, scale = unit.unit.partition(" ")
    return "\u00a0".join(part for part in (name, unit(cny), scale) if part)


def metric_change(draft: Draft, metric: str, before: float | None, after: float | None) -> tuple[str, str]:
    """By how much a metric differs, and the unit: percentage points for shares; a dash where nothing can be said."""
    t = draft.t
    if before is None or after is None or abs(after - before) <= TRACE * max(1.0, abs(before)):
        return DASH, ""
    if metric in SHARES:
        return signed((after - before) * 100), t("comparison.points")
    if metric == "pue":
        return signed(after - before, 3), ""
    if metric == "capex":
        unit = t.money_unit([after - before])
        return signed_money(unit, after - before), unit.unit
    return signed_number(after - before), t.group("unit").get(metric, "")


def over_years(t: Messages, by_year: Mapping[int, float]) -> str:
    """Amounts by year on one line: "2024: 2; 2027: 1"; a dash for none."""
    parts = [t("comparison.in_year", year=year, n=number(n)) for year, n in sorted(by_year.items())]
    return t("comparison.then").join(parts) or DASH


def factor(value: float) -> str:
    """A factor: 1.1 -> "×1.1"."""
    return "×" + f"{value:.6g}"


def counted(t: Messages, noun: str, n: int) -> str:
    """A number with one of the comparison's own nouns."""
    return t(f"comparison.count.{noun}.{'one' if n == 1 else 'other'}", n=f"{n:,}")
