"""Charts over the years: stacked bars with target lines, and rows of small charts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.container import BarContainer
from matplotlib.figure import Figure

from ..gallery import INK, NAVY, RED, canvas
from .parts import legend, stacked, steps, thousands, year_axis


@dataclass(frozen=True)
class Limits:
    """What is asked for in some years, drawn as a red line across the bar."""

    label: str
    by_year: Mapping[int, float]


def over_years(
    grid: pd.DataFrame, title: str, show: Callable[[float], str], limits: Limits | None = None, height: float = 3.0
) -> Figure:
    """A grid's rows stacked over the years, with the limits of some years."""
    figure = canvas(height)
    axes = figure.add_subplot()
    handles: list[Artist | BarContainer] = list(stacked(axes, grid, show))
    labels = [str(name) for name in grid.index]
    if limits is not None and limits.by_year:
        for year, value in sorted(limits.by_year.items()):
            # On a white edge, so that it stands out from dark bars in grey print too.
            axes.plot([year - 0.42, year + 0.42], [value, value], color="white", lw=4.0, solid_capstyle="butt")
            (line,) = axes.plot([year - 0.42, year + 0.42], [value, value], color=RED, lw=1.8, solid_capstyle="butt")
            below, above = axes.get_ylim()
            axes.set_ylim(below, max(above, value * 1.14))
        handles.append(line)
        labels.append(limits.label)
    year_axis(axes, [int(str(year)) for year in grid.columns])
    thousands(axes.yaxis)
    axes.set_ylabel(title)
    legend(figure, handles, labels)
    return figure


@dataclass(frozen=True)
class Small:
    """One of a row of small charts: bars, and perhaps a red line held over each year."""

    title: str
    bars: pd.Series[float]
    show: Callable[[float], str]
    line: pd.Series[float] | None = None


def small_multiples(charts: Sequence[Small], columns: int = 4, height: float = 1.5) -> Figure:
    """Small charts side by side; the last year is dark and carries its value."""
    rows = -(-len(charts) // columns)
    figure = canvas(height * rows)
    for place, chart in enumerate(charts):
        axes = figure.add_subplot(rows, columns, place + 1)
        years = list(chart.bars.index)
        values = chart.bars.fillna(0.0)
        axes.bar(years, values, 0.72, color=["#A9CDD3"] * (len(years) - 1) + [NAVY])
        highest = float(values.max())
        if chart.line is not None:
            steps(axes, years, list(chart.line), color=RED, lw=1.2)
            highest = max(highest, float(chart.line.max()))
        if pd.notna(chart.bars.iloc[-1]):
            axes.annotate(
                chart.show(float(chart.bars.iloc[-1])), (years[-1], float(values.iloc[-1])), xytext=(0, 2),
                textcoords="offset points", ha="center", fontweight="bold", fontsize=7, color=INK,
            )  # fmt: skip
        axes.set_ylim(0, (highest or 1.0) * 1.22)
        axes.set_yticks([])
        axes.grid(visible=False)
        axes.set_xlim(years[0] - 0.7, years[-1] + 0.9)
        axes.set_xticks([years[0], years[-1]] if len(years) > 1 else years)
        axes.set_title(chart.title, fontweight="bold", color=INK, fontsize=7.5)
    return figure
