"""Strengthening changes no optimum: random cases with and without it, and its bounds worked out by hand."""

from __future__ import annotations

from collections.abc import Callable

import highspy
import numpy as np
import numpy.typing as npt
import pytest

from suanli.inputs.case import Case
from suanli.inputs.generating.random_case import draw_case
from suanli.model.arrays.matrix import Matrix, compile_matrix, hand_over
from suanli.model.assemble import assemble


def optimum(case: Case, *, plain: bool) -> tuple[float, Matrix, npt.NDArray[np.float64]]:
    model, _ = assemble(case, plain=plain)
    matrix = compile_matrix(model)
    assert not model.impossible
    highs = hand_over(matrix)
    for name, value in (("mip_rel_gap", 0.0), ("mip_feasibility_tolerance", 1e-9), ("threads", 1)):
        highs.setOptionValue(name, value)
    highs.run()
    assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    cost = highs.getInfo().objective_function_value * matrix.money_unit
    return cost, matrix, np.array(highs.getSolution().col_value)


@pytest.mark.parametrize("seed", range(60))
def test_the_optimum_is_that_of_the_plain_model(seed: int) -> None:
    case = draw_case("tiny", seed, sites=3, workloads=3, years=1 + seed % 2).case
    expected, plain, _ = optimum(case, plain=True)
    found, strengthened, point = optimum(case, plain=False)
    assert found == pytest.approx(expected, rel=1e-7, abs=1e-3)
    assert np.isfinite(strengthened.reach).all()
    assert (strengthened.reach <= strengthened.upper).all()
    assert (point <= strengthened.reach + 1e-6).all()
    assert np.isinf(plain.upper[plain.families == "buy"]).all()


def reach(case: Case, family: str) -> list[float]:
    matrix = compile_matrix(assemble(case)[0])
    return [float(most) for most in (matrix.reach * matrix.units)[matrix.families == family]]


def test_bounds_follow_from_the_racks(make_case: Callable[..., Case]) -> None:
    """10 racks of 10 kW: 10 units of 1 kW to a rack, so 100 units, 33 lots of 3, 100 * 0.5 kW * 8.76 MWh, PUE 1.4."""
    case = make_case(
        sites=[{"green_max_share": 0.5}],
        hall_types=[{"pue": 1.4}],
        hardware=[{"average_kw": 0.5, "lot": 3}],
        targets=[
            {"metric": "it_mwh", "sense": ">=", "value": 500, "penalty_cny": 1},
            {"metric": "it_mwh", "sense": "<=", "value": 400, "penalty_cny": 1},
        ],
    )
    assert reach(case, "own") == [100]
    assert reach(case, "buy") == [33]
    assert reach(case, "it_mwh") == pytest.approx([438])
    assert reach(case, "facility_mwh") == pytest.approx([613.2])
    assert reach(case, "green") == pytest.approx([306.6])
    assert reach(case, "miss") == pytest.approx([500, 38])


def test_bounds_follow_from_the_grid_where_it_carries_less(make_case: Callable[..., Case]) -> None:
    """(30 + 2 * 10) kW at PUE 1.25 carry 40 units of 1 kW: 40 * 0.5 kW * 8.76 MWh."""
    case = make_case(
        sites=[{"grid_kw": 30, "grid_step_kw": 10, "grid_max_steps": 2}],
        hall_types=[{"pue": 1.25}],
        hardware=[{"average_kw": 0.5}],
    )
    assert reach(case, "it_mwh") == pytest.approx([175.2])
    assert reach(case, "facility_mwh") == pytest.approx([219])


def test_what_takes_neither_rack_nor_power_has_no_bound(make_case: Callable[..., Case]) -> None:
    case = make_case(hardware=[{"rack_units": 0, "peak_kw": 0, "average_kw": 1}])
    for family in ("own", "buy", "it_mwh"):
        assert reach(case, family) == [np.inf]


@pytest.mark.parametrize(("lot", "supply", "sold"), [(1, 5, 5), (1, 5.8, 5), (2, 5, 4), (6, 5, 0), (1, 0.57 * 100, 57)])
def test_of_the_supply_whole_lots_count(make_case: Callable[..., Case], lot: int, supply: float, sold: int) -> None:
    """Of 5 units, 2 lots of 2 can be bought: in fractions no more than that either, but in the plain model all 5."""
    case = make_case(hardware=[{"lot": lot, "supply": {2024: supply}}, {"id": "dear", "price_cny": 1000}])
    for how, most in (({}, sold), ({"plain": True}, supply), ({"as_stated": True}, supply)):
        matrix = compile_matrix(assemble(case, **how)[0])
        limits = np.asarray(matrix.row_families == "supply")
        assert (matrix.row_upper * matrix.row_units)[limits].tolist() == pytest.approx([most])
