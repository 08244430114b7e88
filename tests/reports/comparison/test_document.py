"""Whole comparison reports: set as PDF in both languages, with figures, first pages and what is wrong on them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import pytest

from suanli.reports import numbers
from suanli.reports.comparison.plans import Comparison, ComparisonError, read_results
from suanli.reports.comparison.tables import COLUMNS, tables
from suanli.reports.comparison.writing import OutputError, draw, writable, write_comparison
from suanli.reports.document import Callout, Document, Table, figures, texts
from suanli.reports.fonts import Fonts
from suanli.reports.messages import Messages
from suanli.reports.typesetting import pdf

MakeResult = Callable[..., Path]
Comparing = Callable[..., Comparison]
FAILED = {"ok": False, "checks": 99, "failures": ["site-1, 2025: 21,000 kW drawn, 18,000 kW usable"]}


@pytest.fixture(scope="module")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> Fonts:
    characters = Messages("zh").characters() | Messages("en").characters() | numbers.characters()
    known = (
        "济南采石章丘高新莱芜长清小城老机房新中心边缘节点南部人口库视频分析模型训练智能助手试点通用服务器智算盒子风冷液"
    )
    return Fonts(tmp_path_factory.mktemp("fonts"), characters | set(known))


@pytest.fixture
def drawn(fonts: Fonts) -> Callable[[Comparison], Document]:
    """Draw a comparison and set it as PDF."""

    def make(comparison: Comparison) -> Document:
        document = draw(comparison, fonts)
        assert pdf(document, fonts).startswith(b"%PDF")
        return document

    return make


Drawn = Callable[[Comparison], Document]


def test_a_whole_comparison(drawn: Drawn, comparing: Comparing) -> None:
    document = drawn(comparing("town", "dear-grid"))
    assert document.title == "Town (A) and Dear grid (B)"
    assert document.short_title == "A Town · B Dear grid"
    said = document.answer.replace("\u00a0", " ")
    assert said == (
        "The plan of Dear grid (B) costs CNY 0.44 m more than that of Town (A); the largest step is halls, CNY 4.00 m "
        "more. It is proved that B costs more than A, also at their best: by CNY 0.44 m."
    )
    assert document.warnings == ()
    assert [(badge.label, badge.status, badge.text) for badge in document.badges] == [
        ("A Town", "good", "Proved optimal"),
        ("B Dear grid", "good", "Proved optimal"),
    ]
    shown = {figure.label: f"{figure.value} {figure.unit}".strip() for figure in document.key_figures}
    assert shown["net present cost, B against A"] == "+0.44 CNY m"
    assert shown["Racks in service, 2027: 160 → 200"] == "+40 racks"
    assert shown["PUE, 2027: 1.24 → 1.24"] == "–"
    assert [section.id for section in document.sections] == [
        "summary", "inputs", "costs", "targets", "metrics", "sites", "programme", "provenance",
    ]  # fmt: skip
    assert {figure.id for figure in figures(document)} == {
        "cost-bridge-by-category-a-b", "cost-bridge-by-site-a-b", "metrics-side-by-side", "programme-side-by-side",
    }  # fmt: skip
    assert all(len(figure.alt) > 40 and figure.caption for figure in figures(document))
    assert document.words["report"] == "Comparison of plans"


def test_the_same_in_chinese(drawn: Drawn, comparing: Comparing) -> None:
    document = drawn(comparing("town", "dear-grid", language="zh"))
    assert document.title == "小城town（A）与小城dear-grid（B）"
    assert document.answer == (
        "小城dear-grid（B）的方案比小城town（A）多花43.5万元，变化最大的是机房建设，增加400万元。"
        "已经证明B的成本高于A，都做到最好时也是如此：高出43.5万元。"
    )
    titles = {section.id: section.title for section in document.sections}
    assert (
        titles["sites"]
        == "从A到B，2027年3个站点中有3个发生变化：新中心增加最多，为40.6 PFLOPS，老机房减少最多，为40.3 PFLOPS"
    )


def test_bridges_as_data(drawn: Drawn, comparing: Comparing) -> None:
    document = drawn(comparing("town", "weaker"))
    (figure,) = [f for f in figures(document) if f.id == "cost-bridge-by-category-a-b"]
    lines = [line.rsplit(",", 1) for line in figure.data.splitlines()[1:]]
    assert [name for name, _ in lines[:2]] == ["Town (A)", "Hardware"]
    amounts = [float(value) for _, value in lines]
    assert sum(amounts[:-1]) == pytest.approx(amounts[-1], abs=0.05)


def test_several_results_one_without_a_plan(drawn: Drawn, comparing: Comparing) -> None:
    document = drawn(comparing("town", "dear-grid", "weaker", "impossible"))
    assert document.title == "4 results, measured against Town (A)"
    assert document.warnings == ("Impossible (D) holds no plan: none can exist. Only its inputs are compared.",)
    assert [badge.status for badge in document.badges] == ["good", "good", "good", "bad"]
    assert [figure.label for figure in document.key_figures] == [f"net present cost, {letter}" for letter in "ABC"]
    bridges = [figure.id for figure in figures(document) if figure.id.startswith("cost-bridge")]
    assert bridges == [f"cost-bridge-by-{by}-a-{other}" for other in "bc" for by in ("category", "site")]


def test_a_reference_without_a_plan(drawn: Drawn, comparing: Comparing) -> None:
    document = drawn(comparing("impossible", "town"))
    titles = {section.id: section.title for section in document.sections}
    assert titles["costs"] == "There are no two plans whose costs could be compared"
    assert titles["targets"] == "Targets met: B 2 of 3"
    assert "sites" not in titles
    assert document.key_figures == ()


def test_two_without_plans(drawn: Drawn, comparing: Comparing) -> None:
    document = drawn(comparing("impossible", "impossible"))
    assert [section.id for section in document.sections] == ["summary", "inputs", "costs", "targets", "provenance"]


def test_a_failed_audit_is_on_the_first_pages(drawn: Drawn, comparing: Comparing, made_up: MakeResult) -> None:
    document = drawn(comparing(made_up("fine"), made_up("failed", audit=FAILED, names={"title": "X"})))
    assert document.tone == "alarm"
    first = document.sections[0]
    assert (first.id, first.title) == ("alarm", "The audit does not agree with one of the plans")
    (callout,) = first.blocks
    assert isinstance(callout, Callout)
    assert callout.title == "X (B)"
    assert [run.text.replace("\u200b", "") for item in callout.items for run in item] == FAILED["failures"]
    assert document.badges[1].text == "Proved optimal within 0.32%; the audit does not agree"


def test_a_plan_of_many_works_has_them_all_in_the_appendix(
    drawn: Drawn, comparing: Comparing, made_up: MakeResult
) -> None:
    document = drawn(comparing(made_up("few", sites=40), made_up("many", sites=40, growth=2.0)))
    (every,) = [section for section in document.sections if section.id == "all-works"]
    (table,) = every.blocks
    assert isinstance(table, Table)
    # Forty sites buy another number of trainers.
    assert every.title == "All 40 works that differ"
    assert len(table.rows) == 40


HOSTILE = ["#text(red)[x]", "<b>&amp;</b>", "=1+1", "$a_1$", "**bold** {x}", "long" * 40]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_text(fonts: Fonts, comparing: Comparing, made_up: MakeResult, name: str) -> None:
    folder = made_up("hostile", names={"title": name, "site-1": name, "server": name, "system-1": name})
    document = draw(comparing(made_up("fine", growth=1.0), folder), fonts)
    assert pdf(document, fonts).startswith(b"%PDF")
    shown = "".join(texts(document)).replace("\u200b", "")
    assert name in shown


def test_the_same_results_give_the_same_bytes(variants: Mapping[str, Path], tmp_path: Path) -> None:
    results = read_results([variants["town"], variants["dear-grid"]])
    one, two = tmp_path / "one", tmp_path / "two"
    write_comparison(results, one)
    write_comparison(results, two)
    names = {path.relative_to(one).as_posix() for path in one.rglob("*") if path.is_file()}
    drawings = [f"figures/{figure}-a-b" for figure in ("cost-bridge-by-category", "cost-bridge-by-site")]
    drawings += ["figures/metrics-side-by-side", "figures/programme-side-by-side"]
    assert names == {
        "comparison.pdf", "comparison.html", "comparison.json", *(f"{table}.csv" for table in COLUMNS),
        *(f"{drawing}.{ending}" for drawing in drawings for ending in ("svg", "png", "csv")),
    }  # fmt: skip
    assert all((one / name).read_bytes() == (two / name).read_bytes() for name in names)


def test_tables_are_tidy_and_sum(comparing: Comparing) -> None:
    found = tables(comparing("town", "dear-grid", "weaker"))
    assert {name: tuple(table.columns) for name, table in found.items()} == dict(COLUMNS)
    for by in ("category", "site"):
        for _, rows in found[f"cost_by_{by}"].groupby("after"):
            total = rows.loc[rows["step"] == "total"].iloc[0]
            parts = rows.loc[rows["step"] != "total"]
            for column in ("cny_before", "cny_after", "difference_cny"):
                assert parts[column].sum() == pytest.approx(total[column], abs=1e-6)
    inputs = found["inputs"]
    row = inputs.loc[inputs["after"] == "B"].iloc[0]
    assert (row["row"], row["field"], row["value_before"], row["value_after"], row["factor"]) == (
        "old_centre", "grid_step_cost_cny", 3e6, 6e7, 20.0,
    )  # fmt: skip
    assert pd.isna(row["year"])
    asked = found["targets"]
    asked = asked.loc[asked["target"] == "compute-2027"]
    assert asked[["plan", "required", "met"]].to_numpy().tolist() == [["A", 40, True], ["B", 40, True], ["C", 36, True]]
    moved = found["programme"].query("after == 'B' and work == 'grid_mw'")
    assert moved[["site", "year", "amount_before", "amount_after", "how"]].to_numpy().tolist() == [
        ["old_centre", 2027, 0.1, 0.0, "only_before"]
    ]


def test_names_are_no_formulas(made_up: MakeResult, comparing: Comparing) -> None:
    folder = made_up("formula")
    case = json.loads((folder / "case.json").read_text("utf-8")) | {"name": '=HYPERLINK("x")'}
    (folder / "case.json").write_text(json.dumps(case), "utf-8")
    assert tables(comparing(made_up("fine"), folder))["plans"]["name"].tolist() == ["made-up", '\'=HYPERLINK("x")']


def test_wrong_folders_are_told_at_once(variants: Mapping[str, Path], tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ComparisonError) as error:
        read_results([variants["town"], tmp_path / "nowhere", tmp_path / "empty"])
    assert [problem.partition(" is ")[2] for problem in error.value.problems] == [
        "not a result folder: it has no summary.json"
    ] * 2
    with pytest.raises(ComparisonError, match="at least two result folders, 1 given"):
        read_results([variants["town"]])
    with pytest.raises(ComparisonError, match="at most 6 result folders, 7 given"):
        read_results([variants["town"]] * 7)


def test_only_a_comparison_is_replaced(variants: Mapping[str, Path], tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"town exists and is not a comparison \(no comparison.json\)"):
        writable(variants["town"])
    (tmp_path / "file").write_text("mine")
    with pytest.raises(
        OutputError, match=r"file is a file; give a name that ends in .pdf or .html, or that of a folder"
    ):
        writable(tmp_path / "file")
    with pytest.raises(
        OutputError, match=r"x.csv: found the ending .csv, expected .pdf or .html, or the name of a folder"
    ):
        writable(tmp_path / "x.csv")
    mine = tmp_path / "mine"
    mine.mkdir()
    writable(mine)
    (mine / "comparison.json").write_text("{}")
    (mine / "figures").mkdir()
    writable(mine)
    (mine / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match=r"also holds notes.txt, which would be lost"):
        writable(mine)
    writable(tmp_path / "gap-0.5")
