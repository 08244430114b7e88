"""The curve of a trade-off as a picture, beside its table."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd

from .charts.tradeoff import BOUND, COST, curve
from .folder import ReportError, write_text
from .fonts import Fonts, MissingGlyphsError
from .gallery import drawing, svg
from .messages import Messages
from .numbers import money_unit
from .typesetting import TypesettingError, png

COST_WORDS = "Net present cost"

SHARES = frozenset({"domestic_share", "rack_utilisation", "green_share"})
"""Metrics that are shown in per cent."""


def axis_label(metric: str, unit: str, scope: str, year: int) -> str:
    """The metric with its unit, scope and year: "Carbon emissions, t (city, 2027)"."""
    name = Messages("en").word(f"metric.{metric}").removesuffix(".")
    unit = "%" if metric in SHARES else unit
    return f"{name}, {unit} ({scope}, {year})" if unit not in ("", "ratio") else f"{name} ({scope}, {year})"


def draw_curve(folder: Path, points: pd.DataFrame, knee: int | None, metric: str, label: str) -> None:
    """Write curve.svg and curve.png. Raises ReportError if some character of the label has no glyph."""
    money = money_unit([*points[COST], *points[BOUND].dropna()])
    words = ("plans found", "open: down to the proved bound", "knee")
    try:
        with tempfile.TemporaryDirectory(prefix="suanli-fonts-") as place:
            fonts = Fonts(Path(place), set("".join([label, COST_WORDS, money.unit, *words])))
            fonts.check([label])
            with drawing(fonts):
                factor = 100.0 if metric in SHARES else 1.0
                picture = svg(curve(points, money, f"{COST_WORDS}, {money.unit}", label, knee, words, factor).figure)
            (pixels,) = png([picture], fonts)
    except (MissingGlyphsError, TypesettingError) as error:
        raise ReportError(f"{folder}: {error}") from error
    write_text(folder / "curve.svg", picture)
    beside = folder / ".curve.png"
    beside.write_bytes(pixels)
    beside.replace(folder / "curve.png")
