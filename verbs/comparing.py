"""What the verb compare does, and the exit codes it ends with."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from ..reports.comparison.plans import ComparisonError, compared, read_results
from ..reports.comparison.terminal import print_comparison
from ..reports.comparison.writing import OutputError, is_file_name, writable, write_comparison
from ..reports.folder import ReportError
from ..reports.language import languages_of
from ..reports.media import media_of
from ..reports.messages import Messages
from .console import PLAN, WRONG_INPUT, console_of, wrong


def compare_folders(
    folders: Sequence[Path], output: Path | None, language: str, medium: str, *, excel: bool = False
) -> int:
    """Compare result folders, print what differs, and write the report if an output is given; returns the exit code."""
    problems: list[str] = []
    try:
        results = read_results(folders)
    except ComparisonError as error:
        problems += error.problems
    if output is not None:
        try:
            writable(output)
        except OutputError as error:
            problems.append(str(error))
    if excel and (output is None or is_file_name(output)):
        problems.append("--excel needs a folder to write the workbook to: give its name with -o")
    if problems:
        for problem in problems:
            console_of(stderr=True).print(f"[red]error[/red]: {escape(problem)}")
        return WRONG_INPUT
    # Its tables fit the width of the terminal, so that lines are broken here.
    print_comparison(Console(highlight=False), compared(results, Messages("en")))
    if output is not None:
        try:
            written = write_comparison(results, output, languages_of(language), media_of(medium), excel=excel)
        except (OutputError, ReportError) as error:
            return wrong(error)
        for path in written:
            console_of().print(f"Wrote {escape(str(path))}")
    return PLAN
