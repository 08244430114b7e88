"""How the search closed in on the plan."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from ..gallery import NAVY, TEAL, canvas
from ..numbers import Money
from .parts import legend, thousands


def search(progress: pd.DataFrame, money: Money, best: str, bound: str, seconds: str) -> Figure:
    """The best plan's cost and the proved bound over time, in steps."""
    figure = canvas(2.3)
    axes = figure.add_subplot()
    time = progress["seconds"].to_numpy(dtype=float)
    lines = []
    for column, colour, dashes in (("best_cny", NAVY, "solid"), ("bound_cny", TEAL, (0, (4, 1.5)))):
        values = progress[column].astype(float) / money.factor
        lines += axes.step(time, values, where="post", marker="o", ms=2.5, color=colour, lw=1.6, ls=dashes)
    axes.set_xlim(left=0)
    axes.margins(y=0.12)
    axes.set_xlabel(seconds, loc="right")
    axes.set_ylabel(money.unit)
    thousands(axes.yaxis)
    legend(figure, lines, [best, bound])
    return figure
