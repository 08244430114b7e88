"""Which value holds: later wins, in the order extended scenario, tables, sections, drop, change."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from suanli.inputs.explaining import explain
from suanli.inputs.loading import Loaded, load
from suanli.inputs.parts import Hardware, Site
from suanli.inputs.problems import InputProblems

Child = Callable[[str], str]
Load = Callable[[str], Loaded]
Tell = Callable[[str], list[str]]
Write = Callable[[str, str | bytes], Path]


def site(loaded: Loaded, name: str = "core") -> Site:
    return next(site for site in loaded.case.sites if site.id == name)


def hardware(loaded: Loaded) -> Hardware:
    return loaded.case.hardware[0]


def test_a_child_inherits_everything_and_replaces_only_what_it_says(loaded: Load) -> None:
    found = loaded("""\
        title: Child
        sites:
          core: {grid_kw: 5000, existing_halls: {air: 1}}
          far: {kind: remote, earliest_year: 2027, max_halls: 0, grid_kw: 0, in_city: false}
    """)
    assert found.case.name == "child"
    assert (found.case.title.en, found.case.title.zh) == ("Child", "")
    assert site(found).grid_kw == 5000
    assert site(found).max_halls == 4
    assert dict(site(found).existing_halls) == {"air": 1}
    assert [each.id for each in found.case.sites] == ["core", "node", "far"]


def test_the_order_of_precedence(write: Write, loaded: Load) -> None:
    write("tables/sites.csv", "id,source,grid_kw,egress_gbps,pue_factor\ncore,t,2000,7,0.9\n")
    text = "tables: tables\nsites:\n  core: {grid_kw: 3000}\n"
    assert site(loaded("")).grid_kw == 1000
    assert site(loaded("tables: tables\n")).grid_kw == 2000
    assert site(loaded(text)).grid_kw == 3000
    assert site(loaded(text)).egress_gbps == 7
    text += "drop: [sites.core.egress_gbps, sites.core.pue_factor]\n"
    assert (site(loaded(text)).egress_gbps, site(loaded(text)).pue_factor) == (None, 1.0)
    text += "change:\n  sites.core.egress_gbps: 9\n  sites.core.grid_kw: x2\n"
    assert site(loaded(text)).egress_gbps == 9
    assert site(loaded(text)).grid_kw == 6000


def test_what_a_parent_changed_is_replaced_by_the_sections_of_the_child(write: Write, loaded: Load) -> None:
    write("middle.yaml", "extends: tiny.yaml\nchange:\n  sites.core.grid_kw: x3\n")
    write("last.yaml", "extends: middle.yaml\nsites: {core: {grid_kw: 50}}\n")
    assert site(load("middle.yaml")).grid_kw == 3000
    assert site(load("last.yaml")).grid_kw == 50


def test_changes_are_carried_out_in_the_order_of_the_file(loaded: Load) -> None:
    ascending = loaded("change:\n  sites.core.grid_kw: 10\n  sites.*.grid_kw: x1.5\n")
    assert (site(ascending).grid_kw, site(ascending, "node").grid_kw) == (15, 13.5)
    descending = loaded("change:\n  sites.*.grid_kw: x1.5\n  sites.core.grid_kw: 10\n")
    assert (site(descending).grid_kw, site(descending, "node").grid_kw) == (10, 13.5)


def test_a_scale_multiplies_every_number_below_and_defaults_too(loaded: Load) -> None:
    found = loaded("""\
        hardware: {server: {supply: {2026: 10, 2027: 30}}}
        change:
          hardware.server.supply: x1.1
          hardware.server.provides.*: x0.3
          sites.*.pue_factor: x1.1
          workloads.off*.demand: x2
          discount_rate: 0.06
          network: {ms_per_hop: 0.2}
    """)
    assert dict(hardware(found).supply) == {2026: 11, 2027: 33}
    assert hardware(found).provides["vcpu"] == 30  # 100 x 0.3 without the noise of binary fractions
    assert [each.pue_factor for each in found.case.sites] == [1.1, 1.1]
    assert found.case.workloads[0].demand["vcpu"][2026] == 400
    assert found.case.discount_rate == 0.06


def test_rows_lists_and_settings_can_be_dropped(loaded: Load) -> None:
    found = loaded("""\
        budget_cny: {2026: 5}
        max_utilisation: {vcpu: 0.5}
        drop: [targets.*, sites.node, max_utilisation.vcpu, budget_cny]
    """)
    assert found.case.targets == ()
    assert [each.id for each in found.case.sites] == ["core"]
    assert dict(found.case.max_utilisation) == {}
    assert dict(found.case.budget_cny) == {}


def test_a_drop_or_change_that_meets_nothing_is_told_with_the_nearest_name(wrong: Tell) -> None:
    assert wrong("""\
        drop: [sites.nod, sites.core.egress_gbps, site.core, targets.x*]
        change:
          sites.cor.grid_kw: 5
          sites.core.gridkw: 5
          sites.core.name.english: x
          hardware.server.counted_pflops: 5
          hardware.server: x2
          discount: 0.05
          sites.*.kind: x2
          node*.x: 1
    """) == [
        'child.yaml:2 (key drop): found "egress_gbps", expected something in sites.core: kind, district, zone, '
        "latitude, longitude, existing, earliest_year, allowed_halls, existing_halls, max_halls, grid_kw",
        'child.yaml:2 (key drop): found "nod", expected something in sites: core, node; did you mean node?',
        'child.yaml:2 (key drop): found "site", expected something in the scenario: title, base_year, years, network, '
        "districts, sites, hall_types, hardware, fleet, drivers, workloads, targets; did you mean sites?",
        "child.yaml:2 (key drop): found nothing that matches targets.x*, expected something that does",
        'child.yaml:4 (key sites.cor.grid_kw): found "cor", expected something in sites: core, node; '
        "did you mean core?",
        'child.yaml:5 (key sites.core.gridkw): found "gridkw", expected a field: name, kind, district, zone, in_city, '
        "latitude, longitude, existing, earliest_year, security_level, opening_cost_cny, fixed_cost_cny_per_year and "
        "15 more; did you mean grid_kw?",
        'child.yaml:6 (key sites.core.name.english): found "english", expected a key of name: en, zh',
        'child.yaml:7 (key hardware.server.counted_pflops): found "counted_pflops", '
        "expected nothing: it follows from compute_convention and hardware_class",
        "child.yaml:8 (key hardware.server): found the key hardware.server, expected a field, such as hardware.*.field",
        'child.yaml:9 (key discount): found "discount", expected a section or setting: districts, sites, hall_types, '
        "conversions, hardware, fleet, drivers, workloads, systems, targets, title, base_year and 8 more; "
        "did you mean discount_rate?",
        "child.yaml:10 (key sites.*.kind): found no number to multiply by 2, expected a key that holds a number",
        'child.yaml:11 (key node*.x): found "node*", expected a section or setting: districts, sites, hall_types, '
        "conversions, hardware, fleet, drivers, workloads, systems, targets, title, base_year and 8 more",
    ]


def test_a_changed_value_is_checked_at_the_line_of_the_change(wrong: Tell) -> None:
    assert wrong("change:\n  sites.core.grid_kw: -5\n  sites.*.max_halls: x1.5\n") == [
        "child.yaml:3 (key sites.core.grid_kw): found -5, expected a number of at least 0",
        "child.yaml:4 (key sites.node.max_halls): found 1.5, expected a whole number",
    ]


def test_extends_leads_to_a_shipped_scenario_or_a_file_and_never_in_a_circle(write: Write, problems: Tell) -> None:
    write("lost.yaml", "extends: tinny.yaml\ndrop: [sites.node]\nchange: {sites.core.grid_kw: x2}\n")
    assert problems("lost.yaml") == [
        'lost.yaml:1 (key extends): found "tinny.yaml", where there is no file, expected a scenario file; '
        "did you mean tiny.yaml?"
    ]
    write("name.yaml", "extends: tiny\n")
    (told,) = problems("name.yaml")
    assert told.startswith('name.yaml:1 (key extends): found "tiny", expected a shipped scenario (')
    assert told.endswith("or the path of a .yaml file; did you mean tiny.yaml?")
    write("a.yaml", "extends: b.yaml\n")
    write("b.yaml", "extends: a.yaml\n")
    assert problems("a.yaml") == [
        "b.yaml:1 (key extends): found a circle (a.yaml -> b.yaml -> a.yaml), "
        "expected a scenario that does not lead back to this one"
    ]


def test_tables_lead_to_a_folder_with_tables(write: Write, wrong: Tell) -> None:
    write("tables/site.csv", "id,source\na,s\n")
    write("tables/coverage.csv", "clause,rows\n1,2\n")  # none of the sections', and not like one of them
    write("data/readme.txt", "none")
    assert wrong("tables: tables\n") == [
        'tables/site.csv: found a table named "site", expected tables named districts, sites, hall_types, conversions, '
        "hardware, fleet, drivers, workloads, systems, targets; did you mean sites.csv?"
    ]
    assert wrong("tables: data\n") == [
        'child.yaml:2 (key tables): found no CSV tables in "data", expected tables named districts, sites, hall_types, '
        "conversions, hardware, fleet, drivers, workloads, systems, targets"
    ]
    (told,) = wrong("tables: table\n")
    assert told.startswith('child.yaml:2 (key tables): found "table", expected a folder beside this file, or a shipped')
    assert told.endswith("did you mean tables?")
    (told,) = wrong("tables: tiny.yaml\n")
    assert told.startswith('child.yaml:2 (key tables): found "tiny.yaml", which is a file, expected a folder')


def test_a_value_is_explained_with_everything_that_it_replaced(write: Write, child: Child) -> None:
    write("tables/sites.csv", "id,source,grid_kw\ncore,t,2000\n")
    name = child("""\
        tables: tables
        drop: [sites.core.latitude]
        change:
          sites.core.grid_kw: x1.5
    """)
    assert [str(each) for each in explain(name, "sites.core.grid_kw")] == [
        "sites.core.grid_kw = 3000\n"
        "    set in child.yaml:5 (change x1.5)\n"
        "    instead of 2000 in tables/sites.csv:2 (sites.csv)\n"
        "    instead of 1000 in tiny.yaml:20 (tiny.yaml)"
    ]
    assert [str(each) for each in explain(name, "sites.core.latitude")] == [
        "sites.core.latitude = 0.0 (the default)\n"
        "    set in child.yaml:3 (drop)\n"
        "    instead of 36 in tiny.yaml:13 (tiny.yaml)"
    ]
    assert [str(each) for each in explain(name, "sites.core.pue_factor")] == [
        "sites.core.pue_factor = 1.0 (the default; no file sets it)"
    ]
    assert [each.key for each in explain(name, "network")] == [
        "network.access_ms.fibre",
        "network.city_latitude",
        "network.city_longitude",
    ]


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("sits.core", 'child.yaml (key sits.core): found "sits", expected one of districts, sites, '),
        (
            "sites.cor.grid_kw",
            'child.yaml (key sites.cor.grid_kw): found "cor", expected one of core, node; did you mean core?',
        ),
        ("sites.core.gridkw", 'child.yaml (key sites.core.gridkw): found "gridkw", expected one of name, kind, '),
        ("", "child.yaml: found empty text, expected one of districts, sites, "),
    ],
)
def test_a_key_that_does_not_exist_is_told_with_the_nearest(child: Child, key: str, told: str) -> None:
    with pytest.raises(InputProblems) as caught:
        explain(child(""), key)
    assert str(caught.value).startswith(told)


LAYERS = ("parent", "table", "section", "change")


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(LAYERS), st.integers(0, 10**6)), st.booleans())
def test_whatever_is_given_the_latest_wins(write: Write, values: dict[str, int], dropped: bool) -> None:
    write("parent.yaml", "extends: tiny.yaml\n" + _core("egress_gbps", values.get("parent")))
    cell = values.get("table", "")
    write("tables/sites.csv", f"id,source,egress_gbps\ncore,s,{cell}\n")
    text = "extends: parent.yaml\ntables: tables\n" + _core("egress_gbps", values.get("section"))
    if dropped and values.keys() & {"parent", "table", "section"}:
        text += "drop: [sites.core.egress_gbps]\n"
        values = {key: value for key, value in values.items() if key == "change"}
    if "change" in values:
        text += f"change: {{sites.core.egress_gbps: {values['change']}}}\n"
    write("child.yaml", text)
    expected = next((values[layer] for layer in reversed(LAYERS) if layer in values), None)
    assert site(load("child.yaml")).egress_gbps == expected


def _core(field: str, value: int | None) -> str:
    return "" if value is None else f"sites: {{core: {{{field}: {value}}}}}\n"
