"""The page after the cover: what is compared, how each result stands, and the findings in a few sentences."""

from __future__ import annotations

from collections.abc import Sequence

from ...document import Block, Bullets, Callout, Cell, Run, Section, Status
from ...draft import cell, table, wide
from ...numbers import DASH, percent
from ...sections.provenance import audited, gap_text
from ...wording import printable
from ..amounts import apart
from ..caveats import audit_text, caveats, proved, span, standing_text, warnings
from ..plans import Compared, Comparison
from . import costs, targets

Row = tuple[str, Sequence[str | Cell]]


def section(comparison: Comparison, others: Sequence[Section]) -> Section:
    """The section, with the findings of the others."""
    t = comparison.t
    blocks: list[Block] = [plans_table(comparison)]
    told = [text for text in caveats(comparison) if text not in warnings(comparison)]
    if told:
        blocks.append(Callout(t("comparison.caveats"), tuple((Run(text),) for text in told)))
    found = [t.rich("summary.statement", topic=part.label, text=part.title) for part in others if part.id != "costs"]
    blocks.append(Bullets(tuple(found)))
    lead = proved(comparison, comparison.pairs[0]) if len(comparison.pairs) == 1 else ""
    return Section("summary", t("summary.label"), costs.finding(comparison, named=True), tuple(blocks), lead=lead)


def plans_table(comparison: Comparison) -> Block:
    """A column a result: what it is, and how it stands."""
    t, plans = comparison.t, comparison.plans
    rows: list[Row] = [
        ("scenario", [cell(p.view.name_of(p.result.case.title, p.result.case.name), strong=True) for p in plans]),
        ("folder", [cell(printable(p.result.folder.resolve().name)) for p in plans]),
        ("years", [span(comparison, p.result.case.years) for p in plans]),
        ("base_year", [str(p.result.case.base_year) for p in plans]),
        ("discount_rate", [percent(p.result.case.discount_rate, 1) for p in plans]),
        ("cost", [cell(text, strong=True) for text in apart(t, [p.cost for p in plans])]),
        ("bound", apart(t, [p.result.summary.get("bound_cny") for p in plans])),
        ("gap", [_status(comparison, p) for p in plans]),
        ("targets", [_met(comparison, p) for p in plans]),
        ("unserved", [_unserved(comparison, p) for p in plans]),
        ("audit", [_audit(comparison, p) for p in plans]),
    ]
    titles = [wide(t("comparison.inputs.what")), *(wide(plan.letter) for plan in plans)]
    lines = [[t(f"comparison.plan.{key}"), *cells] for key, cells in rows]
    return table("plans", t("comparison.plans"), titles, lines, note=t("comparison.plans_note"))


def _status(comparison: Comparison, plan: Compared) -> Cell:
    """The gap, and whether the one asked for is proved; without a plan why there is none."""
    summary = plan.result.summary
    good = summary.get("status") == "optimal"
    if not plan.has_plan:
        return Cell(standing_text(comparison, plan), status="bad")
    gap, asked = gap_text(summary.get("gap")), gap_text(summary.get("requested_gap"))
    text = comparison.t("comparison.gap", gap=gap, asked=asked)
    return Cell(text, status="good" if good else "warn")


def _met(comparison: Comparison, plan: Compared) -> str:
    n, of = targets.met(comparison, plan)
    return comparison.t("comparison.of", n=n, of=of) if plan.has_plan and of else DASH


def _unserved(comparison: Comparison, plan: Compared) -> str:
    if not plan.has_plan:
        return DASH
    n = int(plan.view.unserved["workload"].nunique())
    t = comparison.t
    return t("badge.unserved", n=t.count("workload", n)) if n else t("comparison.all_served")


def _audit(comparison: Comparison, plan: Compared) -> str | Cell:
    if not plan.has_plan:
        return DASH
    audit = audited(plan.result.summary)
    status: Status = "warn" if audit is None else "good" if audit[0] else "bad"
    text = audit_text(comparison, plan) if status != "good" else comparison.t("comparison.status.agrees")
    return Cell(text, status=status)
