"""A process in which suanli plans a case and writes its result, without the report, measured."""

from __future__ import annotations

import math
import sys
import time
from dataclasses import replace
from pathlib import Path

import suanli.verbs.running  # noqa: F401  what the command imports belongs to its start
from suanli.inputs.loading import load
from suanli.model import Plan, Progress, solve
from suanli.reports.saving import save_plan

from .moments import Moment
from .records import Recorder, Task, write_record


def moment(progress: Progress, begun: float) -> Moment:
    """A moment of the search, which begun then."""
    best = math.inf if progress.best_cny is None else progress.best_cny
    bound = -math.inf if progress.bound_cny is None else progress.bound_cny
    return Moment(begun + progress.seconds, best, bound)


def history(plan: Plan, begun: float, end: float) -> tuple[Moment, ...]:
    """The whole search, which begun and ended then, with the cleaned plan as its last moment."""
    last = Progress(end - begun, plan.objective_cny, plan.bound_cny, plan.gap, "")
    return tuple(moment(progress, begun) for progress in (*plan.progress, last))


def main() -> None:
    """Plan the case, write the result, then the record."""
    task = Task.from_argument(sys.argv[1])
    recorder = Recorder(lambda: time.monotonic() - task.began)

    def note(progress: Progress) -> None:
        now = moment(progress, 0.0)
        recorder.note(now.best, now.bound)

    begun = time.monotonic()
    loaded = load(task.scenario)
    read = time.monotonic()
    plan = solve(
        loaded.case,
        gap=task.gap,
        time_limit=task.search_seconds(read - task.began + task.building),
        threads=min(task.threads, 2),
        on_progress=note,
    )
    run = recorder.run("suanli")
    save_plan(plan, loaded.sources, read - begun, Path(task.folder) / "result")
    written = time.monotonic() - task.began
    search_begun = read - task.began + plan.seconds["build"] + plan.seconds["hand_over"]
    whole = history(plan, search_begun, run.end)
    write_record(task.record, replace(run, history=whole, begun=search_begun, written=written))


if __name__ == "__main__":
    main()
