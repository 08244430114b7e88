"""Several plans over the years in a row of small charts: each plan has its marker, its line and its letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes

from ..gallery import AMBER, INK, NAVY, RED, TEAL, canvas
from .chart import Chart, mark
from .labels import SMALL, legend
from .parts import thousands

_MARKS: Sequence[tuple[str, str, object]] = (
    (NAVY, "o", "solid"),
    (AMBER, "s", (0, (5, 1.5))),
    (TEAL, "^", (0, (2, 1))),
    (RED, "D", (0, (6, 1.5, 1, 1.5))),
    ("#5B6B7C", "v", (0, (1, 1))),
    (INK, "P", (0, (4, 1, 1, 1, 1, 1))),
)
MOST_PLANS = len(_MARKS)
_CLOSE = 0.07


@dataclass(frozen=True)
class Quantity:
    """One small chart: a line over its years for each plan; `from_zero` for amounts, not for ratios.

    The title says the unit; `quantity` is the column of the data, in which numbers are `scale` times larger.
    """

    title: str
    quantity: str
    lines: Sequence[pd.Series[float]]
    from_zero: bool = True
    scale: float = 1.0


def side_by_side(quantities: Sequence[Quantity], letters: Sequence[str], names: Sequence[str]) -> Chart:
    """A small chart for each quantity; the letters stand at the ends of the lines, the names above all charts."""
    columns = min(3, len(quantities))
    rows = -(-len(quantities) // columns)
    figure = canvas(0.35 + 1.5 * rows + (0.17 if len(names) > 2 else 0.0))
    handles: list[Artist] = []
    for place, quantity in enumerate(quantities):
        axes = figure.add_subplot(rows, columns, place + 1)
        drawn = [_line(axes, line, n) for n, line in enumerate(quantity.lines)]
        handles = handles or drawn
        _scale(axes, quantity)
        _letters(axes, quantity.lines, letters)
        axes.set_title(quantity.title, fontweight="bold", color=INK, fontsize=SMALL)
        axes.locator_params(axis="y", nbins=4)
        axes.tick_params(labelsize=7)
        thousands(axes.yaxis)
    legend(figure, handles, names)
    return Chart(figure, _data(quantities, letters), tuple(names))


def _data(quantities: Sequence[Quantity], letters: Sequence[str]) -> pd.DataFrame:
    """A row for each plan and year, a column for each quantity."""
    columns = {
        quantity.quantity: quantity.scale
        * pd.concat(dict(zip(letters, quantity.lines, strict=True)), names=["plan", "year"])
        for quantity in quantities
    }
    return pd.DataFrame(columns).reset_index()


def _line(axes: Axes, line: pd.Series[float], n: int) -> Artist:
    colour, marker, dashes = _MARKS[n % MOST_PLANS]
    (drawn,) = axes.plot(
        list(line.index), list(line), color=colour, marker=marker, ms=4 - 0.3 * n, lw=1.4, ls=dashes, clip_on=False
    )  # fmt: skip
    artist: Artist = drawn
    mark(n + 1, artist)
    return artist


def _scale(axes: Axes, quantity: Quantity) -> None:
    years = sorted({int(str(year)) for line in quantity.lines for year in line.dropna().index})
    values = [float(v) for line in quantity.lines for v in line.dropna()]
    if not years:
        return
    step = -(-len(years) // 5)
    axes.set_xticks(years[::step], [str(year) for year in years[::step]])
    spare = max(0.35, 0.06 * (years[-1] - years[0]))
    axes.set_xlim(years[0] - spare, years[-1] + 2.2 * spare)
    low, high = min(values), max(values)
    if quantity.from_zero:
        axes.set_ylim(min(0.0, low) * 1.1, (max(high, 0.0) or 1.0) * 1.15)
    else:
        room = 0.15 * (high - low) or 0.05 * abs(high) or 1.0
        axes.set_ylim(low - room, high + room)


def _letters(axes: Axes, lines: Sequence[pd.Series[float]], letters: Sequence[str]) -> None:
    """The plans' letters right of their last points; where points lie close, they share one place: "A, B"."""
    bottom, top = axes.get_ylim()
    ends: dict[int, list[tuple[float, str]]] = {}
    for line, letter in zip(lines, letters, strict=True):
        known = line.dropna()
        if len(known):
            ends.setdefault(int(str(known.index[-1])), []).append((float(known.iloc[-1]), letter))
    for year, points in ends.items():
        groups: list[list[tuple[float, str]]] = []
        for point in sorted(points):
            if groups and point[0] - groups[-1][-1][0] < _CLOSE * (top - bottom):
                groups[-1].append(point)
            else:
                groups.append([point])
        for group in groups:
            height = sum(value for value, _ in group) / len(group)
            text = " ".join(sorted(letter for _, letter in group))
            axes.annotate(
                text, (year, height), xytext=(6, 0), textcoords="offset points", va="center", fontsize=7, color=INK,
                fontweight="bold",
            )  # fmt: skip
