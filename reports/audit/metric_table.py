"""The check of metrics.csv: every row that it must have, recomputed, and no other."""

from __future__ import annotations

from collections.abc import Iterator

from ...inputs.case import Case
from ...inputs.parts import Scope
from .findings import Findings, Tally
from .metrics import FORMULAS, Meter, unit_of
from .records import MetricRow, Records
from .scopes import scope_text

UNSERVED = "unserved_share"


def check_metrics(records: Records, meter: Meter, findings: Findings) -> None:
    """Every row that metrics.csv must have is there and right, and there is no other."""
    expected: set[tuple[str, str, int]] = set()
    for metric, scope, year in _asked(meter.lookup.case):
        key = (metric, scope_text(scope), year)
        if key not in expected:
            unit = unit_of(metric, scope)
            measure = meter.measure(metric, scope, year)
            _check_row(key, records, (measure.value, measure.numerator.size, unit), findings)
            expected.add(key)
    for year in meter.lookup.case.years:
        key = (UNSERVED, "all", year)
        _check_row(key, records, (meter.unserved_share(year), 1.0, "share"), findings)
        expected.add(key)
    for key in records.metrics:
        findings.require(key in expected, f"metrics.csv: {_called(key)} is a row that nothing asks for")


def _asked(case: Case) -> Iterator[tuple[str, Scope, int]]:
    provided = sorted({(item.pool, resource) for item in case.hardware for resource in item.provides})
    for year in case.years:
        for metric in FORMULAS:
            if metric != "pool_capacity":
                yield metric, Scope(), year
        for pool, resource in provided:
            yield "pool_capacity", Scope(pool=pool, resource=resource), year
    for target in case.targets:
        yield target.metric, target.scope, target.year


def _check_row(
    key: tuple[str, str, int], records: Records, expected: tuple[float | None, float, str], findings: Findings
) -> None:
    value, size, unit = expected
    called = f"metrics.csv: {_called(key)}"
    row = records.metrics.get(key, MetricRow(None, ""))
    findings.require(key in records.metrics, f"{called} is missing")
    if key not in records.metrics:
        return
    findings.require(row.unit == unit, f"{called} is in '{row.unit}', expected '{unit}'")
    if value is None or row.value is None:
        shown = ["empty" if number is None else f"{number:,.4g}" for number in (row.value, value)]
        findings.require(row.value is value, f"{called} is {shown[0]}, expected {shown[1]}")
    else:
        # The size of a ratio's terms says nothing about the ratio itself.
        is_ratio = unit in {"share", "ratio"}
        findings.same(row.value, Tally(value, 1.0 if is_ratio else size), f"{called} is", "" if is_ratio else unit)


def _called(key: tuple[str, str, int]) -> str:
    metric, scope, year = key
    return f"{metric} ({scope}), {year},"
