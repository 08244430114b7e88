import json
from collections.abc import Callable
from pathlib import Path

import pytest

from suanli.inputs.case import Case
from suanli.inputs.explaining import explain
from suanli.inputs.json_places import json_lines
from suanli.inputs.loading import load
from suanli.inputs.resolved import case_text

Tell = Callable[[str], list[str]]
Write = Callable[[str, str | bytes], Path]


@pytest.fixture
def resolved() -> str:
    return case_text(load("tiny.yaml").case)


def test_a_resolved_case_is_the_same_case_with_the_same_text(write: Write, resolved: str) -> None:
    write("case.json", resolved)
    found = load("case.json")
    assert found.case == load("tiny.yaml").case
    assert case_text(found.case) == resolved
    assert (found.sources, found.path.name) == ((), "case.json")


def test_optional_fields_may_be_absent_and_a_byte_order_mark_is_let_pass(write: Write) -> None:
    case = {
        "name": "least",
        "base_year": 2025,
        "years": [2026],
        "sites": [],
        "hall_types": [],
        "hardware": [],
        "workloads": [{"id": "w", "pool": "p", "demand": {}, "sites": {}}],
    }
    write("case.json", "\ufeff" + json.dumps(case))
    found = load("case.json").case
    assert (found.format, found.discount_rate, found.targets, found.workloads[0].divisible) == (1, 0.0, (), True)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "case.json: found an empty file, expected a resolved case, as `suanli resolve` writes it"),
        ("[1]", "case.json:1: found a list, expected a resolved case, as `suanli resolve` writes it"),
        ('"x"', 'case.json:1: found "x", expected a resolved case, as `suanli resolve` writes it'),
        (
            '{"format": 1,\n "name": ',
            "case.json:2: found text that is not JSON (EOF while parsing a value), "
            "expected a resolved case, as `suanli resolve` writes it",
        ),
        (
            "{'name': 1}",
            "case.json:1: found text that is not JSON (key must be a string), "
            "expected a resolved case, as `suanli resolve` writes it",
        ),
        (
            b'{"name":\n "\xff"}',
            "case.json:2: found the byte 0xFF, which is not UTF-8, "
            "expected text in UTF-8; save the file again with the encoding UTF-8",
        ),
        (
            '{"name": "小"}'.encode("utf-16"),
            "case.json: found text in UTF-16, expected text in UTF-8; save the file again with the encoding UTF-8",
        ),
    ],
)
def test_what_is_no_case_at_all_is_one_clear_problem(
    write: Write, problems: Tell, content: str | bytes, told: str
) -> None:
    write("case.json", content)
    assert problems("case.json") == [told]


def test_nesting_without_end_is_one_clear_problem(write: Write, problems: Tell) -> None:
    write("case.json", "[" * 100_000)
    (told,) = problems("case.json")
    assert told.startswith("case.json:1: found text that is not JSON (recursion limit exceeded), expected a resolved")


def test_wrong_fields_are_told_with_their_lines(write: Write, problems: Tell, resolved: str) -> None:
    text = resolved.replace('"grid_kw": 1000.0', '"grid_kw": NaN').replace('"kind": "edge"', '"kind": "edges"')
    text = text.replace('"max_halls": 1', '"maxhalls": 1').replace('"racks": 10.0', '"racks": 0')
    write("case.json", text)
    lines = text.splitlines()

    def line(part: str) -> int:
        return next(number for number, content in enumerate(lines, start=1) if part in content)

    node = line('"id": "node"')
    assert problems("case.json") == [
        f"case.json:{line('NaN')} (key sites[0].grid_kw): found NaN, expected a finite number",
        f"case.json:{node - 1} (key sites[1].max_halls): found no max_halls, expected it to be given",
        f'case.json:{line("edges")} (key sites[1].kind): found "edges", expected one of core, edge, remote; '
        "did you mean edge?",
        f'case.json:{line("maxhalls")} (key sites[1].maxhalls): found the unknown key "maxhalls", '
        "expected a known one; did you mean max_halls?",
        f"case.json:{line('racks')} (key hall_types[0].racks): found 0, expected a number above 0",
    ]


def test_places_are_found_without_reading_the_rest() -> None:
    text = '{\n "a": [1, {"b": 2},\n  {"b": NaN, "c\\"d": [\n 5]}],\n "e": {}\n}\n'
    paths = [("a", 0), ("a", 2, "b"), ("a", 2, 'c"d', 0), ("a", 7), ("e",), ("f", "g"), ()]
    assert json_lines(text, paths) == [2, 3, 4, 2, 5, 1, 1]


def test_a_value_of_a_resolved_case_is_explained_by_its_line(write: Write, resolved: str) -> None:
    write("case.json", resolved)
    (found,) = explain("case.json", "sites.core.grid_kw")
    line = next(number for number, text in enumerate(resolved.splitlines(), start=1) if '"grid_kw": 1000.0' in text)
    assert str(found) == f"sites.core.grid_kw = 1000.0\n    set in case.json:{line} (resolved case)"
    (found,) = explain("case.json", "workloads.office@city.demand.vcpu.2027")
    assert found.value == "200.0"
    with pytest.raises(Exception, match='found "cor", expected one of core, node, 0, 1; did you mean core'):
        explain("case.json", "sites.cor")


def test_a_large_case_is_read_whole(write: Write, resolved: str) -> None:
    case = json.loads(resolved)
    workload = case["workloads"][0] | {"sites": {"core": 1.0, "node": 2.0}}
    case["workloads"] = [workload | {"id": f"w{number}"} for number in range(20_000)]
    path = write("case.json", json.dumps(case))
    assert path.stat().st_size > 5_000_000
    assert len(load("case.json").case.workloads) == 20_000


def test_the_json_of_a_case_is_read_back_by_the_case_itself(resolved: str) -> None:
    assert Case.model_validate_json(resolved) == load("tiny.yaml").case
