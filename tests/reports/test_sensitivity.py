"""First-order sensitivity, by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from suanli.reports.draft import Draft
from suanli.reports.folder import read_result
from suanli.reports.messages import Messages
from suanli.reports.sections import sensitivity
from suanli.reports.sensitivity import Effect, effects
from suanli.reports.sources import Sources
from suanli.reports.view import PlanView

MakeResult = Callable[..., Path]
Edit = Callable[[Path, str, Callable[[pd.DataFrame], pd.DataFrame]], None]
EditCase = Callable[[Path, Callable[[dict[str, Any]], object]], None]


def draft(folder: Path) -> Draft:
    return Draft(PlanView(read_result(folder)), Messages("en"), Sources({}))


def found(folder: Path) -> dict[str, Effect]:
    return {effect.key: effect for effect in effects(PlanView(read_result(folder)))}


def test_effects_follow_from_the_costs_of_the_plan(made_up: MakeResult) -> None:
    # One site that stands already, one year: a hall of CNY 90 m that lives 20 years, 20 trainers of CNY 1.4 m that
    # live 6, 20 x 4 kW x 1.3 + 150 kW x 1.6 of load at CNY 650 a MWh, and a salvage value of CNY 30 m; one year at 5%.
    effect = found(made_up(sites=1, years=1, targets=()))
    once = 1 / 1.05
    energy = (20 * 4 * 1.3 + 150 * 1.6) * 8.76 * 650 * once
    overhead = (20 * 4 * 0.3 + 150 * 0.6) * 8.76 * 650 * once
    assert effect["buildings"].higher == pytest.approx(0.1 * 9e7 * (1 - 19 / 20) * once)
    assert effect["hardware"].higher == pytest.approx(0.1 * 2.8e7 * (1 - 5 / 6) * once)
    assert effect["electricity"].higher == effect["load"].higher == pytest.approx(0.1 * energy)
    assert effect["overhead"].lower == pytest.approx(-0.1 * overhead)
    assert effect["salvage"].lower == pytest.approx(0.1 * 3e7 * once)
    spent = 9e7 + 2.8e7 + energy / once - 3e7
    assert effect["discount"].higher == pytest.approx(spent * (1 / 1.06 - once))
    assert effect["discount"].lower == pytest.approx(spent * (1 / 1.04 - once))
    assert not effect.keys() & {"carbon", "network", "fees", "penalties", "grid"}


def test_the_heading_names_the_largest(made_up: MakeResult, edit: Edit, edit_case: EditCase) -> None:
    folder = made_up(sites=1, years=1, targets=())
    here = draft(folder)
    # Spent are 118 + 2 m less 30 m of salvage value: one point of discounting is about 0.8 m, 10% of the salvage 2.9 m.
    words = "The cost depends most on the salvage value: 10% more or less moves it by CNY 2.86 m, "
    assert sensitivity.finding(here, effects(here.view)).replace("\u00a0", " ").startswith(words)
    edit(folder, "costs", lambda t: t.loc[t["category"] == "electricity"])
    edit(folder, "halls", lambda t: t.assign(built=0))
    edit(folder, "hardware", lambda t: t.assign(bought=0))
    here = draft(folder)
    assert "depends most on the electricity prices" in sensitivity.finding(here, effects(here.view))
    edit(folder, "costs", lambda t: t.iloc[:0])
    assert sensitivity.section(draft(folder)) is None


def test_a_rate_below_one_point_is_only_raised(made_up: MakeResult, edit: Edit, edit_case: EditCase) -> None:
    folder = made_up(sites=1, years=1, targets=())
    edit_case(folder, lambda case: case.update(discount_rate=0.0))
    edit(folder, "costs", lambda t: t.assign(discounted_cny=t["cny"]))
    effect = found(folder)["discount"]
    assert effect.lower == 0.0
    assert effect.higher < 0
    part = sensitivity.section(draft(folder))
    assert part is not None
    assert part.lead.startswith("Every decision of this plan stays as it is")
