"""What can be wrong in the rows and settings of a scenario, and how it is told: every problem, word by word."""

from collections.abc import Callable
from pathlib import Path

import pytest

from suanli.inputs.loading import Loaded

Load = Callable[[str], Loaded]
Tell = Callable[[str], list[str]]
Write = Callable[[str, str | bytes], Path]

TYPES = [
    ("sites: {core: {grid_kw: -5}}", "sites.core.grid_kw", "found -5, expected a number of at least 0"),
    ("sites: {core: {grid_kw: lots}}", "sites.core.grid_kw", 'found "lots", expected a number'),
    ("sites: {core: {grid_kw: .nan}}", "sites.core.grid_kw", "found .nan, expected a number that is finite"),
    ("sites: {core: {grid_kw: [5]}}", "sites.core.grid_kw", "found a list, expected a number"),
    (
        "sites: {core: {grid_kw: {kw: 5}}}",
        "sites.core.grid_kw",
        "found a mapping with the keys kw, expected a number",
    ),
    ("sites: {core: {grid_kw: }}", "sites.core.grid_kw", "found nothing, expected a number"),
    (
        "sites: {core: {kind: Edge }}",
        "sites.core.kind",
        'found "Edge", expected one of core, edge, remote; did you mean edge?',
    ),
    ("sites: {core: {existing: on}}", "sites.core.existing", 'found "on", expected true or false; did you mean true?'),
    (
        'sites: {core: {earliest_year: "2026"}}',
        "sites.core.earliest_year",
        'found "2026" in quotes, which is text, expected a whole number without quotes',
    ),
    ("sites: {core: {latitude: 117}}", "sites.core.latitude", "found 117, expected a number of at most 90"),
    (
        "sites: {core: {gird_kw: 5}}",
        "sites.core.gird_kw",
        'found the unknown key "gird_kw", expected a known one; did you mean grid_kw?',
    ),
    (
        "sites: {core: {existing_halls: air}}",
        "sites.core.existing_halls",
        'found "air", expected a mapping such as {name: number}',
    ),
    (
        "sites: {core: {id: x}}",
        "sites.core.id",
        'found the unknown key "id", expected nothing: the id of a row is its key',
    ),
    ("hall_types: {air: {pue: 0.9}}", "hall_types.air.pue", "found 0.9, expected a number of at least 1"),
    (
        "hardware: {server: {supply: {soon: 5}}}",
        "hardware.server.supply.soon",
        'found the key "soon", expected a year such as 2025',
    ),
    (
        "hardware: {server: {price_cny: 1,000}}",
        "hardware.server.000",
        'found the unknown key "000", expected numbers without separators for thousands',
    ),
    ("years: [2026, two]", "years", 'found "two", expected a whole number'),
    ("discount_rate: 5%", "discount_rate", 'found "5%", expected a number without a percent sign; did you mean 0.05?'),
    (
        "compute_convention: {general: fp31}",
        "compute_convention.general",
        'found "fp31", expected one of fp64, fp32, fp16, int8; did you mean fp32?',
    ),
    (
        "network: {hops: {local: 1}}",
        "network.hops.local",
        'found the key "local", expected one of local_edge, edge, core, remote; did you mean local_edge?',
    ),
    (
        "targets: {compute: {sense: '='}}",
        "targets.compute.sense",
        'found "=", expected one of >=, <=, ==; did you mean >=?',
    ),
    (
        "targets: {compute: {metric: compute}}",
        "targets.compute.metric",
        'found "compute", expected one of compute_pflops, pool_capacity, domestic_share, racks_in_service, '
        "racks_occupied, rack_utilisation, it_mwh, facility_mwh, pue, green_share, carbon_tonnes, capex, edge_nodes, "
        "districts_with_edge, green_sites; did you mean compute_pflops?",
    ),
    (
        "titel: x",
        "titel",
        'found the unknown key "titel", expected a known one; did you mean title?',
    ),
    ("sites: [a, b]", "sites", "found a list, expected rows: a mapping of ids to fields"),
    ("sites: {core: 5}", "sites.core", 'found "5", expected the fields of a row: {field: value}'),
    ("sites: {a*: {kind: core}}", "sites.a*", 'found the id "a*", expected an id without * and ;'),
    (
        "sources: {discount: x}",
        "sources.discount",
        'found "discount", expected a setting, or a key of change; did you mean discount_rate?',
    ),
]

TOGETHER = [
    (
        "sites: {core: {district: nroth}}",
        "sites.core.district",
        'found "nroth", expected a district: north, south; did you mean north?',
    ),
    (
        "hardware: {server: {average_kw: 0.6}}",
        "hardware.server.average_kw",
        "found 0.6, expected at most the peak of 0.5 kW",
    ),
    (
        "fleet: {old: {install_year: 2020}}",
        "fleet.old.install_year",
        "found 2020: with a life of 5 years it is gone before 2025 ends, expected a year after 2020",
    ),
    (
        "drivers: {cars: {value: {}}}",
        "drivers.cars.value",
        "found no value in any year, expected at least one, such as value.2025",
    ),
    (
        "workloads: {office: {driver: peple}}",
        "workloads.office.driver",
        'found "peple", expected a driver: people; did you mean people?',
    ),
    (
        "workloads: {office: {spread: camera}}",
        "workloads.office.spread",
        'found "camera", expected city, population or a weight: cameras, city, population; did you mean cameras?',
    ),
    (
        "workloads: {office: {spread: population, districts: [north, west]}}",
        "workloads.office.districts",
        'found "west", expected a district: north, south',
    ),
    (
        "workloads: {office: {districts: [north]}}",
        "workloads.office.districts",
        "found districts of a workload that arises in the city's centre, "
        "expected no districts, or spread: one of population, cameras",
    ),
    (
        "workloads: {office: {spread: parks}}\ndistricts: {north: {weights: {parks: 0}}}",
        "workloads.office.spread",
        "found no parks in any of its districts, expected a weight above 0",
    ),
    (
        "workloads: {office: {access: fiber}}",
        "workloads.office.access",
        'found "fiber", expected a key of network.access_ms: fibre; did you mean fibre?',
    ),
    (
        "workloads: {office: {latency_limit_ms: 5}}",
        "workloads.office.latency_limit_ms",
        "found a latency limit without access, expected access too: one of fibre",
    ),
    (
        "workloads: {office: {zones: [est]}}",
        "workloads.office.zones",
        'found "est", expected a fault zone of a site: east, w; did you mean east?',
    ),
    (
        "workloads: {office: {only_sites: [core, core]}}",
        "workloads.office.only_sites",
        'found "core" a second time, expected it once',
    ),
    (
        "workloads: {office: {pool: generl}}",
        "workloads.office.pool",
        'found "generl", which no hardware has, expected a pool of some hardware; did you mean general?',
    ),
    (
        "workloads: {office: {demand: {vcpus: 1}}}",
        "workloads.office.demand.vcpus",
        'found "vcpus", which no hardware has, expected a resource of some hardware; did you mean vcpu?',
    ),
    (
        "max_utilisation: {vcpus: 0.5}",
        "max_utilisation.vcpus",
        'found "vcpus", which no hardware has, expected a resource of some hardware; did you mean vcpu?',
    ),
    (
        "compute_convention: {generel: fp32}",
        "compute_convention.generel",
        'found "generel", which no hardware has, expected the class of some hardware; did you mean general?',
    ),
    (
        "systems: {portal: {workload: offic}}",
        "systems.portal.workload",
        'found "offic", expected a workload: office; did you mean office?',
    ),
    (
        "targets: {compute: {scope: {classes: [genral]}}}",
        "targets.compute.scope.classes",
        'found "genral", expected a hardware class: general; did you mean general?',
    ),
    (
        "targets: {compute: {scope: {pools: [generals]}}}",
        "targets.compute.scope.pools",
        'found "generals", expected a pool: general; did you mean general?',
    ),
    (
        "targets: {compute: {scope: {districts: [east]}}}",
        "targets.compute.scope.districts",
        'found "east", expected a district: north, south',
    ),
    (
        "targets: {compute: {metric: pool_capacity, scope: {pool: general, resource: cpu}}}",
        "targets.compute.scope.resource",
        'found "cpu", expected a resource: vcpu; did you mean vcpu?',
    ),
    (
        "targets: {compute: {metric: capex, scope: {sites: [core]}}}",
        "targets.compute.scope.sites",
        "found sites in the scope of capex, expected no sites: capex counts all sites",
    ),
]


@pytest.mark.parametrize(("text", "key", "told"), TYPES + TOGETHER)
def test_one_mistake_is_one_problem_at_its_line_and_key(wrong: Tell, text: str, key: str, told: str) -> None:
    assert wrong(text) == [f"child.yaml:2 (key {key}): {told}"]


def test_every_mistake_of_every_file_is_told_at_once_and_nothing_that_only_follows(write: Write, wrong: Tell) -> None:
    write("tables/fleet.csv", "id,source,site,hall,hardware,count\nnew,s,cor,air,server,-5\n")
    write("tables/systems.csv", "id,source,workload\na,s,offce\nb,s\n")
    text = """\
        tables: tables
        base_year: "2025"
        sites:
          core: {existing: maybe, allowed_halls: [air, water]}
          node: {max_halls: -1}
        drivers: {people: {value: {2025: many}}}
    """
    assert wrong(text) == [
        'child.yaml:3 (key base_year): found "2025" in quotes, which is text, expected a whole number without quotes',
        'child.yaml:5 (key sites.core.allowed_halls): found "water", expected a hall type: air',
        'child.yaml:5 (key sites.core.existing): found "maybe", expected true or false',
        "child.yaml:6 (key sites.node.max_halls): found -1, expected a whole number of at least 0",
        'child.yaml:7 (key drivers.people.value.2025): found "many", expected a number',
        "tables/fleet.csv:1: found no column install_year, expected it: every row needs it",
        "tables/fleet.csv:2 (column count): found -5, expected a whole number of at least 0",
        'tables/fleet.csv:2 (column site): found "cor", expected a site: core, node; did you mean core?',
        'tables/systems.csv:2 (column workload): found "offce", expected a workload: office; did you mean office?',
        "tables/systems.csv:3: found 2 cells, expected 3 cells, one for every column",
    ]


def test_what_is_missing_is_told_at_the_row_or_in_its_column(write: Write, wrong: Tell) -> None:
    write("tables/sites.csv", "id,source,kind,earliest_year,max_halls,grid_kw\nwest,s,core,2026,1,\n")
    assert wrong("tables: tables\nhall_types: {water: {racks: 5}}\n") == [
        "child.yaml:3 (key hall_types.water.capex_cny): found no capex_cny, expected it to be given",
        "child.yaml:3 (key hall_types.water.life_years): found no life_years, expected it to be given",
        "child.yaml:3 (key hall_types.water.pue): found no pue, expected it to be given",
        "child.yaml:3 (key hall_types.water.rack_kw): found no rack_kw, expected it to be given",
        "child.yaml:3 (key hall_types.water.usable_u): found no usable_u, expected it to be given",
        "tables/sites.csv:2 (column grid_kw): found no grid_kw, expected it to be given",
    ]


def test_an_empty_scenario_lacks_what_every_case_needs(write: Write, problems: Tell) -> None:
    write("empty.yaml", "title: Nothing\n")
    assert problems("empty.yaml") == [
        "empty.yaml:1 (key base_year): found no base_year, expected it to be given",
        "empty.yaml:1 (key hall_types): found no hall_types, expected at least one row",
        "empty.yaml:1 (key hardware): found no hardware, expected at least one row",
        "empty.yaml:1 (key sites): found no sites, expected at least one row",
        "empty.yaml:1 (key years): found no years, expected it to be given",
    ]


def test_the_city_centre_is_needed_where_a_workload_arises_there_with_a_latency_limit(wrong: Tell) -> None:
    assert wrong("""\
        drop: [network.city_latitude, network.city_longitude]
        workloads: {office: {latency_limit_ms: 5, access: fibre}}
    """) == [
        "tiny.yaml:4 (key network.city_latitude): found no network.city_latitude, "
        "expected it to be given: workloads with spread city arise there",
        "tiny.yaml:4 (key network.city_longitude): found no network.city_longitude, "
        "expected it to be given: workloads with spread city arise there",
    ]


def test_a_workload_that_no_site_may_serve_is_no_input_error(loaded: Load) -> None:
    found = loaded("workloads: {office: {latency_limit_ms: 0.5, access: fibre}}\n")
    assert dict(found.case.workloads[0].sites) == {}
