"""Charts over the years: stacked bars with target lines, and rows of small charts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from ..gallery import INK, MUTED, NAVY, RED, WIDTH, canvas
from .chart import Chart, long, mark
from .labels import SIDE, SMALL, Beside, fitting, name_beside, text_width
from .palette import ramp
from .parts import BAR, TOTAL, shown, stacked, steps, thousands, year_axis

EARLIER = "#A9CDD3"
"""The colour of the years before the last."""


@dataclass(frozen=True)
class Limits:
    """What is asked for in some years, drawn as a red line across the bar."""

    label: str = ""
    by_year: Mapping[int, float] = field(default_factory=dict)


def over_years(
    grid: pd.DataFrame,
    title: str,
    show: Callable[[float], str],
    quantity: str,
    *,
    scale: float = 1.0,
    limits: Limits | None = None,
    height: float = 2.7,
) -> Chart:
    """A grid's rows stacked over the years, with the limits of some years; names stand beside the last bar.

    `title` names the axis with its unit, in which numbers are `scale` times smaller than in the grid; `quantity` is the
    column of the data, in the grid's own unit, and `show` writes a number of the grid.
    """
    limits = limits or Limits()
    years = [int(str(year)) for year in grid.columns]
    side = SIDE if len(years) <= 8 else 0.7 * SIDE
    labels = [fitting(str(name), side) for name in grid.index]
    goal = fitting(limits.label, side)
    figure = canvas(height)
    axes = figure.add_subplot()
    room = (WIDTH * 72 - 60 - max(map(text_width, [*labels, goal]))) / max(len(years), 4)
    lines = {year: value / scale for year, value in sorted(limits.by_year.items()) if year in years}
    bars = stacked(axes, grid / scale, lambda value: show(value * scale), room, lines)
    beside = [
        Beside(
            name, (last := bar.patches[-1]).get_y() + last.get_height() / 2, n + 1,
            {"marker": "s", "ms": 5.5, "mfc": colour, "mec": MUTED, "mew": 0.3}, leads=last.get_height() != 0,
        )
        for n, (name, bar, colour) in enumerate(zip(labels, bars, ramp(len(bars)), strict=True))
    ]  # fmt: skip
    number = len(labels) + 1
    for year, value in lines.items():
        # On a white edge, so that it stands out from dark bars in grey print too.
        for colour, width in (("white", 4.0), (RED, 1.8)):
            ends = [year - 0.42, year + 0.42]
            (line,) = axes.plot(ends, [value, value], color=colour, lw=width, solid_capstyle="butt")
            mark(number, line)
    if lines:
        latest = max(lines)
        sign = {"marker": "_", "ms": 8, "mew": 1.8, "color": RED}
        beside.append(Beside(goal, lines[latest], number, sign, leads=False))
    year_axis(axes, years, spare_right=True)
    name_beside(figure, axes, years[-1] + BAR / 2, beside, height * 72 - 40)
    thousands(axes.yaxis)
    axes.set_title(title)
    data = long(grid, quantity)
    if lines:
        asked = pd.DataFrame({year: [value * scale] for year, value in lines.items()}, index=[limits.label])
        data = pd.concat([data, long(asked, quantity)])
    return Chart(figure, data, tuple(str(name) for name in grid.index) + ((limits.label,) if lines else ()))


def _valued(texts: Sequence[str], room: float, crossed: bool) -> list[int]:
    """Which bars carry their values: all if these fit, otherwise the first and the last; below a line, the last."""
    last = len(texts) - 1
    if crossed:
        return [last]
    fit = shown(texts, room)
    return fit if len(fit) == len(texts) else [0, last] if last > 1 else [last]


@dataclass(frozen=True)
class Small:
    """One of a row of small charts: bars, and perhaps a red line held over each year.

    The title says the unit; `quantity` is the bars' column of the data, `line_quantity` the line's.
    """

    title: str
    bars: pd.Series[float]
    show: Callable[[float], str]
    quantity: str
    line: pd.Series[float] | None = None
    line_label: str = ""
    line_quantity: str = ""


def small_multiples(charts: Sequence[Small], columns: int = 4, height: float = 1.5) -> Chart:
    """Small charts side by side; the last year is dark. Bars carry their values where these fit."""
    rows = -(-len(charts) // columns)
    figure = canvas(height * rows)
    data = pd.DataFrame({"year": list(charts[0].bars.index)})
    for place, chart in enumerate(charts):
        axes = figure.add_subplot(rows, columns, place + 1)
        years = [int(str(year)) for year in chart.bars.index]
        values = chart.bars.fillna(0.0)
        axes.bar(years, values, 0.72, color=[EARLIER] * (len(years) - 1) + [NAVY])
        data[chart.quantity] = list(chart.bars)
        highest, lowest = max(float(values.max()), 0.0), min(float(values.min()), 0.0)
        if chart.line is not None:
            steps(axes, years, list(chart.line), color=RED, lw=1.2)
            data[chart.line_quantity] = list(chart.line)
            highest = max(highest, float(chart.line.max()))
            # The label stands above the line wherever it reaches.
            reach = text_width(chart.line_label, 6.5) * (len(years) + 0.4) / (WIDTH * 72 / columns - 12)
            above = float(chart.line.iloc[: int(reach) + 2].max())
            axes.annotate(
                chart.line_label, (years[0] - 0.5, above), xytext=(0, 3.5),
                textcoords="offset points", color=RED, fontsize=6.5,
            )  # fmt: skip
        width = (WIDTH * 72 / columns - 12) / (len(years) + 0.6)
        texts = ["" if pd.isna(value) else chart.show(float(value)) for value in chart.bars]
        for n in _valued(texts, width, chart.line is not None):
            value = float(values.iloc[n])
            axes.annotate(
                texts[n], (years[n], max(value, 0.0)), xytext=(0, 1.5), textcoords="offset points", ha="center",
                fontweight="bold" if n == len(years) - 1 else "normal", fontsize=TOTAL - 0.5, color=INK,
            )  # fmt: skip
        reach, head = (highest - lowest) or 1.0, 0.3 if chart.line_label else 0.2
        axes.set_ylim(lowest - (0.05 * reach if lowest < 0 else 0.0), highest + head * reach)
        if lowest < 0:
            axes.axhline(0, color=INK, lw=0.6)
        axes.set_yticks([])
        axes.grid(visible=False)
        axes.set_xlim(years[0] - 0.7, years[-1] + 0.7)
        axes.set_xticks([years[0], years[-1]] if len(years) > 1 else years)
        axes.set_title(
            fitting(chart.title, WIDTH * 72 / columns - 14, SMALL, bold=True),
            fontweight="bold",
            color=INK,
            fontsize=SMALL,
        )
    return Chart(figure, data)
