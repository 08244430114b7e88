"""The search: from a matrix to the best plan and the best proved bound that the time allows."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import highspy
import numpy as np

from .matrix import Matrix, Vector, hand_over
from .plan import Progress

POLL_SECONDS = 0.1

Outcome = Literal["optimal", "feasible", "infeasible", "no plan"]


@dataclass
class Search:
    """The shared state of a search: best point, best bound, and when to stop. Values in the matrix's money unit."""

    matrix: Matrix
    gap: float
    deadline: float
    started: float
    best: Vector | None = None
    best_cost: float = np.inf
    bound: float = -np.inf
    infeasible: bool = False
    step: str = "starting"
    history: list[Progress] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def offer(self, x: Vector, cost: float, step: str) -> None:
        """Take a feasible point if it is the cheapest so far."""
        with self.lock:
            if cost < self.best_cost:
                self.best, self.best_cost, self.step = x, cost, step
                self._note()

    def raise_bound(self, bound: float) -> None:
        """Take a proved lower bound of the full problem if it is the best so far."""
        with self.lock:
            if bound > self.bound:
                self.bound = bound
                self._note()

    def relative_gap(self) -> float:
        """(best - bound) / |best|; infinite without a plan or bound, never negative."""
        if not np.isfinite(self.best_cost) or not np.isfinite(self.bound):
            return np.inf
        return max(0.0, self.best_cost - self.bound) / max(abs(self.best_cost), 1e-12)

    def finished(self) -> bool:
        """Whether the gap asked for is proved."""
        return self.relative_gap() <= self.gap

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


def search(
    matrix: Matrix, *, gap: float, seconds: float, threads: int, on_progress: Callable[[Progress], None] | None
) -> tuple[Search, bool]:
    """Search until the gap is proved, the time is over or the user interrupts; returns the state and the last."""
    now = time.monotonic()
    state = Search(matrix, gap, deadline=now + seconds, started=now)
    worker = threading.Thread(target=_branch_and_bound, args=(state, threads), daemon=True)
    worker.start()
    interrupted = False
    while worker.is_alive():
        try:
            worker.join(POLL_SECONDS)
            if on_progress is not None:
                on_progress(state.progress())
        except KeyboardInterrupt:
            interrupted = True
            state.stop.set()
    return state, interrupted


def _branch_and_bound(state: Search, threads: int) -> None:
    """HiGHS on the whole matrix."""
    state.step = "branch and bound"
    highs = hand_over(state.matrix)
    highs.setOptionValue("threads", threads)
    highs.setOptionValue("mip_rel_gap", state.gap)
    highs.setOptionValue("mip_abs_gap", 0.0)
    highs.setOptionValue("time_limit", max(0.1, state.deadline - time.monotonic()))

    def on_plan(event: Any) -> None:
        point = np.array(event.data_out.mip_solution)
        state.offer(point, event.data_out.objective_function_value, "branch and bound")

    def on_interrupt(event: Any) -> None:
        state.raise_bound(event.data_out.mip_dual_bound)
        if state.stop.is_set():
            event.data_in.user_interrupt = True

    highs.cbMipImprovingSolution.subscribe(on_plan)
    highs.cbMipInterrupt.subscribe(on_interrupt)
    highs.run()
    status, info = highs.getModelStatus(), highs.getInfo()
    if status == highspy.HighsModelStatus.kInfeasible:
        state.infeasible = True
        return
    if info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
        state.offer(np.array(highs.getSolution().col_value), info.objective_function_value, "branch and bound")
    if status == highspy.HighsModelStatus.kOptimal and not state.matrix.integer.any():
        state.raise_bound(info.objective_function_value)
    elif np.isfinite(info.mip_dual_bound):
        state.raise_bound(info.mip_dual_bound)
