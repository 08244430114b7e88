from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from suanli.reports import typesetting
from suanli.reports.document import Cell, Column, Document, Figure, Section, Table
from suanli.reports.fonts import Fonts
from suanli.reports.messages import Messages
from suanli.reports.pages import flowing

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="471pt" height="{}pt" viewBox="0 0 471 100"><rect width="9" height="9"/></svg>'  # noqa: E501


@pytest.fixture(scope="module")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fonts]:
    yield Fonts(tmp_path_factory.mktemp("fonts"), "")


def section(identifier: str, height: float, **more: object) -> Section:
    figure = Figure(identifier, "Caption", "A square.", SVG.format(height))
    return replace(Section(identifier, "Label", "Finding", (figure,)), **more)  # type: ignore[arg-type]


def document(*sections: Section) -> Document:
    return Document(
        language="en", base_year=2023, title="Title", short_title="Title", subtitle="", answer="", tone="plain",
        warnings=(), key_figures=(), badges=(), footer="", sections=sections, words=Messages("en").group("word"),
    )  # fmt: skip


def test_a_glyph_that_is_missing_after_all_stops_the_pdf(fonts: Fonts) -> None:
    with pytest.raises(typesetting.TypesettingError, match=r"glyph|displayed|font"):
        typesetting.pdf(replace(document(section("a", 100)), title="\u0f40"), fonts)


def test_a_figure_without_alt_text_stops_the_pdf(fonts: Fonts) -> None:
    bare = replace(section("a", 100), blocks=(Figure("a", "Caption", "", SVG.format(100)),))
    with pytest.raises(typesetting.TypesettingError, match="alt"):
        typesetting.pdf(document(bare), fonts)


def test_an_unknown_font_is_an_error(fonts: Fonts, tmp_path: Path) -> None:
    for file in (*fonts.files, fonts.folder / "DejaVuSans.ttf"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    strayed = Fonts(tmp_path, "")
    for file in strayed.files:
        file.unlink()
    with pytest.raises(typesetting.TypesettingError, match="unknown font family: noto sans sc"):
        typesetting.pdf(document(section("a", 100)), strayed)


def test_each_drawing_becomes_a_picture(fonts: Fonts) -> None:
    pictures = typesetting.png([SVG.format(100), SVG.format(200)], fonts)
    assert [picture[:4] for picture in pictures] == [b"\x89PNG"] * 2
    assert typesetting.png([], fonts) == []


def test_short_sections_share_a_page() -> None:
    parts = [
        section("summary", 50), section("a", 150), section("b", 150), section("c", 150), section("d", 600),
        section("e", 50), section("f", 50, appendix=True), section("g", 50),
    ]  # fmt: skip
    # 150 pt are 53 mm, and a heading and a caption take 33 mm: two such sections fit on 250 mm, three do not.
    flows = {part.id: part.continues for part in flowing(parts, alone=("summary",))}
    assert flows == {
        "summary": False, "a": False, "b": True, "c": False, "d": False, "e": False, "f": False, "g": True,
    }  # fmt: skip


def pages_of(whole: Document, fonts: Fonts) -> list[str]:
    """The text of each page."""
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("no pdftotext is installed (on Debian: apt-get install poppler-utils)")
    data = typesetting.pdf(whole, fonts)
    done = subprocess.run([program, "-layout", "-", "-"], input=data, capture_output=True, check=True)
    return done.stdout.decode().split("\f")[:-1]


def tabled(rows: int, words: str = "cell") -> Document:
    """A document with a table of so many rows and a note."""
    columns = (Column("First", "left", 1.0), Column("Second", "left", 1.0))
    cells = tuple((Cell(f"row{n}."), Cell(words)) for n in range(rows))
    return document(Section("a", "Label", "Finding", (Table("a", "Caption", columns, cells, note="The note."),)))


@pytest.mark.parametrize("rows", range(34, 44))
def test_a_note_never_begins_a_page(fonts: Fonts, rows: int) -> None:
    pages = pages_of(tabled(rows), fonts)
    last = pages[-1]
    assert "The note." in last
    assert f"row{rows - 1}." in last
    assert f"row{rows - 2}." in last


def test_a_row_stays_on_its_page(fonts: Fonts) -> None:
    words = " ".join(f"word{n}" for n in range(60))
    pages = pages_of(tabled(40, words), fonts)
    assert len(pages) > 3
    for n in range(40):
        (page,) = (text for text in pages if f"row{n}." in text)
        assert page.count("word59") == sum(f"row{m}." in page for m in range(40))


def test_a_short_table_stays_together(fonts: Fonts) -> None:
    first = Figure("f", "Caption", "A square.", SVG.format(480))
    (part,) = tabled(14).sections
    whole = document(replace(part, blocks=(first, *part.blocks)))
    pages = pages_of(whole, fonts)
    assert all(f"row{n}." in pages[-1] for n in range(14))
    assert "row0." not in pages[-2]
