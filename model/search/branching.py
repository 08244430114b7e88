"""One run of HiGHS on a matrix: with a start, a time limit, and news of plans and bounds on the way."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import highspy
import numpy as np

from ..arrays.matrix import YEAR_BY_YEAR, Matrix, Vector, hand_over
from .counting_up import CountedUp, count_up

INFEASIBLE = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)
"""No cost of a plan is unbounded: every whole count has a bound, and what is not counted costs money."""

FEW_INTEGERS = 1500
"""A question about plans that is a problem with no more whole numbers than these is for branch and bound alone."""

SIMPLEX_COLUMNS = 50_000
"""With no more columns than these, the linear relaxation and the steps of a search begin with the simplex method: the
interior point method is slower there."""

Options = Mapping[str, float | bool | int]
"""Options of HiGHS and their values."""

BOUND_ONLY: Options = {
    "mip_heuristic_effort": 0.0,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_root_reduced_cost": False,
    "mip_heuristic_run_feasibility_jump": False,
    "mip_pscost_minreliable": 2,
}
"""Options of a run for its bound: no heuristics, and less probing of branches where each node takes long."""

SOON: Options = {
    "mip_heuristic_effort": 0.3,
    "mip_heuristic_run_root_reduced_cost": False,
    "mip_heuristic_run_feasibility_jump": False,
}
"""Options of a run for a point, no proof: more time for heuristics than by default, and none for two of them, without
which drafts come sooner and are as good."""

HARD: Options = {**SOON, "mip_heuristic_run_root_reduced_cost": True}
"""The same where there are hardly any points near the best: one of the two finds those that nothing else does."""


@dataclass(frozen=True)
class Answer:
    """What a run found: a point and its cost (None: none found), the bound proved, and whether it ran to its end.

    A run with a cutoff that ran to its end has proved that no point costs less than the bound.
    """

    point: Vector | None
    cost: float
    bound: float
    finished: bool
    infeasible: bool
    row_prices: Vector | None = None
    reduced_costs: Vector | None = None


def branch_and_bound(
    matrix: Matrix,
    *,
    seconds: float,
    gap: float,
    stopped: Callable[[], bool],
    start: Vector | None = None,
    on_plan: Callable[[Vector, float], None] | None = None,
    on_bound: Callable[[float], None] | None = None,
    tolerance: float | None = None,
    cutoff: float = np.inf,
    options: Options = MappingProxyType({}),
    patience: float = 1.0,
    good: float = np.inf,
    best_plan: Callable[[], Vector | None] | None = None,
    simplex: bool = False,
    counting_up: tuple[str, ...] = YEAR_BY_YEAR,
) -> Answer:
    """Solve the mixed-integer (or linear) problem of the matrix, on one processor.

    Ends when the relative gap is reached, after `seconds` (while there is no plan, or none within the gap `good`, which
    grows with the time from then on: `patience` times that; a cutoff counts as the cost of one), or soon after
    `stopped()` turns true. Costs and bounds are in the matrix's money unit. `tolerance` is how far a whole number may
    be from whole (default: HiGHS's 1e-6). Nothing that costs more than `cutoff` is looked at, so no higher bound is
    proved either. `options` are further ones of HiGHS: `BOUND_ONLY` where only the bound is wanted, `SOON` where only a
    point is. `best_plan` tells the best point that others know of by now, which spares the run whatever is no better.
    `simplex` solves the first relaxation by the simplex method instead of the interior point method: faster for small
    problems, far slower for large ones. Whole decisions of the families `counting_up` are given to HiGHS as their
    number so far, see `counting_up`.
    """
    if patience > 1.0:
        enough = _Enough(seconds, good, stopped, on_plan, on_bound, cost=cutoff)
        stopped, on_plan, on_bound = enough.stopped, enough.note_plan, enough.note_bound
    is_mip = bool(matrix.integer.any())
    counted = count_up(matrix, counting_up if is_mip else ())
    highs = hand_over(counted.matrix)
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("time_limit", max(0.05, patience * seconds))
    highs.setOptionValue("mip_rel_gap", gap)
    highs.setOptionValue("mip_abs_gap", 0.0)
    highs.setOptionValue("objective_bound", cutoff)
    if tolerance is not None:
        highs.setOptionValue("mip_feasibility_tolerance", tolerance)
    for option, value in options.items():
        highs.setOptionValue(option, value)
    if start is not None:
        highs.setSolution(len(start), np.arange(len(start), dtype=np.int32), counted.so_far(start))
    highs.setOptionValue("mip_lp_solver" if is_mip else "solver", "simplex" if simplex else "ipm")
    if is_mip:
        _listen(highs, counted, stopped, on_plan, on_bound, cutoff)
        if best_plan is not None:
            _be_told(highs, counted, best_plan)
    else:
        _stop_linear(highs, stopped)
    highs.run()
    status, info = highs.getModelStatus(), highs.getInfo()
    cut_off = np.isfinite(cutoff) and status in INFEASIBLE
    finished = status == highspy.HighsModelStatus.kOptimal or cut_off
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    solution = highs.getSolution()
    bound = info.mip_dual_bound if is_mip else info.objective_function_value if finished else -np.inf
    return Answer(
        point=counted.yearly(np.array(solution.col_value)) if found else None,
        cost=float(info.objective_function_value) if found else np.inf,
        bound=cutoff if cut_off else min(float(bound), cutoff),
        finished=finished,
        infeasible=status in INFEASIBLE and not cut_off,
        row_prices=np.array(solution.row_dual) if finished and not is_mip else None,
        reduced_costs=np.array(solution.col_dual) if finished and not is_mip else None,
    )


@dataclass
class _Enough:
    """Stops a run after some seconds once there is a good plan; after twice the seconds one half as good will do."""

    seconds: float
    good: float
    stop: Callable[[], bool]
    on_plan: Callable[[Vector, float], None] | None
    on_bound: Callable[[float], None] | None
    cost: float = np.inf
    bound: float = -np.inf
    begun: float = field(default_factory=time.monotonic)

    def note_plan(self, x: Vector, cost: float) -> None:
        self.cost = min(cost, self.cost)
        if self.on_plan is not None:
            self.on_plan(x, cost)

    def note_bound(self, bound: float) -> None:
        self.bound = max(bound, self.bound)
        if self.on_bound is not None:
            self.on_bound(bound)

    def stopped(self) -> bool:
        passed = time.monotonic() - self.begun
        if self.stop() or passed <= self.seconds or not np.isfinite(self.cost):
            return self.stop()
        any_plan_will_do = np.isinf(self.good)  # even one that costs nothing
        return any_plan_will_do or self.seconds * (self.cost - self.bound) <= passed * self.good * abs(self.cost)


def _stop_linear(highs: highspy.Highs, stopped: Callable[[], bool]) -> None:
    def at_interrupt(event: Any) -> None:
        if stopped():
            event.data_in.user_interrupt = True

    highs.cbSimplexInterrupt.subscribe(at_interrupt)
    highs.cbIpmInterrupt.subscribe(at_interrupt)


def _be_told(highs: highspy.Highs, counted: CountedUp, best_plan: Callable[[], Vector | None]) -> None:
    told: list[Vector | None] = [None]

    def at_user_solution(event: Any) -> None:
        plan = best_plan()
        if plan is not None and plan is not told[0]:
            told[0] = plan
            event.data_in.setSolution(counted.so_far(plan))

    highs.cbMipUserSolution.subscribe(at_user_solution)


def _listen(
    highs: highspy.Highs,
    counted: CountedUp,
    stopped: Callable[[], bool],
    on_plan: Callable[[Vector, float], None] | None,
    on_bound: Callable[[float], None] | None,
    cutoff: float,
) -> None:
    def at_interrupt(event: Any) -> None:
        if on_bound is not None:
            on_bound(min(event.data_out.mip_dual_bound, cutoff))
        if stopped():
            event.data_in.user_interrupt = True

    def at_plan(event: Any) -> None:
        if on_plan is not None:
            on_plan(counted.yearly(np.array(event.data_out.mip_solution)), event.data_out.objective_function_value)

    highs.cbMipInterrupt.subscribe(at_interrupt)
    if on_plan is not None:
        highs.cbMipImprovingSolution.subscribe(at_plan)
