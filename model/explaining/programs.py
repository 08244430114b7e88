"""What to let go in a way out: one target, all targets, one kind of limit, service or backups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .conflict import Conflict
from .levers import WANTED, Kind, Lever, Loosened

LIMITS: tuple[Kind, ...] = ("grid", "halls", "supply", "budget", "egress", "first_year")
"""Limits that a planner can move, in the order in which they are tried."""

SERVICE: tuple[Kind, ...] = ("backup", "served")


def programs(loosened: Loosened, conflicts: Sequence[Conflict], *, mixed: bool = False) -> Iterator[list[Lever]]:
    """Sets of levers, each to be tried as a way out of all the conflicts; `mixed`: one of limits and targets as well.

    What takes no part in a conflict does not help it: without it the others would still conflict.
    """
    involved = [lever for conflict in conflicts for lever in conflict.levers]
    targets = [lever for lever in involved if lever.kind == "target"]
    present = {lever.kind for lever in involved}
    yield from (_all(loosened, kind) for kind in LIMITS if kind in present)
    if len(conflicts) == 1:
        yield from ([target] for target in targets)
    elif targets:
        yield targets
        if mixed:
            yield from _one_for_each(conflicts)
    yield from (_all(loosened, kind) for kind in SERVICE if kind in present)


def _one_for_each(conflicts: Sequence[Conflict]) -> Iterator[list[Lever]]:
    """For each conflict the limit that has to do with it, where that is a single one, and else its targets."""
    chosen: dict[int, Lever] = {}
    for conflict in conflicts:
        limits = [lever for lever in conflict.levers if lever.kind in LIMITS]
        for lever in limits if len(limits) == 1 else [each for each in conflict.levers if each.kind == "target"]:
            chosen[id(lever)] = lever
    if len({lever.kind == "target" for lever in chosen.values()}) > 1:
        yield list(chosen.values())


def _all(loosened: Loosened, kind: Kind) -> list[Lever]:
    return [lever for lever in loosened.levers if lever.kind == kind]


def last_resort(loosened: Loosened, primary: Sequence[Lever]) -> list[Lever]:
    """The levers that give way where those of a program are not enough."""
    own = set(map(id, primary))
    return [lever for lever in loosened.levers if lever.kind in WANTED and id(lever) not in own]
