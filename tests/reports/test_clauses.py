"""The page that answers each clause says what the tables say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from suanli.inputs.clauses import Clause
from suanli.reports.clauses import clauses_text, read_clauses
from suanli.reports.document import Section, Table
from suanli.reports.draft import Draft
from suanli.reports.folder import read_result
from suanli.reports.language import Language
from suanli.reports.messages import Messages
from suanli.reports.sections import all_clauses, clauses
from suanli.reports.sources import Sources
from suanli.reports.view import PlanView

MakeResult = Callable[..., Path]
CLAUSES = (
    Clause("C1", "Plan 3(2)", "compute", "算力规模", "100 P", "targets", ("target-1",), reason="as FP16"),
    Clause("C2", "Plan 4", "registers", "登记", "", "drivers", ("people",), ("system-1", "system-2")),
    Clause("C3", "Plan 5", "a centre", "数据中心", "1 centre", "sites", ("site-2",)),
    Clause("C4", "Plan 1", "a slogan", "口号", reason="no amount", reason_zh="没有数量"),
    Clause("C5", "Plan 9", "floor area", "面积", "", "targets", ("dropped",)),
    Clause("desk", "Plan 6", "Desk", "前台", "", "systems", ("desk",), ("system-1",)),
)


def draft(folder: Path, language: Language = "en") -> Draft:
    return Draft(PlanView(read_result(folder), language), Messages(language), Sources({}))


def given(folder: Path, found: Sequence[Clause] = CLAUSES) -> Path:
    (folder / "clauses.csv").write_text(clauses_text(found), "utf-8")
    return folder


def page(folder: Path, language: Language = "en") -> Section:
    part = clauses.section(draft(folder, language), folder)
    assert part is not None
    return part


def rows(section: Section | None, identifier: str) -> list[list[str]]:
    assert section is not None
    (table,) = (block for block in section.blocks if isinstance(block, Table) and block.id == identifier)
    return [[cell.text.replace("\u200b", "").replace("\u00a0", " ") for cell in row] for row in table.rows]


def test_clauses_survive_the_file(tmp_path: Path) -> None:
    assert read_clauses(tmp_path) == []
    assert read_clauses(given(tmp_path)) == list(CLAUSES)


def test_the_heading_counts_what_is_met_and_served(made_up: MakeResult) -> None:
    # 568.5 PFLOPS in 2025 against the 100 of target-1; C5 speaks of a target that this scenario has not.
    assert page(given(made_up("good"))).title == (
        "The one clause with a target is met; the demand behind 1 more is served in full"
    )
    missed = (("compute_pflops", ">=", 9000.0),)
    assert page(given(made_up("bad", targets=missed, unserved=0.25))).title == (
        "0 of 1 clauses with a target are met; not met: C1; of 1 more with a demand, 1 not served in full"
    )
    assert page(given(made_up("none", targets=()), CLAUSES[2:5])).title == (
        "The plan answers 3 clauses, none with a target or a demand in this scenario"
    )
    assert page(given(made_up("served"), CLAUSES[1:5])).title == "The demand behind the one clause is served in full"
    folder = made_up("without")
    assert clauses.section(draft(folder), folder) is None
    assert all_clauses.section(draft(folder), folder) is None


def test_every_clause_is_answered(made_up: MakeResult) -> None:
    folder = given(made_up(unserved=0.25))
    part, appendix = page(folder), all_clauses.section(draft(folder), folder)
    assert rows(part, "clauses-targets") == [
        ["C1", "Plan 3(2)", "compute: 100 P", "target-1 (Compute, 2025); as FP16", "≥ 100 PFLOPS", "568 PFLOPS", "Met"],
        ["C5", "Plan 9", "floor area", "", "–", "–", "not in this scenario"],
    ]
    # Two air-cooled halls of 1,000 standard racks; 30 and 45 trainers of 2.5 PFLOPS.
    answer = "Zhangqiu 章丘: 2,000 standard racks, 188 PFLOPS"
    assert rows(part, "clauses-supply") == [["C3", "Plan 5", "a centre: 1 centre", "", answer]]
    assert rows(appendix, "clauses-demand") == [
        ["C2", "Plan 4", "registers", "Digital system 1 and Digital system 2", "", "25.0% not served"]
    ]
    assert rows(appendix, "clauses-systems") == [
        ["Desk", "Digital system 1", "Caishi 采石 (75%)", "Zhangqiu 章丘"],
    ]
    assert rows(appendix, "clauses-beside") == [["C4", "Plan 1", "a slogan", "no amount"]]


def test_in_chinese_the_words_of_the_documents_stand(made_up: MakeResult) -> None:
    folder = given(made_up())
    assert page(folder, "zh").title == "唯一一条设有目标的条款已达成，另有1条的对应需求全部满足"
    assert rows(page(folder, "zh"), "clauses-targets")[0][2:4] == ["算力规模", "target-1（2025年算力规模）；as FP16"]
    assert rows(all_clauses.section(draft(folder, "zh"), folder), "clauses-beside") == [
        ["C4", "Plan 1", "口号", "没有数量"]
    ]


def test_a_chinese_report_names_places_as_chinese_documents_do(made_up: MakeResult) -> None:
    place = "济政办字〔2021〕36号 二-(三)-1; 数字济南办发〔2023〕3号 二-16; 济政办字〔2025〕28号 措施13; 专栏1"
    folder = given(made_up(), [replace(CLAUSES[0], clause=place)])
    assert rows(page(folder), "clauses-targets")[0][1].replace("\u200b", "") == place
    chinese = "济政办字〔2021〕36号二（三）1；数字济南办发〔2023〕3号二、16；济政办字〔2025〕28号措施13；专栏1"
    assert rows(page(folder, "zh"), "clauses-targets")[0][1].replace("\u200b", "") == chinese
