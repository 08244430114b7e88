"""The short report of a run that found no plan."""

from __future__ import annotations

from ...model.explaining import Explanation
from ..document import Block, Bullets, Paragraph, Run, Section
from ..draft import Draft, left, right, table, wide
from ..explanation.saved import read_explanation
from ..explanation.telling import Teller
from ..wording import printable
from . import targets
from .provenance import origin, solver


def sections(draft: Draft) -> tuple[Section, ...]:
    """What was asked for, and how the search ended."""
    t, view = draft.t, draft.view
    status = "infeasible" if view.summary.get("status") == "infeasible" else "no_plan"
    blocks: list[Block] = [Paragraph(t.rich(f"{status}.text"))]
    explanation = read_explanation(view.result.folder) if status == "infeasible" else None
    if explanation is not None:
        blocks += _explained(draft, explanation)
    if view.case.targets:
        rows = [
            (
                printable(target.id),
                targets.label(draft, target),
                str(target.year),
                targets.required(draft, target),
                t("targets.hard") if target.penalty_cny is None else t.money(target.penalty_cny),
            )
            for target in view.case.targets
        ]
        titles = (
            wide(t("identifier.target"), 0.8), wide(t("targets.column.target"), 1.2),
            left(t("column.year")), right(t("targets.column.required")),
            right(t("no_plan.penalty")),
        )  # fmt: skip
        blocks.append(table("targets", t("no_plan.targets"), titles, rows))
    first = Section("outcome", t("no_plan.label"), t(f"{status}.title"), tuple(blocks), tone="alarm")
    last = Section(
        "provenance", t("provenance.label"), t("no_plan.search"), (solver(draft), origin(draft)), appendix=True
    )
    return first, last


def _explained(draft: Draft, explanation: Explanation) -> list[Block]:
    """What rules plans out, and what would help."""
    t = draft.t
    teller = Teller(draft.view.case, t.language)
    stated = [(t("explanation.reasons"), explanation.reasons)] if explanation.reasons else []
    stated += [(teller.heading(conflict), conflict.demands) for conflict in explanation.conflicts]
    blocks: list[Block] = []
    for heading, facts in stated:
        blocks.append(Paragraph((Run(heading, bold=True),)))
        blocks.append(Bullets(tuple((Run(teller.sentence(fact)),) for fact in facts)))
    if not explanation.ways_out:
        return [*blocks, Paragraph(t.rich("explanation.no_ways"))]
    rows = [
        (str(number), teller.way(way), "; ".join(f"{each.key}: {each.written}" for each in way.changes))
        for number, way in enumerate(explanation.ways_out, start=1)
    ]
    titles = left(""), wide(t("explanation.way")), wide(t("explanation.change"))
    return [*blocks, table("ways-out", t("explanation.ways"), titles, rows)]
