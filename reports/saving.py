"""Saving a plan as a result folder: tables, summary and audit, whole or not at all, and then its report."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import platform
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pandas as pd

from .. import __version__
from ..inputs.clauses import Clause
from ..inputs.resolved import case_text
from ..inputs.sources import Source
from ..inputs.translation import chinese
from ..model.plan import Plan
from .audit import AuditReport, audit
from .clauses import NAME as CLAUSES
from .clauses import clauses_text
from .folder import read_result, replacing, write_summary, write_table, write_text
from .language import Language
from .media import MEDIA, Medium

LIBRARIES = ("pyomo", "highspy", "numpy", "pandas", "pydantic", "typst")
SOURCE_COLUMNS = ("table", "row", "source", "source_zh", "file", "line")


@dataclass(frozen=True)
class Saved:
    """What saving a plan led to: its audit (None without a plan), and the seconds that writing and auditing took."""

    audit: AuditReport | None
    write_seconds: float
    audit_seconds: float


def save_plan(
    plan: Plan, sources: Iterable[Source], read_seconds: float, folder: Path, clauses: Sequence[Clause] = ()
) -> Saved:
    """Write the plan's result folder, but for the report, and audit it. Without clauses there is no clauses.csv.

    The previous folder of that name stays whole until the new one is. ResultError: the folder is not ours to replace.
    """
    begun, audit_seconds = time.monotonic(), 0.0
    with replacing(folder) as work:
        case = case_text(plan.case)
        write_text(work / "case.json", case)
        for name, table in plan.tables.items():
            write_table(work, name, table)
        write_text(work / "sources.csv", _sources(sources))
        if clauses:
            write_text(work / CLAUSES, clauses_text(clauses))
        write_text(work / "progress.csv", _progress(plan))
        summary = summarise(plan, case, read_seconds)
        write_summary(work, summary)
        checked = None
        if plan.objective_cny is not None:
            written = time.monotonic()
            checked = audit(replace(read_result(work), folder=folder))
            audit_seconds = time.monotonic() - written
            summary["audit"] = checked.as_summary()
            write_summary(work, summary)
    return Saved(checked, time.monotonic() - begun - audit_seconds, audit_seconds)


def draw(
    folder: Path,
    languages: Sequence[Language] = ("en",),
    media: Sequence[Medium] = MEDIA,
    *,
    excel: bool = False,
) -> None:
    """Draw the report into a result folder, with a workbook if asked for, and note the seconds it took.

    Raises ResultError and ReportError.
    """
    begun = time.monotonic()
    from .report import write_report  # noqa: PLC0415  the drawing libraries take half a second to load

    if excel:
        from .workbook import write_workbook  # noqa: PLC0415

        write_workbook(folder, languages)
    write_report(folder, languages, media)
    summary = json.loads((folder / "summary.json").read_text("utf-8"))
    seconds = {**summary.get("seconds", {}), "report": round(time.monotonic() - begun, 3)}
    write_summary(folder, {**summary, "seconds": seconds})


def summarise(plan: Plan, case: str, read_seconds: float) -> dict[str, Any]:
    """The content of summary.json but for the audit and the report's seconds."""
    return {
        "status": plan.status,
        "objective_cny": plan.objective_cny,
        "bound_cny": plan.bound_cny,
        "gap": plan.gap,
        "requested_gap": plan.requested_gap,
        "seconds": {"read": round(read_seconds, 3), **_phases(plan.seconds), "report": 0.0},
        "rows": plan.size.rows,
        "columns": plan.size.columns,
        "nonzeros": plan.size.nonzeros,
        "integers": plan.size.integers,
        "coefficient_range": list(plan.size.coefficient_range),
        "case_sha256": hashlib.sha256(case.encode()).hexdigest(),
        "versions": versions(),
        "audit": {"ok": None, "checks": 0, "failures": []},
    }


def _phases(seconds: Mapping[str, float]) -> dict[str, float]:
    """The phases of a solve as summary.json names them."""
    return {
        "build": round(seconds["build"] + seconds["hand_over"], 3),
        "solve": round(seconds["search"] + seconds["polish"], 3),
    }


def versions() -> dict[str, str]:
    """Versions of suanli, Python and the libraries that a result depends on."""
    found = {"suanli": __version__, "python": platform.python_version()}
    for library in LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            found[library] = "unknown"
    return found


def _sources(sources: Iterable[Source]) -> str:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(SOURCE_COLUMNS)
    table.writerows(
        [s.table, s.row, s.source, chinese(s.source), s.file, "" if s.line is None else s.line] for s in sources
    )
    return text.getvalue()


def _progress(plan: Plan) -> str:
    rows = [(round(p.seconds, 3), p.best_cny, p.bound_cny, p.gap, p.step) for p in plan.progress]
    table = pd.DataFrame(rows, columns=["seconds", "best_cny", "bound_cny", "gap", "step"])
    return table.to_csv(index=False, lineterminator="\n")
