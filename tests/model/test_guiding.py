"""What guides the search to a plan: a point in which every site is open or not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from suanli.model.search import deciding, guiding
from suanli.model.search.branching import Answer, branch_and_bound
from suanli.model.search.guiding import NOTHING, linear_relaxation, relax

if TYPE_CHECKING:
    from suanli.model.arrays.matrix import Flags, Matrix

    from .conftest import Problem

Drawn = Callable[[int], "Problem"]
SEEDS = range(12)


def site_choices(matrix: Matrix) -> tuple[Flags, Flags]:
    """The columns that say whether a site is open, and those together with whether it is green."""
    opened = matrix.integer & np.asarray(matrix.families == "open")
    return opened, opened | (matrix.integer & np.asarray(matrix.families == "green_site"))


@pytest.mark.parametrize("seed", SEEDS)
def test_sites_are_whole_and_those_that_were_stay_as_they_are(seed: int, drawn: Drawn) -> None:
    problem = drawn(seed)
    state = problem.search()
    opened, whole = site_choices(problem.matrix)
    linear, guide = linear_relaxation(state).point, relax(state)
    assert linear is not None
    assert guide is not None
    assert problem.matrix.with_integer(whole).violation(guide.point) < 1e-5
    settled = opened & (np.abs(linear - np.round(linear)) <= NOTHING)
    np.testing.assert_allclose(guide.point[settled], np.round(linear[settled]))


CANDIDATES: list[dict[str, Any]] = [
    {"id": "cheap", "existing": False, "fixed_cost_cny_per_year": 100},
    {"id": "dearer", "existing": False, "fixed_cost_cny_per_year": 200},
    {"id": "dearest", "existing": False, "fixed_cost_cny_per_year": 5000},
]
"""Each has room for one hall of 100 servers; what is to be served takes 150."""

DEMAND = {"workloads": [{"demand": 150}]}


def test_only_sites_that_are_fractions_are_decided(
    posed: Callable[..., Problem], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside 100 servers at home, the linear relaxation opens half of the cheapest site, and none of the others."""
    problem = posed(sites=[{"id": "home"}, *CANDIDATES], **DEMAND)
    linear = linear_relaxation(state := problem.search()).point
    assert linear is not None
    assert linear[np.asarray(problem.matrix.families == "open")] == pytest.approx([1.0, 0.5, 0.0, 0.0])
    decided = []

    def noted(matrix: Matrix, **how: Any) -> Answer:
        decided.append(int(matrix.integer.sum()))
        return branch_and_bound(matrix, **how)

    monkeypatch.setattr(deciding, "branch_and_bound", noted)
    guide = relax(state)
    assert decided == [1]
    assert guide is not None
    assert guide.point[np.asarray(problem.matrix.families == "open")] == pytest.approx([1.0, 1.0, 0.0, 0.0])


def test_where_no_site_is_a_fraction_nothing_is_solved_again(
    posed: Callable[..., Problem], monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = posed(sites=[{"id": "home"}], workloads=[{"demand": 50}])
    linear = linear_relaxation(state := problem.search()).point
    for module in (guiding, deciding):
        monkeypatch.setattr(module, "branch_and_bound", None)
    guide = relax(state)
    assert guide is not None
    np.testing.assert_array_equal(guide.point, linear)


def test_all_sites_are_decided_where_those_alone_cannot_do_it(posed: Callable[..., Problem]) -> None:
    """Told that the linear relaxation opens half of the dearest site and no other, a search opens the two cheapest."""
    problem = posed(sites=CANDIDATES, **DEMAND)
    opened = np.asarray(problem.matrix.families == "open")
    state = problem.search()
    linear = linear_relaxation(state)
    assert linear.point is not None
    told = linear.point.copy()
    told[opened] = [0.0, 0.0, 0.5]
    state.linear = replace(linear, point=told)
    guide = relax(state)
    assert guide is not None
    assert guide.point[opened] == pytest.approx([1.0, 1.0, 0.0])
