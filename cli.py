"""The command line: thin verbs that wire inputs, model and reports, and print."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Any, Literal

import click

from . import __version__
from .inputs.generating.sizes import FEWEST_SITES, SIZES
from .inputs.problems import InputProblems

WRONG_INPUT = 2


class Number(click.FloatRange):
    """A number in a range; not-a-number is none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read the number, or say what is wrong with it."""
        number: float = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{value!r} is not a number", param, ctx)
        return number


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


REPORTS = click.option("--reports/--no-reports", default=True, help="Draw each plan's report, or leave it for later.")
LANGUAGE = click.option(
    "--language", type=click.Choice(["en", "zh", "both"]), default="en", show_default=True, help="Of the report."
)
FORMAT = click.option(
    "--format", "medium", type=click.Choice(["pdf", "html", "both"]), default="both", show_default=True,
    help="The report as a PDF, as a web page in one file, or both.",
)  # fmt: skip
EXCEL = click.option("--excel", is_flag=True, help="Write the tables as one workbook too, plan.xlsx.")


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
@click.option("--threads", type=click.IntRange(min=1), help="Processors to use: 1, or at most 2 [default].")
@LANGUAGE
@FORMAT
@EXCEL
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
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


@main.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FOLDER FOLDER ...")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path),
    help="Write the report to this .pdf or .html file, or reports, figures and CSV tables to this folder.",
)  # fmt: skip
@LANGUAGE
@FORMAT
@click.option("--excel", is_flag=True, help="With a folder: write the tables as one workbook too, comparison.xlsx.")
def compare(folders: tuple[Path, ...], output: Path | None, language: str, medium: str, excel: bool) -> None:
    """Compare the results in two or more FOLDERs: what differs, and which changed inputs led there.

    The first FOLDER is the reference. Prints changed inputs, a bridge from cost to cost, targets, key quantities, sites
    and the building programme side by side, and says what the gaps of the plans leave unproved.

    Example: suanli compare results/jinan-2027 results/jinan-2027-green -o green.pdf
    """
    from .verbs.comparing import compare_folders  # noqa: PLC0415

    sys.exit(compare_folders(folders, output, language, medium, excel=excel))


@main.command()
@click.argument("scenario")
@click.option("--within", default=0.02, show_default=True, type=Number(0, 10), help="How much more a plan may cost.")
@click.option("--count", default=5, show_default=True, type=click.IntRange(1, 100), help="Plans, the best included.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder [default: results/NAME-alternatives].")
@click.option("--gap", default=0.01, show_default=True, type=Number(0, 1), help="Relative gap of each plan.")
@click.option("--time-limit", default=600.0, show_default=True, type=Number(min=0.1), help="Seconds for each plan.")
@click.option("--threads", type=click.IntRange(min=1), help="Processors to use: 1, or at most 2 [default].")
@REPORTS
@LANGUAGE
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
def alternatives(
    scenario: str,
    within: float,
    count: int,
    output: Path | None,
    gap: float,
    time_limit: float,
    threads: int | None,
    reports: bool,
    language: str,
    quiet: bool,
) -> None:
    """Find plans that cost little more than the best, and build other things or elsewhere.

    Each plan differs from all before it as much as possible, and is saved as a result folder: FOLDER/1, FOLDER/2 ...
    Then it says what all of them have in common (build these whatever happens) and what is open. Run the same command
    again, also with a larger --count, to go on after an interruption.

    Example: suanli alternatives jinan-2027 --within 0.02 --count 5
    """
    from .reports.language import languages_of  # noqa: PLC0415
    from .verbs.alternatives import find_alternatives  # noqa: PLC0415
    from .verbs.searching import Effort  # noqa: PLC0415

    effort = Effort(gap, time_limit, threads, reports, languages_of(language))
    sys.exit(find_alternatives(scenario, output, within=within, count=count, effort=effort, quiet=quiet))


@main.command()
@click.argument("scenario")
@click.option("--against", required=True, metavar="METRIC|TARGET", help="A metric, or the id of a target to vary.")
@click.option("--points", default=8, show_default=True, type=click.IntRange(2, 100), help="Points of the curve.")
@click.option("--year", type=int, help="Year of the metric [default: the last].")
@click.option("--better", type=click.Choice(["least", "most"]), help="Which way is better [default: by the metric].")
@click.option(
    "--within", default=0.2, show_default=True, type=Number(0, 100), help="How much more the far end may cost."
)
@click.option("--to", type=float, help="Value at the far end, instead of the best to be had.")
@click.option("--pool", help="Pool, for pool_capacity.")
@click.option("--resource", help="Resource, for pool_capacity.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder [default: results/NAME-pareto-METRIC].")
@click.option(
    "--gap", default=0.005, show_default=True, type=Number(0, 1), help="Relative gap to prove for each point."
)
@click.option("--time-limit", default=600.0, show_default=True, type=Number(min=0.1), help="Seconds for each point.")
@click.option("--threads", type=click.IntRange(min=1), help="Processors to use: 1, or at most 2 [default].")
@REPORTS
@LANGUAGE
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
def pareto(
    scenario: str,
    against: str,
    points: int,
    year: int | None,
    better: Literal["least", "most"] | None,
    within: float,
    to: float | None,
    pool: str | None,
    resource: str | None,
    output: Path | None,
    gap: float,
    time_limit: float,
    threads: int | None,
    reports: bool,
    language: str,
    quiet: bool,
) -> None:
    """Draw the curve of what a metric costs: how much less carbon for how much more money?

    From the plan of least cost to the best value of the metric, each point is the cheapest plan that attains so much,
    saved as a result folder: FOLDER/1, FOLDER/2 ... The metric is one of those that targets speak of, counted in the
    city; or name a target of the scenario, to vary its value. Run the same command again to go on after an
    interruption.

    Example: suanli pareto jinan-2027 --against carbon_tonnes --points 8

    Example: suanli pareto jinan-2027 --against compute-2027 --to 12000
    """
    from .reports.language import languages_of  # noqa: PLC0415
    from .verbs.axis import Against  # noqa: PLC0415
    from .verbs.pareto import trade_off  # noqa: PLC0415
    from .verbs.searching import Effort  # noqa: PLC0415

    effort = Effort(gap, time_limit, threads, reports, languages_of(language))
    choice = Against(against, year, better, pool, resource)
    sys.exit(trade_off(scenario, output, choice, points=points, within=within, to=to, effort=effort, quiet=quiet))


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--targets", "target_ids", multiple=True, metavar="ID", help="Only this target; repeat for more.")
@click.option(
    "--weaker",
    "shares",
    multiple=True,
    default=(0.05, 0.1),
    show_default=True,
    type=Number(0, 1, min_open=True),
    help="By which share targets are weakened; repeat for more.",
)
@click.option("--margin-only", is_flag=True, help="Only the prices at the margin: plan nothing again.")
@click.option("--gap", default=0.001, show_default=True, type=Number(0, 1), help="Relative gap of each new plan.")
@click.option("--time-limit", default=60.0, show_default=True, type=Number(min=0.1), help="Seconds for each new plan.")
@click.option("--threads", type=click.IntRange(min=1), help="Processors to use: 1, or at most 2 [default].")
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
def prices(
    folder: Path,
    target_ids: tuple[str, ...],
    shares: tuple[float, ...],
    margin_only: bool,
    gap: float,
    time_limit: float,
    threads: int | None,
    quiet: bool,
) -> None:
    """What each binding target and limit of the plan in FOLDER costs.

    At the margin: what one unit less required would save. In the large: what a plan made anew for a target 5% or 10%
    weaker saves, starting from the plan in the folder. Also what binds where: site power, racks, halls, supply, egress,
    zones, budget. Saved as prices.csv and binding.csv in the folder; Ctrl-C keeps what was planned so far.

    Example: suanli prices results/jinan-2027 --targets compute-2027 --time-limit 120

    Example: suanli prices results/jinan-2027 --margin-only
    """
    from .verbs.prices import price_folder  # noqa: PLC0415

    sys.exit(
        price_folder(
            folder,
            targets=target_ids,
            shares=shares,
            margin_only=margin_only,
            gap=gap,
            time_limit=time_limit,
            threads=threads,
            quiet=quiet,
        )
    )


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
def stranded(folder: Path, quiet: bool) -> None:
    """Capacity of the plan in FOLDER that is paid for and does no work, and why.

    Racks and kW of grid connection by site and year: in use, or stranded by lack of power, racks or demand, by the
    wrong cooling, as a backup reserve, or waiting for what has a lead time. Saved as stranded.csv in the folder.

    Example: suanli stranded results/jinan-2027
    """
    from .verbs.stranded import stranded_in  # noqa: PLC0415

    sys.exit(stranded_in(folder, quiet=quiet))
