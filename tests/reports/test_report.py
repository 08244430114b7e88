"""Whole reports: what stands in them, that they are text and nothing else, and the same bytes every time."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from suanli.reports import numbers
from suanli.reports.document import Callout, Document, Figure, Table, texts
from suanli.reports.draft import Draft
from suanli.reports.folder import ResultError, read_result
from suanli.reports.fonts import Fonts, MissingGlyphsError
from suanli.reports.language import LANGUAGES, Language
from suanli.reports.messages import Messages
from suanli.reports.report import ReportError, compose, write_report
from suanli.reports.sections import cover
from suanli.reports.sources import Sources
from suanli.reports.typesetting import pdf
from suanli.reports.view import PlanView

MakeResult = Callable[..., Path]
AUDIT_FAILED = {"ok": False, "checks": 99, "failures": ["site-1, 2025: 21,000 kW drawn, 18,000 kW usable"] * 45}
FIGURES = {
    "glance", "targets", "compute", "racks", "rack-utilisation", "power", "stranded", "energy", "programme",
    "purchases", "cost-bridge", "funding", "sensitivity", "placement", "progress",
}  # fmt: skip


KNOWN = "济南采石章丘高新莱芜长清 Łódź"


@pytest.fixture(scope="module")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> Fonts:
    words = set.union(*(Messages(language).characters() for language in LANGUAGES))
    return Fonts(tmp_path_factory.mktemp("fonts"), words | numbers.characters() | set(KNOWN))


Tree = Callable[..., tuple[Document, dict[str, str]]]


@pytest.fixture
def tree(fonts: Fonts) -> Tree:
    """The document and the drawings of a result; both can be set."""

    def compose_and_set(folder: Path, language: Language = "en") -> tuple[Document, dict[str, str]]:
        document, drawings = compose(read_result(folder), Messages(language), fonts)
        fonts.check([*texts(document), *drawings.values()])
        assert pdf(document, fonts).startswith(b"%PDF")
        return document, drawings

    return compose_and_set


def first_page(folder: Path) -> Document:
    """The report without its sections, and so without drawings."""
    return cover.document(Draft(PlanView(read_result(folder)), Messages("en"), Sources({})), ())


def titles(document: Document) -> dict[str, str]:
    return {section.id: section.title for section in document.sections}


def test_a_report_is_drawn_and_the_same_every_time(tree: Tree, made_up: MakeResult, tmp_path: Path) -> None:
    folder = made_up()
    again = shutil.copytree(folder, tmp_path / "elsewhere")
    (folder / "figures").mkdir()
    (folder / "figures" / "of-an-earlier-report.svg").write_text("<svg/>")
    write_report(folder, LANGUAGES)
    for language in reversed(LANGUAGES):
        write_report(again, (language,))
    drawn = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    assert {p.relative_to(again).as_posix(): p.read_bytes() for p in again.rglob("*") if p.is_file()} == drawn
    names = {name for name in drawn if name.startswith("figures/")}
    kinds = ("svg", "png", "csv")
    assert names == {f"figures{place}/{name}.{kind}" for place in ("", "/zh") for name in FIGURES for kind in kinds}
    for report in ("report.pdf", "report.zh.pdf"):
        assert drawn[report].startswith(b"%PDF")
        assert b"pdfuaid" in drawn[report]
        assert b"pdfaid" in drawn[report]
    for report, code in (("report.html", b"en"), ("report.zh.html", b"zh")):
        assert drawn[report].startswith(b'<!doctype html>\n<html lang="' + code)
    assert all(drawn[name].startswith(b"\x89PNG") for name in names if name.endswith("png"))


def test_a_whole_report(tree: Tree, made_up: MakeResult) -> None:
    document, drawings = tree(made_up())
    figures = {figure.label: f"{figure.value} {figure.unit}".strip() for figure in document.key_figures}
    # Halls 6 x 90 m, trainers 90 and 135 at 1.4 m, energy and grid steps, less salvage, all discounted at 5%.
    assert figures["net present cost"] == "834.3 CNY m"
    assert figures["compute in the city, 2025, counted AI FP16, general FP32"] == "568 PFLOPS"
    assert figures["standard racks in service, 2025"] == "6,800"
    assert figures["of racks occupied, 2025"] == "11.0%"
    assert figures["PUE of the city, 2025"] == "1.38"
    badges = [(badge.label, badge.status, badge.text) for badge in document.badges]
    assert badges == [
        ("Search", "good", "Proved optimal within 0.32%"),
        ("Targets", "good", "2 of 2 met"),
        ("Demand", "good", "All served"),
        ("Audit", "good", "Agrees, 1,234 checks"),
    ]
    assert document.warnings == ()
    heading = "The plan attains all 2 targets at a net present cost of CNY\u00a0834.3\u00a0m"
    assert titles(document)["summary"] == heading
    drawn = [block for section in document.sections for block in section.blocks if isinstance(block, Figure)]
    assert {figure.id for figure in drawn} == FIGURES == set(drawings)
    assert all(len(figure.alt) > 40 and figure.caption for figure in drawn)
    # Sources are numbered in the order in which the report names them.
    tables = {b.id: b for section in document.sections for b in section.blocks if isinstance(b, Table)}
    rows = [[cell.text.replace("\u200b", "") for cell in row] for row in tables["sources"].rows]
    assert rows == [
        ["S1", "Clause 7", "targets: target-1 and target-2"],
        ["S2", "Assumption: 4-6%", "settings: Discount rate"],
        ["S3", "Survey of builders", "hall types: Air-cooled hall"],
        ["S4", "Survey of sites", "sites: Caishi 采石, Zhangqiu 章丘 and Gaoxin 高新"],
    ]
    assert [row[-2].text for row in tables["targets"].rows] == ["S1", "S1"]


def test_what_is_wrong_with_a_plan_stands_on_the_first_page(made_up: MakeResult) -> None:
    missed = (("compute_pflops", ">=", 9000.0),)
    document = first_page(made_up(status="feasible", gap=0.043, unserved=0.3, audit=AUDIT_FAILED, targets=missed))
    assert document.tone == "alarm"
    assert document.warnings == (
        "The audit does not agree with this plan. Do not rely on its figures: the complaints are on the next page.",
        "This plan is not proved optimal: a better one may exist. Its gap is 4.30%; asked for was 0.50%.",
        "Demand is not served in full: 1 workload left partly or wholly unserved in at least one year.",
    )
    assert {badge.status for badge in document.badges} == {"warn", "bad"}
    assert "missed: 1." in document.answer


def test_a_failed_audit_has_a_page_of_its_own(tree: Tree, made_up: MakeResult) -> None:
    folder = made_up(audit=AUDIT_FAILED, unserved=0.3)
    document, _ = tree(folder)
    page = document.sections[0]
    assert (page.id, page.tone, page.title) == ("alarm", "alarm", "The audit does not agree with this plan")
    (callout,) = page.blocks
    assert isinstance(callout, Callout)
    assert callout.title == "45 complaints"
    assert "21,000 kW drawn" in callout.items[0][0].text.replace("\u200b", "")
    assert callout.items[-1][0].text == "and 5 more, in summary.json"
    assert titles(document)["unserved"] == "1 of 4 workloads is not served in full in 2025"


def test_a_result_that_was_not_audited_says_so(made_up: MakeResult) -> None:
    unknown: dict[str, object] = {"ok": None, "checks": 0, "failures": []}
    for audit in (None, unknown):
        page = first_page(made_up(f"audit {audit is None}", audit=audit))
        assert ("Audit", "warn", "Not audited") in [(b.label, b.status, b.text) for b in page.badges]


@pytest.mark.parametrize(
    ("status", "title"),
    [
        ("infeasible", "No plan can satisfy everything that the case demands"),
        ("no plan", "No plan was found in time"),
    ],
)
def test_a_run_without_a_plan_has_a_short_report(tree: Tree, without_plan: MakeResult, status: str, title: str) -> None:
    folder = without_plan(status)
    document, drawings = tree(folder)
    assert [section.id for section in document.sections] == ["outcome", "assumptions", "provenance"]
    assert (document.tone, document.sections[0].title, drawings) == ("alarm", title, {})
    assert document.warnings[0].startswith("This report holds no plan")


NASTY = '<b>&amp; #panic("x") $x^2$ \\frac{1}{2} *bold* `code` {0} {name} @ref [link](url) %s 济南 Łódź'


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_come_out_as_text(tree: Tree, made_up: MakeResult, language: Language) -> None:
    names = {"title": NASTY, "site-1": "_" + NASTY, "system-1": "**x** " + "W" * 150, "server": "a\u202eb\x07c\nd"}
    folder = made_up(names=names)
    document, drawings = tree(folder, language)
    assert document.title == NASTY
    words = {text.replace("\u200b", "") for text in texts(document)}
    assert {"_" + NASTY, names["system-1"], "a\ufffdb\ufffdc d"} <= words
    # The legend keeps what begins with an underscore, and nothing is read as mathematics or as a tag.
    assert "&lt;b&gt;&amp;amp; #panic(" in drawings["rack-utilisation"]
    assert ">_&lt;b&gt;" in drawings["power"]
    assert "**x** WWWW" in drawings["placement"]


def test_characters_without_a_glyph_are_named(made_up: MakeResult) -> None:
    folder = made_up(names={"site-2": "Data centre 🏭"})
    with pytest.raises(ReportError, match=r"cannot show U\+1F3ED FACTORY$"):
        write_report(folder)
    assert not (folder / "report.pdf").exists()
    assert not (folder / "report.html").exists()


def test_fonts_cover_chinese_and_what_it_lacks(fonts: Fonts) -> None:
    fonts.check([KNOWN, "Ωmega Кириллица ✓ ▲ ×"])
    with pytest.raises(MissingGlyphsError, match=r"U\+0F40 TIBETAN LETTER KA"):
        fonts.check(["Lhasa \u0f40"])


def test_a_hundred_sites_are_put_together(tree: Tree, made_up: MakeResult) -> None:
    folder = made_up(sites=100, remote=5, years=7, systems=40, districts=5)
    document, drawings = tree(folder)
    assert "83 other sites" in drawings["rack-utilisation"]
    assert "85 other sites" in drawings["purchases"]
    tables = {b.id: b for section in document.sections for b in section.blocks if isinstance(b, Table)}
    assert len(tables["racks"].rows) == 101
    assert len(tables["placement"].rows) == 40
    assert tables["racks"].dense


def test_one_site_one_year_and_forty_years(tree: Tree, made_up: MakeResult) -> None:
    tree(made_up("least", sites=1, years=1, systems=1, targets=()))
    folder = made_up("long", sites=2, years=40, growth=1.01)
    document, _ = tree(folder)
    tables = {b.id: b for section in document.sections for b in section.blocks if isinstance(b, Table)}
    assert [column.title for column in tables["works"].columns][2:4] == ["2024–2028", "2029–2033"]
    assert [column.title for column in tables["compute"].columns][1:3] == ["2028", "2033"]


def test_a_plan_that_does_nothing(tree: Tree, made_up: MakeResult) -> None:
    folder = made_up(systems=0, targets=())
    for name in ("halls", "hardware", "power", "metrics", "costs", "placement"):
        table = folder / f"{name}.csv"
        table.write_text(table.read_text().splitlines()[0] + "\n")
    (folder / "progress.csv").unlink()
    (folder / "sources.csv").unlink()
    document, drawings = tree(folder)
    assert set(drawings) == {"glance", "energy"}
    assert [figure.value for figure in document.key_figures[1:]] == ["–", "0", "–", "–", "–"]
    found = titles(document)
    assert found["compute"] == "The city has no counted compute in 2025"
    assert found["racks"] == "The city has no racks in service in 2025"
    assert found["power"] == "No power is drawn"
    assert found["programme"] == "The plan builds and buys nothing"
    assert found["by-site"] == "No site holds racks or draws power"
    assert found["assumptions"] == "What the plan takes as given; the case names no sources"


def test_the_counting_convention_is_named(tree: Tree, made_up: MakeResult) -> None:
    document, _ = tree(made_up(remote=1))
    words = " ".join(texts(document))
    assert "AI FP16, general FP32. Each class of hardware counts at its own precision" in words
    # The third site stands outside: 100 trainers of 2.5 PFLOPS and 300 servers of 0.01.
    assert "Outside the city stand another 253 PFLOPS in 2025, which do not count." in words


def test_a_folder_that_is_not_a_result_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ResultError, match=r"no summary\.json"):
        write_report(tmp_path)
