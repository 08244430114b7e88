"""A process that reads a case, builds its model and hands it to HiGHS, measured; it leaves the matrix as MPS."""

from __future__ import annotations

import sys
from pathlib import Path

import suanli.verbs.running  # noqa: F401  what the command imports belongs to its start
from suanli.inputs.loading import load
from suanli.model.arrays.matrix import compile_matrix, hand_over
from suanli.model.assemble import assemble

from .memory import Phases
from .records import MPS_FILE, Preparation, Size, Task, write_record


def main() -> None:
    """Measure each phase, then write the matrix and the record."""
    task = Task.from_argument(sys.argv[1])
    phases = Phases(task.began)
    phases.end("start")
    case = load(task.scenario).case
    phases.end("read")
    model, _ = assemble(case)
    phases.end("build")
    matrix = compile_matrix(model)
    highs = hand_over(matrix)
    phases.end("hand-over")
    size = matrix.size()
    highs.writeModel(str(Path(task.folder) / MPS_FILE))
    sizes = Size(size.rows, size.columns, size.nonzeros, size.integers)
    write_record(task.record, Preparation(sizes, phases.seconds, phases.memory, matrix.money_unit))


if __name__ == "__main__":
    main()
