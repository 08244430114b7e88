"""Ways out that no lever stands for, found by halving: how much of a demand or of a backup share can stay."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from ...inputs.altering import Change
from ...inputs.parts import Workload
from .conflict import Conflict
from .explanation import Fact, WayOut
from .ground import Ground
from .levers import row_of_workload

THOUSANDTHS = 1000
HUNDREDTHS = 100


def halved(ground: Ground, conflicts: Sequence[Conflict]) -> Iterator[WayOut]:
    """Less demand of the workloads in conflict, and a smaller share reserved as their backup."""
    if rows := _rows(ground, conflicts, ("served", "backup")):
        way = _most(ground, THOUSANDTHS - 1, partial(_less_demand, rows))
        if way is not None:
            yield way
    if rows := _rows(ground, conflicts, ("backup",)):
        most = max(each.backup for members in rows.values() for each in members)
        way = _most(ground, round(most * HUNDREDTHS) - 1, partial(_smaller_backup, rows))
        if way is not None:
            yield way


def _rows(ground: Ground, conflicts: Sequence[Conflict], kinds: tuple[str, ...]) -> dict[str, list[Workload]]:
    """The rows of workloads that take part in the conflicts in these ways; nothing if some conflict has none."""
    rows: dict[str, list[Workload]] = {}
    lookup = ground.loosened.lookup
    for conflict in conflicts:
        taking_part = [lookup.workload[lever.subject] for lever in conflict.levers if lever.kind in kinds]
        if not taking_part:
            return {}
        rows |= {row_of_workload(each): [] for each in taking_part}
    for workload in ground.case.workloads:
        if row_of_workload(workload) in rows:
            rows[row_of_workload(workload)].append(workload)
    return rows


def _most(ground: Ground, most: int, way: Callable[[int], WayOut]) -> WayOut | None:
    """The way with the largest number, from 1 to `most`, that leads to a plan; None: not even that with 1."""
    if most < 1 or ground.confirmed(way(1)) is None:
        return None
    good, bad = 1, most + 1
    while bad - good > 1 and ground.remaining() > 0:
        middle = (good + bad) // 2
        if ground.confirmed(way(middle)) is None:
            bad = middle
        else:
            good = middle
    return way(good)


def _less_demand(rows: dict[str, list[Workload]], left: int) -> WayOut:
    share = left / THOUSANDTHS
    changes = []
    for row, members in rows.items():
        changes.append(Change(("workloads", row, "demand"), f"x{share:g}"))
        if any(each.gbps for each in members):
            changes.append(Change(("workloads", row, "gbps"), f"x{share:g}"))
    less = (THOUSANDTHS - left) / THOUSANDTHS
    parts = tuple(Fact("way_demand", {"row": row, "less": less}) for row in rows)
    return WayOut(parts, tuple(changes), less * len(rows))


def _smaller_backup(rows: dict[str, list[Workload]], left: int) -> WayOut:
    share = left / HUNDREDTHS
    parts, changes, size = [], [], 0.0
    for row, members in rows.items():
        before = max(each.backup for each in members)
        if before > share:
            parts.append(Fact("way_backup", {"row": row, "before": before, "after": share}))
            changes.append(Change(("workloads", row, "backup"), share))
            size += (before - share) / before
    return WayOut(tuple(parts), tuple(changes), size)
