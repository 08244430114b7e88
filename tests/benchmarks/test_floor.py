"""The matrix filled by hand is that of the model, number by number."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import sparse

from benchmarks.floor.given import given_part
from benchmarks.floor.matrix import COLUMNS, ROWS, FilledMatrix, fill, pass_on, scaled
from benchmarks.floor.plain_arrays import plain_arrays
from suanli.inputs.loading import load
from suanli.model.arrays.matrix import Matrix, hand_over

NAMES = ("quickstart", "jinan-2027")


@pytest.fixture(scope="module", params=NAMES)
def both(request: pytest.FixtureRequest) -> tuple[FilledMatrix, Matrix, Any]:
    """The filled matrix, the model's, and the filled one's number of each of the model's columns."""
    case = load(request.param).case
    arrays = plain_arrays(case)
    given, matrix, numbers = given_part(case, arrays)
    return fill(arrays, given), matrix, numbers


def rows_of(coefficients: Any, lower: Any, upper: Any, *, as_it_is: bool = False) -> list[tuple[Any, ...]]:
    """Every row: its columns, coefficients and limits, scaled by a power of two so that its largest is near one."""
    matrix = sparse.csr_array(coefficients)
    matrix.sort_indices()
    rows = []
    for row, (begin, end) in enumerate(zip(matrix.indptr, matrix.indptr[1:], strict=False)):
        values = matrix.data[begin:end]
        unit = 1.0 if as_it_is else 2.0 ** -np.floor(np.log2(np.abs(values).max()))
        columns = matrix.indices[begin:end].tolist()
        rows.append((columns, (values * unit).tolist(), float(lower[row] * unit), float(upper[row] * unit)))
    return sorted(rows)


def test_columns_cost_the_same_and_have_the_same_limits(both: tuple[FilledMatrix, Matrix, Any]) -> None:
    filled, matrix, numbers = both
    assert sorted(numbers) == list(range(len(matrix.cost))), "each column of the model has one number"
    np.testing.assert_allclose(filled.cost[numbers], matrix.cost / matrix.units * matrix.money_unit, rtol=1e-12)
    np.testing.assert_array_equal(filled.lower[numbers], matrix.lower * matrix.units)
    np.testing.assert_array_equal(filled.upper[numbers], matrix.upper * matrix.units)
    np.testing.assert_array_equal(filled.integer[numbers], matrix.integer)


def test_rows_are_the_same_rows(both: tuple[FilledMatrix, Matrix, Any]) -> None:
    filled, matrix, numbers = both
    assert filled.coefficients.nnz == matrix.coefficients.nnz
    model = sparse.coo_array(matrix.coefficients)
    in_case_units = sparse.coo_array(
        (model.data / matrix.units[model.col], (model.row, numbers[model.col])), model.shape
    )
    expected = rows_of(in_case_units, matrix.row_lower, matrix.row_upper)
    found = rows_of(filled.coefficients, filled.row_lower, filled.row_upper)
    for ours, theirs in zip(found, expected, strict=True):
        assert ours[0] == theirs[0]
        assert ours[1:] == (pytest.approx(theirs[1], rel=1e-12), *theirs[2:])


def test_scaled_it_is_what_suanli_hands_over(both: tuple[FilledMatrix, Matrix, Any]) -> None:
    filled, matrix, numbers = both
    ours = scaled(filled)
    column_of = np.argsort(numbers)  # the model's number of each filled column
    np.testing.assert_allclose(ours.cost, matrix.cost[column_of], rtol=1e-12)
    np.testing.assert_array_equal(ours.lower, matrix.lower[column_of])
    np.testing.assert_array_equal(ours.upper, matrix.upper[column_of])
    found = rows_of(ours.coefficients, ours.row_lower, ours.row_upper, as_it_is=True)
    expected = rows_of(matrix.coefficients[:, column_of], matrix.row_lower, matrix.row_upper, as_it_is=True)
    for our_row, their_row in zip(found, expected, strict=True):
        assert our_row[0] == their_row[0]
        assert our_row[1:] == tuple(pytest.approx(each, rel=1e-12) for each in their_row[1:])


def test_most_of_the_matrix_is_filled_and_not_given(both: tuple[FilledMatrix, Matrix, Any]) -> None:
    filled, matrix, _ = both
    assert set(COLUMNS) - {"unserved"} <= set(matrix.families)
    assert set(ROWS) - {"domestic_capacity", "egress", "standby_open"} <= set(matrix.row_families)
    in_filled_rows = np.isin(matrix.row_families, ROWS)[matrix.coefficients.tocoo().row].mean()
    assert in_filled_rows > 0.5, "the larger the case, the more"
    assert filled.coefficients.shape == matrix.coefficients.shape


def test_its_relaxation_has_the_same_optimum(both: tuple[FilledMatrix, Matrix, Any]) -> None:
    filled, matrix, _ = both
    costs = []
    for highs, unit in ((pass_on(filled), 1.0), (hand_over(matrix), matrix.money_unit)):
        highs.setOptionValue("solve_relaxation", True)
        highs.setOptionValue("threads", 1)
        highs.run()
        costs.append(highs.getInfo().objective_function_value * unit)
    assert costs[0] == pytest.approx(costs[1], rel=1e-7)
