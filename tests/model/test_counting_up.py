"""Counting up whole decisions: the same problem, with the same plans and optimum, in what is there so far."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from suanli.inputs.generating.random_case import draw_case
from suanli.model.arrays.matrix import YEAR_BY_YEAR
from suanli.model.search.branching import branch_and_bound
from suanli.model.search.counting_up import FIRST, RISES, STEPS_AND_HALLS, count_up

from .conftest import problem_of

if TYPE_CHECKING:
    from .conftest import Problem

YEARS = {"base_year": 2023, "years": [2024, 2025, 2026]}


@pytest.mark.parametrize("families", [STEPS_AND_HALLS, YEAR_BY_YEAR])
@pytest.mark.parametrize("seed", range(30))
def test_plans_and_optimum_are_those_of_the_problem_as_it_was(seed: int, families: tuple[str, ...]) -> None:
    problem = problem_of(draw_case("tiny", seed, sites=3, workloads=3, years=2 + seed % 2).case)
    counted = count_up(problem.matrix, families)
    z = counted.so_far(problem.point)
    assert counted.yearly(z) == pytest.approx(problem.point, abs=1e-9)
    assert counted.matrix.violation(z) <= problem.matrix.violation(problem.point) + 1e-9
    assert counted.matrix.objective(z) == pytest.approx(problem.optimum, rel=1e-9)
    answer = branch_and_bound(
        counted.matrix, seconds=60, gap=0.0, stopped=lambda: False, tolerance=1e-9, counting_up=()
    )
    assert answer.finished
    assert answer.bound == pytest.approx(problem.optimum, rel=1e-7)
    assert answer.point is not None
    x = counted.yearly(answer.point)
    assert problem.matrix.violation(x) < 1e-5
    assert problem.matrix.objective(x) == pytest.approx(problem.optimum, rel=1e-7)


def test_the_power_of_a_year_rests_on_the_steps_so_far_and_not_on_each_of_them(posed: Callable[..., Any]) -> None:
    """10 kW and steps of 10 for servers of 1 kW: 5, 15 and 25 of them need 0, 1 and 2 steps; by year 0, 1 and 1."""
    problem: Problem = posed(
        **YEARS,
        sites=[{"grid_kw": 10, "grid_step_kw": 10, "grid_step_cost_cny": 100, "grid_max_steps": 3}],
        workloads=[{"demand": {2024: 5, 2025: 15, 2026: 25}}],
    )
    matrix, upgrades = problem.matrix, problem.members("upgrade")
    assert problem.point[upgrades] == pytest.approx([0, 1, 1])
    counted = count_up(matrix, STEPS_AND_HALLS)
    assert counted.so_far(problem.point)[upgrades] == pytest.approx([0, 1, 2])
    assert counted.matrix.upper[upgrades].tolist() == [3, 6, 9]
    power = np.flatnonzero(matrix.row_families == "site_power")
    assert (abs(matrix.coefficients.tocsr()[power][:, upgrades].toarray()) > 0).sum(axis=1).tolist() == [1, 2, 3]
    used = abs(counted.matrix.coefficients.tocsr()[power][:, upgrades].toarray()) > 0
    assert used.tolist() == np.eye(3, dtype=bool).tolist()
    rises = np.flatnonzero(counted.matrix.row_families == RISES)
    assert counted.matrix.row_upper[rises].max() == 3, "in a year no more than were possible in it"
    assert counted.before[upgrades].tolist() == [FIRST, upgrades[0], upgrades[1]]


def test_only_what_is_whole_in_every_year_is_counted_up(posed: Callable[..., Any]) -> None:
    """Of fractions so far the whole number of a year could not be told. What is held counts with no other year."""
    problem: Problem = posed(
        **YEARS, sites=[{"id": "a"}, {"id": "b"}], workloads=[{"demand": {2024: 5, 2025: 9, 2026: 9}}]
    )
    at_a, at_b = problem.members("buy", "a"), problem.members("buy", "b")
    whole = problem.matrix.integer.copy()
    whole[at_a[1]] = False
    before = count_up(problem.matrix.with_integer(whole), YEAR_BY_YEAR).before
    assert before[at_a].tolist() == [FIRST] * 3
    assert before[at_b].tolist() == [FIRST, *at_b[:2]]
    assert (count_up(problem.matrix, STEPS_AND_HALLS).before[at_b] == FIRST).all()
    lower, upper = problem.matrix.lower.copy(), problem.matrix.upper.copy()
    lower[at_a[1]] = upper[at_a[1]] = 2.0
    assert count_up(problem.matrix.with_bounds(lower, upper)).before[at_a].tolist() == [FIRST, FIRST, at_a[0]]


def test_what_is_counted_up_is_not_counted_again(posed: Callable[..., Any]) -> None:
    counted = count_up(posed(**YEARS, workloads=[{"demand": {2024: 5, 2025: 9, 2026: 9}}]).matrix)
    assert (counted.before != FIRST).any()
    again = count_up(counted.matrix)
    assert (again.before == FIRST).all()
    assert again.matrix is counted.matrix


def test_sums_of_what_is_whole_to_rounding_are_whole(posed: Callable[..., Any]) -> None:
    problem: Problem = posed(**YEARS, workloads=[{"demand": {2024: 5, 2025: 9, 2026: 9}}])
    counted, lots = count_up(problem.matrix), problem.members("buy")
    x = problem.point.copy()
    x[lots] = [5 + 9e-10, 4 - 4e-10, 9e-10]
    assert counted.so_far(x)[lots].tolist() == [5, 9, 9]
    x[lots[0]] = 4.5
    assert counted.so_far(x)[lots][0] == 4.5


def test_a_start_is_given_as_the_plan_that_it_is(
    drawn: Callable[[int], Problem], capfd: pytest.CaptureFixture[str]
) -> None:
    """HiGHS passes over a start that breaks rows, and says so in its log alone."""
    problem = drawn(1)
    assert (count_up(problem.matrix).so_far(problem.point) != problem.point).any()
    branch_and_bound(
        problem.matrix,
        seconds=60,
        gap=0.0,
        stopped=lambda: False,
        start=problem.point,
        options={"output_flag": True},
    )
    assert "MIP start solution is feasible" in capfd.readouterr().out
