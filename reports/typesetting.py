"""Typst: the document tree as PDF, and drawings as PNG. The tree goes in as data; nothing in it is evaluated."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.resources import files

import typst

from .document import Document
from .fonts import FALLBACK, FAMILY, Fonts

_PNG_DPI = 144.0
_PLATES = """
#set page(width: auto, height: auto, margin: 6pt, fill: white)
#set text(font: json(bytes(sys.inputs.fonts)))
#for drawing in json(bytes(sys.inputs.drawings)) { page(image(bytes(drawing), format: "svg")) }
"""


class TypesettingError(RuntimeError):
    """Typst stopped or warned: an unknown font, a missing glyph, a figure without alt text."""


def pdf(document: Document, fonts: Fonts) -> bytes:
    """The document as PDF/A-2a and PDF/UA-1, the same bytes for the same document.

    The standard asks for a date: it is the end of the case's base year, not the time of drawing.
    """
    template = (files(__package__) / "report.typ").read_bytes()
    date = datetime(max(document.base_year, 1970), 12, 31, tzinfo=UTC)
    data = json.dumps(document.data(), ensure_ascii=False)
    return _compile(
        template, {"report": data}, fonts,
        lambda typesetter: typesetter.compile_with_warnings(
            format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=date
        ),
    )[0]  # fmt: skip


def png(drawings: Sequence[str], fonts: Fonts) -> list[bytes]:
    """Drawings given as SVG text, as pictures on white."""
    if not drawings:
        return []
    data = json.dumps(list(drawings), ensure_ascii=False)
    return _compile(
        _PLATES.encode(), {"drawings": data}, fonts,
        lambda typesetter: typesetter.compile_with_warnings(format="png", ppi=_PNG_DPI),
    )  # fmt: skip


_Output = tuple[bytes | list[bytes] | None, list[typst.TypstWarning]]


def _compile(
    template: bytes, inputs: dict[str, str], fonts: Fonts, run: Callable[[typst.Compiler], _Output]
) -> list[bytes]:
    inputs = {**inputs, "fonts": json.dumps([FAMILY, FALLBACK])}
    book = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts.folder)])
    typesetter = typst.Compiler(template, font_paths=book, ignore_system_fonts=True, sys_inputs=inputs)
    try:
        out, warnings = run(typesetter)
    except typst.TypstError as error:
        raise TypesettingError("; ".join([error.message, *error.hints])) from error
    if warnings:
        raise TypesettingError("; ".join(warning.message for warning in warnings))
    return list(out) if isinstance(out, list) else [out or b""]
