"""The one command of the benchmarks."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import click

from .cases import Subject, find_case
from .curves import write_curves
from .page import replace_section, surroundings
from .processes import SOLVERS, Comparison, Settings, compare
from .processes import hand_over as measure_hand_over
from .tables import contradictions, gaps, hand_overs, percent, preparations, ratios, searches

CURVES = Path(__file__).parent / "curves"


@click.command(context_settings={"max_content_width": 120})
@click.argument("cases", nargs=-1, required=True)
@click.option(
    "--seconds", default=60.0, show_default=True, type=click.FloatRange(min=1), help="Time limit from command."
)
@click.option("--gap", default=1e-4, show_default=True, type=click.FloatRange(0, 1), help="Gap at which to end.")
@click.option("--threads", default=2, show_default=True, type=click.IntRange(min=1), help="Threads of each solver.")
@click.option("--repeat", default=1, show_default=True, type=click.IntRange(min=1), help="Rounds; medians are shown.")
@click.option("--no-highs", is_flag=True, help="Leave out plain HiGHS.")
@click.option("--no-scip", is_flag=True, help="Leave out SCIP, which needs pip install 'suanli[benchmarks]'.")
@click.option("--hand-over", is_flag=True, help="Only read, build and hand over, beside NumPy filling the same matrix.")
@click.option("--output", type=click.Path(path_type=Path), help="Also write into this page: docs/performance.md.")
@click.option("--section", help="Name of the page's section to replace [default: plans, or hand-over].")
@click.option("--curves", is_flag=True, help="Also write the gap second by second to benchmarks/curves/CASE.csv.")
def main(
    cases: tuple[str, ...],
    seconds: float,
    gap: float,
    threads: int,
    repeat: int,
    no_highs: bool,
    no_scip: bool,
    hand_over: bool,
    output: Path | None,
    section: str | None,
    curves: bool,
) -> None:
    """Measure suanli on CASES, beside plain HiGHS and SCIP on the same matrix, in one run.

    A case is a shipped scenario, a scenario or case file, or SIZE:SEED, drawn as `suanli generate` does. Each solver
    runs in a process of its own, one after the other, with the same time limit; their clocks begin at suanli's command.
    docs/performance.md explains the tables.

    \b
    Examples: python -m benchmarks jinan-2027 --seconds 60
              python -m benchmarks city:1 city:2 city:3 --seconds 180 --repeat 3 --output docs/performance.md
              python -m benchmarks region:1 --hand-over
    """
    if not no_scip and not hand_over and find_spec("pyscipopt") is None:
        raise click.UsageError("SCIP is not installed: pip install 'suanli[benchmarks]', or give --no-scip")
    left_out = {"HiGHS": no_highs, "SCIP": no_scip}
    settings = Settings(seconds, gap, threads, tuple(name for name in SOLVERS if not left_out.get(name)))
    with tempfile.TemporaryDirectory(prefix="suanli-benchmark-") as folder:
        try:
            subjects = [find_case(words, Path(folder)) for words in cases]
            if hand_over:
                text = _hand_overs(subjects, repeat)
            else:
                text = _comparison(subjects, settings, repeat, CURVES if curves else None)
        except subprocess.CalledProcessError as error:
            raise click.ClickException(f"a measuring process failed: {' '.join(error.cmd[1:4])}") from error
    click.echo(text)
    if output is not None:
        page = output.read_text("utf-8") if output.exists() else ""
        name = section or ("hand-over" if hand_over else "plans")
        output.write_text(replace_section(page, name, text), encoding="utf-8", newline="\n")


def _hand_overs(subjects: list[Subject], repeat: int) -> str:
    measured = []
    for subject in subjects:
        click.echo(subject.name, err=True)
        measured.append(measure_hand_over(subject, repeat))
    return f"{surroundings()} {_rounds(repeat)}\n\n{hand_overs(measured)}"


def _comparison(subjects: list[Subject], settings: Settings, repeat: int, curves: Path | None) -> str:
    groups = list(_compared(subjects, settings, repeat))
    if curves is not None:
        for group in groups:
            write_curves(curves, group, settings.seconds)
    told = (
        f"{surroundings()} Time limit {settings.seconds:g} s, gap asked for {settings.gap:.2%},"
        f" {settings.threads} threads. {_rounds(repeat)}"
    )
    limit = settings.seconds
    tables = [preparations(groups), searches(groups), gaps(groups, limit), ratios(groups, limit)]
    return "\n\n".join([told, *filter(None, tables), *contradictions(groups)])


def _rounds(repeat: int) -> str:
    return "One run each." if repeat == 1 else f"Medians of {repeat} runs."


def _compared(subjects: list[Subject], settings: Settings, repeat: int) -> Iterator[list[Comparison]]:
    for subject in subjects:
        group = []
        for round_ in range(repeat):
            group.append(compare(subject, settings))
            gaps_ = ", ".join(f"{run.solver} {percent(run.last.gap)}" for run in group[-1].runs)
            click.echo(f"{subject.name}, round {round_ + 1} of {repeat}: gap at the end {gaps_}", err=True)
        yield group


if __name__ == "__main__":
    main()
