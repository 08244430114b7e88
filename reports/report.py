"""The report: drawn into a result folder from what the folder holds, without a solve."""

from __future__ import annotations

import json
import os
import tempfile
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from . import numbers
from .audit import malformed
from .document import Document, Section, figures, texts
from .draft import Draft
from .folder import ReportError, Result, read_result
from .fonts import Fonts, MissingGlyphsError
from .gallery import drawing as drawing_style
from .language import LANGUAGES, Language, figures_folder, file_name
from .media import MEDIA, Medium
from .messages import Messages
from .pages import flowing
from .sections import (
    all_clauses,
    assumptions,
    binding,
    by_site,
    clauses,
    compute,
    costs,
    cover,
    decision,
    energy,
    funding,
    no_plan,
    placement,
    power,
    programme,
    provenance,
    racks,
    recovery,
    sensitivity,
    sites,
    stranded,
    summary,
    targets,
    unserved,
)
from .sources import read_sources
from .typesetting import TypesettingError, pdf, png
from .view import PlanView
from .web.page import html

__all__ = ["ReportError", "characters", "compose", "write_report"]


def write_report(folder: Path, languages: Sequence[Language] = ("en",), media: Sequence[Medium] = MEDIA) -> None:
    """Draw the report in each of the languages and media, and its figures (SVG, PNG, data as CSV), into a folder.

    The same folder always gives the same bytes. Raises ResultError if the folder is not a whole result, ReportError if
    the report cannot be drawn; what the folder held before stays as it was then, and so does a report in a language
    or medium that was not asked for.
    """
    result = read_result(folder)
    audit = provenance.audited(result.summary)
    wrong = malformed(result) if audit is not None and not audit[0] else ()
    if wrong:
        more = f" and {len(wrong) - 1} more" if len(wrong) > 1 else ""
        raise ReportError(f"{folder}: its tables cannot be drawn: {wrong[0]}{more}")
    with tempfile.TemporaryDirectory(prefix="suanli-fonts-") as fonts_folder:
        fonts = Fonts(Path(fonts_folder), characters(result))
        # Typst lets go of the interpreter: it sets one language while the next one is drawn.
        with ThreadPoolExecutor() as beside:
            try:
                drawn = [_drawn(result, language, media, fonts, beside) for language in languages]
                files = {name: data for each in drawn for name, data in each.files().items()}
            except (MissingGlyphsError, TypesettingError) as error:
                raise ReportError(f"{folder}: {error}") from error
    _replace(folder, files, languages)


@dataclass(frozen=True)
class _Drawn:
    """A report in one language; its paper and its pictures may still be being set."""

    document: Document
    drawings: Mapping[str, str]
    page: bytes | None
    paper: Future[bytes] | None
    pictures: Future[list[bytes]]

    def files(self) -> dict[str, bytes]:
        """The files by their names in the result folder, once all of them are there."""
        language, place = self.document.language, figures_folder(self.document.language)
        files: dict[str, bytes] = {}
        if self.page is not None:
            files[file_name("report", "html", language)] = self.page
        if self.paper is not None:
            files[file_name("report", "pdf", language)] = self.paper.result()
        for (name, drawing), picture in zip(self.drawings.items(), self.pictures.result(), strict=True):
            files |= {f"{place}/{name}.svg": drawing.encode(), f"{place}/{name}.png": picture}
        return files | {f"{place}/{figure.id}.csv": figure.data.encode() for figure in figures(self.document)}


def _drawn(result: Result, language: Language, media: Sequence[Medium], fonts: Fonts, beside: Executor) -> _Drawn:
    document, drawings = compose(result, Messages(language), fonts)
    fonts.check([*texts(document), *drawings.values()])
    return _Drawn(
        document,
        drawings,
        paper=beside.submit(pdf, document, fonts) if "pdf" in media else None,
        pictures=beside.submit(png, list(drawings.values()), fonts),
        page=html(document, fonts) if "html" in media else None,
    )


def compose(result: Result, messages: Messages, fonts: Fonts) -> tuple[Document, dict[str, str]]:
    """The report as a document tree, and its drawings as SVG text by name."""
    draft = Draft(PlanView(result, messages.language), messages, read_sources(result.folder, messages.language))
    if not result.tables:
        outcome, search = no_plan.sections(draft)
        return cover.without_plan(draft, (outcome, assumptions.section(draft), search)), {}
    with drawing_style(fonts):
        parts: list[Section | None] = [
            provenance.alarm(draft),
            decision.section(draft),
            summary.section(draft),
            targets.section(draft),
            clauses.section(draft, result.folder),
            compute.section(draft),
            racks.section(draft),
            power.section(draft),
            stranded.section(draft),
            binding.section(draft),
            energy.section(draft),
            sites.section(draft),
            programme.section(draft),
            costs.section(draft),
            funding.section(draft),
            sensitivity.section(draft),
            placement.section(draft),
            recovery.section(draft),
            unserved.section(draft),
            by_site.section(draft),
            all_clauses.section(draft, result.folder),
            assumptions.section(draft),
            provenance.section(draft, result.folder),
        ]
    sections = flowing((part for part in parts if part is not None), alone=("alarm", "decision", "summary"))
    return cover.document(draft, sections), draft.drawings


def characters(result: Result) -> set[str]:
    """Every character that may turn up in the report, in whatever language: the same fonts for all of them."""
    beside = [result.folder / name for name in ("sources.csv", "clauses.csv")]
    told = "".join(path.read_text("utf-8") for path in beside if path.is_file())
    text = result.case.model_dump_json() + json.dumps(result.summary, ensure_ascii=False) + told
    words = set.union(*(Messages(language).characters() for language in LANGUAGES))
    return words | numbers.characters() | set(text) | set(unicodedata.normalize("NFC", text))


def _replace(folder: Path, files: dict[str, bytes], languages: Iterable[Language]) -> None:
    """Write the files, each whole or not at all, and take away drawings of an earlier report in these languages."""
    places = [folder / figures_folder(language) for language in languages]
    for place in places:
        place.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        path = folder / name
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            beside.write_bytes(data)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    for path in (path for place in places for path in place.iterdir()):
        if path.suffix in (".svg", ".png", ".csv") and path.relative_to(folder).as_posix() not in files:
            path.unlink()
