"""The appendix of clauses: those that are demand or no matter of capacity, and the systems that the documents name."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from ..document import Block, Cell, Section
from ..draft import Draft, cell, left, table, wide
from ..numbers import DASH, percent
from ..view import TRACE
from ..wording import printable
from . import placement
from .clause_answers import NAMED, Answers, place, what, why


def section(draft: Draft, folder: Path) -> Section | None:
    """The clauses that are demand or no matter of capacity, and the systems that the documents name."""
    t, answers = draft.t, Answers(draft, folder)
    blocks: list[Block] = []
    if answers.demand:
        blocks.append(_demand(draft, answers))
    if answers.systems:
        blocks.append(_systems(draft, answers))
    if answers.beside:
        blocks.append(_beside(draft, answers))
    if not blocks:
        return None
    values = {
        "demand": t.count("clause", len(answers.demand)), "systems": t.count("system", len(answers.systems)),
        "beside": t.count("clause", len(answers.beside)),
    }  # fmt: skip
    title = t("clauses.appendix" if answers.systems else "clauses.appendix_plain", **values)
    return Section("all-clauses", t("clauses.label"), title, tuple(blocks), appendix=True)


def _demand(draft: Draft, answers: Answers) -> Block:
    t, names = draft.t, placement.system_names(draft)
    rows: list[list[str | Cell]] = []
    for clause, workloads in answers.demand.items():
        carried = t.listing([names[w] for w in workloads], most=NAMED)
        share = answers.unserved(clause)
        chip = cell(t("clauses.full"), status="good")
        if share > TRACE:
            chip = cell(t("clauses.part", share=percent(share, 1)), status="bad")
        rows.append(
            [
                printable(clause.id), place(draft, clause), what(draft, clause), carried or DASH,
                why(draft, clause), chip if workloads else t("clauses.absent"),
            ]
        )  # fmt: skip
    titles = (
        left(t("clauses.column.number")), wide(t("clauses.column.clause"), 1.2), wide(t("clauses.column.what"), 1.8),
        wide(t("clauses.column.carried"), 1.8), wide(t("clauses.column.read"), 1.9), left(t("clauses.column.served")),
    )  # fmt: skip
    return table("clauses-demand", t("clauses.demand"), titles, rows, note=t("clauses.demand_note"), dense=True)


def _systems(draft: Draft, answers: Answers) -> Block:
    """Which system runs where, with its backup: by the names of the documents."""
    t, view = draft.t, draft.view
    names = placement.system_names(draft)
    where = partial(placement.where, draft)
    primary, standby = placement.shares(draft, "primary"), placement.shares(draft, "standby")
    rows = []
    for clause in answers.systems:
        (part,) = clause.workloads[:1] or ("",)
        known = part in names
        place = [where(primary, part), where(standby, part)] if known else [t("clauses.absent"), DASH]
        rows.append([what(draft, clause), names[part] if known else DASH, *place])
    titles = (
        wide(t("placement.column.system"), 1.5), wide(t("clauses.column.part"), 1.4),
        wide(t("placement.column.primary"), 2.0), wide(t("placement.column.standby"), 1.4),
    )  # fmt: skip
    caption = t("clauses.systems", year=view.last)
    return table("clauses-systems", caption, titles, rows, note=t("clauses.systems_note"), dense=True)


def _beside(draft: Draft, answers: Answers) -> Block:
    t = draft.t
    rows: Iterable[tuple[str, ...]] = (
        (printable(c.id), place(draft, c), what(draft, c), why(draft, c)) for c in answers.beside
    )
    titles = (
        left(t("clauses.column.number")), wide(t("clauses.column.clause"), 1.2), wide(t("clauses.column.what"), 1.8),
        wide(t("clauses.column.why"), 2.6),
    )  # fmt: skip
    return table("clauses-beside", t("clauses.beside"), titles, rows, dense=True)
