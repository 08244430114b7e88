"""The model and the auditor, written independently, agree on the hand-made case."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from suanli.inputs.case import Case
from suanli.inputs.resolved import case_text
from suanli.model import solve
from suanli.reports.audit import audit
from suanli.reports.folder import Result, read_result, write_summary, write_table, write_text

Make = Callable[..., Result]


@pytest.mark.parametrize(
    "changes", [{}, {"discount_rate": 0.0}, {"budget_cny": {2024: 3e6, 2025: 3e6}}, {"targets": ()}]
)
def test_the_model_s_plan_passes_the_audit_and_beats_the_hand_made_one(
    make_result: Make, tmp_path: Path, changes: dict[str, Any]
) -> None:
    result = make_result()
    case = Case.model_validate({**result.case.model_dump(), **changes})
    plan = solve(case, gap=0.001, time_limit=20.0, threads=1)
    folder = tmp_path / "solved"
    folder.mkdir()
    write_text(folder / "case.json", case_text(case))
    keys = ("status", "objective_cny", "bound_cny", "gap", "requested_gap")
    write_summary(folder, {key: getattr(plan, key) for key in keys})
    for name, table in plan.tables.items():
        write_table(folder, name, table)
    assert audit(read_result(folder)).failures == ()
    assert plan.status == "optimal"
    if not changes:
        assert plan.objective_cny < result.summary["objective_cny"]
