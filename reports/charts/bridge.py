"""From one total to another, step by step: a waterfall laid on its side, so that names have room."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import pandas as pd
from matplotlib.axes import Axes

from ..gallery import AMBER, AXIS, INK, NAVY, TEAL, canvas
from ..numbers import Money
from ..wording import short_labels
from .chart import Chart
from .palette import REDUCES
from .parts import thousands

CUT_BELOW = 0.45
"""If the steps reach over less than this part of the totals, the totals' bars are cut so that the steps are seen."""
LONGEST_LABEL = 36


def waterfall(
    start: tuple[str, float], steps: Sequence[tuple[str, float]], end: tuple[str, float], money: Money
) -> Chart:
    """Bars from the first total over the steps to the last; what makes it cheaper is hatched, and every bar told.

    Amounts in CNY. Totals far larger than the steps are cut, which a slanted double line shows.
    """
    figure = canvas(0.5 + 0.215 * (len(steps) + 2))
    axes = figure.add_subplot()
    levels = [level / money.factor for level in accumulate((cny for _, cny in steps), initial=start[1])]
    low, high = min(levels), max(levels)
    cut = _cut(low, high)
    base = low - 0.35 * (high - low) if cut else 0.0
    last = len(steps) + 1
    for row, total in ((0, start[1]), (last, end[1])):
        value = total / money.factor
        axes.barh(row, value - base, 0.64, left=base, color=NAVY)
        _say(axes, max(value, base), row, money(total), bold=True)
        if cut:
            _break(axes, base + 0.1 * (high - low), row, high - low)
    for row, (_, cny) in enumerate(steps, start=1):
        before, after = levels[row - 1], levels[row]
        left, right = sorted((before, after))
        dearer = cny >= 0
        axes.barh(
            row, right - left, 0.64, left=left, color=AMBER if dearer else "white", edgecolor=AMBER if dearer else TEAL,
            linewidth=0.8, hatch=None if dearer else REDUCES,
        )  # fmt: skip
        text = money(cny)
        _say(axes, right, row, text if text[0] in "<>\u2212" else "+" + text)
    for row, level in enumerate(levels):
        axes.plot([level, level], [row + 0.32, row + 0.68], color=AXIS, lw=0.6)
    names = short_labels((start[0], *(name for name, _ in steps), end[0]), LONGEST_LABEL)
    axes.set_yticks(range(last + 1), names, color=INK)
    for place in (0, last):
        axes.get_yticklabels()[place].set_fontweight("bold")
    axes.set_ylim(last + 0.6, -0.6)
    reach = max(high - base, -min(low, 0.0), 1e-9)
    axes.set_xlim(base if cut else min(low, 0.0) - 0.02 * reach, max(high, 0.0) + 0.14 * reach)
    if not cut:
        axes.axvline(0, color=INK, lw=0.8)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
    thousands(axes.xaxis)
    axes.set_xlabel(money.unit, loc="right")
    data = pd.DataFrame([start, *steps, end], columns=["step", "net_present_cost_cny"])
    return Chart(figure, data)


def is_cut(start: float, steps: Sequence[float]) -> bool:
    """Whether the totals' bars of such a bridge are cut."""
    levels = list(accumulate(steps, initial=start))
    return _cut(min(levels), max(levels))


def _cut(low: float, high: float) -> bool:
    return low > 0 and 0 < high - low < CUT_BELOW * high


def _say(axes: Axes, place: float, row: int, text: str, bold: bool = False) -> None:
    axes.annotate(
        text, (place, row), xytext=(4, 0), textcoords="offset points", va="center", fontsize=7.5, color=INK,
        fontweight="bold" if bold else "normal",
    )  # fmt: skip


def _break(axes: Axes, place: float, row: int, reach: float) -> None:
    """Two slanted lines through a bar that does not begin at zero."""
    for shift in (0.0, 0.02 * reach):
        axes.plot(
            [place + shift - 0.008 * reach, place + shift + 0.008 * reach],
            [row + 0.4, row - 0.4],
            color="white",
            lw=1.6,
        )
