"""What the plans build, convert, connect and buy differently."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

import pandas as pd

from ...charts.side_by_side import Quantity, side_by_side
from ...document import Block, Paragraph, Section
from ...draft import left, right, table, wide
from ...numbers import number
from ..amounts import over_years, signed_money, signed_number
from ..plans import Compared, Comparison, Pair
from ..programme import How, Work

MOST_ROWS = 26
_HOW: tuple[How, ...] = ("only_before", "only_after", "more", "less", "earlier", "later", "otherwise")


def differing(pair: Pair) -> tuple[Work, ...]:
    """The works that are not the same in both plans."""
    return tuple(work for work in pair.works if not work.same)


def finding(comparison: Comparison, pair: Pair) -> str:
    """How many works differ, and in which ways."""
    t = comparison.t
    names = {"before": pair.before.letter, "after": pair.after.letter}
    every = pair.works
    found = [work for work in every if not work.same]
    if not every:
        return t("comparison.programme.nothing", **names)
    if not found:
        return t("comparison.programme.same", **names)
    counts = Counter(work.how for work in found)
    letters = {"before": pair.before.letter, "after": pair.after.letter}
    parts = [t(f"comparison.programme.{how}", n=counts[how], **letters) for how in _HOW if counts[how]]
    values = {"n": len(found), "all": len(every), "parts": t.listing(parts, most=len(parts))}
    form = "only" if len(every) == 1 else "one" if len(found) == 1 else "other"
    return t(f"comparison.programme.finding.{form}", **values)


def section(comparison: Comparison) -> Section | None:
    """The section; None without two plans."""
    t = comparison.t
    pairs = [pair for pair in comparison.pairs if pair.planned]
    if not pairs:
        return None
    blocks: list[Block] = []
    if any(pair.works for pair in pairs):
        blocks.append(_figure(comparison))
    for pair in pairs:
        if len(pairs) > 1:
            said = t("comparison.sentence", text=finding(comparison, pair))
            blocks.append(Paragraph(t.rich("comparison.said", text=said)))
        blocks += tables(comparison, pair)
    if len(pairs) == 1:
        title = finding(comparison, pairs[0])
    else:
        counts = [t("comparison.programme.count", name=p.after.letter, n=len(differing(p))) for p in pairs]
        title = t("comparison.programme.counts", before=comparison.reference.letter,
                  parts=t.listing(counts, most=len(counts)))  # fmt: skip
    return Section("programme", t("programme.label"), title, tuple(blocks))


def appendix(comparison: Comparison) -> Section | None:
    """Every work that differs, if the section shows only some of them."""
    t = comparison.t
    pairs = [pair for pair in comparison.pairs if pair.planned and len(differing(pair)) > MOST_ROWS]
    if not pairs:
        return None
    blocks = tuple(works_table(comparison, pair, differing(pair), "all-works") for pair in pairs)
    n = sum(len(differing(pair)) for pair in pairs)
    return Section(
        "all-works", t("comparison.programme.all_label"), t("comparison.programme.all", n=n), blocks, appendix=True
    )


def tables(comparison: Comparison, pair: Pair, most: int = MOST_ROWS, with_purchases: bool = True) -> list[Block]:
    """Halls and connections by site, hardware by type, and what each site buys; the costly ones if they are many."""
    found = differing(pair)
    works_on = [work for work in found if work.kind != "bought"]
    bought = [work for work in found if work.kind == "bought"]
    out: list[Block] = []
    if works_on:
        shown = _costliest(works_on, most)
        out.append(works_table(comparison, pair, shown, "works", left_out=len(works_on) - len(shown)))
    types = _types(pair)
    if types:
        out.append(_type_table(comparison, pair, types, most))
    if bought and with_purchases:
        shown = _costliest(bought, most)
        out.append(works_table(comparison, pair, shown, "purchases", left_out=len(bought) - len(shown)))
    return out


def _costliest(found: Sequence[Work], most: int) -> Sequence[Work]:
    """The works whose difference costs most, in their order."""
    ranked = sorted(range(len(found)), key=lambda n: (-abs(found[n].cny), n))
    return [found[n] for n in sorted(ranked[:most])]


def _types(pair: Pair) -> list[Work]:
    """Purchases added up over the sites, types of which both buy the same left out."""
    sums: dict[str, list[dict[int, float]]] = {}
    cny: defaultdict[str, float] = defaultdict(float)
    for work in pair.works:
        if work.kind == "bought":
            by_year = sums.setdefault(work.item, [{}, {}])
            for total, part in zip(by_year, (work.before, work.after), strict=True):
                for year, amount in part.items():
                    total[year] = total.get(year, 0.0) + amount
            cny[work.item] += work.cny
    found = [Work("", "bought", item, first, second, cny[item]) for item, (first, second) in sums.items()]
    return [work for work in found if not work.same]


def _type_table(comparison: Comparison, pair: Pair, found: Sequence[Work], most: int) -> Block:
    t = comparison.t
    names = _item_names(pair)
    unit = t.money_unit(work.cny for work in found)
    ranked = sorted(found, key=lambda work: -abs(work.cny))[:most]
    rows = [
        (
            names(work), over_years(t, work.before), over_years(t, work.after),
            signed_number(sum(work.after.values()) - sum(work.before.values())), signed_money(unit, work.cny),
        )
        for work in ranked
    ]  # fmt: skip
    titles = (
        wide(t("column.hardware"), 1.2), wide(pair.before.letter), wide(pair.after.letter),
        right(t("comparison.column.difference", before=pair.before.letter, after=pair.after.letter)), right(unit.unit),
    )  # fmt: skip
    caption = t("comparison.programme.types", before=pair.before.letter, after=pair.after.letter)
    note = t("comparison.programme.types_note")
    if len(ranked) < len(found):
        note = t("comparison.programme.left_out", note=note, n=len(found) - len(ranked))
    identifier = f"hardware-{pair.before.letter}-{pair.after.letter}".lower()
    return table(identifier, caption, titles, rows, note=note, dense=len(rows) > 12)


def works_table(comparison: Comparison, pair: Pair, found: Sequence[Work], key: str, left_out: int = 0) -> Block:
    """A row for each work of each site, with what each plan does by year, and how they differ."""
    t = comparison.t
    names = _item_names(pair)
    rows = []
    for work in found:
        what = t(f"comparison.programme.{work.kind}", item=names(work))
        how = t(f"comparison.how.{work.how}", before=pair.before.letter, after=pair.after.letter)
        rows.append((comparison.site_name(work.site), what, over_years(t, work.before), over_years(t, work.after), how))
    titles = (
        wide(t("column.site"), 1.1), wide(t("comparison.programme.work"), 1.5), wide(pair.before.letter, 1.2),
        wide(pair.after.letter, 1.2), left(t("comparison.column.how")),
    )  # fmt: skip
    letters = {"before": pair.before.letter, "after": pair.after.letter}
    note = t("comparison.programme.note")
    if left_out:
        note = t("comparison.programme.left_out", note=note, n=left_out)
    caption = t(f"comparison.programme.caption.{key}", **letters)
    identifier = f"{key}-{pair.before.letter}-{pair.after.letter}".lower()
    return table(identifier, caption, titles, rows, note=note, dense=True)


def _item_names(pair: Pair) -> Callable[[Work], str]:
    """The name of the hall or hardware type of a work."""
    names = [plan.view.hall_names | plan.view.hardware_names for plan in (pair.after, pair.before)]
    known = names[0] | names[1]
    return lambda work: known.get(work.item, work.item)


def _figure(comparison: Comparison) -> Block:
    t, plans = comparison.t, comparison.planned
    spent = [_hardware_cny(plan) for plan in plans]
    unit = t.money_unit(cny for line in spent for cny in line)
    charts = [
        Quantity(t("comparison.programme.chart.halls"), "halls", [_halls(plan) for plan in plans]),
        Quantity(t("comparison.programme.chart.grid"), "grid_mw", [_grid_mw(plan) for plan in plans]),
        Quantity(
            t("comparison.programme.chart.hardware", unit=unit.unit),
            "hardware_cny",
            [line / unit.factor for line in spent],
            scale=unit.factor,
        ),
    ]
    drawing = side_by_side(charts, [p.letter for p in plans], [p.name for p in plans])
    totals = [
        t("comparison.programme.total", name=plan.letter, halls=number(float(_halls(plan).sum())),
          mw=number(float(_grid_mw(plan).sum())), money=t.money(float(line.sum())))
        for plan, line in zip(plans, spent, strict=True)
    ]  # fmt: skip
    alt = t("comparison.programme.alt", totals=t.listing(totals, most=len(totals)))
    return plans[0].draft.figure(
        "programme-side-by-side", drawing, t("comparison.programme.figure"), alt, t("comparison.programme.figure_note")
    )


def _over(plan: Compared, series: pd.Series[float]) -> pd.Series[float]:
    return series.reindex(list(plan.view.years), fill_value=0.0).astype(float)


def _halls(plan: Compared) -> pd.Series[float]:
    halls = plan.view.tables["halls"]
    return _over(plan, (halls["built"] + halls["converted_in"]).groupby(halls["year"]).sum())


def _grid_mw(plan: Compared) -> pd.Series[float]:
    size = pd.Series({s.id: s.grid_step_kw / 1000 for s in plan.result.case.sites})
    return _over(plan, plan.view.power["grid_steps"].mul(size, axis=0).sum())


def _hardware_cny(plan: Compared) -> pd.Series[float]:
    return _over(plan, plan.view.hardware.groupby("year")["spent_cny"].sum())
