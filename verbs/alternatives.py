"""What the verb alternatives does: plan after plan, each saved at once, and what they have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ..inputs.case import Case
from ..inputs.loading import Loaded, load
from ..model import Plan
from ..model.questions.additions import Addition, additions, totals
from ..model.questions.alternatives import find_alternative, with_bound_of_case
from ..model.questions.direction import NO_DIFFERENCE, Why
from ..model.questions.strategy import difference
from ..reports.building import in_words, side_by_side
from ..reports.folder import Result, ResultError, write_text
from ..reports.numbers import money_unit
from ..reports.saving import save_plan
from ..reports.series import Series, case_hash, open_series
from ..reports.terminal import money, percent
from .console import DISAGREES, IMPOSSIBLE, OUT_OF_TIME, PLAN, console_of, draw_or_tell, showing_progress, wrong
from .folders import default_folder, make_sure_of_parent
from .searching import NO_TIME, STOPPED, Effort

FILE = "alternatives.json"
SETTINGS = {"case_sha256": "case", "within": "share of extra cost"}
MOST_LINES = 20
BEST_GAP_SHARE = 0.25
"""The gap of the best plan is no more than this share of what alternatives may cost more."""

ENDINGS: Mapping[Why, str] = {
    "none": "There is no further plan: within this limit of cost, every plan builds what one of these builds, "
    f"or differs by less than {NO_DIFFERENCE:.0%}.",
    "no time": "No further plan was found in time. Give --time-limit a larger value, and run the same command again.",
    "interrupted": STOPPED,
}


def find_alternatives(
    scenario: str, output: Path | None, *, within: float, count: int, effort: Effort, quiet: bool
) -> int:
    """Find plans that cost little more than the best and build other things; returns the exit code.

    InputProblems: the scenario is wrong.
    """
    console, errors = console_of(quiet=quiet), console_of(stderr=True)
    loaded = load(scenario)
    folder = output or default_folder(loaded.case, "-alternatives")
    try:
        settings = {"case_sha256": case_hash(loaded.case), "within": within}
        series = open_series(folder, FILE, settings, SETTINGS)
        make_sure_of_parent(folder)
        results, why = _plans(series, loaded, count, effort, console, errors)
        if not results:
            return _no_plan(why, errors)
        table = _summarise(series, results)
    except (ResultError, OSError) as error:
        return wrong(error)
    _print(console, loaded.case, results, series, table)
    if why is not None:
        console.print(ENDINGS[why])
    console.print(f"  result: {escape(str(folder))} (a folder for each plan, alternatives.csv, common.csv)")
    return PLAN if all(result.summary["audit"]["ok"] for result in results) else DISAGREES


def _plans(
    series: Series, loaded: Loaded, count: int, effort: Effort, console: Console, errors: Console
) -> tuple[list[Result], Why | None]:
    """The plans that are there, and the next ones up to the count; and why there are no more, if there are fewer."""
    case, results = loaded.case, list[Result]()
    while len(results) < count:
        number = len(results) + 1
        there = series.read(number, case)
        if there is not None:
            results.append(there)
            continue
        if series.state.get("end") == "none":
            return results, "none"
        console.print(f"Plan {number} of {count}: {'the least cost' if number == 1 else 'what differs most'}")
        plan, why = _next(case, series, results, effort, console)
        if plan is None:
            series.state["end"] = why
            if results:
                series.write()
            return results, why
        _save(series, number, plan, loaded)
        if effort.reports:
            draw_or_tell(series.member(number), effort.languages, errors)
        result = series.read(number, case)
        if result is None:
            raise ResultError(f"{series.member(number)} was not written whole")
        results.append(result)
    return results, None


def _next(
    case: Case, series: Series, results: Sequence[Result], effort: Effort, console: Console
) -> tuple[Plan | None, Why | None]:
    """The next plan, as the folder will hold it; None and why, if there is none."""
    if not results:
        least = Effort(min(effort.gap, BEST_GAP_SHARE * series.settings["within"]), effort.time_limit, effort.threads)
        plan = least.plan(case, console)
        if plan.interrupted:
            return None, "interrupted"
        if plan.objective_cny is None:
            return None, "none" if plan.status == "infeasible" else "no time"
        return plan, None
    with showing_progress(console) as on_progress:
        found = find_alternative(
            case,
            [_added(result) for result in results],
            _limit(series, results),
            results[0].tables,
            gap=effort.gap,
            time_limit=effort.time_limit,
            threads=effort.threads,
            on_progress=on_progress,
        )
    if found.plan is None:
        return None, found.why
    gaps = series.state.setdefault("gaps", {})
    gaps[str(len(results) + 1)] = found.plan.gap
    return with_bound_of_case(found.plan, results[0].summary["bound_cny"]), None


def _save(series: Series, number: int, plan: Plan, loaded: Loaded) -> None:
    """Save the plan in a folder that says what it is part of: the next run can go on from whatever is there."""
    series.state.pop("end", None)
    series.write()
    save_plan(plan, loaded.sources, 0.0, series.member(number))


def _limit(series: Series, results: Sequence[Result]) -> float:
    """What an alternative may cost: so much more than the first plan, CNY."""
    return (1.0 + float(series.settings["within"])) * float(results[0].summary["objective_cny"])


def _added(result: Result) -> dict[Addition, float]:
    return totals(additions(result.case, result.tables))


def _no_plan(why: Why | None, errors: Console) -> int:
    if why == "none":
        errors.print("No plan can exist: the demands of this scenario contradict each other.")
        return IMPOSSIBLE
    errors.print(STOPPED if why == "interrupted" else NO_TIME)
    return OUT_OF_TIME


def _summarise(series: Series, results: Sequence[Result]) -> pd.DataFrame:
    """Write alternatives.csv, alternatives.json and common.csv; returns what they say of each plan."""
    case, added = results[0].case, [_added(result) for result in results]
    costs = [float(result.summary["objective_cny"]) for result in results]
    bound, best = results[0].summary["bound_cny"], min(costs)
    rows: list[dict[str, Any]] = []
    for number, (result, cost, amounts) in enumerate(zip(results, costs, added, strict=True), start=1):
        apart = [difference(case, amounts, other) if other is not amounts else None for other in added]
        others = {i: share for i, share in enumerate(apart, start=1) if share is not None}
        nearest = min(others, key=lambda i: others[i]) if others else None
        gap = result.summary["gap"] if number == 1 else series.state.get("gaps", {}).get(str(number))
        rows.append(
            {
                "plan": number,
                "cost_cny": cost,
                "excess_over_best": cost / best - 1.0 if best else 0.0,
                "excess_over_bound": cost / bound - 1.0 if bound else None,
                "gap": gap,
                "differs_from_first": others.get(1, 0.0),
                "differs_at_least": others[nearest] if nearest else None,
                "nearest": nearest,
                "audit_ok": result.summary["audit"]["ok"],
            }
        )
    series.state |= {"best_cny": best, "bound_cny": bound, "limit_cny": _limit(series, results), "plans": rows}
    series.write()
    table = pd.DataFrame(rows).astype({"nearest": "Int64"})
    write_text(series.folder / "alternatives.csv", table.to_csv(index=False, lineterminator="\n"))
    common = side_by_side(case, [additions(result.case, result.tables) for result in results])
    write_text(series.folder / "common.csv", common.to_csv(index=False, lineterminator="\n"))
    return table


def _print(console: Console, case: Case, results: Sequence[Result], series: Series, plans: pd.DataFrame) -> None:
    best, bound = series.state["best_cny"], series.state["bound_cny"]
    title = case.title.en or case.name
    plans_found = f"{len(results)} plan{'' if len(results) == 1 else 's'}"
    console.print(f"[bold]{escape(title)}[/bold]: {plans_found} within {percent(series.settings['within'])}")
    known = f"; no plan whatever can cost less than {money(bound)}" if bound is not None else ""
    console.print(f"  least cost found {money(best)}{known}")
    if float(plans["cost_cny"].iloc[0]) > best:
        console.print("  An alternative is cheaper than plan 1, which was the best known when the search began.")
    console.print(_plan_table(plans))
    console.print("  gap: how much cheaper a plan that differs as much could be at most.")
    console.print("  differs: share of what the other plan adds (sites, halls, grid, servers) that this one does not.")
    if len(results) > 1:
        common = side_by_side(case, [additions(result.case, result.tables) for result in results])
        for line in in_words(case, common, len(results), MOST_LINES):
            console.print(escape(line))


def _plan_table(plans: pd.DataFrame) -> Table:
    unit = money_unit(plans["cost_cny"])
    table = Table(box=None, pad_edge=True, padding=(0, 1))
    for title in ("plan", f"cost, {unit.unit}", "over best", "over bound", "gap", "differs from 1", "from nearest"):
        table.add_column(title, justify="right", no_wrap=True)
    for row in plans.astype(object).where(plans.notna(), None).to_dict("records"):
        nearest = "-" if row["nearest"] is None else f"{row['differs_at_least']:.0%} ({row['nearest']})"
        first = "-" if row["plan"] == 1 else f"{row['differs_from_first']:.0%}"
        over = [percent(row[name]) for name in ("excess_over_best", "excess_over_bound", "gap")]
        table.add_row(str(row["plan"]), f"{row['cost_cny'] / unit.factor:,.3f}", *over, first, nearest)
    return table
