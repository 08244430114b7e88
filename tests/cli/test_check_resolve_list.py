"""The verbs check, resolve and list: what they print and the exit codes they end with."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from suanli.cli import main
from suanli.inputs.case import Case
from suanli.inputs.loading import load
from suanli.inputs.shipped import shipped_scenarios

Verb = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Verb:
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(main, [str(argument) for argument in arguments])


WRONG = "extends: quickstart\nsites: {old_centre: {grid_kw: -5, knd: core}}\nchange: {pilot: 5}\n"
TOLD = [
    "wrong.yaml:2 (key sites.old_centre.grid_kw): found -5, expected a number of at least 0",
    'wrong.yaml:2 (key sites.old_centre.knd): found the unknown key "knd", expected a known one; did you mean kind?',
    'wrong.yaml:3 (key pilot): found "pilot", expected a section or setting: districts, sites, hall_types, '
    "conversions, hardware, fleet, drivers, workloads, systems, targets, title, base_year and 8 more",
    "3 problems; nothing was done",
]


def test_check_counts_what_is_in_a_right_scenario(run: Verb) -> None:
    done = run("check", "quickstart")
    assert done.exit_code == 0
    assert done.output == "quickstart: 3 sites, 5 workloads, years 2026-2027, 3 targets; no problems\n"


def test_check_prints_every_problem_and_ends_with_2(run: Verb) -> None:
    Path("wrong.yaml").write_text(WRONG)
    done = run("check", "wrong.yaml")
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr.splitlines() == TOLD


@pytest.mark.parametrize("verb", ["check", "resolve"])
@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("quikstart", None, "did you mean quickstart?"),
        ("lost.yaml", None, "lost.yaml: found no such file, expected a scenario in YAML"),
        ("empty.yaml", b"", "empty.yaml: found an empty file, expected a mapping of keys"),
        ("list.yaml", b"- a\n", "list.yaml:1: found a list, expected a mapping of keys"),
        ("tab.yaml", b"a:\n\tb: 1\n", "tab.yaml:2: found a tab, expected spaces"),
        ("gbk.yaml", "名: 1".encode("gbk"), "gbk.yaml:1: found the byte 0xC3, which is not UTF-8"),
        (
            "circle.yaml",
            b"extends: circle.yaml\n",
            "circle.yaml:1 (key extends): found a circle (circle.yaml -> circle.yaml)",
        ),
        ("cut.json", b'{"format": 1', "cut.json:1: found text that is not JSON"),
        ("list.json", b"[]", "list.json:1: found a list, expected a resolved case"),
        ("nan.json", b"NaN", "nan.json:1: found NaN, expected a resolved case"),
        (".", None, ".: found a folder, expected a scenario in YAML"),
    ],
)
def test_no_input_ends_in_a_traceback(run: Verb, verb: str, name: str, content: bytes | None, told: str) -> None:
    if content is not None:
        Path(name).write_bytes(content)
    done = run(verb, name)
    assert done.exit_code == 2
    assert isinstance(done.exception, SystemExit)
    assert done.stdout == ""
    assert told in done.stderr


def test_resolve_writes_the_case_and_the_same_bytes_each_time(run: Verb) -> None:
    first = run("resolve", "quickstart")
    assert first.exit_code == 0
    assert Case.model_validate_json(first.stdout_bytes) == load("quickstart").case
    assert run("resolve", "quickstart").stdout_bytes == first.stdout_bytes
    assert run("resolve", "quickstart", "-o", "case.json").output == ""
    assert Path("case.json").read_bytes() == first.stdout_bytes
    assert run("resolve", "case.json").stdout_bytes == first.stdout_bytes
    assert "人口库" in first.stdout


def test_a_resolved_case_is_what_the_contract_says(run: Verb) -> None:
    case = json.loads(run("resolve", "quickstart").stdout)
    assert (case["format"], case["name"]) == (1, "quickstart")
    assert list(case)[:6] == ["format", "name", "title", "base_year", "years", "discount_rate"]
    video = next(workload for workload in case["workloads"] if workload["id"] == "video@north")
    assert video["demand"] == {"streams": {"2026": 750.0, "2027": 900.0}}
    assert video["sites"] == {"south_node": 10000.0}
    assert next(h for h in case["hardware"] if h["id"] == "ai_server")["counted_pflops"] == 2.0


def test_resolve_explains_one_value(run: Verb) -> None:
    Path("mine.yaml").write_text("extends: quickstart\nchange:\n  sites.old_centre.grid_kw: x2\n")
    done = run("resolve", "mine.yaml", "--explain", "sites.old_centre.grid_kw")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[:2] == ["sites.old_centre.grid_kw = 200", "    set in mine.yaml:3 (change x2)"]
    assert lines[2].startswith("    instead of 100 in ")
    assert lines[2].endswith("(quickstart.yaml)")
    done = run("resolve", "mine.yaml", "--explain", "sites.old_center")
    assert done.exit_code == 2
    assert "did you mean old_centre?" in done.stderr


def test_an_output_that_cannot_be_written_is_told_and_leaves_nothing_behind(run: Verb, tmp_path: Path) -> None:
    Path("folder").mkdir()
    for output in ("folder", "lost/case.json"):
        done = run("resolve", "quickstart", "-o", output)
        assert done.exit_code == 2
        assert done.stderr.startswith(f"{output}: cannot be written: ")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
    assert list((tmp_path / "folder").iterdir()) == []


def test_list_names_every_shipped_scenario_with_its_line(run: Verb) -> None:
    done = run("list")
    assert done.exit_code == 0
    lines = done.output.splitlines()
    assert [line.split()[0] for line in lines] == list(shipped_scenarios())
    assert any(line.endswith("a small town in one file: retrofit the old centre or open a new one; "
                             "small enough to check by hand") for line in lines)  # fmt: skip


@pytest.mark.parametrize("verb", ["check", "resolve", "list"])
def test_help_shows_an_example(run: Verb, verb: str) -> None:
    done = run(verb, "--help")
    assert done.exit_code == 0
    assert f"Example: suanli {verb}" in done.output


def test_the_command_line_starts_without_the_solver_and_the_figures() -> None:
    code = (
        "import sys, suanli.cli; print([m for m in ('pyomo', 'pandas', 'matplotlib', 'pydantic') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_check_prints_in_any_locale(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "suanli", "check", "quickstart"],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={**os.environ, "LC_ALL": "C"},
    )
    assert done.stdout.startswith("quickstart: 3 sites")
