"""Explaining tiny cases: what is told, and every way out applied and solved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from suanli.inputs.altering import altered_case
from suanli.inputs.case import Case
from suanli.model import solve
from suanli.model.explaining import Explanation, explain
from suanli.reports.explanation.telling import Teller


@dataclass(frozen=True)
class Told:
    """An explanation in plain sentences; no-break spaces are plain ones."""

    case: Case
    explanation: Explanation
    reasons: list[str]
    conflicts: list[list[str]]
    ways: list[str]

    @property
    def changes(self) -> list[dict[str, Any]]:
        """The changes of every way out by their keys."""
        return [{change.key: change.value for change in way.changes} for way in self.explanation.ways_out]


@pytest.fixture
def explained(make_case: Callable[..., Case]) -> Callable[..., Told]:
    """Explain a tiny case that has no plan; solve() has proved that, and found a plan for each way out."""

    def told(**tables: Any) -> Told:
        case = make_case(**tables)
        assert solve(case, threads=1).status == "infeasible"
        explanation = explain(case, partial(altered_case, case), seconds=600)
        assert explanation.status == "infeasible"
        for way in explanation.ways_out:
            assert solve(altered_case(case, way.changes), gap=1e-6, threads=1).status == "optimal", way
        teller = Teller(case)

        def plain(text: str) -> str:
            return text.replace("\u00a0", " ")

        return Told(
            case,
            explanation,
            [plain(teller.sentence(fact)) for fact in explanation.reasons],
            [[plain(teller.sentence(fact)) for fact in each.demands] for each in explanation.conflicts],
            [plain(teller.way(way)) for way in explanation.ways_out],
        )

    return told
