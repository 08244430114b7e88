"""Colours that keep their order in grey print and to the colour-blind: they differ in lightness, never in hue alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import seaborn as sns
from matplotlib.colors import LinearSegmentedColormap, to_rgb

from ..gallery import INK, NAVY, TEAL

Colour = tuple[float, float, float]

_PALEST = "#DCE6EC"
_TONES = [(0.0, "#F6F9FA"), (0.5, "#C3DCE2"), (0.75, "#8DBFC9"), (0.9, "#23708A"), (1.0, NAVY)]
# Pale up to three quarters, so that most cells carry dark text and the highest stand out.
HEAT = LinearSegmentedColormap.from_list("heat", _TONES)
REDUCES = "//////"
"""The hatch of what counts against the rest."""
MOST_SERIES = 7
"""Colours that are still told apart; a chart puts the rest together."""


def ramp(n: int) -> list[Colour]:
    """Colours from dark to light in even steps of lightness."""
    blend = [to_rgb(c) for c in sns.blend_palette([NAVY, TEAL, "#8FB8C9", _PALEST], 201)]
    lightnesses = [lightness(colour) for colour in blend]
    wanted = np.linspace(lightnesses[0], lightnesses[-1], max(n, 2))[:n]
    return [blend[int(np.abs(np.array(lightnesses) - level).argmin())] for level in wanted]


def readable_on(background: Sequence[float]) -> str:
    """White or ink, whichever contrasts more with a background (by the relative luminance of WCAG)."""
    ground, ink = luminance(background), luminance(to_rgb(INK))
    return "white" if 1.05 / (ground + 0.05) > (ground + 0.05) / (ink + 0.05) else INK


def luminance(colour: Sequence[float]) -> float:
    """Relative luminance of an sRGB colour, 0 (black) to 1 (white)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def lightness(colour: Sequence[float]) -> float:
    """Lightness as the eye judges it (L* of CIELAB), 0 (black) to 100 (white)."""
    y = luminance(colour)
    return 903.3 * y if y <= 0.008856 else 116 * y ** (1 / 3) - 16
