"""clauses.csv: what policy documents ask for, and what of the case stands for it. Written by `run` for the report."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from ..inputs.clauses import Clause

NAME = "clauses.csv"
COLUMNS = (
    "id", "clause", "what_en", "what_zh", "amount", "table", "rows", "workloads", "overridden",
    "reason_en", "reason_zh",
)  # fmt: skip


def clauses_text(clauses: Iterable[Clause]) -> str:
    """The file's text."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    for c in clauses:
        rows, workloads = ";".join(c.rows), ";".join(c.workloads)
        kept = "true" if c.overridden else "false"
        table.writerow(
            [c.id, c.clause, c.what, c.what_zh, c.amount, c.table, rows, workloads, kept, c.reason, c.reason_zh]
        )
    return text.getvalue()


def read_clauses(folder: Path) -> list[Clause]:
    """The clauses of a result folder; none if it has no such file."""
    path = folder / NAME
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        rows = [{key: row.get(key) or "" for key in COLUMNS} for row in csv.DictReader(file)]
    return [
        Clause(
            row["id"], row["clause"], row["what_en"], row["what_zh"], row["amount"], row["table"],
            _listed(row["rows"]), _listed(row["workloads"]), row["overridden"] == "true",
            row["reason_en"], row["reason_zh"],
        )
        for row in rows
    ]  # fmt: skip


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(";") if part)
