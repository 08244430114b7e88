"""How far each target is exceeded or missed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from ..gallery import INK, MUTED, RED, canvas
from ..numbers import plain, signed
from ..wording import short_labels
from .chart import Chart

LONGEST = 0.6
"""Margins beyond this share of what is required are drawn no longer."""


@dataclass(frozen=True)
class Margin:
    """One bar: `share` is the margin as a share of what is required, negative if missed."""

    label: str
    share: float
    met: bool


def relative_text(share: float) -> str:
    """A margin in per cent with its sign; far above the requirement, how many times as much it is."""
    if share >= 10:
        return f"×{plain(1 + share)}"
    return signed(share * 100, 1 if abs(share) < 1 else 0) + "%"


def margins(bars: Sequence[Margin]) -> Chart:
    """Bars to the right for targets that are exceeded, to the left for those that are missed."""
    figure = canvas(0.5 + 0.21 * len(bars))
    axes = figure.add_subplot()
    reach = min(LONGEST, max(0.05, *(abs(bar.share) for bar in bars)))
    for row, bar in enumerate(bars):
        length = max(-LONGEST, min(LONGEST, bar.share))
        face, edge, mark = ("#DCEFE3", "#14532D", "✓") if bar.met else (RED, RED, "×")
        axes.barh(row, length, 0.62, color=face, edgecolor=edge, linewidth=0.8)
        right = bar.met
        text = f"{mark} {relative_text(bar.share)}"
        axes.annotate(
            text, (length, row), xytext=(4 if right else -4, 0),
            textcoords="offset points", va="center", ha="left" if right else "right", fontweight="bold", color=edge,
            fontsize=7.5,
        )  # fmt: skip
    axes.axvline(0, color=INK, lw=1.0)
    axes.set_yticks(range(len(bars)), short_labels((bar.label for bar in bars), 48), color=INK, fontsize=7.5)
    axes.set_ylim(len(bars) - 0.4, -0.6)
    missed = any(not bar.met for bar in bars)
    axes.set_xlim(-1.45 * reach if missed else -0.04 * reach, 1.45 * reach)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
    axes.spines["bottom"].set_visible(False)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value * 100:.0f}%".replace("-", "\u2212"))
    axes.tick_params(axis="x", labelcolor=MUTED)
    rows = [(bar.label, bar.share, bar.met) for bar in bars]
    return Chart(figure, pd.DataFrame(rows, columns=["target", "margin_share", "met"]))
