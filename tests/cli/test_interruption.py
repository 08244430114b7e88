"""Ctrl-C while the search is at work."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Start = Callable[..., subprocess.Popen[str]]


def interrupt_after(process: subprocess.Popen[str], words: str) -> tuple[str, str]:
    """Send Ctrl-C when the process has printed some words; returns what it prints after that."""
    assert process.stdout is not None
    for line in process.stdout:
        if words in line:
            break
    else:
        pytest.fail(f"never printed {words!r}: {process.communicate()}")
    process.send_signal(signal.SIGINT)
    return process.communicate(timeout=60)


def test_the_best_plan_is_kept(start: Start, puzzle: Callable[[bool], Path], tmp_path: Path) -> None:
    process = start("run", puzzle(True), "-o", "out", "--time-limit", 300)
    printed, _ = interrupt_after(process, "plan CNY")
    assert process.returncode == 0
    assert "a plan, not proved optimal within the gap asked for" in printed
    summary = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    assert summary["status"] == "feasible"
    assert summary["audit"]["ok"] is True
    assert summary["seconds"]["solve"] < 60


def test_without_a_plan_the_previous_result_stays_whole(
    start: Start, puzzle: Callable[[bool], Path], tmp_path: Path, planned: tuple[Path, Result]
) -> None:
    shutil.copytree(planned[0], tmp_path / "out")
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir() if path.is_file()}
    process = start("run", puzzle(False), "-o", "out", "--time-limit", 300)
    _, told = interrupt_after(process, "no plan yet")
    assert process.returncode == 4
    assert "The previous result in out is left as it was" in told
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir() if path.is_file()} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "puzzle.yaml"]


@pytest.mark.parametrize("verb", [["alternatives"], ["pareto", "--against", "capex"]])
def test_plans_of_a_series_are_saved_whole_or_not_at_all(
    start: Start, puzzle: Callable[[bool], Path], tmp_path: Path, verb: list[str]
) -> None:
    """What was found when the search was interrupted is not the point asked for: the next run plans it afresh."""
    process = start(*verb, puzzle(True), "-o", "out", "--time-limit", 300)
    _, told = interrupt_after(process, "plan CNY")
    assert process.returncode == 4
    assert "Stopped by you. Run the same command again to go on." in told
    assert sorted(path.name for path in tmp_path.iterdir()) == ["puzzle.yaml"]
