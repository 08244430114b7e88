"""The smallest sets of demands and limits that cannot be kept together.

Demands are dropped one after another; what can be dropped while the rest stays impossible is not part of the conflict.
A conflict is irreducible: without any one of its demands the others can be met.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from .levers import WANTED, WHOLE, Kind, Lever, row_of_workload
from .trials import Trials

MOST_CONFLICTS = 8

TELLING: tuple[Kind, ...] = ("first_year", "grid", "halls", "supply", "budget", "egress", "market", "lead")
"""Kinds of limits; where several would do, a conflict is told with the first."""

Impossible = Callable[[Collection[Lever]], bool]


@dataclass(frozen=True)
class Conflict:
    """Levers that cannot all hold. `smallest`: it is proved that none of them could be left out."""

    levers: tuple[Lever, ...]
    smallest: bool

    @property
    def whole(self) -> bool:
        """Whether it is a conflict only because things come in whole numbers."""
        return any(lever.kind in WHOLE for lever in self.levers)


def conflicts(trials: Trials) -> Iterator[Conflict]:
    """The conflicts of a case, each about other wanted things than those before; none: there may be a plan.

    Targets that are out of reach by themselves come first; then what conflicts with each other; and where nothing does
    so in fractions, what conflicts in whole numbers.
    """
    demands = list(trials.loosened.demands)
    limits = [lever for lever in demands if lever.kind not in WANTED]
    done: set[tuple[str, str]] = set()
    found = 0

    def about(lever: Lever) -> tuple[str, str]:
        return lever.kind, _row(trials, lever)

    def noted(conflict: Conflict) -> Conflict:
        done.update(about(lever) for lever in conflict.levers if lever.kind in WANTED)
        return conflict

    for lever in demands:
        if lever.kind == "target" and found < MOST_CONFLICTS and trials.linear_impossible([*limits, lever]):
            found += 1
            yield noted(_linear(trials, [*limits, lever]))
    while found < MOST_CONFLICTS:
        held = [lever for lever in demands if about(lever) not in done]
        leaning = trials.leaning(held)
        if leaning is None:
            break
        conflict = noted(_linear(trials, held, leaning))
        found += 1
        yield conflict
        if not any(lever.kind in WANTED for lever in conflict.levers):
            return
    if not found and trials.whole_impossible([*demands, *trials.facts_of_life()]):
        yield _whole(trials, demands)


def _row(trials: Trials, lever: Lever) -> str:
    if lever.kind in ("served", "backup", "indivisible"):
        return row_of_workload(trials.loosened.lookup.workload[lever.subject])
    return lever.subject


def _linear(trials: Trials, held: Sequence[Lever], leaning: Sequence[Lever] | None = None) -> Conflict:
    """An irreducible conflict among levers that are known to be one, and so are the leaning ones among them."""
    leaning = leaning or trials.leaning(held) or held
    wanted = [lever for lever in leaning if lever.kind in WANTED]
    limits = [lever for lever in held if lever.kind not in WANTED]
    told = _one_kind(wanted, limits, trials.linear_impossible)
    if told is None:
        told = _fewer_kinds(leaning, trials.linear_impossible)
    core = _core(trials.leaning(told) or told, trials.linear_impossible)
    return Conflict(tuple(core), not trials.unsure)


def _whole(trials: Trials, demands: Sequence[Lever]) -> Conflict:
    facts = trials.facts_of_life()

    def impossible(held: Collection[Lever]) -> bool:
        return trials.whole_impossible([*held, *facts])

    demanded = _core(_fewer_kinds(demands, impossible), impossible)
    needed = _core(facts, lambda held: trials.whole_impossible([*demanded, *held]))
    return Conflict((*demanded, *needed), not trials.unsure)


def _one_kind(wanted: Sequence[Lever], limits: Sequence[Lever], impossible: Impossible) -> list[Lever] | None:
    """What is wanted with no limits, or with limits of one kind alone, if that is enough: it reads best."""
    if impossible(wanted):
        return list(wanted)
    for kind in TELLING:
        alone = [lever for lever in limits if lever.kind == kind]
        if alone and impossible([*wanted, *alone]):
            return [*wanted, *alone]
    return None


def _fewer_kinds(held: Sequence[Lever], impossible: Impossible) -> list[Lever]:
    """Without the kinds of limits that are not needed, those that tell least dropped first."""
    left = list(held)
    for kind in reversed(TELLING):
        fewer = [lever for lever in left if lever.kind != kind]
        if len(fewer) < len(left) and impossible(fewer):
            left = fewer
    return left


def _core(items: Sequence[Lever], impossible: Impossible) -> list[Lever]:
    """QuickXplain: an irreducible part of the items that is still impossible; the earlier ones are preferred."""
    if not items or impossible([]):
        return []
    kept = _explain([], False, list(items), impossible)
    return [item for item in items if any(item is other for other in kept)]


def _explain(background: list[Lever], news: bool, items: list[Lever], impossible: Impossible) -> list[Lever]:
    if news and impossible(background):
        return []
    if len(items) == 1:
        return items
    half = len(items) // 2
    first, second = items[:half], items[half:]
    from_second = _explain([*background, *first], bool(first), second, impossible)
    from_first = _explain([*background, *from_second], bool(from_second), first, impossible)
    return [*from_first, *from_second]
