"""The size of known models, their coefficients, and the scaling, which must not change the problem."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pytest

from suanli.inputs.loading import load
from suanli.model import solve
from suanli.model.arrays import matrix as matrices
from suanli.model.arrays.matrix import Matrix, compile_matrix, scale
from suanli.model.assemble import assemble

if TYPE_CHECKING:
    from .conftest import Solution

SCENARIOS = ("quickstart", "jinan-2027")


@pytest.fixture(scope="module")
def unscaled() -> dict[str, Matrix]:
    """The matrix of each scenario in the units of its case."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matrices, "scale", lambda matrix: matrix)
        return {name: compile_matrix(assemble(load(name).case)[0]) for name in SCENARIOS}


def test_the_size_of_the_quickstart(unscaled: dict[str, Matrix]) -> None:
    """Whoever changes these numbers says in the commit why the model of the same case has grown or shrunk."""
    size = unscaled["quickstart"].size()
    assert (size.rows, size.columns, size.nonzeros, size.integers) == (112, 98, 310, 67)


def test_the_quickstart_costs_what_its_file_reckons(audited: Callable[..., Solution]) -> None:
    plan = audited(solve(load("quickstart").case, gap=1e-9, threads=1))
    assert plan.cost == pytest.approx(12_539_311.44, rel=1e-9)
    assert plan.cell("hardware", "in_service", site="old_centre", hall="liquid", hardware="ai_server", year=2027) == 20
    assert plan.cell("halls", "converted_in", site="old_centre", hall="liquid", year=2026) == 1
    assert plan.cell("sites", "open", site="new_centre", year=2027) == 0


@pytest.mark.parametrize("name", SCENARIOS)
def test_coefficients_are_near_one_after_scaling(unscaled: dict[str, Matrix], name: str) -> None:
    smallest, largest = scale(unscaled[name]).size().coefficient_range
    assert 1e-3 <= smallest <= largest <= 1e4


def is_power_of_two(values: npt.NDArray[np.float64]) -> Any:
    return np.frexp(values)[0] == 0.5


@pytest.mark.parametrize("name", SCENARIOS)
def test_scaling_changes_no_digit_of_the_problem(unscaled: dict[str, Matrix], name: str) -> None:
    before, after = unscaled[name], scale(unscaled[name])
    was, now = before.coefficients.tocoo(), after.coefficients.tocoo()
    np.testing.assert_array_equal((now.row, now.col), (was.row, was.col))

    # Columns are measured in units of powers of two, whole numbers in ones.
    assert is_power_of_two(after.units).all()
    assert (after.units[before.integer] == 1.0).all()
    np.testing.assert_array_equal(after.integer, before.integer)
    np.testing.assert_array_equal(after.lower * after.units, before.lower)
    np.testing.assert_array_equal(after.upper * after.units, before.upper)

    # Each row is multiplied by one power of two, on both sides.
    of_each = now.data / (was.data * after.units[was.col])
    of_row = np.ones(was.shape[0])
    of_row[was.row] = of_each
    assert is_power_of_two(of_row).all()
    np.testing.assert_array_equal(of_each, of_row[was.row])
    np.testing.assert_array_equal(after.row_lower, before.row_lower * of_row)
    np.testing.assert_array_equal(after.row_upper, before.row_upper * of_row)

    # Money is counted in one power of two of CNY.
    assert is_power_of_two(np.array([after.money_unit])).all()
    np.testing.assert_array_equal(after.cost * after.money_unit, before.cost * after.units)
    assert after.offset * after.money_unit == before.offset


def test_a_point_has_the_same_cost_in_both_scales(unscaled: dict[str, Matrix]) -> None:
    before, after = unscaled["quickstart"], scale(unscaled["quickstart"])
    point = np.random.default_rng(0).uniform(0.0, 10.0, len(before.cost))
    assert after.objective(point / after.units) * after.money_unit == pytest.approx(before.objective(point), rel=1e-12)
