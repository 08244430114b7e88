"""The search: its steps keep their promises; restricted problems are parts of the whole one."""

from __future__ import annotations

import numpy as np
import pytest

from suanli.inputs.loading import load
from suanli.model.assemble import assemble
from suanli.model.branching import branch_and_bound
from suanli.model.columns import describe_columns
from suanli.model.matrix import Matrix, compile_matrix
from suanli.model.plan import Progress
from suanli.model.plans import find_plans
from suanli.model.proof import prove
from suanli.model.restriction import held, only
from suanli.model.search import Search, in_turns, run_search
from suanli.model.solving import solve

OPTIMUM_CNY = 12_539_311.44
"""The optimum of quickstart, worked out by hand in scenarios/quickstart.yaml."""


@pytest.fixture
def quickstart() -> Search:
    model, lookup = assemble(load("quickstart").case)
    matrix = compile_matrix(model)
    return Search(matrix, describe_columns(matrix, lookup), gap=0.0, seconds=3.0)


def _never() -> bool:
    return False


def _violation(matrix: Matrix, x: np.ndarray) -> float:
    used = matrix.coefficients @ x
    rows = np.maximum(matrix.row_lower - used, used - matrix.row_upper).max()
    columns = np.maximum(matrix.lower - x, x - matrix.upper).max()
    whole = np.abs(x - np.round(x))[matrix.integer].max()
    return float(max(rows, columns, whole))


def test_plans_are_found_without_the_proof(quickstart: Search) -> None:
    run_search(quickstart, (find_plans,), None)
    assert quickstart.best is not None
    assert _violation(quickstart.matrix, quickstart.best) < 1e-6
    assert quickstart.best_cost * quickstart.matrix.money_unit == pytest.approx(OPTIMUM_CNY, rel=1e-6)
    assert quickstart.bound <= quickstart.best_cost


def test_the_proof_needs_no_plans(quickstart: Search) -> None:
    run_search(quickstart, (prove,), None)
    assert quickstart.bound * quickstart.matrix.money_unit == pytest.approx(OPTIMUM_CNY, rel=1e-6)
    assert quickstart.best_cost == pytest.approx(quickstart.bound, rel=1e-6)


def test_a_relaxation_bounds_and_a_restriction_does_not(quickstart: Search) -> None:
    matrix = quickstart.matrix
    best = branch_and_bound(matrix, seconds=10, gap=0.0, stopped=_never)
    assert best.point is not None
    linear = branch_and_bound(matrix.with_integer(np.zeros_like(matrix.integer)), seconds=10, gap=0.0, stopped=_never)
    assert linear.cost < best.cost
    nothing_bought = held(matrix, matrix.families == "build", matrix.lower)
    assert branch_and_bound(nothing_bought, seconds=10, gap=0.0, stopped=_never).cost >= best.cost


def test_the_problem_of_some_columns_alone_costs_what_the_whole_does(quickstart: Search) -> None:
    matrix = quickstart.matrix
    best = branch_and_bound(matrix, seconds=10, gap=0.0, stopped=_never)
    assert best.point is not None
    for site in range(quickstart.columns.sites):
        free = quickstart.columns.at([site]) | (quickstart.columns.site < 0)
        part = only(matrix, free, best.point)
        assert part.coefficients.shape[1] == free.sum()
        assert part.row_families.shape == part.row_lower.shape
        assert set(part.row_families) <= set(matrix.row_families)
        assert part.objective(best.point[free]) == pytest.approx(best.cost, rel=1e-9)
        again = branch_and_bound(part, seconds=10, gap=0.0, stopped=_never, start=best.point[free])
        assert again.cost == pytest.approx(best.cost, rel=1e-6), "a part of an optimal plan cannot be improved"


def test_every_column_of_a_site_knows_its_site_pool_and_workload(quickstart: Search) -> None:
    columns, matrix = quickstart.columns, quickstart.matrix
    for column in range(len(matrix.cost)):
        family, index = matrix.layout.column(column)
        assert family == matrix.families[column]
        text = f"[{','.join(map(str, index))}]" if isinstance(index, tuple) else f"[{index}]"
        site = next(
            (number for name, number in columns.numbers.items() if f",{name}," in text or f"[{name}," in text), -1
        )
        if matrix.families[column] != "keep":
            assert columns.site[column] == site, text
        assert (columns.pool[column] >= 0) == (matrix.families[column] in {"buy", "own", "keep", "place", "standby"}), (
            text
        )
        assert (columns.workload[column] >= 0) == (matrix.families[column] in {"place", "standby"}), text
        assert f"{2026 + columns.year[column]}]" in text


def test_one_processor_takes_turns(quickstart: Search) -> None:
    turns: list[tuple[str, float]] = []

    def proof(state: Search) -> None:
        turns.append(("proof", round(state.remaining() + state.progress().seconds, 1)))

    def plans(state: Search) -> None:
        turns.append(("plans", round(state.remaining() + state.progress().seconds, 1)))
        find_plans(state)

    quickstart.seconds = 10.0
    quickstart.gap = 0.2
    run_search(quickstart, (in_turns(plans, proof),), None)
    assert turns == [("proof", 2.0), ("plans", 7.0)], "a gap of 20% is proved by the plans' own relaxation"
    assert quickstart.relative_gap() <= 0.2


def test_a_failing_step_ends_the_search_with_its_error(quickstart: Search) -> None:
    def fails(_: Search) -> None:
        raise ZeroDivisionError("a step broke")

    with pytest.raises(ZeroDivisionError, match="a step broke"):
        run_search(quickstart, (fails, prove), None)


def test_progress_and_history_only_get_better() -> None:
    seen: list[Progress] = []
    plan = solve(load("quickstart").case, gap=0.0, on_progress=seen.append)
    bests = [p.best_cny for p in plan.progress if p.best_cny is not None]
    bounds = [p.bound_cny for p in plan.progress if p.bound_cny is not None]
    assert bests == sorted(bests, reverse=True)
    assert bounds == sorted(bounds)
    assert plan.status == "optimal"
    assert all(p.seconds >= 0 for p in seen)
