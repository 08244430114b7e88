"""The command line: thin verbs that wire inputs, model and reports, and print."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from . import __version__
from .inputs.generating.sizes import FEWEST_SITES, SIZES
from .inputs.problems import InputProblems
from .verbs.options import EXCEL, FORMAT, LANGUAGE, QUIET, THREADS, Number
from .verbs.questions import QUESTIONS

WRONG_INPUT = 2


class Verbs(click.Group):
    """The verbs; whatever is wrong with a scenario is printed at once, and the exit code is 2."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a verb."""
        try:
            return super().invoke(ctx)
        except InputProblems as error:
            for problem in error.problems:
                click.echo(str(problem), err=True)
            count = len(error.problems)
            click.echo(f"{count} problem{'s' if count != 1 else ''}; nothing was done", err=True)
            ctx.exit(WRONG_INPUT)


@click.group(cls=Verbs)
@click.version_option(__version__)
def main() -> None:
    """Plan a city's compute capacity: what to build, where and when, at least cost.

    Example: suanli run quickstart

    \b
    Exit codes: 0 done, 2 the input or the command line is wrong, 3 no plan can exist,
    4 no plan was found in time, 5 the audit disagrees with the result.
    """


@main.command("list")
def list_scenarios() -> None:
    """List the scenarios that come with suanli.

    Example: suanli list
    """
    from .inputs.shipped import about, shipped_scenarios  # noqa: PLC0415  (verbs import what they need, when they run)

    scenarios = shipped_scenarios()
    width = max(map(len, scenarios), default=0)
    for name, path in scenarios.items():
        click.echo(f"{name:{width}}  {about(path)}".rstrip())


@main.command()
@click.argument("scenario")
def check(scenario: str) -> None:
    """Check a scenario: print everything that is wrong with it, with file and line.

    SCENARIO is the name of a shipped scenario, a YAML file or a resolved case (.json).

    Example: suanli check quickstart
    """
    from .inputs.loading import load  # noqa: PLC0415

    case = load(scenario).case
    years = f"{case.years[0]}-{case.years[-1]}" if len(case.years) > 1 else str(case.years[0])
    counts = [(len(case.sites), "site"), (len(case.workloads), "workload"), (len(case.targets), "target")]
    words = [f"{count} {thing}{'' if count == 1 else 's'}" for count, thing in counts]
    click.echo(f"{case.name}: {words[0]}, {words[1]}, years {years}, {words[2]}; no problems")


@main.command()
@click.argument("scenario")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to this file instead of the screen.")
@click.option("--explain", "key", metavar="KEY", help="Show only where the value of KEY comes from.")
def resolve(scenario: str, output: Path | None, key: str | None) -> None:
    """Write the resolved case: the whole problem with nothing left to look up, as JSON.

    With --explain, show instead which file and line set a value, and what it replaced.

    Example: suanli resolve quickstart -o case.json

    Example: suanli resolve quickstart --explain sites.old_centre.grid_kw
    """
    if key is not None:
        from .inputs.explaining import explain  # noqa: PLC0415

        text = "".join(f"{explanation}\n" for explanation in explain(scenario, key))
    else:
        from .inputs.loading import load  # noqa: PLC0415
        from .inputs.resolved import case_text  # noqa: PLC0415

        text = case_text(load(scenario).case)
    _print_or_write(text, output)


@main.command()
@click.option("--size", type=click.Choice([*SIZES]), default="city", show_default=True, help="How large, about.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Another seed, another case.")
@click.option("--sites", type=click.IntRange(FEWEST_SITES, 1_000), help="Sites, instead of the size's.")
@click.option("--workloads", type=click.IntRange(1, 100_000), help="Workloads, instead of the size's.")
@click.option("--years", type=click.IntRange(1, 20), help="Planning years, instead of the size's.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to this file instead of the screen.")
def generate(
    size: str, seed: int, sites: int | None, workloads: int | None, years: int | None, output: Path | None
) -> None:
    """Draw a random city as a resolved case: to see what size you can afford, and for benchmarks.

    There is always a plan for it, and every part of the planning problem is in use from the size `city` on. The
    same seed gives the same case.

    \b
    tiny       4 sites,     6 workloads, 2 years
    small     10 sites,    40 workloads, 3 years
    city      30 sites,   200 workloads, 4 years
    region   100 sites, 3,000 workloads, 5 years

    Example: suanli generate --size city --seed 7 -o city-7.json

    Example: suanli generate --size region --workloads 10000 -o large.json
    """
    from .inputs.generating.random_case import draw_case  # noqa: PLC0415
    from .inputs.resolved import case_text  # noqa: PLC0415

    case = draw_case(size, seed, sites=sites, workloads=workloads, years=years).case
    _print_or_write(case_text(case), output)


def _print_or_write(text: str, output: Path | None) -> None:
    """Print a text, or write it whole to a file; a file that cannot be written is told, and the exit code is 2."""
    if output is None:
        click.echo(text.encode(), nl=False)
        return
    from .inputs.resolved import write_beside  # noqa: PLC0415

    try:
        write_beside(output, text)
    except OSError as error:
        click.echo(f"{output}: cannot be written: {error.strerror or error}", err=True)
        raise SystemExit(WRONG_INPUT) from None


@main.command()
@click.argument("scenario")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Result folder [default: results/NAME].")
@click.option("--gap", default=0.005, show_default=True, type=Number(0, 1), help="Relative gap to prove.")
@click.option("--time-limit", default=300.0, show_default=True, type=Number(min=0.1), help="Seconds to search.")
@THREADS
@LANGUAGE
@FORMAT
@EXCEL
@QUIET
def run(
    scenario: str,
    output: Path | None,
    gap: float,
    time_limit: float,
    threads: int | None,
    language: str,
    medium: str,
    excel: bool,
    quiet: bool,
) -> None:
    """Plan SCENARIO and write its result folder: tables, figures and a report (PDF and HTML).

    SCENARIO is the name of a shipped scenario (see `suanli list`), a scenario file or a resolved case. Ctrl-C ends the
    search, soon after, and keeps the best plan found, if there is one. A result replaces the whole folder.

    Example: suanli run jinan-2027 -o results/jinan --gap 0.01 --time-limit 120
    """
    from .verbs.running import run_scenario  # noqa: PLC0415  the solver's libraries take a second to load

    sys.exit(
        run_scenario(
            scenario,
            output,
            gap=gap,
            time_limit=time_limit,
            threads=threads,
            language=language,
            medium=medium,
            excel=excel,
            quiet=quiet,
        )
    )


@main.command()
@click.argument("scenario")
@click.option("--time-limit", default=55.0, show_default=True, type=Number(min=1), help="Seconds it may take.")
@click.option("--language", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Of the answer.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Also write the explanation as JSON.")
def explain(scenario: str, time_limit: float, language: str, output: Path | None) -> None:
    """Explain why no plan can exist for SCENARIO, and what would help.

    Names what single numbers already rule out, the smallest sets of demands that cannot be kept together, and the
    smallest changes with which there is a plan, each tried and ready to be saved as a scenario. `suanli run` does the
    same by itself when no plan can exist.

    Exit code 3 when no plan can exist, 0 when one does, 4 when that was not decided in time.

    Example: suanli explain jinan-infeasible
    """
    from .verbs.explaining import explain_scenario  # noqa: PLC0415

    sys.exit(explain_scenario(scenario, seconds=time_limit, language=language, output=output))


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
def audit(folder: Path) -> None:
    """Check the result in FOLDER from its tables alone, without the model.

    Recomputes every constraint, metric, target and cost; exit code 5 when something disagrees.

    Example: suanli audit results/jinan-2027
    """
    from .verbs.running import audit_folder  # noqa: PLC0415

    sys.exit(audit_folder(folder))


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@LANGUAGE
@FORMAT
@EXCEL
def report(folder: Path, language: str, medium: str, excel: bool) -> None:
    """Draw the report of the result in FOLDER again.

    report.pdf, report.html and figures/ are in English, report.zh.pdf, report.zh.html and figures/zh/ in Chinese; so
    are plan.xlsx and plan.zh.xlsx.

    Example: suanli report results/jinan-2027 --language both

    Example: suanli report results/jinan-2027 --format html
    """
    from .verbs.running import draw_report  # noqa: PLC0415

    sys.exit(draw_report(folder, language, medium, excel=excel))


for question in QUESTIONS:
    main.add_command(question)
