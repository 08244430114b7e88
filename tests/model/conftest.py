"""Tiny cases: a test states only what matters to it, and every solved plan is audited.

What a case has unless a test says otherwise: the year 2024 after the base year 2023, no discounting, and one row of
each table it needs:

- `site`: an existing core site in its own fault zone, with one `hall` that fills the plot and 1,000 kW; a site with
  `existing: False` has no hall and may build `hall`;
- `hall`: 10 racks of 10 kW and 10 U, PUE 1, free, without salvage;
- `server`: 1 U, 1 kW, no energy, one `unit` in `pool`; 100 CNY and one year of life, so that a server in service
  costs 100 CNY a year;
- workloads and targets only where a test has them. A demand may be one number for every year, and then of `unit`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from suanli.inputs.case import Case
from suanli.inputs.consistency import faults
from suanli.inputs.generating.random_case import draw_case
from suanli.inputs.resolved import case_text
from suanli.model import Plan, solve
from suanli.model.arrays.matrix import Matrix, Vector, compile_matrix
from suanli.model.assemble import assemble
from suanli.model.search.branching import branch_and_bound
from suanli.model.search.columns import Columns, describe_columns
from suanli.model.search.state import Search
from suanli.reports.audit import audit
from suanli.reports.folder import read_result, write_summary, write_table, write_text
from suanli.reports.saving import summarise

Row = Mapping[str, Any]
MakeCase = Callable[..., Case]

FIRST_YEAR = 2024


def _site(row: Row) -> dict[str, Any]:
    new = not row.get("existing", True)
    row = {"id": "site", **row}
    return {
        "zone": row["id"],
        "district": row["id"],
        "existing": True,
        "earliest_year": FIRST_YEAR,
        "allowed_halls": ["hall"] if new else [],
        "existing_halls": {} if new else {"hall": 1},
        "max_halls": 1,
        "grid_kw": 1000.0,
        **row,
    }


def _hall(row: Row) -> dict[str, Any]:
    defaults = {"id": "hall", "racks": 10, "rack_kw": 10, "usable_u": 10, "pue": 1.0, "capex_cny": 0, "life_years": 1}
    return {**defaults, **row}


def _hardware(row: Row) -> dict[str, Any]:
    return {
        "id": "server",
        "pool": "pool",
        "hardware_class": "general",
        "rack_units": 1,
        "peak_kw": 1,
        "average_kw": 0,
        "price_cny": 100,
        "life_years": 1,
        "provides": {"unit": 1},
        "halls": ["hall"],
        "available_from": FIRST_YEAR,
        "available_to": 2030,
        **row,
    }


def _workload(row: Row, years: Iterable[int], sites: Iterable[str]) -> dict[str, Any]:
    def yearly(value: Any) -> Any:
        return value if isinstance(value, Mapping) else dict.fromkeys(years, value)

    row = {"id": "work", "pool": "pool", "demand": 1, "gbps": {}, "sites": list(sites), **row}
    demand, allowed = row["demand"], row["sites"]
    by_resource = demand if isinstance(demand, Mapping) and isinstance(next(iter(demand)), str) else {"unit": demand}
    row["demand"] = {resource: yearly(value) for resource, value in by_resource.items()}
    row["gbps"] = yearly(row["gbps"])
    row["sites"] = allowed if isinstance(allowed, Mapping) else dict.fromkeys(allowed, 0)
    return row


def _target(number: int, row: Row) -> dict[str, Any]:
    return {"id": f"target-{number + 1}", "sense": ">=", "year": FIRST_YEAR, **row}


@pytest.fixture
def make_case() -> MakeCase:
    """Build a case from rows that state only what differs from the usual; it is one that `check` would accept."""

    def make(
        *,
        years: Iterable[int] = (FIRST_YEAR,),
        sites: Iterable[Row] = ({},),
        hall_types: Iterable[Row] = ({},),
        hardware: Iterable[Row] = ({},),
        workloads: Iterable[Row] = (),
        targets: Iterable[Row] = (),
        **others: Any,
    ) -> Case:
        years, places = tuple(years), [_site(row) for row in sites]
        case = Case.model_validate(
            {
                "name": "tiny",
                "base_year": FIRST_YEAR - 1,
                "years": years,
                "sites": places,
                "hall_types": [_hall(row) for row in hall_types],
                "hardware": [_hardware(row) for row in hardware],
                "workloads": [_workload(row, years, [place["id"] for place in places]) for row in workloads],
                "targets": [_target(number, row) for number, row in enumerate(targets)],
                **others,
            },
            strict=False,
        )
        assert not list(faults(case))
        return case

    return make


@dataclass(frozen=True)
class Solution:
    """A plan that is optimal and that the auditor accepted."""

    plan: Plan
    cost: float

    def cell(self, table: str, column: str, **where: Any) -> Any:
        """The cell of the only row with these values; 0 when there is no such row, for rows of zeros are left out."""
        rows = self.plan.tables[table]
        for name, wanted in where.items():
            rows = rows[rows[name] == wanted]
        assert len(rows) <= 1, f"{table}: more than one row with {where}"
        return rows[column].iloc[0] if len(rows) else 0

    def each(self, table: str, column: str, **where: Any) -> list[Any]:
        """The cell of every year in turn."""
        return [self.cell(table, column, year=year, **where) for year in self.plan.case.years]

    def metric(self, name: str, scope: str = "city", year: int = FIRST_YEAR) -> Any:
        """The value of a metric; its row must be there."""
        rows = self.plan.tables["metrics"]
        value = rows[(rows["metric"] == name) & (rows["scope"] == scope) & (rows["year"] == year)]["value"]
        assert len(value) == 1, f"{len(value)} rows of {name} in {scope}, {year}"
        return value.iloc[0]

    def costs(self) -> dict[str, float]:
        """What each category costs in all, discounted."""
        sums = self.plan.tables["costs"].groupby("category")["discounted_cny"].sum()
        return {str(category): float(cny) for category, cny in sums.items()}


@pytest.fixture
def audited(tmp_path: Path) -> Callable[[Plan], Solution]:
    """Write a plan as a result folder, let the auditor recompute it, and return it as a solution."""

    def check(plan: Plan) -> Solution:
        assert plan.status == "optimal"
        assert plan.objective_cny is not None
        text = case_text(plan.case)
        write_text(tmp_path / "case.json", text)
        write_summary(tmp_path, summarise(plan, text, read_seconds=0.0))
        for name, table in plan.tables.items():
            write_table(tmp_path, name, table)
        assert audit(read_result(tmp_path)).failures == ()
        return Solution(plan, plan.objective_cny)

    return check


@pytest.fixture
def solved(make_case: MakeCase, audited: Callable[[Plan], Solution]) -> Callable[..., Solution]:
    """Solve a tiny case to optimality and audit the plan."""

    def solve_case(**tables: Any) -> Solution:
        return audited(solve(make_case(**tables), gap=1e-9, threads=1))

    return solve_case


@pytest.fixture
def status(make_case: MakeCase) -> Callable[..., str]:
    """Solve a tiny case and tell how it ended."""

    def solve_case(**tables: Any) -> str:
        plan = solve(make_case(**tables), gap=1e-9, threads=1)
        assert bool(plan.tables) == (plan.objective_cny is not None)
        return plan.status

    return solve_case


@dataclass(frozen=True)
class Problem:
    """A matrix whose optimum branch and bound has found and proved, in the matrix's money unit."""

    matrix: Matrix
    columns: Columns
    point: Vector
    optimum: float

    def search(self, seconds: float = 300.0) -> Search:
        """A search that has not begun."""
        return Search(self.matrix, self.columns, gap=0.0, seconds=seconds)

    def members(self, family: str, *named: str) -> list[int]:
        """The columns of a decision whose index has all these ids."""
        columns = np.flatnonzero(self.matrix.families == family).tolist()
        return [column for column in columns if set(named) <= set(self.matrix.layout.column(column)[1])]

    def without_costs(self) -> Vector:
        """Some plan that nobody has tried to make cheap."""
        matrix = self.matrix.for_plans()
        costless = replace(matrix, cost=np.zeros_like(matrix.cost))
        answer = branch_and_bound(costless, seconds=60.0, gap=0.0, stopped=lambda: False)
        assert answer.point is not None
        return answer.point


def problem_of(case: Case) -> Problem:
    """Solve a case by nothing but branch and bound."""
    model, lookup = assemble(case)
    matrix = compile_matrix(model)
    assert not model.impossible
    answer = branch_and_bound(matrix, seconds=600.0, gap=0.0, stopped=lambda: False, tolerance=1e-9, counting_up=())
    assert answer.finished
    assert answer.point is not None
    return Problem(matrix, describe_columns(matrix, lookup), answer.point, answer.cost)


@pytest.fixture
def posed(make_case: MakeCase) -> Callable[..., Problem]:
    """Make a tiny case and solve it by branch and bound."""
    return lambda **tables: problem_of(make_case(**tables))


@pytest.fixture(scope="session")
def drawn() -> Callable[[int], Problem]:
    """Draw a random case of three sites and solve it by branch and bound, once for all tests of a process."""

    @cache
    def draw(seed: int) -> Problem:
        return problem_of(draw_case("tiny", seed, sites=3, workloads=4, years=1 + seed % 2).case)

    return draw
