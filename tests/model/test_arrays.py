"""The arrays a model is held in: numbers by year, linear terms, and the factors that scale a matrix."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from suanli.model.arrays.forms import LinearForm, together
from suanli.model.arrays.members import Dimension, Members
from suanli.model.arrays.scaling import scale_factors
from suanli.model.arrays.tracing import Terms
from suanli.model.data import by_year


def test_years_outside_the_plan_do_not_count_and_missing_ones_are_absent() -> None:
    values = [{2025: 9.0, 2026: 1.0, 2027: 2.0}, {}, {2028: 3.0, 10**20: 9.0, 2029: 9.0}]
    table = by_year(values, (2026, 2027, 2028), absent=-1.0)
    assert table.tolist() == [[1.0, 2.0, -1.0], [-1.0, -1.0, -1.0], [-1.0, -1.0, 3.0]]
    assert by_year([], (2026, 2027), absent=0.0).shape == (0, 2)


def test_terms_are_their_pieces_one_after_another_without_zeros() -> None:
    rows, columns = np.array([0, 1], dtype=np.int32), np.array([4, 5], dtype=np.int32)
    pieces = ((rows, columns, np.array([2.0, 0.0])), (rows, columns, np.array([3.0, 7.0])))
    terms = Terms(Members((Dimension("year", (2026, 2027)),)), pieces, np.array([10.0, 20.0]))
    assert (terms.rows.tolist(), terms.columns.tolist()) == ([0, 0, 1], [4, 4, 5])
    assert terms.coefficients.tolist() == [2.0, 3.0, 7.0]
    x = np.array([0.0, 0.0, 0.0, 0.0, 1.0, 2.0])
    assert terms.values(x).tolist() == [10.0 + (2.0 + 3.0) * 1.0, 20.0 + 7.0 * 2.0]
    assert Terms(terms.members, (), terms.constants).values(x).tolist() == [10.0, 20.0]


def test_forms_add_up_and_none_is_nothing() -> None:
    form = LinearForm(np.array([1, 0]), np.array([3.0, 4.0]))
    x = np.array([10.0, 100.0])
    assert together([form, form]).value(x) == 2 * (3.0 * 100.0 + 4.0 * 10.0)
    assert together([]).value(x) == 0.0


def test_rows_and_movable_columns_come_near_one_by_powers_of_two() -> None:
    """The row holds 4 and 16, in logarithms 2 and 4 with the middle 3; so the column that may move is 4 - 3 = 1 in it.

    In the second round that column is 4 - 1 = 3, and the middle of 2 and 3 is 2.5: the row's factor is 2 ** -2.5, and
    the column's 2 ** -(4 - 2.5). Both are rounded to 2 ** -2. The other row and the last column are empty.
    """
    matrix = sparse.csc_array(np.array([[4.0, 16.0, 0.0], [0.0, 0.0, 0.0]]))
    rows, columns = scale_factors(matrix, np.array([False, True, True]))
    assert rows.tolist() == [0.25, 1.0]
    assert columns.tolist() == [1.0, 0.25, 1.0]


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_coefficients_of_any_size_are_scaled(size: float) -> None:
    (row,), _ = scale_factors(sparse.csc_array([[size]]), np.array([False]))
    assert 2**-0.5 <= row * size <= 2**0.5
