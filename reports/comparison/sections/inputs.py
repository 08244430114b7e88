"""The changed inputs that led to the differences, with their sources."""

from __future__ import annotations

from itertools import groupby

from ...document import Block, Callout, Cell, Column, Paragraph, Run, Section
from ...draft import left, table, wide
from ...numbers import DASH
from ...wording import breakable
from ..amounts import counted
from ..differences import RowChange
from ..manners import how
from ..naming import rows_text, what, where
from ..origins import sources_of
from ..plans import Comparison, Pair

MOST_ROWS = 60


class Numbered:
    """Sources numbered in the order in which they are named."""

    def __init__(self) -> None:
        self._numbers: dict[str, str] = {}

    def __call__(self, texts: tuple[str, ...]) -> str:
        """The numbers of some sources: "S1, S2"."""
        return ", ".join(self._numbers.setdefault(text, f"S{len(self._numbers) + 1}") for text in texts)

    def rows(self) -> list[tuple[str, str]]:
        """Number and text of each."""
        return [(number, text) for text, number in self._numbers.items()]


def size(pair: Pair) -> int:
    """How many changes are told: groups of values, and tables with rows that only one case has."""
    return len(pair.groups) + len(_by_table(pair))


def finding(comparison: Comparison, pair: Pair) -> str:
    """How many changes of the inputs there are, and in what."""
    t, n = comparison.t, size(pair)
    names = {"before": pair.before.letter, "after": pair.after.letter}
    if not n:
        return t("comparison.inputs.same", **names)
    if n == 1 and pair.groups:
        return t("comparison.inputs.only", **names, what=what(t, pair.groups[0]))
    sections = dict.fromkeys([group.section for group in pair.groups] + [rows[0].section for rows in _by_table(pair)])
    listing = t.listing([t(f"comparison.within.{section}") for section in sections], most=len(sections))
    return t("comparison.inputs.finding", **names, changes=counted(t, "change", n), sections=listing)


def section(comparison: Comparison) -> Section:
    """The section."""
    t = comparison.t
    blocks: list[Block] = []
    numbered = Numbered()
    for pair in comparison.pairs:
        if len(comparison.pairs) > 1:
            said = t("comparison.sentence", text=finding(comparison, pair))
            blocks.append(Paragraph(t.rich("comparison.said", text=said)))
        blocks += tables(comparison, pair, numbered)
    rows = numbered.rows()
    if rows:
        titles = (left(t("assumptions.number")), wide(t("assumptions.source")))
        blocks.append(table("sources", t("comparison.inputs.sources"), titles, rows, dense=True))
    if len(comparison.pairs) == 1:
        title = finding(comparison, comparison.pairs[0])
    else:
        counts = [
            t("comparison.inputs.count", name=p.after.letter, changes=counted(t, "change", size(p)))
            for p in comparison.pairs
        ]
        title = t("comparison.inputs.counts", before=comparison.reference.letter, parts=t.listing(counts, most=6))
    return Section("inputs", t("comparison.inputs.label"), title, tuple(blocks))


def tables(comparison: Comparison, pair: Pair, numbered: Numbered | None = None, most: int = MOST_ROWS) -> list[Block]:
    """Rows that only one case has, and the changed values; sources in a column of their own if they are numbered."""
    t = comparison.t
    out: list[Block] = []
    rows = _row_lines(comparison, pair)
    if rows:
        out.append(Callout(t("comparison.inputs.rows"), tuple((Run(breakable(text)),) for text in rows)))
    if pair.groups:
        lines = []
        for group in pair.groups[:most]:
            line: list[str | Cell] = [what(t, group), where(t, pair, group), how(t, group)]
            if numbered is not None:
                line.append(numbered(sources_of(pair, group)) or DASH)
            lines.append(line)
        titles: list[Column] = [wide(t(f"comparison.inputs.{key}")) for key in ("what", "where", "how")]
        if numbered is not None:
            titles.append(left(t("assumptions.source")))
        letters = {"before": pair.before.letter, "after": pair.after.letter}
        note = [] if len(pair.groups) <= most else [t("comparison.inputs.more", n=len(pair.groups) - most)]
        if pair.inputs.following:
            note.append(t("comparison.inputs.following", values=counted(t, "value", pair.inputs.following)))
        caption = t("comparison.inputs.caption", **letters)
        identifier = f"inputs-{pair.before.letter}-{pair.after.letter}".lower()
        joined = t("comparison.costs.space").join(note)
        out.append(table(identifier, caption, titles, lines, note=joined, dense=len(lines) > 12))
    return out


def _row_lines(comparison: Comparison, pair: Pair) -> list[str]:
    t = comparison.t
    out = []
    for rows in _by_table(pair):
        plan = pair.after if rows[0].added else pair.before
        out.append(t("comparison.inputs.only_in", name=plan.letter, rows=rows_text(t, pair, rows)))
    return out


def _by_table(pair: Pair) -> list[list[RowChange]]:
    """Rows that only one case has, by table and case."""
    ranked = sorted(pair.inputs.rows, key=lambda row: row.added)
    return [list(rows) for _, rows in groupby(ranked, key=lambda row: (row.added, row.section))]
