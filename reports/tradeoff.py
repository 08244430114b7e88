"""The curve of a trade-off as a picture, beside its table."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from ..inputs.parts import Target
from .charts.tradeoff import BOUND, COST, VALUE, curve
from .draft import Draft
from .folder import ReportError, Result, write_text
from .fonts import Fonts, MissingGlyphsError
from .gallery import drawing, svg
from .language import Language, file_name
from .messages import Messages
from .numbers import carbon_unit, energy_unit, money_unit
from .sections.targets import SHARES, label, unit_of
from .sources import Sources
from .typesetting import TypesettingError, png
from .view import PlanView


def draw_curve(
    folder: Path, first: Result, target: Target, points: pd.DataFrame, knee: int | None, languages: Sequence[Language]
) -> None:
    """Write curve.svg and curve.png, in Chinese curve.zh.svg and curve.zh.png.

    `first` is the first point, `target` says which metric is traded, `knee` is a row of the points. Raises ReportError
    if a character has no glyph.
    """
    for language in languages:
        draft = Draft(PlanView(first, language), Messages(language), Sources({}))
        try:
            picture, pixels = _drawn(draft, target, points, knee)
        except (MissingGlyphsError, TypesettingError) as error:
            raise ReportError(f"{folder}: {error}") from error
        write_text(folder / file_name("curve", "svg", language), picture)
        path = folder / file_name("curve", "png", language)
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        beside.write_bytes(pixels)
        beside.replace(path)


def _drawn(draft: Draft, target: Target, points: pd.DataFrame, knee: int | None) -> tuple[str, bytes]:
    t = draft.t
    money = money_unit([*points[COST], *points[BOUND].dropna()], t.language)
    unit, factor = _unit(draft, target, points[VALUE])
    key = "tradeoff.axis_unit" if unit else "tradeoff.axis"
    metric = t(key, metric=label(draft, target), year=target.year, unit=unit)
    cost, words = t("tradeoff.cost", unit=money.unit), (t("tradeoff.plans"), t("tradeoff.open"), t("tradeoff.knee"))
    with tempfile.TemporaryDirectory(prefix="suanli-fonts-") as place:
        fonts = Fonts(Path(place), set("".join([metric, cost, *words])))
        fonts.check([metric])
        with drawing(fonts):
            picture = svg(curve(points, money, cost, metric, knee, words, factor).figure)
        (pixels,) = png([picture], fonts)
    return picture, pixels


def _unit(draft: Draft, target: Target, values: Iterable[float]) -> tuple[str, float]:
    """The unit of a metric's axis, and what its values are multiplied by."""
    language = draft.t.language
    scales = {"capex": money_unit, "carbon_tonnes": carbon_unit, "it_mwh": energy_unit, "facility_mwh": energy_unit}
    if target.metric in SHARES:
        return "%", 100.0
    if target.metric in scales:
        unit = scales[target.metric](values, language)
        return unit.unit, 1.0 / unit.factor
    return unit_of(draft, target.metric, target.scope.resource or ""), 1.0
