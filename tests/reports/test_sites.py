"""The sites year by year: what the heading finds, what the tables count, how far away a hub is, and the map."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from suanli.reports.charts.map import SiteMap
from suanli.reports.charts.map_parts import Kind, MapWords, Place, State
from suanli.reports.charts.placing import Box, spread
from suanli.reports.document import ByYear, Section
from suanli.reports.draft import Draft
from suanli.reports.folder import read_result
from suanli.reports.fonts import Fonts
from suanli.reports.gallery import drawing, svg
from suanli.reports.messages import Messages
from suanli.reports.numbers import Unit
from suanli.reports.sections import sites
from suanli.reports.sources import Sources
from suanli.reports.view import PlanView

MakeResult = Callable[..., Path]
Edit = Callable[[Path, str, Callable[[pd.DataFrame], pd.DataFrame]], None]
WORDS = MapWords(
    {"core": "core", "edge": "edge", "remote": "remote"}, "in use", "grows", "unused", "MW", "away", "more",
    Unit("MW", 1e3, 1),
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def style(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with drawing(Fonts(tmp_path_factory.mktemp("fonts"), "采石章丘高新莱芜长清")):
        yield


def section(folder: Path) -> Section:
    return sites.section(Draft(PlanView(read_result(folder)), Messages("en"), Sources({})))


def by_year(folder: Path) -> ByYear:
    (block,) = section(folder).blocks
    assert isinstance(block, ByYear)
    return block


def rows(folder: Path, frame: int) -> list[list[str]]:
    return [[cell.text.replace("\u200b", "") for cell in row] for row in by_year(folder).frames[frame].table.rows]


def test_each_year_has_its_sites_and_works(made_up: MakeResult) -> None:
    folder = made_up(placed=True)
    assert [frame.label for frame in by_year(folder).frames] == ["2024", "2025"]
    # 500 racks of 5 kW are 1,000 standard ones, two legacy halls 400. A trainer draws 5 kW x 1.3, 300 servers 480 kW.
    assert rows(folder, 0) == [
        ["1", "Caishi 采石", "district-0", "core", "1,400", "0.61", "1 hall built, 20 units of hardware"],
        ["2", "Zhangqiu 章丘", "district-1", "core", "1,000", "0.20", "1 hall built, 30 units of hardware"],
        ["3", "Gaoxin 高新", "district-0", "core", "1,400", "0.74", "1 hall built, 40 units of hardware"],
        ["", "3 sites in use", "", "", "3,800", "1.54", "3 halls built, 90 units of hardware"],
    ]
    assert rows(folder, 1)[2][4:] == ["2,400", "1.13", "1 hall built, grid +5\u00a0MW, 60 units of hardware"]


def test_a_small_town_speaks_of_kw(made_up: MakeResult) -> None:
    folder = made_up(placed=True, grid_kw=900.0)
    first, second = by_year(folder).frames
    assert [column.title for column in second.table.columns][5] == "Peak, kW"
    # 20 trainers of 5 kW x 1.3 and 300 servers of 1 kW x 1.6; in 2025 a step of 5,000 kW.
    assert rows(folder, 0)[0][5] == "610"
    assert "grid +5,000\u00a0kW" in rows(folder, 1)[0][6]
    assert first.figure is not None
    assert "draw 1,545\u00a0kW at their peaks" in first.figure.alt
    assert second.figure is not None
    assert second.figure.data.splitlines()[0].endswith("in_use,peak_kw,racks")


def test_what_is_not_in_use_is_named(made_up: MakeResult, edit: Edit) -> None:
    folder = made_up(placed=True)
    for table in ("sites", "halls", "hardware", "power"):
        edit(folder, table, lambda rows: rows[(rows["site"] != "site-2") | (rows["year"] == 2025)])
    first, second = by_year(folder).frames
    assert (first.table.note, second.table.note) == ("Not in use in 2024: Zhangqiu 章丘.", "")
    assert first.figure is not None
    # Sites 1 and 3: 610 + 740 kW.
    assert first.figure.alt == (
        "Map of 3 sites at the end of 2024: 2 are in use and draw 1.35\u00a0MW at their peaks; "
        "at 2 of them halls or grid connections are built."
    )
    assert section(folder).lead == "New sites in use at the end: Zhangqiu 章丘."


def test_the_heading_says_where_the_power_is_drawn(made_up: MakeResult, edit: Edit) -> None:
    folder = made_up(placed=True)
    # 805 + 1,130 of 2,422.5 kW.
    assert section(folder).title == "3 of 3 sites are in use in 2025; district-0 carries 80% of their peak power"
    edit(folder, "power", lambda rows: rows.assign(peak_kw=0.0))
    assert section(folder).title == "3 of 3 sites are in use in 2025"
    edit(folder, "sites", lambda rows: rows[rows["site"] == "site-2"])
    assert section(folder).title == "Zhangqiu 章丘 is the only site in use in 2025"
    edit(folder, "sites", lambda rows: rows.assign(open=0))
    assert section(folder).title == "No site is in use in 2025"


def test_a_hub_stands_beside_the_map_with_its_distance(made_up: MakeResult) -> None:
    folder = made_up(sites=3, remote=1, placed=True)
    last = by_year(folder).frames[-1].figure
    assert last is not None
    # From (36.65, 117.0) to (40.6, 117.1): 3.95 degrees of 111.19 km north, 0.1 of 85 km east.
    assert "439\u00a0km north<" in last.svg
    assert last.series == ("core", "remote")
    (row,) = [line for line in last.data.splitlines() if line.startswith("Gaoxin 高新,") and ",2025," in line]
    assert row == "Gaoxin 高新,remote,district-0,40.6,117.1,2025,1,1.13,2400"


def test_sites_without_a_place_have_no_map(made_up: MakeResult) -> None:
    assert [frame.figure for frame in by_year(made_up()).frames] == [None, None]


def test_many_years_are_put_together(made_up: MakeResult) -> None:
    folder = made_up(sites=1, years=30, growth=1.0)
    assert [frame.label for frame in by_year(folder).frames][:2] == ["2024–2026", "2027–2029"]
    # One hall and 20 trainers a year, for three years.
    assert rows(folder, 1)[0][-1] == "3 halls built, 60 units of hardware"


def town(n: int) -> list[Place]:
    """Sites of all kinds and sizes, most of them in a small centre, two at each place."""
    kinds: tuple[Kind, ...] = ("core", "edge", "edge")
    numbers = np.random.default_rng(7)
    centre = numbers.normal(0, 0.08, (n, 2)) // 0.02 * 0.02
    return [
        Place(i + 1, f"Data centre of the quarter {i + 1}", kinds[i % 3], f"District {int(math.atan2(y, x) * 3)}",
              36.6 + y, 117 + x, float(70 * numbers.random() ** 4))
        for i, (x, y) in enumerate(centre.tolist())
    ]  # fmt: skip


@pytest.mark.parametrize("n", [1, 3, 34, 60, 100])
def test_nothing_on_a_map_hides_anything_else(n: int) -> None:
    places = town(n)
    site_map = SiteMap(places, WORDS)
    figure = site_map.draw({p.number: State(p.largest_kw, p.number % 5 > 0, p.number % 4 == 0) for p in places})
    radii = [site_map.radius(place.largest_kw) for place in places]
    apart = [
        float(np.hypot(*(site_map.spots[i] - site_map.spots[j]))) - radii[i] - radii[j]
        for i, j in combinations(range(n), 2)
    ]
    assert min(apart, default=1.0) > 0
    svg(figure)
    labels = [text for text in figure.axes[0].texts if text.get_text() and not text.get_text().isdigit()]
    boxes = [(text.get_text(), text.get_window_extent()) for text in labels]
    overlapping = [(a, b, one, other) for (a, one), (b, other) in combinations(boxes, 2) if one.overlaps(other)]
    assert overlapping == []
    if 1 < n < 100:
        districts = {place.district for place in places}
        assert len(districts & {text for text, _ in boxes}) > 0.6 * len(districts)


def test_symbols_are_moved_no_more_than_it_takes() -> None:
    frame = Box(0, 0, 100, 100)
    alone, pair = np.array([[20.0, 50.0]]), np.array([[50.0, 50.0], [54.0, 50.0]])
    assert spread(alone, [5.0], frame) == pytest.approx(alone, abs=0.01)
    # Two of radius 5 with a gap of 1 stand 11 apart, each moved by the same.
    moved = spread(pair, [5.0, 5.0], frame, gap=1.0)
    assert moved == pytest.approx(np.array([[46.5, 50.0], [57.5, 50.0]]), abs=0.1)
    held = spread(np.array([[0.0, 0.0]]), [5.0], frame)
    assert held == pytest.approx(np.array([[5.0, 5.0]]))
