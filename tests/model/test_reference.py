"""Published optima of the OR-Library's capacitated warehouse location, through the whole path of the model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from suanli.inputs.case import Case
from suanli.model import solve

FOLDER = Path(__file__).parents[3] / "shared" / "reference" / "orlib"
NUMBERS = [41, 42, 43, 44, 51, 61, 62, 63, 64, 71, 72, 73, 74, 91, 101]

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the OR-Library instances are not part of this repository and not beside it"
)


def warehouse_case(name: str) -> Case:
    """A warehouse is a candidate site, its capacity the grid connection, a customer a divisible workload."""
    numbers = iter((FOLDER / f"{name}.txt").read_text().split())
    warehouses, customers = int(next(numbers)), int(next(numbers))
    ends = [(float(next(numbers)), float(next(numbers))) for _ in range(warehouses)]
    sites = [
        {
            "id": f"w{number}",
            "kind": "core",
            "zone": f"z{number}",
            "earliest_year": 2024,
            "opening_cost_cny": fixed,
            "allowed_halls": ["hall"],
            "max_halls": 1,
            "grid_kw": capacity,
        }
        for number, (capacity, fixed) in enumerate(ends)
    ]
    workloads = []
    for number in range(customers):
        demand = float(next(numbers))
        costs = {f"w{warehouse}": float(next(numbers)) for warehouse in range(warehouses)}
        workloads.append(
            {"id": f"c{number}", "pool": "goods", "demand": {"unit": {"2024": demand}}, "gbps": {"2024": 1.0}}
            | {"sites": costs}
        )
    racks = 2 * max(capacity for capacity, _ in ends)
    document = {
        "name": name,
        "base_year": 2023,
        "years": [2024],
        "sites": sites,
        "hall_types": [
            {"id": "hall", "racks": racks, "rack_kw": 1.0, "usable_u": 1.0, "pue": 1.0, "capex_cny": 0.0}
            | {"life_years": 10}
        ],
        "hardware": [
            {"id": "unit", "pool": "goods", "hardware_class": "general", "rack_units": 1.0, "peak_kw": 1.0}
            | {"average_kw": 0.0, "price_cny": 0.0, "life_years": 5, "provides": {"unit": 1.0}, "halls": ["hall"]}
            | {"available_from": 2024, "available_to": 2024}
        ],
        "workloads": workloads,
    }
    return Case.model_validate_json(json.dumps(document))


def published() -> dict[str, float]:
    lines = (FOLDER / "optima.tsv").read_text().splitlines()[1:]
    return {name: float(value) for name, value in (line.split("\t") for line in lines)}


@pytest.mark.parametrize("name", [f"cap{number}" for number in NUMBERS])
def test_published_optimum(name: str) -> None:
    plan = solve(warehouse_case(name), gap=1e-9, time_limit=120, threads=1)
    assert plan.objective_cny == pytest.approx(published()[name], rel=1e-6)
    assert plan.bound_cny == pytest.approx(published()[name], rel=1e-6)
    assert plan.status == "optimal"
