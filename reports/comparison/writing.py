"""The comparison report as a file, or as a folder with its tables and figures."""

from __future__ import annotations

import json
import os
import tempfile
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

from .. import numbers
from ..document import Document, figures, texts
from ..folder import ReportError, Result, taking_place_of, write_text
from ..fonts import Fonts, MissingGlyphsError
from ..gallery import drawing
from ..language import LANGUAGES, Language, figures_folder, file_name
from ..media import MEDIA, Medium
from ..messages import Messages
from ..typesetting import TypesettingError, pdf, png
from ..web.page import html
from .document import compose
from .plans import Comparison, compared
from .tables import COLUMNS, tables
from .workbook import workbook

MARK = "comparison.json"
"""The file by which a folder is known as a comparison's."""
OWN_ENTRIES = frozenset(
    {MARK, "figures"}
    | {file_name("comparison", ending, language) for language in LANGUAGES for ending in (*MEDIA, "xlsx")}
    | {f"{name}.csv" for name in COLUMNS}
)


FILE_ENDINGS = frozenset(
    {".pdf", ".html", ".htm", ".csv", ".xlsx", ".xls", ".json", ".txt", ".md", ".doc", ".docx", ".png", ".svg"}
)
"""What a name ends in if it is meant as a file; a dot in the name of a folder is none of these."""


class OutputError(Exception):
    """The comparison may not, or cannot, be written where it was asked for; the message says why."""


def writable(output: Path) -> None:
    """Raise OutputError unless a comparison may be written: to a .pdf or .html file, or to a folder of its own."""
    if is_file_name(output):
        if medium_of(output) is None:
            expected = "expected .pdf or .html, or the name of a folder"
            raise OutputError(f"{output}: found the ending {output.suffix}, {expected}")
        if output.is_dir():
            raise OutputError(f"{output} is a folder; give the name of a file for the report")
        return
    if output.exists() and not output.is_dir():
        raise OutputError(f"{output} is a file; give a name that ends in .pdf or .html, or that of a folder")
    if not output.is_dir() or not any(output.iterdir()):
        return
    if Path.cwd().is_relative_to(output.resolve()):
        raise OutputError(f"{output} is the folder you are in, which cannot be replaced; choose another folder")
    if not (output / MARK).is_file():
        raise OutputError(f"{output} exists and is not a comparison (no {MARK}); choose another folder")
    foreign = sorted({path.name for path in output.iterdir()} - OWN_ENTRIES)
    if foreign:
        names = foreign[0] + (" and more" if len(foreign) > 1 else "")
        raise OutputError(
            f"{output} also holds {names}, which would be lost: a comparison replaces the whole folder; "
            "move that away or choose another folder"
        )


def is_file_name(output: Path) -> bool:
    """Whether an output is meant as a file: its name has the ending of one."""
    return output.suffix.lower() in FILE_ENDINGS


def medium_of(output: Path) -> Medium | None:
    """The medium that the ending of a file's name asks for."""
    return next((medium for medium in MEDIA if output.suffix.lower() == f".{medium}"), None)


def write_comparison(
    results: Sequence[Result],
    output: Path,
    languages: Sequence[Language] = ("en",),
    media: Sequence[Medium] = MEDIA,
    *,
    excel: bool = False,
) -> tuple[Path, ...]:
    """Write the comparison of some results, whole or not at all, and return the reports.

    A name that ends in .pdf or .html gives the report alone (in a second language as NAME.zh.pdf), another one a folder
    with reports, figures and tables, and with `excel` workbooks. The same results give the same bytes.
    Raises OutputError and ReportError.
    """
    writable(output)
    alone = medium_of(output)
    media = media if alone is None else (alone,)
    files: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory(prefix="suanli-fonts-") as fonts_folder:
        fonts = Fonts(Path(fonts_folder), _characters(results))
        try:
            for language in languages:
                comparison = compared(results, Messages(language))
                document = draw(comparison, fonts)
                files |= _drawn(comparison, document, media, fonts, with_figures=alone is None)
                if excel and alone is None:
                    files[file_name("comparison", "xlsx", language)] = workbook(comparison, document)
        except (MissingGlyphsError, TypesettingError) as error:
            raise ReportError(f"the comparison cannot be drawn: {error}") from error
    try:
        if alone is not None:
            return _write_reports(output, files, languages, alone)
        comparison = compared(results, Messages(languages[0]))
        with taking_place_of(output) as work:
            for name, data in files.items():
                (work / name).parent.mkdir(parents=True, exist_ok=True)
                (work / name).write_bytes(data)
            for name, table in tables(comparison).items():
                write_text(work / f"{name}.csv", table.to_csv(index=False, lineterminator="\n"))
            write_text(work / MARK, json.dumps(_mark(comparison), indent=2, ensure_ascii=False) + "\n")
    except OSError as error:
        raise OutputError(f"{output} cannot be written: {error.strerror or error}") from error
    return tuple(output / name for name in files if "/" not in name)


_SET = {"pdf": pdf, "html": html}


def _drawn(
    comparison: Comparison, document: Document, media: Sequence[Medium], fonts: Fonts, with_figures: bool
) -> dict[str, bytes]:
    """The files of the report in one language by their names in the folder."""
    language = comparison.t.language
    files = {file_name("comparison", medium, language): _SET[medium](document, fonts) for medium in media}
    if with_figures:
        place, drawings = figures_folder(language), comparison.drawings
        pictures = png(list(drawings.values()), fonts)
        for (name, text), picture in zip(drawings.items(), pictures, strict=True):
            files |= {f"{place}/{name}.svg": text.encode(), f"{place}/{name}.png": picture}
        files |= {f"{place}/{figure.id}.csv": figure.data.encode() for figure in figures(document)}
    return files


def _write_reports(
    output: Path, files: Mapping[str, bytes], languages: Sequence[Language], medium: Medium
) -> tuple[Path, ...]:
    """The reports alone: the first under the name asked for, another one under that name with its language."""
    output.parent.mkdir(parents=True, exist_ok=True)
    written = []
    for place, language in enumerate(languages):
        path = output if place == 0 else output.with_suffix(f".{language}{output.suffix}")
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            beside.write_bytes(files[file_name("comparison", medium, language)])
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
        written.append(path)
    return tuple(written)


def draw(comparison: Comparison, fonts: Fonts) -> Document:
    """The report's document, with its charts drawn. Raises MissingGlyphsError."""
    with drawing(fonts):
        document = compose(comparison)
    fonts.check([*texts(document), *comparison.drawings.values()])
    return document


def _mark(comparison: Comparison) -> dict[str, object]:
    plans = [{"letter": plan.letter, "case_sha256": plan.result.case_sha256} for plan in comparison.plans]
    return {"format": 1, "plans": plans}


def _characters(results: Sequence[Result]) -> set[str]:
    """Every character that may turn up in the report, in whatever language: the same fonts for all of them."""
    out = numbers.characters().union(*(Messages(language).characters() for language in LANGUAGES))
    for result in results:
        sources = result.folder / "sources.csv"
        told = sources.read_text("utf-8") if sources.is_file() else ""
        text = result.case.model_dump_json() + json.dumps(dict(result.summary), ensure_ascii=False) + told
        text += result.folder.resolve().name
        out |= set(text) | set(unicodedata.normalize("NFC", text))
    return out
