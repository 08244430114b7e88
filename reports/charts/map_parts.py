"""The parts of a map: places, their state in a year, the words of the legend, symbols, and how large a text is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Circle, Patch, Polygon

from ..gallery import AMBER, AXIS, TEAL
from ..numbers import Unit

Kind = Literal["core", "edge", "remote"]
POINTS = 72.0
"""Points in an inch."""


@dataclass(frozen=True)
class Place:
    """A site on the map: its number in the table, its largest peak of all years (kW), where it stands.

    `aside` tells in words where it is if it stands beside the map: "415 km north-west".
    """

    number: int
    name: str
    kind: Kind
    district: str
    latitude: float
    longitude: float
    largest_kw: float
    aside: str = ""


@dataclass(frozen=True)
class State:
    """A site in a year: peak power in kW, whether it is in use, whether something is built or bought there."""

    kw: float
    in_use: bool
    grows: bool


@dataclass(frozen=True)
class MapWords:
    """What the legend says."""

    kinds: Mapping[Kind, str]
    in_use: str
    grows: str
    unused: str
    size: str
    outside: str
    more: str
    power: Unit
    """The unit that `size` names."""


def symbol(kind: Kind, x: float, y: float, radius: float, state: State) -> Patch:
    """A circle, a square or a diamond of the same area; filled in use, framed when it grows, hollow when unused."""
    style = {
        "facecolor": TEAL if state.in_use else "white",
        "edgecolor": AMBER if state.grows else "white" if state.in_use else AXIS,
        "linewidth": 2.0 if state.grows else 0.7,
    }
    if kind == "core":
        return Circle((x, y), radius, **style)
    half = radius * math.sqrt(math.pi) / 2
    if kind == "edge":
        corners = [(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)]
    else:
        reach = half * math.sqrt(2)
        corners = [(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)]
    return Polygon(corners, closed=True, **style)


class Measure:
    """How wide and high a text is, in points."""

    def __init__(self, axes: Axes) -> None:
        figure = axes.get_figure()
        assert isinstance(figure, Figure)
        self._renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
        self._scale = POINTS / figure.dpi
        self._family = axes.text(0, 0, "").get_fontfamily()

    def __call__(self, text: str, size: float, bold: bool = False) -> tuple[float, float]:
        """Width and height of a text with a little air around it."""
        font = FontProperties(family=self._family, size=size, weight="bold" if bold else "normal")
        width, height, _ = self._renderer.get_text_width_height_descent(text, font, ismath=False)
        return width * self._scale + 3, height * self._scale + 2
