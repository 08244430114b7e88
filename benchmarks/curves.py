"""The gap of each solver second by second, as CSV."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Sequence
from pathlib import Path

from .moments import gap_at
from .processes import Comparison


def write_curves(folder: Path, group: Sequence[Comparison], limit: float) -> Path:
    """Write seconds, and a column of gaps for each solver and run; a cell is empty while there is no gap."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{re.sub(r'[^A-Za-z0-9.-]+', '-', group[0].subject.name)}.csv"
    runs = [(run, number) for number, comparison in enumerate(group, 1) for run in comparison.runs]
    with file.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(["seconds", *(run.solver if len(group) == 1 else f"{run.solver} {n}" for run, n in runs)])
        for second in range(1, math.floor(limit) + 1):
            shares = [gap_at(run.history, second) for run, _ in runs]
            table.writerow([second, *(f"{share:.6f}" if math.isfinite(share) else "" for share in shares)])
    return file
