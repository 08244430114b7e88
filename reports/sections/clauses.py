"""Clause by clause: what the plan does for everything that the policy documents ask for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from ...inputs.clauses import Clause
from ...inputs.translation import chinese_place
from ..clauses import read_clauses
from ..document import Block, Cell, Section
from ..draft import Draft, cell, left, right, table, wide
from ..numbers import DASH, number, percent
from ..view import TRACE, at
from ..wording import printable
from . import placement, targets
from .compute import counted
from .targets import Outcome

CARRIES = ("drivers", "workloads", "systems")
"""Tables that hold demand: a clause that stands there is answered by serving it."""
NAMED = 3
FULL = 1 - 1e-4


class Answers:
    """The clauses of a result, sorted by how the plan answers them."""

    def __init__(self, draft: Draft, folder: Path) -> None:
        self._view = draft.view
        found = read_clauses(folder)
        outcomes = {outcome.target.id: outcome for outcome in targets.outcomes(draft)}
        known = {w.system or w.id for w in draft.view.case.workloads}
        self.systems = [c for c in found if c.table == "systems" and c.rows == (c.id,)]
        clauses = [c for c in found if c not in self.systems]
        self.targets = {
            c: [outcomes[row] for row in c.rows if row in outcomes] for c in clauses if c.table == "targets"
        }
        self.demand = {c: [w for w in c.workloads if w in known] for c in clauses if c.table in CARRIES}
        self.beside = [c for c in clauses if not c.table]
        self.supply = [c for c in clauses if c.table and c.table not in ("targets", *CARRIES)]
        short: dict[str, float] = {}
        weights = placement.weights_in_system(draft)
        systems = {w.id: w.system or w.id for w in draft.view.case.workloads}
        missing: dict[tuple[str, int], float] = {}
        for row in draft.view.unserved.to_dict("records"):
            key = systems[str(row["workload"])], int(row["year"])
            missing[key] = missing.get(key, 0.0) + float(row["share"]) * weights[str(row["workload"])]
        for (system, _), share in missing.items():
            short[system] = max(share, short.get(system, 0.0))
        self._short = short

    @property
    def asked(self) -> list[Clause]:
        """Clauses with a target that this scenario has."""
        return [clause for clause, found in self.targets.items() if found]

    @property
    def met(self) -> list[Clause]:
        """Those of them whose targets are all met."""
        return [clause for clause in self.asked if all(o.met for o in self.targets[clause])]

    @property
    def carried(self) -> list[Clause]:
        """Clauses whose demand this scenario has."""
        return [clause for clause, workloads in self.demand.items() if workloads]

    def unserved(self, clause: Clause) -> float:
        """The largest share, in any year, of any workload behind a clause that is not served."""
        return max((self._short.get(workload, 0.0) for workload in self.demand[clause]), default=0.0)

    @property
    def short(self) -> list[Clause]:
        """Clauses whose demand is not served in full."""
        return [clause for clause in self.carried if self.unserved(clause) > TRACE]

    @property
    def number(self) -> int:
        """How many clauses there are, named systems apart."""
        return len(self.targets) + len(self.demand) + len(self.beside) + len(self.supply)


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


def appendix(draft: Draft, folder: Path) -> Section | None:
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


def _place(draft: Draft, clause: Clause) -> str:
    """Where the clause stands: document and part; in a Chinese report with the brackets of Chinese documents."""
    text = printable(clause.clause)
    return chinese_place(text) if draft.t.language == "zh" else text


def _what(draft: Draft, clause: Clause) -> str:
    chinese = draft.t.language == "zh" and clause.what_zh
    text = printable(clause.what_zh if chinese else clause.what)
    return (
        text if chinese or not clause.amount else draft.t("clauses.amount", what=text, amount=printable(clause.amount))
    )


def _why(draft: Draft, clause: Clause) -> str:
    """How the clause is read, or why it is no matter of capacity."""
    t = draft.t
    text = printable(clause.reason_zh if t.language == "zh" and clause.reason_zh else clause.reason)
    return t("clauses.overridden", reason=text) if clause.overridden else text


def _targets(draft: Draft, answers: Answers) -> Block:
    t = draft.t
    rows: list[list[str | Cell]] = []
    for clause, found in answers.targets.items():
        head: list[str | Cell] = [printable(clause.id), _place(draft, clause), _what(draft, clause)]
        why = _why(draft, clause)
        if not found:
            rows.append([*head, why, DASH, DASH, t("clauses.absent")])
        for n, outcome in enumerate(found):
            start = head if n == 0 else ["", "", ""]
            reading = t(
                "clauses.target", id=printable(outcome.target.id), label=outcome.label, year=outcome.target.year
            )
            rows.append([*start, t.sentences(reading, why if n == 0 else ""), *_result(draft, outcome)])
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
            printable(c.id), _place(draft, c), _what(draft, c), _why(draft, c),
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
                printable(clause.id), _place(draft, clause), _what(draft, clause), carried or DASH,
                _why(draft, clause), chip if workloads else t("clauses.absent"),
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
        rows.append([_what(draft, clause), names[part] if known else DASH, *place])
    titles = (
        wide(t("placement.column.system"), 1.5), wide(t("clauses.column.part"), 1.4),
        wide(t("placement.column.primary"), 2.0), wide(t("placement.column.standby"), 1.4),
    )  # fmt: skip
    caption = t("clauses.systems", year=view.last)
    return table("clauses-systems", caption, titles, rows, note=t("clauses.systems_note"), dense=True)


def _beside(draft: Draft, answers: Answers) -> Block:
    t = draft.t
    rows: Iterable[tuple[str, ...]] = (
        (printable(c.id), _place(draft, c), _what(draft, c), _why(draft, c)) for c in answers.beside
    )
    titles = (
        left(t("clauses.column.number")), wide(t("clauses.column.clause"), 1.2), wide(t("clauses.column.what"), 1.8),
        wide(t("clauses.column.why"), 2.6),
    )  # fmt: skip
    return table("clauses-beside", t("clauses.beside"), titles, rows, dense=True)
