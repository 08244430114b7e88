"""Every constraint on what was decided, except those on money and metrics."""

from __future__ import annotations

from .buildings import check_halls, check_open
from .equipment import check_hardware
from .findings import Findings
from .loads import check_power, check_racks
from .lookup import Lookup
from .records import Records
from .service import check_capacity, check_egress, check_placement
from .state import State


def check_decisions(records: Records, state: State, lookup: Lookup, findings: Findings) -> None:
    """Check sites, halls, hardware, racks, power, placement, capacity and egress."""
    check_open(records, lookup, findings)
    check_halls(records, state, lookup, findings)
    check_hardware(records, state, lookup, findings)
    check_racks(state, lookup, findings)
    check_power(records, state, lookup, findings)
    check_placement(records, lookup, findings)
    check_capacity(records, state, lookup, findings)
    check_egress(records, lookup, findings)
