"""What is built, converted, connected and bought: when and where."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ..charts.heat import MOST_COLUMNS, heat_map
from ..charts.series import Small, small_multiples
from ..document import Block, Paragraph, Section
from ..draft import Draft, right, table, wide
from ..numbers import DASH, number, plain
from ..view import grouped, line, lines, periods

MOST_SITES = 16


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
    blocks: list[Block] = []
    halls, hardware = view.tables["halls"], view.hardware
    moved = halls.assign(new=halls["built"] + halls["converted_in"])
    size = pd.Series({s.id: s.grid_step_kw / 1000 for s in view.case.sites})
    megawatts = view.power["grid_steps"].mul(size, axis=0).sum()
    new = moved.groupby("year")["new"].sum().reindex(list(view.years), fill_value=0).astype(float)
    spent = hardware.groupby("year")["spent_cny"].sum().reindex(list(view.years), fill_value=0.0)
    unit = t.money_unit(spent)
    if new.sum() + megawatts.sum() + spent.sum() > 0:
        charts = [
            Small(t("programme.chart.halls"), new, number, "halls"),
            Small(t("programme.chart.grid"), megawatts, number, "grid_added_mw"),
            Small(t("programme.chart.hardware", unit=unit.unit), spent, unit, "hardware_cny"),
        ]
        alt = t("programme.alt", finding=finding(draft))
        blocks.append(draft.figure("programme", small_multiples(charts, columns=3), t("programme.figure"), alt))
    if spent.sum() > 0:
        blocks += [_bought(draft), _heat(draft)]
    works = _works(draft)
    if works:
        blocks.append(_table(draft, "works", works))
    if not blocks:
        blocks.append(Paragraph(t.rich("programme.nothing_text")))
    return Section("programme", t("programme.label"), finding(draft), tuple(blocks))


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
            size = number(view.sites[site].grid_step_kw / 1000)
            rows.append((view.site_names[site], t("programme.step", mw=size), line(steps, site)))
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
    unit = t.money_unit(shown.to_numpy().ravel())
    drawing = heat_map(shown.where(shown > 0), unit, "hardware_cny")
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
