"""Starts the measuring processes, one after the other, each with memory of its own."""

from __future__ import annotations

import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .cases import Subject
from .records import Floor, Preparation, Run, Task, read_floor, read_preparation, read_run

ROOT = Path(__file__).parents[1]
OURS = "suanli"
SOLVERS = {OURS: "planning", "HiGHS": "plain_highs", "SCIP": "plain_scip"}
"""The solvers, in their order in the tables, and the modules that run them."""

GRACE = 300.0
"""Seconds that a solver may go on beyond its time limit before it is ended. Another solver than suanli that had to be
ended, or broke down, counts as without a plan."""


@dataclass(frozen=True)
class Settings:
    """How to run: the time limit (seconds since the command began), the gap at which a solver may end, threads."""

    seconds: float
    gap: float
    threads: int
    solvers: tuple[str, ...] = tuple(SOLVERS)


@dataclass(frozen=True)
class Comparison:
    """One case, prepared once and solved once by each solver, side by side."""

    subject: Subject
    preparation: Preparation
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class HandOver:
    """One case, prepared once or more by suanli and by hand."""

    subject: Subject
    preparations: tuple[Preparation, ...]
    floors: tuple[Floor, ...]


def start(module: str, task: Task, timeout: float | None = None) -> None:
    """Run a measuring module in a process of its own; its clock begins now."""
    task = Task(**{**vars(task), "began": time.monotonic()})
    command = [sys.executable, "-m", f"{__package__}.{module}", task.as_argument()]
    subprocess.run(command, check=True, cwd=ROOT, timeout=timeout)


def prepare(subject: Subject, folder: Path) -> Preparation:
    """Read, build and hand over, measured; leaves the matrix in the folder."""
    record = folder / "preparation.json"
    start("preparing", Task(subject.scenario, str(folder), str(record)))
    return read_preparation(record)


def compare(subject: Subject, settings: Settings) -> Comparison:
    """Prepare the case and let each solver solve it."""
    with tempfile.TemporaryDirectory(prefix="suanli-benchmark-") as name:
        folder = Path(name)
        preparation = prepare(subject, folder)
        return Comparison(subject, preparation, tuple(_runs(subject, settings, preparation, folder)))


def hand_over(subject: Subject, repeat: int) -> HandOver:
    """Read, build and hand over, and fill the same matrix by hand, in turns."""
    with tempfile.TemporaryDirectory(prefix="suanli-benchmark-") as name:
        folder = Path(name)
        record = folder / "floor.json"
        task = Task(subject.scenario, str(folder), str(record))
        start("floor.given", task)
        preparations, floors = [], []
        for _ in range(repeat):
            preparations.append(prepare(subject, folder))
            start("floor.filling", task)
            floors.append(read_floor(record))
        return HandOver(subject, tuple(preparations), tuple(floors))


def _runs(subject: Subject, settings: Settings, preparation: Preparation, folder: Path) -> Iterator[Run]:
    offset = preparation.total_seconds
    for solver in settings.solvers:
        record = folder / f"{solver}.json"
        task = Task(
            subject.scenario,
            str(folder),
            str(record),
            building=preparation.seconds["build"] + preparation.seconds["hand-over"],
            offset=offset,
            seconds=settings.seconds,
            gap=settings.gap,
            threads=settings.threads,
        )
        try:
            start(SOLVERS[solver], task, timeout=settings.seconds + GRACE)
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
            if solver == OURS:
                raise
            yield Run(solver, (), math.inf)
            continue
        run = read_run(record)
        if solver == OURS:
            offset = run.begun
            yield run
        else:
            yield run.in_cny(preparation.money_unit)
