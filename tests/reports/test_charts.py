"""Charts: colours that are told apart in grey and by the colour-blind, the data behind them, and marked series."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from suanli.reports import gallery
from suanli.reports.charts.chart import Chart
from suanli.reports.charts.labels import fitting, spread, text_width
from suanli.reports.charts.palette import HEAT, MOST_SERIES, lightness, ramp, readable_on
from suanli.reports.charts.parts import shown
from suanli.reports.charts.progress import search
from suanli.reports.charts.series import EARLIER, Limits, over_years
from suanli.reports.charts.targets import Margin, margins
from suanli.reports.fonts import Fonts
from suanli.reports.gallery import INK, NAVY, TEAL
from suanli.reports.numbers import money_unit, number
from suanli.reports.report import write_report

MakeResult = Callable[..., Path]
# What is left of colours without one kind of cone, on linear RGB: Machado, Oliveira and Fernandes (2009), severity 1.
COLOUR_BLIND = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
TOLD_APART = 8.0
"""Steps of lightness, of 100, by which neighbouring areas must differ."""


def seen(colour: str | tuple[float, float, float], eyes: str) -> float:
    """The lightness of a colour to some eyes; "grey": as a grey print shows it."""
    rgb = np.array(to_rgb(colour))
    if eyes == "grey":
        return lightness(list(rgb))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    left = np.clip(np.array(COLOUR_BLIND[eyes]) @ linear, 0, 1)
    return lightness(list(np.where(left <= 0.0031308, left * 12.92, 1.055 * left ** (1 / 2.4) - 0.055)))


@pytest.mark.parametrize("eyes", ["grey", *COLOUR_BLIND])
@pytest.mark.parametrize("n", range(2, MOST_SERIES + 1))
def test_neighbouring_colours_differ_in_lightness(eyes: str, n: int) -> None:
    levels = [seen(colour, eyes) for colour in ramp(n)]
    assert levels == sorted(levels), "from dark to light"
    assert min(b - a for a, b in pairwise(levels)) >= TOLD_APART
    assert levels[-1] < 100 - TOLD_APART, "told apart from the page"


@pytest.mark.parametrize("eyes", ["grey", *COLOUR_BLIND])
@pytest.mark.parametrize(
    ("one", "other"), [(NAVY, TEAL), (NAVY, EARLIER), ("#DCEFE3", "#A61C28"), ("#A61C28", "#FFFFFF")]
)
def test_pairs_that_stand_together_differ_in_lightness(eyes: str, one: str, other: str) -> None:
    assert abs(seen(one, eyes) - seen(other, eyes)) >= TOLD_APART


@pytest.mark.parametrize("eyes", ["grey", *COLOUR_BLIND])
def test_darker_cells_of_a_heat_map_are_higher(eyes: str) -> None:
    levels = [seen(HEAT(share)[:3], eyes) for share in np.linspace(0, 1, 51)]
    assert all(b < a for a, b in pairwise(levels))


def test_cells_of_a_heat_map_carry_the_more_readable_ink() -> None:
    assert readable_on(HEAT(0.0)) == readable_on(HEAT(0.7)) == INK
    assert readable_on(HEAT(1.0)) == readable_on(HEAT(0.9)) == "white"


@pytest.mark.parametrize(
    ("wanted", "places"),
    [
        ([1.0, 5.0, 9.0], [1.0, 5.0, 9.0]),
        # Two at the same place move one up and one down by half the gap.
        ([5.0, 5.0], [4.5, 5.5]),
        # The third pushes both: on average they stand where they wanted to.
        ([5.0, 5.0, 5.6], [4.2, 5.2, 6.2]),
        # At the edge all move inwards.
        ([0.0, 0.1, 9.9], [0.0, 1.0, 9.9]),
        ([9.9, 10.0, 10.0], [8.0, 9.0, 10.0]),
        ([], []),
    ],
)
def test_names_are_spread_as_little_as_needed(wanted: list[float], places: list[float]) -> None:
    assert spread(wanted, 1.0, 0.0, 10.0) == pytest.approx(places)


@pytest.fixture(scope="module")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> Fonts:
    return Fonts(tmp_path_factory.mktemp("fonts"), "目标服务器")


@pytest.fixture
def style(fonts: Fonts) -> Iterator[None]:
    with gallery.drawing(fonts):
        yield


def test_texts_are_shortened_to_the_room_they_have(style: None) -> None:
    assert fitting("Caishi", 100) == "Caishi"
    short = fitting("National Supercomputing Centre in Jinan", 100)
    assert short.startswith("National") and "..." in short and short.endswith("Jinan")
    assert 80 < text_width(short) <= 100
    assert text_width("WW") == pytest.approx(2 * text_width("W"), abs=0.2)
    assert text_width("目标") == pytest.approx(15.0, abs=0.3), "two characters of 7.5 points"


def test_totals_that_would_touch_are_left_out_up_to_the_last(style: None) -> None:
    wide = ["1,234,567"] * 7
    assert shown(wide, 60) == [0, 1, 2, 3, 4, 5, 6]
    assert shown(wide, 30) == [0, 2, 4, 6]
    assert shown(["1"] * 3, 5) == [0, 2]


def two_series() -> Chart:
    grid = pd.DataFrame([[1e9, 2e9], [5e8, -1e9]], index=["=hardware", "目标"], columns=[2026, 2027])
    limits = Limits("goal", {2027: 2.5e9, 2030: 1.0})
    return over_years(grid, "CNY bn", money_unit([2e9]), "spending_cny", scale=1e9, limits=limits)


def test_the_data_are_what_is_drawn_with_the_unit_in_the_header(style: None) -> None:
    chart = two_series()
    assert chart.csv() == (
        "series,year,spending_cny\n"
        "=hardware,2026,1000000000\n目标,2026,500000000\n=hardware,2027,2000000000\n目标,2027,-1000000000\n"
        "goal,2027,2500000000\n"
    )  # a limit of a year that is not drawn is not in it
    (axes,) = chart.figure.axes
    assert axes.get_title(loc="left") == "CNY bn"
    bars = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    heights = sorted(round(patch.get_height(), 3) for patch in bars if round(patch.get_width(), 9) == 0.68)
    assert heights == [-1.0, 0.5, 1.0, 2.0]
    assert {text.get_text() for text in axes.texts} >= {"1.50", "1.00", "=hardware", "目标", "goal"}


def groups(svg: str, name: str) -> int:
    return len(re.findall(rf'<g class="{name}">', svg))


def test_every_series_is_marked_in_the_drawing(style: None) -> None:
    chart = two_series()
    assert chart.series == ("=hardware", "目标", "goal")
    svg = gallery.svg(chart.figure)
    # Two bars each and the line that leads to the name; the limit has a line on a white one.
    assert [groups(svg, f"series-{n}") for n in (1, 2, 3, 4)] == [3, 3, 2, 0]
    # A sign and a name.
    assert [groups(svg, f"key-{n}") for n in (1, 2, 3, 4)] == [2, 2, 2, 0]
    assert not re.search(r'id="(series|key)-', svg)
    ids = re.findall(r'id="([^"]+)"', svg)
    assert len(ids) == len(set(ids))


def test_the_search_names_its_lines_at_their_ends(style: None) -> None:
    progress = pd.DataFrame(
        {"seconds": [1.0, 8.0, 41.0], "best_cny": [float("nan"), 1.1e9, 1e9], "bound_cny": [8e8, 9e8, 9.9e8]}
    )
    chart = search(progress.assign(gap=0.0), money_unit([1e9]), "best", "bound", "seconds")
    assert chart.csv() == "seconds,best_cny,bound_cny\n1,,800000000\n8,1100000000,900000000\n41,1000000000,990000000\n"
    (axes,) = chart.figure.axes
    assert (axes.get_xlabel(), axes.get_title(loc="left")) == ("seconds", "CNY bn")


def test_margins_say_by_sign_and_side_what_is_missed(style: None) -> None:
    chart = margins([Margin("a", -0.25, False), Margin("b", 12.0, True)])
    assert chart.csv() == "target,margin_share,met\na,-0.25,False\nb,12,True\n"
    (axes,) = chart.figure.axes
    assert [text.get_text() for text in axes.texts] == ["× \u221225.0%", "✓ ×13"]


def test_few_bars_are_not_as_wide_as_the_page(style: None) -> None:
    grid = pd.DataFrame([[3.0]], index=["a"], columns=[2026])
    (axes,) = over_years(grid, "PFLOPS", number, "pflops").figure.axes
    low, high = axes.get_xlim()
    assert 0.68 / (high - low) < 0.2
    assert [label.get_text() for label in axes.get_xticklabels()] == ["2026"]


def test_every_figure_of_a_report_comes_with_its_data(made_up: MakeResult) -> None:
    folder = made_up(unserved=0.1)
    write_report(folder)
    tables = {path.stem: pd.read_csv(path) for path in (folder / "figures").glob("*.csv")}
    assert set(tables) == {path.stem for path in (folder / "figures").glob("*.svg")}
    assert set(tables) == {path.stem for path in (folder / "figures").glob("*.png")}
    assert all(len(table) for table in tables.values())
    # 90 trainers of 2.5 PFLOPS and 600 servers of 0.01 in 2024; half as many trainers more in 2025.
    compute = tables["compute"].set_index(["series", "year"])["compute_pflops"]
    assert compute["Training server", 2024] == pytest.approx(225.0)
    assert compute["Server", 2025] == pytest.approx(6.0)
    assert compute["target of the city", 2025] == 100.0
    power = tables["power"].query("site == 'Caishi 采石' and year == 2025")
    # 50 trainers of 5 kW behind a PUE of 1.3, 300 servers of 1 kW behind one of 1.6; 90% of 20 MW and a step of 5.
    assert power["peak_mw"].tolist() == pytest.approx([(50 * 5 * 1.3 + 480) / 1000])
    assert power["usable_grid_mw"].tolist() == [22.5]
    costs = pd.read_csv(io.StringIO((folder / "costs.csv").read_text()))
    bridge = tables["cost-bridge"].set_index("part")["net_present_cost_cny"]
    assert bridge["Net present cost"] == pytest.approx(costs["discounted_cny"].sum())
    spending = tables["funding"].query("series != 'capital budget'").groupby("year")["spending_cny"].sum()
    paid = costs.query("year == 2025 and category not in ['salvage', 'unserved_penalty', 'target_penalty']")
    assert spending[2025] == pytest.approx(paid["cny"].sum())
