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
