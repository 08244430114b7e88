"""The plan as one Excel workbook. Text from the inputs is written as text: it is never a formula or a link."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from .draft import Draft
from .folder import ReportError, read_result, write_bytes
from .gallery import NAVY, RED
from .language import Language, file_name
from .messages import Messages
from .sheets import Front, Kind, Sheet, Value, front, sheets
from .sources import read_sources
from .view import PlanView
from .wording import display_width

MOST_ROWS = 1_048_575
"""Rows that fit below the header of a sheet."""
LONGEST = 32_767
"""Characters that fit in a cell."""
_WIDEST, _NARROWEST = 48, 9
_NUMBERS: dict[Kind, str] = {
    "plain": "0", "count": "#,##0", "amount": "#,##0.0", "share": "0.0%", "small share": "0.00%", "ratio": "0.000",
    "money": "#,##0",
}  # fmt: skip
_FORMULA_SIGNS = ("=", "+", "-", "@")


def write_workbook(folder: Path, languages: Sequence[Language] = ("en",)) -> None:
    """Write plan.xlsx into a result folder, in each of the languages.

    The same folder always gives the same bytes. Raises ResultError if the folder is not a whole result, ReportError if
    a table is too long for a spreadsheet.
    """
    result = read_result(folder)
    for language in languages:
        draft = Draft(PlanView(result, language), Messages(language), read_sources(folder, language))
        write_bytes(folder / file_name("plan", "xlsx", language), workbook(draft, folder))


def workbook(draft: Draft, folder: Path) -> bytes:
    """The workbook of the result in the folder."""
    summary = front(draft)
    try:
        return book(summary, sheets(draft, folder), draft.view.case.base_year)
    except ReportError as error:
        raise ReportError(f"{folder}: {error}") from error


def book(summary: Front, pages: Iterable[Sheet], base_year: int) -> bytes:
    """A workbook of a first page and tables. Raises ReportError if a table is too long for a spreadsheet."""
    out = io.BytesIO()
    # Text is never looked at for formulas, links or numbers; every cell is written as what it is.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, {**options, "in_memory": False}) as file:
        styles = _styles(file)
        # A date of drawing would make every file another one: as in the report, it is the end of the base year.
        created = datetime(max(base_year, 1970), 12, 31)
        file.set_properties({"title": summary.title, "author": "suanli", "created": created})
        _write_front(file.add_worksheet(summary.name), summary, styles)
        for sheet in pages:
            if len(sheet.rows) > MOST_ROWS:
                raise ReportError(f"{sheet.name} has {len(sheet.rows):,} rows; a sheet holds {MOST_ROWS:,}")
            _write_table(file.add_worksheet(sheet.name), sheet, styles)
    return out.getvalue()


@dataclass(frozen=True)
class _Styles:
    header: Format
    title: Format
    alarm: Format
    text: Format
    quoted: Format
    wrapped: Format
    numbers: dict[Kind, Format]


def _styles(book: xlsxwriter.Workbook) -> _Styles:
    return _Styles(
        header=book.add_format(
            {"bold": True, "font_color": "white", "bg_color": NAVY, "text_wrap": True, "valign": "top", "border": 1,
             "border_color": "#9AA7B4"}
        ),
        title=book.add_format({"bold": True, "font_size": 16, "font_color": NAVY}),
        alarm=book.add_format(
            {"bold": True, "font_color": "white", "bg_color": RED, "text_wrap": True, "valign": "top"}
        ),
        text=book.add_format({"valign": "top"}),
        # What looks like a formula stays text when its cell is opened for editing, too.
        quoted=book.add_format({"valign": "top", "quote_prefix": True}),
        wrapped=book.add_format({"text_wrap": True, "valign": "top"}),
        numbers={
            kind: book.add_format({"num_format": form, "valign": "top", "align": "right"})
            for kind, form in _NUMBERS.items()
        },
    )  # fmt: skip


def _write_front(page: Worksheet, summary: Front, styles: _Styles) -> None:
    page.hide_gridlines(2)
    page.set_column(0, 0, 34)
    page.set_column(1, 1, 40)
    page.set_column(2, 2, 14)
    page.set_portrait()
    page.fit_to_pages(1, 0)
    page.set_row(0, 24)
    page.write_string(0, 0, summary.title[:LONGEST], styles.title)
    page.merge_range(1, 0, 1, 2, "", styles.wrapped)
    page.set_row(1, 32)
    page.write_string(1, 0, summary.answer[:LONGEST], styles.wrapped)
    row = 2
    for warning in summary.warnings:
        page.merge_range(row, 0, row, 2, "", styles.alarm)
        page.set_row(row, 32)
        page.write_string(row, 0, warning[:LONGEST], styles.alarm)
        row += 1
    for row_, (name, value, remark) in enumerate(summary.facts, row + 1):
        _write(page, row_, 0, Value(name), styles)
        _write(page, row_, 1, value, styles)
        _write(page, row_, 2, Value(remark), styles)


def _write_table(page: Worksheet, sheet: Sheet, styles: _Styles) -> None:
    for n, title in enumerate(sheet.titles):
        page.set_column(n, n, _width(title, (row[n] for row in sheet.rows)))
    page.freeze_panes(1, 1)
    page.set_landscape()
    page.set_paper(9)
    page.repeat_rows(0)
    page.fit_to_pages(1, 0)
    page.set_footer("&L&A&R&P / &N")
    page.autofilter(0, 0, max(len(sheet.rows), 1), len(sheet.titles) - 1)
    page.set_row(0, 32)
    for n, title in enumerate(sheet.titles):
        page.write_string(0, n, title, styles.header)
    for number, row in enumerate(sheet.rows, 1):
        for n, value in enumerate(row):
            _write(page, number, n, value, styles)


def _write(page: Worksheet, row: int, column: int, value: Value, styles: _Styles) -> None:
    if value.content is None or value.content == "":
        return
    if isinstance(value.content, str):
        style = styles.quoted if value.content.startswith(_FORMULA_SIGNS) else styles.text
        page.write_string(row, column, value.content[:LONGEST], style)
    else:
        page.write_number(row, column, value.content, styles.numbers[value.kind])


def _width(title: str, values: Iterable[Value]) -> float:
    """Room for a column's contents, in characters; the title has two lines, and a button to filter by."""
    words = max(map(display_width, title.split()), default=0)
    header = max(words, display_width(title) / 2) + 4
    longest = max((display_width(_shown(value)) for value in values), default=0)
    return min(max(header, longest + 2, _NARROWEST), _WIDEST)


def _shown(value: Value) -> str:
    if value.content is None or isinstance(value.content, str):
        return value.content or ""
    decimals = {"amount": 1, "ratio": 3, "share": 1}.get(value.kind, 0)
    return f"{value.content * (100 if value.kind == 'share' else 1):,.{decimals}f}"
