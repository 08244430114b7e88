"""The points of a trade-off: read where they are there already, planned and saved where they are not."""

from __future__ import annotations

from itertools import pairwise

from rich.console import Console

from ..inputs.case import Case
from ..inputs.loading import Loaded
from ..model.plan import Plan
from ..model.questions.pareto import Axis, attained, far_end, plan_towards, required_values
from ..model.starting import Tables
from ..reports.folder import Result, ResultError
from ..reports.saving import save_plan
from ..reports.series import Series
from .axis import AgainstError
from .console import IMPOSSIBLE, OUT_OF_TIME, PLAN, draw_or_tell
from .searching import NO_TIME, STOPPED, Effort

TRIES = 4
"""How often the far end is moved nearer where no plan reaches it."""

NEARER = 0.03
"""By this share of the range, and twice as far each time."""

FAR_END_SHARE = 0.3
"""Share of a point's time for the best value of the metric."""

ENOUGH = 0.5
"""Share of the range that a known plan has to cover, for its value to be the far end."""

CHEAPER = 1e-9


class Stopped(Exception):  # noqa: N818  (no error)
    """The search for a point ended without a plan to save; the message says why."""

    def __init__(self, message: str, exit_code: int = PLAN) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class Points:
    """The points found so far, and the search for those that are missing. The first point is the least cost."""

    def __init__(
        self,
        series: Series,
        loaded: Loaded,
        case: Case,
        axis: Axis,
        effort: Effort,
        console: Console,
        errors: Console,
    ) -> None:
        self.results: dict[int, Result] = {}
        self._values: dict[int, float] = {}
        self._first_shift = 0.0
        self._series, self._loaded, self._case, self._axis = series, loaded, case, axis
        self._effort, self._console, self._errors = effort, console, errors

    def on_curve(self) -> list[tuple[int, float, Result]]:
        """Number, value of the metric and result of each point found, in their order."""
        return [(number, self._values[number], self.results[number]) for number in sorted(self.results)]

    def find(self) -> None:
        """Find all points: the least cost, the far end, then from there back, each starting from a plan known."""
        self._point(1, self._case)
        if "required" not in self._series.state:
            self._find_range()
        required: list[float] = self._series.state["required"]
        for number in range(len(required) + 1, 1, -1):
            self._point(number, self._demanded(required[number - 2]))
        self._mend()

    def _find_range(self) -> None:
        """Find the far end, and the plan there; then it is known what the other points have to attain."""
        nearest, points, state = self._values[1], int(self._series.settings["points"]), self._series.state
        far, shift, is_better = self._farthest(nearest), self._first_shift, self._axis.is_better
        for attempt in range(TRIES):
            last = far - shift * (far - nearest)
            required = required_values(self._axis, nearest, last, points) if is_better(last, nearest) else []
            if not required:
                break
            start, reached = self._towards(required[-1])
            if reached is not None and self._is_end(reached, nearest, required[-1]):
                self._console.print(f"No plan is known to attain {required[-1]:,.6g}; one attains {reached:,.6g}.")
                required = required_values(self._axis, nearest, reached, points)
            case = self._demanded(required[-1])
            self._console.print(f"Point {len(required) + 1}: {_asked(self._axis, case, self._case)}")
            plan = self._effort.plan(case, self._console, start)
            if plan.interrupted:
                raise Stopped(STOPPED)
            if plan.objective_cny is not None:
                state["required"] = required
                self._take(len(required) + 1, self._saved(len(required) + 1, plan))
                return
            if attempt == TRIES - 1:
                raise Stopped(NO_TIME, OUT_OF_TIME)
            self._errors.print(f"No plan was found for {self._axis.metric} = {required[-1]:,.6g}; trying a nearer end.")
            shift = max(NEARER, 2.0 * shift)
        state["required"] = []
        self._series.write()

    def _is_end(self, reached: float, nearest: float, asked: float) -> bool:
        """Whether to end where a plan is known to: it attains less than asked, but covers most of the range.

        What a plan is known to attain is a better end than what might be attained.
        """
        given = self._series.settings["to"] is not None
        between = self._axis.is_better(asked, reached) and self._axis.is_better(reached, nearest)
        return not given and between and abs(reached - nearest) >= ENOUGH * abs(asked - nearest)

    def _farthest(self, nearest: float) -> float:
        """The best value to ask for, which may be that of the cheapest plan."""
        axis, given = self._axis, self._series.settings["to"]
        if given is not None:
            if not axis.is_better(given, nearest):
                raise AgainstError(
                    f"--to {given:g} asks for nothing: the cheapest plan has {axis.metric} = {nearest:,.6g} anyway"
                )
            return float(given)
        first = self.results[1]
        cost = _cost(first)
        within = float(self._series.settings["within"])
        self._console.print(f"Looking for the best {axis.metric} at up to {within:.0%} more cost")
        found = far_end(
            self._case,
            axis,
            nearest,
            first.tables,
            cost + within * abs(cost),
            gap=self._effort.gap,
            seconds=FAR_END_SHARE * self._effort.time_limit,
        )
        if found.interrupted:
            raise Stopped(STOPPED)
        self._series.state |= {"farthest": found.value, "farthest_proved": found.proved}
        self._first_shift = 0.0 if found.proved else NEARER
        return found.value

    def _towards(self, value: float) -> tuple[Tables | None, float | None]:
        """A plan that attains about the value, and what it attains; only where the case is so large that it helps."""
        self._console.print(f"Looking for a plan near {self._axis.metric} = {value:,.6g}")
        found = plan_towards(
            self._case,
            self._axis,
            value,
            gap=self._effort.gap,
            seconds=self._effort.time_limit,
            threads=self._effort.threads,
        )
        if found.interrupted:
            raise Stopped(STOPPED)
        return found.tables, None if found.tables is None else attained(self._case, found.tables, self._axis)

    def _demanded(self, value: float) -> Case:
        return self._axis.demanded(self._case, value)

    def _point(self, number: int, case: Case) -> None:
        """Read a point, or plan it and save it."""
        result = self._series.read(number, case)
        if result is None:
            self._console.print(f"Point {number}: {_asked(self._axis, case, self._case)}")
            plan = self._effort.plan(case, self._console, self._start(case))
            if plan.interrupted:
                raise Stopped(STOPPED)
            if plan.status == "infeasible":
                raise Stopped("No plan can exist: the demands of this scenario contradict each other.", IMPOSSIBLE)
            if plan.objective_cny is None:
                raise Stopped(NO_TIME, OUT_OF_TIME)
            result = self._saved(number, plan)
        self._take(number, result)

    def _saved(self, number: int, plan: Plan) -> Result:
        self._series.write()
        save_plan(plan, self._loaded.sources, 0.0, self._series.member(number))
        if self._effort.reports:
            draw_or_tell(self._series.member(number), self._effort.languages, self._errors)
        result = self._series.read(number, plan.case)
        if result is None:
            raise ResultError(f"{self._series.member(number)} was not written whole")
        return result

    def _take(self, number: int, result: Result) -> None:
        value = attained(self._case, result.tables, self._axis)
        if value is None:
            raise AgainstError(
                f"{self._axis.metric} has no value in the cheapest plan: there is nothing to take a share of"
            )
        self.results[number], self._values[number] = result, value

    def _start(self, case: Case) -> Tables | None:
        """The cheapest plan known that does what the case asks for."""
        if case is self._case:
            return None
        required = case.targets[-1].value
        good = [self.results[n] for n, value in self._values.items() if not self._axis.is_better(required, value)]
        return min(good, key=_cost).tables if good else None

    def _mend(self) -> None:
        """A plan that does more than another and is cheaper shows that the other can be improved: plan that again."""
        numbers = sorted(self.results)
        for number, further in reversed([*pairwise(numbers)]):
            here, there = self.results[number], self.results[further]
            if _cost(there) < _cost(here) - CHEAPER * abs(_cost(here)):
                self._console.print(f"Point {number} again, for point {further} is cheaper")
                plan = self._effort.plan(here.case, self._console, there.tables)
                if plan.interrupted:
                    raise Stopped(STOPPED)
                if plan.objective_cny is not None and plan.objective_cny < _cost(here):
                    self._take(number, self._saved(number, plan))


def _cost(result: Result) -> float:
    return float(result.summary["objective_cny"])


def _asked(axis: Axis, case: Case, without: Case) -> str:
    if case is without:
        return "the least cost"
    target = case.targets[-1]
    return f"{axis.metric} {target.sense} {target.value:,.6g}"
