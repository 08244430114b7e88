"""Options that several verbs share."""

from __future__ import annotations

import math
from typing import Any

import click


class Number(click.FloatRange):
    """A number in a range; not-a-number is none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read the number, or say what is wrong with it."""
        number: float = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{value!r} is not a number", param, ctx)
        return number


REPORTS = click.option("--reports/--no-reports", default=True, help="Draw each plan's report, or leave it for later.")
LANGUAGE = click.option(
    "--language", type=click.Choice(["en", "zh", "both"]), default="en", show_default=True, help="Of the report."
)
FORMAT = click.option(
    "--format", "medium", type=click.Choice(["pdf", "html", "both"]), default="both", show_default=True,
    help="The report as a PDF, as a web page in one file, or both.",
)  # fmt: skip
EXCEL = click.option("--excel", is_flag=True, help="Write the tables as one workbook too, plan.xlsx.")
THREADS = click.option("--threads", type=click.IntRange(min=1), help="Processors to use: 1, or at most 2 [default].")
QUIET = click.option("--quiet", is_flag=True, help="Print nothing but errors.")
