"""The matrix that the other solvers read is the model's, and what they find is recorded."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import highspy
import numpy as np
import pytest

from benchmarks.plain_highs import solve_with_highs
from benchmarks.planning import history as history_of
from benchmarks.records import MPS_FILE, Recorder, Run, Task, read_run, write_record
from suanli.inputs.loading import load
from suanli.model import solve
from suanli.model.arrays.matrix import Matrix, compile_matrix, hand_over
from suanli.model.assemble import assemble

OPTIMUM = 12_539_311.44
"""Cost of the quickstart's best plan, CNY, as its file reckons it."""


@pytest.fixture(scope="module")
def matrix() -> Matrix:
    return compile_matrix(assemble(load("quickstart").case)[0])


@pytest.fixture
def task(matrix: Matrix, tmp_path: Path) -> Task:
    """A task whose folder holds the quickstart's matrix."""
    hand_over(matrix).writeModel(str(tmp_path / MPS_FILE))
    return Task("quickstart", str(tmp_path), str(tmp_path / "run.json"), offset=2.0, seconds=30.0, gap=1e-6, threads=1)


def test_the_matrix_survives_the_file_to_15_digits(matrix: Matrix, task: Task) -> None:
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.readModel(str(Path(task.folder) / MPS_FILE))
    lp = highs.getLp()
    np.testing.assert_allclose(lp.col_cost_, matrix.cost, rtol=1e-14)
    np.testing.assert_allclose(lp.col_lower_, matrix.lower, rtol=1e-14)
    np.testing.assert_allclose(lp.col_upper_, matrix.upper, rtol=1e-14)
    np.testing.assert_allclose(lp.row_lower_, matrix.row_lower, rtol=1e-14)
    np.testing.assert_allclose(lp.row_upper_, matrix.row_upper, rtol=1e-14)
    np.testing.assert_array_equal(lp.a_matrix_.index_, matrix.coefficients.indices)
    np.testing.assert_allclose(lp.a_matrix_.value_, matrix.coefficients.data, rtol=1e-14)
    np.testing.assert_array_equal([kind == highspy.HighsVarType.kInteger for kind in lp.integrality_], matrix.integer)
    assert lp.offset_ == pytest.approx(matrix.offset, abs=1e-12)


def is_the_optimum(run: Run, matrix: Matrix) -> bool:
    last = run.in_cny(matrix.money_unit).last
    return bool(last.best == pytest.approx(OPTIMUM, rel=1e-6) and last.gap <= 1e-5)


def test_plain_highs_finds_the_same_optimum_and_its_clock_begins_at_the_offset(matrix: Matrix, task: Task) -> None:
    run = solve_with_highs(task)
    assert is_the_optimum(run, matrix)
    assert 2.0 <= run.history[0].seconds <= run.history[-1].seconds <= run.end
    bounds = [moment.bound for moment in run.history]
    assert bounds == sorted(bounds)
    assert set(run.memory) == {"first plan", "1 %", "0.5 %", "end"}


def test_scip_finds_the_same_optimum(matrix: Matrix, task: Task) -> None:
    plain_scip = pytest.importorskip("benchmarks.plain_scip", exc_type=ImportError)
    run = plain_scip.solve_with_scip(task)
    assert is_the_optimum(run, matrix)
    assert run.history[0].seconds >= 2.0


def test_the_history_of_suanli_ends_with_the_cleaned_plan() -> None:
    plan = solve(load("quickstart").case, gap=1e-6, threads=1)
    history = history_of(plan, begun=3.0, end=60.0)
    assert len(history) == len(plan.progress) + 1
    assert history[0].seconds == 3.0 + plan.progress[0].seconds
    assert (history[-1].seconds, history[-1].best, history[-1].bound) == (60.0, plan.objective_cny, plan.bound_cny)


@pytest.fixture
def recorder() -> tuple[Recorder, Callable[[float], None]]:
    """A recorder, and what sets its clock."""
    now = [0.0]
    return Recorder(lambda: now[0]), lambda seconds: now.__setitem__(0, seconds)


def test_a_recorder_notes_changes_only_and_memory_at_milestones(
    recorder: tuple[Recorder, Callable[[float], None]], tmp_path: Path
) -> None:
    notes, at = recorder
    for seconds, best, bound in ((1, math.inf, 90), (2, 100, 90), (3, 101, 80), (4, 101, 99.2), (5, 99.5, 99.1)):
        at(seconds)
        notes.note(best, bound)
        if seconds == 2:
            assert set(notes.memory) == {"first plan"}
        if seconds == 4:
            assert set(notes.memory) == {"first plan", "1 %"}
    at(6)
    run = notes.run("solver")
    assert [(moment.seconds, moment.best, moment.bound) for moment in run.history[1:]] == [
        (2, 100, 90),
        (4, 100, 99.2),
        (5, 99.5, 99.2),
    ]
    assert set(run.memory) == {"first plan", "1 %", "0.5 %", "end"}
    assert all(mib > 0 for mib in run.memory.values())
    write_record(str(tmp_path / "run.json"), run)
    assert read_run(tmp_path / "run.json") == run
