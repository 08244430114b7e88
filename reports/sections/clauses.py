"""Clause by clause: what the plan does for the targets, sites and techniques that the policy documents ask for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ...inputs.clauses import Clause
from ..document import Block, Cell, Section
from ..draft import Draft, cell, left, right, table, wide
from ..numbers import DASH, number
from ..view import TRACE, at
from ..wording import printable
from . import targets
from .clause_answers import NAMED, Answers, place, what, why
from .compute import counted
from .targets import Outcome


def finding(draft: Draft, answers: Answers) -> str:
    """The heading: which clauses with a target are met, and whether the demand behind the others is served."""
    t = draft.t
    asked, met, carried, short = (len(x) for x in (answers.asked, answers.met, answers.carried, answers.short))
    missed = t.listing([printable(c.id) for c in answers.asked if c not in answers.met])
    alone = "_one" if asked == 1 else ""
    first = t(f"clauses.met{alone}" if met == asked else "clauses.missed", met=met, n=asked, missed=missed)
    served = t("clauses.short" if short else "clauses.served", n=carried, short=short)
    if asked and carried:
        return t("clauses.both", first=first, second=served)
    if asked:
        return first
    if carried:
        served = "clauses.only_served_one" if carried == 1 else "clauses.only_served"
        return t("clauses.only_short" if short else served, n=carried, short=short)
    return t("clauses.neither", clauses=t.count("clause", answers.number))


def section(draft: Draft, folder: Path) -> Section | None:
    """The clauses that set targets or name sites and techniques; None if the result has no clauses."""
    t, answers = draft.t, Answers(draft, folder)
    if not answers.number:
        return None
    blocks: list[Block] = []
    if answers.targets:
        blocks.append(_targets(draft, answers))
    if answers.supply:
        blocks.append(_supply(draft, answers))
    lead = t(
        "clauses.lead", clauses=t.count("clause", answers.number), capacity=answers.number - len(answers.beside),
        targets=len(answers.targets), supply=len(answers.supply), demand=len(answers.demand),
        beside=len(answers.beside),
    )  # fmt: skip
    return Section("clauses", t("clauses.label"), finding(draft, answers), tuple(blocks), lead=lead)


def _targets(draft: Draft, answers: Answers) -> Block:
    t = draft.t
    rows: list[list[str | Cell]] = []
    for clause, found in answers.targets.items():
        head: list[str | Cell] = [printable(clause.id), place(draft, clause), what(draft, clause)]
        reason = why(draft, clause)
        if not found:
            rows.append([*head, reason, DASH, DASH, t("clauses.absent")])
        for n, outcome in enumerate(found):
            start = head if n == 0 else ["", "", ""]
            reading = t(
                "clauses.target", id=printable(outcome.target.id), label=outcome.label, year=outcome.target.year
            )
            rows.append([*start, t.sentences(reading, reason if n == 0 else ""), *_result(draft, outcome)])
    titles = (
        left(t("clauses.column.number")), wide(t("clauses.column.clause"), 1.1), wide(t("clauses.column.what"), 1.6),
        wide(t("clauses.column.read"), 2.2), right(t("targets.column.required")), right(t("targets.column.attained")),
        left(t("column.status")),
    )  # fmt: skip
    return table("clauses-targets", t("clauses.targets"), titles, rows, note=t("clauses.targets_note"), dense=True)


def _result(draft: Draft, outcome: Outcome) -> list[str | Cell]:
    t, target = draft.t, outcome.target
    chip = cell(t("status.met" if outcome.met else "status.missed"), status="good" if outcome.met else "bad")
    attained = targets.amount(draft, target.metric, outcome.attained, target.scope.resource)
    return [targets.required(draft, target), cell(attained, strong=True), chip]


def _supply(draft: Draft, answers: Answers) -> Block:
    t = draft.t
    rows = [
        (
            printable(c.id), place(draft, c), what(draft, c), why(draft, c),
            cell(t("list.comma").join(_supplied(draft, c)) or t("clauses.absent"), strong=True),
        )
        for c in answers.supply
    ]  # fmt: skip
    titles = (
        left(t("clauses.column.number")), wide(t("clauses.column.clause"), 1.1), wide(t("clauses.column.what"), 1.6),
        wide(t("clauses.column.read"), 1.6), wide(t("clauses.column.plan"), 2.0),
    )  # fmt: skip
    caption = t("clauses.supply", year=draft.view.last)
    return table("clauses-supply", caption, titles, rows, note=counted(draft), dense=True)


def _supplied(draft: Draft, clause: Clause) -> list[str]:
    """What stands in the last year of the sites, halls, hardware or conversions that a clause is about."""
    t, view = draft.t, draft.view
    if clause.table == "sites":
        rows = [row for row in clause.rows if row in view.sites]
        return [_site(draft, row) for row in rows] if len(rows) <= NAMED else [_sites(draft, rows)] if rows else []
    if clause.table == "conversions":
        away = int(view.tables["halls"]["converted_in"].sum())
        return [t.count("work_conversion", away)] if away else [t("clauses.no_conversion")]
    column = {"hall_types": "hall", "hardware": "hardware"}.get(clause.table)
    if column is None:
        return [t("clauses.input")]
    source = view.tables["halls"] if column == "hall" else view.tables["hardware"]
    names = view.hall_names if column == "hall" else view.hardware_names
    here = source.loc[source["year"] == view.last].groupby(column)["in_service"].sum()
    return [
        t("clauses.standing", name=names[row], n=number(float(here.get(row, 0)))) for row in clause.rows if row in names
    ]


def _site(draft: Draft, site: str) -> str:
    t, view = draft.t, draft.view
    racks = at(view.racks["in_service"], site, view.last)
    if racks <= TRACE:
        return t("clauses.unused", site=view.site_names[site])
    here = view.hardware.loc[(view.hardware["site"] == site) & (view.hardware["year"] == view.last)]
    values = {
        "site": view.site_names[site],
        "racks": number(round(racks)),
        "pflops": number(float(here["pflops"].sum())),
    }
    return t("clauses.site", **values)


def _sites(draft: Draft, sites: Sequence[str]) -> str:
    t, view = draft.t, draft.view
    racks = [at(view.racks["in_service"], site, view.last) for site in sites]
    used = sum(value > TRACE for value in racks)
    return t("clauses.sites", used=used, sites=t.count("site", len(sites)), racks=number(round(sum(racks))))
