"""What the verbs run, audit and report do, and the exit codes they end with."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.live import Live
from rich.markup import escape

from ..inputs.case import Case
from ..inputs.loading import load
from ..model import Plan, Progress, solve
from ..reports.audit import audit
from ..reports.folder import ReportError, ResultError, read_result, replaceable, write_summary
from ..reports.language import Language, file_name, languages_of
from ..reports.saving import Saved, draw, save_plan
from ..reports.terminal import print_audit, print_summary, print_times, progress_line

PLAN, WRONG_INPUT, IMPOSSIBLE, OUT_OF_TIME, DISAGREES = 0, 2, 3, 4, 5
OUT_OF_TIME_WORDS = "No plan was found in time. Give --time-limit a larger value."


def _console(*, quiet: bool = False, stderr: bool = False) -> Console:
    return Console(quiet=quiet, stderr=stderr, highlight=False, soft_wrap=True)


def run_scenario(
    scenario: str,
    output: Path | None,
    *,
    gap: float,
    time_limit: float,
    threads: int | None,
    language: str = "en",
    quiet: bool,
) -> int:
    """Plan a scenario, save and print its result; returns the exit code. InputProblems: the scenario is wrong."""
    languages = languages_of(language)
    console, errors = _console(quiet=quiet), _console(stderr=True)
    begun = time.monotonic()
    loaded = load(scenario)
    read_seconds = time.monotonic() - begun
    folder = output or Path("results") / (re.sub(r"[^\w.-]+", "-", loaded.case.name).strip(".-") or "case")
    try:
        _make_sure_of(folder)
        plan = _solve(loaded.case, console, gap=gap, time_limit=time_limit, threads=threads)
        if plan.interrupted:
            errors.print("Stopped by you." if plan.objective_cny is None else "Stopped by you; the best plan is kept.")
        if plan.status == "no plan" and (folder / "summary.json").exists():
            errors.print(f"{OUT_OF_TIME_WORDS} The previous result in {escape(str(folder))} is left as it was.")
            return OUT_OF_TIME
        saved = save_plan(plan, loaded.sources, read_seconds, folder)
        _draw(folder, languages, errors)
        result = read_result(folder)
    except (ResultError, OSError) as error:
        return _wrong(error)
    print_summary(console, result.case, result.summary, result.tables.get("targets"))
    print_times(console, _seconds(plan, saved, result.summary["seconds"]), plan.progress)
    console.print(f"  result: {escape(str(folder))} ({_reports(languages)}, figures, tables)")
    if plan.status == "infeasible":
        errors.print("No plan can exist: the demands of this scenario contradict each other.")
        return IMPOSSIBLE
    if saved.audit is None:
        errors.print(OUT_OF_TIME_WORDS)
        return OUT_OF_TIME
    return PLAN if saved.audit.ok else DISAGREES


def _seconds(plan: Plan, saved: Saved, summary: Mapping[str, float]) -> dict[str, float]:
    """Seconds by phase, in their order, from reading the scenario to its report."""
    return {
        "read": summary["read"],
        **{phase.replace("_", "-"): seconds for phase, seconds in plan.seconds.items()},
        "write": saved.write_seconds,
        "audit": saved.audit_seconds,
        "report": summary["report"],
    }


def _make_sure_of(folder: Path) -> None:
    """Find out before the search, not after it, that a result cannot be written. Raises ResultError."""
    replaceable(folder)
    above = next(path for path in folder.absolute().parents if path.exists())
    try:
        with tempfile.TemporaryDirectory(prefix=".suanli-", dir=above):
            pass
    except OSError as error:
        raise ResultError(f"{folder} cannot be written: {error.strerror or error}") from error


def _draw(folder: Path, languages: Sequence[Language], errors: Console) -> None:
    """Draw the report of a saved plan; what goes wrong, or Ctrl-C, costs the report but not the plan."""
    try:
        draw(folder, languages)
    except (Exception, KeyboardInterrupt) as error:
        why = str(error) if isinstance(error, ReportError) else "interrupted"
        if not isinstance(error, ReportError | KeyboardInterrupt):
            why = f"a fault in suanli itself, {type(error).__name__}: {error}"
        errors.print(
            f"[red]no report[/red]: {escape(why)}\nThe plan is saved; draw it with: suanli report {escape(str(folder))}"
        )


def _wrong(error: Exception) -> int:
    _console(stderr=True).print(f"[red]error[/red]: {escape(str(error))}")
    return WRONG_INPUT


def _solve(case: Case, console: Console, *, gap: float, time_limit: float, threads: int | None) -> Plan:
    if console.quiet:
        return solve(case, gap=gap, time_limit=time_limit, threads=threads)
    if not console.is_terminal:
        return solve(case, gap=gap, time_limit=time_limit, threads=threads, on_progress=_ChangesOnly(console))
    with Live(console=console, refresh_per_second=4, transient=True) as live:
        return solve(
            case,
            gap=gap,
            time_limit=time_limit,
            threads=threads,
            on_progress=lambda progress: live.update(progress_line(progress)),
        )


class _ChangesOnly:
    """Prints progress to a file or pipe: a line whenever the plan or the step changes, and every ten seconds."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._last: tuple[object, object] | None = None
        self._printed = 0.0

    def __call__(self, progress: Progress) -> None:
        now = (progress.best_cny, progress.step)
        if now == self._last and progress.seconds < self._printed + 10:
            return
        self._last, self._printed = now, progress.seconds
        self._console.print(progress_line(progress))


def audit_folder(folder: Path) -> int:
    """Audit a result folder and print the verdict; returns the exit code."""
    try:
        result = read_result(folder)
    except ResultError as error:
        return _wrong(error)
    checked = audit(result)
    print_audit(_console(), checked.as_summary())
    return PLAN if checked.ok else DISAGREES


def _reports(languages: Sequence[Language]) -> str:
    return ", ".join(file_name("report", "pdf", language) for language in languages)


def draw_report(folder: Path, language: str = "en") -> int:
    """Audit a result folder afresh and draw its report again; returns the exit code."""
    languages = languages_of(language)
    try:
        result = read_result(folder)
        if result.tables:
            write_summary(folder, {**result.summary, "audit": audit(result).as_summary()})
        draw(folder, languages)
    except (ResultError, ReportError, OSError) as error:
        return _wrong(error)
    for name in languages:
        _console().print(f"Wrote {folder / file_name('report', 'pdf', name)}")
    return PLAN
