"""Whatever stands in a file: a Case or InputProblems, never anything else; and a Case survives its JSON."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from suanli.inputs.case import Case
from suanli.inputs.explaining import explain
from suanli.inputs.json_places import json_lines
from suanli.inputs.loading import Loaded, load
from suanli.inputs.parts import Fleet, HallType, Hardware, Name, Scope, Site, Target, Workload
from suanli.inputs.problems import InputProblems
from suanli.inputs.resolved import case_text

Write = Callable[[str, str | bytes], Path]

modest = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])

# fmt: off
WORDS = st.sampled_from([
    "title", "base_year", "years", "extends", "tables", "sites", "core", "grid_kw", "sources", "drop", "change", "x1.5",
    "*", ".nan", "1e999", "true", "on", "null", "~", "2026", "-1", "'5'", "{}", "[]", "[a]", "{a:1}", "tiny.yaml", ".",
    ";", "!", "&", "*a", "|", ">", "%", "@", "`", "\t", "#",
])
KEYS = st.sampled_from([
    "title", "base_year", "years", "extends", "tables", "network", "sites", "hardware", "drivers", "workloads",
    "targets", "drop", "change", "sources", "budget_cny", "core", "server", "people", "office", "grid_kw", "supply",
    "2026", "sites.core",
])
# fmt: on
YAMLISH = st.lists(
    st.tuples(st.integers(0, 3), WORDS, st.sampled_from([": ", ":\n", " ", "\n", "- ", ": {", "}"]))
).map(lambda parts: "\n".join("  " * indent + word + mark for indent, word, mark in parts))
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
JSONISH = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner))
SCENARIOS = st.recursive(
    SCALARS | st.lists(SCALARS, max_size=3), lambda inner: st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)


def load_or_problems(name: str) -> Loaded | None:
    try:
        return load(name)
    except InputProblems as error:
        assert error.problems
        assert all(str(problem) and "\n" not in str(problem) for problem in error.problems)
        return None


@modest
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode) | YAMLISH.map(str.encode))
def test_any_bytes_as_a_scenario_are_a_case_or_problems(write: Write, content: bytes) -> None:
    write("any.yaml", content)
    assert load_or_problems("any.yaml") is None


@modest
@given(SCENARIOS, SCENARIOS)
def test_any_mapping_on_top_of_a_right_scenario_is_a_case_or_problems(write: Write, top: Any, below: Any) -> None:
    mapping = {**(top if isinstance(top, dict) else {"sites": top}), "extends": "tiny.yaml", "hardware": below}
    write("any.yaml", json.dumps(mapping))  # JSON is YAML
    found = load_or_problems("any.yaml")
    if found is not None:
        write("again.json", case_text(found.case))
        assert case_text(load("again.json").case) == case_text(found.case)


@modest
@given(st.binary(max_size=200) | st.text('id,source;"\n\r\0 gridkw.5-', max_size=60).map(str.encode))
def test_any_bytes_as_a_table_are_a_case_or_problems(write: Write, content: bytes) -> None:
    write("tables/sites.csv", content)
    write("any.yaml", "extends: tiny.yaml\ntables: tables\n")
    load_or_problems("any.yaml")


@modest
@given(st.binary(max_size=200) | JSONISH.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_as_a_resolved_case_are_a_case_or_problems(write: Write, content: bytes) -> None:
    write("any.json", content)
    assert load_or_problems("any.json") is None


@modest
@given(st.data())
def test_a_resolved_case_with_one_thing_replaced_is_a_case_or_problems(write: Write, data: st.DataObject) -> None:
    case = json.loads(case_text(load("tiny.yaml").case))
    node, key = case, data.draw(st.sampled_from(list(case)))
    while isinstance(node[key], dict | list) and node[key] and data.draw(st.booleans()):
        node = node[key]
        key = data.draw(st.sampled_from(list(node) if isinstance(node, dict) else range(len(node))))
    node[key] = data.draw(JSONISH)
    write("any.json", json.dumps(case, indent=1))
    load_or_problems("any.json")


@modest
@given(st.text(max_size=20) | st.lists(KEYS, min_size=1, max_size=4).map(".".join))
def test_any_key_is_explained_or_a_problem(write: Write, key: str) -> None:
    write("case.json", case_text(load("tiny.yaml").case))
    for name in ("tiny.yaml", "case.json"):
        try:
            assert explain(name, key)
        except InputProblems as error:
            assert len(error.problems) == 1


@modest
@given(JSONISH, st.data())
def test_the_place_of_any_value_is_the_line_where_it_stands(value: Any, data: st.DataObject) -> None:
    path, node = [], value
    while isinstance(node, dict | list) and node:
        key = data.draw(st.sampled_from(list(node) if isinstance(node, dict) else range(len(node))))
        path.append(key)
        node = node[key]
    marked = json.dumps(_replaced(value, path, "MARK"), indent=1)
    (line,) = json_lines(marked, [tuple(path)])
    assert '"MARK"' in marked.split("\n")[line - 1]


def _replaced(value: Any, path: list[Any], mark: str) -> Any:
    if not path:
        return mark
    if isinstance(value, dict):
        return {**value, path[0]: _replaced(value[path[0]], path[1:], mark)}
    return [*value[: path[0]], _replaced(value[path[0]], path[1:], mark), *value[path[0] + 1 :]]


IDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
AMOUNTS = st.floats(0, 1e12)
YEARS = (2026, 2027)
YEARLY = st.fixed_dictionaries(dict.fromkeys(YEARS, AMOUNTS))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Cases that are in order, drawn strictly within the contract."""
    site, hall, kind, pool, resource = (draw(IDS) for _ in range(5))
    standing = draw(st.integers(0, 5))
    return Case(
        name=draw(IDS),
        title=Name(en=draw(st.text(st.characters(exclude_categories=["Cs"]), max_size=5))),
        base_year=2025,
        years=YEARS,
        discount_rate=draw(st.floats(-0.5, 1)),
        max_utilisation={resource: draw(st.floats(0, 1))},
        sites=(
            Site(
                id=site,
                earliest_year=draw(st.integers(1990, 2100)),
                existing=True,
                allowed_halls=(hall,),
                existing_halls={hall: standing},
                max_halls=standing + draw(st.integers(0, 3)),
                grid_kw=draw(AMOUNTS),
                egress_gbps=draw(st.none() | AMOUNTS),
            ),
        ),
        hall_types=(
            HallType(id=hall, racks=1, rack_kw=0.5, usable_u=42, pue=draw(st.floats(1, 3)), capex_cny=0, life_years=1),
        ),
        hardware=(
            Hardware(
                id=kind,
                pool=pool,
                hardware_class=draw(IDS),
                rack_units=draw(AMOUNTS),
                peak_kw=1,
                average_kw=1,
                price_cny=draw(AMOUNTS),
                life_years=5,
                provides={resource: draw(AMOUNTS)},
                halls=(hall,),
                sites=draw(st.none() | st.just((site,)) | st.just(())),
                available_from=2026,
                available_to=2026,
                supply=draw(st.dictionaries(st.integers(1990, 2100), AMOUNTS, max_size=2)),
            ),
        ),
        fleet=(Fleet(site=site, hall=hall, hardware=kind, count=3, install_year=draw(st.integers(1990, 2025))),),
        workloads=(
            Workload(
                id=draw(IDS),
                pool=draw(IDS),
                demand={resource: draw(YEARLY)},
                gbps=draw(YEARLY | st.just({})),
                sites=draw(st.just({}) | st.fixed_dictionaries({site: AMOUNTS})),
            ),
        ),
        targets=(
            Target(
                id=draw(IDS),
                metric=draw(st.sampled_from(["compute_pflops", "capex", "pue", "it_mwh"])),
                sense=draw(st.sampled_from([">=", "<=", "=="])),
                value=draw(st.floats(-1e9, 1e9)),
                year=draw(st.sampled_from(YEARS)),
                scope=Scope(in_city=draw(st.none() | st.booleans()), sites=draw(st.none() | st.just((site,)))),
                penalty_cny=draw(st.none() | AMOUNTS),
            ),
        ),
    )


@modest
@given(cases())
def test_a_case_in_order_survives_its_json(write: Write, case: Case) -> None:
    write("case.json", case_text(case).encode())
    found = load("case.json").case
    assert found == case
    assert case_text(found) == case_text(case)
