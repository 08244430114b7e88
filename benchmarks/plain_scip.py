"""A process in which SCIP, with its default options, solves the matrix of an MPS file, measured."""

from __future__ import annotations

import math
import sys
import time
from pathlib import Path
from typing import Any

import pyscipopt

from .records import MPS_FILE, Recorder, Run, Task, write_record

EVENTS = (pyscipopt.SCIP_EVENTTYPE.BESTSOLFOUND, pyscipopt.SCIP_EVENTTYPE.DUALBOUNDIMPROVED)


class Listener(pyscipopt.Eventhdlr):  # type: ignore[misc]
    """Notes every change of the best plan and of the bound."""

    def __init__(self, recorder: Recorder) -> None:
        """Note to this recorder."""
        self._recorder = recorder

    def eventinit(self) -> None:
        for event in EVENTS:
            self.model.catchEvent(event, self)

    def eventexit(self) -> None:
        for event in EVENTS:
            self.model.dropEvent(event, self)

    def eventexec(self, event: Any) -> None:
        note(self.model, self._recorder)


def note(model: Any, recorder: Recorder) -> None:
    """Note where SCIP stands. The best solution is asked, since the primal bound lags behind it in an event."""
    best = model.getSolObjVal(model.getBestSol()) if model.getNSols() else math.inf
    bound = model.getDualbound()
    recorder.note(best, -math.inf if model.isInfinity(abs(bound)) else bound)


def solve_with_scip(task: Task) -> Run:
    """Solve the matrix in the task's folder; the clock begins at the task's offset once the file is read."""
    model = pyscipopt.Model()
    model.hideOutput()
    model.readProblem(str(Path(task.folder) / MPS_FILE))
    model.setParam("limits/time", task.search_seconds(task.offset))
    model.setParam("limits/gap", task.gap)
    begun = time.monotonic()
    recorder = Recorder(lambda: task.offset + time.monotonic() - begun)
    model.includeEventhdlr(Listener(recorder), "progress", "notes plans and bounds")
    model.optimize()
    note(model, recorder)
    return recorder.run("SCIP")


def main() -> None:
    """Solve and write the record."""
    task = Task.from_argument(sys.argv[1])
    write_record(task.record, solve_with_scip(task))


if __name__ == "__main__":
    main()
