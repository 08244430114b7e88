"""The explanation of a case without a plan, as data: which sentences it consists of, and what stands in them.

Things are named by their ids; words and units are for those who show it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ...inputs.altering import Change
from ..starting import Tables

Status = Literal["feasible", "infeasible", "unknown"]


@dataclass(frozen=True)
class Fact:
    """One statement: its topic, and what stands in it."""

    topic: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ConflictFacts:
    """Demands that cannot be met together. `smallest`: without any one of them the others can.

    `whole`: only because halls, servers, steps or workloads come in whole numbers.
    """

    demands: tuple[Fact, ...]
    smallest: bool
    whole: bool


@dataclass(frozen=True)
class WayOut:
    """Changes with which a plan exists: one has been found. `size` is the share by which they change what there is.

    `plan` are the tables of that plan, where it was found near another one: a plan to start from, not a cheap one.
    """

    parts: tuple[Fact, ...]
    changes: tuple[Change, ...]
    size: float
    plan: Tables | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Explanation:
    """Why there is no plan, and what would help, the smallest change first."""

    status: Status
    reasons: tuple[Fact, ...] = ()
    conflicts: tuple[ConflictFacts, ...] = ()
    ways_out: tuple[WayOut, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The explanation as plain dictionaries and lists."""
        return {
            "status": self.status,
            "reasons": [_fact(fact) for fact in self.reasons],
            "conflicts": [
                {"smallest": each.smallest, "whole": each.whole, "demands": [_fact(fact) for fact in each.demands]}
                for each in self.conflicts
            ],
            "ways_out": [
                {
                    "size": way.size,
                    "parts": [_fact(fact) for fact in way.parts],
                    "changes": [{"path": list(change.path), "value": change.value} for change in way.changes],
                }
                for way in self.ways_out
            ],
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Explanation:
        """Read what `as_json` wrote. KeyError, TypeError: it is something else."""
        return cls(
            status=content["status"],
            reasons=_facts(content["reasons"]),
            conflicts=tuple(
                ConflictFacts(_facts(each["demands"]), each["smallest"], each["whole"]) for each in content["conflicts"]
            ),
            ways_out=tuple(
                WayOut(
                    _facts(way["parts"]),
                    tuple(Change(tuple(change["path"]), _value(change["value"])) for change in way["changes"]),
                    way["size"],
                )
                for way in content["ways_out"]
            ),
        )


def _fact(fact: Fact) -> dict[str, Any]:
    return {"topic": fact.topic, **fact.values}


def _facts(contents: Any) -> tuple[Fact, ...]:
    return tuple(
        Fact(each["topic"], {key: value for key, value in each.items() if key != "topic"}) for each in contents
    )


def _value(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
