"""The clauses of a result, sorted by how the plan answers them, and what is said of each."""

from __future__ import annotations

from pathlib import Path

from ...inputs.clauses import Clause
from ...inputs.translation import chinese_place
from ..clauses import read_clauses
from ..draft import Draft
from ..view import TRACE
from ..wording import printable
from . import placement, targets

CARRIES = ("drivers", "workloads", "systems")
"""Tables that hold demand: a clause that stands there is answered by serving it."""
NAMED = 3
"""Things named in a cell before the rest is counted."""


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


def place(draft: Draft, clause: Clause) -> str:
    """Where the clause stands: document and part; in a Chinese report with the brackets of Chinese documents."""
    text = printable(clause.clause)
    return chinese_place(text) if draft.t.language == "zh" else text


def what(draft: Draft, clause: Clause) -> str:
    """What the clause asks for, with its amount where the words do not say it."""
    chinese = draft.t.language == "zh" and clause.what_zh
    text = printable(clause.what_zh if chinese else clause.what)
    return (
        text if chinese or not clause.amount else draft.t("clauses.amount", what=text, amount=printable(clause.amount))
    )


def why(draft: Draft, clause: Clause) -> str:
    """How the clause is read, or why it is no matter of capacity."""
    t = draft.t
    text = printable(clause.reason_zh if t.language == "zh" and clause.reason_zh else clause.reason)
    return t("clauses.overridden", reason=text) if clause.overridden else text
