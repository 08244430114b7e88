"""The report's fonts inside a page: cut down to the characters on it, as WOFF."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from ..fonts import FALLBACK, FAMILY, Fonts


def font_faces(fonts: Fonts, characters: Iterable[str]) -> str:
    """Style rules that bring the fonts along; the fallback only with what the first font lacks."""
    wanted = {ord(character) for character in characters}
    rules = []
    lacking = wanted
    for file, weight in zip(fonts.files, (400, 700), strict=True):
        covered = set(TTFont(file, lazy=True).getBestCmap())
        lacking = wanted - covered
        rules.append(_rule(FAMILY, weight, _woff(file, wanted & covered)))
    for name, weight in (("DejaVuSans.ttf", 400), ("DejaVuSans-Bold.ttf", 700)):
        file = fonts.folder / name
        found = lacking & set(TTFont(file, lazy=True).getBestCmap())
        if found:
            rules.append(_rule(FALLBACK, weight, _woff(file, found)))
    return "\n".join(rules)


def _woff(file: Path, characters: set[int]) -> bytes:
    options = subset.Options(layout_features=["pwid", "kern"], hinting=False, notdef_outline=True)
    options.drop_tables += ["FFTM"]
    # Outlines are taken over as they are: to measure them anew would take most of the time.
    font = TTFont(file, recalcTimestamp=False, recalcBBoxes=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters)
    cutter.subset(font)
    font.flavor = "woff"
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def _rule(family: str, weight: int, woff: bytes) -> str:
    data = base64.b64encode(woff).decode()
    source = f'url("data:font/woff;base64,{data}") format("woff")'
    return f'@font-face {{ font-family: "{family}"; font-weight: {weight}; src: {source}; }}'
