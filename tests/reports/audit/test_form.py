"""Tables that are not well formed: only that is reported, with the line, and nothing is ever raised."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from suanli.reports.audit import AuditReport, audit
from suanli.reports.folder import Result

Audit = Callable[..., AuditReport]
Make = Callable[..., Result]

CELLS = [
    (
        "sites",
        "hub,2025",
        {"site": "hubb"},
        "sites.csv, line 7: unknown site 'hubb'",
        "sites.csv: no row for hub in 2025",
    ),
    (
        "sites",
        "hub,2025",
        {"year": "2026"},
        "sites.csv, line 7: year is 2026, expected a planning year (2024 to 2025)",
        "sites.csv: no row for hub in 2025",
    ),
    (
        "sites",
        "hub,2025",
        {"year": "2024"},
        "sites.csv, line 7: a second row for hub, 2024",
        "sites.csv: no row for hub in 2025",
    ),
    ("sites", "hub,2025", {"open": "2"}, "sites.csv, line 7: open is 2, expected 0 or 1"),
    ("sites", "hub,2025", {"open": "0.5"}, "sites.csv, line 7: open is 0.5, expected 0 or 1"),
    ("halls", "hub,air,2025", {"hall": "wind"}, "halls.csv, line 10: unknown hall type 'wind'"),
    (
        "halls",
        "hub,air,2025",
        {"built": "1.5"},
        "halls.csv, line 10: built is 1.5, expected a whole number, 0 or more",
    ),
    (
        "halls",
        "hub,air,2025",
        {"converted_away": "-1"},
        "halls.csv, line 10: converted_away is -1, expected a whole number, 0 or more",
    ),
    (
        "halls",
        "hub,air,2025",
        {"in_service": ""},
        "halls.csv, line 10: in_service is empty, expected a whole number, 0 or more",
    ),
    ("hardware", "hub,air,leased-gpu,2025", {"hardware": "gpu"}, "hardware.csv, line 10: unknown hardware 'gpu'"),
    (
        "hardware",
        "hub,air,leased-gpu,2025",
        {"bought": "one"},
        "hardware.csv, line 10: bought is 'one', expected a whole number, 0 or more",
    ),
    (
        "hardware",
        "hub,air,leased-gpu,2025",
        {"bought": "1e300"},
        "hardware.csv, line 10: bought is 1e+300, expected a whole number, 0 or more",
    ),
    (
        "hardware",
        "hub,air,leased-gpu,2025",
        {"year": "2024"},
        "hardware.csv, line 10: a second row for hub, air, leased-gpu, 2024",
    ),
    ("power", "hub,2025", {"peak_kw": ""}, "power.csv, line 7: peak_kw is empty, expected a number, 0 or more"),
    ("power", "hub,2025", {"it_mwh": "inf"}, "power.csv, line 7: it_mwh is inf, expected a number, 0 or more"),
    ("power", "hub,2025", {"green_mwh": "-1.0"}, "power.csv, line 7: green_mwh is -1.0, expected a number, 0 or more"),
    (
        "power",
        "hub,2025",
        {"grid_steps": "0.5"},
        "power.csv, line 7: grid_steps is 0.5, expected a whole number, 0 or more",
    ),
    (
        "placement",
        "training@city,hub,2025",
        {"workload": "training"},
        "placement.csv, line 13: unknown workload 'training'",
    ),
    ("placement", "training@city,hub,2025", {"role": "spare"}, "placement.csv, line 13: unknown role 'spare'"),
    (
        "placement",
        "training@city,hub,2025",
        {"share": "1.25"},
        "placement.csv, line 13: share is 1.25, expected a share above 0 and at most 1",
    ),
    (
        "placement",
        "training@city,hub,2025",
        {"share": "0"},
        "placement.csv, line 13: share is 0.0, expected a share above 0 and at most 1",
    ),
    (
        "placement",
        "training@city,hub,2025",
        {"site": ""},
        "placement.csv, line 13: the role primary goes with a site, found ''",
    ),
    (
        "placement",
        "training@city,hub,2025",
        {"role": "unserved"},
        "placement.csv, line 13: the role unserved goes with no site, found 'hub'",
    ),
    (
        "placement",
        "training@city,hub,2025",
        {"site": "caishi"},
        "placement.csv, line 13: a second row for training@city, caishi, 2025, primary",
    ),
    (
        "metrics",
        "pue,city,2025",
        {"value": "low"},
        "metrics.csv, line 21: value is 'low', expected a number or an empty cell",
    ),
    ("metrics", "pue,city,2025", {"year": "2024"}, "metrics.csv, line 21: a second row for pue, city, 2024"),
    ("targets", "green", {"target": "greens"}, "targets.csv, line 5: unknown target 'greens'"),
    ("targets", "green", {"target": "compute"}, "targets.csv, line 5: a second row for compute"),
    ("targets", "green", {"met": "yes"}, "targets.csv, line 5: met is 'yes', expected True or False"),
    ("targets", "green", {"missed": "-2"}, "targets.csv, line 5: missed is -2.0, expected a number, 0 or more"),
    ("targets", "green", {"required": ""}, "targets.csv, line 5: required is empty, expected a number"),
    ("costs", "carbon,hub,2025", {"category": "coal"}, "costs.csv, line 41: unknown category 'coal'"),
    ("costs", "carbon,hub,2025", {"site": ""}, "costs.csv, line 41: the category carbon goes with a site, found ''"),
    (
        "costs",
        "target_penalty,,2025",
        {"site": "hub"},
        "costs.csv, line 50: the category target_penalty goes with no site, found 'hub'",
    ),
    ("costs", "carbon,hub,2025", {"cny": ""}, "costs.csv, line 41: cny is empty, expected a number"),
    ("costs", "carbon,hub,2025", {"site": "caishi"}, "costs.csv, line 41: a second row for carbon, caishi, 2025"),
]


@pytest.mark.parametrize(("table", "row", "changes", "complaints"), [(*case[:3], case[3:]) for case in CELLS])
def test_a_malformed_cell_is_all_that_is_reported(
    audit_with_cell: Audit, table: str, row: str, changes: dict[str, str], complaints: tuple[str, ...]
) -> None:
    assert audit_with_cell(table, row, changes).failures == complaints


CASES = [
    ({"sites.hub.id": "caishi"}, "case.json: site caishi stands there 2 times"),
    ({"hardware.x86.id": "ascend"}, "case.json: the fleet of x86 at caishi names the unknown hardware x86"),
    ({"fleet.0.site": "moon"}, "case.json: the fleet of x86 at moon names the unknown site moon"),
    ({"sites.hub.allowed_halls": ["wind"]}, "case.json: site hub names the unknown hall type wind"),
    (
        {"conversions": [{"from_hall": "air", "to_hall": "wind", "cost_cny": 1.0}]},
        "case.json: the conversion of air to wind names the unknown hall type wind",
    ),
    (
        {"workloads.office@city.sites": {"moon": 1.0}},
        "case.json: workload office@city names the unknown site moon",
    ),
    ({"targets.green.year": 2030}, "case.json: target green is for 2030, which is not a planning year"),
]


@pytest.mark.parametrize(("changes", "complaint"), CASES)
def test_a_case_without_meaning_is_reported(audit_with_case: Audit, changes: dict[str, Any], complaint: str) -> None:
    assert complaint in audit_with_case(changes).failures


def test_an_empty_table_of_sites_is_reported(make_result: Make) -> None:
    report = audit(make_result({"sites": "site,year,open\n"}))
    assert report.failures == tuple(
        f"sites.csv: no row for {site} in {year}" for site in ("Caishi", "Zhangqiu", "hub") for year in (2024, 2025)
    )


def test_switches_in_a_column_of_numbers_are_reported(make_result: Make, tables: Mapping[str, str]) -> None:
    text = tables["sites"].replace(",1\n", ",True\n")
    assert "sites.csv, line 2: open is True, expected 0 or 1" in audit(make_result({"sites": text})).failures


@pytest.mark.parametrize("table", ["sites", "halls", "hardware", "power", "placement", "metrics", "targets", "costs"])
def test_a_table_without_rows_is_found(make_result: Make, tables: Mapping[str, str], table: str) -> None:
    header, _, _ = tables[table].partition("\n")
    report = audit(make_result({table: header + "\n"}))
    assert any(sentence.startswith((f"{table}.csv", "Caishi", "workload")) for sentence in report.failures)
