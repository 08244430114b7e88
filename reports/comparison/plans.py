"""The results of a comparison: read, lettered and named; the first one is what the others are measured against."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from string import ascii_uppercase

from ..draft import Draft
from ..folder import Result, ResultError, read_result
from ..messages import Messages
from ..sections.provenance import audited
from ..sources import read_sources
from ..view import PlanView
from ..wording import printable, shortened
from .bridge import comparable
from .differences import CaseDifference, common_years, differences
from .grouping import Group, grouped
from .programme import Work, works
from .proof import Proof, proof

MOST_RESULTS = 6
"""More columns do not fit side by side."""
LONGEST_NAME = 48


class ComparisonError(Exception):
    """What keeps results from being compared: every problem, one a line."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def read_results(folders: Sequence[Path]) -> list[Result]:
    """Read result folders. Raises ComparisonError naming everything that is wrong with any of them."""
    problems: list[str] = []
    if len(folders) < 2:
        problems.append(f"a comparison takes at least two result folders, {len(folders) or 'none'} given")
    if len(folders) > MOST_RESULTS:
        problems.append(f"a comparison takes at most {MOST_RESULTS} result folders, {len(folders)} given")
    results = []
    for folder in folders:
        try:
            results.append(read_result(folder))
        except ResultError as error:
            problems.append(str(error))
    if problems:
        raise ComparisonError(dict.fromkeys(problems))
    return results


@dataclass(frozen=True)
class Compared:
    """One result of a comparison: its letter, its name within sentences, and what its sections are written with."""

    letter: str
    name: str
    draft: Draft

    @property
    def result(self) -> Result:
        """The result folder in memory."""
        return self.draft.view.result

    @property
    def view(self) -> PlanView:
        """The result as reports look at it."""
        return self.draft.view

    @property
    def has_plan(self) -> bool:
        """Whether a plan was found."""
        return bool(self.result.tables)

    @property
    def cost(self) -> float | None:
        """Net present cost, CNY; None without a plan."""
        value = self.result.summary.get("objective_cny")
        return None if value is None else float(value)

    @property
    def audit_failed(self) -> bool:
        """Whether the audit disagrees with the plan."""
        audit = audited(self.result.summary)
        return audit is not None and not audit[0]


@dataclass(frozen=True)
class Pair:
    """The reference and one other result, with what differs in their inputs and what is proved of their costs."""

    before: Compared
    after: Compared

    @cached_property
    def inputs(self) -> CaseDifference:
        """What differs in the inputs."""
        return differences(self.before.result.case, self.after.result.case)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The changed values in as few groups as say what happens."""
        return grouped(self.inputs.changes)

    @cached_property
    def proof(self) -> Proof | None:
        """What is proved about the costs; None where they are not comparable."""
        return proof(self.before.result, self.after.result)

    @cached_property
    def works(self) -> tuple[Work, ...]:
        """What two plans build, convert, connect and buy, the same works too."""
        return works(self.before.view, self.after.view)

    @property
    def comparable(self) -> bool:
        """Whether the costs can be set against each other."""
        return comparable(self.before.result, self.after.result)

    @property
    def planned(self) -> bool:
        """Whether both hold a plan."""
        return self.before.has_plan and self.after.has_plan


@dataclass(frozen=True)
class Comparison:
    """Several results side by side; `drawings` collects the charts of the report by their ids."""

    plans: tuple[Compared, ...]
    t: Messages
    drawings: dict[str, str] = field(default_factory=dict)

    @property
    def reference(self) -> Compared:
        """The first result."""
        return self.plans[0]

    @property
    def planned(self) -> tuple[Compared, ...]:
        """The results that hold a plan."""
        return tuple(plan for plan in self.plans if plan.has_plan)

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """The reference with each of the others."""
        return tuple(Pair(self.reference, other) for other in self.plans[1:])

    @cached_property
    def years(self) -> tuple[int, ...]:
        """All planning years, those of results without a plan left out as long as there are others."""
        plans = self.planned or self.plans
        return tuple(sorted({year for plan in plans for year in plan.result.case.years}))

    @cached_property
    def year(self) -> int | None:
        """The last year that all plans have; None if there is none."""
        return max(common_years(plan.result.case for plan in self.planned), default=None)

    def site_name(self, site: str) -> str:
        """A site's name in the first result that knows it."""
        return next((p.view.site_names[site] for p in self.plans if site in p.view.site_names), printable(site))

    @cached_property
    def sites(self) -> tuple[str, ...]:
        """The ids of all sites, in the order of the cases."""
        return tuple(dict.fromkeys(site for plan in self.plans for site in plan.view.sites))


def compared(results: Sequence[Result], t: Messages) -> Comparison:
    """The comparison of some results in the language of the messages."""
    drawings: dict[str, str] = {}
    plans = []
    for letter, result in zip(ascii_uppercase, results, strict=False):
        view = PlanView(result, t.language)
        name = shortened(view.name_of(result.case.title, result.case.name), LONGEST_NAME)
        draft = Draft(view, t, read_sources(result.folder), drawings)
        plans.append(Compared(letter, t("comparison.named", name=name, letter=letter), draft))
    return Comparison(tuple(plans), t, drawings)
