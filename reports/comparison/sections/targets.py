"""The targets of the plans side by side: required, attained, met."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ....inputs.parts import Target
from ...document import Block, Cell, Column, Paragraph, Section
from ...draft import Draft, cell, left, right, table, wide
from ...numbers import DASH
from ...sections.targets import Outcome, amount, label, outcomes, required
from ..plans import Compared, Comparison


@dataclass(frozen=True)
class Line:
    """A target in the plans, by their letters: what each case asks for, and how each plan stands to it."""

    identifier: str
    year: int
    label: str
    draft: Draft
    asked: Mapping[str, Target]
    found: Mapping[str, Outcome]


def lines(comparison: Comparison) -> tuple[Line, ...]:
    """Every target of any case, in the order of years and then of the cases."""
    found = {
        plan.letter: {o.target.id: o for o in outcomes(plan.draft)} if plan.has_plan else {}
        for plan in comparison.plans
    }
    asked = {plan.letter: {target.id: target for target in plan.result.case.targets} for plan in comparison.plans}
    ids = dict.fromkeys(identifier for targets in asked.values() for identifier in targets)
    out = []
    for identifier in ids:
        owners = [plan for plan in comparison.plans if identifier in asked[plan.letter]]
        first = asked[owners[0].letter][identifier]
        out.append(
            Line(
                identifier, first.year, label(owners[0].draft, first), owners[0].draft,
                {plan.letter: asked[plan.letter][identifier] for plan in owners},
                {plan.letter: o for plan in owners if (o := found[plan.letter].get(identifier)) is not None},
            )
        )  # fmt: skip
    return tuple(sorted(out, key=lambda line: line.year))


def met(comparison: Comparison, plan: Compared) -> tuple[int, int]:
    """How many targets a plan meets, and how many its case has."""
    found = outcomes(plan.draft) if plan.has_plan else []
    return sum(o.met for o in found), len(plan.result.case.targets)


def finding(comparison: Comparison) -> str | None:
    """The heading; None if there are no targets, or no plans to meet them."""
    t, plans = comparison.t, comparison.planned
    if not plans or not any(plan.result.case.targets for plan in plans):
        return None
    if len(plans) != 2:
        counts = [(plan, *met(comparison, plan)) for plan in plans]
        parts = [t("comparison.targets.count", name=plan.letter, met=n, n=of) for plan, n, of in counts]
        return t("comparison.targets.counts", parts=t.listing(parts, most=len(parts)))
    first, second = plans
    shared = [line for line in lines(comparison) if {first.letter, second.letter} <= {*line.found}]
    lost = [x for x in shared if x.found[first.letter].met and not x.found[second.letter].met]
    won = [x for x in shared if x.found[second.letter].met and not x.found[first.letter].met]
    names = {"before": first.letter, "after": second.letter}
    if lost or won:
        parts = []
        if lost:
            what = {"targets": t.count("target", len(lost)), "names": _names(comparison, lost)}
            parts.append(t("comparison.targets.lost", **names, **what))
        if won:
            what = {"targets": t.count("target", len(won)), "names": _names(comparison, won)}
            parts.append(t("comparison.targets.won", **names, **what))
        return t("comparison.targets.and").join(parts)
    (n1, of1), (n2, of2) = met(comparison, first), met(comparison, second)
    if not shared:
        return t("comparison.targets.apart", **names, n1=n1, of1=of1, n2=n2, of2=of2)
    both = sum(line.found[first.letter].met for line in shared)
    key = "both_all" if both == len(shared) else "both_none" if both == 0 else "both_same"
    return t(f"comparison.targets.{key}", met=both, targets=t.count("target", len(shared)), n=len(shared))


def _names(comparison: Comparison, found: list[Line]) -> str:
    t = comparison.t
    return t.listing([t("text.dated", name=x.label, year=x.year) for x in found], most=2)


def section(comparison: Comparison) -> Section | None:
    """The section; None if no case sets targets."""
    t, found = comparison.t, lines(comparison)
    if not found:
        return None
    title = finding(comparison) or t("comparison.targets.asked_only")
    parts = [table_of(comparison, found)]
    notes = [Paragraph(t.rich("comparison.targets.changed"))] if any(_changed(x) for x in found) else []
    return Section("targets", t("targets.label"), title, (*parts, *notes))


def table_of(comparison: Comparison, found: tuple[Line, ...]) -> Block:
    """A row a target, with a column a plan."""
    t = comparison.t
    one = not any(_changed(line) for line in found)
    rows: list[list[str | Cell]] = []
    for line in found:
        row: list[str | Cell] = [cell(line.label), str(line.year)]
        if one:
            row.append(required(line.draft, next(iter(line.asked.values()))))
        row += [_cell(comparison, plan, line, with_requirement=not one) for plan in comparison.plans]
        rows.append(row)
    titles = [wide(t("targets.column.target"), 2.0), left(t("column.year"))]
    if one:
        titles.append(right(t("targets.column.required")))
    # What is asked for stands in brackets then, and needs room to break.
    titles += [right(plan.letter) if one else Column(plan.letter, "right", 1.2) for plan in comparison.plans]
    dense = len(found) > 12 or len(comparison.plans) > 3
    return table(
        "targets", t("comparison.targets.caption"), titles, rows, note=t("comparison.targets.note"), dense=dense
    )


def _changed(line: Line) -> bool:
    """Whether the cases ask for different things under one target."""
    return len({(x.metric, x.sense, x.value, x.year) for x in line.asked.values()}) > 1


def _cell(comparison: Comparison, plan: Compared, line: Line, with_requirement: bool) -> Cell:
    target, outcome = line.asked.get(plan.letter), line.found.get(plan.letter)
    if target is None:
        return Cell(DASH)
    text = DASH
    if outcome is not None:
        text = amount(plan.draft, target.metric, outcome.attained, target.scope.resource)
    if with_requirement:
        text = comparison.t("text.named", name=text, id=required(plan.draft, target))
    if outcome is None:
        return Cell(text)
    return Cell(text, status="good" if outcome.met else "bad")
