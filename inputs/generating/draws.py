"""Random draws that are the same on every machine, and numbers as a planner would write them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context
from typing import TypeVar

T = TypeVar("T")

DIGITS = 3
"""Significant digits of a number that was drawn: assumptions have no more."""


def neat(value: float, digits: int = DIGITS) -> float:
    """Return the nearest number with few significant digits."""
    return float(Context(prec=digits, rounding=ROUND_HALF_EVEN).create_decimal(repr(value)))


def neat_up(value: float, digits: int = DIGITS) -> float:
    """Return the least number with few significant digits that is not below the value."""
    return float(Context(prec=digits, rounding=ROUND_CEILING).create_decimal(repr(value)))


def neat_down(value: float, digits: int = DIGITS) -> float:
    """Return the largest number with few significant digits that is not above the value."""
    return float(Context(prec=digits, rounding=ROUND_FLOOR).create_decimal(repr(value)))


class Draws:
    """A stream of draws. The same keys give the same stream on every machine and with every version of Python.

    All draws rest on `random.Random.random`, the only method whose sequence Python promises to keep.
    """

    def __init__(self, *keys: object) -> None:
        self._next = random.Random("/".join(map(str, keys))).random

    def chance(self, probability: float) -> bool:
        """Return true with this probability."""
        return self._next() < probability

    def between(self, low: float, high: float) -> float:
        """Return a neat number from low to high."""
        return neat(low + (high - low) * self._next())

    def whole(self, low: int, high: int) -> int:
        """Return a whole number from low to high, both included."""
        return low + int(self._next() * (high - low + 1))

    def pick(self, things: Sequence[T]) -> T:
        """Return one of the things."""
        return things[int(self._next() * len(things))]

    def shuffled(self, things: Sequence[T]) -> list[T]:
        """Return the things in another order."""
        return [thing for _, thing in sorted(((self._next(), thing) for thing in things), key=lambda pair: pair[0])]

    def some(self, things: Sequence[T], count: int) -> list[T]:
        """Return so many of the things, in their order; all of them if there are no more."""
        chosen = set(self.shuffled(range(len(things)))[: max(0, count)])
        return [thing for number, thing in enumerate(things) if number in chosen]

    def deal(self, count: int, share: float) -> list[bool]:
        """Return as many flags as asked for; this share of them is true, and one at least."""
        yes = min(count, max(1, round(count * share)))
        return [bool(flag) for flag in self.shuffled([True] * yes + [False] * (count - yes))]
