"""Metrics: their values in every scope, and what a target on each of them makes the plan do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

if TYPE_CHECKING:
    from .conftest import Solution

    Solve = Callable[..., Solution]
    Status = Callable[..., str]

# A plan without a choice. Servers and trainers at each site, as their workloads demand:
SERVERS = {"core": 10, "north": 4, "south": 2, "hub": 20}
TRAINERS = {"core": 3, "north": 0, "south": 0, "hub": 5}
PUE = {"core": 1.3, "north": 1.6, "south": 1.6, "hub": 1.3}
SERVER_MWH, TRAINER_MWH = 0.5 * 8.76, 4 * 8.76
GIVEN: dict[str, Any] = {
    "max_utilisation": {"unit": 0.5},
    "sites": [
        {"id": "core", "kind": "core", "district": "centre", "carbon_kg_per_kwh": 0.5},
        {"id": "north", "kind": "edge", "district": "centre", "pue_factor": 2.0, "carbon_kg_per_kwh": 0.5},
        {"id": "south", "kind": "edge", "district": "south", "pue_factor": 2.0, "carbon_kg_per_kwh": 0.5},
        {"id": "hub", "kind": "remote", "district": "", "in_city": False, "carbon_kg_per_kwh": 0.1},
    ],
    "hall_types": [{"racks": 20, "rack_kw": 5, "pue": 1.3}],
    "hardware": [
        {"peak_kw": 1, "average_kw": 0.5, "counted_pflops": 0.25},
        {"id": "trainer", "pool": "ai", "hardware_class": "ai", "domestic": True, "rack_units": 5, "peak_kw": 4}
        | {"average_kw": 4, "counted_pflops": 2, "price_cny": 1000, "provides": {"fp16": 2}},
    ],
    "workloads": [
        *({"id": f"{s}-work", "demand": n * 0.5, "sites": [s]} for s, n in SERVERS.items()),
        *({"id": f"{s}-ai", "pool": "ai", "demand": {"fp16": n * 2}, "sites": [s]} for s, n in TRAINERS.items() if n),
    ],
}
CITY = ("core", "north", "south")
# The scope of a target, its text in the table, and which sites and hardware it counts.
SCOPES: list[tuple[dict[str, Any], str, tuple[str, ...]]] = [
    ({}, "city", CITY),
    ({"in_city": None}, "all", (*CITY, "hub")),
    ({"in_city": False}, "outside city", ("hub",)),
    ({"districts": ["centre"]}, "city; districts=centre", ("core", "north")),
    ({"kinds": ["edge", "remote"]}, "city; kinds=edge+remote", ("north", "south")),
    ({"in_city": None, "kinds": ["edge", "remote"]}, "all; kinds=edge+remote", ("north", "south", "hub")),
    ({"sites": ["south", "core"]}, "city; sites=south+core", ("south", "core")),
    ({"districts": ["centre"], "kinds": ["edge"]}, "city; districts=centre; kinds=edge", ("north",)),
]


def measured(solved: Solve, metric: str, scope: dict[str, Any], text: str) -> float:
    """The value of a metric in a scope, asked for by a target that is met in any case."""
    plan = solved(**GIVEN, targets=[{"metric": metric, "value": 0, "scope": scope}])
    assert plan.cost == pytest.approx(sum(SERVERS.values()) * 100 + sum(TRAINERS.values()) * 1000, rel=1e-9)
    return float(plan.metric(metric, text))


@pytest.mark.parametrize(("scope", "text", "sites"), SCOPES)
def test_sums_count_the_sites_of_their_scope(
    solved: Solve, scope: dict[str, Any], text: str, sites: tuple[str, ...]
) -> None:
    servers, trainers = (sum(of[site] for site in sites) for of in (SERVERS, TRAINERS))
    it = {site: SERVERS[site] * SERVER_MWH + TRAINERS[site] * TRAINER_MWH for site in sites}
    facility = {site: it[site] * PUE[site] for site in sites}
    expected = {
        "compute_pflops": servers * 0.25 + trainers * 2,
        "domestic_share": trainers * 2 / (servers * 0.25 + trainers * 2),
        "racks_in_service": len(sites) * 20 * 5 / 2.5,
        # A rack of 5 kW is two standard racks; it holds floor(5 / 1) = 5 servers or floor(5 / 4) = 1 trainer.
        "racks_occupied": (servers / 5 + trainers) * 2,
        "rack_utilisation": (servers / 5 + trainers) / (len(sites) * 20),
        "it_mwh": sum(it.values()),
        "facility_mwh": sum(facility.values()),
        "pue": sum(facility.values()) / sum(it.values()),
        "green_share": 0.0,
        "carbon_tonnes": sum(facility[site] * (0.1 if site == "hub" else 0.5) for site in sites),
        "edge_nodes": len({"north", "south"} & set(sites)),
        "districts_with_edge": len({"north", "south"} & set(sites)),
        # A PUE of 1.3 is within the limit of a green data centre, 1.6 is not.
        "green_sites": len({"core", "hub"} & set(sites)),
        "capex": 36 * 100 + 8 * 1000,
    }
    targets = [{"id": name, "metric": name, "value": 0, "scope": scope} for name in expected]
    capacity = {"metric": "pool_capacity", "value": 0, "scope": {**scope, "pool": "pool", "resource": "unit"}}
    plan = solved(**GIVEN, targets=[*targets, capacity])
    assert plan.cost == pytest.approx(36 * 100 + 8 * 1000, rel=1e-9)
    values = {name: plan.metric(name, text) for name in expected}
    assert values == pytest.approx(expected, rel=1e-9)
    assert plan.metric("pool_capacity", f"{text}; pool=pool; resource=unit") == pytest.approx(servers * 0.5, rel=1e-9)


@pytest.mark.parametrize(
    ("scope", "text", "servers", "trainers"),
    [
        ({"pools": ["ai"]}, "city; pools=ai", 0, 3),
        ({"classes": ["general"]}, "city; classes=general", 16, 0),
        ({"in_city": None, "classes": ["ai", "general"]}, "all; classes=ai+general", 36, 8),
        ({"sites": ["core"], "pools": ["pool"]}, "city; sites=core; pools=pool", 10, 0),
        ({"pools": ["ai"], "classes": ["general"]}, "city; pools=ai; classes=general", 0, 0),
    ],
)
def test_sums_over_hardware_count_pools_and_classes(
    solved: Solve, scope: dict[str, Any], text: str, servers: int, trainers: int
) -> None:
    pflops, it = servers * 0.25 + trainers * 2, servers * SERVER_MWH + trainers * TRAINER_MWH
    # In the whole city 10 servers and the trainers stand at PUE 1.3, the 6 at the edge at 1.6.
    at_the_edge = 6 if servers in (16, 36) else 0
    facility = it * 1.3 + at_the_edge * SERVER_MWH * (1.6 - 1.3)
    expected = {
        "compute_pflops": pflops,
        "domestic_share": trainers * 2 / pflops if pflops else None,
        "racks_occupied": (servers / 5 + trainers) * 2,
        "it_mwh": it,
        "facility_mwh": facility,
        "pue": facility / it if it else None,
    }
    plan = solved(**GIVEN, targets=[{"id": n, "metric": n, "value": 0, "scope": scope} for n in expected])
    for name, value in expected.items():
        if value is None:
            assert pd.isna(plan.metric(name, text))
        else:
            assert plan.metric(name, text) == pytest.approx(value, rel=1e-9)


def test_capacity_of_another_pool_does_not_count(solved: Solve) -> None:
    scope = {"pool": "ai", "resource": "unit"}
    assert measured(solved, "pool_capacity", scope, "city; pool=ai; resource=unit") == 0


def test_every_metric_of_the_city_is_told_for_every_year(solved: Solve) -> None:
    plan = solved(years=(2024, 2025), workloads=[{"demand": 3}])
    table = plan.plan.tables["metrics"]
    for year in (2024, 2025):
        told = table[table["year"] == year]
        assert list(told["metric"]) == [
            "compute_pflops", "domestic_share", "racks_in_service", "racks_occupied", "rack_utilisation", "it_mwh",
            "facility_mwh", "pue", "green_share", "carbon_tonnes", "capex", "edge_nodes", "districts_with_edge",
            "green_sites", "pool_capacity", "unserved_share",
        ]  # fmt: skip
        assert set(told["scope"]) == {"city", "city; pool=pool; resource=unit", "all"}
        units = dict(zip(told["metric"], told["unit"], strict=True))
        assert units["pool_capacity"] == "unit"
        assert (units["racks_occupied"], units["it_mwh"], units["carbon_tonnes"]) == ("racks", "MWh", "t")


def test_a_ratio_without_denominator_has_no_value(solved: Solve) -> None:
    plan = solved(
        sites=[{"existing": False}],
        targets=[
            {"metric": "domestic_share", "value": 0.9},
            {"metric": "rack_utilisation", "value": 0.9, "sense": "=="},
            {"metric": "pue", "sense": "<=", "value": 1.1},
            {"metric": "green_share", "value": 1.0},
        ],
    )
    # Nothing stands anywhere: 0 - value * 0 >= 0 holds.
    assert plan.cost == 0
    for name in ("domestic_share", "rack_utilisation", "pue", "green_share"):
        assert pd.isna(plan.metric(name))
        assert bool(plan.cell("targets", "met", metric=name))
        assert pd.isna(plan.cell("targets", "attained", metric=name))


SERVER = {"counted_pflops": 2, "average_kw": 0.5}
OTHER = {"id": "other", "price_cny": 300, "domestic": True, "counted_pflops": 4, "average_kw": 0.25}


@pytest.mark.parametrize(
    ("target", "cost"),
    [
        # cheapest per PFLOPS: 100 / 2
        ({"metric": "compute_pflops", "value": 9}, 5 * 100),
        ({"metric": "compute_pflops", "value": 10, "scope": {"classes": ["general"]}}, 5 * 100),
        # 20 / 80% that may be used
        ({"metric": "pool_capacity", "value": 20, "scope": {"pool": "pool", "resource": "unit"}}, 25 * 100),
        # b of a + b = 4 with 4b >= half of 2a + 4b: b >= 4/3, so 2 of each
        ({"metric": "domestic_share", "value": 0.5}, 2 * 100 + 2 * 300),
        # two halls of 40 standard racks; the first stands already
        ({"metric": "racks_in_service", "value": 41}, 4 * 100 + 5000),
        # 0.1 rack of 10 kW is 0.4 standard racks; 3.7 / 0.4 = 9.25
        ({"metric": "racks_occupied", "value": 3.7}, 10 * 100),
        # 0.1 of 10 racks each
        ({"metric": "rack_utilisation", "value": 0.25}, 25 * 100),
        # 0.5 x 8.76 = 4.38 MWh each; 4 need 17.52
        ({"metric": "it_mwh", "value": 22}, 6 * 100),
        ({"metric": "it_mwh", "sense": "<=", "value": 13.2}, 2 * 100 + 2 * 300),
        ({"metric": "facility_mwh", "value": 22}, 5 * 100),
        # 4 x 4.38 x 1.2 = 21.024 MWh and 0.5 t each MWh
        ({"metric": "carbon_tonnes", "sense": "<=", "value": 10.0}, 3 * 100 + 300),
        ({"metric": "capex", "sense": "<=", "value": 400}, 4 * 100),
        ({"metric": "capex", "value": 450}, 5 * 100),
    ],
)
def test_a_target_makes_the_plan_attain_its_metric(solved: Solve, target: dict[str, Any], cost: float) -> None:
    plan = solved(
        max_utilisation={"unit": 0.8},
        sites=[{"allowed_halls": ["hall"], "max_halls": 2, "carbon_kg_per_kwh": 0.5}],
        hall_types=[{"capex_cny": 5000, "pue": 1.2}],
        hardware=[SERVER, OTHER],
        workloads=[{"demand": 3}],
        targets=[target],
    )
    assert plan.cost == pytest.approx(cost, rel=1e-9)
    assert bool(plan.cell("targets", "met"))


def test_compute_outside_the_city_does_not_count(solved: Solve) -> None:
    case: dict[str, Any] = {
        "sites": [{"id": "city", "electricity_cny_per_kwh": 1.0}, {"id": "hub", "kind": "remote", "in_city": False}],
        "hardware": [SERVER],
    }
    # 0.5 x 8.76 x 1000 kWh at 1 CNY in the city, nothing at the hub
    inside = solved(**case, targets=[{"metric": "compute_pflops", "value": 6}])
    assert inside.cost == pytest.approx(3 * (100 + 4380), rel=1e-9)
    anywhere = solved(**case, targets=[{"metric": "compute_pflops", "value": 6, "scope": {"in_city": None}}])
    assert anywhere.cost == pytest.approx(3 * 100, rel=1e-9)


def test_pue_is_attained_by_placing_where_it_is_low(solved: Solve) -> None:
    plan = solved(
        sites=[{"id": "hot", "pue_factor": 1.0}, {"id": "cool", "pue_factor": 0.25}],
        hall_types=[{"pue": 1.4}],
        hardware=[SERVER],
        workloads=[{"demand": 10, "gbps": 10, "sites": {"hot": 0, "cool": 7}}],
        targets=[{"metric": "pue", "sense": "<=", "value": 1.25}],
    )
    # 1.4 at one site, 1.1 at the other: half of the servers at each
    assert plan.cost == pytest.approx(10 * 100 + 5 * 7, rel=1e-9)
    assert plan.metric("pue") == pytest.approx(1.25, rel=1e-9)


def test_edge_nodes_and_districts_are_opened(solved: Solve) -> None:
    nodes = [
        {"id": "a", "district": "north", "opening_cost_cny": 100},
        {"id": "b", "district": "north", "opening_cost_cny": 200},
        {"id": "c", "district": "south", "opening_cost_cny": 1000},
    ]
    sites = [{**node, "kind": "edge", "existing": False} for node in nodes]
    sites += [{"id": "core", "existing": False}, {"id": "hub", "kind": "edge", "in_city": False}]
    for metric, sense, value, cost in (
        ("edge_nodes", ">=", 2, 100 + 200),
        ("districts_with_edge", ">=", 2, 100 + 1000),
        ("edge_nodes", "==", 3, 100 + 200 + 1000),
        ("districts_with_edge", "==", 1, 100),
    ):
        plan = solved(sites=sites, targets=[{"metric": metric, "sense": sense, "value": value}])
        assert plan.cost == pytest.approx(cost, rel=1e-9)
        assert plan.metric(metric) == value


def test_a_district_with_an_open_node_counts_against_a_limit(status: Status) -> None:
    sites = [{"id": "a", "kind": "edge", "district": "north"}, {"id": "b", "kind": "edge", "district": "south"}]
    for most, expected in ((2, "optimal"), (1, "infeasible")):
        target = {"metric": "districts_with_edge", "sense": "<=", "value": most}
        assert status(sites=sites, targets=[target]) == expected


GREEN_CASE: dict[str, Any] = {
    "green_site": {"pue_limit": 1.3, "min_it_mw": 0.002},
    "hall_types": [{"id": "air", "pue": 1.5}, {"id": "liquid", "pue": 1.2, "capex_cny": 800}],
    "sites": [{"existing_halls": {"air": 1}, "allowed_halls": ["liquid"], "max_halls": 2, "grid_kw": 500}],
    "hardware": [{"average_kw": 0.5, "halls": ["air", "liquid"]}],
}


def test_a_green_site_has_a_low_pue_and_enough_load(solved: Solve) -> None:
    plan = solved(**GREEN_CASE, workloads=[{"demand": 3}], targets=[{"metric": "green_sites", "value": 1}])
    # 2 kW of average load are four servers; at PUE 1.3 at least two thirds of them stand in the liquid hall.
    assert plan.cost == pytest.approx(800 + 4 * 100, rel=1e-9)
    assert plan.metric("green_sites") == 1
    assert plan.metric("pue") <= 1.3 + 1e-9


def test_a_site_above_the_limit_is_no_green_site_but_may_be_used_fully(solved: Solve) -> None:
    plan = solved(
        **GREEN_CASE,
        workloads=[{"demand": 100}],
        targets=[{"metric": "green_sites", "value": 1, "penalty_cny": 700}],
    )
    # The air hall is full: PUE 1.5, and missing the target is cheaper than the liquid hall.
    assert plan.cost == pytest.approx(100 * 100 + 700, rel=1e-9)
    assert plan.metric("green_sites") == 0
    assert plan.cell("targets", "missed") == 1


def test_a_site_with_little_load_is_no_green_site(status: Status) -> None:
    target = {"metric": "green_sites", "value": 1}
    case = {**GREEN_CASE, "hardware": [{"average_kw": 0.5, "halls": ["liquid"], "supply": {2024: 3}}]}
    assert status(**case, targets=[target]) == "infeasible"
    case["hardware"] = [{"average_kw": 0.5, "halls": ["liquid"], "supply": {2024: 4}}]
    assert status(**case, targets=[target]) == "optimal"
