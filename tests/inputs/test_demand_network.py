"""Demand from drivers and the way to a site, reckoned by hand."""

import math
from collections.abc import Callable
from typing import Any

import pytest

from suanli.inputs.demand import district_shares, driver_value, tidy
from suanli.inputs.loading import Loaded
from suanli.inputs.network import cny_per_gbps, great_circle_km, node_kind, round_trip_ms
from suanli.inputs.parts import Site, SiteKind
from suanli.inputs.rows import District, Driver, Network, WorkloadRow

Load = Callable[[str], Loaded]


def test_a_driver_is_constant_before_linear_between_and_grows_after() -> None:
    driver = Driver(id="cameras", value={2024: 100, 2028: 300, 2030: 200}, growth_after=0.1)
    assert driver_value(driver, 2020) == 100
    assert driver_value(driver, 2024) == 100
    assert driver_value(driver, 2025) == 150  # 100 + 200 x 1/4
    assert driver_value(driver, 2028) == 300
    assert driver_value(driver, 2029) == 250
    assert driver_value(driver, 2030) == 200
    assert driver_value(driver, 2032) == pytest.approx(242)  # 200 x 1.1 x 1.1


def test_a_driver_without_growth_stays_at_its_last_value() -> None:
    assert driver_value(Driver(id="x", value={2024: 7}), 2040) == 7


def workload(**fields: Any) -> WorkloadRow:
    return WorkloadRow(id="w", pool="p", driver="d", **fields)


DISTRICTS = [
    District(id="north", latitude=36, longitude=117, population=30, weights={"cameras": 1}),
    District(id="south", latitude=35, longitude=117, population=10, weights={"cameras": 1}),
    District(id="lake", latitude=35, longitude=117),
]


def test_shares_follow_population_or_a_weight_and_sum_to_one() -> None:
    assert district_shares(workload(spread="population"), DISTRICTS) == {"north": 0.75, "south": 0.25}
    assert district_shares(workload(spread="cameras"), DISTRICTS) == {"north": 0.5, "south": 0.5}
    assert district_shares(workload(spread="population", districts=("south", "lake")), DISTRICTS) == {"south": 1.0}
    assert district_shares(workload(spread="population", districts=("lake",)), DISTRICTS) == {}


def test_the_noise_of_binary_fractions_is_left_out() -> None:
    assert tidy(0.1 + 0.2) == 0.3
    assert tidy(1234567890123456.0) == 1234567890120000.0


def test_great_circles() -> None:
    assert great_circle_km(36, 117, 36, 117) == 0
    # One degree of a meridian: 6371 x pi / 180 = 111.195 km.
    assert great_circle_km(36, 117, 35, 117) == 111.195
    # A quarter of the equator, and the antipodes.
    assert great_circle_km(0, 0, 0, 90) == round(6371 * math.pi / 2, 3)
    assert great_circle_km(0, 0, 0, 180) == round(6371 * math.pi, 3)


def site(kind: SiteKind, district: str) -> Site:
    return Site(id="s", kind=kind, district=district, earliest_year=2026, max_halls=1, grid_kw=1)


def test_an_edge_node_in_the_own_district_is_a_local_one() -> None:
    assert node_kind(site("edge", "north"), "north") == "local_edge"
    assert node_kind(site("edge", "north"), "south") == "edge"
    assert node_kind(site("edge", "north"), "city") == "edge"
    assert node_kind(site("core", "north"), "north") == "core"
    assert node_kind(site("remote", ""), "") == "remote"


NETWORK = Network(
    round_trip_ms_per_100_km=1.0,
    route_factor=1.5,
    ms_per_hop=0.2,
    access_ms={"fibre": 1.0, "mobile_5g": 8.0},
    hops={"local_edge": 1, "core": 4},
    cny_per_gbps_year={"local_edge": 1000.0, "core": 5000.0},
    cny_per_gbps_km_year=10.0,
)


def test_the_round_trip_is_access_fibre_and_hops() -> None:
    assert round_trip_ms(NETWORK, "mobile_5g", "core", 200) == pytest.approx(8 + 1.5 * 2 + 0.2 * 4)
    assert round_trip_ms(NETWORK, "fibre", "local_edge", 0) == 1.2
    assert round_trip_ms(NETWORK, None, "edge", 100) == 1.5


def test_the_cost_of_a_gbps_is_a_fixed_part_and_one_for_the_length_of_the_route() -> None:
    assert cny_per_gbps(NETWORK, "core", 40) == 5000 + 10 * 1.5 * 40
    assert cny_per_gbps(NETWORK, "edge", 0) == 0


SPREAD = """\
network:
  round_trip_ms_per_100_km: 1.0
  route_factor: 1.5
  ms_per_hop: 0.2
  access_ms: {fibre: 1.0}
  hops: {local_edge: 1, edge: 2, core: 4}
  cny_per_gbps_year: {local_edge: 1000, edge: 2000, core: 5000}
  cny_per_gbps_km_year: 10
drivers: {people: {value: {2027: 300}}}
workloads:
  office: {spread: population, access: fibre, latency_limit_ms: 3, gbps: 0.01, unserved_penalty_cny: 1000}
"""


def test_a_row_becomes_one_workload_for_every_district(loaded: Load) -> None:
    north, south = loaded(SPREAD).case.workloads
    assert (north.id, north.system, north.district) == ("office@north", "office", "north")
    assert (south.id, south.system, south.district) == ("office@south", "office", "south")
    # 100 in 2025, 300 in 2027: 200 in 2026; 2 vCPU each; three quarters live in the north.
    assert {r: dict(d) for r, d in north.demand.items()} == {"vcpu": {2026: 300, 2027: 450}}
    assert {r: dict(d) for r, d in south.demand.items()} == {"vcpu": {2026: 100, 2027: 150}}
    assert dict(north.gbps) == {2026: 1.5, 2027: 2.25}
    assert (north.unserved_penalty_cny, south.unserved_penalty_cny) == (750, 250)


def test_the_sites_of_a_workload_are_those_within_its_limit_at_their_cost(loaded: Load) -> None:
    north, south = loaded(SPREAD).case.workloads
    # From north: the core on the spot 1 + 0.8 = 1.8 ms; the node 111.195 km away 1 + 1.668 + 0.4 = 3.068 ms, too far.
    assert dict(north.sites) == {"core": 5000}
    # From south: the node in the own district 1.2 ms; the core 1 + 1.668 + 0.8 = 3.468 ms, too far.
    assert dict(south.sites) == {"node": 1000}
    north, south = loaded(SPREAD + "change: {workloads.office.latency_limit_ms: 5}\n").case.workloads
    # 111.195 km x 1.5 x 10 = 1667.925 a Gbps for the way.
    assert dict(north.sites) == {"core": 5000, "node": 3667.925}
    assert dict(south.sites) == {"core": 6667.925, "node": 1000}


@pytest.mark.parametrize(
    ("fields", "sites"),
    [
        ("", ["core", "node"]),
        ("kinds: [edge]", ["node"]),
        ("zones: [east]", ["core"]),
        ("only_sites: [node]", ["node"]),
        ("security_level: 4", ["core"]),
        ("kinds: [edge], zones: [east]", []),
    ],
)
def test_security_kinds_zones_and_sites_narrow_the_choice(loaded: Load, fields: str, sites: list[str]) -> None:
    found = loaded(f"sites: {{core: {{security_level: 4}}}}\nworkloads: {{office: {{{fields}}}}}\n").case.workloads[0]
    assert (found.id, found.district) == ("office@city", "city")
    assert list(found.sites) == sites


def test_a_limit_that_is_met_exactly_is_kept(loaded: Load) -> None:
    text = """\
        network: {ms_per_hop: 0.1, hops: {core: 3, edge: 9}}
        workloads: {office: {access: fibre, latency_limit_ms: 1.3}}
    """
    assert list(loaded(text).case.workloads[0].sites) == ["core"]  # 1 + 3 x 0.1 is 1.3 and a trace in binary


def test_the_compute_that_counts_follows_from_the_convention(loaded: Load) -> None:
    text = "hardware: {server: {fp64_pflops: 1, fp32_pflops: 2, fp16_pflops: 3, int8_pops: 4}}\n"

    def counted(convention: str) -> float:
        return loaded(text + f"compute_convention: {{{convention}}}\n").case.hardware[0].counted_pflops

    assert counted("") == 0
    assert counted("ai: fp16") == 0
    assert [counted(f"general: {p}") for p in ("fp64", "fp32", "fp16", "int8")] == [1, 2, 3, 4]
