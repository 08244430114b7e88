"""How the plan was found, checked and can be found again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from ..charts.progress import search
from ..complaints import Complaints
from ..document import Block, Callout, Facts, Inline, Paragraph, Run, Section
from ..draft import Draft, cell, right, table, wide
from ..numbers import DASH, number, percent, plain
from ..wording import breakable, printable

MOST_FAILURES = 40


def gap_text(gap: float | None) -> str:
    """A gap as a percentage with two decimals."""
    return DASH if gap is None else percent(max(gap, 0.0), 2)


def finding(draft: Draft) -> str:
    """The heading: how near to the best possible the plan is proved to be."""
    t, summary = draft.t, draft.view.summary
    values = {"gap": gap_text(summary.get("gap")), "asked": gap_text(summary.get("requested_gap"))}
    if summary.get("gap") is None:
        return t("provenance.no_bound")
    return t(f"provenance.{standing(summary)}", **values)


def standing(summary: Mapping[str, object]) -> str:
    """How good the plan is known to be: "exact" (no gap at all), "optimal" (the gap asked for) or "feasible"."""
    if summary.get("status") != "optimal":
        return "feasible"
    gap = summary.get("gap")
    return "exact" if isinstance(gap, int | float) and gap < 5e-5 else "optimal"


def section(draft: Draft, folder: Path) -> Section:
    """The appendix."""
    t, summary = draft.t, draft.view.summary
    blocks: list[Block] = [solver(draft)]
    progress = _progress(draft, folder)
    if progress is not None:
        blocks.append(progress)
    audit = audited(summary)
    key = "unknown" if audit is None else "agrees" if audit[0] else "fails"
    checks = f"{audit[1]:,}" if audit else ""
    blocks.append(Paragraph(t.rich(f"provenance.audit.{key}", checks=checks)))
    blocks.append(origin(draft))
    blocks.append(Paragraph(t.rich("provenance.again")))
    return Section("provenance", t("provenance.label"), finding(draft), tuple(blocks), appendix=True)


def audited(summary: Mapping[str, object]) -> tuple[bool, int, list[str]] | None:
    """What the audit said: agreed, number of checks, complaints; None if there was none."""
    audit = summary.get("audit")
    if not isinstance(audit, Mapping) or audit.get("ok") is None:
        return None
    return bool(audit["ok"]), int(audit.get("checks") or 0), [printable(str(f)) for f in audit.get("failures") or ()]


def alarm(draft: Draft) -> Section | None:
    """The page in red when the audit disagrees with the plan; None if it agrees or there was none."""
    t = draft.t
    audit = audited(draft.view.summary)
    if audit is None or audit[0]:
        return None
    _, checks, failures = audit
    said = Complaints(draft.view, t)
    items: list[Inline] = [(Run(breakable(said(failure))),) for failure in failures[:MOST_FAILURES]]
    if len(failures) > MOST_FAILURES:
        items.append(t.rich("alarm.more", n=len(failures) - MOST_FAILURES))
    callout = Callout(t("alarm.complaints", n=t.count("complaint", len(failures))), tuple(items), tone="alarm")
    lead = t("alarm.lead", checks=f"{checks:,}")
    return Section("alarm", t("alarm.label"), t("alarm.title"), (callout,), lead=lead, tone="alarm")


def solver(draft: Draft) -> Block:
    """The table of the search: status, cost, bound, gap, sizes, times."""
    t, s = draft.t, draft.view.summary
    low, high = (s.get("coefficient_range") or (None, None))[:2]
    # Not those of drawing this report: it would never be drawn twice with the same bytes.
    seconds = {key: value for key, value in (s.get("seconds") or {}).items() if key != "report"}
    spent = t.joined(
        t("text.labelled", label=t.word(f"seconds.{k}"), value=t("text.seconds", n=number(float(v))))
        for k, v in seconds.items()
    )
    size = " / ".join(_count(s.get(key)) for key in ("rows", "columns", "integers"))
    values = [
        ("status", t.word(f"run_status.{s.get('status')}"), t("solver.status_note")),
        ("objective", t.money(s.get("objective_cny")), t("solver.objective_note")),
        ("bound", t.money(s.get("bound_cny")), t("solver.bound_note")),
        ("gap", gap_text(s.get("gap")), t("solver.gap_note", asked=gap_text(s.get("requested_gap")))),
        ("size", size, t("solver.size_note", nonzeros=_count(s.get("nonzeros")))),
        ("range", DASH if low is None else f"{low:.3g} – {high:.3g}", t("solver.range_note")),
        ("seconds", t("text.seconds", n=plain(sum(float(v) for v in seconds.values()), 1)), spent),
    ]
    rows = [(t(f"solver.{key}"), cell(value, strong=True), note) for key, value, note in values]
    titles = (wide(t("solver.quantity")), right(t("assumptions.value")), wide(t("solver.remark")))
    return table("solver", t("solver.caption"), titles, rows)


def origin(draft: Draft) -> Block:
    """The facts by which the run can be found again."""
    t, view = draft.t, draft.view
    digest = printable(str(view.summary.get("case_sha256") or DASH))
    versions = view.summary.get("versions") or {}
    items = (
        (t("facts.case"), breakable(printable(view.case.name))),
        (t("facts.hash"), " ".join(digest[n : n + 8] for n in range(0, len(digest), 8))),
        (
            t("facts.versions"),
            t.joined(f"{printable(str(k))} {printable(str(v))}" for k, v in versions.items()) or DASH,
        ),
    )
    return Facts("origin", t("facts.caption"), items)


def _count(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else DASH


def _progress(draft: Draft, folder: Path) -> Block | None:
    path = folder / "progress.csv"
    if not path.is_file():
        return None
    progress = pd.read_csv(path)
    if progress["best_cny"].notna().sum() + progress["bound_cny"].notna().sum() < 2:
        return None
    t = draft.t
    unit = t.money_unit(progress["best_cny"].dropna())
    drawing = search(progress, unit, t("progress.best"), t("progress.bound"), t("progress.seconds"))
    alt = t(
        "progress.alt", seconds=number(float(progress["seconds"].max())), gap=gap_text(draft.view.summary.get("gap"))
    )
    return draft.figure("progress", drawing, t("progress.figure"), alt)
