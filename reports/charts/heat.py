"""Heat maps: a grid of numbers as coloured cells with their values."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.patches import Rectangle

from ..gallery import AMBER, AXIS, INK, MUTED, WIDTH, canvas
from ..wording import short_labels
from .chart import Chart, long
from .labels import SMALL, text_width
from .palette import HEAT, readable_on

MOST_COLUMNS = 12
"""Years a heat map shows side by side."""
FEWEST_COLUMNS = 4
"""Columns for which there is room at least: a few cells are not drawn as wide as the page."""


def heat_map(
    grid: pd.DataFrame,
    show: Callable[[float], str],
    quantity: str,
    *,
    row: str = "site",
    column: str = "year",
    top: float | None = None,
    marked: Callable[[float], bool] = lambda value: False,
    separate_last: bool = False,
) -> Chart:
    """A grid of labelled rows by columns as coloured cells with values; NaN is a dash; marked cells are framed.

    `quantity`, `row` and `column` name the columns of the data; `top` is the value of the darkest colour.
    """
    rows, columns = grid.shape
    names = short_labels(map(str, grid.columns), 24)
    labels = short_labels(map(str, grid.index), 46 if columns <= 6 else 36)
    room = (WIDTH * 72 - 12 - max(map(text_width, labels), default=0.0)) / max(columns, FEWEST_COLUMNS)
    steep = max((text_width(name, 8) for name in names), default=0.0) > room - 4
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
            axes.text(j + 0.5, i + 0.5, "–", ha="center", va="center", color=AXIS, fontsize=small, in_layout=False)
            continue
        frame = marked(value)
        colour = readable_on(HEAT(max(value, 0.0) / highest))
        axes.text(
            j + 0.5, i + 0.5, show(value), ha="center", va="center", color=colour, fontsize=small,
            fontweight="bold" if frame else "normal", in_layout=False,
        )  # fmt: skip
        if frame:
            axes.add_patch(Rectangle((j + 0.03, i + 0.06), 0.94, 0.88, fill=False, ec=AMBER, lw=1.5))
    axes.set_xlim(0, max(columns, FEWEST_COLUMNS))
    axes.set_yticks(np.arange(rows) + 0.5, labels, color=INK, fontsize=SMALL)
    axes.set_xticks(np.arange(columns) + 0.5, names, rotation=45 if steep else 0, ha="left" if steep else "center")
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    if separate_last and rows > 1:
        axes.plot([0, columns], [rows - 1, rows - 1], color=MUTED, lw=0.8)
    return Chart(figure, long(grid, quantity, row, column))
