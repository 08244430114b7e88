"""Verbs for what a planner asks about plans: how they compare, which others there are, what things cost."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

import click

from .options import FORMAT, LANGUAGE, QUIET, REPORTS, THREADS, Number


@click.command()
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
    from .comparing import compare_folders  # noqa: PLC0415

    sys.exit(compare_folders(folders, output, language, medium, excel=excel))


@click.command()
@click.argument("scenario")
@click.option("--within", default=0.02, show_default=True, type=Number(0, 10), help="How much more a plan may cost.")
@click.option("--count", default=5, show_default=True, type=click.IntRange(1, 100), help="Plans, the best included.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder [default: results/NAME-alternatives].")
@click.option("--gap", default=0.01, show_default=True, type=Number(0, 1), help="Relative gap of each plan.")
@click.option("--time-limit", default=600.0, show_default=True, type=Number(min=0.1), help="Seconds for each plan.")
@THREADS
@REPORTS
@LANGUAGE
@QUIET
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
    from ..reports.language import languages_of  # noqa: PLC0415
    from .alternatives import find_alternatives  # noqa: PLC0415
    from .searching import Effort  # noqa: PLC0415

    effort = Effort(gap, time_limit, threads, reports, languages_of(language))
    sys.exit(find_alternatives(scenario, output, within=within, count=count, effort=effort, quiet=quiet))


@click.command()
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
@THREADS
@REPORTS
@LANGUAGE
@QUIET
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
    from ..reports.language import languages_of  # noqa: PLC0415
    from .axis import Against  # noqa: PLC0415
    from .pareto import trade_off  # noqa: PLC0415
    from .searching import Effort  # noqa: PLC0415

    effort = Effort(gap, time_limit, threads, reports, languages_of(language))
    choice = Against(against, year, better, pool, resource)
    sys.exit(trade_off(scenario, output, choice, points=points, within=within, to=to, effort=effort, quiet=quiet))


@click.command()
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
@THREADS
@QUIET
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
    from .prices import price_folder  # noqa: PLC0415

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


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@QUIET
def stranded(folder: Path, quiet: bool) -> None:
    """Capacity of the plan in FOLDER that is paid for and does no work, and why.

    Racks and kW of grid connection by site and year: in use, or stranded by lack of power, racks or demand, by the
    wrong cooling, as a backup reserve, or waiting for what has a lead time. Saved as stranded.csv in the folder.

    Example: suanli stranded results/jinan-2027
    """
    from .stranded import stranded_in  # noqa: PLC0415

    sys.exit(stranded_in(folder, quiet=quiet))


QUESTIONS = (compare, alternatives, pareto, prices, stranded)
