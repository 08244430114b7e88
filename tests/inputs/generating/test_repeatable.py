"""The same seed gives the same case, as a file that is read back as it was."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from suanli.inputs.generating.draws import Draws, neat, neat_down, neat_up
from suanli.inputs.generating.random_case import Drawn, draw_case
from suanli.inputs.generating.sizes import SIZES
from suanli.inputs.resolved import case_text, read_case, write_beside


@pytest.mark.parametrize("size", SIZES)
def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_case(size: str) -> None:
    text = case_text(draw_case(size, 7).case)
    assert case_text(draw_case(size, 7).case) == text
    other = draw_case(size, 8).case
    assert case_text(other) != text
    assert other.sites != draw_case(size, 7).case.sites


def test_another_process_with_other_hashes_draws_the_same_bytes(tmp_path: Path) -> None:
    program = (
        "import hashlib; from suanli.inputs.generating.random_case import draw_case; "
        "from suanli.inputs.resolved import case_text; "
        "print(hashlib.sha256(case_text(draw_case('city', 7).case).encode()).hexdigest())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "12345"}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment, cwd=tmp_path
    )
    assert done.stdout.strip() == hashlib.sha256(case_text(draw_case("city", 7).case).encode()).hexdigest()


def test_a_random_case_is_read_back_as_it_was_drawn(city: Drawn, tmp_path: Path) -> None:
    path = tmp_path / "city.json"
    write_beside(path, case_text(city.case))
    assert read_case(path) == city.case


def test_more_workloads_leave_the_city_as_it_is(city: Drawn) -> None:
    more = draw_case("city", 7, workloads=300).case
    assert len(more.workloads) == 300
    assert [site.name for site in more.sites] == [site.name for site in city.case.sites]
    assert [(site.latitude, site.existing, site.existing_halls) for site in more.sites] == [
        (site.latitude, site.existing, site.existing_halls) for site in city.case.sites
    ]
    assert [(kind.id, kind.price_cny) for kind in more.hardware] == [
        (kind.id, kind.price_cny) for kind in city.case.hardware
    ]


def test_a_name_says_what_was_drawn(city: Drawn) -> None:
    assert city.case.name == "city-7"
    assert city.case.title.en == "Random city 7: 30 sites, 200 workloads, 4 years"
    assert draw_case("tiny", 3, sites=5, years=3).case.name == "tiny-3-5-sites-3-years"


def test_ten_thousand_workloads_are_drawn() -> None:
    case = draw_case("region", 1, workloads=10_000).case
    assert (len(case.sites), len(case.workloads), len(case.years)) == (100, 10_000, 5)


def test_draws_are_those_that_python_promises_to_keep() -> None:
    draws = Draws("tiny", 1, "test")
    assert [draws.whole(0, 99) for _ in range(5)] == [6, 53, 90, 88, 38]
    assert draws.deal(10, 0.25).count(True) == 2
    assert draws.deal(3, 0.01).count(True) == 1
    assert draws.some("abc", 5) == ["a", "b", "c"]
    assert sorted(draws.shuffled(range(9))) == list(range(9))


def test_neat_numbers_have_three_digits_on_the_side_asked_for() -> None:
    assert (neat(1234.5), neat_up(1234.5), neat_down(1234.5)) == (1230.0, 1240.0, 1230.0)
    assert (neat_up(1230.0), neat_down(1230.0), neat_up(0.0)) == (1230.0, 1230.0, 0.0)
    assert (neat_up(0.1), neat_down(0.123), neat_up(0.1 + 0.2)) == (0.1, 0.123, 0.301)
