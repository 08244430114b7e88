"""The verb run: what it prints, writes and refuses, and its exit codes."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from click.testing import Result

from suanli.reports.folder import COLUMNS

Verb = Callable[..., Result]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_plan_ends_with_0_and_a_whole_folder(planned: tuple[Path, Result]) -> None:
    folder, done = planned
    assert done.exit_code == 0
    assert done.stderr == ""
    summary = json.loads((folder / "summary.json").read_text("utf-8"))
    assert summary["status"] == "optimal"
    assert summary["objective_cny"] == pytest.approx(12_539_311.44)
    assert summary["audit"]["ok"] is True
    assert {path.name for path in folder.iterdir()} >= {
        *(f"{table}.csv" for table in COLUMNS),
        "report.pdf",
        "report.html",
        "figures",
    }
    assert (folder / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert [path.name for path in folder.parent.iterdir()] == ["town"], "something was left beside the result"


def test_the_summary_is_printed(planned: tuple[Path, Result]) -> None:
    folder, done = planned
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert "Quickstart: a small town's compute: optimal within the gap asked for" in lines
    assert any(line.startswith("net present cost CNY 12.539 m, proved to be at least CNY 12.5") for line in lines)
    assert "targets: 2 met, 1 missed" in lines
    assert "pue-2027 2027 <= 1.2 1.24172 missed by 44.1504" in lines
    assert any(line.startswith("audit: agrees (") for line in lines)
    assert f"result: {folder} (report.pdf, report.html, figures, tables)" in lines


def test_the_terminal_says_where_the_time_went(planned: tuple[Path, Result]) -> None:
    folder, done = planned
    (line,) = re.findall(r"^  seconds: (.+)$", done.stdout, re.M)
    total, _, phases = line.partition(" = ")
    spent = {phase: float(seconds) for phase, seconds in (words.split(" ") for words in phases.split(", "))}
    assert list(spent) == ["read", "build", "hand-over", "search", "polish", "write", "audit", "report"]
    assert float(total) == pytest.approx(sum(spent.values()), abs=0.05 * (len(spent) + 1))
    summary = json.loads((folder / "summary.json").read_text("utf-8"))
    assert list(summary["seconds"]) == ["read", "build", "solve", "report"], "the format of the result has no more"
    assert summary["seconds"]["solve"] == pytest.approx(spent["search"] + spent["polish"], abs=0.11)


def test_the_terminal_names_the_steps_that_found_plans(planned: tuple[Path, Result]) -> None:
    folder, done = planned
    found = r"\S.* s to the first plan, found by: (.+); \S+ s to the best, found by: (.+)"
    (steps,) = re.findall(f"^  search: {found}$", done.stdout, re.M)
    history = pd.read_csv(folder / "progress.csv").dropna(subset="best_cny")
    best = history.sort_values("best_cny", kind="stable")
    assert steps == (history["step"].iloc[0], best["step"].iloc[0])


def test_without_a_plan_no_step_is_said_to_have_found_one(suanli: Verb, puzzle: Callable[[bool], Path]) -> None:
    done = suanli("run", puzzle(False), "-o", "out", "--time-limit", 0.5)
    assert re.search(r"^ +\d+ s  bound .+, gap -, no plan yet: \S", done.stdout, re.M)
    assert "found by" not in done.stdout


def test_quiet_prints_nothing_and_the_default_folder_is_results_and_the_name(suanli: Verb) -> None:
    done = suanli("run", "quickstart", "--quiet", "--threads", 1)
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "")
    assert (Path("results") / "quickstart" / "report.pdf").is_file()


def test_the_module_runs_from_another_folder_and_a_resolved_case_gives_the_same_plan(
    planned: tuple[Path, Result], tmp_path: Path
) -> None:
    folder, _ = planned
    (tmp_path / "my.json").write_bytes((folder / "case.json").read_bytes())
    command = [sys.executable, "-m", "suanli", "run", "my.json", "-o", "again", "--gap", "0.0001", "--quiet"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    for table in ("halls", "hardware", "placement"):
        assert (tmp_path / "again" / f"{table}.csv").read_text() == (folder / f"{table}.csv").read_text()
    assert pd.read_csv(tmp_path / "again" / "costs.csv")["discounted_cny"].sum() == pytest.approx(12_539_311.44)


def test_an_impossible_scenario_ends_with_3_and_says_so(suanli: Verb, impossible: Path) -> None:
    done = suanli("run", impossible, "-o", "out")
    assert done.exit_code == 3
    assert "No plan can exist" in done.stderr
    summary = json.loads(Path("out/summary.json").read_text("utf-8"))
    assert (summary["status"], summary["objective_cny"], summary["audit"]["ok"]) == ("infeasible", None, None)
    assert not Path("out/sites.csv").exists()
    assert Path("out/report.pdf").exists()


def test_no_plan_in_time_ends_with_4(suanli: Verb, puzzle: Callable[[bool], Path]) -> None:
    done = suanli("run", puzzle(False), "-o", "out", "--time-limit", 0.5)
    assert done.exit_code == 4
    assert "No plan was found in time" in done.stderr
    assert json.loads(Path("out/summary.json").read_text("utf-8"))["status"] == "no plan"


def test_no_plan_in_time_leaves_the_previous_result(
    suanli: Verb, puzzle: Callable[[bool], Path], planned: tuple[Path, Result]
) -> None:
    shutil.copytree(planned[0], "out")
    before = contents(Path("out"))
    done = suanli("run", puzzle(False), "-o", "out", "--time-limit", 0.5)
    assert done.exit_code == 4
    assert "The previous result in out is left as it was" in done.stderr
    assert contents(Path("out")) == before


def test_a_plan_whose_gap_is_too_large_ends_with_0_and_is_not_called_optimal(
    suanli: Verb, puzzle: Callable[[bool], Path]
) -> None:
    done = suanli("run", puzzle(True), "-o", "out", "--time-limit", 1)
    assert done.exit_code == 0
    assert "a plan, not proved optimal within the gap asked for" in done.stdout
    summary = json.loads(Path("out/summary.json").read_text("utf-8"))
    assert summary["status"] == "feasible"
    assert summary["gap"] > summary["requested_gap"] == 0.005
    assert summary["bound_cny"] < summary["objective_cny"]
    assert summary["seconds"]["solve"] < 10


def test_a_result_replaces_the_previous_one_whole(suanli: Verb, impossible: Path, planned: tuple[Path, Result]) -> None:
    shutil.copytree(planned[0], "out")
    assert suanli("run", impossible, "-o", "out").exit_code == 3
    assert not Path("out/sites.csv").exists(), "tables of the previous result are left"
    assert sorted(path.name for path in Path().iterdir()) == ["impossible.yaml", "out"]


def test_a_link_to_a_result_stays_a_link(suanli: Verb, impossible: Path, planned: tuple[Path, Result]) -> None:
    shutil.copytree(planned[0], "real")
    Path("link").symlink_to("real")
    assert suanli("run", impossible, "-o", "link").exit_code == 3
    assert Path("link").is_symlink()
    assert not Path("real/sites.csv").exists()
    assert sorted(path.name for path in Path().iterdir()) == ["impossible.yaml", "link", "real"]


@pytest.mark.parametrize(
    ("output", "told"),
    [
        ("file", "file is a file; give the name of a folder for the result"),
        ("photos", "photos exists and is not a result of suanli (no summary.json); choose another folder"),
        (".", ". is the folder you are in, which cannot be replaced; choose another folder"),
        ("file/below", "file/below cannot be written: Not a directory"),
    ],
)
def test_what_is_not_a_result_is_refused_before_solving_and_stays_whole(suanli: Verb, output: str, told: str) -> None:
    Path("file").write_text("mine")
    Path("photos").mkdir()
    Path("photos/cat.jpg").write_text("miaow")
    before = contents(Path())
    done = suanli("run", "quickstart", "-o", output)
    assert done.exit_code == 2
    assert done.stderr == f"error: {told}\n"
    assert done.stdout == "", "the search began"
    assert contents(Path()) == before


def test_a_place_that_cannot_be_written_is_told_before_solving(suanli: Verb) -> None:
    if not Path("/proc/self").exists():
        pytest.skip("no folder at hand that nobody can write to")
    done = suanli("run", "quickstart", "-o", "/proc/self/town")
    assert done.exit_code == 2
    assert done.stderr.startswith("error: /proc/self/town cannot be written: ")
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--gap", "2"], "Invalid value for '--gap'"),
        (["--gap", "a"], "Invalid value for '--gap'"),
        (["--time-limit", "0"], "Invalid value for '--time-limit'"),
        (["--threads", "0"], "Invalid value for '--threads'"),
        (["--tme", "1"], "No such option"),
    ],
)
def test_a_wrong_command_line_ends_with_2(suanli: Verb, arguments: list[str], told: str) -> None:
    done = suanli("run", "quickstart", *arguments)
    assert done.exit_code == 2
    assert told in done.stderr
    assert not list(Path().iterdir())


def test_a_wrong_scenario_ends_with_2_and_writes_nothing(suanli: Verb) -> None:
    Path("wrong.yaml").write_text("extends: quickstart\ndiscount_rat: 0.1\n")
    done = suanli("run", "wrong.yaml")
    assert done.exit_code == 2
    assert "wrong.yaml:2 (key discount_rat)" in done.stderr
    assert "did you mean discount_rate?" in done.stderr
    assert [path.name for path in Path().iterdir()] == ["wrong.yaml"]


def test_a_report_that_cannot_be_drawn_does_not_cost_the_plan(suanli: Verb) -> None:
    Path("factory.yaml").write_text('extends: quickstart\ntitle: {en: "Factory \U0001f3ed"}\n', "utf-8")
    done = suanli("run", "factory.yaml", "-o", "out")
    assert done.exit_code == 0
    assert "no report: out: the report's fonts cannot show U+1F3ED FACTORY" in done.stderr
    assert "suanli report out" in done.stderr
    assert json.loads(Path("out/summary.json").read_text("utf-8"))["audit"]["ok"] is True
    assert not Path("out/report.pdf").exists()
    again = suanli("report", "out")
    assert again.exit_code == 2
    assert "U+1F3ED FACTORY" in again.stderr


def test_the_exit_codes_are_told_by_help(suanli: Verb) -> None:
    told = " ".join(suanli("--help").stdout.split())
    assert "Example: suanli run quickstart" in told
    assert "Exit codes: 0 done, 2 the input or the command line is wrong, 3 no plan can exist," in told
    assert "4 no plan was found in time, 5 the audit disagrees with the result." in told


def test_a_folder_with_anything_else_in_it_is_never_replaced(
    suanli: Verb, tmp_path: Path, planned: tuple[Path, Result]
) -> None:
    shutil.copytree(planned[0], tmp_path / "out")
    (tmp_path / "out" / "notes.txt").write_text("mine")
    done = suanli("run", "quickstart", "-o", "out")
    assert done.exit_code == 2
    assert "out also holds notes.txt, which would be lost" in done.stderr
    assert (tmp_path / "out" / "notes.txt").read_text() == "mine"


def test_somebody_else_s_summary_does_not_make_a_result(suanli: Verb, tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "summary.json").write_text('{"total": 5}')
    done = suanli("run", "quickstart", "-o", "thesis")
    assert done.exit_code == 2
    assert "is not a result of suanli" in done.stderr
    assert (tmp_path / "thesis" / "summary.json").read_text() == '{"total": 5}'


def test_not_a_number_is_no_gap(suanli: Verb) -> None:
    done = suanli("run", "quickstart", "--gap", "nan")
    assert done.exit_code == 2
    assert "'nan' is not a number" in done.stderr


def test_a_report_drawn_again_is_audited_again(suanli: Verb, tmp_path: Path, planned: tuple[Path, Result]) -> None:
    shutil.copytree(planned[0], tmp_path / "out")
    targets = tmp_path / "out" / "targets.csv"
    table = pd.read_csv(targets)
    table.loc[table["target"] == "pue-2027", ["attained", "met", "missed", "penalty_cny"]] = [1.15, True, 0.0, 0.0]
    table.to_csv(targets, index=False)
    assert suanli("report", "out").exit_code == 0
    audit = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))["audit"]
    assert audit["ok"] is False
    assert any("pue-2027" in failure for failure in audit["failures"])


def test_another_case_than_the_one_planned_is_found(suanli: Verb, tmp_path: Path, planned: tuple[Path, Result]) -> None:
    shutil.copytree(planned[0], tmp_path / "out")
    case = tmp_path / "out" / "case.json"
    case.write_text(case.read_text("utf-8").replace('"max_halls": ', '"max_halls": 1'), encoding="utf-8")
    done = suanli("audit", "out")
    assert done.exit_code == 5
    assert "case.json is not the case that was planned" in done.stdout
