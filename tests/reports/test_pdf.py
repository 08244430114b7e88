"""The PDF as others read it: its tags, its text and its fonts, as poppler's tools tell them."""

from __future__ import annotations

import re
import shutil
import subprocess
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import pytest

from suanli.reports.document import ByYear, Document, Facts, Figure, Table, figures
from suanli.reports.folder import read_result
from suanli.reports.fonts import Fonts
from suanli.reports.language import LANGUAGES, Language
from suanli.reports.messages import Messages
from suanli.reports.report import characters, compose
from suanli.reports.typesetting import pdf

LEFT_PT, RIGHT_PT = 22 / 25.4 * 72, (210 - 22) / 25.4 * 72
"""The edges of the text on A4, with 22 mm on either side."""


def poppler(tool: str, *arguments: str | Path) -> str:
    """What one of poppler's tools prints; skips the test where it is not installed."""
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed: it comes with poppler (poppler-utils in Debian)")
    done = subprocess.run([tool, *map(str, arguments)], capture_output=True, check=True)
    return done.stdout.decode("utf-8", "replace")


@dataclass(frozen=True)
class Set:
    """A document and the PDF that it became."""

    document: Document
    file: Path
    fonts: Fonts

    @property
    def tables(self) -> list[Table | Facts]:
        """All that is set as a table; of those by year the one of the last year."""
        blocks = [block for section in self.document.sections for block in section.blocks]
        shown = [block.frames[-1].table if isinstance(block, ByYear) else block for block in blocks]
        return [block for block in shown if isinstance(block, Table | Facts)]

    @property
    def figures(self) -> list[Figure]:
        return list(figures(self.document))


LONG = "W" * 90
NAMES = {"title": "城市 <b>#panic()</b> 2025", "site-1": f"Site_{LONG}", "system-1": f"System {LONG}", "server": LONG}


@pytest.fixture(scope="module", params=LANGUAGES)
def whole(
    request: pytest.FixtureRequest, made_up_once: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory
) -> Set:
    """The report of a plan with long names, eleven years and a site outside the city."""
    language: Language = request.param
    folder = made_up_once(sites=6, remote=1, years=11, systems=5, names=NAMES)
    place = tmp_path_factory.mktemp(language)
    result = read_result(folder)
    fonts = Fonts(place, characters(result))
    document, _ = compose(result, Messages(language), fonts)
    (place / "report.pdf").write_bytes(pdf(document, fonts))
    bare = tuple(
        replace(section, blocks=tuple(b for b in section.blocks if not isinstance(b, Figure | ByYear)))
        for section in document.sections
    )
    (place / "tables.pdf").write_bytes(pdf(replace(document, sections=bare), fonts))
    return Set(document, place / "report.pdf", fonts)


def tags(text: str, tag: str) -> list[str]:
    """What stands under each tag of a kind, as one line."""
    lines = text.splitlines()
    found = []
    for n, line in enumerate(lines):
        if re.match(rf" *{tag}\b", line):
            depth = len(line) - len(line.lstrip())
            inside = []
            for below in lines[n + 1 :]:
                # Poppler prints the titles of headings in UTF-16, in which a byte may look like the end of a line.
                if below.startswith(" " * 2) and len(below) - len(below.lstrip()) <= depth:
                    break
                inside += re.findall(r'^ *"(.*)"$', below)
            found.append("".join(inside))
    return found


def plain(text: str) -> str:
    """Text without spaces and places to break, which pages have of their own."""
    return re.sub(r"[\s\u200b\u00a0]", "", text)


def test_every_heading_table_caption_and_figure_is_tagged(whole: Set) -> None:
    tree = poppler("pdfinfo", "-struct", whole.file)
    counted = {tag: len(re.findall(rf"^ *{tag}\b", tree, re.M)) for tag in ("H1", "Table", "Figure", "Caption")}
    tables, figures = len(whole.tables), len(whole.figures)
    assert counted == {
        "H1": len(whole.document.sections), "Table": tables, "Figure": figures, "Caption": tables + figures,
    }  # fmt: skip
    # Every table has a row of headers, repeated where it breaks over pages, and each says what it is for.
    columns = sum(len(table.columns) for table in whole.tables if isinstance(table, Table))
    headers = len(re.findall(r"^ *TH\b", tree, re.M))
    assert headers >= columns
    assert len(re.findall(r"^ */Scope /Column", tree, re.M)) == headers


def test_tags_hold_the_text_of_headings_captions_and_cells(whole: Set) -> None:
    section = whole.document.sections[-1]
    table = next(block for block in section.blocks if isinstance(block, Table))
    short = replace(whole.document, sections=(replace(section, blocks=(table, whole.figures[0])),))
    file = whole.file.with_name("short.pdf")
    file.write_bytes(pdf(short, whole.fonts))
    tree = poppler("pdfinfo", "-struct-text", file)
    words = short.words
    # Poppler leaves out what comes after a space that does not break, or after the end of a line.
    assert [plain(text) for text in tags(tree, "H1")] == [plain(f"{words['appendix']} A{section.label}{section.title}")]
    assert [plain(text) for text in tags(tree, "Caption")] == [
        plain(f"{words['table']} 1{table.caption}"),
        plain(f"{words['figure']} 1{whole.figures[0].caption}"),
    ]
    assert [plain(text) for text in tags(tree, "TH")] == [plain(column.title) for column in table.columns]
    cells = [plain(cell.text) for row in table.rows for cell in row]
    found = [plain(text) for text in tags(tree, "TD")][: len(cells)]
    assert all(found)
    assert [text for text, cell in zip(found, cells, strict=True) if not cell.startswith(text)] == []


def objects(data: bytes) -> Iterator[bytes]:
    """The PDF's objects as they are, and those that are packed in streams."""
    yield data
    for start in re.finditer(rb"stream\r?\n", data):
        try:
            yield zlib.decompressobj().decompress(data[start.end() :])
        except zlib.error:
            continue


def test_every_figure_says_in_words_what_it_shows(whole: Set) -> None:
    data = b"\n".join(objects(whole.file.read_bytes()))
    coded = {bytes.fromhex(text.decode()).decode("utf-16") for text in re.findall(rb"/Alt ?<(FEFF[0-9A-F]+)>", data)}
    latin = {
        re.sub(r"\\(.)", r"\1", text.decode("latin-1")) for text in re.findall(rb"/Alt ?\(((?:\\.|[^)\\])*)\)", data)
    }
    assert len(whole.figures) > 10
    assert {figure.alt for figure in whole.figures} <= {text.lstrip("\ufeff") for text in coded | latin}


def test_the_file_names_its_standards_language_and_title(whole: Set) -> None:
    data = b"\n".join(objects(whole.file.read_bytes()))
    assert re.search(rb"<pdfaid:part>2</pdfaid:part>", data)
    assert re.search(rb"<pdfaid:conformance>A</pdfaid:conformance>", data)
    assert re.search(rb"<pdfuaid:part>1</pdfuaid:part>", data)
    language = {"en": b"en", "zh": b"zh-CN"}[whole.document.language]
    assert re.search(rb"/Lang ?\(" + language + rb"\)", data)
    told = poppler("pdfinfo", whole.file)
    assert re.search(r"^Tagged: +yes$", told, re.M)
    assert re.search(rf"^Title: +{re.escape(NAMES['title'])}$", told, re.M)


def test_fonts_are_embedded_and_none_is_strange(whole: Set) -> None:
    rows = [line.split() for line in poppler("pdffonts", whole.file).splitlines()[2:]]
    assert {row[0].partition("+")[2] for row in rows} <= {
        "NotoSansSC-Regular", "NotoSansSC-Bold", "DejaVuSans", "DejaVuSans-Bold",
    }  # fmt: skip
    assert {tuple(row[-5:-2]) for row in rows} == {("yes", "yes", "yes")}, "embedded, cut down, with its characters"


def test_copied_text_has_the_characters_that_were_written(whole: Set) -> None:
    """A comma in a number must not come out as a Chinese one, nor the reverse."""
    text = plain(poppler("pdftotext", whole.file, "-"))
    for table in (table for table in whole.tables if isinstance(table, Table)):
        for cell in (cell for row in table.rows for cell in row if len(cell.text) < 12):
            assert plain(cell.text) in text
    assert not re.search(r"\d，\d{3}\b", text)


WORD = re.compile(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>')
Box = tuple[float, float, float, float, str]


def words_by_page(file: Path) -> list[list[Box]]:
    pages = poppler("pdftotext", "-bbox", file, "-").split("<page ")[1:]
    return [[(*map(float, found[:4]), found[4]) for found in WORD.findall(page)] for page in pages]


def test_no_cell_overflows(whole: Set) -> None:
    """No words of the tables stand on one another, and none beyond the edge of the text."""
    for page in words_by_page(whole.file.with_name("tables.pdf")):
        # Half of a full-width comma at the end of a line is blank and stands in the margin.
        edge = [(box, RIGHT_PT + (0.55 * (box[3] - box[1]) if box[4][-1] in "）。，；：、" else 1)) for box in page]
        assert [box[4] for box, right in edge if box[0] < LEFT_PT - 1 or box[2] > right] == []
        for one, other in combinations(page, 2):
            across = min(one[2], other[2]) - max(one[0], other[0])
            along = min(one[3], other[3]) - max(one[1], other[1])
            height = min(one[3] - one[1], other[3] - other[1])
            assert across < 1.0 or along < 0.5 * height, f"{one[4]} and {other[4]} overlap"
