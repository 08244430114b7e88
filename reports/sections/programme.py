"""What is built, converted, connected and bought: when and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..charts.gantt import Bar, Kind, Row, gantt, lanes
from ..charts.heat import MOST_COLUMNS, heat_map
from ..commitments import Commitment, commitments, grid_kw, total
from ..document import Block, Paragraph, Section
from ..draft import Draft, right, table, wide
from ..numbers import DASH, Unit, number, percent, plain, power_unit
from ..view import grouped, line, lines, periods

MOST_SITES = 16
MOST_LANES = 42
"""Lanes of the chart of the programme that stay apart; a site has up to four and more."""


def finding(draft: Draft) -> str:
    """The heading: how much is built, and what is spent on hardware."""
    t, halls = draft.t, draft.view.tables["halls"]
    built, converted = int(halls["built"].sum()), int(halls["converted_in"].sum())
    spent = float(draft.view.hardware["spent_cny"].sum())
    parts = []
    if built:
        parts.append(t("programme.builds", halls=t.count("hall", built)))
    if converted:
        parts.append(t("programme.converts", halls=t.count("hall", converted)))
    if spent:
        parts.append(t("programme.buys", money=t.money(spent)))
    if not parts:
        return t("programme.nothing")
    return t("programme.finding", parts=t.listing(parts, noun="deed"))


def section(draft: Draft) -> Section:
    """The section."""
    t, view = draft.t, draft.view
    found = commitments(view)
    blocks: list[Block] = []
    if any(c.work != "opening" for c in found):
        blocks.append(_gantt(draft, found))
    if float(view.hardware["spent_cny"].sum()) > 0:
        blocks += [_bought(draft), _heat(draft)]
    if not blocks:
        blocks.append(Paragraph(t.rich("programme.nothing_text")))
    lead = _lead(draft, found)
    return Section("programme", t("programme.label"), finding(draft), tuple(blocks), lead=lead)


def _lead(draft: Draft, found: Sequence[Commitment]) -> str:
    """In which year most is spent, if there are several."""
    t, view = draft.t, draft.view
    spent = {year: total(c for c in found if c.needed == year) for year in view.years}
    busiest = max(view.years, key=lambda year: spent[year])
    everything = sum(spent.values())
    if len(view.years) == 1 or everything <= 0:
        return ""
    return t("gantt.busiest", year=busiest, share=percent(spent[busiest] / everything), money=t.money(everything))


def _gantt(draft: Draft, found: Sequence[Commitment]) -> Block:
    """When what is ordered and in service where; the sites for which the least is spent are put together."""
    t, view = draft.t, draft.view
    chunks = periods(view.years, label=t.years)
    column = {year: n for n, (_, years) in enumerate(chunks) for year in years}
    units = _Units(power_unit([grid_kw(view, found)]), t.money_unit([_dearest(found, column)]))
    by_site: dict[str, list[Commitment]] = {}
    for each in found:
        if each.work != "opening":
            by_site.setdefault(each.site, []).append(each)
    ranked = sorted(by_site, key=lambda site: -total(by_site[site]))
    rows = [Row(view.site_names[site], _bars(draft, by_site[site], column, units)) for site in ranked]
    drawn, height = 0, 0
    while drawn < len(rows) and height + len(lanes(rows[drawn])) <= MOST_LANES:
        height += len(lanes(rows[drawn]))
        drawn += 1
    rest = ranked[drawn:]
    if rest:
        together = [each for site in rest for each in by_site[site]]
        rows = [*rows[:drawn], Row(t.count("other_site", len(rest)), _bars(draft, together, column, units))]
    names = {
        "hall": t("gantt.hall"), "ordered": t("gantt.ordered"), "conversion": t("gantt.conversion"),
        "grid": t("gantt.grid", unit=units.power.unit), "hardware": t("gantt.hardware", unit=units.money.unit),
    }  # fmt: skip
    alt = t("gantt.alt", finding=finding(draft), n=len(rows))
    drawing = gantt(rows, [label for label, _ in chunks], names)
    return draft.figure("programme", drawing, t("gantt.figure"), alt, t("gantt.note"))


@dataclass(frozen=True)
class _Units:
    """The units in which the chart shows grid connections and money."""

    power: Unit
    money: Unit


def _dearest(found: Sequence[Commitment], column: Mapping[int, int]) -> float:
    """The largest sum spent on hardware at a site in a column of the chart, CNY."""
    sums: dict[tuple[str, int], float] = {}
    for each in found:
        if each.work == "hardware":
            key = (each.site, column[each.needed])
            sums[key] = sums.get(key, 0.0) + each.cny
    return max(sums.values(), default=0.0)


def _bars(draft: Draft, found: Sequence[Commitment], column: Mapping[int, int], units: _Units) -> tuple[Bar, ...]:
    """The bars of a site or of several: halls by the year they are ordered in, the rest by year."""
    groups: dict[tuple[Kind, int, int], list[Commitment]] = {}
    for each in found:
        if each.work != "opening" and (each.work != "hardware" or each.cny > 0):
            groups.setdefault((each.work, column[each.approve], column[each.needed]), []).append(each)
    bars = []
    for (kind, ordered, ready), same in groups.items():
        count = sum(c.count for c in same)
        text = plain(count)
        if kind == "grid":
            text = f"+{number(grid_kw(draft.view, same) / units.power.factor)}"
        elif kind == "hardware":
            text = units.money(total(same))
        amount = grid_kw(draft.view, same) if kind == "grid" else total(same) if kind == "hardware" else count
        bars.append(Bar(kind, ordered, ready, text, amount))
    return tuple(bars)


def works(draft: Draft) -> Block | None:
    """The table with every hall built and converted and every grid step by site; None if there are none."""
    rows = _works(draft)
    return _table(draft, "works", rows) if rows else None


def purchases(draft: Draft) -> Block | None:
    """The table with every purchase by site; None if nothing is bought."""
    view = draft.view
    bought = _by_site(draft, view.hardware, "hardware", "bought")
    if not bought:
        return None
    rows = []
    for site in view.sites:
        rows += [(view.site_names[site], view.hardware_names[kind], row) for kind, row in bought.get(site, [])]
    return _table(draft, "purchases", rows)


Work = tuple[str, str, "pd.Series[float]"]


_MOVES = {"built": "built", "converted_in": "converted", "converted_away": "converted_away"}


def _by_site(draft: Draft, table: pd.DataFrame, row: str, column: str) -> dict[str, list[tuple[str, pd.Series[float]]]]:
    """For each site the lines of a table by year, with the id of what they count."""
    out: dict[str, list[tuple[str, pd.Series[float]]]] = {}
    grid = draft.view.by_year(table, ["site", row], column)
    for n, (site, kind) in enumerate(grid.index.to_flat_index()):
        out.setdefault(str(site), []).append((str(kind), grid.iloc[n]))
    return out


def _works(draft: Draft) -> list[Work]:
    """Site, work and number by year: halls built and converted, grid steps."""
    t, view = draft.t, draft.view
    steps = view.power["grid_steps"]
    moves = {column: _by_site(draft, view.tables["halls"], "hall", column) for column in _MOVES}
    rows: list[Work] = []
    for site in view.sites:
        away = moves["converted_away"].get(site, [])
        # Only when halls of a single type are given up is it known what each new hall was before.
        old = view.hall_names[away[0][0]] if len(away) == 1 else ""
        for column, key in _MOVES.items():
            for hall, row in moves[column].get(site, []):
                if key == "converted_away" and old:
                    continue
                known = "retrofit" if key == "converted" and old else key
                what = t(f"programme.{known}", hall=view.hall_names[hall], old=old)
                rows.append((view.site_names[site], what, row))
        if steps.loc[site].sum() > 0:
            size = t.power(view.sites[site].grid_step_kw)
            rows.append((view.site_names[site], t("programme.step", size=size), line(steps, site)))
    return rows


def _table(draft: Draft, key: str, works: Sequence[Work]) -> Block:
    t, view = draft.t, draft.view
    columns = periods(view.years, label=t.years)
    rows = []
    for site, what, numbers in works:
        sums = [float(numbers[years].sum()) for _, years in columns]
        values = [plain(v) if v else DASH for v in sums]
        rows.append([site, what, *values, plain(sum(sums))])
    titles = [
        wide(t("column.site"), 1.2),
        wide(t(f"{key}.column")),
        *(right(name) for name, _ in columns),
        right(t("column.total")),
    ]
    return table(key, t(f"{key}.caption"), titles, rows, note=t(f"{key}.note"), dense=len(rows) > 12)


def _heat(draft: Draft) -> Block:
    t, view = draft.t, draft.view
    grid = view.by_year(view.hardware, "site", "spent_cny").rename(index=view.site_names)
    columns = periods(view.years, MOST_COLUMNS, t.years)
    shown = grouped(grid, MOST_SITES, lambda n: t.count("other_site", n))
    shown = pd.DataFrame({name: shown[years].sum(axis=1) for name, years in columns})
    # Most cells are far below the largest: the unit is one in which these can be told apart.
    unit = t.money_unit([float(np.nanmedian(shown.where(shown > 0).to_numpy()))])
    drawing = heat_map(shown.where(shown > 0), lambda cny: number(cny / unit.factor), "hardware_cny")
    alt = t("programme.heat_alt", site=str(shown.index[0]), money=t.money(float(shown.iloc[0].sum())))
    return draft.figure("purchases", drawing, t("programme.heat", unit=unit.unit), alt)


def _bought(draft: Draft) -> Block:
    t, view = draft.t, draft.view
    columns = periods(view.years, label=t.years)
    units = view.by_year(view.hardware, "hardware", "bought")
    spent = view.hardware.groupby("hardware")["spent_cny"].sum()
    unit = t.money_unit(spent)
    rows = []
    order = spent.reindex(units.index).sort_values(ascending=False, kind="stable").index
    for kind, row in lines(units.loc[order]):
        sums = [float(row[years].sum()) for _, years in columns]
        values = [plain(v) if v else DASH for v in sums]
        cny = float(spent.loc[kind])
        rows.append([view.hardware_names[kind], *values, plain(sum(sums)), unit(cny) if cny else DASH])
    titles = [
        wide(t("column.hardware")),
        *(right(name) for name, _ in columns),
        right(t("column.total")),
        right(t("programme.price", unit=unit.unit)),
    ]
    return table("hardware", t("programme.bought"), titles, rows, note=t("programme.bought_note"))
