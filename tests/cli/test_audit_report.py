"""The verbs audit and report on a result folder, whole and broken."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from openpyxl import load_workbook

Verb = Callable[..., Result]


@pytest.fixture
def town(planned: tuple[Path, Result], tmp_path: Path) -> Path:
    """A copy of the result of quickstart, to be broken."""
    return Path(shutil.copytree(planned[0], tmp_path / "town"))


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), "utf-8")


def test_a_right_result_ends_with_0(suanli: Verb, town: Path) -> None:
    done = suanli("audit", town)
    assert done.exit_code == 0
    assert done.stdout.startswith("  audit: agrees (")


def test_a_changed_cell_ends_with_5_and_is_named(suanli: Verb, town: Path) -> None:
    change(
        town / "hardware.csv", "old_centre,liquid,ai_server,2027,12,0,20", "old_centre,liquid,ai_server,2027,11,0,19"
    )
    done = suanli("audit", town)
    assert done.exit_code == 5
    assert "audit: disagrees in" in done.stdout
    assert "metrics.csv: compute_pflops (city), 2027, is 40.9 PFLOPS, expected 38.9 PFLOPS" in done.stdout


def test_a_cost_that_is_too_small_ends_with_5(suanli: Verb, town: Path) -> None:
    summary = json.loads((town / "summary.json").read_text("utf-8"))
    summary["objective_cny"] -= 1000
    (town / "summary.json").write_text(json.dumps(summary), "utf-8")
    done = suanli("audit", town)
    assert done.exit_code == 5
    assert "summary.json: objective 12,538,311.4 CNY, expected 12,539,311.4 CNY" in done.stdout


@pytest.mark.parametrize("verb", ["audit", "report"])
@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (lambda town: (town / "summary.json").unlink(), "is not a result folder: it has no summary.json"),
        (lambda town: (town / "case.json").write_text("{"), "case.json"),
        (lambda town: (town / "power.csv").unlink(), "power.csv"),
        (lambda town: change(town / "sites.csv", "site,year,open", "site,year,closed"), "sites.csv: columns"),
        (shutil.rmtree, "is not a result folder"),
    ],
    ids=["summary", "case", "table", "column", "folder"],
)
def test_what_is_not_a_whole_result_ends_with_2(
    suanli: Verb, town: Path, verb: str, broken: Callable[[Path], None], told: str
) -> None:
    broken(town)
    done = suanli(verb, town)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr.startswith("error: ")
    assert told in done.stderr


def test_a_table_that_speaks_of_another_case_is_not_drawn(suanli: Verb, town: Path) -> None:
    change(town / "targets.csv", "\ncompute-2027,", "\ncompute-2099,")
    done = suanli("report", town)
    assert done.exit_code == 2
    assert done.stderr.endswith("its tables cannot be drawn: targets.csv, line 2: unknown target 'compute-2099'\n")


def test_a_workbook_is_written_where_it_is_asked_for(suanli: Verb, town: Path) -> None:
    assert not (town / "plan.xlsx").exists()
    done = suanli("report", town, "--excel")
    assert done.exit_code == 0
    assert done.stdout == "".join(f"Wrote {town / name}\n" for name in ("report.pdf", "report.html", "plan.xlsx"))
    sheet = load_workbook(town / "plan.xlsx")["Summary"]
    facts = {row[0].value: row[1].value for row in sheet.iter_rows()}
    assert facts["Net present cost"] == pytest.approx(12_539_311.44)


def test_the_report_is_drawn_again_from_the_folder_alone(suanli: Verb, town: Path) -> None:
    before = (town / "report.pdf").read_bytes()
    (town / "report.pdf").unlink()
    shutil.rmtree(town / "figures")
    done = suanli("report", town)
    assert done.exit_code == 0
    assert done.stdout == f"Wrote {town / 'report.pdf'}\nWrote {town / 'report.html'}\n"
    assert (town / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert len(before) == pytest.approx((town / "report.pdf").stat().st_size, rel=0.05)
    assert any((town / "figures").iterdir())


def test_a_format_that_was_not_asked_for_stays_as_it_is(suanli: Verb, town: Path) -> None:
    (town / "report.pdf").write_text("of an earlier day")
    done = suanli("report", town, "--format", "html", "--language", "zh")
    assert done.exit_code == 0
    assert done.stdout == f"Wrote {town / 'report.zh.html'}\n"
    assert (town / "report.pdf").read_text() == "of an earlier day"
    assert not (town / "report.zh.pdf").exists()
    assert '<html lang="zh-Hans">' in (town / "report.zh.html").read_text("utf-8")
