"""How the search closed in on the plan."""

from __future__ import annotations

import pandas as pd

from ..gallery import NAVY, TEAL, canvas
from ..numbers import Money
from .chart import Chart, mark
from .labels import Beside, name_beside
from .parts import thousands

SECONDS, BEST, BOUND = "seconds", "best_cny", "bound_cny"


def search(progress: pd.DataFrame, money: Money, best: str, bound: str, seconds: str) -> Chart:
    """The best plan's cost and the proved bound over time, in steps; their names stand at their ends."""
    height = 2.3
    figure = canvas(height)
    axes = figure.add_subplot()
    time = progress[SECONDS].to_numpy(dtype=float)
    names = []
    for n, (column, label, colour, dashes) in enumerate(
        ((BEST, best, NAVY, "solid"), (BOUND, bound, TEAL, (0, (4, 1.5))))
    ):
        values = progress[column].astype(float) / money.factor
        known = values.dropna()
        if known.empty:
            continue
        (line,) = axes.step(time, values, where="post", color=colour, lw=1.6, ls=dashes)
        (end,) = axes.plot(time[known.index[-1]], known.iloc[-1], marker="o", ms=3, color=colour)
        mark(n + 1, line, end)
        sign = {"marker": "_", "ms": 8, "mew": 1.8, "color": colour}
        names.append(Beside(label, float(known.iloc[-1]), n + 1, sign))
    end_of_search = float(time[-1]) or 1.0
    axes.set_xlim(0, end_of_search * 1.01)
    axes.margins(y=0.12)
    axes.autoscale(enable=True, axis="y")
    axes.set_xlabel(seconds, loc="right")
    axes.set_title(money.unit)
    thousands(axes.yaxis)
    thousands(axes.xaxis)
    name_beside(figure, axes, end_of_search * 1.01, names, height * 72 - 50)
    data = progress[[SECONDS, BEST, BOUND]]
    return Chart(figure, data, (best, bound))
