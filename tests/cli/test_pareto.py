"""The verb pareto: a folder for each point, the curve as table and picture, and what makes no trade-off."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from suanli.inputs.case import Case
from suanli.model import solve
from suanli.model.questions.pareto import Axis
from suanli.model.questions.priced import Priced

if TYPE_CHECKING:
    from .conftest import Verb

Write = Callable[..., Path]

QUICK = ("--gap", 0, "--no-reports")


@pytest.fixture
def servers(tmp_path: Path) -> Write:
    """Ten servers are needed; twelve cost 100 CNY each and the others 150. Each computes one PFLOPS."""

    def write(**others: Any) -> Path:
        kind = {"pool": "pool", "hardware_class": "general", "rack_units": 1, "peak_kw": 1, "average_kw": 0}
        kind |= {"life_years": 1, "provides": {"unit": 1}, "halls": ["hall"], "fp32_pflops": 1}
        kind |= {"available_from": 2026, "available_to": 2026}
        hall = {"racks": 10, "rack_kw": 10, "usable_u": 10, "pue": 1, "capex_cny": 0, "life_years": 1}
        site = {"existing": True, "earliest_year": 2026, "existing_halls": {"hall": 1}, "max_halls": 1, "grid_kw": 100}
        target = {"metric": "compute_pflops", "sense": ">=", "value": 13, "year": 2026}
        scenario = {
            "title": {"en": "Servers"},
            "base_year": 2025,
            "years": [2026],
            "compute_convention": {"general": "fp32"},
            "sites": {"site": site},
            "hall_types": {"hall": hall},
            "hardware": {
                "cheap": {**kind, "price_cny": 100, "supply": {"2026": 12}},
                "dear": {**kind, "price_cny": 150, "domestic": True},
            },
            "workloads": {"work": {"pool": "pool", "demand": {"unit": 1}, "driver": "units"}},
            "drivers": {"units": {"value": {"2026": 10}}},
            "targets": {"compute": target},
            **others,
        }
        file = tmp_path / "servers.yaml"
        file.write_text(json.dumps(scenario), "utf-8")
        return file

    return write


def test_the_curve_of_a_target_runs_through_its_values(suanli: Verb, servers: Write) -> None:
    """Without the target ten PFLOPS at 1,000 CNY; up to 1,800 CNY two at 100 more, then four at 150: sixteen.

    The target's 13 is only what it is now: its value is what the curve varies.
    """
    again = (
        "pareto",
        servers(),
        "--against",
        "compute",
        "--points",
        4,
        "--within",
        0.8,
        "--gap",
        0,
        "--no-reports",
        "-o",
        "curve",
    )
    done = suanli(*again)
    assert done.exit_code == 0, done.output
    table = pd.read_csv("curve/curve.csv")
    assert table["point"].tolist() == [1, 2, 3, 4]
    assert table["attained"].tolist() == pytest.approx([10, 12, 14, 16])
    assert table["cost_cny"].tolist() == pytest.approx([1000, 1200, 1500, 1800])
    assert table["bound_cny"].tolist() == pytest.approx([1000, 1200, 1500, 1800])
    assert table["price_to_next_cny"].tolist()[:3] == pytest.approx([100, 150, 150])
    assert table["knee"].tolist() == [False, True, False, False]
    lines = [line.split() for line in done.output.splitlines()]
    assert ["2", "12", "12", "1,200.000", "0.00%", "150", "knee"] in lines
    assert "Knee at point 2: compute_pflops 12 for 20.00% more than the least cost" in done.output
    for number in (1, 2, 3, 4):
        assert suanli("audit", f"curve/{number}").exit_code == 0
    targets = pd.read_csv("curve/3/targets.csv").set_index("target")
    assert targets["required"].to_dict() == {"traded": pytest.approx(14)}
    assert Path("curve/curve.png").read_bytes().startswith(b"\x89PNG")
    drawing = Path("curve/curve.svg").read_text("utf-8")
    assert "Compute, 2026, PFLOPS" in drawing
    assert "Net present cost, CNY" in drawing
    assert ">knee<" in drawing

    # A point that is lost is planned again, from its neighbour; the others are read.
    before = {number: Path(f"curve/{number}/summary.json").read_text("utf-8") for number in (1, 3, 4)}
    for path in sorted(Path("curve/2").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    Path("curve/2").rmdir()
    again_done = suanli(*again)
    assert again_done.exit_code == 0
    assert [line for line in again_done.output.splitlines() if line.startswith("Point")] == [
        "Point 2: compute_pflops >= 12"
    ]
    assert before == {number: Path(f"curve/{number}/summary.json").read_text("utf-8") for number in (1, 3, 4)}
    assert pd.read_csv("curve/curve.csv")["cost_cny"].tolist() == pytest.approx([1000, 1200, 1500, 1800])

    other = suanli(*again, "--to", 15)
    assert other.exit_code == 2
    assert "curve was made with another far end (none given, not 15.0)" in other.output


@pytest.mark.parametrize(("known", "values"), [(14, [10, 12, 14]), (12, [10, 13, 16])])
def test_the_curve_ends_where_a_plan_is_known_to(
    suanli: Verb, servers: Write, monkeypatch: pytest.MonkeyPatch, known: float, values: list[float]
) -> None:
    """As in a large case: 16 might be attained, and a plan with 14 is known. One with 12 covers too little of 10 to 16.

    With so few whole numbers no plan is looked for beforehand, so that one is put in here.
    """

    def planned(case: Case, axis: Axis, value: float, **_: Any) -> Priced:
        return Priced(solve(axis.demanded(case, min(known, value)), gap=0, threads=1).tables)

    monkeypatch.setattr("suanli.verbs.points.plan_towards", planned)
    done = suanli(
        "pareto", servers(), "--against", "compute", "--points", 3, "--within", 0.8, *QUICK, "-o", "curve"
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert pd.read_csv("curve/curve.csv")["attained"].tolist() == pytest.approx(values)
    said = "No plan is known to attain 16; one attains 14." in " ".join(done.output.split())
    assert said == (known == 14)


def test_the_curve_is_drawn_in_chinese_too(suanli: Verb, servers: Write) -> None:
    done = suanli(
        "pareto", servers(), "--against", "capex", "--better", "most", "--points", 2, *QUICK, "--language", "both",
        "-o", "curve",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "(a folder for each point, curve.csv, curve.svg, curve.png, curve.zh.svg, curve.zh.png)" in done.output
    # 13 servers for 1,350 CNY; all of them are bought in the year.
    assert "Capital spending, 2026, CNY" in Path("curve/curve.svg").read_text("utf-8")
    drawing = Path("curve/curve.zh.svg").read_text("utf-8")
    for words in ("2026年建设投资（元）", "净现值成本（元）", "已求得的方案", "尚未确定：至已证明的下界"):
        assert words in drawing


def test_the_far_end_may_be_given(suanli: Verb, servers: Write) -> None:
    done = suanli(
        "pareto",
        servers(),
        "--against",
        "compute",
        "--to",
        12,
        "--points",
        2,
        "--gap",
        0,
        "--no-reports",
        "-o",
        "curve",
    )
    assert done.exit_code == 0
    assert pd.read_csv("curve/curve.csv")["cost_cny"].tolist() == pytest.approx([1000, 1200])
    nearer = suanli("pareto", servers(), "--against", "compute", "--to", 9, "--points", 2, *QUICK, "-o", "other")
    assert nearer.exit_code == 2
    assert "--to 9 asks for nothing: the cheapest plan has compute_pflops = 10 anyway" in nearer.output


def test_a_metric_that_stays_makes_no_curve(suanli: Verb, servers: Write) -> None:
    """Without energy there is no carbon; the plan of least cost is saved and the command says why there is no more."""
    done = suanli("pareto", servers(), "--against", "carbon_tonnes", *QUICK, "-o", "curve")
    assert done.exit_code == 0
    assert (
        "There is nothing to trade: at up to 20% more cost no plan is better than the cheapest, "
        "which has carbon_tonnes = 0." in done.output
    )
    assert pd.read_csv("curve/curve.csv")["point"].tolist() == [1]
    assert suanli("pareto", servers(), "--against", "carbon_tonnes", *QUICK, "-o", "curve").exit_code == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--against", "carbon_tons"], "is neither a metric nor a target of servers; did you mean carbon_tonnes?"),
        (["--against", "capex", "--year", 2030], "--year 2030 is not a planning year (2026 to 2026)"),
        (["--against", "compute", "--year", 2026], "the target compute has its own year; leave out --year"),
        (["--against", "pool_capacity"], "pool_capacity needs --pool and --resource"),
        (
            ["--against", "pool_capacity", "--pool", "ai", "--resource", "unit"],
            "no hardware of the pool ai provides unit; there are pool/unit",
        ),
        (["--against", "capex", "--pool", "pool"], "--pool and --resource belong to pool_capacity, not to capex"),
        (["--against", "green_sites", "--better", "least"], "green_sites can only be traded upwards"),
        (["--against", "pue"], "pue has no value in the cheapest plan: there is nothing to take a share of"),
    ],
)
def test_what_makes_no_trade_off_is_told(suanli: Verb, servers: Write, options: list[Any], message: str) -> None:
    done = suanli("pareto", servers(), *options, "--no-reports", "-o", "curve")
    assert done.exit_code == 2
    assert message in done.output


def test_an_exact_target_needs_a_direction(suanli: Verb, servers: Write) -> None:
    exact = {"metric": "compute_pflops", "sense": "==", "value": 13, "year": 2026}
    file = servers(targets={"compute": exact})
    done = suanli("pareto", file, "--against", "compute", "--no-reports", "-o", "curve")
    assert done.exit_code == 2
    assert "the target compute asks for an exact value; say --better least or --better most" in done.output


def test_pool_capacity_is_traded_by_pool_and_resource(suanli: Verb, servers: Write) -> None:
    """The target of 13 PFLOPS stays: 1,350 CNY for 13 units; three more at 150 are 1,800."""
    done = suanli(
        "pareto", servers(), "--against", "pool_capacity", "--pool", "pool", "--resource", "unit",
        "--points", 2, "--within", 1 / 3, *QUICK, "-o", "curve",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    table = pd.read_csv("curve/curve.csv")
    assert table["attained"].tolist() == pytest.approx([13, 16])
    assert table["cost_cny"].tolist() == pytest.approx([1350, 1800])
