"""Targets attained and missed, with their margins."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ...inputs.parts import Scope, Target
from ..charts.targets import Margin, margins, relative_text
from ..document import Block, Paragraph, Section
from ..draft import Draft, cell, left, right, table, wide
from ..numbers import DASH, decimals_for, number, percent, plain, quantity, signed
from ..wording import printable
from .compute import counted

SHARES = frozenset({"domestic_share", "rack_utilisation", "green_share"})
COUNTED = {"edge_nodes": "site", "green_sites": "site", "districts_with_edge": "district"}
"""Metrics that count things, with what they count: one of them is "1 site"."""
MOST_BARS = 25
SENSE = {">=": "≥", "<=": "≤", "==": "="}


@dataclass(frozen=True)
class Outcome:
    """A target and how the plan stands to it. `margin` is positive if better than asked for; None: no value."""

    target: Target
    label: str
    attained: float | None
    met: bool
    penalty_cny: float

    @property
    def margin(self) -> float | None:
        """What is exceeded (positive) or missed (negative), in the metric's unit."""
        if self.attained is None:
            return None
        difference = self.attained - self.target.value
        if self.target.sense == "==":
            return -abs(difference)
        return difference if self.target.sense == ">=" else -difference

    @property
    def relative(self) -> float | None:
        """The margin as a share of what is required; None if nothing is required."""
        return None if self.margin is None or self.target.value == 0 else self.margin / abs(self.target.value)


def outcomes(draft: Draft) -> list[Outcome]:
    """Every target of the plan in the order of years."""
    targets = {target.id: target for target in draft.view.case.targets}
    out = []
    for row in draft.view.tables["targets"].to_dict("records"):
        target = targets[str(row["target"])]
        attained = None if pd.isna(row["attained"]) else float(row["attained"])
        penalty = 0.0 if pd.isna(row["penalty_cny"]) else float(row["penalty_cny"])
        met = str(row["met"]).lower() in ("true", "1")
        out.append(Outcome(target, label(draft, target), attained, met, penalty))
    return sorted(out, key=lambda outcome: outcome.target.year)


def label(draft: Draft, target: Target) -> str:
    """A target's metric with its scope, as a planner would say it."""
    scope = draft.t.joined(scope_words(draft, target.scope))
    name = draft.t.word(f"metric.{target.metric}")
    return draft.t("targets.scoped", name=name, scope=scope) if scope else name


def scope_words(draft: Draft, scope: Scope) -> list[str]:
    """What a scope says beyond "the city"."""
    t, view = draft.t, draft.view
    out = [] if scope.in_city else [t("scope.all" if scope.in_city is None else "scope.outside")]
    if scope.sites is not None:
        out.append(t.listing([view.site_names.get(s, printable(s)) for s in scope.sites], noun="site"))
    if scope.kinds is not None:
        out.append(t.listing([t.word(f"kind.{kind}") for kind in scope.kinds]))
    for key, term in (("districts", "district"), ("pools", "pool"), ("classes", "class")):
        values = getattr(scope, key)
        if values is not None:
            out.append(t(f"scope.{key}", names=t.listing([t.term(term, v) for v in values])))
    if scope.pool is not None:
        resource = t.term("resource", scope.resource or "")
        out.append(t("scope.pool", pool=t.term("pool", scope.pool), resource=resource))
    return out


def required(draft: Draft, target: Target) -> str:
    """What a target asks for: "≥ 10,000 PFLOPS"."""
    return f"{SENSE[target.sense]} {amount(draft, target.metric, target.value, target.scope.resource)}"


def amount(draft: Draft, metric: str, value: float | None, resource: str | None = None) -> str:
    """A metric's value with its unit; that of a pool's capacity is the unit of its resource."""
    if value is None:
        return DASH
    if metric in SHARES or metric == "pue":
        return percent(value, 1) if metric in SHARES else plain(value, 3)
    if metric in ("it_mwh", "facility_mwh"):
        return draft.t.energy(value)
    if metric == "capex":
        return draft.t.money(value)
    if metric in COUNTED and value == round(value):
        return draft.t.count(COUNTED[metric], round(value))
    return quantity(number(value), unit_of(draft, metric, resource or ""))


def unit_of(draft: Draft, metric: str, resource: str = "") -> str:
    """A metric's unit, empty if it has none; that of a pool's capacity is the unit of its resource."""
    if metric == "pool_capacity":
        return draft.t.group("resource_unit").get(resource, "")
    return draft.t.group("unit").get(metric, "")


def margin_text(draft: Draft, outcome: Outcome) -> str:
    """The margin with its sign: percentage points for shares, otherwise per cent of what is required."""
    if outcome.margin is None:
        return DASH
    if outcome.target.metric in SHARES:
        return draft.t("targets.points", value=signed(outcome.margin * 100))
    if outcome.relative is None:
        return signed(outcome.margin, decimals_for([outcome.margin]))
    return relative_text(outcome.relative)


def finding(draft: Draft, found: list[Outcome]) -> str:
    """The heading: how many targets are attained, and which are not."""
    t = draft.t
    missed = [t("text.dated", name=o.label, year=o.target.year) for o in found if not o.met]
    if missed:
        key = "one" if len(missed) == 1 else "other"
        names = t.listing(missed, most=2)
        return t(f"targets.missed.{key}", missed=len(missed), targets=t.count("target", len(found)), names=names)
    return t("targets.met.one") if len(found) == 1 else t("targets.met.other", n=len(found))


def _note(draft: Draft, found: list[Outcome]) -> str:
    note = draft.t("targets.note")
    shown = any(o.target.metric == "compute_pflops" for o in found)
    return counted(draft, note) if shown else note


def section(draft: Draft) -> Section | None:
    """The section; None if the case sets no targets."""
    t, found = draft.t, outcomes(draft)
    if not found:
        return None
    rows = [
        (
            printable(o.target.id),
            cell(o.label),
            str(o.target.year),
            required(draft, o.target),
            cell(amount(draft, o.target.metric, o.attained, o.target.scope.resource), strong=True),
            margin_text(draft, o),
            t("targets.hard") if o.target.penalty_cny is None else t.money(o.penalty_cny) if o.penalty_cny else DASH,
            draft.sources.of("targets", o.target.id, o.target.source),
            cell(t("status.met" if o.met else "status.missed"), status="good" if o.met else "bad"),
        )
        for o in found
    ]
    columns = (
        wide(t("identifier.target"), 0.8), wide(t("targets.column.target"), 1.2),
        left(t("column.year")), right(t("targets.column.required")),
        right(t("targets.column.attained")), right(t("targets.column.margin")),
        right(t("targets.column.penalty")), left(t("assumptions.source")), left(t("column.status")),
    )  # fmt: skip
    blocks: list[Block] = [table("targets", t("targets.caption"), columns, rows, note=_note(draft, found))]
    drawn = sorted((o for o in found if o.relative is not None), key=lambda o: (o.met, o.relative))[:MOST_BARS]
    if drawn:
        bars = [Margin(t("text.dated", name=o.label, year=o.target.year), o.relative or 0.0, o.met) for o in drawn]
        alt = t("targets.alt", n=len(bars), missed=sum(not bar.met for bar in bars))
        note = t("targets.figure_note") if len(drawn) == len(found) else t("targets.figure_part", n=len(drawn))
        blocks.append(draft.figure("targets", margins(bars), t("targets.figure"), alt, note))
    if any(o.attained is None for o in found):
        blocks.append(Paragraph(t.rich("targets.no_value")))
    return Section("targets", t("targets.label"), finding(draft, found), tuple(blocks))
