"""There is a plan for every random case: the one it was drawn around."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suanli.inputs.consistency import faults
from suanli.inputs.generating.random_case import Drawn, draw_case
from suanli.inputs.generating.sizes import SIZES
from suanli.model import solve

AuditWitness = Callable[[Drawn], list[str]]


@pytest.mark.parametrize("seed", range(30))
def test_tiny_cases_are_solved_to_a_proof(seed: int) -> None:
    plan = solve(draw_case("tiny", seed).case, gap=0.01, time_limit=30, threads=1)
    assert plan.status == "optimal"


@pytest.mark.parametrize(("size", "seeds"), [("tiny", 60), ("small", 20), ("city", 6), ("region", 1)])
def test_the_plan_drawn_with_a_case_keeps_all_its_limits(size: str, seeds: int, audit_witness: AuditWitness) -> None:
    for seed in range(seeds):
        drawn = draw_case(size, seed)
        assert list(faults(drawn.case)) == []
        assert audit_witness(drawn) == []


@settings(max_examples=40, deadline=None)
@given(
    size=st.sampled_from(sorted(SIZES)),
    seed=st.integers(0, 10**9),
    sites=st.integers(3, 40),
    workloads=st.integers(1, 60),
    years=st.integers(1, 9),
)
def test_other_numbers_of_sites_workloads_and_years_have_a_plan_too(
    audit_witness: AuditWitness, size: str, seed: int, sites: int, workloads: int, years: int
) -> None:
    drawn = draw_case(size, seed, sites=sites, workloads=workloads, years=years)
    case = drawn.case
    assert (len(case.sites), len(case.workloads), len(case.years)) == (sites, workloads, years)
    assert list(faults(case)) == []
    assert audit_witness(drawn) == []


def test_the_audit_of_a_drawn_plan_would_find_a_fault(city: Drawn, audit_witness: AuditWitness) -> None:
    (site, year), steps = next(iter(city.witness.upgraded.items()))
    fewer = replace(city.witness, upgraded={**city.witness.upgraded, (site, year): steps - 1})
    failures = audit_witness(Drawn(city.case, fewer))
    assert failures
    assert all("kW" in failure for failure in failures)
