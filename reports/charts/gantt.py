"""The building programme over the years: a bar for every batch of halls, conversions, grid steps and purchases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from ..gallery import GRID, INK, NAVY, PALE, TEAL, canvas
from ..wording import short_labels
from .chart import Chart, mark
from .labels import SMALL, legend, on_two_lines
from .palette import REDUCES

Kind = Literal["hall", "conversion", "grid", "hardware"]
_FACE: Mapping[Kind, tuple[str, str, str]] = {
    "hall": (NAVY, NAVY, "white"),
    "conversion": (TEAL, TEAL, "white"),
    "grid": ("white", INK, INK),
    "hardware": (PALE, PALE, INK),
}
"""Fill, edge and ink of each kind, apart in lightness too."""
_QUANTITY: Mapping[Kind, str] = {
    "hall": "halls", "conversion": "halls", "grid": "grid_added_kw", "hardware": "hardware_cny",
}  # fmt: skip
"""The column of the data that says how much of each kind."""
_ORDERED = "ordered"
LABEL = 112.0
"""Points that the name of a site takes at most on one of two lines."""
LANE = 0.155
"""Height of a lane, inches."""


@dataclass(frozen=True)
class Bar:
    """A batch: ordered in one column of the chart, in service from another; `text` says how much of it.

    `amount` is the same as a number: of halls, kW of grid connection, CNY of hardware.
    """

    kind: Kind
    ordered: int
    ready: int
    text: str
    amount: float


@dataclass(frozen=True)
class Row:
    """A site, or several put together, with its bars."""

    label: str
    bars: tuple[Bar, ...]


def lanes(row: Row) -> list[list[Bar]]:
    """The bars of a row in lanes, so that none lie over each other; a kind never shares a lane with another."""
    out: list[list[Bar]] = []
    for kind in _FACE:
        own: list[list[Bar]] = []
        for bar in sorted((b for b in row.bars if b.kind == kind), key=lambda b: (b.ready, b.ordered)):
            free = (lane for lane in own if all(b.ready < bar.ordered or bar.ready < b.ordered for b in lane))
            lane = next(free, None)
            if lane is None:
                own.append([bar])
            else:
                lane.append(bar)
        out += own
    return out


def gantt(rows: Sequence[Row], columns: Sequence[str], names: Mapping[str, str]) -> Chart:
    """Rows of bars over the columns (years or periods). `names` says what each kind is, and "ordered"."""
    drawn = [(row, lanes(row)) for row in rows]
    kinds = [kind for kind in _FACE if any(bar.kind == kind for row in rows for bar in row.bars)]
    height = sum(len(own) for _, own in drawn)
    figure = canvas(0.62 + LANE * height + 0.02 * len(rows))
    axes = figure.add_subplot()
    top, ticks = 0.0, []
    for _, own in drawn:
        ticks.append(top + len(own) / 2)
        for n, lane in enumerate(own):
            for bar in lane:
                _draw(axes, bar, top + n, kinds.index(bar.kind) + 1)
        top += len(own)
        axes.axhline(top, color=GRID, lw=0.6)
    axes.set_xlim(0, len(columns))
    axes.set_ylim(top, 0)
    # A row of several lanes has room for a name on two lines.
    named = [on_two_lines(row.label, LABEL) if len(own) > 1 else row.label for row, own in drawn]
    texts = [name if "\n" in name else short for name, short in zip(named, short_labels(named, 36), strict=True)]
    axes.set_yticks(ticks, texts, color=INK, fontsize=SMALL, linespacing=1.05)
    axes.set_xticks([n + 0.5 for n in range(len(columns))], list(columns))
    axes.xaxis.tick_top()
    axes.grid(visible=False)
    for n in range(1, len(columns)):
        axes.axvline(n, color=GRID, lw=0.6)
    axes.spines["bottom"].set_visible(False)
    _key(figure, kinds, names, any(bar.ready > bar.ordered for row in rows for bar in row.bars))
    data = [
        {"site": row.label, "work": bar.kind, "ordered": columns[bar.ordered], "in_service": columns[bar.ready],
         _QUANTITY[bar.kind]: bar.amount}
        for row in rows for bar in row.bars
    ]  # fmt: skip
    table = pd.DataFrame(data, columns=["site", "work", "ordered", "in_service", *dict.fromkeys(_QUANTITY.values())])
    return Chart(figure, table, tuple(names[kind] for kind in kinds))


def _draw(axes: Axes, bar: Bar, lane: float, series: int) -> None:
    face, edge, ink = _FACE[bar.kind]
    if bar.ready > bar.ordered:
        place, length = (bar.ordered + 0.04, lane + 0.28), bar.ready - bar.ordered
        mark(series, axes.add_patch(Rectangle(place, length, 0.44, fc="white", ec=edge, lw=0.6, hatch=REDUCES)))
    box = axes.add_patch(Rectangle((bar.ready + 0.04, lane + 0.1), 0.92, 0.8, fc=face, ec=edge, lw=0.6))
    text = axes.text(bar.ready + 0.5, lane + 0.52, bar.text, ha="center", va="center", color=ink, fontsize=6.8)
    mark(series, box, text)


def _key(figure: Figure, kinds: Sequence[Kind], names: Mapping[str, str], ordered: bool) -> None:
    handles = [Patch(fc=_FACE[kind][0], ec=_FACE[kind][1], lw=0.6) for kind in kinds]
    labels = [names[kind] for kind in kinds]
    if ordered:
        handles.append(Patch(fc="white", ec=NAVY, lw=0.6, hatch=REDUCES))
        labels.append(names[_ORDERED])
    legend(figure, handles, labels)
