"""What an audit finds: the checks it made and one plain sentence for every failure.

The tolerance of the whole audit stands here and nowhere else. Two amounts agree when they differ by at most one
millionth of the row's scale: the largest of 1, the two amounts, and the sum of the sizes of the terms that one of them
adds up. The same slack is given to an amount that may not exceed another. Counts must agree exactly.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

RELATIVE_TOLERANCE = 1e-6


def tolerance(*sizes: float) -> float:
    """The difference that is let pass between amounts of these sizes."""
    return RELATIVE_TOLERANCE * max((1.0, *map(abs, sizes)))


def exceeds(found: float, limit: float, size: float = 0.0) -> bool:
    """Whether an amount is more than its limit allows; `size` is that of the terms, where they cancel out."""
    return found > limit + tolerance(found, limit, size)


def differ(found: float, expected: float, size: float = 0.0) -> bool:
    """Whether an amount is not what it should be (not a number never is)."""
    return not abs(found - expected) <= tolerance(found, expected, size)


@dataclass
class Tally:
    """A sum that remembers the size of its terms, so that a difference can be judged when they cancel out."""

    value: float = 0.0
    size: float = 0.0

    def add(self, term: float) -> None:
        """Add a term."""
        self.value += term
        self.size += abs(term)


def total(terms: Iterable[float]) -> Tally:
    """The tally of these terms."""
    tally = Tally()
    for term in terms:
        tally.add(term)
    return tally


def amounts(found: float, expected: float) -> tuple[str, str]:
    """Two amounts as text, with as many decimals (one at least) as it takes to see that they differ."""
    difference = abs(found - expected)
    decimals = 1
    if 0 < difference < 1:
        decimals = min(12, max(1, math.ceil(-math.log10(difference)) + 1))
    return f"{found:,.{decimals}f}", f"{expected:,.{decimals}f}"


def counted(count: int, thing: str) -> str:
    """A count of things, such as "1 hall" or "5,000 halls"."""
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"


@dataclass
class Findings:
    """The count of the checks made so far and the failures among them, in the order in which they were found."""

    checks: int = 0
    failures: list[str] = field(default_factory=list)

    def require(self, holds: bool, sentence: str) -> None:
        """Check a condition; the sentence says what is wrong when it does not hold."""
        self.checks += 1
        if not holds:
            self.failures.append(sentence)

    def at_most(self, found: Tally | float, limit: Tally | float, subject: str, rest: str) -> None:
        """Check an amount against its limit: "<subject> <found> of <limit> <rest>"."""
        self.checks += 1
        used, allowed = _tally(found), _tally(limit)
        if exceeds(used.value, allowed.value, max(used.size, allowed.size)):
            left, right = amounts(used.value, allowed.value)
            self.failures.append(f"{subject} {left} of {right} {rest}")

    def same(self, found: float, expected: Tally | float, subject: str, unit: str) -> None:
        """Check an amount against what it should be: "<subject> <found> <unit>, expected <expected> <unit>"."""
        self.checks += 1
        right = _tally(expected)
        if differ(found, right.value, right.size):
            left_text, right_text = amounts(found, right.value)
            in_unit = f" {unit}" if unit else ""
            self.failures.append(f"{subject} {left_text}{in_unit}, expected {right_text}{in_unit}")

    def same_count(self, found: int, expected: int, subject: str) -> None:
        """Check a count exactly: "<subject> <found>, expected <expected>"."""
        self.require(found == expected, f"{subject} {found:,}, expected {expected:,}")

    def include(self, other: Findings) -> None:
        """Add another's checks and failures."""
        self.checks += other.checks
        self.failures += other.failures


def _tally(amount: Tally | float) -> Tally:
    return amount if isinstance(amount, Tally) else Tally(amount, abs(amount))
