"""A process that fills the matrix of a case by hand and passes it to HiGHS, measured: the floor."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np

from suanli.inputs.loading import load

from ..memory import Phases
from ..records import CASE_FILE, GIVEN_FILE, Floor, Task, write_record
from .matrix import Given, fill, pass_on, scaled
from .plain_arrays import plain_arrays


def main() -> None:
    """Measure each phase, then write the record."""
    task = Task.from_argument(sys.argv[1])
    file = Path(task.folder) / CASE_FILE
    with np.load(Path(task.folder) / GIVEN_FILE) as arrays:
        given = Given(**arrays)
    case = load(str(file)).case
    phases = Phases(time.monotonic())
    json.loads(file.read_text("utf-8"))
    phases.end("read")
    arrays_of_case = plain_arrays(case)
    phases.end("arrays")
    matrix = fill(arrays_of_case, given)
    phases.end("fill")
    matrix = scaled(matrix)
    phases.end("scale")
    pass_on(matrix)
    phases.end("pass")
    write_record(task.record, Floor(phases.seconds, phases.memory))


if __name__ == "__main__":
    main()
