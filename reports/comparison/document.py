"""The comparison report as a document tree, which the same renderers draw as any other report."""

from __future__ import annotations

from ..document import Badge, Document, KeyFigure, Section, Status
from ..numbers import number, percent, plain
from ..pages import flowing
from ..sections.targets import SHARES
from ..wording import printable, shortened
from .amounts import metric_change, signed_money
from .caveats import proved, standing_text, warnings
from .plans import Compared, Comparison, Pair
from .sections import costs, inputs, metrics, programme, provenance, sites, summary, targets

MOST_BADGES = 6
_LONGEST = 34
_KEY_METRICS = ("compute_pflops", "racks_in_service", "rack_utilisation", "pue", "carbon_tonnes")


def compose(comparison: Comparison) -> Document:
    """The whole report; the drawings of the comparison are made on the way, inside `gallery.drawing`."""
    parts: list[Section | None] = [
        inputs.section(comparison),
        costs.section(comparison),
        targets.section(comparison),
        metrics.section(comparison),
        sites.section(comparison),
        programme.section(comparison),
    ]
    main = [part for part in parts if part is not None]
    alarm, every = provenance.alarm(comparison), programme.appendix(comparison)
    first = summary.section(comparison, main)
    found = [alarm, first, *main, every, provenance.section(comparison)]
    sections = flowing((part for part in found if part is not None), alone=("alarm", "summary"))
    return _document(comparison, sections)


def _document(comparison: Comparison, sections: tuple[Section, ...]) -> Document:
    t, plans = comparison.t, comparison.plans
    names = [plan.name for plan in plans]
    title = t("comparison.title", before=names[0], after=names[1]) if len(plans) == 2 else t(
        "comparison.title_of", n=len(plans), before=names[0])  # fmt: skip
    pair = comparison.pairs[0]
    answer = t("comparison.sentence", text=costs.finding(comparison, named=True))
    if len(comparison.pairs) == 1 and pair.proof is not None and pair.proof.verdict != "open":
        answer = t("comparison.answer", finding=answer, proof=proved(comparison, pair))
    digests = t("list.comma").join(f"{plan.letter} {plan.result.case_sha256[:12]}" for plan in plans)
    version = printable(str((plans[0].result.summary.get("versions") or {}).get("suanli", "")))
    return Document(
        language=t.language,
        base_year=max(plan.result.case.base_year for plan in plans),
        title=title,
        short_title=shortened(t("comparison.against").join(_short(plan) for plan in plans), 84),
        subtitle=t("comparison.subtitle"),
        answer=answer,
        tone="alarm" if any(plan.audit_failed for plan in comparison.planned) else "plain",
        warnings=warnings(comparison),
        key_figures=_key_figures(comparison),
        badges=tuple(_badge(comparison, plan) for plan in plans[:MOST_BADGES]),
        footer=t("comparison.footer", digests=digests, version=version).strip(),
        sections=sections,
        words=t.group("word") | t.group("comparison.word"),
    )


def _short(plan: Compared) -> str:
    case = plan.result.case
    return f"{plan.letter} {shortened(plan.view.name_of(case.title, case.name), _LONGEST)}"


def _badge(comparison: Comparison, plan: Compared) -> Badge:
    t = comparison.t
    status: Status = "good" if plan.result.summary.get("status") == "optimal" else "warn"
    if not plan.has_plan or plan.audit_failed:
        status = "bad"
    text = standing_text(comparison, plan)
    if plan.audit_failed:
        text = t("comparison.badge_failed", standing=text)
    return Badge(_short(plan), status, text)


def _key_figures(comparison: Comparison) -> tuple[KeyFigure, ...]:
    """What differs between two plans in six numbers; of several plans, what each costs."""
    t = comparison.t
    if len(comparison.pairs) > 1:
        unit = t.money_unit(plan.cost or 0.0 for plan in comparison.planned)
        key = "comparison.key.cost"
        return tuple(
            KeyFigure(unit(plan.cost or 0.0), unit.unit, t(key, name=plan.letter)) for plan in comparison.planned
        )
    (pair,) = comparison.pairs
    if not pair.planned:
        return ()
    out = [_cost_figure(comparison, pair)] if pair.comparable else []
    year = comparison.year
    for metric in _KEY_METRICS if year is not None else ():
        out.append(_metric_figure(comparison, pair, metric, year or 0))
    return tuple(out[:6])


def _cost_figure(comparison: Comparison, pair: Pair) -> KeyFigure:
    t = comparison.t
    first, second = pair.before.cost or 0.0, pair.after.cost or 0.0
    unit = t.money_unit([second - first])
    values = {"before": pair.before.letter, "after": pair.after.letter}
    return KeyFigure(signed_money(unit, second - first), unit.unit, t("comparison.key.difference", **values))


def _metric_figure(comparison: Comparison, pair: Pair, metric: str, year: int) -> KeyFigure:
    t = comparison.t
    first, second = (plan.view.metric(metric, year) for plan in (pair.before, pair.after))
    value, unit = metric_change(pair.before.draft, metric, first, second)
    shown = {"first": _shown(metric, first), "second": _shown(metric, second)}
    label = t("comparison.key.metric", name=t.word(f"metric.{metric}"), year=year, **shown)
    return KeyFigure(value, unit, label)


def _shown(metric: str, value: float | None) -> str:
    if metric in SHARES:
        return percent(value, 1)
    return plain(value, 2) if metric == "pue" and value is not None else number(value)
