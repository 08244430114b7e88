"""Every part of the planning problem is in use in every case of the size `city`."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import pytest

from suanli.inputs.case import Case
from suanli.inputs.generating.catalogue import racks_per_unit
from suanli.inputs.generating.random_case import draw_case
from suanli.inputs.parts import Metric, Workload

SEEDS = (1, 2, 3, 7, 11)


@pytest.fixture(scope="module", params=SEEDS)
def case(request: pytest.FixtureRequest) -> Case:
    return draw_case("city", request.param).case


def test_sites_of_every_kind_exist_already_or_may_be_opened(case: Case) -> None:
    for kind in ("core", "edge"):
        assert {site.existing for site in case.sites if site.kind == kind} == {True, False}
    assert {site.in_city for site in case.sites if site.kind == "remote"} == {False}
    assert len({site.zone for site in case.sites if site.kind == "core"}) >= 3
    assert {site.earliest_year for site in case.sites} == {2026, 2027}
    assert {site.security_level for site in case.sites} == {2, 3}
    candidates = [site for site in case.sites if not site.existing]
    assert all(site.opening_cost_cny > 0 and not site.existing_halls for site in candidates)
    assert all(site.fixed_cost_cny_per_year > 0 for site in case.sites)
    assert len({site.build_cost_factor for site in case.sites}) > 3
    assert len({site.pue_factor for site in case.sites}) > 3


def test_halls_stand_are_built_and_are_converted(case: Case) -> None:
    assert {hall.id for hall in case.hall_types} == {"legacy", "air", "indirect", "dense", "liquid", "edge", "leased"}
    assert {hall.cooling for hall in case.hall_types} == {"air", "liquid"}
    assert {hall.lead_years for hall in case.hall_types} == {0, 1}
    assert all(2.5 <= hall.rack_kw <= 130 and 1.1 <= hall.pue <= 1.6 for hall in case.hall_types)
    assert all(hall.upkeep_cny_per_year > 0 and hall.life_years > len(case.years) for hall in case.hall_types)
    standing = {hall for site in case.sites for hall in site.existing_halls}
    assert standing == {"legacy", "air", "dense", "edge"}
    allowed = {hall for site in case.sites for hall in site.allowed_halls}
    assert allowed == {"air", "indirect", "dense", "liquid", "edge", "leased"}
    for conversion in case.conversions:
        assert any(
            conversion.from_hall in site.existing_halls and conversion.to_hall in site.allowed_halls
            for site in case.sites
        )
    assert all(site.max_halls >= sum(site.existing_halls.values()) for site in case.sites)


def test_power_is_limited_can_be_extended_and_bought_green(case: Case) -> None:
    assert any(site.grid_max_steps == 0 for site in case.sites)
    assert all(site.grid_max_steps > 0 and site.grid_step_kw > 0 for site in case.sites if site.kind != "remote")
    assert all(site.grid_step_cost_cny > 0 for site in case.sites if site.grid_max_steps)
    assert len({site.usable_grid for site in case.sites}) >= 3
    assert all(site.electricity_cny_per_kwh > 0.3 and site.carbon_kg_per_kwh > 0.5 for site in case.sites)
    assert {0.5, 0.9, 1.0} == {site.green_max_share for site in case.sites}
    assert all(site.green_premium_cny_per_kwh > 0 for site in case.sites)
    assert {site.egress_gbps is None for site in case.sites} == {True, False}


def test_hardware_differs_in_everything_that_counts(case: Case) -> None:
    hardware = case.hardware
    assert {kind.domestic for kind in hardware} == {True, False}
    assert {kind.lot for kind in hardware} == {1, 2, 4, 5, 10, 20, 50}
    assert {kind.sites is None for kind in hardware} == {True, False}
    assert any(kind.available_from > case.years[0] for kind in hardware)
    assert any(kind.available_to < case.years[-1] for kind in hardware)
    assert any(set(kind.supply) == set(case.years) for kind in hardware)
    assert any(not kind.supply for kind in hardware)
    assert {kind.fee_cny_per_year > 0 for kind in hardware} == {True, False}
    assert {kind.maintenance_rate > 0 for kind in hardware} == {True, False}
    assert len({kind.life_years for kind in hardware}) >= 3
    assert {"general", "ai", "hpc"} < {kind.hardware_class for kind in hardware}
    assert {kind.counted_pflops > 0 for kind in hardware} == {True, False}
    assert any(len(kind.provides) > 1 for kind in hardware)
    hall = {hall.id: hall for hall in case.hall_types}
    racks = {racks_per_unit(kind, hall[name]) for kind in hardware for name in kind.halls}
    assert any(taken > 1 for taken in racks)
    assert any(taken < 1 for taken in racks)
    pools = {kind.pool for kind in hardware}
    assert len(pools) == 8
    assert any(len({tuple(kind.provides) for kind in hardware if kind.pool == pool}) > 1 for pool in pools)


def test_the_fleet_retires_in_part(case: Case) -> None:
    life = {kind.id: kind.life_years for kind in case.hardware}
    ends = [row.install_year + life[row.hardware] for row in case.fleet]
    assert any(end in case.years for end in ends)
    assert any(end > case.years[-1] for end in ends)
    assert all(end > case.base_year for end in ends)


WORKLOADS: dict[str, Callable[[Workload], bool]] = {
    "indivisible": lambda w: not w.divisible,
    "domestic": lambda w: w.domestic_only,
    "backed up": lambda w: w.backup > 0,
    "backed up wholly or in part": lambda w: 0 < w.backup < 1,
    "indivisible and backed up": lambda w: w.backup > 0 and not w.divisible,
    "priced": lambda w: w.unserved_penalty_cny is not None,
    "near": lambda w: w.latency_limit_ms is not None,
    "secure": lambda w: w.security_level == 3,
    "city-wide": lambda w: w.district == "city",
    "of several resources": lambda w: len(w.demand) > 1,
    "starting later": lambda w: any(next(iter(by_year.values())) == 0 for by_year in w.demand.values()),
    "allowed in a hub": lambda w: any(site.startswith("hub") for site in w.sites),
}


@pytest.mark.parametrize("feature", WORKLOADS)
def test_some_workloads_have_it_and_some_do_not(case: Case, feature: str) -> None:
    assert {WORKLOADS[feature](workload) for workload in case.workloads} == {True, False}


def test_workloads_keep_to_what_their_sites_allow(case: Case) -> None:
    level = {site.id: site.security_level for site in case.sites}
    zone = {site.id: site.zone for site in case.sites}
    for workload in case.workloads:
        assert all(level[site] >= workload.security_level for site in workload.sites)
        assert len({zone[site] for site in workload.sites}) >= (2 if workload.backup else 1)
        assert any(gbps > 0 for gbps in workload.gbps.values())


def test_some_systems_of_a_district_are_proportional_and_most_are_not(case: Case) -> None:
    def mix(workload: Workload) -> tuple[object, ...]:
        return (
            workload.pool,
            tuple(workload.sites),
            tuple(
                round(amount / max(by_year.values()), 6)
                for by_year in workload.demand.values()
                for amount in by_year.values()
            ),
            workload.district,
        )

    mixes = {mix(workload) for workload in case.workloads}
    assert 0.4 < len(mixes) / len(case.workloads) < 1


def test_targets_of_every_metric_hard_and_soft_in_scopes_of_every_kind(case: Case) -> None:
    targets = case.targets
    assert {target.metric for target in targets} == set(get_args(Metric))
    assert {target.sense for target in targets} == {">=", "<=", "=="}
    hard = {target.metric for target in targets if target.penalty_cny is None}
    soft = {target.metric for target in targets if target.penalty_cny is not None}
    for ratio in ("domestic_share", "rack_utilisation", "pue", "green_share"):
        assert ratio in hard & soft
    assert {target.scope.in_city for target in targets} == {True, False, None}
    for scope in ("districts", "kinds", "sites", "pools", "classes", "resource"):
        assert any(getattr(target.scope, scope) is not None for target in targets), scope
    assert len({target.year for target in targets}) == 3


def test_money_has_a_rate_a_budget_and_a_price_of_carbon(case: Case) -> None:
    assert (case.discount_rate, case.carbon_price_cny_per_tonne) == (0.05, 80)
    assert len(case.budget_cny) == 2
    assert all(1e8 < budget < 1e11 for budget in case.budget_cny.values())
    assert case.green_site.min_it_mw == 1.0
    assert case.compute_convention == {"general": "fp32", "ai": "fp16", "hpc": "fp64"}
    assert 0 < case.max_utilisation["vcpu"] < 1
