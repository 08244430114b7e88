from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from suanli.reports import typesetting
from suanli.reports.document import Document, Figure, Section
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
