"""The HTML file as a file: what is in it, that it is whole, and that it is the same every time."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from suanli.reports.document import Document, figures, texts
from suanli.reports.folder import read_result
from suanli.reports.fonts import Fonts
from suanli.reports.messages import Messages
from suanli.reports.report import compose
from suanli.reports.web.drawings import inline
from suanli.reports.web.page import html

DRAWING = """<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/x.dtd">
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9" width="9pt">
<metadata><x/></metadata><defs><style type="text/css">*{stroke-linejoin: round}</style><path id="p" d="M 0 0
L 1 1"/></defs><use xlink:href="#p" clip-path="url(#c)"/><text>id="p" href="#p" &lt;b&gt; url(#c)</text></svg>"""


@pytest.fixture(scope="module")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> Fonts:
    return Fonts(tmp_path_factory.mktemp("fonts"), "采石章丘高新莱芜长清")


class Reader(HTMLParser):
    """What a page says and what it refers to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.references: list[str] = []
        self.identifiers: list[str] = []
        self.tags: list[str] = []
        self._silent = False
        self.feed(page)
        self.words = "".join(self.said)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._silent = tag in ("style", "script")
        for name, value in attrs:
            if name in ("src", "href", "srcset", "data", "action", "poster"):
                self.references.append(value or "")
            if name == "id":
                self.identifiers.append(value or "")
            if name in ("content", "aria-label"):
                self.said.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        self._silent = False

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.said.append(data)


@pytest.fixture(scope="module")
def drawn(town: Path, fonts: Fonts) -> tuple[Document, str]:
    """The document of a town, and the page that shows it."""
    document, _ = compose(read_result(town), Messages("en"), fonts)
    return document, html(document, fonts).decode()


def test_everything_in_the_tree_is_on_the_page(drawn: tuple[Document, str]) -> None:
    document, text = drawn
    page = Reader(text)
    of_layout = {"good", "warn", "bad", "left", "right", "plain", "alarm"}
    identifiers = {identifier.partition("-")[2] for identifier in page.identifiers} | set(page.identifiers)
    assert {text for text in texts(document.sections) if text not in page.words} - of_layout - identifiers == set()
    first_page = (document.title, document.subtitle, document.answer, document.footer)
    assert all(text in page.words for text in first_page)
    # Every chart, and the map of each of the two years.
    assert page.tags.count("svg") == len(list(figures(document))) + 1


def test_a_page_needs_nothing_but_itself(drawn: tuple[Document, str]) -> None:
    _, text = drawn
    page = Reader(text)
    assert all(reference.startswith("#") for reference in page.references)
    assert not {"link", "img", "iframe", "object", "embed", "form", "base"} & set(page.tags)
    assert re.findall(r"url\((?!#|\"data:font/woff;base64,)[^)]*\)", text) == []
    assert "http" not in re.sub(r"base64,[\w+/=]+", "", text).replace("http-equiv", "")
    assert len(page.identifiers) == len(set(page.identifiers))
    assert {reference[1:] for reference in page.references} <= set(page.identifiers)


def test_only_the_page_s_own_script_may_run(drawn: tuple[Document, str], fonts: Fonts) -> None:
    document, text = drawn
    for element in ("script", "style"):
        (content,) = re.findall(rf"<{element}>(.*?)</{element}>", text, re.S)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in text
    assert "default-src 'none'" in text
    assert html(document, fonts).decode() == text


def test_figures_and_tables_are_numbered_as_on_paper(drawn: tuple[Document, str]) -> None:
    document, text = drawn
    numbers = re.findall(
        r'<figure class="(chart|table)[^>]*id="[a-z]+-([^"]+)".*?<span class="number">(.*?)</span>', text, re.S
    )
    place = 1 + [figure.id for figure in figures(document)].index("map")
    maps = [(name, number) for kind, name, number in numbers if kind == "chart" and name.startswith("map")]
    assert maps == [("map-2024", f"Figure {place}"), ("map", f"Figure {place}")]
    once = [number for _, name, number in numbers if not name.endswith("-2024")]
    paper = [f"Figure {n}" for n in range(1, len(list(figures(document))) + 1)]
    assert [number for number in once if number.startswith("Figure")] == paper
    tables = [number for number in once if number.startswith("Table")]
    assert tables == [f"Table {n}" for n in range(1, len(tables) + 1)]


def test_a_run_without_a_plan_has_a_page_too(without_plan: Callable[..., Path], fonts: Fonts) -> None:
    document, _ = compose(read_result(without_plan("infeasible")), Messages("en"), fonts)
    page = Reader(html(document, fonts).decode())
    assert "This report holds no plan: none can exist for this case." in page.words
    assert "No plan can satisfy everything that the case demands" in page.words
    assert "The plan in six numbers" not in page.words


def test_a_drawing_keeps_its_texts_and_nothing_else_that_a_page_would_heed() -> None:
    assert inline(DRAWING, "racks") == (
        '<svg viewBox="0 0 9 9" stroke-linejoin="round" stroke-linecap="butt" aria-hidden="true">'
        '<defs><path id="racks-p" d="M 0 0 L 1 1" /></defs><use href="#racks-p" clip-path="url(#racks-c)" />'
        '<text>id="p" href="#p" &lt;b&gt; url(#c)</text></svg>'
    )
