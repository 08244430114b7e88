"""The cheapest ways out: for each kind of demand or limit, how far it has to give way until there is a plan.

One kind is let go at a time, and by as little as can be; where that is not enough, targets, service and backups give
way as well, as little as can be. The numbers are rounded outward, the case is changed as a planner would change it, and
the plan is solved for in the changed case. What cannot be confirmed that way is not offered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...inputs.altering import Change
from ...inputs.parts import Target
from ..proof import FEW_INTEGERS
from .conflict import Conflict
from .exact import Exact
from .explanation import Fact, WayOut
from .ground import Ground
from .near import Near
from .programs import programs
from .reopening import reopened

ENOUGH = 6
LATEST = 3
"""Years by which targets are delayed at most."""


def searching(ground: Ground) -> Exact | Near:
    """What looks for ways out in a case of this size. For a large case it begins with a point: that takes its time."""
    return Exact(ground) if ground.loosened.matrix.size().integers <= FEW_INTEGERS else Near(ground)


def ways_out(
    ground: Ground, search: Exact | Near, conflicts: Sequence[Conflict], reasons: Sequence[Fact]
) -> Iterator[WayOut]:
    """Ways out of all the conflicts together, each confirmed by a plan, in the order in which they are found."""
    found: set[frozenset[Change]] = set()
    for way in _tried(ground, search, conflicts, reasons):
        if way is not None and frozenset(way.changes) not in found:
            found.add(frozenset(way.changes))
            yield way
        if ground.remaining() <= 0 or len(found) == ENOUGH:
            return


def _tried(
    ground: Ground, search: Exact | Near, conflicts: Sequence[Conflict], reasons: Sequence[Fact]
) -> Iterator[WayOut | None]:
    for way in reopened(reasons, ground.case):
        yield ground.confirmed(way)
    for program in programs(ground.loosened, conflicts):
        if isinstance(search, Near):
            yield search.way(program, conflicts)
        else:
            yield search.way(program)
            if program[0].kind == "served":
                yield search.demand_way(program)
    yield from _later(ground, conflicts)


def _later(ground: Ground, conflicts: Sequence[Conflict]) -> Iterator[WayOut | None]:
    """The targets of the conflicts later: by as few years as lead to a plan, one target by itself where that is enough.

    Where the planning years end too early, they are extended.
    """
    named = {lever.subject for conflict in conflicts for lever in conflict.levers if lever.kind == "target"}
    targets = [target for target in ground.case.targets if target.id in named]
    if (
        not conflicts
        or not targets
        or not all(any(lever.kind == "target" for lever in each.levers) for each in conflicts)
    ):
        return
    for group in [[target] for target in targets] if len(conflicts) == 1 else [targets]:
        for delay in range(1, LATEST + 1):
            way = ground.confirmed(_delayed(group, delay, ground.case.years)) if ground.remaining() > 0 else None
            if way is not None:
                yield way
                break


def _delayed(targets: Sequence[Target], delay: int, years: tuple[int, ...]) -> WayOut:
    changes = [Change(("targets", target.id, "year"), target.year + delay) for target in targets]
    parts = [
        Fact("way_later", {"target": target.id, "before": target.year, "after": target.year + delay})
        for target in targets
    ]
    latest = max(target.year + delay for target in targets)
    if latest > years[-1]:
        changes.insert(0, Change(("years",), tuple(range(years[0], latest + 1))))
        parts.append(Fact("way_horizon", {"last": latest}))
    return WayOut(tuple(parts), tuple(changes), delay / len(years))
