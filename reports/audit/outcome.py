"""The check of summary.json: the objective, its bound, the gap and the status must agree with each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import physics
from .costs import Costs
from .findings import Findings, Tally, amounts, differ, exceeds
from .lookup import Lookup

WITH_PLAN = ("optimal", "feasible")
WITHOUT_PLAN = ("infeasible", "no plan")
LARGEST = 1e300


def check_objective(objective: float, costs: Costs, lookup: Lookup, findings: Findings) -> None:
    """The discounted costs, recomputed, add up to the objective."""
    case, present_value = lookup.case, Tally()
    for (_, _, year), tally in costs.items():
        factor = physics.discount(case.discount_rate, case.base_year, year)
        present_value.value += tally.value * factor
        present_value.size += tally.size * factor
    findings.same(objective, present_value, "summary.json: objective", "CNY")


def check_outcome(summary: Mapping[str, Any], findings: Findings) -> float | None:
    """A plan has an objective, a bound not above it, the gap between them, and the status that follows.

    Returns the objective, CNY; None without a plan or when it is not a number.
    """
    status, has_plan = summary.get("status"), summary.get("objective_cny") is not None
    allowed = WITH_PLAN if has_plan else WITHOUT_PLAN
    case = "with" if has_plan else "without"
    findings.require(
        status in allowed,
        f"summary.json: status is '{status}', expected '{allowed[0]}' or '{allowed[1]}' {case} a plan",
    )
    if not has_plan:
        findings.require(summary.get("gap") is None, f"summary.json: gap is {summary.get('gap')} without a plan")
        return None
    objective = _number(summary, "objective_cny", findings)
    requested = _number(summary, "requested_gap", findings)
    if objective is not None and requested is not None:
        _check_gap(summary, objective, requested, findings)
    return objective


def _check_gap(summary: Mapping[str, Any], objective: float, requested: float, findings: Findings) -> None:
    status = summary.get("status")
    if summary.get("bound_cny") is None or summary.get("gap") is None:
        findings.require(status != "optimal", "summary.json: status is 'optimal' without a bound and a gap")
        _check_no_gap(summary, objective, findings)
        return
    bound, gap = _number(summary, "bound_cny", findings), _number(summary, "gap", findings)
    if bound is None or gap is None:
        return
    above, below = amounts(bound, objective)
    findings.require(
        not exceeds(bound, objective), f"summary.json: the bound {above} CNY is above the objective {below} CNY"
    )
    if objective:
        findings.same(gap, max(0.0, objective - bound) / abs(objective), "summary.json: gap", "")
    findings.require(
        status != "optimal" or not exceeds(gap, requested),
        f"summary.json: status is 'optimal' with a gap of {gap:.4%}, but {requested:.4%} was asked for",
    )
    findings.require(
        status != "feasible" or gap > requested or not differ(gap, requested),
        f"summary.json: status is 'feasible' with a gap of {gap:.4%}, within the {requested:.4%} asked for",
    )


def _check_no_gap(summary: Mapping[str, Any], objective: float, findings: Findings) -> None:
    """Without a bound there is no gap; with one there is none only when the objective is 0, for it is relative."""
    if summary.get("bound_cny") is None:
        findings.require(summary.get("gap") is None, "summary.json: there is a gap, but no bound")
    else:
        findings.require(objective == 0, "summary.json: there is a bound, but no gap")


def _number(summary: Mapping[str, Any], key: str, findings: Findings) -> float | None:
    """A finite number of the summary; None, and a failure, when it is something else."""
    value = summary.get(key)
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST
    findings.require(is_number, f"summary.json: {key} is {value!r}, expected a number")
    return float(value) if is_number and value is not None else None
