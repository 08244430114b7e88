"""The cells of the tables, from runs made up by hand."""

from __future__ import annotations

import math

import pytest

from benchmarks.cases import Subject
from benchmarks.moments import Moment
from benchmarks.processes import Comparison, HandOver
from benchmarks.records import Floor, Preparation, Run, Size
from benchmarks.tables import contradictions, gaps, grid, hand_overs, marks_until, preparations, ratios, searches

MATRIX = Size(rows=1200, columns=3400, nonzeros=56000, integers=780)
PHASES = ("start", "read", "build", "hand-over")


def prepared(seconds: tuple[float, ...] = (1.0, 0.25, 0.5, 0.125)) -> Preparation:
    memory = dict(zip(PHASES, (100.0, 110.0, 300.0, 200.0), strict=True))
    return Preparation(MATRIX, dict(zip(PHASES, seconds, strict=True)), memory, money_unit=1.0)


def run(solver: str, *history: tuple[float, float, float], end: float = 60.0, written: float = math.inf) -> Run:
    memory = {"first plan": 200.0, "1 %": 210.0, "0.5 %": 220.0, "end": 230.0}
    return Run(solver, tuple(Moment(*moment) for moment in history), end, memory, written=written)


OURS = run("suanli", (5.0, 2e9, 1e9), (12.0, 1.01e9, 1e9), (20.0, 1.004e9, 1e9), end=20.0, written=21.5)
HIGHS = run("HiGHS", (2.0, 4e9, 1e9), (48.0, 1.01e9, 1e9))
SCIP = run("SCIP", (1.0, math.inf, 1e9))
SUBJECT = Subject("town", "town")
GROUPS = [[Comparison(SUBJECT, prepared(), (OURS, HIGHS, SCIP))]]


def cells(table: str) -> list[dict[str, str]]:
    """The rows of a Markdown table by column."""
    titles, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines())
    return [dict(zip(titles, row, strict=True)) for row in rows]


def test_a_grid_is_aligned_markdown() -> None:
    assert grid(["case", "rows"], [["a", "1,000"], ["town", "5"]]).splitlines() == [
        "| case |  rows |",
        "| ---- | ----: |",
        "| a    | 1,000 |",
        "| town |     5 |",
    ]


def test_the_size_and_every_phase_up_to_the_hand_over_are_shown() -> None:
    (row,) = cells(preparations(GROUPS))
    assert (row["rows"], row["columns"], row["nonzeros"], row["integers"]) == ("1,200", "3,400", "56,000", "780")
    assert [row[phase] for phase in PHASES] == [
        "1.00 s, 100 MiB",
        "0.25 s, 110 MiB",
        "0.50 s, 300 MiB",
        "0.12 s, 200 MiB",
    ]
    # 0.25 + 0.5 + 0.125 s, and the largest of the memories.
    assert row["read to hand-over"] == "0.88 s, 300 MiB"


def test_milestones_are_shown_with_their_memory_and_a_dash_for_never() -> None:
    ours, highs, scip = cells(searches(GROUPS))
    assert (ours["solver"], highs["solver"], scip["solver"]) == ("suanli", "HiGHS", "SCIP")
    assert [ours[name] for name in ("first plan", "1 %", "0.5 %", "end", "written")] == [
        "5.00 s, 200 MiB",
        "12.0 s, 210 MiB",
        "20.0 s, 220 MiB",
        "20.0 s, 230 MiB",
        "21.5 s",
    ]
    assert ours["plan, CNY m"] == "1,004.000"
    assert ours["gap at the end"] == "0.40%"  # 4 of 1,004
    assert (highs["1 %"], highs["0.5 %"], highs["written"]) == ("48.0 s, 210 MiB", "-", "-")
    assert (scip["first plan"], scip["plan, CNY m"], scip["gap at the end"]) == ("-", "-", "-")


def test_the_gap_is_shown_at_marks_up_to_the_limit() -> None:
    assert marks_until(45.0) == [5, 10, 20, 30, 45]
    assert marks_until(60.0) == [5, 10, 20, 30, 60]
    ours, highs, scip = cells(gaps(GROUPS, 60.0))
    assert [ours[mark] for mark in ("5 s", "10 s", "20 s", "60 s")] == ["50.00%", "50.00%", "0.40%", "0.40%"]
    assert [highs[mark] for mark in ("5 s", "30 s", "60 s")] == ["75.00%", "75.00%", "0.99%"]
    assert set(list(scip.values())[2:]) == {"-"}


def test_ratios_are_multiples_of_ours_and_say_what_is_known_of_what_was_never_reached() -> None:
    highs, scip = cells(ratios(GROUPS, 60.0))
    assert highs["time to 1 %"] == "4"  # 48 s against 12 s
    assert highs["time to 0.5 %"] == "> 3"  # not in 60 s, against 20 s
    assert highs["gap at 60 s"] == "2.5"  # 10 of 1,010 against 4 of 1,004: 0.9901 / 0.3984
    assert highs["smaller gap than suanli's at"] == "never"
    assert (scip["time to 1 %"], scip["gap at 60 s"]) == ("> 5", "-")


def test_where_another_solver_is_ahead_the_moment_is_named() -> None:
    ahead = run("HiGHS", (1.0, 1.02e9, 1e9), (6.0, 1.004e9, 1e9))
    (row,) = cells(ratios([[Comparison(SUBJECT, prepared(), (OURS, ahead))]], 60.0))
    assert row["smaller gap than suanli's at"] == "5 s, 10 s"
    assert row["time to 0.5 %"] == "0.3"
    assert row["gap at 60 s"] == "even"  # both 4 of 1,004
    late = run("suanli", (1.0, 2e9, 1e9))
    (row,) = cells(ratios([[Comparison(SUBJECT, prepared(), (late, ahead))]], 60.0))
    assert row["time to 0.5 %"] == "< 0.1"


def test_nothing_is_said_of_other_solvers_where_none_ran() -> None:
    assert ratios([[Comparison(SUBJECT, prepared(), (OURS,))]], 60.0) == ""


def test_of_several_rounds_the_median_is_shown() -> None:
    plans = [(8.0, "8.00 s, 200 MiB"), (math.inf, "-")]
    for third, shown in plans:
        rounds = [run("suanli", (seconds, 2e9, 1e9)) for seconds in (5.0, third)] + [
            run("suanli", (9.0, math.inf, 1e9))
        ]
        rounds = rounds if third == math.inf else [*rounds[:2], run("suanli", (30.0, 2e9, 1e9))]
        (row,) = cells(searches([[Comparison(SUBJECT, prepared(), (one,)) for one in rounds]]))
        assert row["first plan"] == shown


def test_a_bound_that_a_plan_refutes_is_told() -> None:
    wrong = run("HiGHS", (3.0, math.inf, 1.1e9))
    assert contradictions(GROUPS) == []
    assert contradictions([[Comparison(SUBJECT, prepared(), (OURS, wrong))]]) == [
        "town: HiGHS proved 1,100.000, yet a plan costs 1,004.000 CNY m"
    ]


def test_the_hand_over_is_compared_with_the_floor_and_with_all_by_hand() -> None:
    seconds = {"read": 0.1, "arrays": 0.15, "fill": 0.2, "scale": 0.1, "pass": 0.05}
    floor = Floor(seconds, dict.fromkeys(seconds, 80.0))
    (row,) = cells(hand_overs([HandOver(SUBJECT, (prepared(),), (floor,))]))
    assert row["sum"] == "0.875 s"
    assert row["sum / fill and pass"] == "3.5"  # 0.875 / 0.25
    assert row["sum / fill, scale and pass"] == "2.5"  # 0.875 / 0.35
    assert row["sum / all by hand"] == "1.5"  # 0.875 / 0.6
    assert (row["MiB"], row["MiB by hand"]) == ("300", "80")


def test_costs_of_the_matrix_become_cny() -> None:
    assert run("HiGHS", (1.0, 3.0, 2.0)).in_cny(1024.0).last == Moment(1.0, 3072.0, 2048.0)
    assert run("HiGHS").last.gap == math.inf
    assert run("HiGHS", end=7.0).last.seconds == pytest.approx(7.0)
