"""The gap over time, from a history of plans and bounds."""

from __future__ import annotations

import math

import pytest

from benchmarks.moments import Moment, gap_at, seconds_to_gap, seconds_to_plan

NOTHING, NO_BOUND = math.inf, -math.inf

HISTORY = (
    Moment(1.0, NOTHING, 90.0),  # a bound, no plan
    Moment(2.0, 120.0, 90.0),  # 30 of 120: 25 %
    Moment(4.0, 100.0, 90.0),  # 10 of 100: 10 %
    Moment(7.5, 100.0, 99.0),  # 1 %
    Moment(9.0, 100.0, 99.6),  # 0.4 %
)


@pytest.mark.parametrize(
    ("seconds", "gap"),
    [(0.5, math.inf), (1.0, math.inf), (2.0, 0.25), (3.9, 0.25), (4.0, 0.10), (8.0, 0.01), (9.0, 0.004), (60.0, 0.004)],
)
def test_the_gap_is_that_of_the_last_moment_before(seconds: float, gap: float) -> None:
    assert gap_at(HISTORY, seconds) == pytest.approx(gap)


def test_the_first_plan_is_the_first_moment_with_a_cost() -> None:
    assert seconds_to_plan(HISTORY) == 2.0
    assert seconds_to_plan(HISTORY[:1]) == math.inf
    assert seconds_to_plan(()) == math.inf


@pytest.mark.parametrize(("gap", "seconds"), [(0.3, 2.0), (0.10, 4.0), (0.01, 7.5), (0.005, 9.0), (0.001, math.inf)])
def test_a_gap_is_closed_at_the_first_moment_that_is_as_small(gap: float, seconds: float) -> None:
    assert seconds_to_gap(HISTORY, gap) == seconds


def test_a_gap_is_relative_to_the_size_of_the_plan_s_cost() -> None:
    assert Moment(0.0, -80.0, -100.0).gap == pytest.approx(0.25)  # 20 of 80
    assert Moment(0.0, 100.0, 100.0 + 1e-9).gap == 0.0, "a bound above the plan by rounding"
    assert Moment(0.0, 100.0, NO_BOUND).gap == math.inf
    assert Moment(0.0, 0.0, 0.0).gap == 0.0
