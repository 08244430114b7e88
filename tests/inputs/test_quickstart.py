"""The teaching case: its optimum is the one that its comments reckon by hand."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from suanli.inputs.loading import load
from suanli.inputs.shipped import shipped_scenarios
from suanli.model import Plan, solve

Write = Callable[[str, str | bytes], Path]

BY_HAND = 12_539_311.44


def optimum(name: str) -> Plan:
    plan = solve(load(name).case, gap=1e-9, time_limit=60, threads=1)
    assert plan.status == "optimal"
    return plan


def test_the_optimum_is_the_one_reckoned_by_hand() -> None:
    assert optimum("quickstart").objective_cny == pytest.approx(BY_HAND, abs=0.01)


def test_the_comments_tell_this_optimum_and_their_sum_is_right() -> None:
    text = shipped_scenarios()["quickstart"].read_text("utf-8")
    assert f"THE OPTIMUM BY HAND: {BY_HAND:,.2f} CNY" in text
    table = text.split("# Cost ", 1)[1].split("-------------")[0]
    amounts = [float(found.replace(",", "")) for found in re.findall(r" ([\d,]+(?:\.\d\d)?)$", table, re.MULTILINE)]
    assert sum(amounts) == pytest.approx(BY_HAND, abs=0.01)


@pytest.mark.parametrize(
    ("change", "objective", "opened"),
    [
        # A grid step at 60 million costs 2 million for its one year: the new centre is cheaper.
        ("sites.old_centre.grid_step_cost_cny: 60_000_000", None, 1),
        # The pilot in 2026: a ninth AI server a year earlier, 300,000 and 42.048 MWh x 800, instead of 200,000.
        ("workloads.pilot.unserved_penalty_cny: 400_000", BY_HAND + 300_000 + 42.048 * 800 - 200_000, 0),
    ],
)
def test_what_the_comments_invite_to_try_turns_out_as_they_say(
    write: Write, change: str, objective: float | None, opened: int
) -> None:
    write("try.yaml", f"extends: quickstart\nchange:\n  {change}\n")
    plan = optimum("try.yaml")
    sites = plan.tables["sites"]
    assert sites[(sites.site == "new_centre") & (sites.year == 2027)].open.item() == opened
    if objective is not None:
        assert plan.objective_cny == pytest.approx(objective, abs=0.01)
