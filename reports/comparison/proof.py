"""What is proved about which of two scenarios is cheaper, and what the gaps of their plans leave open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..folder import Result
from .bridge import CENT, comparable

Verdict = Literal["cheaper", "dearer", "equal", "open"]
_TRACE = 1e-9


@dataclass(frozen=True)
class Proof:
    """The difference of two plans, and the limits of the difference of the two scenarios' least costs, CNY.

    The least cost of a scenario lies between its proved bound and the cost of its plan. `least` and `most` are None
    where a bound is missing. `verdict` is about the second scenario: "cheaper" or "dearer" if that is proved.
    """

    difference: float
    least: float | None
    most: float | None
    same_case: bool
    verdict: Verdict


def proof(before: Result, after: Result) -> Proof | None:
    """What is proved about two results; None where their costs are not comparable."""
    if not comparable(before, after):
        return None
    first, second = float(before.summary["objective_cny"]), float(after.summary["objective_cny"])
    low_first, low_second = _bound(before), _bound(after)
    least = None if low_second is None else low_second - first
    most = None if low_first is None else second - low_first
    trace = max(CENT, _TRACE * max(abs(first), abs(second)))
    same = before.case_sha256 == after.case_sha256
    verdict: Verdict = "open"
    if same or (least is not None and most is not None and max(abs(least), abs(most)) <= trace):
        verdict = "equal"
    elif least is not None and least > trace:
        verdict = "dearer"
    elif most is not None and most < -trace:
        verdict = "cheaper"
    return Proof(second - first, least, most, same, verdict)


def _bound(result: Result) -> float | None:
    """The proved bound; it is never above the plan's own cost, but for rounding."""
    bound, cost = result.summary.get("bound_cny"), float(result.summary["objective_cny"])
    return None if bound is None else min(float(bound), cost)
