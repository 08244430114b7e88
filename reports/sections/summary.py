"""The page after the cover: the plan in a few sentences and small charts."""

from __future__ import annotations

from ..charts.series import Small, small_multiples
from ..document import Block, Bullets, Inline, Section
from ..draft import Draft
from ..numbers import number, percent
from . import compute, costs, energy, placement, power, programme, racks, targets
from .provenance import gap_text, standing


def section(draft: Draft) -> Section:
    """The section."""
    t, view = draft.t, draft.view
    blocks: list[Block] = [Bullets(tuple(_statements(draft))), _glance(draft)]
    cost = t.money(view.summary.get("objective_cny"))
    found = targets.outcomes(draft)
    met = sum(o.met for o in found)
    values = {"cost": cost, "met": met, "targets": t.count("target", len(found)), "n": len(found)}
    key = "free" if not found else "all" if met == len(found) else "part"
    if key == "all" and met == 1:
        key = "only"
    return Section("summary", t("summary.label"), t(f"summary.{key}", **values), tuple(blocks), lead=_lead(draft))


def _lead(draft: Draft) -> str:
    t, summary = draft.t, draft.view.summary
    return t(
        f"summary.{standing(summary)}", gap=gap_text(summary.get("gap")), asked=gap_text(summary.get("requested_gap"))
    )


def _statements(draft: Draft) -> list[Inline]:
    """One sentence a topic: the findings of the sections that follow."""
    found = targets.outcomes(draft)
    topics = [
        ("targets", targets.finding(draft, found) if found else draft.t("targets.none")),
        ("compute", compute.finding(draft)),
        ("racks", racks.finding(draft)),
        ("power", power.finding(draft)),
        ("energy", energy.finding(draft)),
        ("programme", programme.finding(draft)),
        ("costs", _cost(draft)),
    ]
    if draft.view.case.workloads:
        topics.append(("placement", placement.finding(draft)))
    return [draft.t.rich("summary.statement", topic=draft.t(f"{key}.label"), text=text) for key, text in topics]


def _cost(draft: Draft) -> str:
    """The finding on the cost, with the salvage value that is in it."""
    t = draft.t
    kept = -float(costs.by_category(draft).get("salvage", 0.0))
    finding = costs.finding(draft)
    return t("credit.summary", finding=finding, salvage=t.money(kept)) if kept > 0 else finding


def _glance(draft: Draft) -> Block:
    t, view = draft.t, draft.view
    power = view.power_unit
    peak, usable = (view.power[name].sum() / power.factor for name in ("peak_kw", "usable_kw"))
    spent = view.costs.loc[view.costs["category"] != "salvage"].groupby("year")["cny"].sum()
    spent = spent.reindex(list(view.years), fill_value=0.0).astype(float)
    unit = t.money_unit(spent)
    charts = [
        Small(t("glance.compute"), view.metric_series("compute_pflops"), number, "compute_pflops"),
        Small(t("glance.utilisation"), view.metric_series("rack_utilisation"), percent, "rack_utilisation_share"),
        Small(
            t("glance.power", unit=power.unit),
            peak,
            number,
            f"peak_{power.unit.lower()}",
            usable,
            t("figures.usable_grid"),
            f"usable_grid_{power.unit.lower()}",
        ),
        Small(t("glance.spending", unit=unit.unit), spent, unit, "spending_cny"),
    ]
    alt = t(
        "glance.alt",
        compute=number(view.metric("compute_pflops", view.last)),
        year=view.last,
        peak=t.power(float(view.power["peak_kw"].sum().iloc[-1])),
    )
    return draft.figure(
        "glance", small_multiples(charts), t("glance.figure"), alt, compute.counted(draft, t("glance.note"))
    )
