"""Traced rules: the arrays say what Pyomo writes out row by row, and mistakes in a rule are told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo
import pytest
from pyomo.repn import generate_standard_repn

from suanli.inputs.loading import load
from suanli.model.arrays import matrix as matrices
from suanli.model.arrays.components import Numbers
from suanli.model.arrays.families import Model, add_decisions, add_rows
from suanli.model.arrays.matrix import Matrix, compile_matrix
from suanli.model.arrays.members import Dimension, Members
from suanli.model.assemble import assemble

Index = tuple[str, Any]


@pytest.fixture
def unscaled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matrices, "scale", lambda matrix: matrix)


def _named(expression: Any) -> tuple[dict[str, float], float]:
    """Coefficients by the name of the variable, and the constant, as Pyomo sees them."""
    linear = generate_standard_repn(expression)
    assert linear.is_linear()
    terms: dict[str, float] = {}
    for variable, coefficient in zip(linear.linear_vars, linear.linear_coefs, strict=True):
        terms[variable.name] = terms.get(variable.name, 0.0) + coefficient
    return {name: value for name, value in terms.items() if value}, linear.constant


def _name(index: Index) -> str:
    family, labels = index
    return f"{family}[{','.join(map(str, labels if isinstance(labels, tuple) else (labels,)))}]"


def _row(matrix: Matrix, row: int) -> dict[str, float]:
    entries = matrix.coefficients.tocsr()[[row]].tocoo()
    return {_name(matrix.layout.column(j)): v for j, v in zip(entries.coords[1].tolist(), entries.data, strict=True)}


@pytest.mark.usefixtures("unscaled")
def test_each_row_and_the_cost_are_what_pyomo_writes_out() -> None:
    model, _ = assemble(load("quickstart").case)
    matrix = compile_matrix(model)
    for row, lower in enumerate(matrix.row_lower):
        family, index = matrix.layout.row(row)
        constraint = getattr(model, family)[index]
        terms, constant = _named(constraint.body)
        assert _row(matrix, row) == pytest.approx(terms), (family, index)
        bounds = (-np.inf if each is None else pyo.value(each) - constant for each in (constraint.lb, constraint.ub))
        low, high = bounds
        high = np.inf if constraint.ub is None else high
        assert (lower, matrix.row_upper[row]) == pytest.approx((low, high)), (family, index)
    terms, constant = _named(model.net_present_cost.written_out())
    paid = {_name(matrix.layout.column(j)): cost for j, cost in enumerate(matrix.cost) if cost}
    assert paid == pytest.approx(terms)
    assert matrix.offset == pytest.approx(constant)


@pytest.mark.usefixtures("unscaled")
def test_variables_have_the_bounds_of_their_columns() -> None:
    model, _ = assemble(load("quickstart").case)
    matrix = compile_matrix(model)
    for column in range(len(matrix.cost)):
        family, index = matrix.layout.column(column)
        variable = getattr(model, family)[index]
        assert (variable.lb, variable.ub) == (matrix.lower[column], matrix.upper[column] if variable.has_ub() else None)
        assert variable.is_integer() or variable.is_binary() or not matrix.integer[column]


@pytest.fixture
def small() -> Model:
    """Stock of two goods in three years: 5 and 7 at first, what is bought is kept; sold only where there is a price."""
    model = pyo.ConcreteModel()
    good, year = Dimension("good", ("tea", "salt")), Dimension("year", (2001, 2002, 2003))
    model.all = Members((good, year))
    model.sold = Members.where((good, year), np.array([[True, False, True], [False, False, False]]))
    model.first = Numbers((good, year), [[5, 0, 0], [7, 0, 0]])
    model.weight = Numbers((good,), [2.0, 3.0])
    add_decisions(model, "stock", model.all, upper=lambda m, g, t: 100 * m.weight[g])
    add_decisions(model, "buy", model.all, whole=True)
    add_decisions(model, "sell", model.sold)
    model.net_present_cost = None
    model.costs = []
    return model


def _rows(model: Model) -> list[tuple[str, dict[str, float], float, float]]:
    matrix = compile_matrix(model)
    return [
        (_name(matrix.layout.row(i)), _row(matrix, i), matrix.row_lower[i], matrix.row_upper[i])
        for i in range(len(matrix.row_lower))
    ]


@pytest.mark.usefixtures("unscaled")
def test_what_cannot_be_decided_counts_as_nothing(small: Model) -> None:
    def balance(m: Model, g: str, t: int) -> Any:
        return m.stock[g, t] == m.stock[g, t - 1] + m.first[g, t] + m.buy[g, t] - m.sell[g, t]

    add_rows(small, "balance", small.all, balance)
    rows = {name: (terms, low, high) for name, terms, low, high in _rows(small)}
    first = {"stock[tea,2001]": 1, "buy[tea,2001]": -1, "sell[tea,2001]": 1}
    assert rows["balance[tea,2001]"] == (first, 5, 5)
    later = {"stock[tea,2002]": 1, "stock[tea,2001]": -1, "buy[tea,2002]": -1}
    assert rows["balance[tea,2002]"] == (later, 0, 0)
    assert "sell[salt,2003]" not in rows["balance[salt,2003]"][0]


@pytest.mark.usefixtures("unscaled")
def test_sums_run_over_what_stands_at_the_colons(small: Model) -> None:
    def load_of(m: Model, t: int) -> Any:
        carried = sum(m.weight[g] * (m.stock[g, t] + m.buy[g, t] / 2) for g in m.all[:, t])
        return carried - sum(m.sell[g, u] for g, u in m.sold[:, :]) <= 4 * sum(m.weight[g] for g in m.all[:, t])

    add_rows(small, "carried", small.all.over("year"), load_of)
    sold = {"sell[tea,2001]": -1, "sell[tea,2003]": -1}
    assert _rows(small)[1] == (
        "carried[2002]",
        {"stock[tea,2002]": 2, "stock[salt,2002]": 3, "buy[tea,2002]": 1, "buy[salt,2002]": 1.5, **sold},
        -np.inf,
        20,
    )


@pytest.mark.usefixtures("unscaled")
def test_rows_without_decisions_are_left_out_or_make_the_case_impossible(small: Model) -> None:
    add_rows(small, "limit", small.all, lambda m, g, t: m.sell[g, t] >= m.first[g, t])
    assert [name for name, *_ in _rows(small)] == ["limit[tea,2001]", "limit[tea,2003]"]
    assert small.impossible == [("limit", ("salt", 2001))]


def test_an_index_in_the_wrong_place_is_told(small: Model) -> None:
    add_rows(small, "wrong", small.all, lambda m, g, t: m.stock[t, g] >= 0)
    with pytest.raises(TypeError, match="index 1 of stock is a good, not a year"):
        compile_matrix(small)


def test_a_product_of_decisions_is_told(small: Model) -> None:
    add_rows(small, "wrong", small.all, lambda m, g, t: m.stock[g, t] * m.buy[g, t] >= 1)
    with pytest.raises(TypeError, match=r"(stock|buy).* is multiplied with another decision"):
        compile_matrix(small)
