"""The decision page: what to approve in the first year with decisions, what it costs, and when it has to be ordered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..commitments import GROUPS, Commitment, Work, by_group, commitments, grid_kw, total
from ..document import Block, Callout, Paragraph, Section, Tone
from ..draft import Draft, right, table, wide
from ..messages import Messages
from ..numbers import DASH
from ..view import line, periods
from .costs import running_cost
from .provenance import audited

NAMED = 3
"""Sites named in a cell before the rest is counted; fewer in a long table, which is to stay on its page."""
LONG, LONGEST = 12, 20
"""Rows of a long table, and of one in which a cell names a single site."""
MOST_TYPES = 8
"""Rows for hardware; what costs less is put together in the last of them."""


def finding(draft: Draft, found: Sequence[Commitment]) -> str:
    """The heading: what to approve first, when, and for how much."""
    t, view = draft.t, draft.view
    if not found:
        return t("decision.nothing")
    year = min(c.approve for c in found)
    now = [c for c in found if c.approve == year]
    values = {
        "year": year,
        "money": t.money(total(now)),
        "parts": t.listing(parts(draft, now), most=len(GROUPS), noun="deed"),
    }
    return t("decision.now" if year == view.first else "decision.later", **values)


def parts(draft: Draft, found: Sequence[Commitment]) -> list[str]:
    """How many of each kind of work, in words; hardware that has no price is not counted beside what has one."""
    priced = [c for c in found if c.work != "hardware" or c.cny > 0]
    counts: dict[Work, int] = {}
    for each in priced or found:
        counts[each.work] = counts.get(each.work, 0) + each.count
    return [draft.t.count(f"work_{work}", counts[work]) for work in GROUPS if work in counts]


def section(draft: Draft) -> Section:
    """The section."""
    t, view = draft.t, draft.view
    found = commitments(view)
    blocks: list[Block] = []
    audit = audited(view.summary)
    wrong = audit is not None and not audit[0]
    if wrong:
        blocks.append(Callout(t("decision.stop"), (t.rich("decision.stop_text"),), tone="alarm"))
    lead = ""
    if found:
        year = min(c.approve for c in found)
        now = [c for c in found if c.approve == year]
        blocks += [_now(draft, now, year), _by_year(draft, found)]
        lead = _lead(draft, now, year)
    else:
        blocks.append(Paragraph(t.rich("decision.nothing_text")))
    tone: Tone = "alarm" if wrong else "plain"
    return Section("decision", t("decision.label"), finding(draft, found), tuple(blocks), lead=lead, tone=tone)


def _lead(draft: Draft, now: Sequence[Commitment], year: int) -> str:
    t, view = draft.t, draft.view
    ahead = [c for c in now if c.needed > year]
    running = running_cost(view.costs)
    values = {"running": t.money(float(running.loc[running["year"] == year, "cny"].sum())), "year": year}
    if not ahead:
        return t("decision.running", **values)
    years = t.year_list(c.needed for c in ahead)
    return t("decision.ahead", ahead=t.money(total(ahead)), years=years, **values)


def _now(draft: Draft, now: Sequence[Commitment], year: int) -> Block:
    """What to approve in a year: one row for each kind of work, type and year in which it is needed."""
    t = draft.t
    unit = t.money_unit([total(now)])
    groups: dict[tuple[Work, str, str, int], list[Commitment]] = {}
    for each in now:
        groups.setdefault((each.work, each.old, each.item, each.needed), []).append(each)
    rows = [(what(draft, same), same) for same in _ranked(groups.values())]
    works = [row for row in rows if row[1][0].work != "hardware"]
    bought = [row for row in rows if row[1][0].work == "hardware" and total(row[1])]
    free = [each for _, same in rows for each in same if each.work == "hardware" and not each.cny]
    if len(bought) > MOST_TYPES:
        rest = [same for _, same in bought[MOST_TYPES - 1 :]]
        small = [each for same in rest for each in same]
        bought = [*bought[: MOST_TYPES - 1], (t.count("more_types", len(rest)), small)]
    rows = [*works, *bought]
    if free:
        rows.append((t("decision.free", n=f"{sum(c.count for c in free):,}"), free))
    named = NAMED - (len(rows) > LONG) - (len(rows) > LONGEST)
    cells = [
        (text, where(draft, same, named), unit(total(same)) if total(same) else DASH, _needed(t, same))
        for text, same in rows
    ]
    cells.append((t("column.total"), "", unit(total(now)), ""))
    titles = (
        wide(t("decision.column.what"), 1.5), wide(t("decision.column.where"), 2.0),
        right(unit.unit), right(t("decision.column.needed")),
    )  # fmt: skip
    caption, note = t("decision.caption", year=year), t("decision.note", base=draft.view.case.base_year)
    return table("decision", caption, titles, cells, note=note, total=True, dense=len(cells) > 14)


def _ranked(groups: Iterable[list[Commitment]]) -> list[list[Commitment]]:
    """By kind of work; within it what is needed first, and hardware by its price."""
    order = list(GROUPS)

    def key(same: list[Commitment]) -> tuple[int, float, float]:
        first = same[0]
        return order.index(first.work), 0 if first.work == "hardware" else first.needed, -total(same)

    return sorted(groups, key=key)


def _needed(t: Messages, same: Iterable[Commitment]) -> str:
    years = sorted({c.needed for c in same})
    return t.years(years[0], years[-1])


def what(draft: Draft, same: Sequence[Commitment]) -> str:
    """A row of like commitments in words: how many of what."""
    t, view, first = draft.t, draft.view, same[0]
    n = f"{sum(c.count for c in same):,}"
    if first.work == "hall":
        return t("decision.hall", n=n, hall=view.hall_names[first.item])
    if first.work == "conversion":
        if not first.item:
            return t("decision.conversions", n=n)
        return t("decision.conversion", n=n, old=view.hall_names[first.old], hall=view.hall_names[first.item])
    if first.work == "grid":
        steps = t.count("work_grid", sum(c.count for c in same))
        return t("decision.grid", steps=steps, size=t.power(grid_kw(view, same)))
    if first.work == "hardware":
        return t("decision.hardware", n=n, hardware=view.hardware_names[first.item])
    return t.count("work_opening", len(same))


def where(draft: Draft, same: Sequence[Commitment], named: int = NAMED) -> str:
    """The sites of a row, those with the most first, each with its number; so many are named."""
    t, view = draft.t, draft.view
    counts: dict[str, int] = {}
    for each in same:
        counts[each.site] = counts.get(each.site, 0) + each.count
    ranked = sorted(counts, key=lambda site: -counts[site])
    alone = len(ranked) == 1 or same[0].work == "opening"
    names = [
        view.site_names[s] if alone else t("text.counted", name=view.site_names[s], n=f"{counts[s]:,}") for s in ranked
    ]
    if len(names) <= named + 1:
        return t("list.comma").join(names)
    rest = t.count("other_site", len(names) - named)
    if not alone:
        rest = t("text.counted", name=rest, n=f"{sum(counts[s] for s in ranked[named:]):,}")
    return t("list.comma").join([*names[:named], rest])


def _by_year(draft: Draft, found: Sequence[Commitment]) -> Block:
    """What has to be approved from year to year, and what the plan costs to run meanwhile."""
    t, view = draft.t, draft.view
    chunks = periods(view.years, label=t.years)
    running = running_cost(view.costs).groupby("year")["cny"].sum()
    running = running.reindex(list(view.years), fill_value=0.0).astype(float)
    due = by_group(view, found, "approve")
    early = by_group(view, [c for c in found if c.needed > c.approve], "approve")
    unit = t.money_unit([float(due.to_numpy().sum()), float(running.sum())])
    rows = []
    for label, years in [*chunks, (t("column.total"), list(view.years))]:
        sums = [float(line(due, group)[years].sum()) for group in due.index]
        values = [*sums, sum(sums), float(early[years].to_numpy().sum())]
        rows.append([label, *(unit(v) if v else DASH for v in values), unit(float(running[years].sum()))])
    keys = ("buildings", "grid", "hardware", "total", "ahead", "running")
    titles = [wide(t("decision.column.approve")), *(right(t(f"decision.column.{key}")) for key in keys)]
    caption = t("decision.by_year", unit=unit.unit)
    return table("approvals", caption, titles, rows, note=t("decision.by_year_note"), total=True)
