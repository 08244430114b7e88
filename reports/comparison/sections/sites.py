"""Which sites gain and which lose from the reference to the others."""

from __future__ import annotations

from collections.abc import Sequence

from ...document import Block, Paragraph, Section
from ...draft import right, table, wide
from ...numbers import number
from ..amounts import signed_money, signed_number
from ..places import Measure, SiteChange, site_changes
from ..plans import Comparison, Pair

MOST_ROWS = 34
_RANKED: Sequence[Measure] = ("pflops", "racks", "halls", "peak_mw", "cost_cny")


def changes(comparison: Comparison, pair: Pair) -> tuple[SiteChange, ...]:
    """The sites that differ, those that gain most first."""
    year = comparison.year
    if year is None or not pair.planned:
        return ()
    found = [x for x in site_changes(pair.before.view, pair.after.view, year) if not x.same]
    return tuple(sorted(found, key=lambda change: tuple(-change.change(measure) for measure in _RANKED)))


def finding(comparison: Comparison, pair: Pair) -> str:
    """How many sites differ, and which gains and which loses most."""
    t, year = comparison.t, comparison.year
    if year is None:
        return t("comparison.sites.no_year")
    names = {"before": pair.before.letter, "after": pair.after.letter, "year": year}
    found = changes(comparison, pair)
    measure = next((m for m in _RANKED[:-1] if any(x.change(m) for x in found)), None)
    if measure is None:
        return t("comparison.sites.cost_only" if found else "comparison.sites.none", **names)
    moved = [x for x in found if any(x.change(m) for m in _RANKED[:-1])]
    total = len({*pair.before.view.sites, *pair.after.view.sites})
    gains, loses = max(found, key=lambda x: x.change(measure)), min(found, key=lambda x: x.change(measure))
    parts = []
    for change, key in ((gains, "gains"), (loses, "loses")):
        value = change.change(measure)
        if (value > 0) == (key == "gains") and value:
            text = t(f"comparison.measure.{measure}", n=number(abs(value)))
            parts.append(t(f"comparison.sites.{key}", site=comparison.site_name(change.site), amount=text))
    return t(
        f"comparison.sites.finding.{'one' if len(moved) == 1 else 'other'}",
        **names,
        n=len(moved),
        sites=t.count("site", total),
        parts=t("comparison.clauses").join(parts),
    )


def section(comparison: Comparison) -> Section | None:
    """The section; None if there are no two plans with a year in common."""
    t = comparison.t
    pairs = [pair for pair in comparison.pairs if pair.planned]
    if not pairs or comparison.year is None:
        return None
    blocks: list[Block] = []
    for pair in pairs:
        if len(pairs) > 1:
            said = t("comparison.sentence", text=finding(comparison, pair))
            blocks.append(Paragraph(t.rich("comparison.said", text=said)))
        if changes(comparison, pair):
            blocks.append(table_of(comparison, pair))
    if len(pairs) == 1:
        title = finding(comparison, pairs[0])
    else:
        counts = [(pair.after.letter, len(changes(comparison, pair))) for pair in pairs]
        parts = [t("comparison.sites.count", name=letter, sites=t.count("site", n)) for letter, n in counts]
        title = t(
            "comparison.sites.counts", before=comparison.reference.letter, parts=t.listing(parts, most=len(parts))
        )
    return Section("sites", t("comparison.sites.label"), title, tuple(blocks))


def table_of(comparison: Comparison, pair: Pair, most: int = MOST_ROWS) -> Block:
    """A row for each site that differs, with what it gains or loses."""
    t, found = comparison.t, changes(comparison, pair)
    measures: list[Measure] = ["halls", "racks", "peak_mw", "pflops"]
    if pair.comparable:
        measures.append("cost_cny")
    shown = found
    if len(found) > most:
        weight = {x.site: max(abs(x.change(m)) / (_reach(found, m) or 1.0) for m in measures) for x in found}
        kept = {x.site for x in sorted(found, key=lambda x: -weight[x.site])[:most]}
        shown = tuple(x for x in found if x.site in kept)
    unit = t.money_unit(x.change("cost_cny") for x in found)
    rows = []
    for x in shown:
        cells = [signed_money(unit, x.change(m)) if m == "cost_cny" else signed_number(x.change(m)) for m in measures]
        rows.append([comparison.site_name(x.site), *cells])
    titles = [wide(t("column.site"), 1.0)]
    titles += [right(t(f"comparison.sites.{m}", unit=unit.unit)) for m in measures]
    names = {"before": pair.before.letter, "after": pair.after.letter, "year": comparison.year}
    note = t("comparison.sites.note", **names)
    if len(shown) < len(found):
        note = t("comparison.more_rows", note=note, n=len(found) - len(shown))
    caption = t("comparison.sites.caption", **names)
    identifier = f"sites-{pair.before.letter}-{pair.after.letter}".lower()
    return table(identifier, caption, titles, rows, note=note, dense=len(rows) > 14)


def _reach(found: Sequence[SiteChange], measure: Measure) -> float:
    return max(abs(x.change(measure)) for x in found)
