"""What several charts share: colours that keep their order in grey print, stacked bars, heat maps, legends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import cast

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ..gallery import AMBER, AXIS, INK, MUTED, NAVY, WIDTH, canvas
from ..wording import short_labels

# Pale up to three quarters, so that most cells carry dark text and the highest stand out.
_TONES = [(0.0, "#F6F9FA"), (0.5, "#C3DCE2"), (0.75, "#8DBFC9"), (0.9, "#23708A"), (1.0, "#12304F")]
HEAT = LinearSegmentedColormap.from_list("heat", _TONES)
MOST_COLUMNS = 12
"""Years a heat map shows side by side."""
FEWEST_BARS = 5
"""Years for which a chart over the years has room at least."""


def ramp(n: int) -> list[tuple[float, float, float]]:
    """Colours from dark to light, apart in lightness too."""
    return list(sns.blend_palette([NAVY, "#12808A", "#8FB8C9", "#D3DEE7"], max(n, 2)))[:n]


def readable_on(background: tuple[float, float, float, float]) -> str:
    """White or ink, whichever contrasts more with a background (by the relative luminance of WCAG)."""
    ground, ink = _luminance(background), _luminance(to_rgb(INK))
    return "white" if 1.05 / (ground + 0.05) > (ground + 0.05) / (ink + 0.05) else INK


def _luminance(colour: Sequence[float]) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def legend(figure: Figure, handles: Sequence[Artist | BarContainer], labels: Sequence[str]) -> None:
    """A legend above the plots in as many columns as fit; labels are plain text, whatever they begin with."""
    labels = short_labels(labels, 34)
    widest = max(map(len, labels))
    columns = max(1, min(len(labels), int(WIDTH / (0.062 * widest + 0.36))))
    # Matplotlib leaves out labels that begin with an underscore, so the words are set afterwards.
    blank = ["x" * len(label) for label in labels]
    # Its type hints do not know that it takes groups of bars too.
    drawn = cast("list[Artist]", list(handles))
    box = figure.legend(drawn, blank, loc="outside upper left", ncols=columns, borderaxespad=0.1)
    for text, label in zip(box.get_texts(), labels, strict=True):
        text.set_text(label)


def year_axis(axes: Axes, years: Sequence[int], most: int = 10) -> None:
    """Ticks at the years, thinned out so that they never touch."""
    step = -(-len(years) // most)
    axes.set_xticks(list(years)[::step], [str(y) for y in list(years)[::step]])
    # A few years would otherwise make bars as wide as the page.
    spare = max(0.6, (FEWEST_BARS - len(years)) / 2)
    axes.set_xlim(years[0] - spare, years[-1] + spare)


def stacked(axes: Axes, grid: pd.DataFrame, show: Callable[[float], str]) -> list[BarContainer]:
    """Bars of a grid's rows over its columns (years), stacked; what is negative hangs below; totals on top."""
    years = np.array(list(grid.columns))
    up, down = np.zeros(len(years)), np.zeros(len(years))
    bars = []
    for colour, (_, row) in zip(ramp(len(grid)), grid.iterrows(), strict=True):
        values = row.to_numpy(dtype=float)
        bottom = np.where(values >= 0, up, down)
        hatch = "//////" if (values < 0).any() else None
        bars.append(
            axes.bar(years, values, 0.68, bottom=bottom, color=colour, edgecolor="white", linewidth=0.5, hatch=hatch)
        )
        up, down = up + values.clip(min=0), down + values.clip(max=0)
    if len(years) <= MOST_COLUMNS:
        for year, height, total in zip(years, up, grid.sum(), strict=True):
            axes.annotate(
                show(float(total)), (year, height), xytext=(0, 2.5), textcoords="offset points", ha="center",
                fontweight="bold", color=INK,
            )  # fmt: skip
    if down.min() < 0:
        axes.axhline(0, color=INK, lw=0.8)
    top, low = float(up.max(initial=0.0)), float(down.min(initial=0.0))
    axes.set_ylim(low * 1.08, (top or 1.0) * 1.14)
    axes.margins(x=0.02)
    return bars


def heat_map(
    grid: pd.DataFrame,
    show: Callable[[float], str],
    top: float | None = None,
    marked: Callable[[float], bool] = lambda value: False,
    separate_last: bool = False,
) -> Figure:
    """A grid of labelled rows by columns as coloured cells with values; NaN is a dash; marked cells are framed."""
    rows, columns = grid.shape
    names = short_labels(map(str, grid.columns), 24)
    steep = sum(len(name) for name in names) > 75
    figure = canvas((1.2 if steep else 0.42) + 0.2 * rows)
    axes = figure.add_subplot()
    values = grid.to_numpy(dtype=float)
    highest = top or float(np.nanmax(values, initial=0.0)) or 1.0
    sns.heatmap(
        values, ax=axes, cmap=HEAT, vmin=0, vmax=highest, linewidths=1.2, linecolor="white", cbar=False,
        xticklabels=False, yticklabels=False,
    )  # fmt: skip
    small = 7.5 if columns <= 8 else 6.5
    for i, j in np.ndindex(rows, columns):
        value = values.item(i, j)
        if np.isnan(value):
            axes.text(j + 0.5, i + 0.5, "–", ha="center", va="center", color=AXIS, fontsize=small)
            continue
        frame = marked(value)
        colour = readable_on(HEAT(value / highest))
        axes.text(
            j + 0.5, i + 0.5, show(value), ha="center", va="center", color=colour, fontsize=small,
            fontweight="bold" if frame else "normal",
        )  # fmt: skip
        if frame:
            axes.add_patch(Rectangle((j + 0.03, i + 0.06), 0.94, 0.88, fill=False, ec=AMBER, lw=1.5))
    axes.set_yticks(np.arange(rows) + 0.5, short_labels(map(str, grid.index), 36), color=INK, fontsize=7.5)
    axes.set_xticks(np.arange(columns) + 0.5, names, rotation=45 if steep else 0, ha="left" if steep else "center")
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    if separate_last and rows > 1:
        axes.axhline(rows - 1, color=MUTED, lw=0.8)
    return figure


def thousands(axis: Axis) -> None:
    """Tick labels with thousands separated and a real minus sign."""
    axis.set_major_formatter(lambda value, _: f"{value:,.10g}".replace("-", "\u2212"))


def steps(axes: Axes, years: Sequence[int], values: Sequence[float], **style: object) -> Artist:
    """A line that holds over each year and jumps between them."""
    edges = [years[0] - 0.5, *[(a + b) / 2 for a, b in pairwise(years)], years[-1] + 0.5]
    held = [*values, values[-1]]
    (line,) = axes.step(edges, held, where="post", **style)  # type: ignore[arg-type]
    return line
