"""The cheapest ways out: for each kind of demand or limit, how far it has to give way until there is a plan.

One kind is let go at a time, and by as little as can be; where that is not enough, targets, service and backups give
way as well, as little as can be. The numbers are rounded outward, the case is changed as a planner would change it, and
the plan is solved for in the changed case. What cannot be confirmed that way is not offered.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from itertools import chain

from ...inputs.altering import Change
from ...inputs.parts import Target
from ..search.branching import FEW_INTEGERS
from .conflict import Conflict
from .conflict import conflicts as find_conflicts
from .exact import Exact
from .explanation import Fact, WayOut
from .ground import Ground
from .halving import halved
from .loosening import loosen
from .near import Near
from .programs import programs
from .reopening import reopened
from .trials import Trials

MOST = 6
MOST_PARTS = 8
"""A mixed way out of more parts is told only where there is no other."""

FEW = 3
"""With fewer ways out of one kind, mixed ones are told as well."""

LATEST = 3
"""Years by which targets are delayed at most."""


def searching(ground: Ground) -> Exact | Near:
    """What looks for ways out in a case of this size. For a large case it begins with a point: that takes its time."""
    return Exact(ground) if ground.loosened.matrix.size().integers <= FEW_INTEGERS else Near(ground)


def ways_out(
    ground: Ground, search: Exact | Near, conflicts: Sequence[Conflict], reasons: Sequence[Fact]
) -> list[WayOut]:
    """Ways out of all the conflicts together, each confirmed by a plan, the smallest first.

    One that holds all changes of another is left out, for the rest of it is not needed.
    Ways in which several kinds of things give way only fill up where there are few of one kind.
    """
    found: dict[frozenset[Change], WayOut] = {}
    for way in _tried(ground, search, conflicts, reasons):
        if way is not None:
            found.setdefault(frozenset(way.changes), way)
        if ground.remaining() <= 0:
            break
    needed = [way for changes, way in found.items() if not any(other < changes for other in found)]
    ways = sorted(needed, key=lambda way: way.size)
    plain = [way for way in ways if len(_kinds(way)) == 1][:MOST]
    mixed = [way for way in ways if len(_kinds(way)) > 1]
    short = [way for way in mixed if len(way.parts) <= MOST_PARTS]
    return [*plain, *(short or mixed[:1])[: max(0, FEW - len(plain))]]


def _kinds(way: WayOut) -> set[str]:
    return {part.topic for part in way.parts} - {"way_horizon"}


def _tried(
    ground: Ground, search: Exact | Near, conflicts: Sequence[Conflict], reasons: Sequence[Fact]
) -> Iterator[WayOut | None]:
    not_enough: list[WayOut] = []
    for way in reopened(reasons, ground.case):
        done = ground.confirmed(way)
        yield done
        not_enough += [way] if done is None else []
    if not_enough and isinstance(search, Exact):
        yield from _after(ground, not_enough[0])
    yield from _of_programs(ground, search, conflicts)
    yield from _later(ground, conflicts)


def _of_programs(ground: Ground, search: Exact | Near, conflicts: Sequence[Conflict]) -> Iterator[WayOut | None]:
    for program in programs(ground.loosened, conflicts, mixed=isinstance(search, Near)):
        yield search.way(program, conflicts) if isinstance(search, Near) else search.way(program)
    if isinstance(search, Exact):
        yield from halved(ground, conflicts)


def _after(ground: Ground, first: WayOut) -> Iterator[WayOut | None]:
    """Ways out that begin with changes that are not enough by themselves."""
    try:
        altered = ground.alter(first.changes)
    except ValueError:
        return
    changed = Ground(
        altered, loosen(altered), lambda changes: ground.alter((*first.changes, *changes)), ground.deadline
    )
    left = list(find_conflicts(Trials(changed.loosened, time.monotonic() + changed.share())))
    for way in chain(_of_programs(changed, Exact(changed), left), _later(changed, left)):
        if way is not None:
            yield WayOut((*first.parts, *way.parts), (*first.changes, *way.changes), first.size + way.size)


def _later(ground: Ground, conflicts: Sequence[Conflict]) -> Iterator[WayOut | None]:
    """The targets of the conflicts later: by as few years as lead to a plan, one target by itself where that is enough.

    Where the planning years end too early, they are extended.
    """
    named = {lever.subject for conflict in conflicts for lever in conflict.levers if lever.kind == "target"}
    targets = [target for target in ground.case.targets if target.id in named]
    if not targets or any(all(lever.kind != "target" for lever in each.levers) for each in conflicts):
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
