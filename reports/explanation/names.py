"""Names and numbers as explanations tell them: exactly, for they are to be typed in again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ...inputs.case import Case
from ...inputs.parts import Target, Workload
from ..draft import Draft
from ..folder import Result
from ..language import Language
from ..messages import Messages
from ..sections import targets
from ..sources import Sources
from ..view import PlanView
from ..wording import printable

MOST_NAMED = 6
SENSES = {">=": "at_least", "<=": "at_most", "==": "exactly"}
Values = Mapping[str, Any]


def exact(value: float) -> str:
    """A number with all its digits: what is to be typed in again is not rounded."""
    return f"{value:,.12g}".replace("-", "\u2212")


class Names:
    """What sites, workloads, targets and amounts of a case are called in a language."""

    def __init__(self, case: Case, language: Language = "en") -> None:
        """Tell about this case in this language."""
        self.case, self.t = case, Messages(language)
        view = PlanView(Result(Path(), case, {}, {}), language)
        self._draft = Draft(view, self.t, Sources({}))
        self._view = view
        self._targets = {target.id: target for target in case.targets}
        self._workloads = {workload.id: workload for workload in case.workloads}

    def _label(self, target: Target) -> str:
        name = self.t.within(self.t.word(f"metric.{target.metric}"))
        scope = self.t.joined(targets.scope_words(self._draft, target.scope))
        return self.t("explained.scoped", name=name, scope=scope) if scope else name

    def _wanted(self, target: Target, sense: str, value: float) -> str:
        return self.t(f"explained.{SENSES[sense]}", value=self._amount(target, value))

    def _amount(self, target: Target, value: float) -> str:
        if target.metric in targets.SHARES:
            return percentage(value)
        if target.metric == "capex":
            return self._cny(value)
        unit = self.t.group("unit").get(target.metric, "")
        return f"{exact(value)}\u00a0{unit}" if unit else exact(value)

    def _cny(self, cny: float) -> str:
        return f"{exact(cny)}元" if self.t.language == "zh" else f"CNY\u00a0{exact(cny)}"

    def _of_row(self, row: str) -> list[Workload]:
        return [workload for workload in self.case.workloads if (workload.system or workload.id) == row]

    def _row(self, row: str) -> str:
        members = self._of_row(row)
        return self._view.name_of(members[0].name, row) if members else printable(row)

    def _site(self, site: str) -> str:
        return self._view.site_names[site]

    def _sites(self, sites: Sequence[str]) -> str:
        return self.t.listing([self._site(site) for site in sites], most=MOST_NAMED, noun="site")

    def _years(self, years: Sequence[int]) -> str:
        if len(years) > 2 and years[-1] - years[0] == len(years) - 1:
            return self.t.years(years[0], years[-1])
        return self.t.listing([str(year) for year in years], most=len(years), noun="year")


def kilowatts(kw: float) -> str:
    """Power, exactly, in kW or MW."""
    return f"{exact(kw / 1000)}\u00a0MW" if kw >= 1000 else f"{exact(kw)}\u00a0kW"


def percentage(share: float) -> str:
    """A share in per cent, exactly."""
    return f"{float(f'{share * 100:.9g}'):.10g}%"
