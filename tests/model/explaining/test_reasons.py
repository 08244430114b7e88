"""One known reason at a time: the words of the explanation, and ways out that are applied and solved by the fixture.

Each server is one unit of 1 kW and 100 CNY, ten of them fill a rack of 10 kW; see tests/model/conftest.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from suanli.inputs.altering import altered_case
from suanli.model.explaining import explain

Explained = Callable[..., Any]
WORK = "work has to be served in 2024 (only site may do that)"
SCOPE = {"pool": "pool", "resource": "unit"}
CAPACITY = {"metric": "pool_capacity", "scope": SCOPE}


def test_supply(explained: Explained) -> None:
    told = explained(hardware=[{"supply": {2024: 5}}], workloads=[{"demand": 8}])
    assert told.reasons == [
        "pool, unit: 8 are needed in 2024; what there is and all that can be bought of server come to 5 at most"
    ]
    assert told.conflicts == [[WORK, "the supply of server: 5 in 2024"]]
    assert told.ways == [  # 5 of 8 units are 62.5% of the demand
        "37.5% less demand of work",
        "a supply of 8 of server in 2024 instead of 5",
        "work may stay unserved, at a penalty of CNY 8,000 a year",  # ten times 8 servers of 100 CNY, gone in a year
    ]
    assert told.changes[:2] == [{"workloads.work.demand": "x0.625"}, {"hardware.server.supply.2024": 8}]


def test_power_of_a_site(explained: Explained) -> None:
    told = explained(
        sites=[{"grid_kw": 7, "grid_step_kw": 2, "grid_step_cost_cny": 1000, "grid_max_steps": 0}],
        targets=[{**CAPACITY, "id": "capacity", "value": 10}],
    )
    assert told.reasons == [
        "target capacity asks for capacity (unit in pool) of at least 10 in 2024; the power and racks of site allow 7"
        " at most"
    ]
    assert told.conflicts == [
        [
            "target capacity: capacity (unit in pool), at least 10 in 2024",
            "the power connection of site: 7 kW, and no more can be added",
        ]
    ]
    assert told.ways == [
        "target capacity: capacity (unit in pool) of at least 7 instead of at least 10 in 2024",
        "4 kW more grid at site (2 grid steps, CNY 2,000) by 2024",  # one step gives 9 kW, two give 11
    ]


def test_zones_for_a_backup(explained: Explained) -> None:
    told = explained(
        sites=[{"id": "a", "zone": "west"}, {"id": "b", "zone": "west"}], workloads=[{"demand": 4, "backup": 0.5}]
    )
    assert told.reasons == [
        "work needs a backup in another fault zone, but all sites it may use in 2024 (a and b) stand in zone west"
    ]
    assert told.conflicts == [
        [
            "work has to be served in 2024 (only a and b may do that)",
            "work needs a backup in another fault zone in 2024, and all sites it may use stand in zone west",
        ]
    ]
    assert told.ways == ["no backup of work", "work may stay unserved, at a penalty of CNY 4,000 a year"]


def test_budget(explained: Explained) -> None:
    told = explained(budget_cny={2024: 450}, workloads=[{"demand": 6}])
    assert told.reasons == ["the hardware needed by 2024 costs CNY 600 at least; the budget up to then is CNY 450"]
    assert told.conflicts == [[WORK, "the budget: CNY 450 in 2024"]]
    assert told.ways == [  # 450 CNY buy 4 whole servers of 6: 66.6% at most with three digits, rounded down
        "a budget of CNY 600 in 2024 instead of CNY 450",
        "33.4% less demand of work",
        "work may stay unserved, at a penalty of CNY 6,000 a year",
    ]


def test_first_year(explained: Explained) -> None:
    told = explained(
        years=(2024, 2025),
        sites=[{"existing": False, "earliest_year": 2025}],
        targets=[{"id": "racks", "metric": "racks_in_service", "value": 40}],
    )
    assert told.reasons == [
        "target racks asks for racks in service of at least 40 racks in 2024; the power and racks of site allow 0 racks"
        " at most"
    ]
    assert told.conflicts == [
        [
            "target racks: racks in service, at least 40 racks in 2024",
            "nothing can be built, bought or used at site before 2025",
        ]
    ]
    assert sorted(told.ways) == [
        "no target racks, racks in service in 2024",
        "site in 2024 instead of 2025",
        "target racks in 2025 instead of 2024",
    ]


def test_target_against_target(explained: Explained) -> None:
    # The hall counts for 10 racks x 10 kW / 2.5 kW = 40 racks, a rack with servers for 4: 8 racks are 20%.
    told = explained(
        targets=[
            {"id": "used", "metric": "racks_occupied", "value": 8},
            {"id": "idle", "metric": "rack_utilisation", "sense": "<=", "value": 0.1},
        ]
    )
    assert told.reasons == []
    assert told.conflicts == [
        [
            "target used: racks occupied, at least 8 racks in 2024",
            "target idle: rack utilisation, at most 10% in 2024",
        ]
    ]
    assert told.ways == [
        "target used: racks occupied of at least 4 racks instead of at least 8 racks in 2024",
        "target idle: rack utilisation of at most 20% instead of at most 10% in 2024",
    ]


def test_whole_numbers_only(explained: Explained) -> None:
    # One hall counts for 40 racks: 40 are too few, 80 too many, and one and a half halls would do.
    told = explained(
        sites=[{"existing": False, "max_halls": 2}],
        targets=[
            {"id": "least", "metric": "racks_in_service", "value": 60},
            {"id": "most", "metric": "racks_in_service", "sense": "<=", "value": 70},
        ],
    )
    assert told.reasons == []
    (conflict,) = told.explanation.conflicts
    assert (conflict.whole, conflict.smallest) == (True, True)
    assert told.conflicts == [
        [
            "target least: racks in service, at least 60 racks in 2024",
            "target most: racks in service, at most 70 racks in 2024",
            "halls come in whole numbers",
        ]
    ]
    assert told.ways == [
        "target most: racks in service of at most 80 racks instead of at most 70 racks in 2024",
        "target least: racks in service of at least 40 racks instead of at least 60 racks in 2024",
    ]


def test_what_must_not_be_divided(explained: Explained) -> None:
    # Twelve units fit the two connections of 8 kW together, but not one of them.
    told = explained(
        sites=[{"id": "a", "grid_kw": 8}, {"id": "b", "grid_kw": 8}], workloads=[{"demand": 12, "divisible": False}]
    )
    assert told.conflicts == [
        [
            "work has to be served in 2024 (only a and b may do that)",
            "the power connections of a and b: 16 kW in all, extensions included",
            "work has to run at one site and cannot be divided",
        ]
    ]
    assert "a power connection of 12 kW at a instead of 8 kW" in told.ways or (
        "a power connection of 12 kW at b instead of 8 kW" in told.ways
    )


def test_egress(explained: Explained) -> None:
    told = explained(sites=[{"egress_gbps": 3}], workloads=[{"demand": 1, "gbps": 4}])
    assert told.reasons == ["4 Gbps leave site in 2024; their outgoing bandwidth is 3 Gbps"]
    assert told.conflicts == [[WORK, "the outgoing bandwidth of site: 3 Gbps"]]
    assert told.ways[:2] == ["25% less demand of work", "4 Gbps of outgoing bandwidth at site instead of 3 Gbps"]


def test_room_for_halls(explained: Explained) -> None:
    told = explained(
        sites=[{"existing": False, "max_halls": 1}],
        targets=[{"id": "racks", "metric": "racks_in_service", "value": 70}],
    )
    assert told.conflicts == [
        ["target racks: racks in service, at least 70 racks in 2024", "the plot of site: room for 1 hall"]
    ]
    assert told.ways == [
        "target racks: racks in service of at least 40 racks instead of at least 70 racks in 2024",
        "room for 2 halls at site instead of 1 hall",
    ]


def test_a_resource_that_nothing_provides(explained: Explained) -> None:
    told = explained(workloads=[{"demand": {"terabyte": 1}}])
    assert told.reasons[0] == "no hardware of pool pool provides terabyte, needed for work"
    assert told.ways == ["work may stay unserved, at a penalty of CNY 1,000 a year"]


def test_conflicts_about_different_things_are_told_apart_and_solved_together(explained: Explained) -> None:
    told = explained(
        sites=[{"id": "a", "grid_kw": 5}, {"id": "b", "grid_kw": 5}],
        targets=[
            {**CAPACITY, "id": f"capacity-{site}", "value": 8, "scope": {**SCOPE, "sites": [site]}}
            for site in ("a", "b")
        ],
    )
    assert [len(conflict) for conflict in told.conflicts] == [2, 2]
    assert "the power connection of b: 5 kW, and no more can be added" in told.conflicts[1]
    assert (
        "a power connection of 8 kW at a instead of 5 kW, and a power connection of 8 kW at b instead of 5 kW"
        in told.ways
    )


def test_a_case_with_a_plan_is_said_to_have_one(make_case: Callable[..., Any]) -> None:
    case = make_case(workloads=[{"demand": 3}])
    assert explain(case, lambda changes: altered_case(case, changes)).status == "feasible"


def test_a_smaller_backup(explained: Explained) -> None:
    # Zone b carries 3 units; a backup of half of 8 needs 4 there, and 3 / 8 = 37.5%. Less demand: 3 / 0.5 = 6 of 8.
    told = explained(
        sites=[{"id": "a"}, {"id": "b", "grid_kw": 3}], workloads=[{"demand": 8, "backup": 0.5, "divisible": False}]
    )
    assert told.conflicts[0][1:] == [
        "work needs a backup in another fault zone in 2024",
        "the power connection of b: 3 kW, and no more can be added",
    ]
    assert told.ways[:3] == [
        "a power connection of 4 kW at b instead of 3 kW",
        "25% less demand of work",
        "37% instead of 50% reserved as the backup of work",
    ]
