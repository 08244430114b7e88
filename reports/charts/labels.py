"""Words in charts: how wide they are, names beside what they name, and legends where there is no other way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.transforms import offset_copy

from ..gallery import AXIS, INK, WIDTH
from ..wording import display_width, short_labels, shortened
from .chart import mark, mark_key

SMALL = 7.5
"""Points of labels in a chart."""
LINE = 10.0
"""Points from one line of labels to the next."""
SIDE = 150.0
"""Points that names beside a chart take at most."""


def text_width(text: str, size: float = SMALL, bold: bool = False) -> float:
    """Width of a text in points."""
    font = FontProperties(size=size, weight="bold" if bold else "normal")
    # Widths are whole pixels: at ten to the point they are exact enough.
    width, _, _ = RendererAgg(1, 1, 720).get_text_width_height_descent(text, font, ismath=False)
    return float(width) / 10


def fitting(text: str, room: float, size: float = SMALL, bold: bool = False) -> str:
    """A text shortened, if it must be, to so many points."""
    most = display_width(text)
    while most > 8 and text_width(shortened(text, most), size, bold) > room:
        most -= 1
    return shortened(text, most)


def on_two_lines(text: str, room: float, size: float = SMALL, bold: bool = False) -> str:
    """A text too long for so many points on two lines, where it has a space so that both fit; otherwise shortened."""
    if text_width(text, size, bold) <= room:
        return text
    words = text.split(" ")
    for n in range(len(words) - 1, 0, -1):
        first, second = " ".join(words[:n]), " ".join(words[n:])
        if max(text_width(first, size, bold), text_width(second, size, bold)) <= room:
            return f"{first}\n{second}"
    return fitting(text, room, size, bold)


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places in ascending order, as near as can be to those wanted, at least `gap` apart, within the limits if it fits.

    `wanted` is in ascending order.
    """
    # Less their gaps, the places need only ascend: groups that would not are put where they are on average.
    groups: list[tuple[float, int]] = []
    for n, place in enumerate(wanted):
        mean, size = place - n * gap, 1
        while groups and groups[-1][0] > mean:
            before, count = groups.pop()
            mean, size = (mean * size + before * count) / (size + count), size + count
        groups.append((mean, size))
    highest = max(low, high - (len(wanted) - 1) * gap)
    starts = [min(max(mean, low), highest) for mean, size in groups for _ in range(size)]
    return [start + n * gap for n, start in enumerate(starts)]


@dataclass(frozen=True)
class Beside:
    """A name at the right edge of a chart: where it would like to stand, and the sign before it.

    `series` is its number in the chart; `leads` says that a thin line leads to what it names.
    """

    text: str
    at: float
    series: int
    sign: dict[str, Any]
    leads: bool = True


def name_beside(figure: Figure, axes: Axes, x: float, names: Sequence[Beside], height: float) -> None:
    """Write names to the right of `x`, none over another, in the order of their places; `height` of the axes in points.

    The limits of the axes must be set before.
    """
    low, high = axes.get_ylim()
    unit = (high - low) / height
    ordered = sorted(names, key=lambda name: name.at)
    places = spread([name.at for name in ordered], LINE * unit, low + 0.4 * LINE * unit, high - 0.4 * LINE * unit)
    sign_at = offset_copy(axes.transData, fig=figure, x=15, units="points")
    lead_to = offset_copy(axes.transData, fig=figure, x=9, units="points")
    for name, place in zip(ordered, places, strict=True):
        (sign,) = axes.plot([x], [place], transform=sign_at, clip_on=False, ls="none", **name.sign)
        text = axes.annotate(
            name.text, (x, place), xytext=(22, 0), textcoords="offset points", va="center", fontsize=SMALL, color=INK,
            annotation_clip=False,
        )  # fmt: skip
        mark_key(name.series, sign, text)
        if name.leads:
            lead = axes.annotate(
                "", (x, name.at), (x, place), textcoords=lead_to, annotation_clip=False,
                arrowprops={"arrowstyle": "-", "color": AXIS, "lw": 0.6, "shrinkA": 0, "shrinkB": 0},
            )  # fmt: skip
            assert lead.arrow_patch is not None
            mark(name.series, lead.arrow_patch)


def legend(figure: Figure, handles: Sequence[Artist | BarContainer], labels: Sequence[str], first: int = 1) -> None:
    """A legend above the plots in as many columns as fit, its series numbered from `first`.

    Labels are plain text, whatever they begin with.
    """
    labels = short_labels(labels, 34)
    widest = max(map(text_width, labels)) / 72
    columns = max(1, min(len(labels), int(WIDTH / (widest + 0.38))))
    # Matplotlib leaves out labels that begin with an underscore, so the words are set afterwards.
    blank = ["x" * len(label) for label in labels]
    # Its type hints do not know that it takes groups of bars too.
    drawn = cast("list[Artist]", list(handles))
    box = figure.legend(drawn, blank, loc="outside upper left", ncols=columns, borderaxespad=0.1)
    for n, (sign, text, label) in enumerate(zip(box.legend_handles, box.get_texts(), labels, strict=True)):
        text.set_text(label)
        mark_key(first + n, text, *([sign] if sign is not None else []))
