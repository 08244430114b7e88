"""The verb generate: it writes a case that the other verbs take."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from suanli.inputs.generating.random_case import draw_case
from suanli.inputs.generating.sizes import SIZES
from suanli.inputs.resolved import case_text

Verb = Callable[..., Result]


def test_a_case_is_written_checked_and_planned(suanli: Verb) -> None:
    done = suanli("generate", "--size", "tiny", "--seed", 4, "-o", "case.json")
    assert (done.exit_code, done.output) == (0, "")
    assert Path("case.json").read_text("utf-8") == case_text(draw_case("tiny", 4).case)
    assert (
        suanli("check", "case.json").output == "tiny-4: 4 sites, 6 workloads, years 2026-2027, 4 targets; no problems\n"
    )
    done = suanli("run", "case.json", "-o", "plan", "--gap", "0.05", "--time-limit", 60)
    assert done.exit_code == 0
    assert "audit: agrees" in done.output


def test_without_a_file_the_case_is_printed(suanli: Verb) -> None:
    done = suanli("generate", "--size", "tiny", "--seed", 4, "--workloads", 9, "--sites", 5, "--years", 3)
    case = json.loads(done.stdout)
    assert case["name"] == "tiny-4-5-sites-9-workloads-3-years"
    assert (len(case["sites"]), len(case["workloads"]), case["years"]) == (5, 9, [2026, 2027, 2028])


def test_the_help_names_every_size_with_its_numbers(suanli: Verb) -> None:
    shown = " ".join(suanli("generate", "--help").output.split())
    for name, size in SIZES.items():
        assert f"{name} {size.sites} sites, {size.workloads:,} workloads, {size.years} years" in shown


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--size", "huge"), "'huge' is not one of 'tiny', 'small', 'city', 'region'"),
        (("--sites", 2), "2 is not in the range 3<=x<=1000"),
        (("--workloads", 0), "0 is not in the range 1<=x<=100000"),
        (("--years", 2.5), "'2.5' is not a valid integer range"),
        (("--seed", -1), "-1 is not in the range x>=0"),
        (("-o", "lost/case.json"), "lost/case.json: cannot be written: No such file or directory"),
    ],
)
def test_what_is_wrong_is_told(suanli: Verb, arguments: tuple[object, ...], told: str) -> None:
    done = suanli("generate", *arguments)
    assert done.exit_code == 2
    assert told in done.stderr
    assert list(Path().iterdir()) == []
