"""What the verb explain does: why there is no plan, and what would help, printed and saved."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.markup import escape

from ..inputs.altering import altering, override_text
from ..inputs.barriers import Barriers
from ..inputs.loading import Loaded, is_resolved, load
from ..inputs.resolved import write_beside
from ..inputs.shipped import shipped_scenarios
from ..model.explaining import Explanation, explain
from ..reports.explanation.saved import explanation_text
from ..reports.language import Language, languages_of
from .console import IMPOSSIBLE, OUT_OF_TIME, PLAN, console_of, wrong

EXIT = {"feasible": PLAN, "infeasible": IMPOSSIBLE, "unknown": OUT_OF_TIME}


def explain_scenario(scenario: str, *, seconds: float, language: str, output: Path | None) -> int:
    """Explain a scenario and print the explanation; returns the exit code. InputProblems: the scenario is wrong."""
    loaded = load(scenario)
    console = console_of()
    with console.status("explaining") as status:
        explanation = explained(loaded, seconds=seconds, on_step=status.update)
    title = loaded.case.title.en if language == "en" else loaded.case.title.zh or loaded.case.title.en
    console.print(f"[bold]{escape(title or loaded.case.name)}[/bold]")
    print_explanation(console, loaded, explanation, languages_of(language)[0])
    if output is not None:
        try:
            write_beside(output, explanation_text(explanation))
        except OSError as error:
            return wrong(OSError(f"{output}: cannot be written: {error.strerror or error}"))
    return EXIT[explanation.status]


def explained(loaded: Loaded, *, seconds: float, known_infeasible: bool = False, on_step: object = None) -> Explanation:
    """The explanation of a loaded case."""
    return explain(
        loaded.case,
        altering(loaded),
        seconds=seconds,
        known_infeasible=known_infeasible,
        removed=(lambda _: ()) if is_resolved(loaded.path) else Barriers(loaded.path),
        on_step=on_step if callable(on_step) else lambda _: None,
    )


def print_explanation(console: Console, loaded: Loaded, explanation: Explanation, language: Language) -> None:
    """Print an explanation: what single numbers rule out, what conflicts, and what would help."""
    from ..reports.explanation.telling import Teller  # noqa: PLC0415  the drawing libraries take half a second to load

    teller = Teller(loaded.case, language)
    t = teller.t
    if explanation.status != "infeasible":
        console.print(t(f"explanation.{explanation.status}"))
        return
    console.print(t("explanation.none"))
    if explanation.reasons:
        console.print(f"\n{t('explanation.reasons')}")
        for fact in explanation.reasons:
            console.print(f"  - {escape(teller.sentence(fact))}")
    for conflict in explanation.conflicts:
        console.print(f"\n{teller.heading(conflict)}")
        for fact in conflict.demands:
            console.print(f"  - {escape(teller.sentence(fact))}")
    if not explanation.conflicts and not explanation.reasons:
        console.print(t("explanation.unnamed"))
    if not explanation.ways_out:
        console.print(f"\n{t('explanation.no_ways')}")
        return
    console.print(f"\n{t('explanation.ways')}")
    extends = _extends(loaded)
    for number, way in enumerate(explanation.ways_out, start=1):
        console.print(f"\n{number:3}. {escape(teller.way(way))}")
        console.print(f"     {t('explanation.override' if extends else 'explanation.override_case')}", style="dim")
        for line in override_text(way.changes, extends).splitlines():
            console.print(f"       {escape(line)}")


def _extends(loaded: Loaded) -> str | None:
    """How a scenario beside it would name this one; None for a resolved case, which cannot be extended."""
    if is_resolved(loaded.path):
        return None
    name = loaded.path.stem
    return name if shipped_scenarios().get(name) == loaded.path else loaded.path.name
