"""What the verb pareto does: the points of the curve are found, then written, printed and drawn."""

from __future__ import annotations

from pathlib import Path

from rich.markup import escape

from ..inputs.loading import load
from ..model.metrics import scope_text
from ..reports.folder import ReportError, ResultError
from ..reports.language import file_name
from ..reports.series import case_hash, open_series
from .axis import Against, AgainstError, axis_of
from .console import DISAGREES, OUT_OF_TIME, PLAN, console_of, wrong
from .curve import curve_table, draw, print_curve, write_curve
from .folders import default_folder, make_sure_of_parent
from .points import Points, Stopped
from .searching import Effort

FILE = "curve.json"
SETTINGS = {
    "case_sha256": "case",
    "metric": "metric",
    "scope": "scope",
    "year": "year",
    "better": "direction",
    "points": "number of points",
    "within": "share of extra cost",
    "to": "far end",
}


def trade_off(
    scenario: str,
    output: Path | None,
    against: Against,
    *,
    points: int,
    within: float,
    to: float | None,
    effort: Effort,
    quiet: bool,
) -> int:
    """Draw the curve of what a metric costs; returns the exit code. InputProblems: the scenario is wrong."""
    console, errors = console_of(quiet=quiet), console_of(stderr=True)
    loaded = load(scenario)
    try:
        axis, case = axis_of(loaded.case, against)
        folder = output or default_folder(loaded.case, f"-pareto-{against.name}")
        settings = {
            "case_sha256": case_hash(case),
            "metric": axis.metric,
            "scope": scope_text(axis.scope),
            "year": axis.year,
            "better": axis.better,
            "points": points,
            "within": within,
            "to": to,
        }
        series = open_series(folder, FILE, settings, SETTINGS)
        make_sure_of_parent(folder)
        work = Points(series, loaded, case, axis, effort, console, errors)
        ended: Stopped | None = None
        try:
            work.find()
        except Stopped as reason:
            ended = reason
        if work.results:
            table = curve_table(series, work.on_curve())
            write_curve(series, table)
            print_curve(console, case, axis, series, table)
            draw(series, work.results[min(work.results)], axis, table, effort.languages)
    except (AgainstError, ResultError, ReportError, OSError) as error:
        return wrong(error)
    if ended is not None:
        errors.print(escape(str(ended)))
    if not work.results:
        return ended.exit_code if ended is not None and ended.exit_code != PLAN else OUT_OF_TIME
    pictures = ", ".join(
        file_name("curve", ending, language) for language in effort.languages for ending in ("svg", "png")
    )
    console.print(f"  result: {escape(str(folder))} (a folder for each point, curve.csv, {pictures})")
    if not all(result.summary["audit"]["ok"] for result in work.results.values()):
        return DISAGREES
    return ended.exit_code if ended is not None else PLAN
