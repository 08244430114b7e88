"""The workbook: its sheets read back, text that stays text, and the same bytes every time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.escape import unescape

from suanli.reports import workbook as workbooks
from suanli.reports.folder import ReportError
from suanli.reports.workbook import write_workbook

MakeResult = Callable[..., Path]
Cells = list[list[Any]]


def read(folder: Path, language: Any = "en") -> Any:
    write_workbook(folder, [language])
    name = "plan.xlsx" if language == "en" else f"plan.{language}.xlsx"
    return openpyxl.load_workbook(folder / name)


def cells(sheet: Any) -> Cells:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_every_table_has_a_sheet_after_the_summary(made_up: MakeResult) -> None:
    book = read(made_up())
    assert book.sheetnames == [
        "Summary", "Targets", "City by year", "All metrics", "Sites", "Halls", "Hardware", "Power", "Placement",
        "Costs", "Sources", "Search",
    ]  # fmt: skip
    for sheet in book.worksheets[1:]:
        header = [cell.value for cell in sheet[1]]
        assert all(header), sheet.title
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref == f"A1:{sheet.cell(max(sheet.max_row, 2), len(header)).coordinate}"
        assert all(9 <= column.width <= 50 for column in sheet.column_dimensions.values())


def test_the_summary_says_what_the_first_page_says(made_up: MakeResult) -> None:
    rows = cells(read(made_up())["Summary"])
    assert rows[0][0] == "Made-up plan"
    assert rows[1][0].startswith("568 PFLOPS in the city in 2025 at a net present cost of CNY\u00a0834.3\u00a0m.")
    facts = {row[0]: (row[1], row[2]) for row in rows[2:] if row[0]}
    assert facts["Audit"] == ("Agrees, 1,234 checks", None)
    assert facts["Net present cost"] == (pytest.approx(834.3e6, abs=5e4), "CNY")
    assert facts["Gap"] == (0.0032, None)
    assert facts["Discount rate"] == (0.05, None)
    assert facts["Version of highspy"] == ("1.15.1", None)


def test_what_is_wrong_with_a_plan_stands_in_red_below_the_title(made_up: MakeResult) -> None:
    failed = {"ok": False, "checks": 9, "failures": ["site-1, 2025: 21,000 kW drawn"]}
    sheet = read(made_up(status="feasible", gap=0.043, audit=failed))["Summary"]
    assert sheet["A3"].value.startswith("The audit does not agree with this plan.")
    assert sheet["A4"].value.startswith("This plan is not proved optimal: a better one may exist.")
    assert {sheet[name].fill.fgColor.rgb for name in ("A3", "A4")} == {"FFA61C28"}


def test_numbers_are_numbers_with_a_format(made_up: MakeResult) -> None:
    book = read(made_up())
    # Trainers of 2.5 PFLOPS, 60 + 90 on three sites a year and 50% more: 90 in 2024, 225 in 2025; 600 servers of 0.01.
    sheet = book["City by year"]
    assert cells(sheet)[:2] == [["Quantity", "Unit", "2024", "2025"], ["Compute", "PFLOPS", 231, 568.5]]
    assert sheet["D2"].number_format == "#,##0.0"
    targets = {row[1].value: row for row in book["Targets"].iter_rows(min_row=2)}
    compute = [cell.value for cell in targets["target-1"]]
    assert compute == [
        "Compute", "target-1", 2025, ">=", 100, 568.5, 468.5, "PFLOPS", "Met", 0, "Clause 7",
    ]  # fmt: skip
    share = targets["target-2"]
    assert share[5].value == pytest.approx(747 / 6800, rel=0.01)
    assert (share[5].number_format, share[2].number_format) == ("0.0%", "0")
    costs = book["Costs"]
    assert [cell.value for cell in costs[1]] == [
        "Category", "Site", "Site, id", "Year", "Not discounted, CNY", "Discounted, CNY",
    ]  # fmt: skip
    first = [cell.value for cell in costs[2]]
    assert first == ["Halls", "Caishi 采石", "site-1", 2024, 90_000_000, pytest.approx(9e7 / 1.05)]
    assert costs["E2"].number_format == "#,##0"
    assert sum(row[5].value for row in costs.iter_rows(min_row=2)) == pytest.approx(book["Summary"]["B8"].value)


def test_names_stand_beside_the_ids_of_the_tables(made_up: MakeResult) -> None:
    book = read(made_up(unserved=0.3))
    header, first = cells(book["Hardware"])[:2]
    assert header[:6] == ["Site", "Site, id", "Hall type", "Hall type, id", "Hardware", "Hardware, id"]
    assert first[:7] == ["Caishi 采石", "site-1", "Air-cooled hall", "air", "Training server", "trainer", 2024]
    placed = cells(book["Placement"])
    assert placed[0] == ["Workload", "Workload, id", "Site", "Site, id", "Year", "Role", "Share of the workload"]
    assert ["Digital system 1", "system-1@0", None, None, 2025, "not served", 0.3] in placed


def test_chinese_sheets(made_up: MakeResult) -> None:
    book = read(made_up(), "zh")
    assert book.sheetnames[:3] == ["概要", "目标", "全市逐年指标"]
    assert cells(book["成本"])[0] == ["类别", "站点", "站点编号", "年份", "未折现金额（元）", "折现金额（元）"]
    assert cells(book["成本"])[1][0] == "机房建设"


FORMULAS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "http://example.org", "_x0041_", "<b>&amp;</b>"]


@pytest.mark.parametrize("name", FORMULAS)
def test_text_is_never_a_formula_or_a_link(made_up: MakeResult, name: str) -> None:
    folder = made_up(names={"title": name, "site-1": name, "system-1": name, "server": name})
    book = read(folder)
    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row if unescape(str(cell.value)) == name]
    assert len(found) > 5
    assert {cell.data_type for cell in found} == {"s"}
    assert not any(cell.hyperlink for cell in found)
    # Stays text when its cell is edited.
    assert all(cell.quotePrefix for cell in found if name[0] in "=+-@" and cell.coordinate != "A1")
    with zipfile.ZipFile(folder / "plan.xlsx") as archive:
        assert not [part for part in archive.namelist() if b"<f>" in archive.read(part)]


def test_the_same_folder_gives_the_same_bytes_without_a_time(made_up: MakeResult) -> None:
    folder = made_up()
    write_workbook(folder)
    first = (folder / "plan.xlsx").read_bytes()
    write_workbook(folder)
    assert (folder / "plan.xlsx").read_bytes() == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 31, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert '<dcterms:created xsi:type="dcterms:W3CDTF">2023-12-31T00:00:00Z' in core
    assert '<dcterms:modified xsi:type="dcterms:W3CDTF">2023-12-31T00:00:00Z' in core


def test_without_a_plan_there_is_only_what_is_known(without_plan: MakeResult) -> None:
    book = read(without_plan("infeasible"))
    assert book.sheetnames == ["Summary", "Sources"]
    assert "This report holds no plan" in book["Summary"]["A3"].value
    assert cells(book["Sources"])[1][:3] == ["settings", "discount_rate", "Assumption: 4-6%"]


def test_a_table_longer_than_a_sheet_is_an_error(made_up: MakeResult, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = made_up()
    monkeypatch.setattr(workbooks, "MOST_ROWS", 5)
    with pytest.raises(ReportError, match=r"City by year has \d+ rows; a sheet holds 5"):
        write_workbook(folder)
    assert not list(folder.glob("*.xlsx"))
