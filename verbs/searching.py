"""What each plan of a series may take, and what is said when it ends without one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console

from ..inputs.case import Case
from ..model import Plan, solve
from ..model.starting import Tables
from ..reports.language import Language
from .console import showing_progress

STOPPED = "Stopped by you. Run the same command again to go on."
NO_TIME = "No plan was found in time. Give --time-limit a larger value, and run the same command again."


@dataclass(frozen=True)
class Effort:
    """The gap to prove, the seconds to search, the processors to use; whether to draw reports, and in what language."""

    gap: float
    time_limit: float
    threads: int | None
    reports: bool = True
    languages: Sequence[Language] = ("en",)

    def plan(self, case: Case, console: Console, start: Tables | None = None) -> Plan:
        """Plan the case, beginning with another plan if there is one, and show the progress."""
        with showing_progress(console) as on_progress:
            return solve(
                case,
                gap=self.gap,
                time_limit=self.time_limit,
                threads=self.threads,
                on_progress=on_progress,
                start=start,
            )
