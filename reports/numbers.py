"""Numbers as text: a fixed number of meaningful digits, thousands separated, a real minus sign."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

DASH = "–"


def plain(value: float, decimals: int = 0) -> str:
    """A number with thousands separators: -1234.5 -> "−1,235"."""
    text = f"{value:,.{decimals}f}"
    if not text.strip("-0.,"):
        text = text.removeprefix("-")
    return text.replace("-", "\u2212")


def decimals_for(values: Iterable[float]) -> int:
    """Decimals with which the largest of the values shows about three digits."""
    largest = max((abs(v) for v in values if math.isfinite(v)), default=0.0)
    if largest >= 99.95 or largest == 0:
        return 0
    return max(0, 2 - math.floor(math.log10(largest)))


def number(value: float | None) -> str:
    """One number on its own: 10234.4 -> "10,234", 12.34 -> "12.3", 0.0500 -> "0.05"; a dash for None."""
    if value is None or not math.isfinite(value):
        return DASH
    text = plain(value, decimals_for([value]))
    return text.rstrip("0").rstrip(".") if "." in text else text


def signed(value: float, decimals: int = 1) -> str:
    """A number with its sign, "±" for what rounds to nothing."""
    text = plain(abs(value), decimals)
    if not text.strip("0.,"):
        return "±" + text
    return ("+" if value > 0 else "\u2212") + text


def percent(share: float | None, decimals: int = 0) -> str:
    """A share as a percentage; a dash for None. What is short of 100% never shows as 100%, nor a trace as 0%."""
    if share is None or not math.isfinite(share):
        return DASH
    step = 10.0**-decimals
    value = share * 100
    if 0 < value < step / 2:
        return f"<{step:.{decimals}f}%"
    if 100 - step / 2 <= value < 100 - 1e-6:
        return f">{100 - step:.{decimals}f}%"
    return plain(value, decimals) + "%"


@dataclass(frozen=True)
class Money:
    """A unit of money that fits the sums of a table or chart."""

    unit: str
    factor: float
    decimals: int

    def __call__(self, cny: float) -> str:
        """The sum in this unit, without the unit's name; what rounds to nothing shows as a bound."""
        value, step = cny / self.factor, 10.0**-self.decimals
        if 0 < abs(value) < step / 2:
            return f"<{step:.{self.decimals}f}" if value > 0 else f">\u2212{step:.{self.decimals}f}"
        return plain(value, self.decimals)


def money_unit(sums: Iterable[float]) -> Money:
    """CNY bn, CNY m or CNY, by the largest of the sums."""
    largest = max((abs(v) for v in sums), default=0.0)
    if largest >= 0.9995e9:
        return Money("CNY bn", 1e9, 2)
    if largest >= 0.9995e5:
        return Money("CNY m", 1e6, 1 if largest >= 0.9995e7 else 2)
    return Money("CNY", 1.0, 0)


def money(cny: float | None) -> str:
    """One sum with its unit, kept on one line: "CNY 13.53 bn"; a dash for None."""
    if cny is None:
        return DASH
    unit = money_unit([cny])
    name, _, scale = unit.unit.partition(" ")
    return "\u00a0".join(part for part in (name, unit(cny), scale) if part)
