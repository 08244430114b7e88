"""The document tree as one HTML file: everything in it, nothing fetched, nothing from the inputs read as markup."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined

from ..document import ByYear, Document, Facts, Figure, Table
from ..fonts import Fonts
from ..messages import Messages
from .drawings import inline
from .sorting import sort_keys
from .typefaces import font_faces

_SIGNS = {"good": "✓", "warn": "▲", "bad": "×"}
_LANGUAGES = {"en": "en", "zh": "zh-Hans"}


def html(document: Document, fonts: Fonts) -> bytes:
    """The document as a web page in one file, the same bytes for the same document.

    The page may run its own script and style, known by their hashes, and nothing else: it can reach no network.
    """
    script = _text("page.js")
    pages = Environment(
        loader=FunctionLoader(_text), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    # The page is set twice, first to see which characters its fonts need: drawings are looked at once.
    pages.filters["inline"] = cache(inline)
    template = pages.get_template("page.html")

    def draw(style: str) -> str:
        return template.render(
            report=document,
            language=_LANGUAGES[document.language],
            words=document.words,
            web=Messages(document.language).group("web"),
            signs=_SIGNS,
            numbers=_numbers(document),
            sections=_section_numbers(document),
            sort_keys=_sort_keys,
            style=style,
            script=script,
            style_hash=_hash(style),
            script_hash=_hash(script),
        ).lstrip()

    characters = set(draw("")) | set("".join(_SIGNS.values()))
    return draw(font_faces(fonts, characters) + "\n" + _text("page.css")).encode()


def _text(name: str) -> str:
    return (files(__package__) / name).read_text("utf-8")


def _hash(text: str) -> str:
    """What a browser compares an inline script or style with before it heeds it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _numbers(document: Document) -> dict[str, int]:
    """The number of each figure and table, counted as on paper, by its kind and id: "figure-racks"."""
    numbers: dict[str, int] = {}
    counted = {"figure": 0, "table": 0}

    def count(kind: str, *identifiers: str) -> None:
        if identifiers:
            counted[kind] += 1
            numbers.update({f"{kind}-{identifier}": counted[kind] for identifier in identifiers})

    for block in (block for section in document.sections for block in section.blocks):
        if isinstance(block, Figure):
            count("figure", block.id)
        elif isinstance(block, Table | Facts):
            count("table", block.id)
        elif isinstance(block, ByYear):
            count("figure", *(frame.figure.id for frame in block.frames if frame.figure))
            count("table", *(frame.table.id for frame in block.frames))
    return numbers


def _section_numbers(document: Document) -> dict[str, str]:
    """The number of each section, or the letter of an appendix, by its id."""
    numbers = {}
    plain = [section for section in document.sections if not section.appendix]
    appendices = [section for section in document.sections if section.appendix]
    numbers.update({section.id: str(n) for n, section in enumerate(plain, 1)})
    numbers.update({section.id: chr(ord("A") + n) for n, section in enumerate(appendices)})
    return numbers


def _sort_keys(table: Table) -> list[list[float | None]]:
    """The sort key of every cell, row by row."""
    columns = [sort_keys([row[n].text for row in table.rows]) for n in range(len(table.columns))]
    return [[column[n] for column in columns] for n in range(len(table.rows))]
