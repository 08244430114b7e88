"""What the plan takes as given, with the source of each row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...inputs.parts import Workload
from ..clauses import read_clauses
from ..document import Block, Column, Section
from ..draft import Draft, cell, cut, left, right, table, wide
from ..numbers import DASH, number, percent, plain, power_unit
from ..view import periods
from ..wording import printable
from .compute import convention
from .placement import system_names

MOST_ROWS = 4
"""Rows that a source is used for and that are named, in each table."""


def section(draft: Draft) -> Section:
    """The appendix."""
    t = draft.t
    blocks = [_settings(draft), _halls(draft)]
    if draft.view.case.conversions:
        blocks.append(_conversions(draft))
    blocks += [_hardware(draft), _sites(draft)]
    blocks += [each for each in (_demand(draft), _systems(draft)) if each is not None]
    named = _names(draft)
    rows = [
        (cell(number_, strong=True), text, t.joined(_used_for(draft, named, name, ids) for name, ids in used.items()))
        for number_, text, used in draft.sources.everything()
    ]
    if rows:
        titles = (left(t("assumptions.number")), wide(t("assumptions.source"), 2.2), wide(t("assumptions.used_for")))
        blocks.append(table("sources", t("assumptions.sources"), titles, rows, dense=True))
    title = t("assumptions.title", sources=t.count("source", len(rows))) if rows else t("assumptions.untold")
    assumed = draft.sources.assumed
    lead = t("basis.assumed", n=f"{len(draft.sources):,}", assumed=f"{assumed:,}") if assumed else ""
    return Section("assumptions", t("assumptions.label"), title, tuple(blocks), lead=lead, appendix=True)


def _used_for(draft: Draft, named: Mapping[str, Mapping[str, str]], name: str, ids: Sequence[str]) -> str:
    """A table and the rows of it that rest on a source, by their names where they have any."""
    t = draft.t
    names = [named.get(name, {}).get(i, printable(i)) for i in ids]
    return t("basis.row", table=t.word(f"table.{name}"), rows=t.listing(names, most=MOST_ROWS))


def _names(draft: Draft) -> dict[str, Mapping[str, str]]:
    """What the rows of each table are called."""
    t, view = draft.t, draft.view
    documents = [c for c in read_clauses(view.result.folder) if c.table == "systems" and c.rows == (c.id,)]
    systems = {c.id: printable(c.what_zh if t.language == "zh" and c.what_zh else c.what) for c in documents}
    return {
        "settings": t.group("setting"), "sites": view.site_names, "hall_types": view.hall_names,
        "hardware": view.hardware_names, "workloads": system_names(draft), "districts": t.group("district"),
        "systems": systems,
    }  # fmt: skip


def _demand(draft: Draft) -> Block | None:
    """What all workloads ask for together; None if there are none."""
    t, view = draft.t, draft.view
    columns = [(label, years[-1]) for label, years in periods(view.years, label=t.years)]
    sums: dict[tuple[str, str], dict[int, float]] = {}
    for workload in view.case.workloads:
        for resource, by_year in workload.demand.items():
            total = sums.setdefault((workload.pool, resource), dict.fromkeys(view.years, 0.0))
            for year in view.years:
                total[year] += by_year.get(year, 0.0)
    if not sums:
        return None
    rows = [
        (
            t.term("pool", pool), t.term("resource", resource), t.group("resource_unit").get(resource, DASH),
            *(number(total[year]) for _, year in columns),
        )
        for (pool, resource), total in sorted(sums.items())
    ]  # fmt: skip
    titles = (
        wide(t("demand.pool")),
        wide(t("demand.resource")),
        left(t("demand.unit")),
        *(right(str(year)) for _, year in columns),
    )
    return table("demand", t("demand.caption"), titles, rows, note=t("demand.note"))


def _systems(draft: Draft) -> Block | None:
    """The conditions of each row of demand; None if there is none."""
    t, view = draft.t, draft.view
    groups: dict[str, list[Workload]] = {}
    for workload in view.case.workloads:
        groups.setdefault(workload.system or workload.id, []).append(workload)
    if not groups:
        return None
    names = system_names(draft)
    rows = []
    for key, same in groups.items():
        first = same[0]
        penalties = [w.unserved_penalty_cny for w in same if w.unserved_penalty_cny is not None]
        rows.append(
            (
                names[key], t.term("pool", first.pool), percent(first.backup) if first.backup else DASH,
                str(first.security_level), number(first.latency_limit_ms),
                DASH if first.divisible else t("word.yes"), t("word.yes") if first.domestic_only else DASH,
                t.money(sum(penalties)) if penalties else t("systems.must"), draft.sources.of("workloads", key),
            )
        )  # fmt: skip
    keys = ("backup", "security", "latency", "whole", "domestic", "penalty")
    titles = (
        wide(t("placement.column.system")), left(t("placement.column.pool")),
        *(right(t(f"systems.{key}")) for key in keys), left(t("assumptions.source")),
    )  # fmt: skip
    shown, more = cut(draft, rows, "case.json")
    note = t("list.sentence").join(filter(None, (t("systems.note"), more)))
    return table("workloads", t("systems.caption"), titles, shown, note=note, dense=True)


def _conversions(draft: Draft) -> Block:
    t, view = draft.t, draft.view
    rows = [
        (view.hall_names[c.from_hall], view.hall_names[c.to_hall], t.money(c.cost_cny)) for c in view.case.conversions
    ]
    keys = ("old", "new", "cost")
    old, new, cost = (t(f"assumptions.conversion.{key}") for key in keys)
    return table("conversions", t("assumptions.conversions"), (wide(old), wide(new), right(cost)), rows)


def _settings(draft: Draft) -> Block:
    t, case = draft.t, draft.view.case
    limits = t.joined(
        t("text.labelled", label=t.term("resource", r), value=percent(share))
        for r, share in sorted(case.max_utilisation.items())
    )
    values = {
        "base_year": str(case.base_year),
        "discount_rate": percent(case.discount_rate, 1),
        "carbon_price_cny_per_tonne": t("text.per_tonne", n=number(case.carbon_price_cny_per_tonne)),
        "compute_convention": convention(draft) or DASH,
        "max_utilisation": limits or DASH,
        "green_site": t("setting.green", pue=plain(case.green_site.pue_limit, 2), mw=number(case.green_site.min_it_mw)),
    }
    rows = [(t(f"setting.{key}"), value, draft.sources.of("settings", key)) for key, value in values.items()]
    counts = [
        ("districts", len({w.district for w in case.workloads} - {"", "city"})),
        ("workloads", len(case.workloads)),
        ("targets", len(case.targets)),
        ("fleet", sum(f.count for f in case.fleet)),
    ]
    rows += [(t(f"setting.{key}"), number(n), DASH) for key, n in counts]
    titles = (left(t("assumptions.setting")), wide(t("assumptions.value")), left(t("assumptions.source")))
    return table("settings", t("assumptions.settings"), titles, rows)


def _halls(draft: Draft) -> Block:
    t, view = draft.t, draft.view
    rows = [
        (
            view.hall_names[h.id], number(h.racks), number(h.rack_kw), number(h.usable_u), plain(h.pue, 2),
            t.money(h.capex_cny), t.money(h.upkeep_cny_per_year), str(h.life_years), str(h.lead_years),
            draft.sources.of("hall_types", h.id),
        )
        for h in view.case.hall_types
    ]  # fmt: skip
    keys = ("racks", "rack_kw", "usable_u", "pue", "capex", "upkeep", "life", "lead")
    return table("hall-types", t("assumptions.halls"), _titles(draft, "hall", "hall", keys), rows)


def _hardware(draft: Draft) -> Block:
    t, view = draft.t, draft.view
    rows = [
        (
            view.hardware_names[k.id], t.term("pool", k.pool), t("word.yes" if k.domestic else "word.no"),
            number(k.counted_pflops), number(k.rack_units), number(k.peak_kw), number(k.average_kw),
            t.money(k.price_cny), str(k.life_years), draft.sources.of("hardware", k.id),
        )
        for k in view.case.hardware
    ]  # fmt: skip
    keys = ("domestic", "pflops", "height", "peak", "average", "price", "life")
    titles = list(_titles(draft, "kit", "hardware", keys))
    titles.insert(1, left(t("placement.column.pool")))
    return table(
        "hardware-types", t("assumptions.hardware"), titles, rows, note=t("assumptions.hardware_note"), dense=True
    )


def _sites(draft: Draft) -> Block:
    t, view = draft.t, draft.view
    power = power_unit(s.grid_kw for s in view.case.sites)
    rows = [
        (
            view.site_names[s.id], t.word(f"kind.{s.kind}"),
            t("word.existing") if s.existing else str(s.earliest_year),
            f"{sum(s.existing_halls.values())} / {s.max_halls}", number(s.grid_kw / power.factor),
            f"{s.grid_max_steps} × {number(s.grid_step_kw / power.factor)}" if s.grid_max_steps else DASH,
            percent(s.usable_grid), plain(s.electricity_cny_per_kwh, 2), percent(s.green_max_share),
            draft.sources.of("sites", s.id),
        )
        for s in view.case.sites
    ]  # fmt: skip
    keys = ("from", "halls", "grid", "steps", "usable", "price", "green")
    titles = list(_titles(draft, "site", "site", keys, power.unit))
    titles.insert(1, left(t("assumptions.site.kind")))
    return table("site-parameters", t("assumptions.sites"), titles, rows, note=t("assumptions.sites_note"), dense=True)


def _titles(draft: Draft, group: str, first: str, keys: Sequence[str], unit: str = "") -> tuple[Column, ...]:
    t = draft.t
    numbers = (right(t(f"assumptions.{group}.{key}", unit=unit)) for key in keys)
    return (wide(t(f"column.{first}")), *numbers, left(t("assumptions.source")))
