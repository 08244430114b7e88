"""What a metric costs: the curve of a trade-off."""

from __future__ import annotations

import pandas as pd

from ..gallery import AMBER, AXIS, INK, NAVY, PALE, canvas
from ..numbers import Money
from .chart import Chart, mark
from .labels import legend
from .parts import thousands

VALUE, COST, BOUND = "attained", "cost_cny", "bound_cny"


def curve(
    points: pd.DataFrame,
    money: Money,
    cost_label: str,
    metric_label: str,
    knee: int | None,
    words: tuple[str, str, str],
    factor: float = 1.0,
) -> Chart:
    """The cost of each point over the metric's value (times `factor`), down to the bound; the knee is ringed.

    `points` has a row for each point of the curve with its value, cost and bound; `knee` is a row's number. `words`
    are what the legend calls the plans, what is open below them, and the knee.
    """
    figure = canvas(3.0)
    axes = figure.add_subplot()
    value = points[VALUE].to_numpy(dtype=float) * factor
    cost, bound = (points[column].to_numpy(dtype=float) / money.factor for column in (COST, BOUND))
    unsure = axes.fill_between(value, bound, cost, color=PALE, lw=0)
    (plans,) = axes.plot(value, cost, color=NAVY, marker="o", ms=4, lw=1.6)
    mark(1, plans)
    mark(2, unsure)
    handles, labels = [plans, unsure], [*words[:2]]
    if knee is not None:
        axes.plot(value[[0, -1]], cost[[0, -1]], color=AXIS, lw=0.8, ls=(0, (4, 3)))
        (ringed,) = axes.plot(
            value[knee], cost[knee], marker="o", ls="none", ms=10, mfc="none", mec=AMBER, mew=1.8
        )  # fmt: skip
        mark(3, ringed)
        handles, labels = [*handles, ringed], [*labels, words[2]]
    for number, (x, y) in enumerate(zip(value, cost, strict=True), start=1):
        axes.annotate(str(number), (x, y), xytext=(0, 7), textcoords="offset points", ha="center", color=INK)
    axes.margins(x=0.04, y=0.14)
    axes.set_xlabel(metric_label, loc="right")
    axes.set_title(cost_label)
    thousands(axes.xaxis)
    thousands(axes.yaxis)
    legend(figure, handles, labels)
    return Chart(figure, points, words[: len(handles)])
