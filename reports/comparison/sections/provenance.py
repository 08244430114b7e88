"""Where the comparison comes from: the results it was drawn from, and how to draw it again."""

from __future__ import annotations

from ...document import Block, Callout, Facts, Inline, Paragraph, Run, Section
from ...numbers import DASH
from ...sections.provenance import audited
from ...wording import breakable, printable
from ..plans import Comparison

MOST_FAILURES = 20


def section(comparison: Comparison) -> Section:
    """The appendix."""
    t = comparison.t
    items = []
    for plan in comparison.plans:
        digest = plan.result.case_sha256
        versions = plan.result.summary.get("versions") or {}
        items += [
            (t("comparison.facts.case", letter=plan.letter), breakable(printable(plan.result.case.name))),
            (
                t("comparison.facts.hash", letter=plan.letter),
                " ".join(digest[n : n + 8] for n in range(0, len(digest), 8)),
            ),
            (t("comparison.facts.version", letter=plan.letter), printable(str(versions.get("suanli", DASH)))),
        ]
    facts = Facts("origin", t("comparison.facts.caption"), tuple(items))
    blocks: list[Block] = [facts, Paragraph(t.rich("comparison.facts.again"))]
    title = t("comparison.facts.title", n=len(comparison.plans))
    return Section("provenance", t("comparison.facts.label"), title, tuple(blocks), appendix=True)


def alarm(comparison: Comparison) -> Section | None:
    """The page in red when an audit disagrees with one of the plans; None if none does."""
    t = comparison.t
    blocks = []
    for plan in comparison.planned:
        audit = audited(plan.result.summary)
        if audit is not None and not audit[0]:
            failures = audit[2]
            items: list[Inline] = [(Run(breakable(failure)),) for failure in failures[:MOST_FAILURES]]
            if len(failures) > MOST_FAILURES:
                items.append(t.rich("alarm.more", n=len(failures) - MOST_FAILURES))
            blocks.append(Callout(plan.name, tuple(items), tone="alarm"))
    if not blocks:
        return None
    title = t("comparison.alarm.title.one" if len(blocks) == 1 else "comparison.alarm.title.other", n=len(blocks))
    return Section("alarm", t("alarm.label"), title, tuple(blocks), lead=t("comparison.alarm.lead"), tone="alarm")
