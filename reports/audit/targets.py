"""The check of targets.csv: what every target attains, whether it is met, and what missing it costs."""

from __future__ import annotations

from ...inputs.parts import Target
from .findings import Findings, Tally, amounts, exceeds
from .metrics import Measure, Meter, unit_of
from .records import Records, TargetRow


def check_targets(records: Records, meter: Meter, findings: Findings) -> dict[int, Tally]:
    """Check every target; return the penalties that have to be paid, by year, CNY."""
    penalties: dict[int, Tally] = {}
    for target in meter.lookup.case.targets:
        measure = meter.measure(target.metric, target.scope, target.year)
        missed = shortfall(target, measure)
        price = target.penalty_cny or 0.0
        is_hard = target.penalty_cny is None or target.sense == "=="
        penalty = Tally() if is_hard else Tally(price * missed.value, price * missed.size)
        tally = penalties.setdefault(target.year, Tally())
        tally.value += penalty.value
        tally.size += penalty.size
        row = records.targets.get(target.id)
        findings.require(row is not None, f"targets.csv: no row for target {target.id}")
        if is_hard:
            _check_hard(target, measure, missed, findings)
        if row is not None:
            _check_row(target, row, measure, missed, penalty, findings)
    return penalties


def shortfall(target: Target, measure: Measure) -> Tally:
    """How far a target is missed, 0 or more, in the unit of its linear form (numerator - value * denominator)."""
    form = Tally()
    form.add(measure.numerator.value)
    form.add(-target.value * (1.0 if measure.denominator is None else measure.denominator.value))
    size = max(form.size, measure.numerator.size)
    missed = {">=": -form.value, "<=": form.value, "==": abs(form.value)}[target.sense]
    return Tally(max(0.0, missed), size)


def _check_hard(target: Target, measure: Measure, missed: Tally, findings: Findings) -> None:
    attained, required = amounts(measure.value or 0.0, target.value)
    findings.require(
        not exceeds(missed.value, 0.0, missed.size),
        f"target {target.id}, {target.year}: hard, but {target.metric} is {attained} "
        f"and must be {target.sense} {required} {unit_of(target.metric, target.scope)}",
    )


def _check_row(
    target: Target, row: TargetRow, measure: Measure, missed: Tally, penalty: Tally, findings: Findings
) -> None:
    where = f"targets.csv: target {target.id}, {target.year}:"
    for name, found, expected in (
        ("metric", row.metric, target.metric),
        ("year", row.year, target.year),
        ("sense", row.sense, target.sense),
    ):
        findings.require(found == expected, f"{where} {name} is {found}, expected {expected}")
    unit = unit_of(target.metric, target.scope)
    findings.same(row.required, target.value, f"{where} required is", unit)
    if measure.value is None or row.attained is None:
        shown = ["empty" if number is None else f"{number:,.4g}" for number in (row.attained, measure.value)]
        findings.require(row.attained is measure.value, f"{where} attained is {shown[0]}, expected {shown[1]}")
    else:
        size = measure.numerator.size if measure.denominator is None else 1.0
        findings.same(row.attained, Tally(measure.value, size), f"{where} attained is", unit)
    # Within the tolerance a target that falls short by a hair may be called met or missed.
    findings.require(
        not row.met or not exceeds(missed.value, 0.0, missed.size), f"{where} called met, but it falls short"
    )
    findings.require(row.met or missed.value > 0, f"{where} called missed, but it is met")
    linear_unit = unit if measure.denominator is None else "of its linear form"
    findings.same(row.missed, missed, f"{where} missed by", linear_unit)
    findings.same(row.penalty_cny, penalty, f"{where} penalty", "CNY")
