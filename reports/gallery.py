"""Drawings: matplotlib figures turned into SVG text, in one style, with nothing global left changed."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
import seaborn as sns
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from .charts.chart import classes_for_marks
from .fonts import FALLBACK, FAMILY, Fonts

WIDTH = 6.54
"""Width of the text on the page, inches."""
INK, MUTED, AXIS, GRID = "#16263B", "#5B6B7C", "#9AA7B4", "#DDE3EA"
NAVY, TEAL, PALE, RED, AMBER = "#12304F", "#12808A", "#C9DDE3", "#A61C28", "#B86E00"

_STYLE: dict[str, Any] = {
    **sns.axes_style("ticks"),
    "font.family": [FAMILY, FALLBACK],
    "font.size": 8,
    "axes.titlesize": 8,
    "axes.labelsize": 8,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "legend.fontsize": 7.5,
    "text.color": INK,
    # A dollar sign in a name is a dollar sign.
    "text.parse_math": False,
    "axes.edgecolor": AXIS,
    "axes.labelcolor": MUTED,
    "axes.titlecolor": MUTED,
    "axes.titlelocation": "left",
    "axes.unicode_minus": True,
    "xtick.color": AXIS,
    "ytick.color": AXIS,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": MUTED,
    "axes.linewidth": 0.6,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "hatch.linewidth": 0.6,
    "legend.frameon": False,
    "legend.handlelength": 1.0,
    "legend.handleheight": 1.0,
    "legend.columnspacing": 1.3,
    "legend.handletextpad": 0.5,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "figure.constrained_layout.use": True,
    "svg.fonttype": "none",
    "svg.hashsalt": "suanli",
}


@contextmanager
def drawing(fonts: Fonts) -> Iterator[None]:
    """The report's style and fonts for the charts drawn inside the block."""
    manager = font_manager.fontManager
    before = list(manager.ttflist)
    # The fonts of this report only: those of an earlier one were cut down to other characters.
    manager.ttflist = [entry for entry in before if entry.name != FAMILY]
    with mpl.rc_context(_STYLE), warnings.catch_warnings():  # type: ignore[arg-type]
        # Missing glyphs are looked for in the whole report, and are an error there.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        try:
            for file in fonts.files:
                manager.addfont(file)
            yield
        finally:
            manager.ttflist = before


def canvas(height: float) -> Figure:
    """An empty figure as wide as the text, `height` in inches."""
    figure = Figure(figsize=(WIDTH, height))
    FigureCanvasAgg(figure)
    return figure


def svg(figure: Figure) -> str:
    """The figure as SVG text, its series marked by classes; the same figure always gives the same text."""
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return classes_for_marks(out.getvalue())
