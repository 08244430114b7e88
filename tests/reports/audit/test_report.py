"""What an audit returns, what it accepts, and summary.json."""

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from suanli.reports.audit import AuditReport, audit
from suanli.reports.folder import Result, ResultError, read_result

Audit = Callable[..., AuditReport]
Make = Callable[..., Result]


def test_the_hand_made_plan_is_accepted(make_result: Make) -> None:
    report = audit(make_result())
    assert report.failures == ()
    assert report.ok
    assert report.checks > 1000
    assert report.as_summary() == {"ok": True, "checks": report.checks, "failures": []}


def test_rows_of_zeros_may_be_there(make_result: Make, tables: Mapping[str, str]) -> None:
    more = {
        "halls": "zhangqiu,legacy,2024,0,0,0,0\n",
        "hardware": "zhangqiu,air,x86,2024,0,0,0\n",
        "costs": "green_premium,zhangqiu,2025,0,0\n",
    }
    assert audit(make_result({name: tables[name] + rows for name, rows in more.items()})).failures == ()


def test_a_difference_within_a_millionth_is_accepted(audit_with_cell: Audit) -> None:
    assert audit_with_cell("power", "caishi,2025", {"facility_mwh": "283.8241"}).ok
    assert audit_with_cell("power", "caishi,2025", {"green_mwh": "141.9121"}).ok
    assert audit_with_cell("power", "caishi,2025", {"facility_mwh": "283.8245"}).failures == (
        "Caishi, 2025: facility_mwh in power.csv 283.82450 MWh, expected 283.82400 MWh",
    )


def test_a_missing_table_is_no_result(make_result: Make) -> None:
    result = make_result()
    tables = {name: table for name, table in result.tables.items() if name != "halls"}
    assert audit(dataclasses.replace(result, tables=tables)).failures == ("halls.csv is missing",)


def test_a_missing_file_is_no_result(make_result: Make, tmp_path: Path) -> None:
    make_result()
    (tmp_path / "halls.csv").unlink()
    with pytest.raises(ResultError, match=r"halls\.csv"):
        read_result(tmp_path)


def test_a_summary_that_is_no_object_is_no_result(make_result: Make, tmp_path: Path) -> None:
    make_result()
    (tmp_path / "summary.json").write_text("[]")
    with pytest.raises(ResultError, match=r"summary\.json: expected an object"):
        read_result(tmp_path)


def test_rows_longer_than_the_header_are_no_result(make_result: Make, tables: Mapping[str, str]) -> None:
    text = tables["sites"].replace("1\n", "1,1\n")
    with pytest.raises(ResultError, match=r"sites\.csv: the rows have more cells than the 3 columns"):
        make_result({"sites": text})


def test_a_long_list_of_failures_is_cut_in_the_summary() -> None:
    report = AuditReport(False, 5000, tuple(f"failure {number}" for number in range(1234)))
    failures = report.as_summary()["failures"]
    assert len(failures) == 201
    assert failures[199:] == ["failure 199", "and 1,034 more failures"]


SUMMARIES = [
    (
        {"objective_cny": 5500000.0, "bound_cny": 5500000.0, "gap": 0.0},
        "summary.json: objective 5,500,000.0 CNY, expected 5,444,062.7 CNY",
    ),
    ({"objective_cny": "cheap"}, "summary.json: objective_cny is 'cheap', expected a number"),
    ({"objective_cny": float("nan")}, "summary.json: objective_cny is nan, expected a number"),
    ({"requested_gap": None}, "summary.json: requested_gap is None, expected a number"),
    (
        {"bound_cny": 5500000.0, "gap": 0.0},
        "summary.json: the bound 5,500,000.0 CNY is above the objective 5,444,062.7 CNY",
    ),
    ({"gap": 0.001}, "summary.json: gap 0.0010, expected 0.0025"),
    (
        {"requested_gap": 0.001},
        "summary.json: status is 'optimal' with a gap of 0.2500%, but 0.1000% was asked for",
    ),
    (
        {"status": "feasible"},
        "summary.json: status is 'feasible' with a gap of 0.2500%, within the 0.5000% asked for",
    ),
    ({"status": "infeasible"}, "summary.json: status is 'infeasible', expected 'optimal' or 'feasible' with a plan"),
    ({"bound_cny": None, "gap": None}, "summary.json: status is 'optimal' without a bound and a gap"),
    ({"status": "feasible", "bound_cny": None}, "summary.json: there is a gap, but no bound"),
    ({"status": "feasible", "gap": None}, "summary.json: there is a bound, but no gap"),
]


@pytest.mark.parametrize(("changes", "complaint"), SUMMARIES)
def test_what_the_summary_gets_wrong_is_all_that_is_found(
    make_result: Make, changes: dict[str, Any], complaint: str
) -> None:
    assert audit(make_result(summary=changes)).failures == (complaint,)


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "feasible", "requested_gap": 0.002},
        {"status": "feasible", "bound_cny": None, "gap": None},
        {"requested_gap": 0.0025},
    ],
)
def test_a_right_summary_is_accepted(make_result: Make, changes: dict[str, Any]) -> None:
    assert audit(make_result(summary=changes)).failures == ()


def test_without_a_plan_only_the_status_counts(make_result: Make) -> None:
    none = {"objective_cny": None, "bound_cny": None, "gap": None}
    assert audit(make_result(summary={**none, "status": "infeasible"})).ok
    assert audit(make_result(summary={**none, "status": "no plan"})).ok
    assert audit(make_result(summary={**none, "status": "optimal"})).failures == (
        "summary.json: status is 'optimal', expected 'infeasible' or 'no plan' without a plan",
    )
    assert audit(make_result(summary={**none, "status": "no plan", "gap": 0.1})).failures == (
        "summary.json: gap is 0.1 without a plan",
    )
