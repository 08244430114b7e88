"""A map of the sites: where they stand, of what kind they are, how much power they draw. No network, no tiles."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch, Patch

from ..gallery import INK, MUTED, PALE, TEAL, WIDTH, canvas
from ..wording import shortened
from .chart import mark, mark_key
from .map_parts import POINTS, Kind, MapWords, Measure, Place, State, symbol
from .placing import Box, Points, Room, beside, near, spread

KM_PER_DEGREE = 111.2
LEAST_KM = 4.0
"""What a map shows at least, from edge to edge."""
MOST_NUMBERED = 120
"""Sites that can carry their numbers."""
MOST_NAMED = 12
_PANEL = 132.0
_LOWEST, _HIGHEST = 240.0, 380.0
_LARGEST = 15.0
_COVERED = 0.2
"""The share of the map that symbols may cover."""
_SMALL, _SIZE = 6.2, 7.0


Label = tuple[tuple[float, float], str, dict[str, Any]]
"""Where the middle of a text is, the text and its style."""


class SiteMap:
    """A map whose symbols and labels stay where they are from year to year. All places but those aside are on it."""

    def __init__(self, places: Sequence[Place], words: MapWords) -> None:
        self.words = words
        self.inside = [place for place in places if not place.aside]
        self.outside = [place for place in places if place.aside]
        self.kinds = [kind for kind in words.kinds if any(place.kind == kind for place in places)]
        self.numbered = len(places) <= MOST_NUMBERED
        self.least = 5.4 if self.numbered else 2.4
        self.most_kw = max((place.largest_kw for place in places), default=0.0)
        self.largest = self._largest()
        self._found: list[Label] | None = None
        self._lay_out()

    def radius(self, kw: float) -> float:
        """The radius of a symbol: its area grows with the power, but there is a smallest one."""
        return max(self.least, self.largest * math.sqrt(kw / self.most_kw)) if self.most_kw > 0 else self.least

    def _largest(self) -> float:
        """The radius of the largest symbol: smaller where many are large, so that they leave room for the map."""
        if self.most_kw <= 0:
            return self.least
        discs = math.pi * sum(place.largest_kw for place in self.inside) / self.most_kw
        room = _COVERED * (WIDTH * POINTS - _PANEL) * _LOWEST
        return max(self.least, min(_LARGEST, math.sqrt(room / discs))) if discs > 0 else _LARGEST

    @property
    def smallest_kw(self) -> float:
        """Up to here all symbols are of the smallest size."""
        return self.most_kw * (self.least / self.largest) ** 2

    def _lay_out(self) -> None:
        """Map frame, scale, and the place of each symbol, in points from the lower left corner."""
        latitude = np.array([place.latitude for place in self.inside])
        longitude = np.array([place.longitude for place in self.inside])
        shrink = math.cos(math.radians(float(latitude.mean())))
        km = np.column_stack([longitude * shrink, latitude]) * KM_PER_DEGREE
        low, high = km.min(axis=0), km.max(axis=0)
        size = np.maximum(high - low, LEAST_KM)
        width = WIDTH * POINTS - _PANEL
        pad = 2 * (_LARGEST + 8)
        self.height = float(np.clip((width - pad) * size[1] / size[0] + pad, _LOWEST, _HIGHEST))
        self.frame = Box(0.0, 0.0, width, self.height)
        self.points_per_km = float(min((width - pad) / size[0], (self.height - pad) / size[1]))
        centred = (km - (low + high) / 2) * self.points_per_km + np.array(self.frame.centre)
        # Corners of a square reach further than a circle of the same area.
        reach: dict[Kind, float] = {"core": 1.0, "edge": 1.15, "remote": 1.15}
        radii = [self.radius(place.largest_kw) * reach[place.kind] + 0.8 for place in self.inside]
        self.spots: Points = spread(centred, radii, self.frame)

    def draw(self, states: Mapping[int, State]) -> Figure:
        """The map with each site's state by its number."""
        figure = canvas(self.height / POINTS)
        figure.set_layout_engine("none")
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_xlim(0, WIDTH * POINTS)
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
        mark(series, axes.add_patch(symbol(place.kind, x, y, self.radius(state.kw), state)))
        if self.numbered:
            number = axes.text(
                x, y - 0.3, str(place.number), ha="center", va="center",
                fontsize=_SMALL - 0.4, color="white" if state.in_use else MUTED,
                fontweight="bold" if state.in_use else "normal",
            )  # fmt: skip
            mark(series, number)

    def _draw_labels(self, axes: Axes) -> None:
        for (x, y), text, style in self._labels(axes):
            axes.text(x, y, text, ha="center", va="center", **style)

    def _labels(self, axes: Axes) -> list[Label]:
        """Names of districts, then of the largest sites, each where it hides nothing; what has no room is left out.

        They are found once, and stand at the same places in every year.
        """
        if self._found is not None:
            return self._found
        found: list[Label] = []
        measure = Measure(axes)
        room = Room(Box(4, 14, self.frame.right - 4, self.height - 4))
        members = list(zip(self.inside, self.spots.tolist(), strict=True))
        for place, (x, y) in members:
            radius = self.radius(place.largest_kw) + 1
            room.taken.append(Box(x - radius, y - radius, x + radius, y + radius))
        for district in sorted({place.district for place in self.inside} - {""}):
            x, y = np.mean([spot for place, spot in members if place.district == district], axis=0)
            size = measure(district, _SIZE, bold=True)
            box = room.take(near(float(x), float(y), *size, most=60.0), partial(self._belongs, district))
            if box:
                found.append((box.centre, district, {"fontsize": _SIZE, "color": TEAL, "fontweight": "bold"}))
        for place, (x, y) in sorted(members, key=lambda member: -member[0].largest_kw)[:MOST_NAMED]:
            name = shortened(place.name, 34)
            box = room.take(beside(x, y, self.radius(place.largest_kw), *measure(name, _SMALL)))
            if box:
                found.append((box.centre, name, {"fontsize": _SMALL, "color": INK}))
        self._found = found
        return found

    def _belongs(self, district: str, box: Box) -> bool:
        """Whether the symbol nearest to a label is of the district that the label names."""
        away = [
            box.distance(x, y) - self.radius(place.largest_kw)
            for place, (x, y) in zip(self.inside, self.spots.tolist(), strict=True)
        ]
        return self.inside[away.index(min(away))].district == district

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
            key = axes.add_patch(symbol(kind, left, y, 4.2, state))
            text = axes.text(left + 9, y, label, va="center", fontsize=_SIZE)
            if n < len(self.kinds):
                mark_key(n + 1, key, text)
            y -= 12.5
        y = self._draw_sizes(axes, left, y - 2)
        if self.outside:
            axes.text(left - 5, y, self.words.outside, va="center", fontsize=_SIZE, fontweight="bold", color=TEAL)
            y -= 6
        # A diamond reaches further than a circle of the same area.
        reach = max((1.25 * self.radius(place.largest_kw) for place in self.outside), default=0.0) + 1
        step = 2 * max(reach, 12.0) + 3
        room = max(1, int((y - 10.0) / step))
        for place in self.outside[:room]:
            y -= step / 2
            self._draw_symbol(axes, place, left - 5 + reach, y, states[place.number])
            lines = "\n".join((*textwrap.wrap(shortened(place.name, 44), 24), place.aside))
            axes.text(left + 2 * reach, y, lines, va="center", fontsize=_SMALL, linespacing=1.25)
            y -= step / 2
        if len(self.outside) > room:
            axes.text(left - 5, 5, self.words.more, va="center", fontsize=_SMALL, color=MUTED)

    def _draw_sizes(self, axes: Axes, left: float, y: float) -> float:
        """Two circles that say what the sizes mean; returns how far down they reach."""
        if self.most_kw <= 0:
            return y
        axes.text(left - 5, y, self.words.size, va="center", fontsize=_SIZE, color=MUTED)
        factor = self.words.power.factor
        amounts = [_round_below(self.most_kw / factor) * factor]
        if self.radius(amounts[0] / 4) > self.least:
            amounts.insert(0, amounts[0] / 4)
        x = left - 5
        for kw in amounts:
            radius = self.radius(kw)
            axes.add_patch(
                Circle((x + radius, y - 8 - self.largest), radius, facecolor="none", edgecolor=MUTED, lw=0.7)
            )
            axes.text(
                x + 2 * radius + 3, y - 8 - self.largest, f"{kw / factor:g}", va="center", fontsize=_SMALL, color=MUTED
            )
            x += 2 * radius + 22
        return y - 22 - 2 * self.largest


def _panel(frame: Box) -> Patch:
    return FancyBboxPatch(
        (frame.left + 0.5, frame.low + 0.5), frame.right - 1, frame.high - 1, boxstyle="square,pad=0",
        facecolor="#F2F5F8", edgecolor=PALE, linewidth=0.8,
    )  # fmt: skip


def _round_below(value: float) -> float:
    """The largest of 1, 2, 5, 10, 20 ... that is not above a value."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (5, 2, 1) if step * power <= value * (1 + 1e-9))
