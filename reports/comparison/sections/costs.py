"""What each plan costs, and the bridges from the reference to the others: by category and by site."""

from __future__ import annotations

from collections.abc import Callable

from ...charts.bridge import is_cut, waterfall
from ...document import Block, Paragraph, Section
from ...draft import right, table, wide
from ...numbers import DASH, Money, percent
from ...sections.costs import ORDER
from ..amounts import apart, signed_money, telling_unit
from ..bridge import CENT, Bridge, By, Step, bridge, ordered, sums
from ..caveats import proved
from ..plans import Compared, Comparison, Pair

MOST_STEPS = 14
"""Steps of a chart by site; the smaller ones are added up."""
MOST_ROWS = 24
LONG = 18
"""Rows from which a table is set smaller."""


def finding(comparison: Comparison, named: bool = False) -> str:
    """The heading: which plan is dearer, and the largest step; of several plans the range; by letters or names."""
    t = comparison.t
    if len(comparison.pairs) == 1:
        return pair_finding(comparison, comparison.pairs[0], named)
    plans = comparison.planned
    if len(plans) < 2:
        return t("comparison.costs.none")
    if len({plan.result.case.base_year for plan in plans}) > 1:
        return t("comparison.costs.other_years")
    ranked = sorted(plans, key=lambda plan: plan.cost or 0.0)
    low, high = ranked[0], ranked[-1]
    if abs((high.cost or 0.0) - (low.cost or 0.0)) < CENT:
        return t("comparison.costs.all_equal", cost=t.money(low.cost))
    texts = apart(t, [low.cost or 0.0, high.cost or 0.0])
    return t(
        "comparison.costs.range",
        low=texts[0],
        cheapest=_called(low, named),
        high=texts[1],
        dearest=_called(high, named),
    )


def _called(plan: Compared, named: bool) -> str:
    return plan.name if named else plan.letter


def pair_finding(comparison: Comparison, pair: Pair, named: bool = False) -> str:
    """Which of two plans is dearer, by how much, and the largest step."""
    t = comparison.t
    if not pair.planned:
        return t("comparison.costs.none")
    found = bridge(pair.before.result, pair.after.result, "category")
    if found is None:
        return t("comparison.costs.other_years")
    names = {"before": _called(pair.before, named), "after": _called(pair.after, named)}
    largest = found.largest
    if abs(found.difference) < CENT:
        key = "equal" if largest is None else "equal_but"
        return t(f"comparison.costs.{key}", **names)
    key = "dearer" if found.difference > 0 else "cheaper"
    assert largest is not None
    step = t("comparison.costs.step_more" if largest.cny > 0 else "comparison.costs.step_less",
             name=t.within(step_name(comparison, largest, "category")), money=t.money(abs(largest.cny)))  # fmt: skip
    return t(f"comparison.costs.{key}", **names, money=t.money(abs(found.difference)), step=step)


def section(comparison: Comparison) -> Section:
    """The section."""
    t = comparison.t
    blocks: list[Block] = []
    for pair in comparison.pairs:
        blocks += _bridges(comparison, pair)
    if comparison.planned:
        blocks += [side_by_side(comparison, "category"), side_by_side(comparison, "site")]
    lead = proved(comparison, comparison.pairs[0]) if len(comparison.pairs) == 1 else ""
    return Section("costs", t("costs.label"), finding(comparison), tuple(blocks), lead=lead)


def _bridges(comparison: Comparison, pair: Pair) -> list[Block]:
    t = comparison.t
    out: list[Block] = []
    if len(comparison.pairs) > 1 and pair.planned:
        told = [pair_finding(comparison, pair), proved(comparison, pair)]
        for text in filter(None, told):
            out.append(Paragraph(t.rich("comparison.said", text=t("comparison.sentence", text=text.rstrip(".。")))))
    kinds: tuple[By, ...] = ("category", "site")
    for by in kinds:
        found = bridge(pair.before.result, pair.after.result, by)
        if found is not None and found.steps:
            out.append(_figure(comparison, pair, found, by))
    return out


def _figure(comparison: Comparison, pair: Pair, found: Bridge, by: By) -> Block:
    t = comparison.t
    steps = [(step_name(comparison, step, by), step.cny) for step in found.steps]
    if by == "site":
        steps = _largest(steps, lambda n: t.count("other_site", n))
    unit = t.money_unit(cny for _, cny in steps)
    names = {"before": pair.before.letter, "after": pair.after.letter}
    notes = [t("comparison.costs.bridge_note")]
    if is_cut(found.start, [cny for _, cny in steps]):
        notes.append(t("comparison.costs.cut_note"))
    largest = found.largest
    assert largest is not None
    alt = t(
        "comparison.costs.bridge_alt", **names, start=t.money(found.start), end=t.money(found.end), n=len(steps),
        step=step_name(comparison, largest, by), cny=t.money(largest.cny),
    )  # fmt: skip
    drawing = waterfall((pair.before.name, found.start), steps, (pair.after.name, found.end), unit)
    identifier = f"cost-bridge-by-{by}-{pair.before.letter}-{pair.after.letter}".lower()
    caption = t(f"comparison.costs.bridge_by_{by}", **names, unit=unit.unit)
    return pair.after.draft.figure(identifier, drawing, caption, alt, t("comparison.costs.space").join(notes))


def _largest(steps: list[tuple[str, float]], others: Callable[[int], str]) -> list[tuple[str, float]]:
    """The largest steps in their order, the others added up."""
    if len(steps) <= MOST_STEPS:
        return steps
    ranked = sorted(range(len(steps)), key=lambda n: -abs(steps[n][1]))
    kept = sorted(ranked[: MOST_STEPS - 1])
    rest = [steps[n][1] for n in ranked[MOST_STEPS - 1 :]]
    return [*(steps[n] for n in kept), (others(len(rest)), sum(rest))]


def step_name(comparison: Comparison, step: Step, by: By) -> str:
    """The name of a step."""
    if step.special:
        return comparison.t(f"comparison.step.{step.key}")
    return key_name(comparison, step.key, by)


def key_name(comparison: Comparison, key: str, by: By) -> str:
    """The name of a category, or of a site; costs without a site are penalties."""
    t = comparison.t
    if by == "category":
        return t.word(f"cost.{key}")
    return comparison.site_name(key) if key else t("comparison.costs.no_site")


def side_by_side(comparison: Comparison, by: By, most: int = MOST_ROWS) -> Block:
    """A table of the net present cost by category or site, a column a plan, and what differs between two."""
    t, plans = comparison.t, comparison.planned
    pair = _comparable_two(comparison)
    if pair is not None:
        return _pair_table(comparison, pair, by, most)
    columns = [sums(plan.result, by) for plan in plans]
    keys = list(dict.fromkeys(key for column in columns for key in column))
    keys = ordered(keys, ORDER if by == "category" else comparison.sites)
    rows = [(key_name(comparison, key, by), [column.get(key, 0.0) for column in columns]) for key in keys]
    if by == "site":
        rows = _few(rows, most, lambda n: t.count("other_site", n))
    totals = [plan.cost or 0.0 for plan in plans]
    unit = telling_unit(t, totals)
    lines = [(name, *(unit(value) if value else DASH for value in values)) for name, values in rows]
    lines.append((t("costs.total"), *map(unit, totals)))
    titles = [wide(t(f"comparison.column.{by}")), *(right(plan.letter) for plan in plans)]
    caption, note = t(f"comparison.costs.by_{by}", unit=unit.unit), t("comparison.costs.note")
    return table(f"costs-by-{by}", caption, titles, lines, note=note, total=True, dense=len(lines) > LONG)


def _pair_table(comparison: Comparison, pair: Pair, by: By, most: int) -> Block:
    """The parts of the bridge between two plans as a table."""
    t, found = comparison.t, bridge(pair.before.result, pair.after.result, by)
    assert found is not None
    rows = [(step_name(comparison, part, by), [part.before, part.after]) for part in found.parts]
    if by == "site":
        rows = _few(rows, most, lambda n: t.count("other_site", n))
    rows.append((t("costs.total"), [found.start, found.end]))
    changes = [after - before for _, (before, after) in rows]
    # What differs has to be seen, however large the totals are.
    unit = t.money_unit(changes if any(abs(change) >= CENT for change in changes) else [found.start])
    lines = [(name, *_cells(unit, *values)) for name, values in rows]
    letters = {"before": pair.before.letter, "after": pair.after.letter}
    titles = [
        wide(t(f"comparison.column.{by}")), right(pair.before.letter), right(pair.after.letter),
        right(t("comparison.column.difference", **letters)), right(t("comparison.column.percent")),
    ]  # fmt: skip
    rates = {plan.result.case.discount_rate for plan in (pair.before, pair.after)}
    note = t("comparison.costs.note") if len(rates) == 1 else t("comparison.costs.note_rate", **letters)
    caption = t(f"comparison.costs.by_{by}", unit=unit.unit)
    return table(f"costs-by-{by}", caption, titles, lines, note=note, total=True, dense=len(lines) > LONG)


def _comparable_two(comparison: Comparison) -> Pair | None:
    pair = comparison.pairs[0]
    return pair if len(comparison.pairs) == 1 and pair.comparable else None


def _cells(unit: Money, before: float, after: float) -> list[str]:
    change = after - before
    cells = [unit(value) if value else DASH for value in (before, after)]
    return [*cells, signed_money(unit, change) if abs(change) >= CENT else DASH, _percent(before, change)]


def _percent(before: float, change: float) -> str:
    if before <= 0 or abs(change) < CENT:
        return DASH
    text = percent(abs(change) / before, 1)
    return text if text.startswith("<") else ("+" if change > 0 else "\u2212") + text


def _few(rows: list[tuple[str, list[float]]], most: int, others: Callable[[int], str]) -> list[tuple[str, list[float]]]:
    """The rows that differ most in their order, the others added up."""
    if len(rows) <= most:
        return rows
    ranked = sorted(range(len(rows)), key=lambda n: -max(abs(v - rows[n][1][0]) for v in rows[n][1]))
    kept = sorted(ranked[: most - 1])
    rest = [rows[n][1] for n in ranked[most - 1 :]]
    return [*(rows[n] for n in kept), (others(len(rest)), [sum(column) for column in zip(*rest, strict=True)])]
