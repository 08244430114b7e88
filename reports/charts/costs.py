"""Where the net present cost comes from."""

from __future__ import annotations

import pandas as pd

from ..gallery import AXIS, INK, NAVY, TEAL, canvas
from ..numbers import Money
from ..wording import short_labels
from .chart import Chart
from .palette import REDUCES
from .parts import thousands


def bridge(parts: pd.Series[float], total_label: str, money: Money) -> Chart:
    """Bars that add up to the total; what reduces it is hatched. Sideways, so that names have room."""
    figure = canvas(0.45 + 0.215 * (len(parts) + 1))
    axes = figure.add_subplot()
    level = 0.0
    highest = float(parts.clip(lower=0).sum()) / money.factor or 1.0
    lowest = 0.0
    for row, cny in enumerate(parts):
        value = float(cny) / money.factor
        low, high = sorted((level, level + value))
        axes.barh(
            row, high - low, 0.64, left=low, color=TEAL if value >= 0 else "white", edgecolor=TEAL, linewidth=0.8,
            hatch=None if value >= 0 else REDUCES,
        )  # fmt: skip
        text = money(float(cny))
        text = text if text[0] in "<>\u2212" else "+" + text
        axes.annotate(text, (high, row), xytext=(4, 0), textcoords="offset points", va="center", fontsize=7.5)
        level += value
        axes.plot([level, level], [row + 0.32, row + 0.68], color=AXIS, lw=0.6)
        lowest = min(lowest, level)
    axes.barh(len(parts), level, 0.64, color=NAVY)
    axes.annotate(
        money(level * money.factor), (max(level, 0), len(parts)), xytext=(4, 0), textcoords="offset points",
        va="center", fontweight="bold",
    )  # fmt: skip
    names = [*short_labels(map(str, parts.index), 34), total_label]
    axes.set_yticks(range(len(names)), names, color=INK)
    axes.get_yticklabels()[-1].set_fontweight("bold")
    axes.set_ylim(len(parts) + 0.6, -0.6)
    axes.set_xlim(lowest * 1.05, highest * 1.12)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
    thousands(axes.xaxis)
    axes.set_xlabel(money.unit, loc="right")
    data = pd.DataFrame({"part": [*map(str, parts.index), total_label], "net_present_cost_cny": [*parts, parts.sum()]})
    return Chart(figure, data)
