"""The command, and the page that it writes."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.__main__ import main
from benchmarks.cases import find_case
from benchmarks.curves import write_curves
from benchmarks.memory import Phases
from benchmarks.moments import Moment
from benchmarks.page import replace_section, surroundings
from benchmarks.processes import Comparison, Settings, compare
from benchmarks.records import Preparation, Run, Size

ROOT = Path(__file__).parents[2]
PREPARED = Preparation(Size(1, 1, 1, 1), {}, {}, 1.0)


def test_a_new_section_goes_to_the_end_and_an_old_one_is_replaced() -> None:
    page = "# Speed\n\nHow to read it.\n"
    first = replace_section(page, "plans", "old table")
    both = replace_section(first, "hand-over", "floor")
    again = replace_section(both, "plans", "new table")
    assert first.startswith(page)
    assert "old table" not in again
    assert again == both.replace("old table", "new table")
    assert again.index("new table") < again.index("floor")


def test_a_section_without_an_end_is_not_guessed_at() -> None:
    page = replace_section("", "plans", "table").replace("<!-- end of plans -->", "")
    with pytest.raises(ValueError, match="has no line '<!-- end of plans -->'"):
        replace_section(page, "plans", "table")


def test_the_page_in_the_checkout_can_be_written() -> None:
    page = (ROOT / "docs" / "performance.md").read_text("utf-8")
    written = replace_section(page, "plans", "a table")
    assert "How to read the tables" in written
    assert written.count("a table") == 1


def test_the_machine_is_described_without_its_name() -> None:
    told = surroundings()
    assert "core" in told
    assert "highspy 1." in told
    assert "Python 3." in told
    assert "/" not in told


def test_a_case_is_a_file_or_a_name(tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    file.write_text("{}")
    assert (find_case(str(file), tmp_path).name, find_case(str(file), tmp_path).scenario) == ("mine", str(file))
    assert find_case("jinan-2027", tmp_path).scenario == "jinan-2027"


def test_phases_measure_time_and_memory_of_their_own() -> None:
    phases = Phases(began=0.0)
    phases.end("before")
    held = bytearray(80 * 2**20)
    phases.end("large")
    del held
    phases.end("after")
    assert list(phases.seconds) == ["before", "large", "after"]
    assert 80 < phases.memory["large"] < 80 + 2 * phases.memory["before"]
    assert phases.seconds["large"] < phases.seconds["before"], "the first phase began with the clock"


def test_curves_are_gaps_second_by_second(tmp_path: Path) -> None:
    town = find_case("town", tmp_path)
    runs = (
        Run("suanli", (Moment(1.5, 200.0, 100.0), Moment(3.0, 100.0, 100.0)), end=3.0),
        Run("SCIP", (Moment(2.0, float("inf"), 100.0),), end=4.0),
    )
    group = [Comparison(town, PREPARED, runs)]
    file = write_curves(tmp_path / "curves", group, 4.0)
    with file.open(encoding="utf-8") as stream:
        rows = list(csv.reader(stream))
    assert file.name == "town.csv"
    assert rows == [
        ["seconds", "suanli", "SCIP"],
        ["1", "", ""],
        ["2", "0.500000", ""],
        ["3", "0.000000", ""],
        ["4", "0.000000", ""],
    ]


def test_suanli_and_highs_are_measured_in_processes_of_their_own(tmp_path: Path) -> None:
    quickstart = find_case("quickstart", tmp_path)
    measured = compare(quickstart, Settings(seconds=30.0, gap=1e-6, threads=1, solvers=("suanli", "HiGHS")))
    size = measured.preparation.size
    assert (size.rows, size.columns, size.nonzeros, size.integers) == (112, 98, 310, 67)
    assert list(measured.preparation.seconds) == ["start", "read", "build", "hand-over"]
    ours, highs = measured.runs
    assert ours.last.best == pytest.approx(12_539_311.44)
    assert highs.last.best == pytest.approx(12_539_311.44, rel=1e-6)
    assert max(ours.last.gap, highs.last.gap) <= 1e-5
    assert ours.end <= ours.written < float("inf")
    assert highs.memory["end"] < ours.memory["end"], "without Python's model"


def test_the_hand_over_command_writes_its_section(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Mine\n", "utf-8")
    done = CliRunner().invoke(main, ["quickstart", "--hand-over", "--output", str(page)])
    assert done.exit_code == 0, done.output
    assert "| quickstart |      310 |" in done.stdout
    written = page.read_text("utf-8")
    assert written.startswith("# Mine\n\n<!-- hand-over: written by `python -m benchmarks` -->\n")
    assert "| quickstart |      310 |" in written


def test_a_case_that_cannot_be_read_ends_the_command(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["nowhere", "--hand-over"])
    assert done.exit_code == 1
    assert "a measuring process failed: -m benchmarks.floor.given" in done.output


def test_help_explains_itself() -> None:
    told = " ".join(CliRunner().invoke(main, ["--help"]).stdout.split())
    for words in ("SIZE:SEED", "--seconds", "--no-scip", "--hand-over", "--output", "docs/performance.md"):
        assert words in told
