"""What disagrees within a case: told for a scenario by key and line, for a resolved case by its place in the JSON."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from suanli.inputs.loading import load
from suanli.inputs.resolved import case_text

Tell = Callable[[str], list[str]]
Write = Callable[[str, str | bytes], Path]

# (text of a child of the tiny scenario, key in the scenario, change in the resolved case, place there, what is told)
FAULTS = [
    (
        "years: [2026, 2028]\ndrop: [targets.compute]",
        "years",
        lambda case: (case.update(years=[2026, 2028]), case["targets"].clear(), _extend_demand(case, 2028)),
        "years",
        "found [2026, 2028], expected consecutive years from base_year + 1 on: [2026, 2027]",
    ),
    (
        "budget_cny: {2030: 5}",
        "budget_cny.2030",
        lambda case: case.update(budget_cny={"2030": 5}),
        "budget_cny.2030",
        "found a budget for 2030, expected a planning year (2026 to 2027)",
    ),
    (
        "sites: {core: {allowed_halls: [air, watr]}}\nhall_types: {water: {racks: 1, rack_kw: 1, usable_u: 1, pue: 1, "
        "capex_cny: 1, life_years: 1}}",
        "sites.core.allowed_halls",
        lambda case: (
            case["hall_types"].append({**case["hall_types"][0], "id": "water"}),
            _site(case, allowed_halls=["air", "watr"]),
        ),
        "sites[0].allowed_halls[1]",
        'found "watr", expected a hall type: air, water; did you mean water?',
    ),
    (
        "sites: {core: {existing_halls: {arr: 1}}}",
        "sites.core.existing_halls.arr",
        lambda case: _site(case, existing_halls={"arr": 1}),
        "sites[0].existing_halls.arr",
        'found "arr", expected a hall type: air; did you mean air?',
    ),
    (
        "sites: {core: {max_halls: 1}}",
        "sites.core.max_halls",
        lambda case: _site(case, max_halls=1),
        "sites[0].max_halls",
        "found 1, expected at least the 2 existing halls",
    ),
    (
        "drop: [fleet.old]\nsites: {core: {existing: false}}",
        "sites.core.existing_halls",
        lambda case: (case["fleet"].clear(), _site(case, existing=False)),
        "sites[0].existing_halls",
        "found 2 existing halls at a site that does not exist yet, expected existing: true, or no existing halls",
    ),
    (
        "fleet: {more: {site: node, hall: air, hardware: server, count: 1, install_year: 2024}}",
        "fleet.more.site",
        lambda case: case["fleet"].append({**case["fleet"][0], "site": "node"}),
        "fleet[1].site",
        'found "node", which does not exist yet, expected a site with existing: true',
    ),
    (
        "fleet: {old: {site: cor}}",
        "fleet.old.site",
        lambda case: case["fleet"][0].update(site="cor"),
        "fleet[0].site",
        'found "cor", expected a site: core, node; did you mean core?',
    ),
    (
        "fleet: {old: {hardware: serve}}",
        "fleet.old.hardware",
        lambda case: case["fleet"][0].update(hardware="serve"),
        "fleet[0].hardware",
        'found "serve", expected hardware: server; did you mean server?',
    ),
    (
        "fleet: {old: {install_year: 2026}}",
        "fleet.old.install_year",
        lambda case: case["fleet"][0].update(install_year=2026),
        "fleet[0].install_year",
        "found 2026, expected a year up to the base year 2025, when the fleet stands already",
    ),
    (
        "conversions: {a: {from_hall: air, to_hall: air, cost_cny: 1}}",
        "conversions.a.to_hall",
        lambda case: case.update(conversions=[{"from_hall": "air", "to_hall": "air", "cost_cny": 1}]),
        "conversions[0].to_hall",
        "found a conversion of air into itself, expected another hall type",
    ),
    (
        "hardware: {server: {halls: [ait]}}",
        "hardware.server.halls",
        lambda case: case["hardware"][0].update(halls=["ait"]),
        "hardware[0].halls[0]",
        'found "ait", expected a hall type: air; did you mean air?',
    ),
    (
        "hardware: {server: {sites: [core, nide]}}",
        "hardware.server.sites",
        lambda case: case["hardware"][0].update(sites=["core", "nide"]),
        "hardware[0].sites[1]",
        'found "nide", expected a site: core, node; did you mean node?',
    ),
    (
        "hardware: {server: {available_from: 2026, available_to: 2025}}",
        "hardware.server.available_to",
        lambda case: case["hardware"][0].update(available_from=2026, available_to=2025),
        "hardware[0].available_to",
        "found 2025, expected a year from 2026 (available_from) on",
    ),
    (
        "targets: {compute: {year: 2030}}",
        "targets.compute.year",
        lambda case: case["targets"][0].update(year=2030),
        "targets[0].year",
        "found 2030, expected a planning year (2026 to 2027)",
    ),
    (
        "targets: {compute: {metric: green_sites, sense: '<='}}",
        "targets.compute.sense",
        lambda case: case["targets"][0].update(metric="green_sites", sense="<="),
        "targets[0].sense",
        "found \"<=\", expected '>=', the only sense that green_sites takes",
    ),
    (
        "targets: {compute: {metric: racks_in_service, scope: {pools: [general]}}}",
        "targets.compute.scope.pools",
        lambda case: case["targets"][0].update(metric="racks_in_service", scope={"pools": ["general"]}),
        "targets[0].scope.pools",
        "found pools in the scope of racks_in_service, expected no pools: they count only with compute_pflops, "
        "domestic_share, facility_mwh, it_mwh, pue, racks_occupied",
    ),
    (
        "targets: {compute: {scope: {pool: general}}}",
        "targets.compute.scope.pool",
        lambda case: case["targets"][0].update(scope={"pool": "general"}),
        "targets[0].scope.pool",
        "found pool in the scope of compute_pflops, expected no pool: it belongs to pool_capacity only; "
        "did you mean scope.pools?",
    ),
    (
        "targets: {compute: {metric: pool_capacity, scope: {pool: general}}}",
        "targets.compute.scope",
        lambda case: case["targets"][0].update(metric="pool_capacity", scope={"pool": "general"}),
        "targets[0].scope",
        "found pool_capacity without scope.resource, expected scope.resource: whose capacity is meant",
    ),
    (
        "targets: {compute: {scope: {sites: [cor]}}}",
        "targets.compute.scope.sites",
        lambda case: case["targets"][0].update(scope={"sites": ["cor"]}),
        "targets[0].scope.sites[0]",
        'found "cor", expected a site: core, node; did you mean core?',
    ),
]


# These two return something only so that they may be one change of several in a lambda.
def _site(case: dict[str, Any], **fields: Any) -> object:
    return case["sites"][0].update(fields)


def _extend_demand(case: dict[str, Any], year: int) -> object:
    return case["workloads"][0]["demand"]["vcpu"].update({str(year): 1})


@pytest.mark.parametrize(("text", "key", "change", "place", "told"), FAULTS)
def test_a_fault_is_told_for_a_scenario_and_for_a_resolved_case(
    wrong: Tell,
    write: Write,
    problems: Tell,
    text: str,
    key: str,
    change: Callable[[dict[str, Any]], object],
    place: str,
    told: str,
) -> None:
    resolved = json.loads(case_text(load("tiny.yaml").case))
    (problem,) = [each for each in wrong(text) if "a second" not in each]
    assert problem.endswith(f" (key {key}): {told}")
    change(resolved)
    lines = json.dumps(resolved, indent=1).splitlines()
    write("case.json", "\n".join(lines))
    (problem,) = problems("case.json")
    where, _, rest = problem.partition(" ")
    assert rest == f"(key {place}): {told}"
    # The line that is named shows the last key of the place, or the entry of the list.
    last = place.rsplit(".", 1)[-1]
    shown = lines[int(where.removeprefix("case.json:").rstrip(":")) - 1]
    assert (f'"{last}"' in shown) if "[" not in last else (told.split('"')[1] in shown)


def test_what_only_a_resolved_case_can_get_wrong(write: Write, problems: Tell) -> None:
    case = json.loads(case_text(load("tiny.yaml").case))
    case["sites"].append(case["sites"][0])
    case["workloads"][0]["sites"]["nod"] = 5
    case["workloads"][0]["gbps"] = {"2026": 1}
    del case["workloads"][0]["demand"]["vcpu"]["2027"]
    write("case.json", json.dumps(case))
    assert problems("case.json") == [
        'case.json:1 (key sites[2].id): found "core" a second time, expected every id of sites once',
        "case.json:1 (key workloads[0].demand.vcpu): found no demand for vcpu in 2027, "
        "expected a value for every planning year",
        "case.json:1 (key workloads[0].gbps): found no gbps in 2027, expected a value for every planning year",
        'case.json:1 (key workloads[0].sites.nod): found "nod", expected a site: core, node; did you mean node?',
    ]


def test_a_resolved_case_may_name_districts_pools_and_classes_that_nothing_has(write: Write) -> None:
    """No table of a case defines them: a scope that holds nothing counts nothing."""
    case = json.loads(case_text(load("tiny.yaml").case))
    case["targets"][0]["scope"] = {"districts": ["west"], "pools": ["ai"], "classes": ["hpc"], "kinds": ["remote"]}
    case["fleet"][0].update(site="node", count=0)
    write("case.json", json.dumps(case))
    assert load("case.json").case.targets[0].scope.districts == ("west",)
