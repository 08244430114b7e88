"""The verb explain, and run on a scenario without a plan."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from suanli.inputs.loading import load
from suanli.model import solve

Verb = Callable[..., Result]


def overrides(text: str) -> list[str]:
    """The scenarios that an explanation prints, each as the text of a file."""
    found = re.findall(r"^ {7}extends: .*\n(?: {7}.*\n)+", text, re.M)
    return [re.sub(r"^ {7}", "", each, flags=re.M) for each in found]


@pytest.fixture
def far(tmp_path: Path) -> Path:
    """Quickstart where video must be nearer than any site: the nearest one is 2 ms (south) and 3.17 ms (north) away."""
    file = tmp_path / "far.yaml"
    file.write_text("extends: quickstart\nchange: {workloads.video.latency_limit_ms: 1.5}\n", "utf-8")
    return file


def test_every_override_can_be_saved_and_solved(suanli: Verb, impossible: Path) -> None:
    done = suanli("explain", impossible)
    assert done.exit_code == 3
    assert "No plan can exist." in done.stdout
    written = overrides(done.stdout)
    assert len(written) >= 2
    assert written[0].splitlines()[:2] == ["extends: impossible.yaml", "change:"]
    for number, text in enumerate(written):
        file = impossible.parent / f"way-{number}.yaml"
        file.write_text(text, "utf-8")
        assert solve(load(str(file)).case, gap=0.01, threads=1).status == "optimal", text


def test_the_filter_that_removed_each_site_is_told(suanli: Verb, far: Path) -> None:
    done = suanli("explain", far)
    lines = [line.strip() for line in done.stdout.splitlines()]
    assert (
        "- no site can serve Video analysis of North in 2026 and 2027: Old centre, New centre and South edge node"
        " (more than 1.5 ms away: 3.17 to 5.32 ms)" in lines
    )
    assert "1. 3.17 ms instead of 1.5 ms allowed for Video analysis" in lines
    (first, *_) = overrides(done.stdout)
    (far.parent / "nearer.yaml").write_text(first, "utf-8")
    nearer = load(str(far.parent / "nearer.yaml")).case
    assert {w.id: list(w.sites) for w in nearer.workloads if w.system == "video"} == {
        "video@north": ["south_node"],
        "video@south": ["south_node"],
    }
    assert solve(nearer, gap=0.01, threads=1).status == "optimal"


def test_a_scenario_with_a_plan_ends_with_0(suanli: Verb) -> None:
    done = suanli("explain", "quickstart")
    assert done.exit_code == 0
    assert "A plan exists: the demands of this scenario do not contradict each other." in done.stdout


def test_run_explains_by_itself(suanli: Verb, impossible: Path) -> None:
    done = suanli("run", impossible, "-o", "out", "--language", "both")
    assert done.exit_code == 3
    assert "These cannot all be kept" in done.stdout
    assert "the budget: CNY 1,000 in 2026" in done.stdout.replace("\u00a0", " ")
    saved = json.loads(Path("out/explanation.json").read_text("utf-8"))
    assert saved["status"] == "infeasible"
    assert {"topic": "budget", "budgets": [{"year": 2026, "cny": 1000.0}]} in saved["conflicts"][0]["demands"]
    assert {change["path"][0] for way in saved["ways_out"] for change in way["changes"]} >= {"budget_cny"}
    assert Path("out/report.zh.pdf").is_file()


def test_a_resolved_case_is_explained_without_a_file_to_extend(suanli: Verb, impossible: Path) -> None:
    assert suanli("resolve", impossible, "-o", "case.json").exit_code == 0
    done = suanli("explain", "case.json", "--language", "zh", "-o", "why.json")
    assert done.exit_code == 3
    assert "不存在可行方案。" in done.stdout
    assert "extends" not in done.stdout
    assert "budget_cny.2026: " in done.stdout
    assert json.loads(Path("why.json").read_text("utf-8"))["ways_out"]


def test_a_wrong_scenario_ends_with_2(suanli: Verb) -> None:
    done = suanli("explain", "quickstrt")
    assert done.exit_code == 2
    assert "did you mean quickstart?" in done.stderr
