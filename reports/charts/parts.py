"""What several charts share: stacked bars, steps, and axes of years and of numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.container import BarContainer

from ..gallery import INK
from .chart import mark
from .labels import text_width
from .palette import REDUCES, ramp

BAR = 0.68
"""Width of a bar; from one year to the next is 1."""
FEWEST_BARS = 5
"""Years for which a chart over the years has room at least: a few bars are not drawn as wide as the page."""


def year_axis(axes: Axes, years: Sequence[int], most: int = 10, spare_right: bool = False) -> None:
    """Ticks at the years, thinned out so that they never touch.

    Room that few years leave is at both sides; with `spare_right`, most of it is at the right.
    """
    step = -(-len(years) // most)
    axes.set_xticks(list(years)[::step], [str(y) for y in list(years)[::step]])
    spare = max(0.0, (FEWEST_BARS - (years[-1] - years[0] + 1)) / 2)
    left, right = (0.5 * spare, 1.1 * spare) if spare_right else (spare, spare)
    axes.set_xlim(years[0] - 0.6 - left, years[-1] + 0.6 + right)


def stacked(
    axes: Axes, grid: pd.DataFrame, show: Callable[[float], str], room: float, limits: Mapping[int, float]
) -> list[BarContainer]:
    """Bars of a grid's rows over its columns (years), stacked; what is negative hangs below; totals on top.

    `room` is the width in points for each year: totals are left out where they would touch. A total stands above the
    limit of its year where that is near. The first row is the darkest.
    """
    years = [int(str(year)) for year in grid.columns]
    up, down = np.zeros(len(years)), np.zeros(len(years))
    bars = []
    for n, (colour, (_, row)) in enumerate(zip(ramp(len(grid)), grid.iterrows(), strict=True)):
        values = row.to_numpy(dtype=float)
        bottom = np.where(values >= 0, up, down)
        hatch = REDUCES if (values < 0).any() else None
        bars.append(
            axes.bar(years, values, BAR, bottom=bottom, color=colour, edgecolor="white", linewidth=0.5, hatch=hatch)
        )
        mark(n + 1, bars[-1])
        up, down = up + values.clip(min=0), down + values.clip(max=0)
    top = max(float(up.max(initial=0.0)), *limits.values(), 0.0) or 1.0
    low = float(down.min(initial=0.0))
    if low < 0:
        axes.axhline(0, color=INK, lw=0.8)
    axes.set_ylim(low * 1.08, top * 1.14)
    texts = [show(float(total)) for total in grid.sum()]
    for n in shown(texts, room):
        height = float(up[n])
        limit = limits.get(years[n], 0.0)
        near = height <= limit < height + 0.1 * (top - low)
        axes.annotate(
            texts[n], (years[n], limit if near else height), xytext=(0, 2.5), textcoords="offset points", ha="center",
            fontweight="bold", fontsize=TOTAL, color=INK,
        )  # fmt: skip
    return bars


TOTAL = 7.5
"""Points of the totals on bars."""


def shown(texts: Sequence[str], room: float) -> list[int]:
    """Which of the texts in a row have room, so many points for each: all, or every second and so on up to the last."""
    widest = max((text_width(text, TOTAL, bold=True) for text in texts), default=0.0) + 3
    step = max(1, -(-int(widest) // max(1, int(room))))
    return [n for n in range(len(texts)) if (len(texts) - 1 - n) % step == 0]


def thousands(axis: Axis) -> None:
    """Tick labels with thousands separated, a real minus sign, and as many decimals as the finest of them needs."""

    def show(value: float, _: float | None) -> str:
        ticks = [float(tick) for tick in axis.get_majorticklocs()]
        finest = max((abs(tick) for tick in ticks), default=1.0) * 1e-6
        decimals = next((d for d in range(9) if all(abs(round(tick, d) - tick) <= finest for tick in ticks)), 9)
        text = f"{value:,.{decimals}f}"
        return text.replace("-", "\u2212") if text.strip("-0.,") else text.removeprefix("-")

    axis.set_major_formatter(show)


def steps(axes: Axes, years: Sequence[int], values: Sequence[float], **style: object) -> Artist:
    """A line that holds over each year and jumps between them."""
    edges = [years[0] - 0.5, *[(a + b) / 2 for a, b in pairwise(years)], years[-1] + 0.5]
    held = [*values, values[-1]]
    (line,) = axes.step(edges, held, where="post", **style)  # type: ignore[arg-type]
    return line
