"""The verb alternatives: folders, summary, words, and going on after an interruption."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from click.testing import Result

if TYPE_CHECKING:
    from .conftest import Verb

COSTS = {"ash": 100, "birch": 101, "cedar": 102, "dogwood": 103}

Write = Callable[..., Path]

QUICK = ("--gap", 0, "--no-reports")


@pytest.fixture
def four_plots(tmp_path: Path) -> Write:
    """A town that needs two halls and has four plots, each for one of them, at 100 to 103 CNY. Servers are free."""

    def write(**others: object) -> Path:
        sites = {
            name: {"name": {"en": name.title()}, "earliest_year": 2026, "allowed_halls": ["hall"], "max_halls": 1}
            | {"grid_kw": 100, "build_cost_factor": cost / 100}
            for name, cost in COSTS.items()
        }
        hall = {"racks": 10, "rack_kw": 1, "usable_u": 10, "pue": 1, "capex_cny": 100, "life_years": 1}
        server = {"pool": "pool", "hardware_class": "general", "rack_units": 10, "peak_kw": 1, "average_kw": 0}
        server |= {"price_cny": 0, "life_years": 1, "provides": {"unit": 1}, "halls": ["hall"]}
        server |= {"available_from": 2026, "available_to": 2026}
        scenario = {
            "base_year": 2025,
            "years": [2026],
            "sites": sites,
            "hall_types": {"hall": {"name": {"en": "Hall"}, **hall}},
            "hardware": {"server": server},
            "workloads": {"work": {"pool": "pool", "demand": {"unit": 1}, "driver": "units"}},
            "drivers": {"units": {"value": {"2026": 20}}},
            **others,
        }
        file = tmp_path / "four.yaml"
        file.write_text(json.dumps(scenario), "utf-8")
        return file

    return write


def plots(folder: Path) -> set[str]:
    halls = pd.read_csv(folder / "halls.csv")
    return set(halls[halls["built"] > 0]["site"])


def said(result: Result) -> list[str]:
    return [line.rstrip() for line in result.output.splitlines()]


def test_plans_are_saved_whole_with_what_they_have_in_common(suanli: Verb, four_plots: Write) -> None:
    """Within 1.2% of 201 CNY there are ash with any other plot (201, 202, 203) and birch with cedar (203)."""
    done = suanli("alternatives", four_plots(), "--within", 0.012, "--count", 3, *QUICK, "-o", "plans")
    assert done.exit_code == 0, done.output
    assert plots(Path("plans/1")) == {"ash", "birch"}
    found = [frozenset(plots(Path(f"plans/{number}"))) for number in (1, 2, 3)]
    assert len(set(found)) == 3
    for number in (1, 2, 3):
        assert suanli("audit", f"plans/{number}").exit_code == 0
    table = pd.read_csv("plans/alternatives.csv")
    assert table["cost_cny"].tolist() == pytest.approx([sum(COSTS[plot] for plot in plan) for plan in found])
    assert table["excess_over_best"].tolist() == pytest.approx((table["cost_cny"] / 201 - 1).tolist())
    assert table["excess_over_bound"].tolist() == pytest.approx((table["cost_cny"] / 201 - 1).tolist(), abs=1e-6)
    assert table["gap"].tolist() == pytest.approx([0, 0, 0], abs=1e-6)
    # Of ash and birch, two quarters of any other plan within the limit are the same plot.
    assert table["differs_from_first"].tolist()[1:] == pytest.approx([0.5, 0.5])


def test_each_plan_has_its_report(suanli: Verb, four_plots: Write) -> None:
    """The second plan's gap is that to the bound of the case, which is what its report tells of; there is no search."""
    assert suanli("alternatives", four_plots(), "--count", 2, "--gap", 0, "-o", "plans").exit_code == 0
    assert Path("plans/1/report.pdf").is_file()
    assert Path("plans/2/report.pdf").is_file()
    summary = json.loads(Path("plans/2/summary.json").read_text("utf-8"))
    assert summary["gap"] == pytest.approx(4 / 205, abs=1e-6)
    assert summary["status"] == "feasible"


def test_it_says_what_to_build_whatever_happens(suanli: Verb, four_plots: Write) -> None:
    """Within 0.5% of 201 CNY, up to 202.005: ash and birch, or ash and cedar, and no third."""
    done = suanli("alternatives", four_plots(), "--within", 0.005, "--count", 5, *QUICK, "-o", "plans")
    assert done.exit_code == 0
    lines = said(done)
    sure = lines.index("Build these whatever happens: all 2 plans do, by the end of the year.")
    assert lines[sure + 1 : sure + 9] == [
        "  Ash: open it by 2026",
        "  Ash: build 1 hall (Hall) by 2026",
        "  Ash: buy servers of 10 kW (pool pool) by 2026",
        "Open: this differs from plan to plan (by the end of 2026).",
        "  Birch: open it or not",
        "  Cedar: open it or not",
        "  Birch: 0 to 1 new halls (Hall)",
        "  Cedar: 0 to 1 new halls (Hall)",
    ]
    assert any(line.startswith("There is no further plan: within this limit of cost") for line in lines)
    common = pd.read_csv("plans/common.csv", keep_default_na=False)
    halls = common[common["kind"] == "hall"].set_index("site")[["least", "most", "plan_1", "plan_2"]]
    assert halls.T["ash"].tolist() == [1, 1, 1, 1]
    assert halls.T["cedar"].tolist() == [0, 1, 0, 1]


def test_it_goes_on_where_it_stopped(suanli: Verb, four_plots: Write) -> None:
    """Two plans, then one of them is lost, then three: what is there is not planned again."""
    file = four_plots()
    again = ("alternatives", file, "--within", 0.012, *QUICK, "-o", "plans")
    assert suanli(*again, "--count", 2).exit_code == 0
    first, second = (Path(f"plans/{number}/summary.json").read_text("utf-8") for number in (1, 2))
    done = suanli(*again, "--count", 3)
    assert done.exit_code == 0
    assert "Plan 3 of 3" in done.output
    assert "Plan 2 of" not in done.output
    assert Path("plans/1/summary.json").read_text("utf-8") == first
    assert Path("plans/2/summary.json").read_text("utf-8") == second
    assert pd.read_csv("plans/alternatives.csv")["gap"].notna().all()


def test_another_case_or_limit_is_told_apart(suanli: Verb, four_plots: Write) -> None:
    again = ("alternatives", four_plots(), "--count", 1, "--no-reports", "-o", "plans")
    assert suanli(*again).exit_code == 0
    other = suanli(*again, "--within", 0.05)
    assert other.exit_code == 2
    assert "plans was made with another share of extra cost (0.02, not 0.05)" in other.output
    four_plots(discount_rate=0.1)
    other = suanli(*again)
    assert other.exit_code == 2
    assert "plans was made with another case; repeat what it was made with, or choose another folder" in other.output


def test_a_folder_with_other_things_is_left_alone(suanli: Verb, four_plots: Write) -> None:
    Path("mine").mkdir()
    Path("mine/notes.txt").write_text("mine", "utf-8")
    done = suanli("alternatives", four_plots(), "-o", "mine")
    assert done.exit_code == 2
    assert "mine is not empty and holds no alternatives.json; choose another folder" in done.output
    assert [path.name for path in Path("mine").iterdir()] == ["notes.txt"]


def test_without_any_plan_there_are_no_alternatives(suanli: Verb, impossible: Path) -> None:
    done = suanli("alternatives", impossible, "-o", "plans")
    assert done.exit_code == 3
    assert "No plan can exist" in done.output
    assert not Path("plans").exists()
