"""Ways out of large cases, found near one plan: on small cases they are those that are solved to the end."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from suanli.inputs.altering import altered_case
from suanli.inputs.case import Case
from suanli.model.explaining.conflict import conflicts
from suanli.model.explaining.exact import Exact
from suanli.model.explaining.ground import Ground
from suanli.model.explaining.loosening import loosen
from suanli.model.explaining.near import Near
from suanli.model.explaining.programs import programs
from suanli.model.explaining.trials import Trials

CAPACITY = {"metric": "pool_capacity", "scope": {"pool": "pool", "resource": "unit"}}


@pytest.mark.parametrize(
    "tables",
    [
        {"sites": [{"grid_kw": 7, "grid_step_kw": 2}], "targets": [{**CAPACITY, "value": 10}]},
        {"hardware": [{"supply": {2024: 5}}], "workloads": [{"demand": 8}]},
        {"budget_cny": {2024: 450}, "workloads": [{"demand": 6}]},
    ],
    ids=["power", "supply", "budget"],
)
def test_near_and_exact_ways_agree_on_small_cases(make_case: Callable[..., Case], tables: dict[str, Any]) -> None:
    case = make_case(**tables)
    deadline = time.monotonic() + 3600
    ground = Ground(case, loosen(case), partial(altered_case, case), deadline)
    found = list(conflicts(Trials(ground.loosened, deadline)))
    near, exact = Near(ground), Exact(ground)
    tried = list(programs(ground.loosened, found))
    assert len(tried) == 2
    for program in tried:
        way = exact.way(program)
        assert way is not None
        assert near.way(program, found) == way


def test_a_limit_that_is_alone_grows_and_elsewhere_the_target_falls(make_case: Callable[..., Case]) -> None:
    """10 kW are asked for at a site with 7 kW; 8 units of a pool that sells 3 of one kind and 2 of another."""
    capacity = {"metric": "pool_capacity"}
    case = make_case(
        sites=[{"id": "small", "grid_kw": 7, "grid_step_kw": 2}, {}],
        hardware=[
            {},
            {"id": "first", "pool": "second", "supply": {2024: 3}},
            {"id": "last", "pool": "second", "supply": {2024: 2}},
        ],
        targets=[
            {**capacity, "scope": {"pool": "pool", "resource": "unit", "sites": ["small"]}, "value": 10},
            {**capacity, "scope": {"pool": "second", "resource": "unit"}, "value": 8},
        ],
    )
    deadline = time.monotonic() + 3600
    ground = Ground(case, loosen(case), partial(altered_case, case), deadline)
    found = list(conflicts(Trials(ground.loosened, deadline)))
    plain, mixed = list(programs(ground.loosened, found)), list(programs(ground.loosened, found, mixed=True))
    (added,) = [each for each in mixed if each not in plain]
    way = Near(ground).way(added, found)
    assert way is not None
    assert {change.key: change.value for change in way.changes} == {
        "sites.small.grid_max_steps": 2,  # 7 kW + 2 x 2 kW >= 10 kW
        "targets.target-2.value": 5,  # 3 + 2
    }
    assert [part.topic for part in way.parts] == ["way_grid_steps", "way_target"]


def test_a_way_out_near_another_takes_back_what_gave_way_there(make_case: Callable[..., Case]) -> None:
    case = make_case(
        sites=[{"grid_kw": 7, "grid_step_kw": 2}],
        targets=[{**CAPACITY, "value": 10}],
        workloads=[{"demand": 6}],
    )
    deadline = time.monotonic() + 3600
    ground = Ground(case, loosen(case), partial(altered_case, case), deadline)
    found = list(conflicts(Trials(ground.loosened, deadline)))
    near = Near(ground)
    grid, target = [near.way(program, found) for program in programs(ground.loosened, found)]
    assert grid is not None
    assert grid.plan is not None
    assert {change.key: change.value for change in grid.changes} == {"sites.site.grid_max_steps": 2}
    assert grid.plan["power"]["grid_steps"].sum() == 2
    assert target is not None
    assert target.plan is not None
    assert {change.key: change.value for change in target.changes} == {"targets.target-1.value": 7}
    assert target.plan["power"]["grid_steps"].sum() == 0


def test_what_more_of_a_supply_is_wanted_counts_from_what_the_case_states(make_case: Callable[..., Case]) -> None:
    """Two lots of two of the five that the market supplies; six are wanted: one more than five, not two."""
    case = make_case(hardware=[{"lot": 2, "supply": {2024: 5}}], workloads=[{"demand": 6}])
    deadline = time.monotonic() + 3600
    ground = Ground(case, loosen(case), partial(altered_case, case), deadline)
    found = list(conflicts(Trials(ground.loosened, deadline)))
    ways = [Near(ground).way(program, found) for program in programs(ground.loosened, found)]
    assert {"hardware.server.supply.2024": 6} in [
        {change.key: change.value for change in way.changes} for way in ways if way is not None
    ]
