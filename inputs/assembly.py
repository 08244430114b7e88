"""Put a Case together from what a scenario says, or say everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .case import Case
from .consistency import CasePath, Fault, faults
from .expansion import workloads_of
from .parts import Hardware, Workload
from .planner_checks import row_faults
from .problems import InputProblems
from .reading import Rows
from .rows import SECTIONS, Settings
from .scenario import Scenario
from .tree import KeyPath


def assemble(scenario: Scenario) -> Case:
    """Return the Case that a scenario means. Raises InputProblems with everything that is wrong with it."""
    rows = Rows(scenario)
    if scenario.incomplete:
        raise InputProblems(rows.problems)
    _complain(rows, [(as_written(fault.path, {}), fault) for fault in row_faults(rows)], {})
    expanded = [(row.id, workload) for row in rows.workloads.values() for workload in workloads_of(rows, row)]
    case = _case(scenario, rows, tuple(workload for _, workload in expanded))
    ids = {name: list(getattr(rows, name)) for name in SECTIONS} | {"workloads": [row for row, _ in expanded]}
    _complain(rows, [(as_written(fault.path, ids), fault) for fault in faults(case)], ids)
    if rows.problems:
        raise InputProblems(rows.problems)
    return Case.model_validate(dict(case))


def _complain(rows: Rows, found: Sequence[tuple[KeyPath, Fault]], ids: Mapping[str, Sequence[str]]) -> None:
    """Note faults, but none that may only follow from what was wrong before."""
    fresh = [
        (path, fault)
        for path, fault in found
        if not any(rows.is_wrong(part) for part in (path, *(as_written(part, ids) for part in fault.also)))
    ]
    for path, fault in fresh:
        rows.complain(path, fault.found, fault.expected, fault.near)


def as_written(path: CasePath, ids: Mapping[str, Sequence[str]]) -> KeyPath:
    """Return where in the scenario the field of a case stands: rows by their ids, not their numbers."""
    section, *rest = path
    if rest and isinstance(rest[0], int) and section in ids:
        rest = [ids[str(section)][rest[0]], *rest[1:]]
    return (str(section), *map(str, rest))


def _case(scenario: Scenario, rows: Rows, workloads: tuple[Workload, ...]) -> Case:
    settings = rows.settings
    fields = {name: getattr(settings, name) for name in Settings.model_fields if name != "network"}
    fields["base_year"] = settings.base_year or (settings.years[0] - 1 if settings.years else 0)
    return Case.model_construct(
        format=1,
        name=scenario.path.stem[:200] or "scenario",
        **fields,
        sites=tuple(rows.sites.values()),
        hall_types=tuple(rows.hall_types.values()),
        conversions=tuple(rows.conversions.values()),
        hardware=tuple(_counted(hardware, settings) for hardware in rows.hardware.values()),
        fleet=tuple(rows.fleet.values()),
        workloads=workloads,
        targets=tuple(rows.targets.values()),
    )


def _counted(hardware: Hardware, settings: Settings) -> Hardware:
    """Return hardware with the compute that counts by the scenario's convention."""
    precision = settings.compute_convention.get(hardware.hardware_class)
    field = {"int8": "int8_pops"}.get(precision or "", f"{precision}_pflops")
    return hardware.model_copy(update={"counted_pflops": getattr(hardware, field) if precision else 0.0})
