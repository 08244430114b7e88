"""The first page: what the plan is, what it attains and costs, and whether it can be trusted."""

from __future__ import annotations

from ..document import Badge, Document, KeyFigure, Section, Tone
from ..draft import Draft
from ..numbers import DASH, number, percent, plain
from ..wording import printable, shortened
from . import targets
from .compute import convention
from .provenance import audited, gap_text, standing


def document(draft: Draft, sections: tuple[Section, ...]) -> Document:
    """The whole report of a run that found a plan."""
    view, t = draft.view, draft.t
    warnings = _warnings(draft)
    audit = audited(view.summary)
    tone: Tone = "alarm" if audit is not None and not audit[0] else "plain"
    found = targets.outcomes(draft)
    met = sum(o.met for o in found)
    values = {
        "compute": number(view.metric("compute_pflops", view.last)),
        "cost": t.money(view.summary.get("objective_cny")),
        "year": view.last,
        "met": met,
        "missed": len(found) - met,
        "n": len(found),
    }
    key = "free" if not found else "all" if met == len(found) else "part"
    answer = t(f"cover.answer_{key}", **values)
    return _document(draft, answer, tone, warnings, _key_figures(draft), _badges(draft), sections)


def without_plan(draft: Draft, sections: tuple[Section, ...]) -> Document:
    """The report of a run that found none."""
    t, status = draft.t, str(draft.view.summary.get("status"))
    key = "infeasible" if status == "infeasible" else "no_plan"
    badge = Badge(t("badge.status"), "bad", t.word(f"run_status.{status}"))
    return _document(draft, t(f"{key}.answer"), "alarm", (t(f"{key}.warning"),), (), (badge,), sections)


def _document(
    draft: Draft,
    answer: str,
    tone: Tone,
    warnings: tuple[str, ...],
    key_figures: tuple[KeyFigure, ...],
    badges: tuple[Badge, ...],
    sections: tuple[Section, ...],
) -> Document:
    view, t = draft.view, draft.t
    case = view.case
    digest = printable(str(view.summary.get("case_sha256") or DASH))[:16]
    version = printable(str((view.summary.get("versions") or {}).get("suanli", "")))
    footer = t("cover.footer", case=printable(case.name), digest=digest, version=version).strip()
    return Document(
        language=t.language,
        base_year=case.base_year,
        title=view.name_of(case.title, case.name),
        short_title=shortened(view.name_of(case.title, case.name), 70),
        subtitle=t("cover.subtitle", years=t.years(view.first, view.last)),
        answer=answer,
        tone=tone,
        warnings=warnings,
        key_figures=key_figures,
        badges=badges,
        footer=footer,
        sections=sections,
        words=t.group("word"),
    )


def _key_figures(draft: Draft) -> tuple[KeyFigure, ...]:
    view, t = draft.view, draft.t
    last = view.last
    objective = view.summary.get("objective_cny")
    unit, racks = t.money_unit([objective or 0.0]), view.metric("racks_in_service", last)
    pue = view.metric("pue", last)
    return (
        KeyFigure(DASH if objective is None else unit(objective), unit.unit, t("key.cost")),
        KeyFigure(number(view.metric("compute_pflops", last)), "PFLOPS", _counted(draft, t("key.compute", year=last))),
        KeyFigure(number(round(racks or 0)), t("key.racks_unit"), t("key.racks", year=last)),
        KeyFigure(percent(view.metric("rack_utilisation", last), 1), "", t("key.utilisation", year=last)),
        KeyFigure(DASH if pue is None else plain(pue, 2), "", t("key.pue", year=last)),
        KeyFigure(percent(view.metric("domestic_share", last), 1), "", t("key.domestic", year=last)),
    )


def _counted(draft: Draft, label: str) -> str:
    """A label of PFLOPS with the convention by which they are counted."""
    rule = convention(draft)
    return draft.t("convention.key", label=label, rule=rule) if rule else label


def _badges(draft: Draft) -> tuple[Badge, ...]:
    t, view, summary = draft.t, draft.view, draft.view.summary
    gap = gap_text(summary.get("gap"))
    known = standing(summary)
    badges = [Badge(t("badge.status"), "warn" if known == "feasible" else "good", t(f"badge.{known}", gap=gap))]
    found = targets.outcomes(draft)
    if found:
        met = sum(o.met for o in found)
        badges.append(
            Badge(
                t("badge.targets"), "good" if met == len(found) else "bad",
                t("badge.met" if met == len(found) else "badge.missed", met=met, missed=len(found) - met, n=len(found)),
            )
        )  # fmt: skip
    if view.case.workloads:
        n = int(view.unserved["workload"].nunique())
        text = t("badge.unserved", n=t.count("workload", n)) if n else t("badge.served")
        badges.append(Badge(t("badge.demand"), "bad" if n else "good", text))
    audit = audited(summary)
    if audit is None:
        badges.append(Badge(t("badge.audit"), "warn", t("badge.unaudited")))
    else:
        ok, checks, failures = audit
        text = (
            t("badge.agrees", checks=f"{checks:,}") if ok else t("badge.fails", n=t.count("complaint", len(failures)))
        )
        badges.append(Badge(t("badge.audit"), "good" if ok else "bad", text))
    return tuple(badges)


def _warnings(draft: Draft) -> tuple[str, ...]:
    t, view, summary = draft.t, draft.view, draft.view.summary
    out = []
    audit = audited(summary)
    if audit is not None and not audit[0]:
        out.append(t("cover.audit_failed"))
    if summary.get("status") != "optimal":
        gap, asked = gap_text(summary.get("gap")), gap_text(summary.get("requested_gap"))
        out.append(
            t("cover.not_optimal", gap=gap, asked=asked) if summary.get("gap") is not None else t("cover.no_bound")
        )
    if not view.unserved.empty:
        n = int(view.unserved["workload"].nunique())
        out.append(t("cover.unserved", workloads=t.count("workload", n)))
    return tuple(out)
