"""Which assumption moves the cost most: bars to both sides of the plan's cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from ..gallery import INK, NAVY, TEAL, canvas
from ..numbers import Unit
from ..wording import short_labels
from .chart import Chart, mark
from .labels import legend
from .palette import REDUCES
from .parts import thousands


@dataclass(frozen=True)
class Swing:
    """One bar: the change of the cost, CNY, with the assumption lower and with it higher."""

    label: str
    lower: float
    higher: float


def tornado(swings: Sequence[Swing], money: Unit, lower: str, higher: str) -> Chart:
    """The largest swing on top; what comes of a lower assumption is pale and hatched."""
    figure = canvas(0.75 + 0.24 * len(swings))
    axes = figure.add_subplot()
    reach = max(max(abs(s.lower), abs(s.higher)) for s in swings) / money.factor
    names = {"lower": lower, "higher": higher}
    drawn = [key for key in names if any(getattr(swing, key) for swing in swings)]
    handles = {}
    for row, swing in enumerate(swings):
        for number, key in enumerate(drawn, start=1):
            change: float = getattr(swing, key)
            if not change:
                continue
            value = change / money.factor
            solid = key == "higher"
            handles[key] = axes.barh(
                row, value, 0.62, color=NAVY if solid else "white", edgecolor=NAVY if solid else TEAL, linewidth=0.8,
                hatch=None if solid else REDUCES,
            )  # fmt: skip
            text = money(change)
            label = axes.annotate(
                text if text[0] in "<>\u2212" else "+" + text, (value, row), xytext=(4 if value > 0 else -4, 0),
                textcoords="offset points", va="center", ha="left" if value > 0 else "right", fontsize=7.5,
            )  # fmt: skip
            mark(number, handles[key], label)
    axes.axvline(0, color=INK, lw=1.0)
    axes.set_yticks(range(len(swings)), short_labels((swing.label for swing in swings), 44), color=INK)
    axes.set_ylim(len(swings) - 0.4, -0.6)
    axes.set_xlim(-1.25 * reach, 1.25 * reach)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
    axes.spines["bottom"].set_visible(False)
    thousands(axes.xaxis)
    axes.set_xlabel(money.unit, loc="right")
    legend(figure, [handles[key] for key in drawn], [names[key] for key in drawn])
    rows = [(swing.label, swing.lower, swing.higher) for swing in swings]
    data = pd.DataFrame(rows, columns=["assumption", "change_if_lower_cny", "change_if_higher_cny"])
    return Chart(figure, data, tuple(names[key] for key in drawn))
