"""Fonts: Noto Sans SC from a package, cut down to the characters in use, with DejaVu Sans for what it lacks.

Charts and pages need static fonts of two weights; the package brings one variable font of 17 MB. Cutting it down first
makes the two weights in half a second, so nothing is kept between runs.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

import matplotlib as mpl
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

FAMILY = "Noto Sans SC"
FALLBACK = "DejaVu Sans"
_WEIGHTS = {"Regular": 400, "Bold": 700}
_ALWAYS = "".join(map(chr, range(0x20, 0x7F))) + "…–—\u2212±×≤≥≈·•✓▲△●○\ufffd\u200b\u2060\u00a0%‰"
_INVISIBLE = "\u200b\u2060\n"


class MissingGlyphsError(ValueError):
    """Text holds characters that no font at hand can show; the message names them."""


class Fonts:
    """The font files of one report, written into `folder`: Regular and Bold of both families."""

    def __init__(self, folder: Path, characters: Iterable[str]) -> None:
        wanted = set(characters) | set(_ALWAYS)
        self.folder = folder
        self.files = tuple(folder / f"NotoSansSC-{style}.ttf" for style in _WEIGHTS)
        source = files("justmytype_intl_cjk") / "fonts" / "ofl" / "notosanssc" / "NotoSansSC[wght].ttf"
        font = TTFont(io.BytesIO(source.read_bytes()), recalcTimestamp=False, lazy=True)
        covered = set(map(chr, font.getBestCmap()))
        cut = _cut(font, wanted)
        for file, (style, weight) in zip(self.files, _WEIGHTS.items(), strict=True):
            _static(cut, style, weight).save(file)
        for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"):
            data = (Path(mpl.get_data_path()) / "fonts" / "ttf" / name).read_bytes()
            (folder / name).write_bytes(data)
            covered |= set(map(chr, TTFont(io.BytesIO(data), lazy=True).getBestCmap()))
        self._covered = covered

    def check(self, texts: Iterable[str]) -> None:
        """Raise MissingGlyphsError unless every character of the texts can be shown."""
        missing = sorted(set("".join(texts)) - self._covered - set(_INVISIBLE))
        if missing:
            names = ", ".join(f"U+{ord(c):04X} {unicodedata.name(c, 'without a name')}" for c in missing[:10])
            more = f" and {len(missing) - 10} more" if len(missing) > 10 else ""
            raise MissingGlyphsError(f"the report's fonts cannot show {names}{more}")


def _cut(font: TTFont, characters: Iterable[str]) -> bytes:
    options = subset.Options()
    # Quotes and dashes are full width in this font; "pwid" makes them fit English text.
    options.layout_features = ["pwid", "kern"]
    options.hinting = False
    options.notdef_outline = True
    options.drop_tables += ["STAT", "vhea", "vmtx", "VORG", "VVAR", "BASE"]
    cutter = subset.Subsetter(options)
    cutter.populate(text="".join(sorted(characters)))
    cutter.subset(font)
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def _static(cut: bytes, style: str, weight: int) -> TTFont:
    font = TTFont(io.BytesIO(cut), recalcTimestamp=False)
    instancer.instantiateVariableFont(font, {"wght": weight}, inplace=True)
    for identifier, text in {1: FAMILY, 2: style, 4: f"{FAMILY} {style}", 6: f"NotoSansSC-{style}"}.items():
        font["name"].setName(text, identifier, 3, 1, 0x409)
    bold = style == "Bold"
    font["OS/2"].usWeightClass = weight
    font["OS/2"].fsSelection = 0x20 if bold else 0x40
    font["head"].macStyle = int(bold)
    return font
