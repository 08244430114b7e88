"""Which assumption moves the cost of this plan most, to first order and without planning anew."""

from __future__ import annotations

from ..charts.tornado import Swing, tornado
from ..document import Section
from ..draft import Draft, right, table, wide
from ..numbers import DASH, percent, signed
from ..sensitivity import POINT, STEP, Effect, effects

MOST_BARS = 12


def finding(draft: Draft, found: list[Effect]) -> str:
    """The heading: the assumption that the cost depends on most, and by how much."""
    t, most = draft.t, found[0]
    cost = draft.view.summary.get("objective_cny") or 0.0
    values = {
        "name": t.within(name(draft, most)),
        "step": step(draft, most),
        "money": t.money(most.size),
        "share": percent(most.size / cost, 1) if cost > 0 else "",
    }
    return t("sensitivity.finding" if cost > 0 else "sensitivity.finding_plain", **values)


def name(draft: Draft, effect: Effect) -> str:
    """What the assumption is called."""
    return draft.t(f"sensitivity.what.{effect.key}")


def step(draft: Draft, effect: Effect) -> str:
    """By how much it is changed."""
    t = draft.t
    return t("sensitivity.point", n=f"{POINT * 100:.0f}") if effect.key == "discount" else percent(STEP)


def section(draft: Draft) -> Section | None:
    """The section; None if the plan costs nothing."""
    t, view = draft.t, draft.view
    if view.costs.empty or not (found := effects(view)):
        return None
    unit = t.money_unit([found[0].size])
    shown = found[:MOST_BARS]
    swings = [Swing(f"{name(draft, e)} ±{step(draft, e)}", e.lower, e.higher) for e in shown]
    drawing = tornado(swings, unit, t("sensitivity.lower"), t("sensitivity.higher"))
    alt = t("sensitivity.alt", finding=finding(draft, found), n=len(shown))
    figure = draft.figure("sensitivity", drawing, t("sensitivity.figure"), alt, t("sensitivity.figure_note"))
    cost = view.summary.get("objective_cny") or 0.0
    rows = [
        (
            name(draft, e), "±" + step(draft, e), unit(e.lower) if e.lower else DASH, unit(e.higher),
            signed(e.higher / cost * 100, 2) + "%" if cost > 0 else DASH,
        )
        for e in found
    ]  # fmt: skip
    titles = (
        wide(t("sensitivity.column.what")), right(t("sensitivity.column.step")), right(t("sensitivity.column.lower")),
        right(t("sensitivity.column.higher")), right(t("sensitivity.column.share")),
    )  # fmt: skip
    caption = t("sensitivity.caption", unit=unit.unit)
    block = table("sensitivity", caption, titles, rows, note=t("sensitivity.note"))
    lead = t("sensitivity.lead")
    return Section("sensitivity", t("sensitivity.label"), finding(draft, found), (figure, block), lead=lead)
