"""Targets: hard, soft and exact; met, missed and paid for; and cases for which no plan exists."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

if TYPE_CHECKING:
    from .conftest import Solution

    Solve = Callable[..., Solution]
    Status = Callable[..., str]

TWO_YEARS = (2024, 2025)
# A server costs 100 CNY a year and counts 2 PFLOPS.
COMPUTE = [{"counted_pflops": 2}]


def compute(sense: str, value: float, **others: Any) -> dict[str, Any]:
    return {"metric": "compute_pflops", "sense": sense, "value": value, **others}


def test_a_hard_target_is_met_whatever_it_costs(solved: Solve) -> None:
    plan = solved(hardware=COMPUTE, targets=[compute(">=", 7)])
    assert plan.cost == pytest.approx(4 * 100, rel=1e-9)
    assert plan.cell("targets", "attained") == pytest.approx(8, rel=1e-9)
    assert bool(plan.cell("targets", "met"))
    assert plan.cell("targets", "missed") == plan.cell("targets", "penalty_cny") == 0


@pytest.mark.parametrize(("penalty", "servers"), [(49, 0), (51, 3), (101, 4)])
def test_a_soft_target_is_missed_where_that_is_cheaper(solved: Solve, penalty: float, servers: int) -> None:
    plan = solved(hardware=COMPUTE, targets=[compute(">=", 7, penalty_cny=penalty)])
    # A server saves the penalty of 2 PFLOPS, the fourth of 1 PFLOPS only.
    missed = max(0, 7 - 2 * servers)
    assert plan.cost == pytest.approx(servers * 100 + missed * penalty, rel=1e-9)
    assert plan.cell("targets", "required") == 7
    assert plan.cell("targets", "attained") == pytest.approx(2 * servers, rel=1e-9)
    assert plan.cell("targets", "missed") == pytest.approx(missed, rel=1e-9)
    assert plan.cell("targets", "penalty_cny") == pytest.approx(missed * penalty, rel=1e-9)
    assert bool(plan.cell("targets", "met")) == (missed == 0)


def test_a_soft_limit_is_exceeded_at_its_price(solved: Solve) -> None:
    case: dict[str, Any] = {"hardware": [{"counted_pflops": 2}, {"id": "plain", "price_cny": 130}]}
    for penalty, cost in ((10, 5 * 100 + (10 - 4) * 10), (16, 2 * 100 + 3 * 130)):
        # Each server above two counts 2 PFLOPS too many; one that counts nothing costs 30 more.
        plan = solved(**case, workloads=[{"demand": 5}], targets=[compute("<=", 4, penalty_cny=penalty)])
        assert plan.cost == pytest.approx(cost, rel=1e-9)


def test_a_penalty_is_paid_in_the_target_s_year_and_discounted(solved: Solve) -> None:
    plan = solved(
        years=TWO_YEARS,
        discount_rate=0.25,
        hardware=COMPUTE,
        targets=[compute(">=", 7, year=2025, penalty_cny=10)],
    )
    assert plan.cost == pytest.approx(7 * 10 / 1.25**2, rel=1e-9)
    assert plan.cell("costs", "cny", category="target_penalty", year=2025) == pytest.approx(70, rel=1e-9)
    assert plan.cell("costs", "site", category="target_penalty", year=2025) == ""
    assert plan.cell("targets", "penalty_cny") == pytest.approx(70, rel=1e-9)


def test_a_ratio_target_is_missed_in_the_unit_of_its_numerator(solved: Solve) -> None:
    plan = solved(
        hardware=[{"average_kw": 0.5}],
        hall_types=[{"pue": 1.5}],
        workloads=[{"demand": 10}],
        targets=[{"metric": "pue", "sense": "<=", "value": 1.2, "penalty_cny": 100}],
    )
    # 43.8 MWh of IT: 65.7 MWh where 1.2 x 43.8 would be allowed, 13.14 MWh too many
    assert plan.cost == pytest.approx(10 * 100 + 13.14 * 100, rel=1e-9)
    assert plan.cell("targets", "required") == 1.2
    assert plan.cell("targets", "attained") == pytest.approx(1.5, rel=1e-9)
    assert plan.cell("targets", "missed") == pytest.approx(13.14, rel=1e-9)


@pytest.mark.parametrize(
    ("metric", "value", "missed"),
    [
        # 6 servers: 12 PFLOPS, none of them domestic; 2.4 of 40 standard racks; 6 x 4.38 x 1.5 = 39.42 MWh, none green
        ("domestic_share", 0.75, 0.75 * 12),
        ("rack_utilisation", 0.5, 0.5 * 40 - 2.4),
        ("green_share", 0.2, 0.2 * 39.42),
    ],
)
def test_every_share_is_priced_by_its_linear_form(solved: Solve, metric: str, value: float, missed: float) -> None:
    plan = solved(
        hardware=[{"average_kw": 0.5, "counted_pflops": 2}],
        hall_types=[{"pue": 1.5}],
        workloads=[{"demand": 6}],
        targets=[{"metric": metric, "value": value, "penalty_cny": 1.5}],
    )
    assert plan.cost == pytest.approx(6 * 100 + 1.5 * missed, rel=1e-9)
    assert plan.cell("targets", "missed") == pytest.approx(missed, rel=1e-9)


def test_a_free_miss_is_told_but_not_paid(solved: Solve) -> None:
    plan = solved(hardware=COMPUTE, targets=[compute(">=", 7, penalty_cny=0)])
    assert plan.cost == 0
    assert plan.cell("targets", "missed") == pytest.approx(7, rel=1e-9)
    assert not bool(plan.cell("targets", "met"))


@pytest.mark.parametrize("penalty", [None, 1])
def test_an_equality_is_hard_whatever_its_penalty(solved: Solve, status: Status, penalty: float | None) -> None:
    plan = solved(hardware=COMPUTE, targets=[compute("==", 6, penalty_cny=penalty)])
    assert plan.cost == pytest.approx(3 * 100, rel=1e-9)
    assert status(hardware=COMPUTE, targets=[compute("==", 7, penalty_cny=penalty)]) == "infeasible"


def test_an_exact_ratio(solved: Solve) -> None:
    plan = solved(
        hardware=[{"counted_pflops": 2}, {"id": "home", "domestic": True, "counted_pflops": 3, "price_cny": 1000}],
        workloads=[{"demand": 5}],
        targets=[{"metric": "domestic_share", "sense": "==", "value": 0.5}],
    )
    # 2 a = 3 b: 3 and 2 are the fewest that make five
    assert plan.cost == pytest.approx(3 * 100 + 2 * 1000, rel=1e-9)
    assert plan.metric("domestic_share") == pytest.approx(0.5, rel=1e-9)


def test_targets_of_one_metric_share_its_row(solved: Solve) -> None:
    targets = [
        compute(">=", 7, id="hard"),
        compute(">=", 11, id="soft", penalty_cny=1),
        compute("<=", 20, id="other scope", scope={"in_city": None}),
        compute(">=", 3, id="next year", year=2025),
    ]
    plan = solved(years=TWO_YEARS, hardware=COMPUTE, targets=targets)
    assert plan.cost == pytest.approx((4 + 2) * 100 + (11 - 8) * 1, rel=1e-9)
    assert [bool(met) for met in plan.plan.tables["targets"]["met"]] == [True, False, True, True]
    metrics = plan.plan.tables["metrics"]
    told = metrics[metrics["metric"] == "compute_pflops"].set_index(["scope", "year"])["value"]
    pd.testing.assert_series_equal(
        told, pd.Series({("city", 2024): 8.0, ("city", 2025): 4.0, ("all", 2024): 8.0}), check_names=False
    )


def test_a_row_that_no_decision_can_meet_is_infeasible(status: Status) -> None:
    # No site may serve the workload, and nothing can be left out: 0 = 1.
    assert status(workloads=[{"sites": []}]) == "infeasible"
    assert status(workloads=[{"sites": [], "unserved_penalty_cny": 1}]) == "optimal"
    assert status(workloads=[{"demand": 0, "sites": [], "backup": 0.5, "unserved_penalty_cny": 1}]) == "infeasible"


def test_a_target_on_what_cannot_exist_is_infeasible(status: Status) -> None:
    # There is no edge site to count: 0 >= 1.
    nodes = {"metric": "edge_nodes", "value": 1}
    assert status(targets=[nodes]) == "infeasible"
    assert status(targets=[{**nodes, "penalty_cny": 5}]) == "optimal"
    assert status(targets=[{**nodes, "sense": "<="}]) == "optimal"


def test_a_contradiction_is_infeasible(status: Status) -> None:
    assert status(hardware=COMPUTE, targets=[compute(">=", 8), compute("<=", 7)]) == "infeasible"
    assert status(hardware=COMPUTE, targets=[compute(">=", 8), compute("<=", 8)]) == "optimal"
    # Counts are whole: between 6 and 8 PFLOPS there is no number of servers.
    assert status(hardware=COMPUTE, targets=[compute(">=", 6.5), compute("<=", 7.5)]) == "infeasible"


def test_an_empty_plan_is_a_plan(solved: Solve) -> None:
    plan = solved(sites=[{"existing": False, "opening_cost_cny": 500}])
    assert plan.cost == 0
    assert plan.plan.bound_cny == 0
    assert plan.plan.tables["costs"].empty
    assert plan.cell("sites", "open") == 0
