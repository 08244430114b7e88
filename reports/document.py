"""The report as data: one tree that Typst sets as PDF and that other renderers can set otherwise.

Strings are plain text in every renderer: nothing in them is ever read as markup.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, is_dataclass
from typing import Any, Literal

from .language import Language

Status = Literal["good", "warn", "bad"]
Tone = Literal["plain", "alarm"]


@dataclass(frozen=True)
class Run:
    """A piece of text in one weight."""

    text: str
    bold: bool = False


Inline = tuple[Run, ...]


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    body: Inline
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True)
class Bullets:
    """A list of short statements."""

    items: tuple[Inline, ...]
    kind: Literal["bullets"] = "bullets"


@dataclass(frozen=True)
class Callout:
    """A framed remark; an alarm is set in red with a sign."""

    title: str
    items: tuple[Inline, ...]
    tone: Tone = "plain"
    kind: Literal["callout"] = "callout"


@dataclass(frozen=True)
class Column:
    """A table column: its title, alignment and its part of the room that is left; 0: as wide as its content."""

    title: str
    align: Literal["left", "right"] = "right"
    room: float = 0.0


@dataclass(frozen=True)
class Cell:
    """A table cell; with a status it is set as a chip that differs by shape, word and darkness."""

    text: str
    strong: bool = False
    status: Status | None = None


@dataclass(frozen=True)
class Table:
    """A table with a caption; `total` sets the last row apart, `dense` sets long tables smaller.

    It breaks over pages with its header repeated.
    """

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    total: bool = False
    dense: bool = False
    kind: Literal["table"] = "table"


@dataclass(frozen=True)
class Figure:
    """A chart; `alt` says in words what it shows. `id` is also the name of its files under figures/.

    `data` is what it shows as CSV text. The groups of the SVG that belong to the first of `series` have the class
    `series-1`, its entry in the legend has the class `key-1`, and so on.
    """

    id: str
    caption: str
    alt: str
    svg: str
    note: str = ""
    data: str = ""
    series: tuple[str, ...] = ()
    kind: Literal["figure"] = "figure"


@dataclass(frozen=True)
class Facts:
    """Names and values in two columns."""

    id: str
    caption: str
    items: tuple[tuple[str, str], ...]
    kind: Literal["facts"] = "facts"


@dataclass(frozen=True)
class Frame:
    """How things stand in one year, or at the end of a period: `label` names it."""

    label: str
    table: Table
    figure: Figure | None = None


@dataclass(frozen=True)
class ByYear:
    """The same table, and perhaps the same drawing, for one year after the other.

    A page on a screen shows one of them at a time, paper the last one.
    """

    id: str
    frames: tuple[Frame, ...]
    kind: Literal["by_year"] = "by_year"


Block = Paragraph | Bullets | Callout | Table | Figure | Facts | ByYear


@dataclass(frozen=True)
class Section:
    """A part of the report: `label` is its topic, `title` its finding for this plan.

    It starts a page unless it `continues` on that of the section before it.
    """

    id: str
    label: str
    title: str
    blocks: tuple[Block, ...]
    lead: str = ""
    appendix: bool = False
    tone: Tone = "plain"
    continues: bool = False


@dataclass(frozen=True)
class KeyFigure:
    """A number of the first page."""

    value: str
    unit: str
    label: str


@dataclass(frozen=True)
class Badge:
    """A line of the first page: what was judged, and how it stands."""

    label: str
    status: Status
    text: str


@dataclass(frozen=True)
class Document:
    """The whole report. `base_year` dates the file: a report carries no time of its own."""

    language: Language
    base_year: int
    title: str
    short_title: str
    subtitle: str
    answer: str
    tone: Tone
    warnings: tuple[str, ...]
    key_figures: tuple[KeyFigure, ...]
    badges: tuple[Badge, ...]
    footer: str
    sections: tuple[Section, ...]
    words: dict[str, str]

    def data(self) -> dict[str, Any]:
        """The tree as plain dictionaries and lists."""
        return asdict(self)


def figures(document: Document) -> Iterator[Figure]:
    """Every figure of a document; of those by year the one of the last year."""
    for block in (block for section in document.sections for block in section.blocks):
        figure = block.frames[-1].figure if isinstance(block, ByYear) else block
        if isinstance(figure, Figure):
            yield figure


def texts(node: object) -> Iterator[str]:
    """Every string of a tree, drawings and their data left out."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for value in node.values():
            yield from texts(value)
    elif isinstance(node, tuple):
        for value in node:
            yield from texts(value)
    elif is_dataclass(node):
        for field in fields(node):
            if field.name not in ("svg", "data", "kind"):
                yield from texts(getattr(node, field.name))
