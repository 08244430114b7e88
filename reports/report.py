"""The report: drawn into a result folder from what the folder holds, without a solve."""

from __future__ import annotations

import json
import os
import tempfile
import unicodedata
from pathlib import Path

from .document import Document, Section, texts
from .draft import Draft
from .folder import ReportError, Result, read_result
from .fonts import Fonts, MissingGlyphsError
from .gallery import drawing
from .messages import Messages
from .pages import flowing
from .sections import (
    assumptions,
    by_site,
    compute,
    costs,
    cover,
    energy,
    no_plan,
    placement,
    power,
    programme,
    provenance,
    racks,
    summary,
    targets,
    unserved,
)
from .sources import read_sources
from .typesetting import TypesettingError, pdf, png
from .view import PlanView

__all__ = ["ReportError", "write_report"]


def write_report(folder: Path) -> None:
    """Draw report.pdf and figures/ (SVG and PNG) into a result folder.

    The same folder always gives the same bytes. Raises ResultError if the folder is not a whole result, ReportError if
    the report cannot be drawn; what the folder held before stays as it was then.
    """
    result = read_result(folder)
    with tempfile.TemporaryDirectory(prefix="suanli-fonts-") as fonts_folder:
        messages = Messages("en")
        fonts = Fonts(Path(fonts_folder), _characters(result) | messages.characters())
        try:
            document, drawings = compose(result, messages, fonts)
            fonts.check([*texts(document), *drawings.values()])
            report = pdf(document, fonts)
            pictures = png(list(drawings.values()), fonts)
        except (MissingGlyphsError, TypesettingError) as error:
            raise ReportError(f"{folder}: {error}") from error
    files = {f"figures/{name}.svg": text.encode() for name, text in drawings.items()}
    files |= {f"figures/{name}.png": data for name, data in zip(drawings, pictures, strict=True)}
    _replace(folder, {"report.pdf": report, **files})


def compose(result: Result, messages: Messages, fonts: Fonts) -> tuple[Document, dict[str, str]]:
    """The report as a document tree, and its drawings as SVG text by name."""
    draft = Draft(PlanView(result), messages, read_sources(result.folder))
    if not result.tables:
        outcome, search = no_plan.sections(draft)
        return cover.without_plan(draft, (outcome, assumptions.section(draft), search)), {}
    with drawing(fonts):
        parts: list[Section | None] = [
            provenance.alarm(draft),
            summary.section(draft),
            targets.section(draft),
            compute.section(draft),
            racks.section(draft),
            power.section(draft),
            energy.section(draft),
            programme.section(draft),
            costs.section(draft),
            placement.section(draft),
            unserved.section(draft),
            by_site.section(draft),
            assumptions.section(draft),
            provenance.section(draft, result.folder),
        ]
    sections = flowing((part for part in parts if part is not None), alone=("alarm", "summary"))
    return cover.document(draft, sections), draft.drawings


def _characters(result: Result) -> set[str]:
    """Every character that may turn up in the report."""
    sources = result.folder / "sources.csv"
    told = sources.read_text("utf-8") if sources.is_file() else ""
    text = result.case.model_dump_json() + json.dumps(result.summary, ensure_ascii=False) + told
    return set(text) | set(unicodedata.normalize("NFC", text))


def _replace(folder: Path, files: dict[str, bytes]) -> None:
    """Write the files, each whole or not at all, and take away drawings of an earlier report."""
    figures = folder / "figures"
    figures.mkdir(exist_ok=True)
    for name, data in files.items():
        path = folder / name
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            beside.write_bytes(data)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    for path in figures.iterdir():
        if path.suffix in (".svg", ".png") and f"figures/{path.name}" not in files:
            path.unlink()
