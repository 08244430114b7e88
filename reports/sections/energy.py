"""Energy, PUE, green electricity and carbon of the city."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from ..charts.series import Small, small_multiples
from ..document import Block, Paragraph, Run, Section
from ..draft import Draft, right, table, wide
from ..numbers import DASH, percent, plain
from ..view import periods
from .green import block as green_sites
from .green import statement as green_statement


def finding(draft: Draft) -> str:
    """The heading: where PUE goes and how much of the electricity is green."""
    t, view = draft.t, draft.view
    first, last = (view.metric("pue", year) for year in (view.first, view.last))
    if last is None:
        return t("energy.none", year=view.last)
    green = view.metric("green_share", view.last)
    values = {
        "first": DASH if first is None else plain(first, 2),
        "last": plain(last, 2),
        "green": percent(green),
        "year": view.last,
    }
    if first is None or len(view.years) == 1:
        return t("energy.is", **values)
    if values["first"] == values["last"]:
        return t("energy.stays", **values)
    return t("energy.falls" if last < first else "energy.rises", **values)


def section(draft: Draft) -> Section:
    """The section."""
    t, view = draft.t, draft.view
    facility, it, carbon = (view.metric_series(name) for name in ("facility_mwh", "it_mwh", "carbon_tonnes"))
    pue, green = view.metric_series("pue"), view.metric_series("green_share")
    energy, mass = t.energy_unit(facility), t.carbon_unit(carbon)
    charts = [
        Small(t("energy.chart.facility", unit=energy.unit), facility, energy, "facility_mwh"),
        Small(t("energy.chart.pue"), pue, lambda v: plain(v, 2), "pue"),
        Small(t("energy.chart.green"), green, percent, "green_share"),
        Small(t("energy.chart.carbon", unit=mass.unit), carbon, mass, "carbon_tonnes"),
    ]
    blocks: list[Block] = [
        draft.figure("energy", small_multiples(charts), t("energy.figure"), t("energy.alt", finding=finding(draft)))
    ]
    columns = periods(view.years)
    rows = [
        _row(t("energy.row.it", unit=energy.unit), it, columns, energy),
        _row(t("energy.row.facility", unit=energy.unit), facility, columns, energy),
        _row(t("energy.row.pue"), pue, columns, lambda v: plain(v, 3)),
        _row(t("energy.row.green"), green, columns, lambda v: percent(v, 1)),
        _row(t("energy.row.carbon", unit=mass.unit), carbon, columns, mass),
    ]
    titles = [wide(t("energy.column.what")), *(right(str(years[-1])) for _, years in columns)]
    blocks.append(table("energy", t("energy.caption"), titles, rows))
    labels = green_sites(draft)
    if labels is not None:
        blocks += [Paragraph((Run(green_statement(draft)),)), labels]
    outside = view.tables["power"].loc[lambda p: ~p["site"].isin(view.city_sites) & (p["year"] == view.last)]
    if outside["facility_mwh"].sum() > 0:
        used = t.energy(float(outside["facility_mwh"].sum()))
        blocks.append(Paragraph(t.rich("energy.outside", energy=used, year=view.last)))
    return Section("energy", t("energy.label"), finding(draft), tuple(blocks), lead=t("energy.lead"))


def _row(
    label: str, values: pd.Series[float], columns: list[tuple[str, list[int]]], show: Callable[[float], str]
) -> list[str]:
    return [label, *(DASH if pd.isna(values[years[-1]]) else show(float(values[years[-1]])) for _, years in columns)]
