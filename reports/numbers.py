"""Numbers as text: a fixed number of meaningful digits, thousands separated, a real minus sign.

Digits are the same in every language; units of money, energy and mass are those of the language.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .language import Language

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
    return _trimmed(plain(value, decimals_for([value])))


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
class Unit:
    """A unit that fits the amounts of a table or chart; `factor` is what one of it is in CNY, MWh or tonnes."""

    unit: str
    factor: float
    decimals: int

    def __call__(self, amount: float) -> str:
        """The amount in this unit, without the unit's name; what rounds to nothing shows as a bound."""
        value, step = amount / self.factor, 10.0**-self.decimals
        if 0 < abs(value) < step / 2:
            return f"<{step:.{self.decimals}f}" if value > 0 else f">\u2212{step:.{self.decimals}f}"
        return plain(value, self.decimals)


Money = Unit

_Ladder = tuple[tuple[float, float, str, int], ...]
"""From which amount on a unit is used, what one of it is, its name, and its decimals at most."""
_MONEY: Mapping[Language, _Ladder] = {
    "en": ((0.9995e9, 1e9, "CNY bn", 2), (0.9995e7, 1e6, "CNY m", 1), (0.9995e5, 1e6, "CNY m", 2), (0, 1, "CNY", 0)),
    "zh": ((0.9995e8, 1e8, "亿元", 2), (0.9995e7, 1e4, "万元", 0), (0.9995e5, 1e4, "万元", 1),
           (0.9995e4, 1e4, "万元", 2), (0, 1, "元", 0)),
}  # fmt: skip
_ENERGY: Mapping[Language, _Ladder] = {
    "en": ((0.9995e3, 1e3, "GWh", 1), (0, 1, "MWh", 1)),
    # Up to ten hundred millions in ten thousands, so that a small site shows beside a large one.
    "zh": ((0.9995e6, 1e5, "亿千瓦时", 2), (0.9995e4, 10, "万千瓦时", 0), (0, 10, "万千瓦时", 1)),
}  # fmt: skip
# A city speaks of MW, a small town of kW; so does Chinese.
_POWER: _Ladder = ((1e4, 1e3, "MW", 1), (0, 1, "kW", 0))
_CARBON: Mapping[Language, _Ladder] = {
    "en": ((0.9995e5, 1e3, "1,000 t", 0), (0.9995e4, 1e3, "1,000 t", 1), (0, 1, "t", 0)),
    "zh": ((0.9995e4, 1e4, "万吨", 2), (0, 1, "吨", 0)),
}


def characters() -> set[str]:
    """Every character that the names of units use."""
    ladders = (ladder for table in (_MONEY, _ENERGY, _CARBON) for ladder in table.values())
    return {character for ladder in ladders for _, _, name, _ in ladder for character in name}


def _unit(amounts: Iterable[float], ladder: _Ladder) -> Unit:
    largest = max((abs(v) for v in amounts if math.isfinite(v)), default=0.0)
    return next(Unit(name, factor, decimals) for least, factor, name, decimals in ladder if largest >= least)


def money_unit(sums: Iterable[float], language: Language = "en") -> Unit:
    """CNY bn, CNY m or CNY (亿元, 万元 or 元), by the largest of the sums."""
    return _unit(sums, _MONEY[language])


def energy_unit(mwh: Iterable[float], language: Language = "en") -> Unit:
    """GWh or MWh (亿千瓦时 or 万千瓦时), by the largest of the amounts."""
    return _unit(mwh, _ENERGY[language])


def carbon_unit(tonnes: Iterable[float], language: Language = "en") -> Unit:
    """1,000 t or t (万吨 or 吨), by the largest of the amounts."""
    return _unit(tonnes, _CARBON[language])


def power_unit(kw: Iterable[float]) -> Unit:
    """MW or kW, by the largest of the amounts in kW."""
    return _unit(kw, _POWER)


def quantity(value: str, unit: str) -> str:
    """A number with its unit: a Chinese one follows at once, another after a space that does not break."""
    joint = "" if not unit or unicodedata.east_asian_width(unit[0]) in "WF" else "\u00a0"
    return value + joint + unit


def money(cny: float | None, language: Language = "en") -> str:
    """One sum with its unit, kept on one line: "CNY 13.53 bn", "135.30亿元"; a dash for None."""
    if cny is None:
        return DASH
    unit = money_unit([cny], language)
    if language == "zh":
        return quantity(_trimmed(unit(cny)), unit.unit)
    name, _, scale = unit.unit.partition(" ")
    return "\u00a0".join(part for part in (name, unit(cny), scale) if part)


def _trimmed(text: str) -> str:
    """A decimal number without the zeros at its end."""
    return text.rstrip("0").rstrip(".") if "." in text else text
