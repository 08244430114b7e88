"""The tables: comparisons in, Markdown out, which also reads well on a terminal."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable, Sequence

from .moments import gap_at, seconds_to_gap, seconds_to_plan
from .processes import OURS, Comparison, HandOver
from .records import MILESTONES, Run

MARKS = (5, 10, 20, 30, 60, 120, 180, 300, 600, 900)
"""Seconds at which the gap is shown, as far as the time limit goes."""

NEVER = "-"
TIE = 1e-4
"""Gaps that differ by less than this share of the objective count as equal."""

CONTRADICTION = 1e-6
"""A bound above another solver's plan by more than this share is somebody's error."""


def grid(titles: Sequence[str], rows: Iterable[Sequence[str]], *, words: int = 1) -> str:
    """A Markdown table, aligned; the first `words` columns are text, the others numbers."""
    lines = [list(titles), *(list(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(titles))]

    def drawn(line: Sequence[str]) -> str:
        cells = [cell.ljust(width) if column < words else cell.rjust(width) for column, (cell, width) in _zip(line)]
        return f"| {' | '.join(cells)} |"

    def _zip(line: Sequence[str]) -> Iterable[tuple[int, tuple[str, int]]]:
        return enumerate(zip(line, widths, strict=True))

    rule = [("-" * width) if column < words else "-" * (width - 1) + ":" for column, width in enumerate(widths)]
    return "\n".join([drawn(lines[0]), f"| {' | '.join(rule)} |", *(drawn(line) for line in lines[1:])])


def seconds(value: float) -> str:
    """Seconds with the digits that matter."""
    if not math.isfinite(value):
        return NEVER
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:.0f}"


def percent(share: float) -> str:
    """A gap in per cent."""
    return f"{share:.2%}" if math.isfinite(share) else NEVER


def millions(cny: float) -> str:
    """CNY in millions."""
    return f"{cny / 1e6:,.3f}" if math.isfinite(cny) else NEVER


def cell(spent: float, mib: float | None) -> str:
    """Seconds and peak memory."""
    if not math.isfinite(spent):
        return NEVER
    return f"{seconds(spent)} s" + ("" if mib is None or not math.isfinite(mib) else f", {mib:.0f} MiB")


def ratio(other: float, ours: float, limit: float = math.inf) -> str:
    """How many times longer (or larger) the other's value is; where one has none, the limit says what is known."""
    if math.isfinite(other) and math.isfinite(ours):
        return multiple(other / ours) if ours > 0 else NEVER
    if math.isfinite(ours) and math.isfinite(limit):
        return f"> {multiple(limit / ours)}"
    if math.isfinite(other) and math.isfinite(limit):
        return f"< {multiple(other / limit)}"
    return NEVER


def multiple(value: float) -> str:
    """A ratio with two digits."""
    return f"{value:.0f}" if value >= 9.95 else f"{value:.2g}"


def median(values: Iterable[float]) -> float:
    """The median; what was never reached counts as infinite."""
    return statistics.median(values)


def preparations(groups: Sequence[Sequence[Comparison]]) -> str:
    """Size, seconds and memory up to a solver that holds the matrix; each group is one case, run once or more."""
    phases = ("start", "read", "build", "hand-over")
    titles = ["case", "rows", "columns", "nonzeros", "integers", *phases, "read to hand-over"]
    rows = []
    for group in groups:
        runs = [comparison.preparation for comparison in group]
        size = runs[0].size
        sizes = [f"{count:,}" for count in (size.rows, size.columns, size.nonzeros, size.integers)]
        cells = [
            cell(median(run.seconds[phase] for run in runs), median(run.memory[phase] for run in runs))
            for phase in phases
        ]
        spent = median(run.total_seconds - run.seconds["start"] for run in runs)
        most = median(max(run.memory.values()) for run in runs)
        rows.append([group[0].subject.name, *sizes, *cells, cell(spent, most)])
    return grid(titles, rows)


def hand_overs(measured: Sequence[HandOver]) -> str:
    """Reading, building and handing over beside the floor: medians of seconds, and three ratios.

    The first is to filling a matrix that is not scaled and passing it on, the second to the same matrix that suanli
    hands over, the third to the whole way from the file by hand.
    """
    by_hand = ("read", "arrays", "fill", "scale", "pass")
    titles = ["case", "nonzeros", "read", "build", "hand-over", "sum", "by hand: read", *by_hand[1:]]
    rows = []
    for one in measured:
        ours = [median(run.seconds[phase] for run in one.preparations) for phase in ("read", "build", "hand-over")]
        floor = {phase: median(run.seconds[phase] for run in one.floors) for phase in by_hand}
        most = median(max(run.memory.values()) for run in one.preparations)
        floor_most = median(max(run.memory.values()) for run in one.floors)
        cells = [
            *(f"{spent:.3f} s" for spent in (*ours, sum(ours), *floor.values())),
            f"{most:.0f}",
            f"{floor_most:.0f}",
        ]
        floors = floor["fill"] + floor["pass"], floor["fill"] + floor["scale"] + floor["pass"], sum(floor.values())
        ratios_ = [ratio(sum(ours), each) for each in floors]
        rows.append([one.subject.name, f"{one.preparations[0].size.nonzeros:,}", *cells, *ratios_])
    titles += ["MiB", "MiB by hand", "sum / fill and pass", "sum / fill, scale and pass", "sum / all by hand"]
    return grid(titles, rows)


def searches(groups: Sequence[Sequence[Comparison]]) -> str:
    """When each solver had its first plan, 1 %, 0.5 %, and its end, with the memory in use; the gap at the end."""
    when: dict[str, Callable[[Run], float]] = {"first plan": lambda run: seconds_to_plan(run.history)}
    when |= {name: _to_gap(gap) for name, gap in MILESTONES.items() if math.isfinite(gap)}
    when["end"] = lambda run: run.end
    rows = []
    for group in groups:
        for solver, runs in _by_solver(group):
            cells = [
                cell(median(map(reached, runs)), median(run.memory.get(name, math.inf) for run in runs))
                for name, reached in when.items()
            ]
            written = cell(median(run.written for run in runs), None)
            cost, gap = median(run.last.best for run in runs), median(run.last.gap for run in runs)
            rows.append([group[0].subject.name, solver, *cells, written, millions(cost), percent(gap)])
    return grid(["case", "solver", *when, "written", "plan, CNY m", "gap at the end"], rows, words=2)


def gaps(groups: Sequence[Sequence[Comparison]], limit: float) -> str:
    """The gap over time."""
    marks = marks_until(limit)
    rows = [
        [
            group[0].subject.name,
            solver,
            *(percent(median(gap_at(run.history, mark) for run in runs)) for mark in marks),
        ]
        for group in groups
        for solver, runs in _by_solver(group)
    ]
    return grid(["case", "solver", *(f"{mark:g} s" for mark in marks)], rows, words=2)


def ratios(groups: Sequence[Sequence[Comparison]], limit: float) -> str:
    """The other solvers' values as multiples of suanli's, and the marks at which suanli's gap is the larger.

    Nothing where no other solver ran.
    """
    marks = marks_until(limit)
    rows = []
    for group in groups:
        by_solver = dict(_by_solver(group))
        ours = by_solver.pop(OURS, [])
        for solver, runs in by_solver.items() if ours else ():
            times = [
                ratio(median(map(to_gap, runs)), median(map(to_gap, ours)), limit)
                for to_gap in map(_to_gap, (0.01, 0.005))
            ]
            last = (
                "even" if _even(_gap(runs, limit), _gap(ours, limit)) else ratio(_gap(runs, limit), _gap(ours, limit))
            )
            worse = [f"{mark:g} s" for mark in marks if _gap(ours, mark) > _gap(runs, mark) + TIE]
            rows.append([group[0].subject.name, solver, *times, last, ", ".join(worse) or "never"])
    titles = ["case", "solver", "time to 1 %", "time to 0.5 %", f"gap at {limit:g} s", "smaller gap than suanli's at"]
    return grid(titles, rows, words=2) if rows else ""


def contradictions(groups: Sequence[Sequence[Comparison]]) -> list[str]:
    """Bounds that another solver's plan refutes: a line for each, which nobody should ever see."""
    found = []
    for group in groups:
        plan = min((run.last for comparison in group for run in comparison.runs), key=lambda moment: moment.best)
        bounds = [(run.last.bound, run.solver) for comparison in group for run in comparison.runs]
        found += [
            f"{group[0].subject.name}: {solver} proved {millions(bound)}, yet a plan costs {millions(plan.best)} CNY m"
            for bound, solver in bounds
            if bound > plan.best + CONTRADICTION * abs(plan.best)
        ]
    return found


def marks_until(limit: float) -> list[float]:
    """The marks before the time limit, and the limit."""
    return [*(float(mark) for mark in MARKS if mark < limit), limit]


def _even(one: float, other: float) -> bool:
    return math.isfinite(one) and abs(one - other) <= TIE


def _gap(runs: Sequence[Run], mark: float) -> float:
    return median(gap_at(run.history, mark) for run in runs)


def _to_gap(gap: float) -> Callable[[Run], float]:
    return lambda run: seconds_to_gap(run.history, gap)


def _by_solver(group: Sequence[Comparison]) -> list[tuple[str, list[Run]]]:
    runs: dict[str, list[Run]] = {}
    for comparison in group:
        for run in comparison.runs:
            runs.setdefault(run.solver, []).append(run)
    return list(runs.items())
