"""A process in which HiGHS, with its default options, solves the matrix of an MPS file, measured."""

from __future__ import annotations

import math
import sys
import time
from pathlib import Path
from typing import Any

import highspy

from .records import MPS_FILE, Recorder, Run, Task, write_record


def solve_with_highs(task: Task) -> Run:
    """Solve the matrix in the task's folder; the clock begins at the task's offset once the file is read."""
    highs = highspy.Highs()
    highs.setOptionValue("log_to_console", False)
    if highs.readModel(str(Path(task.folder) / MPS_FILE)) == highspy.HighsStatus.kError:
        raise RuntimeError("HiGHS cannot read the matrix")
    highs.setOptionValue("threads", task.threads)
    highs.setOptionValue("time_limit", task.search_seconds(task.offset))
    highs.setOptionValue("mip_rel_gap", task.gap)
    begun = time.monotonic()
    recorder = Recorder(lambda: task.offset + time.monotonic() - begun)

    def note(event: Any) -> None:
        recorder.note(_finite(event.data_out.mip_primal_bound, math.inf), _finite(event.data_out.mip_dual_bound))

    def note_plan(event: Any) -> None:
        recorder.note(float(event.data_out.objective_function_value), _finite(event.data_out.mip_dual_bound))

    highs.cbMipLogging.subscribe(note)
    highs.cbMipInterrupt.subscribe(note)
    highs.cbMipImprovingSolution.subscribe(note_plan)
    highs.run()
    info = highs.getInfo()
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    best = float(info.objective_function_value) if found else math.inf
    whole = highs.getLp().integrality_ and highspy.HighsVarType.kInteger in highs.getLp().integrality_
    recorder.note(best, _finite(info.mip_dual_bound) if whole else best)
    return recorder.run("HiGHS")


def _finite(value: float, otherwise: float = -math.inf) -> float:
    return float(value) if abs(value) < highspy.kHighsInf else otherwise


def main() -> None:
    """Solve and write the record."""
    task = Task.from_argument(sys.argv[1])
    write_record(task.record, solve_with_highs(task))


if __name__ == "__main__":
    main()
