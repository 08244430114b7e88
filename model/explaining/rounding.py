"""Numbers for people: rounded to three digits, always to the side on which there is a plan."""

from __future__ import annotations

import math

DIGITS = 3
NOISE_DIGITS = 9
"""Further digits are what a solver leaves behind."""


def outward(value: float, *, up: bool) -> float:
    """The value itself if it has few digits, otherwise the next number with three digits above or below it.

    >>> outward(8743.2, up=False), outward(0.05871, up=True), outward(30.0000000001, up=True)
    (8740.0, 0.0588, 30.0)
    """
    if value == 0 or not math.isfinite(value):
        return value
    clean = float(f"{value:.{NOISE_DIGITS}g}")
    if float(f"{clean:.{DIGITS}g}") == clean:
        return clean
    step = 10.0 ** (math.floor(math.log10(abs(clean))) - DIGITS + 1)
    steps = math.ceil(clean / step) if up else math.floor(clean / step)
    return float(f"{steps * step:.12g}")


def whole(value: float, *, up: bool) -> int:
    """The whole number above or below, noise apart."""
    clean = float(f"{value:.{NOISE_DIGITS}g}")
    clean = round(clean) if abs(clean - round(clean)) < 1e-6 else clean
    return math.ceil(clean) if up else math.floor(clean)
