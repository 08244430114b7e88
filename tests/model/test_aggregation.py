"""Workloads with proportional demand are planned as one: the optimum stays, and every member gets its rows."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from math import fsum
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suanli.inputs.case import Case
from suanli.inputs.demand import tidy
from suanli.inputs.generating.random_case import draw_case
from suanli.inputs.loading import load
from suanli.inputs.parts import Workload
from suanli.model import Plan, solve, solving
from suanli.model.aggregation import Aggregation, aggregate

if TYPE_CHECKING:
    from .conftest import MakeCase, Solution

Row = Mapping[str, Any]
TWO_YEARS = (2024, 2025)


def split(case: Case, seed: int) -> Case:
    """The case with every divisible workload cut into up to four, by factors that differ by year where they may."""
    draw = random.Random(seed)
    parts: list[Workload] = []
    for workload in case.workloads:
        count = draw.randint(1, 4) if workload.divisible else 1
        weights = {year: [draw.uniform(0.1, 1) for _ in range(count)] for year in case.years}
        if workload.unserved_penalty_cny is not None:
            weights = dict.fromkeys(case.years, weights[case.years[0]])
        share = {year: [weight / sum(of_year) for weight in of_year] for year, of_year in weights.items()}
        for number in range(count):
            by_year = {year: share[year][number] for year in case.years}
            parts.append(scaled(workload, by_year, f"{workload.id}/{number}"))
    return case.model_copy(update={"workloads": tuple(draw.sample(parts, len(parts)))})


def scaled(workload: Workload, share: Mapping[int, float], name: str) -> Workload:
    """A part of a workload, its numbers rounded as those of a case file are."""
    penalty, first = workload.unserved_penalty_cny, next(iter(share))
    return workload.model_copy(
        update={
            "id": name,
            "demand": {r: {y: tidy(d * share[y]) for y, d in demand.items()} for r, demand in workload.demand.items()},
            "gbps": {y: tidy(gbps * share[y]) for y, gbps in workload.gbps.items()},
            "unserved_penalty_cny": None if penalty is None else tidy(penalty * share[first]),
        }
    )


@pytest.fixture
def unaggregated(monkeypatch: pytest.MonkeyPatch) -> Callable[[Case], Plan]:
    """Solve a case to optimality with every workload on its own."""

    def solve_case(case: Case) -> Plan:
        with monkeypatch.context() as patch:
            patch.setattr(solving, "aggregate", lambda case: Aggregation(case, case, {}))
            return solve(case, gap=1e-9, threads=1)

    return solve_case


@pytest.mark.parametrize("seed", range(24))
def test_the_optimum_of_split_workloads_is_the_same_with_and_without(
    seed: int, audited: Callable[[Plan], Solution], unaggregated: Callable[[Case], Plan]
) -> None:
    whole = draw_case("tiny", seed, sites=3, workloads=4, years=1 + seed % 2).case
    case = split(whole, seed)
    assert len(aggregate(case).case.workloads) <= len(whole.workloads)
    merged, apart = audited(solve(case, gap=1e-9, threads=1)), unaggregated(case)
    assert apart.objective_cny is not None
    assert merged.cost == pytest.approx(apart.objective_cny, rel=1e-6)
    assert merged.plan.case == case
    placement = merged.plan.tables["placement"]
    placed = placement[placement["role"] != "standby"].groupby(["workload", "year"])["share"].sum()
    assert set(placed.index) == {(workload.id, year) for workload in case.workloads for year in case.years}
    assert placed.to_numpy() == pytest.approx(1.0, abs=1e-6)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_split_workloads_are_merged_again_with_the_sum_of_their_demands(seed: int) -> None:
    case = split(draw_case("small", seed).case, seed)
    aggregation = aggregate(case)
    assert len(aggregation.case.workloads) <= 40
    by_id = {workload.id: workload for workload in case.workloads}
    assert sorted(member for ids in aggregation.members.values() for member in ids) == sorted(by_id)
    for workload in aggregation.case.workloads:
        members = [by_id[member] for member in aggregation.members[workload.id]]
        assert workload.id == members[0].id
        for resource, demand in workload.demand.items():
            for year in case.years:
                assert demand[year] == fsum(member.demand[resource][year] for member in members)
        for year, gbps in workload.gbps.items():
            assert gbps == fsum(member.gbps.get(year, 0.0) for member in members)


PAIR: Row = {
    "demand": {"unit": {2024: 2.0, 2025: 4.0}, "disk": {2024: 1.0, 2025: 1.0}},
    "gbps": {2024: 6.0, 2025: 8.0},
    "sites": {"a": 5.0, "b": 7.0},
    "unserved_penalty_cny": 40.0,
}
HALF: Row = {
    "demand": {"unit": {2024: 1.0, 2025: 2.0}, "disk": {2024: 0.5, 2025: 0.5}},
    "gbps": {2024: 3.0, 2025: 4.0},
    "sites": {"b": 7.0, "a": 5.0},
    "unserved_penalty_cny": 20.0,
}


@pytest.fixture
def merged(make_case: MakeCase) -> Callable[..., list[Workload]]:
    """Aggregate a case with these two workloads and return what is left."""

    def aggregated(one: Row, other: Row) -> list[Workload]:
        case = make_case(
            years=TWO_YEARS,
            sites=[{"id": "a"}, {"id": "b"}],
            workloads=[{"id": "one", **one}, {"id": "other", **other}],
        )
        return list(aggregate(case).case.workloads)

    return aggregated


def without(row: Row, *names: str) -> Row:
    return {name: value for name, value in row.items() if name not in names}


def test_proportional_workloads_become_one(merged: Callable[..., list[Workload]]) -> None:
    (workload,) = merged(PAIR, HALF)
    assert workload.id == "one"
    assert workload.demand == {"unit": {2024: 3.0, 2025: 6.0}, "disk": {2024: 1.5, 2025: 1.5}}
    assert (workload.gbps, workload.sites) == ({2024: 9.0, 2025: 12.0}, {"a": 5.0, "b": 7.0})
    assert workload.unserved_penalty_cny == 60.0


MAY_DIFFER: dict[str, tuple[Row, Row]] = {
    "names and origins": (PAIR, {**HALF, "system": "x", "district": "north", "security_level": 2}),
    "latency limits": (PAIR, {**HALF, "latency_limit_ms": 7.0}),
    "the factor of a year, without penalty": (
        without(PAIR, "unserved_penalty_cny"),
        {
            "demand": {"unit": {2024: 1.0, 2025: 1.0}, "disk": {2024: 0.5, 2025: 0.25}},
            "gbps": {2024: 3.0, 2025: 2.0},
            "sites": PAIR["sites"],
        },
    ),
    "network costs without traffic": (
        without(PAIR, "gbps", "unserved_penalty_cny"),
        {**without(HALF, "gbps", "unserved_penalty_cny"), "sites": {"a": 1.0, "b": 2.0}},
    ),
    "the twelfth digit": (PAIR, {**HALF, "demand": {"unit": {2024: 1.00000000001, 2025: 2.0}, "disk": 0.5}}),
    "a resource of which both want nothing": (
        {**PAIR, "demand": {**PAIR["demand"], "tape": 0.0}},
        {**HALF, "demand": {**HALF["demand"], "film": 0.0}},
    ),
    "a year without demand, given or not": (
        {"demand": {"unit": {2024: 0.0, 2025: 3.0}}},
        {"demand": {"unit": {2024: 0.0, 2025: 1.0}, "disk": {2024: 0.0, 2025: 0.0}}},
    ),
    "nothing wanted at all": ({"demand": {"unit": 0.0}}, {"demand": {"disk": 0.0}}),
}


@pytest.mark.parametrize("difference", MAY_DIFFER)
def test_what_may_differ(merged: Callable[..., list[Workload]], difference: str) -> None:
    one, other = ({**row, "demand": yearly(row["demand"])} for row in MAY_DIFFER[difference])
    assert len(merged(one, other)) == 1


def yearly(demand: Mapping[str, Any]) -> dict[str, Any]:
    return {r: by_year if isinstance(by_year, Mapping) else dict.fromkeys(TWO_YEARS, by_year)
            for r, by_year in demand.items()}  # fmt: skip


MUST_NOT_DIFFER: dict[str, Row] = {
    "pool": {"pool": "another"},
    "divisible": {"divisible": False},
    "domestic_only": {"domestic_only": True},
    "backup": {"backup": 0.5},
    "sites": {"sites": {"a": 5.0}},
    "network cost": {"sites": {"a": 5.0, "b": 7.5}},
    "the mix of resources": {"demand": {"unit": {2024: 1.0, 2025: 2.0}, "disk": {2024: 0.5, 2025: 0.51}}},
    "a resource": {"demand": {"unit": {2024: 1.0, 2025: 2.0}}},
    "growth, with a penalty": {
        "demand": {"unit": {2024: 1.0, 2025: 3.0}, "disk": {2024: 0.5, 2025: 0.75}},
        "gbps": {2024: 3.0, 2025: 6.0},
    },
    "traffic": {"gbps": {2024: 3.0, 2025: 4.5}},
    "no traffic": {"gbps": {}},
    "a year without traffic": {"gbps": {2024: 3.0, 2025: 0.0}},
    "penalty": {"unserved_penalty_cny": 21.0},
    "no penalty": {"unserved_penalty_cny": None},
    "a penalty of nothing": {"unserved_penalty_cny": 0.0},
    "a year without demand": {"demand": {"unit": {2024: 0.0, 2025: 2.0}, "disk": {2024: 0.0, 2025: 0.5}}},
    "the tenth digit": {"demand": {"unit": {2024: 1.000000001, 2025: 2.0}, "disk": {2024: 0.5, 2025: 0.5}}},
}


@pytest.mark.parametrize("difference", MUST_NOT_DIFFER)
def test_what_must_not_differ(merged: Callable[..., list[Workload]], difference: str) -> None:
    assert [workload.id for workload in merged(PAIR, {**HALF, **MUST_NOT_DIFFER[difference]})] == ["one", "other"]


def test_indivisible_twins_stay_apart(merged: Callable[..., list[Workload]]) -> None:
    assert len(merged({**PAIR, "divisible": False}, {**HALF, "divisible": False})) == 2


def test_a_demand_without_a_year_is_no_demand_in_it() -> None:
    years = {"demand": {"unit": {2024: 1.0}}, "sites": {}, "pool": "p"}
    workloads = tuple(Workload.model_validate({"id": name, **years}) for name in ("one", "other"))
    case = draw_case("tiny", 1).case.model_copy(update={"years": TWO_YEARS, "workloads": workloads})
    (workload,) = aggregate(case).case.workloads
    assert workload.demand == {"unit": {2024: 2.0, 2025: 0.0}}


def test_members_are_placed_as_one_and_the_unserved_share_is_their_mean(solved: Callable[..., Solution]) -> None:
    """One server serves 1 of the 3 units wanted; an unserved unit costs 30, another server is not for sale.

    All members are served by a third, at 100 for the server and 2/3 * 90 of penalties; "last" is served otherwise.
    """
    plan = solved(
        hardware=[{"supply": {2024: 1}}, {"id": "other", "pool": "other"}],
        workloads=[
            {"id": "small", "demand": 1, "unserved_penalty_cny": 30},
            {"id": "last", "pool": "other"},
            {"id": "large", "demand": 2, "unserved_penalty_cny": 60},
        ],
        hall_types=[{"racks": 20}],
        targets=[{"metric": "pool_capacity", "value": 1, "scope": {"pool": "pool", "resource": "unit"}}],
    )
    assert plan.cost == pytest.approx(100 + 60 + 100)
    rows = plan.plan.tables["placement"]
    assert rows["workload"].tolist() == ["small", "last", "large", "small", "large"]
    assert rows["role"].tolist() == ["primary"] * 3 + ["unserved"] * 2
    assert rows["share"].tolist() == pytest.approx([1 / 3, 1, 1 / 3, 2 / 3, 2 / 3])
    assert plan.metric("unserved_share", "all") == pytest.approx(4 / 9)
    assert plan.costs()["unserved_penalty"] == pytest.approx(60)


def test_members_are_backed_up_alike(solved: Callable[..., Solution]) -> None:
    """Two units in all at a, and half of them again at b: two servers and one."""
    plan = solved(
        sites=[{"id": "a"}, {"id": "b"}],
        workloads=[{"id": name, "backup": 0.5, "gbps": 1, "sites": {"a": 0, "b": 9}} for name in ("one", "other")],
    )
    assert plan.cost == pytest.approx(300)
    rows = plan.plan.tables["placement"]
    assert list(rows[["workload", "site", "role"]].itertuples(index=False, name=None)) == [
        ("one", "a", "primary"),
        ("other", "a", "primary"),
        ("one", "b", "standby"),
        ("other", "b", "standby"),
    ]


def test_a_case_without_anything_to_merge_is_left_alone(make_case: MakeCase) -> None:
    case = make_case(workloads=[{}])
    aggregation = aggregate(case)
    assert aggregation.case is case
    assert aggregate(make_case()).members == {}
    table = solve(case, gap=1e-9, threads=1).tables
    assert aggregation.restore(table)["placement"] is table["placement"]
    assert aggregation.restore({}) == {}


def test_the_smaller_case_keeps_the_order_of_the_first_members() -> None:
    case = split(draw_case("small", 3).case, 3)
    position = {workload.id: number for number, workload in enumerate(case.workloads)}
    for ids in (list(aggregate(case).members), *aggregate(case).members.values()):
        assert sorted(ids, key=position.__getitem__) == list(ids)


def test_half_of_ten_thousand_workloads_are_merged() -> None:
    case = draw_case("region", 1, workloads=10_000).case
    aggregation = aggregate(case)
    assert len(aggregation.case.workloads) < 6_000


def test_jinan_has_one_pair_to_merge() -> None:
    aggregation = aggregate(load("jinan-2027").case)
    pairs = [ids for ids in aggregation.members.values() if len(ids) > 1]
    assert pairs == [("tenants_internet@city", "tenants_ecommerce@city")]
