"""What the verbs run, audit and report do, and the exit codes they end with."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from ..inputs.case import Case
from ..inputs.loading import Loaded, load
from ..model import Plan, solve
from ..model.explaining import Explanation
from ..reports.audit import audit
from ..reports.explanation.saved import EXPLANATION, explanation_text
from ..reports.folder import ReportError, ResultError, read_result, write_summary, write_text
from ..reports.language import Language, file_name, languages_of
from ..reports.media import Medium, media_of
from ..reports.saving import Saved, draw, save_plan
from ..reports.terminal import print_audit, print_summary, print_times
from .console import DISAGREES, IMPOSSIBLE, OUT_OF_TIME, PLAN, console_of, draw_or_tell, showing_progress, wrong
from .explaining import explained, print_explanation
from .folders import default_folder, make_sure_of

EXPLAIN_SECONDS = 60.0
OUT_OF_TIME_WORDS = "No plan was found in time. Give --time-limit a larger value."


def run_scenario(
    scenario: str,
    output: Path | None,
    *,
    gap: float,
    time_limit: float,
    threads: int | None,
    language: str = "en",
    medium: str = "both",
    excel: bool = False,
    quiet: bool,
) -> int:
    """Plan a scenario, save and print its result; returns the exit code. InputProblems: the scenario is wrong."""
    languages, media = languages_of(language), media_of(medium)
    console, errors = console_of(quiet=quiet), console_of(stderr=True)
    begun = time.monotonic()
    loaded = load(scenario)
    read_seconds = time.monotonic() - begun
    folder = output or default_folder(loaded.case)
    try:
        make_sure_of(folder)
        plan = _solve(loaded.case, console, gap=gap, time_limit=time_limit, threads=threads)
        if plan.interrupted:
            errors.print("Stopped by you." if plan.objective_cny is None else "Stopped by you; the best plan is kept.")
        if plan.status == "no plan" and (folder / "summary.json").exists():
            errors.print(f"{OUT_OF_TIME_WORDS} The previous result in {escape(str(folder))} is left as it was.")
            return OUT_OF_TIME
        saved = save_plan(plan, loaded.sources, read_seconds, folder, loaded.clauses)
        explanation = _explained(loaded, folder, console) if plan.status == "infeasible" else None
        draw_or_tell(folder, languages, errors, media, excel=excel)
        result = read_result(folder)
    except (ResultError, OSError) as error:
        return wrong(error)
    print_summary(console, result.case, result.summary, result.tables.get("targets"))
    print_times(console, _seconds(plan, saved, result.summary["seconds"]), plan.progress)
    console.print(f"  result: {escape(str(folder))} ({', '.join(_drawn(languages, media, excel))}, figures, tables)")
    if plan.status == "infeasible":
        if explanation is not None:
            console.print()
            print_explanation(console, loaded, explanation, languages[0])
        errors.print("No plan can exist: the demands of this scenario contradict each other.")
        return IMPOSSIBLE
    if saved.audit is None:
        errors.print(OUT_OF_TIME_WORDS)
        return OUT_OF_TIME
    return PLAN if saved.audit.ok else DISAGREES


def _explained(loaded: Loaded, folder: Path, console: Console) -> Explanation | None:
    """Explain why there is no plan, and save that beside the case; Ctrl-C leaves it out."""
    console.print("No plan can exist; looking for the reasons and for ways out.")
    try:
        explanation = explained(loaded, seconds=EXPLAIN_SECONDS, known_infeasible=True)
    except KeyboardInterrupt:
        return None
    write_text(folder / EXPLANATION, explanation_text(explanation))
    return explanation


def _seconds(plan: Plan, saved: Saved, summary: Mapping[str, float]) -> dict[str, float]:
    """Seconds by phase, in their order, from reading the scenario to its report."""
    return {
        "read": summary["read"],
        **{phase.replace("_", "-"): seconds for phase, seconds in plan.seconds.items()},
        "write": saved.write_seconds,
        "audit": saved.audit_seconds,
        "report": summary["report"],
    }


def _solve(case: Case, console: Console, *, gap: float, time_limit: float, threads: int | None) -> Plan:
    with showing_progress(console) as on_progress:
        return solve(case, gap=gap, time_limit=time_limit, threads=threads, on_progress=on_progress)


def audit_folder(folder: Path) -> int:
    """Audit a result folder and print the verdict; returns the exit code."""
    try:
        result = read_result(folder)
    except ResultError as error:
        return wrong(error)
    checked = audit(result)
    print_audit(console_of(), checked.as_summary())
    return PLAN if checked.ok else DISAGREES


def _drawn(languages: Sequence[Language], media: Sequence[Medium], excel: bool) -> list[str]:
    kinds = [*(("report", medium) for medium in media), *([("plan", "xlsx")] if excel else [])]
    return [file_name(stem, ending, language) for stem, ending in kinds for language in languages]


def draw_report(folder: Path, language: str = "en", medium: str = "both", *, excel: bool = False) -> int:
    """Audit a result folder afresh and draw its report again; returns the exit code."""
    languages, media = languages_of(language), media_of(medium)
    try:
        result = read_result(folder)
        if result.tables:
            write_summary(folder, {**result.summary, "audit": audit(result).as_summary()})
        draw(folder, languages, media, excel=excel)
    except (ResultError, ReportError, OSError) as error:
        return wrong(error)
    for name in _drawn(languages, media, excel):
        console_of().print(f"Wrote {folder / name}")
    return PLAN
