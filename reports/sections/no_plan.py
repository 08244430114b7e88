"""The short report of a run that found no plan."""

from __future__ import annotations

from ..document import Block, Paragraph, Section
from ..draft import Draft, left, right, table, wide
from . import targets
from .provenance import origin, solver


def sections(draft: Draft) -> tuple[Section, ...]:
    """What was asked for, and how the search ended."""
    t, view = draft.t, draft.view
    status = "infeasible" if view.summary.get("status") == "infeasible" else "no_plan"
    blocks: list[Block] = [Paragraph(t.rich(f"{status}.text"))]
    if view.case.targets:
        rows = [
            (
                targets.label(draft, target),
                str(target.year),
                targets.required(draft, target),
                t("targets.hard") if target.penalty_cny is None else t.money(target.penalty_cny),
            )
            for target in view.case.targets
        ]
        titles = (
            wide(t("targets.column.target")), left(t("column.year")), right(t("targets.column.required")),
            right(t("no_plan.penalty")),
        )  # fmt: skip
        blocks.append(table("targets", t("no_plan.targets"), titles, rows))
    first = Section("outcome", t("no_plan.label"), t(f"{status}.title"), tuple(blocks), tone="alarm")
    last = Section(
        "provenance", t("provenance.label"), t("no_plan.search"), (solver(draft), origin(draft)), appendix=True
    )
    return first, last
