"""What the verb stranded does: find, save and print the capacity of a result that is paid for and does no work."""

from __future__ import annotations

from pathlib import Path

from rich.markup import escape

from ..reports.folder import ResultError, read_result, write_table
from ..reports.stranded import GRID, GRID_CAUSES, RACK_CAUSES, RACKS, stranded
from ..reports.terminal_tables import print_stranded
from ..reports.view import PlanView
from .console import PLAN, console_of, wrong


def stranded_in(folder: Path, *, quiet: bool) -> int:
    """Find the stranded capacity of a result folder; returns the exit code."""
    console = console_of(quiet=quiet)
    try:
        result = read_result(folder)
        if not result.tables:
            raise ResultError(f"{folder} holds no plan, so nothing is stranded")
        view = PlanView(result)
        found = stranded(view)
        write_table(folder, "stranded", found)
    except (ResultError, OSError) as error:
        return wrong(error)
    print_stranded(console, view, found, {RACKS: RACK_CAUSES, GRID: GRID_CAUSES})
    console.print(f"  saved: {escape(str(folder))} (stranded.csv)")
    return PLAN
