"""What the clauses of policy documents ask for, and where each stands in a scenario: the table `coverage.csv`.

It lies beside the other tables and changes nothing in the case: it goes through to the result, where the report
answers each clause.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from .problems import Problem, file_name, listed, nearest, shown
from .rows import SECTIONS
from .text_file import read_text
from .tree import Branch, Draft, Leaf

COVERAGE = "coverage"
"""The name of the table."""
NEEDED = ("id", "what", "clause", "table", "row")
"""Its columns; another table of that name may lie there too."""


@dataclass(frozen=True)
class Clause:
    """One thing that a document asks for, or a system that it names.

    `table` and `rows` say what in the scenario stands for it; without them `reason` says why nothing does.
    `workloads` are the rows of demand that carry it, `overridden` says that its figure is not taken as it stands.
    """

    id: str
    clause: str
    what: str
    what_zh: str = ""
    amount: str = ""
    table: str = ""
    rows: tuple[str, ...] = ()
    workloads: tuple[str, ...] = ()
    overridden: bool = False
    reason: str = ""
    reason_zh: str = ""


def read_coverage(file: Path, problems: list[Problem]) -> dict[str, Clause]:
    """Read the table; what is wrong with it is added to `problems`. Raises InputProblems if it is no text at all."""
    reader = csv.DictReader(io.StringIO(read_text(file, "a table in CSV"), newline=""))
    if not set(NEEDED) <= set(reader.fieldnames or ()):
        return {}
    found: dict[str, Clause] = {}
    for row in reader:
        cells = {str(key): (value or "").strip() if isinstance(value, str) else "" for key, value in row.items()}
        line = reader.line_num
        if not cells["id"] or cells["id"] in found:
            problems.append(Problem(file_name(file), line, "id", shown(cells["id"]), "an id, and every id once"))
        if cells["table"] and cells["table"] not in SECTIONS:
            near = nearest(cells["table"], SECTIONS)
            expected = f"nothing, or one of {listed(SECTIONS, 20)}"
            problems.append(Problem(file_name(file), line, "table", shown(cells["table"]), expected, near))
        found[cells["id"]] = Clause(
            id=cells["id"],
            clause=cells["clause"],
            what=cells["what"],
            what_zh=cells.get("what.zh", ""),
            amount=cells.get("amount", ""),
            table=cells["table"],
            rows=tuple(part.strip() for part in cells["row"].split(";") if part.strip()),
            overridden=cells.get("overridden", "").lower() == "true",
            reason=cells.get("reason", ""),
            reason_zh=cells.get("reason.zh", ""),
        )
    return found


def with_carriers(clauses: Iterable[Clause], draft: Draft) -> tuple[Clause, ...]:
    """The clauses with the rows of workloads in a scenario that carry the demand behind each."""
    drivers = _column(draft, "workloads", "driver")
    systems = _column(draft, "systems", "workload")
    rows = set(drivers)
    return tuple(replace(clause, workloads=_carriers(clause, drivers, systems, rows)) for clause in clauses)


def _carriers(
    clause: Clause, drivers: Mapping[str, str], systems: Mapping[str, str], rows: set[str]
) -> tuple[str, ...]:
    if clause.table == "drivers":
        return tuple(row for row, driver in drivers.items() if driver in clause.rows)
    found = [systems.get(row, "") for row in clause.rows] if clause.table == "systems" else clause.rows
    carried = clause.table in ("systems", "workloads")
    return tuple(dict.fromkeys(row for row in found if row in rows)) if carried else ()


def _column(draft: Draft, section: str, field: str) -> dict[str, str]:
    """A field of every row of a section."""
    table = draft.find((section,))
    out: dict[str, str] = {}
    for row, fields in table.items.items() if isinstance(table, Branch) else ():
        leaf = fields.items.get(field) if isinstance(fields, Branch) else None
        out[row] = str(leaf) if isinstance(leaf, Leaf) else ""
    return out
