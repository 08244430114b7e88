"""The search: plans on one processor, the proof on the other, until the gap is proved or the time is over.

Plain branch and bound proves a good bound at once and finds good plans late: it cannot make thousands of server counts
whole, halls lumpy and fixed charges worth while at the same time. So the two jobs are apart. `proof.prove` runs HiGHS
on relaxations in which the decisions that move the bound most are whole, and then on the full problem; each of its
bounds holds for the full problem. `plans.find_plans` drafts a plan and improves it, a part at a time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from ..arrays.matrix import Flags, Matrix, Vector
from ..plan import Progress
from .branching import Answer
from .columns import Columns

POLL_SECONDS = 0.1

AMPLE_TIMES, AMPLE = 120.0, 60.0
"""Steps on the way to a first plan, and redrafts, have shares of the time, but of no more than so many times what the
linear relaxation took, or so many seconds if that is more: with five minutes, a plan came twice as late and little
better."""


@dataclass
class Search:
    """The shared state of a search: best point, best bound, and when to stop. Values in the matrix's money unit.

    `linear` is the linear relaxation, `linear_seconds` how long it took, `relaxations_solved` the number of the last
    that is solved of those that follow it, `relaxed` what is whole in the first of these and its best point, once it is
    solved. `hasty`: any plan will do, so a draft goes on with the first points that it finds.
    """

    matrix: Matrix
    columns: Columns
    gap: float
    seconds: float
    started: float = field(default_factory=time.monotonic)
    best: Vector | None = None
    best_cost: float = np.inf
    bound: float = -np.inf
    infeasible: bool = False
    interrupted: bool = False
    step: str = "starting"
    history: list[Progress] = field(default_factory=list)
    failures: list[BaseException] = field(default_factory=list)
    linear: Answer | None = None
    linear_seconds: float = np.inf
    relaxations_solved: int = 0
    relaxed: tuple[Flags, Vector] | None = None
    started_from: Vector | None = None
    hasty: bool = False
    _pause_at: float = np.inf
    _stop: threading.Event = field(default_factory=threading.Event)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    solving_linear: threading.Lock = field(default_factory=threading.Lock)

    def remaining(self) -> float:
        """Seconds left for the job at work."""
        return min(self.seconds, self._pause_at) - (time.monotonic() - self.started)

    def seconds_on_the_way(self, share: float) -> float:
        """Seconds for a step on the way to a first plan, or of a redraft: this share of no more time than is ample."""
        ample = max(AMPLE, AMPLE_TIMES * self.linear_seconds)
        return min(share * min(self.seconds, ample), self.remaining())

    def patience(self, seconds: float, times: float) -> float:
        """How many times so many seconds a run may take: `times`, or fewer where less is left, but one at least."""
        return max(1.0, min(times, self.remaining() / max(seconds, POLL_SECONDS)))

    def pause_at(self, share: float) -> None:
        """End the job at work after this share of the whole time, so that another one can follow."""
        self._pause_at = share * self.seconds

    def stopped(self) -> bool:
        """Whether the job at work is to stop: the gap is proved, its time is over, or someone said so."""
        return self._stop.is_set() or self.remaining() <= 0

    def stop(self) -> None:
        """Ask all steps to end soon."""
        self._stop.set()

    def begin(self, step: str) -> None:
        """Say what is under way, until there is a plan; then the step that found it is named."""
        if self.best is None:
            self.step = step

    def offer(self, x: Vector, cost: float, step: str) -> None:
        """Take a feasible point if it is the cheapest so far."""
        with self._lock:
            if cost < self.best_cost:
                self.best, self.best_cost, self.step = x, cost, step
                self._note()

    def cheapest(self) -> tuple[Vector | None, float]:
        """The best point and its cost, which another job may change at any moment."""
        with self._lock:
            return self.best, self.best_cost

    def start_from(self, x: Vector, cost: float) -> None:
        """Begin with a plan that somebody has already improved: it is improved on, and no other is drafted."""
        self.started_from = x
        self.offer(x, cost, "the plan to start from")

    def raise_bound(self, bound: float) -> None:
        """Take a proved lower bound of the full problem if it is the best so far."""
        with self._lock:
            if np.isfinite(bound) and bound > self.bound:
                self.bound = bound
                self._note()

    def relative_gap(self) -> float:
        """(best - bound) / |best|; infinite without a plan or bound, never negative."""
        if not np.isfinite(self.best_cost) or not np.isfinite(self.bound):
            return np.inf
        return max(0.0, self.best_cost - self.bound) / max(abs(self.best_cost), 1e-12)

    def progress(self) -> Progress:
        """Where the search stands, in CNY."""
        unit, gap = self.matrix.money_unit, self.relative_gap()
        return Progress(
            seconds=time.monotonic() - self.started,
            best_cny=self.best_cost * unit if np.isfinite(self.best_cost) else None,
            bound_cny=self.bound * unit if np.isfinite(self.bound) else None,
            gap=gap if np.isfinite(gap) else None,
            step=self.step,
        )

    def _note(self) -> None:
        self.history.append(self.progress())
        if self.relative_gap() <= self.gap:
            self.stop()


def run_search(
    state: Search,
    jobs: tuple[Callable[[Search], None], ...],
    on_progress: Callable[[Progress], None] | None,
) -> None:
    """Run the jobs side by side until the search stops; Ctrl-C stops it and keeps what was found.

    What a job or `on_progress` raises stops it as well, and is raised once all the jobs have ended.
    """
    # Not Thread.join: interrupted by Ctrl-C it takes a running thread for a finished one (Python 3.11).
    finished = [threading.Event() for _ in jobs]
    for job, done in zip(jobs, finished, strict=True):
        threading.Thread(target=_guarded, args=(job, state, done), daemon=True).start()
    while not all(done.is_set() for done in finished):
        try:
            for done in finished:
                done.wait(POLL_SECONDS / len(finished))
            if on_progress is not None and not state.failures:
                on_progress(state.progress())
        except KeyboardInterrupt:
            state.interrupted = True
            state.stop()
        except Exception as failure:
            state.failures.append(failure)
            state.stop()
    if state.failures:
        raise state.failures[0]


def _guarded(job: Callable[[Search], None], state: Search, done: threading.Event) -> None:
    try:
        job(state)
    except BaseException as failure:
        state.failures.append(failure)
        state.stop()
    finally:
        done.set()


def in_turns(plans: Callable[[Search], None], proof: Callable[[Search], None]) -> Callable[[Search], None]:
    """One job for one processor: a try at the proof, which ends small cases, then plans, then the proof again."""

    def job(state: Search) -> None:
        for work, share in ((proof, 0.2), (plans, 0.7), (proof, 1.0)):
            state.pause_at(share)
            if not state.stopped():
                work(state)

    return job
