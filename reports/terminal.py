"""What the terminal shows: progress while solving, and the summary of a result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from ..inputs.case import Case
from ..model.plan import Progress

STATUS_WORDS = {
    "optimal": "optimal within the gap asked for",
    "feasible": "a plan, not proved optimal within the gap asked for",
    "infeasible": "no plan can exist",
    "no plan": "no plan found in the time given",
}


def money(cny: float | None) -> str:
    """CNY in billions, millions or units, as the size asks."""
    if cny is None:
        return "-"
    for size, word in ((1e9, " bn"), (1e6, " m")):
        if abs(cny) >= size:
            return f"CNY {cny / size:,.3f}{word}"
    return f"CNY {cny:,.2f}"


def percent(share: float | None) -> str:
    """A share as per cent with two digits."""
    return "-" if share is None else f"{share:.2%}"


def progress_line(progress: Progress) -> Text:
    """One line: time, gap, proved bound, and the best plan with the step that found it (before: the step at work)."""
    bound = f"bound {money(progress.bound_cny)}, gap {percent(progress.gap)}"
    if progress.best_cny is None:
        return Text(f"{progress.seconds:5.0f} s  {bound}, no plan yet: {progress.step}")
    return Text(f"{progress.seconds:5.0f} s  {bound}, plan {money(progress.best_cny)}, found by: {progress.step}")


def print_summary(console: Console, case: Case, summary: Mapping[str, Any], targets: pd.DataFrame | None) -> None:
    """Print cost, bound, gap, targets and audit of a result."""
    title = case.title.en or case.name
    console.print(f"[bold]{escape(title)}[/bold]: {STATUS_WORDS[summary['status']]}")
    if summary["objective_cny"] is not None:
        cost, bound = money(summary["objective_cny"]), money(summary["bound_cny"])
        gap, asked = percent(summary["gap"]), percent(summary["requested_gap"])
        console.print(f"  net present cost {cost}, proved to be at least {bound}: gap {gap} (asked for {asked})")
    if targets is not None and len(targets):
        missed = targets[~targets["met"].astype(bool)]
        console.print(f"  targets: {len(targets) - len(missed)} met, {len(missed)} missed")
        console.print(_target_table(targets))
    low, high = summary["coefficient_range"]
    console.print(
        f"  model: {summary['rows']:,} rows, {summary['columns']:,} columns, {summary['integers']:,} integers, "
        f"coefficients from {low:.2g} to {high:.2g}"
    )
    if low and (low < 1e-4 or high > 1e5):
        console.print(
            "  [yellow]coefficients span more than is good for the solver: look for odd units in the inputs[/yellow]"
        )
    print_audit(console, summary["audit"])


def print_times(console: Console, seconds: Mapping[str, float], progress: Sequence[Progress]) -> None:
    """Print where the time went, phase by phase, and what of the search it took to the first and to the best plan."""
    phases = ", ".join(f"{phase} {spent:.1f}" for phase, spent in seconds.items())
    console.print(f"  seconds: {sum(seconds.values()):.1f} = {phases}")
    plans = [moment for moment in progress if moment.best_cny is not None]
    if plans:
        first, best = plans[0], min(plans, key=lambda moment: (moment.best_cny, moment.seconds))
        console.print(
            f"  search: {first.seconds:.1f} s to the first plan, found by: {first.step};"
            f" {best.seconds:.1f} s to the best, found by: {best.step}"
        )


def print_audit(console: Console, audit: Mapping[str, Any]) -> None:
    """Print the audit's verdict and its complaints."""
    if audit["ok"] is None:
        return
    if audit["ok"]:
        console.print(f"  audit: [green]agrees[/green] ({audit['checks']:,} checks)")
        return
    console.print(f"  audit: [red]disagrees[/red] in {len(audit['failures'])} of {audit['checks']:,} checks")
    for failure in audit["failures"]:
        console.print(f"    {escape(failure)}")


def _target_table(targets: pd.DataFrame) -> Table:
    table = Table(box=None, pad_edge=True, padding=(0, 2))
    for column, side in (
        ("target", "left"),
        ("year", "right"),
        ("required", "right"),
        ("attained", "right"),
        ("", "left"),
    ):
        table.add_column(column, justify="right" if side == "right" else "left")
    for row in targets.to_dict("records"):
        attained = "-" if pd.isna(row["attained"]) else f"{row['attained']:,.6g}"
        verdict = "[green]met[/green]" if row["met"] else f"[red]missed by {row['missed']:,.6g}[/red]"
        required = f"{row['sense']} {row['required']:,.6g}"
        table.add_row(escape(str(row["target"])), str(row["year"]), required, attained, verdict)
    return table
