"""Power drawn against what the grid connection allows, site by site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.container import BarContainer

from ..gallery import INK, NAVY, RED, TEAL, WIDTH, canvas
from .chart import Chart, mark
from .labels import SMALL, legend, on_two_lines
from .parts import steps, thousands, year_axis


@dataclass(frozen=True)
class Load:
    """A site's peak and usable limit over the years, both in the unit of the chart."""

    label: str
    peak: pd.Series[float]
    limit: pd.Series[float]
    total: bool = False


def against_limits(loads: Sequence[Load], peak_label: str, limit_label: str, full: float, unit: str = "MW") -> Chart:
    """Bars of peak power under the stepped line of the limit; a triangle marks years at or above `full` of it."""
    columns = min(3, len(loads))
    rows = -(-len(loads) // columns)
    figure = canvas(0.3 + 1.55 * rows)
    handles: list[Artist | BarContainer] = []
    tables = []
    for place, load in enumerate(loads):
        axes = figure.add_subplot(rows, columns, place + 1)
        years = [int(str(year)) for year in load.peak.index]
        bars = axes.bar(years, load.peak, 0.72, color=NAVY if load.total else TEAL)
        line = steps(axes, years, list(load.limit), color=RED, lw=1.3, ls=(0, (4, 1.5)))
        mark(1, bars)
        mark(2, line)
        highest = max(float(load.limit.max()), float(load.peak.max()), 1e-9)
        for year, peak, limit in zip(years, load.peak, load.limit, strict=True):
            if limit > 0 and peak >= full * limit and not load.total:
                axes.plot(year, max(limit, peak) + 0.07 * highest, marker="v", ms=4.5, color=INK, lw=0)
        axes.set_ylim(0, highest * 1.2)
        title = on_two_lines(load.label, WIDTH * 72 / columns - 36, bold=True)
        axes.set_title(title, fontweight="bold", color=INK, fontsize=SMALL)
        axes.locator_params(axis="y", nbins=4)
        axes.tick_params(axis="y", labelsize=7)
        thousands(axes.yaxis)
        if place % columns == 0:
            axes.set_ylabel(unit, fontsize=7)
        year_axis(axes, years, most=4)
        axes.tick_params(axis="x", labelsize=7)
        if place == 0:
            handles = [bars, line]
        tables.append(
            pd.DataFrame(
                {
                    "site": load.label,
                    "year": years,
                    f"peak_{unit.lower()}": list(load.peak),
                    f"usable_grid_{unit.lower()}": list(load.limit),
                }
            )
        )
    legend(figure, handles, [peak_label, limit_label])
    return Chart(figure, pd.concat(tables), (peak_label, limit_label))
