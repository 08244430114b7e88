"""Random cases, and what the auditor says of the plans that were drawn together with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import pytest

from suanli.inputs.case import Case
from suanli.inputs.generating.random_case import Drawn, draw_case
from suanli.inputs.generating.witness import Witness
from suanli.reports.audit.costs import capital_by_year, check_budget, recompute_costs
from suanli.reports.audit.decisions import check_decisions
from suanli.reports.audit.findings import Findings
from suanli.reports.audit.lookup import Lookup
from suanli.reports.audit.metrics import Meter
from suanli.reports.audit.records import HallRow, HardwareRow, Placement, PowerRow, Records
from suanli.reports.audit.state import state_of
from suanli.reports.audit.targets import check_targets


@pytest.fixture(scope="session")
def city() -> Drawn:
    return draw_case("city", 7)


@pytest.fixture(scope="session")
def audit_witness() -> Callable[[Drawn], list[str]]:
    """Check every constraint and every hard target on a drawn plan; returns the failures."""

    def check(drawn: Drawn) -> list[str]:
        lookup, findings = Lookup(drawn.case), Findings()
        records = _records(drawn.case, drawn.witness)
        state = state_of(records, lookup)
        check_decisions(records, state, lookup, findings)
        capital = capital_by_year(recompute_costs(records, state, lookup), lookup)
        check_budget(capital, lookup, findings)
        check_targets(records, Meter(lookup, records, state, capital), findings)
        # The witness has no table of targets: that its rows are missing is no fault of the plan.
        return [failure for failure in findings.failures if "no row for target" not in failure]

    return check


def _records(case: Case, witness: Witness) -> Records:
    """The tables of a plan from its decisions; what is in service is added up here once more."""
    halls: dict[tuple[str, str, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    for key, count in witness.built.items():
        halls[key][0] += count
    for (site, old, new, year), count in witness.converted.items():
        halls[site, new, year][1] += count
        halls[site, old, year][2] += count
    hall_rows = {}
    for place in case.sites:
        for hall in case.hall_types:
            standing = place.existing_halls.get(hall.id, 0)
            for year in case.years:
                built, into, away = halls[place.id, hall.id, year]
                standing += built + into - away
                hall_rows[place.id, hall.id, year] = HallRow(built, into, away, standing)

    kept: dict[tuple[str, str, str, int], int] = defaultdict(int)
    for (number, year), count in witness.kept.items():
        fleet = case.fleet[number]
        kept[fleet.site, fleet.hall, fleet.hardware, year] += count
    hardware_rows = {}
    for (kind, site, hall_id, year), units in witness.owned.items():
        bought = witness.bought.get((kind, site, hall_id, year), 0)
        hardware_rows[site, hall_id, kind, year] = HardwareRow(bought, kept[site, hall_id, kind, year], units)

    placement = [Placement(w, site, year, "primary", 1.0) for (w, year), site in witness.placed.items()]
    placement += [Placement(w, site, year, "standby", 1.0) for (w, year), site in witness.standing_by.items()]
    placement += [
        Placement(workload.id, "", year, "unserved", 1.0)
        for workload in case.workloads
        for year in case.years
        if (workload.id, year) not in witness.placed
    ]
    bare = Records(
        opened={
            (place.id, year): int(place.existing or witness.opened.get(place.id, year + 1) <= year)
            for place in case.sites
            for year in case.years
        },
        halls=hall_rows,
        hardware=hardware_rows,
        power={
            (place.id, year): PowerRow(
                grid_steps=witness.upgraded.get((place.id, year), 0),
                green_mwh=witness.green_mwh.get((place.id, year), 0.0),
            )
            for place in case.sites
            for year in case.years
        },
        placement=tuple(placement),
        metrics={},
        targets={},
        costs={},
    )
    return _with_power(bare, case)


def _with_power(records: Records, case: Case) -> Records:
    """Fill in what follows from the steps and the hardware: only limits are of interest here."""
    state = state_of(records, Lookup(case))
    power = {
        key: row._replace(
            grid_kw=state.grid_kw[key],
            peak_kw=state.peak_kw.get(key, 0.0),
            it_mwh=state.it_mwh.get(key, 0.0),
            facility_mwh=state.facility_mwh.get(key, 0.0),
        )
        for key, row in records.power.items()
    }
    return Records(**{**vars(records), "power": power})
