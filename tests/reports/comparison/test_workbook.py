"""The workbook of a comparison: its sheets read back, names beside ids, text that stays text, the same bytes."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from suanli.reports import numbers
from suanli.reports.comparison.plans import Comparison
from suanli.reports.comparison.workbook import workbook
from suanli.reports.comparison.writing import draw
from suanli.reports.fonts import Fonts
from suanli.reports.messages import Messages

MakeResult = Callable[..., Path]
Comparing = Callable[..., Comparison]
Book = Callable[[Comparison], bytes]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    known = Messages("zh").characters() | Messages("en").characters() | numbers.characters()
    names = "济南采石章丘高新莱芜长清小城老机房新中心边缘节点南部北人口库视频分析模型训练智能助手试点"
    names += "通用服务器智算盒子风冷液"
    fonts = Fonts(tmp_path_factory.mktemp("fonts"), known | set(names))
    yield lambda comparison: workbook(comparison, draw(comparison, fonts))


def rows(data: bytes, sheet: str) -> list[dict[str, Any]]:
    header, *cells = openpyxl.load_workbook(io.BytesIO(data))[sheet].iter_rows(values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in cells]


def test_every_table_has_a_sheet_with_names(book: Book, comparing: Comparing) -> None:
    data = book(comparing("town", "dear-grid"))
    assert openpyxl.load_workbook(io.BytesIO(data)).sheetnames == [
        "Summary", "Results", "Inputs", "Cost by category", "Cost by site", "Targets", "All metrics", "Sites",
        "Programme",
    ]  # fmt: skip
    # Twenty times CNY 3 m for a step of the old centre's grid.
    (change,) = rows(data, "Inputs")
    assert (change["Section of the inputs"], change["Row"], change["Field"]) == (
        "Sites", "old_centre", "grid_step_cost_cny",
    )  # fmt: skip
    assert (change["Value, from"], change["Value, to"], change["Factor"]) == (3_000_000, 60_000_000, 20)
    moved = [row for row in rows(data, "Programme") if row["Work"] == "grid connection, MW"]
    assert [(row["Site"], row["Site, id"], row["Amount, from"], row["Difference"]) for row in moved] == [
        ("Old centre", "old_centre", 0.1, "only in the first")
    ]
    total = [row for row in rows(data, "Cost by category") if row["Step"] == "total"]
    assert total[0]["Difference, CNY"] == pytest.approx(total[0]["To, CNY"] - total[0]["From, CNY"])


def test_a_chinese_workbook_speaks_chinese(book: Book, comparing: Comparing) -> None:
    data = book(comparing("town", "dear-grid", language="zh"))
    assert openpyxl.load_workbook(io.BytesIO(data)).sheetnames[1:3] == ["结果", "输入"]
    moved = [row for row in rows(data, "建设安排") if row["工程"] == "电网接入（MW）"]
    assert [(row["站点"], row["差别"]) for row in moved] == [("老机房", "仅前者有")]


def test_names_stay_text_and_the_bytes_stay_the_same(book: Book, made_up: MakeResult, comparing: Comparing) -> None:
    folder = made_up("formula")
    case = json.loads((folder / "case.json").read_text("utf-8")) | {"name": '=HYPERLINK("x")'}
    (folder / "case.json").write_text(json.dumps(case), "utf-8")
    fine = made_up("fine")
    data = book(comparing(fine, folder))
    cell = openpyxl.load_workbook(io.BytesIO(data))["Results"]["C3"]
    assert (cell.value, cell.data_type) == ('=HYPERLINK("x")', "s")
    assert book(comparing(fine, folder)) == data
