"""What a table's cells are sorted by: the numbers in their texts, in whatever unit they are written."""

from __future__ import annotations

import re

_SCALES = {"%": 0.01, "m": 1e6, "bn": 1e9, "万": 1e4, "亿": 1e8}
_NUMBER = re.compile(
    r"(?:CNY\s*)?(?P<bound>[<>≤≥=±]?)\s*(?P<sign>[+\u2212-]?)(?P<digits>\d[\d,]*(?:\.\d+)?)\s*(?P<scale>%|bn\b|m\b|[万亿])?"
)


def number_in(text: str) -> float | None:
    """The number that a text begins with, scaled by its unit: "CNY 1.2 bn" is 1.2e9, "4.5%" is 0.045.

    What is below a bound comes just before it, and what is above comes just after. None: there is no number in front.
    """
    found = _NUMBER.match(text.strip())
    if found is None:
        return None
    value = float(found["digits"].replace(",", "")) * _SCALES.get(found["scale"] or "", 1.0)
    if found["sign"] in ("\u2212", "-"):
        value = -value
    nudge = abs(value) * 1e-6
    return value - nudge if found["bound"] == "<" else value + nudge if found["bound"] == ">" else value


def sort_keys(texts: list[str]) -> list[float | None]:
    """The keys of a column's cells; all None if any cell that says something is not a number: then words decide."""
    keys = [number_in(text) for text in texts]
    said = [key for key, text in zip(keys, texts, strict=True) if text.strip(" –-—\u200b")]
    return keys if said and all(key is not None for key in said) else [None] * len(keys)
