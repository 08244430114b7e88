"""The auditor: recomputes a result from case.json and its tables and says where they disagree.

It shares nothing with the model but the types of the case and the format of the tables: every constraint, derived
table, metric, target and cost of the planning problem is written out here a second time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..folder import Result
from .costs import Costs, capital_by_year, check_budget, check_costs, recompute_costs
from .decisions import check_decisions
from .findings import Findings
from .lookup import Lookup, check_case
from .metric_table import check_metrics
from .metrics import Meter
from .outcome import check_objective, check_outcome
from .records import Records, read_records
from .state import state_of
from .targets import check_targets

__all__ = ["AuditReport", "audit", "malformed"]

FAILURES_IN_SUMMARY = 200


@dataclass(frozen=True)
class AuditReport:
    """What an audit found: `checks` counts the checks made, each failure is one sentence."""

    ok: bool
    checks: int
    failures: tuple[str, ...]

    def as_summary(self) -> dict[str, Any]:
        """The report for summary.json; a very long list of failures is cut, and its last line says so."""
        failures = list(self.failures[:FAILURES_IN_SUMMARY])
        if len(self.failures) > len(failures):
            failures.append(f"and {len(self.failures) - len(failures):,} more failures")
        return {"ok": self.ok, "checks": self.checks, "failures": failures}


def audit(result: Result) -> AuditReport:
    """Check a result against its case, by the case and the tables alone.

    It never raises on odd content. When the case or a table is not well formed (an unknown id, a year outside the
    plan, a count that is not whole, a row given twice), only that is reported, for nothing can be recomputed from it.
    """
    findings = Findings()
    objective = check_outcome(result.summary, findings)
    signed = result.summary.get("case_sha256")
    findings.require(
        signed is None or signed == result.case_sha256,
        "case.json is not the case that was planned: its hash differs from case_sha256 in summary.json",
    )
    try:
        _check_tables(result, objective, findings)
    except (ArithmeticError, RecursionError) as error:
        findings.require(False, f"the numbers of the case or the tables are beyond reckoning: {error}")
    return AuditReport(not findings.failures, findings.checks, tuple(findings.failures))


def malformed(result: Result) -> tuple[str, ...]:
    """What keeps a result from being read at all: ids that the case does not have, cells that are no numbers."""
    findings = Findings()
    if result.tables:
        read_records(result.tables, Lookup(result.case), findings)
    return tuple(findings.failures)


def _check_tables(result: Result, objective: float | None, findings: Findings) -> None:
    """Check the plan's tables, if there is a plan."""
    if result.summary.get("objective_cny") is not None:
        lookup = Lookup(result.case)
        form = Findings()
        check_case(lookup, form)
        records = read_records(result.tables, lookup, form)
        findings.include(form)
        if records is not None:
            costs = _check_plan(records, lookup, findings)
            if objective is not None:
                check_objective(objective, costs, lookup, findings)


def _check_plan(records: Records, lookup: Lookup, findings: Findings) -> Costs:
    """Check the plan; return its costs."""
    state = state_of(records, lookup)
    check_decisions(records, state, lookup, findings)
    costs = recompute_costs(records, state, lookup)
    capital = capital_by_year(costs, lookup)
    meter = Meter(lookup, records, state, capital)
    check_metrics(records, meter, findings)
    for year, penalty in check_targets(records, meter, findings).items():
        costs["target_penalty", "", year] = penalty
    check_budget(capital, lookup, findings)
    check_costs(records, costs, lookup, findings)
    return costs
