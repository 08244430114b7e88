"""No text of any chart lies over another or leaves the picture: few sites or a hundred, one year or twelve."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from suanli.inputs.loading import load
from suanli.model import solve
from suanli.reports import gallery
from suanli.reports.charts.chart import Chart
from suanli.reports.charts.costs import bridge
from suanli.reports.charts.heat import heat_map
from suanli.reports.charts.power import Load, against_limits
from suanli.reports.charts.series import Limits, Small, over_years, small_multiples
from suanli.reports.charts.targets import Margin, margins
from suanli.reports.folder import read_result
from suanli.reports.fonts import Fonts
from suanli.reports.messages import Messages
from suanli.reports.numbers import money_unit, number, percent
from suanli.reports.report import compose
from suanli.reports.saving import save_plan

MakeResult = Callable[..., Path]
Corners = np.ndarray[Any, np.dtype[np.float64]]
CHINESE = "国家超级计算济南中心第三期扩容改造工程（历城区）"
LONG = "The Very Long-Named Regional Data Centre for Everything, phase"
SLACK = 0.75
"""Pixels that the boxes of texts reach beyond their ink on each side."""


@pytest.fixture(scope="module")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> Fonts:
    words = set.union(*(Messages(language).characters() for language in ("en", "zh")))
    return Fonts(tmp_path_factory.mktemp("fonts"), words | set(CHINESE) | set("采石章丘高新莱芜长清虚构亿万元枢纽节点"))


@pytest.fixture
def style(fonts: Fonts) -> Iterator[None]:
    with gallery.drawing(fonts):
        yield


def drawn_texts(figure: Figure, monkeypatch: pytest.MonkeyPatch) -> list[Text]:
    """The texts that are really drawn: axes hold more labels than they show."""
    seen: list[Text] = []

    def draw_text(*arguments: Any, mtext: Text | None = None, **_: Any) -> None:
        if mtext is not None and str(mtext.get_text()).strip():
            seen.append(mtext)

    with monkeypatch.context() as patch:
        patch.setattr(RendererAgg, "draw_text", draw_text)
        figure.canvas.draw()
    return seen


def corners(text: Text) -> Corners:
    """The four corners of a text's box, turned as it is, in pixels."""
    angle = np.deg2rad(text.get_rotation())
    centre = np.mean(text.get_window_extent().get_points(), axis=0)
    turned = text.get_rotation()
    text.set_rotation(0)
    box = text.get_window_extent()
    text.set_rotation(turned)
    half = np.array([max(box.width / 2 - SLACK, 0.1), max(box.height / 2 - SLACK, 0.1)])
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    box_: Corners = centre + (np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half) @ turn.T
    return box_


def apart(a: Corners, b: Corners) -> bool:
    """Whether some direction of a side of either box separates them."""
    for box in (a, b):
        for side in (box[1] - box[0], box[2] - box[1]):
            first, second = a @ side, b @ side
            if first.max() <= second.min() or second.max() <= first.min():
                return True
    return False


def complaints(figure: Figure, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What of the texts lies over another text or leaves the picture."""
    texts = drawn_texts(figure, monkeypatch)
    boxes = [corners(text) for text in texts]
    edge = [figure.bbox.width, figure.bbox.height]
    out = [
        f"{text.get_text()!r} leaves the picture"
        for text, box in zip(texts, boxes, strict=True)
        if box.min() < 0 or (box > edge).any()
    ]
    pairs = combinations(zip(texts, boxes, strict=True), 2)
    return out + [f"{a.get_text()!r} over {b.get_text()!r}" for (a, p), (b, q) in pairs if not apart(p, q)]


@pytest.fixture
def crowding(fonts: Fonts, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, list[str]]]:
    """Complaints about the charts of a whole report, by the order of the charts."""

    def found(folder: Path, language: Any = "en") -> dict[str, list[str]]:
        out: dict[str, list[str]] = {}
        kept = gallery.svg

        def spy(figure: Figure) -> str:
            for complaint in complaints(figure, monkeypatch):
                out.setdefault(f"chart {spy.count}", []).append(complaint)  # type: ignore[attr-defined]
            spy.count += 1  # type: ignore[attr-defined]
            return kept(figure)

        spy.count = 1  # type: ignore[attr-defined]
        with monkeypatch.context() as patch:
            patch.setattr(gallery, "svg", spy)
            _, drawings = compose(read_result(folder), Messages(language), fonts)
        assert spy.count > len(drawings) > 5  # type: ignore[attr-defined]
        return out

    return found


def test_the_measure_finds_what_is_wrong(style: None, monkeypatch: pytest.MonkeyPatch) -> None:
    figure = gallery.canvas(3.0)
    figure.text(0.5, 0.5, "one")
    figure.text(0.51, 0.52, "two")
    figure.text(0.98, 0.1, "over the edge")
    figure.text(0.1, 0.5, "steep and long", rotation=45)
    figure.text(0.13, 0.5, "steep as well", rotation=45)
    assert complaints(figure, monkeypatch) == ["'over the edge' leaves the picture", "'one' over 'two'"]


def long_names(kind: str, n: int) -> dict[str, str]:
    return {f"{kind}-{i + 1}": f"{LONG} {i + 1}" for i in range(n)}


REPORTS: dict[str, dict[str, Any]] = {
    "one site, one year": {"sites": 1, "years": 1, "systems": 1},
    "three sites": {},
    "sixty sites": {"sites": 60, "remote": 3, "years": 4, "systems": 40, "names": long_names("site", 60)},
    "a hundred sites, twelve years": {
        "sites": 100, "years": 12, "systems": 12, "growth": 1.1,
        "names": long_names("system", 12) | {"server": LONG},
    },
    "missed targets": {"targets": (("compute_pflops", ">=", 9000.0), ("pue", "<=", 1.01), ("green_share", ">=", 0.01))},
}  # fmt: skip


@pytest.mark.parametrize("name", REPORTS)
def test_no_text_of_a_report_lies_over_another(
    crowding: Callable[..., dict[str, list[str]]], made_up: MakeResult, name: str
) -> None:
    assert crowding(made_up(**REPORTS[name])) == {}


def test_nor_of_a_report_in_chinese(crowding: Callable[..., dict[str, list[str]]], made_up: MakeResult) -> None:
    assert crowding(made_up(sites=20, years=7, systems=20), "zh") == {}


def test_nor_of_the_town_that_is_planned_by_hand(crowding: Callable[..., dict[str, list[str]]], tmp_path: Path) -> None:
    loaded = load("quickstart")
    save_plan(solve(loaded.case, threads=1), loaded.sources, 0.0, tmp_path / "town")
    assert crowding(tmp_path / "town") == {}


def years_from(first: int, n: int) -> list[int]:
    return list(range(first, first + n))


def grid(names: Sequence[str], years: int, sign: int = 1) -> pd.DataFrame:
    """Thick and thin series in turn, growing by the year; with a sign of -1 the last is negative."""
    rows = {
        name: [(1000.0 if i % 2 else 1e5) * (1 + j / 3) * (sign if i == len(names) - 1 else 1) for j in range(years)]
        for i, name in enumerate(names)
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=years_from(2024, years))


@pytest.mark.parametrize("years", [1, 2, 4, 12, 20])
@pytest.mark.parametrize("series", [1, 7])
@pytest.mark.parametrize("name", [LONG, CHINESE, "A"])
def test_stacked_bars(style: None, monkeypatch: pytest.MonkeyPatch, years: int, series: int, name: str) -> None:
    shown = grid([f"{name} {n}" for n in range(series)], years, sign=-1 if series > 1 else 1)
    top = float(shown.clip(lower=0).sum().max())
    limits = Limits(name, dict.fromkeys(years_from(2024, years)[-2:], top * 1.02))
    chart = over_years(shown, "standard racks of 2.5 kW", number, "racks", limits=limits)
    assert complaints(chart.figure, monkeypatch) == []


@pytest.mark.parametrize("years", [1, 4, 12])
@pytest.mark.parametrize("name", [LONG, CHINESE])
def test_the_other_charts(style: None, monkeypatch: pytest.MonkeyPatch, years: int, name: str) -> None:
    span = years_from(2024, years)
    numbers = pd.Series([1234.5 * (1 + n) for n in range(years)], index=span)
    names = [f"{name} {n}" for n in range(18)]
    sums = pd.Series([4e9, -1e9, 3e6, -6e9, 2e5, 0.0], index=names[:6])
    charts: list[Chart] = [
        small_multiples([Small(name, numbers * sign, number, f"q{n}", numbers, "limit", f"l{n}")
                         for n, sign in enumerate((1, -1, 1, 0))]),
        against_limits([Load(n, numbers, numbers * 1.001) for n in names[:6]], name, name, 0.995),
        heat_map(grid(names, years) / 1e6, percent, "share"),
        heat_map(grid([f"枢纽节点{n}" for n in range(12)], years).T.set_axis([str(y) for y in span]), number, "units"),
        heat_map(grid(names, years).T.set_axis([str(y) for y in span]), number, "units"),
        bridge(sums, name, money_unit(sums)),
        margins([Margin(n, share, share >= 0) for n, share in zip(names, (-9.0, -0.2, 0.0, 0.1, 30.0), strict=False)]),
    ]  # fmt: skip
    assert [complaints(chart.figure, monkeypatch) for chart in charts] == [[]] * len(charts)
