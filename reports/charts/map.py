"""A map of the sites: where they stand, of what kind they are, how much power they draw. No network, no tiles."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Circle, FancyBboxPatch, Patch, Polygon

from ..gallery import AMBER, AXIS, INK, MUTED, PALE, TEAL, WIDTH, canvas
from ..wording import shortened
from .chart import mark, mark_key
from .placing import Box, Points, Room, beside, near, spread

Kind = Literal["core", "edge", "remote"]
KM_PER_DEGREE = 111.2
LEAST_KM = 4.0
"""What a map shows at least, from edge to edge."""
MOST_NUMBERED = 120
"""Sites that can carry their numbers."""
MOST_NAMED = 12
MOST_ASIDE = 6
_POINTS = 72.0
_PANEL = 132.0
_LARGEST = 15.0
_SMALL, _SIZE = 6.2, 7.0


@dataclass(frozen=True)
class Place:
    """A site on the map: its number in the table, its largest peak of all years (MW), where it stands.

    `aside` tells in words where it is if it stands beside the map: "415 km north-west".
    """

    number: int
    name: str
    kind: Kind
    district: str
    latitude: float
    longitude: float
    largest_mw: float
    aside: str = ""


@dataclass(frozen=True)
class State:
    """A site in a year: peak power in MW, whether it is in use, whether something is built or bought there."""

    mw: float
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


class SiteMap:
    """A map whose symbols and labels stay where they are from year to year. All places but those aside are on it."""

    def __init__(self, places: Sequence[Place], words: MapWords) -> None:
        self.words = words
        self.inside = [place for place in places if not place.aside]
        self.outside = [place for place in places if place.aside]
        self.kinds = [kind for kind in words.kinds if any(place.kind == kind for place in places)]
        self.numbered = len(places) <= MOST_NUMBERED
        self.least = 5.4 if self.numbered else 2.4
        self.most_mw = max((place.largest_mw for place in places), default=0.0)
        self._lay_out()

    def radius(self, mw: float) -> float:
        """The radius of a symbol: its area grows with the power, but there is a smallest one."""
        return max(self.least, _LARGEST * math.sqrt(mw / self.most_mw)) if self.most_mw > 0 else self.least

    @property
    def smallest_mw(self) -> float:
        """Up to here all symbols are of the smallest size."""
        return self.most_mw * (self.least / _LARGEST) ** 2

    def _lay_out(self) -> None:
        """Map frame, scale, and the place of each symbol, in points from the lower left corner."""
        latitude = np.array([place.latitude for place in self.inside])
        longitude = np.array([place.longitude for place in self.inside])
        shrink = math.cos(math.radians(float(latitude.mean())))
        km = np.column_stack([longitude * shrink, latitude]) * KM_PER_DEGREE
        low, high = km.min(axis=0), km.max(axis=0)
        size = np.maximum(high - low, LEAST_KM)
        width = WIDTH * _POINTS - _PANEL
        pad = 2 * (_LARGEST + 8)
        self.height = float(np.clip((width - pad) * size[1] / size[0] + pad, 240.0, 380.0))
        self.frame = Box(0.0, 0.0, width, self.height)
        self.points_per_km = float(min((width - pad) / size[0], (self.height - pad) / size[1]))
        centred = (km - (low + high) / 2) * self.points_per_km + np.array(self.frame.centre)
        # Corners of a square reach further than a circle of the same area.
        reach: dict[Kind, float] = {"core": 1.0, "edge": 1.15, "remote": 1.15}
        radii = [self.radius(place.largest_mw) * reach[place.kind] + 0.8 for place in self.inside]
        self.spots: Points = spread(centred, radii, self.frame)

    def draw(self, states: Mapping[int, State]) -> Figure:
        """The map with each site's state by its number."""
        figure = canvas(self.height / _POINTS)
        figure.set_layout_engine("none")
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_xlim(0, WIDTH * _POINTS)
        axes.set_ylim(0, self.height)
        axes.axis("off")
        axes.add_patch(_panel(self.frame))
        self._draw_labels(axes)
        for place, (x, y) in zip(self.inside, self.spots, strict=True):
            self._draw_symbol(axes, place, float(x), float(y), states[place.number])
        self._draw_scale(axes)
        self._draw_panel(axes, states)
        return figure

    def _draw_symbol(self, axes: Axes, place: Place, x: float, y: float, state: State) -> None:
        series = self.kinds.index(place.kind) + 1
        mark(series, axes.add_patch(_symbol(place.kind, x, y, self.radius(state.mw), state)))
        if self.numbered:
            number = axes.text(
                x, y - 0.3, str(place.number), ha="center", va="center",
                fontsize=_SMALL - 0.4, color="white" if state.in_use else MUTED,
                fontweight="bold" if state.in_use else "normal",
            )  # fmt: skip
            mark(series, number)

    def _draw_labels(self, axes: Axes) -> None:
        """Names of districts, then of the largest sites, each where it hides nothing; what has no room is left out."""
        measure = _Measure(axes)
        room = Room(Box(4, 14, self.frame.right - 4, self.height - 4))
        for place, (x, y) in zip(self.inside, self.spots, strict=True):
            radius = self.radius(place.largest_mw) + 1
            room.taken.append(Box(x - radius, y - radius, x + radius, y + radius))
        with_district = [(p, s) for p, s in zip(self.inside, self.spots, strict=True) if p.district]
        for district, members in groupby(sorted(with_district, key=lambda m: m[0].district), lambda m: m[0].district):
            x, y = np.mean([spot for _, spot in members], axis=0)
            size = measure(district, _SIZE, bold=True)
            box = room.take(near(float(x), float(y), *size, most=32.0))
            if box:
                axes.text(
                    *box.centre, district, ha="center", va="center", fontsize=_SIZE, color=TEAL, fontweight="bold"
                )
        largest = sorted(zip(self.inside, self.spots, strict=True), key=lambda member: -member[0].largest_mw)
        for place, (x, y) in largest[:MOST_NAMED]:
            name = shortened(place.name, 34)
            size = measure(name, _SMALL)
            box = room.take(beside(float(x), float(y), self.radius(place.largest_mw), *size))
            if box:
                axes.text(*box.centre, name, ha="center", va="center", fontsize=_SMALL, color=INK)

    def _draw_scale(self, axes: Axes) -> None:
        km = _round_below(90.0 / self.points_per_km)
        length = km * self.points_per_km
        axes.plot([8, 8, 8 + length, 8 + length], [11, 8, 8, 11], color=MUTED, lw=0.8)
        axes.text(12 + length, 8, f"{km:g} km", va="center", fontsize=_SMALL, color=MUTED)

    def _draw_panel(self, axes: Axes, states: Mapping[int, State]) -> None:
        """The legend, and under it what stands beside the map."""
        left, y = self.frame.right + 16.0, self.height - 8.0
        plain = State(0.0, in_use=True, grows=False)
        rows: list[tuple[Kind, State, str]] = [(kind, plain, self.words.kinds[kind]) for kind in self.kinds]
        first = self.kinds[0]
        rows += [(first, plain, self.words.in_use), (first, State(0, True, True), self.words.grows)]
        rows.append((first, State(0, False, False), self.words.unused))
        for n, (kind, state, label) in enumerate(rows):
            y -= 6.0 if n == len(self.kinds) else 0.0
            symbol = axes.add_patch(_symbol(kind, left, y, 4.2, state))
            text = axes.text(left + 9, y, label, va="center", fontsize=_SIZE)
            if n < len(self.kinds):
                mark_key(n + 1, symbol, text)
            y -= 12.5
        y = self._draw_sizes(axes, left, y - 2)
        if self.outside:
            axes.text(left - 5, y, self.words.outside, va="center", fontsize=_SIZE, fontweight="bold", color=TEAL)
            y -= 6
        for place in self.outside[:MOST_ASIDE]:
            radius = self.radius(place.largest_mw)
            y -= max(radius, 12.0) + 3
            self._draw_symbol(axes, place, left + 3, y, states[place.number])
            lines = "\n".join((*textwrap.wrap(shortened(place.name, 44), 24), place.aside))
            axes.text(left + 6 + max(radius, 8.0), y, lines, va="center", fontsize=_SMALL, linespacing=1.25)
            y -= max(radius, 12.0)
        if len(self.outside) > MOST_ASIDE:
            axes.text(left - 5, y - 6, self.words.more, va="center", fontsize=_SMALL, color=MUTED)

    def _draw_sizes(self, axes: Axes, left: float, y: float) -> float:
        """Two circles that say what the sizes mean; returns how far down they reach."""
        if self.most_mw <= 0:
            return y
        axes.text(left - 5, y, self.words.size, va="center", fontsize=_SIZE, color=MUTED)
        amounts = [_round_below(self.most_mw)]
        if self.radius(amounts[0] / 4) > self.least:
            amounts.insert(0, amounts[0] / 4)
        x = left - 5
        for mw in amounts:
            radius = self.radius(mw)
            axes.add_patch(Circle((x + radius, y - 8 - _LARGEST), radius, facecolor="none", edgecolor=MUTED, lw=0.7))
            axes.text(x + 2 * radius + 3, y - 8 - _LARGEST, f"{mw:g}", va="center", fontsize=_SMALL, color=MUTED)
            x += 2 * radius + 22
        return y - 16 - 2 * _LARGEST - 6


class _Measure:
    """How wide and high a text is, in points."""

    def __init__(self, axes: Axes) -> None:
        figure = axes.get_figure()
        assert isinstance(figure, Figure)
        self._renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
        self._scale = _POINTS / figure.dpi
        self._family = axes.text(0, 0, "").get_fontfamily()

    def __call__(self, text: str, size: float, bold: bool = False) -> tuple[float, float]:
        font = FontProperties(family=self._family, size=size, weight="bold" if bold else "normal")
        width, height, _ = self._renderer.get_text_width_height_descent(text, font, ismath=False)
        return width * self._scale + 3, height * self._scale + 2


def _panel(frame: Box) -> Patch:
    return FancyBboxPatch(
        (frame.left + 0.5, frame.low + 0.5), frame.right - 1, frame.high - 1, boxstyle="square,pad=0",
        facecolor="#F2F5F8", edgecolor=PALE, linewidth=0.8,
    )  # fmt: skip


def _symbol(kind: Kind, x: float, y: float, radius: float, state: State) -> Patch:
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


def _round_below(value: float) -> float:
    """The largest of 1, 2, 5, 10, 20 ... that is not above a value."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (5, 2, 1) if step * power <= value * (1 + 1e-9))
