"""Ways out for workloads that no site may serve: what keeps them from sites, let go as little as is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ...inputs.altering import Change
from ...inputs.case import Case
from .explanation import Fact, WayOut
from .rounding import outward

Barrier = Mapping[str, Any]
Remedy = Callable[[str, list[list[Barrier]], Case], tuple[Fact, Change, float] | None]


def reopened(reasons: Sequence[Fact], case: Case) -> Iterator[WayOut]:
    """For each filter, the change of it that gives every such workload a site (and a zone for its backup)."""
    closed: dict[str, list[list[Barrier]]] = {}
    for reason in reasons:
        if reason.topic in ("unreachable", "one_zone"):
            closed.setdefault(reason.values["row"], []).append(_only_barriers(reason))
    for name, remedy in REMEDIES.items():
        parts = [
            remedy(row, [[each for each in barriers if each["filter"] == name] for barriers in of_row], case)
            for row, of_row in closed.items()
        ]
        made = [part for part in parts if part is not None]
        if made and len(made) == len(parts):
            yield WayOut(
                tuple(fact for fact, _, _ in made),
                tuple(change for _, change, _ in made),
                sum(size for _, _, size in made),
            )


def _only_barriers(reason: Fact) -> list[Barrier]:
    """The barriers of sites that only one thing keeps away, in another zone where that is what is needed."""
    by_site: dict[str, list[Barrier]] = {}
    for each in reason.values["removed"]:
        by_site.setdefault(each["site"], []).append(each)
    return [barriers[0] for barriers in by_site.values() if len(barriers) == 1]


def _latency(row: str, of_row: list[list[Barrier]], case: Case) -> tuple[Fact, Change, float] | None:
    if not all(of_row):
        return None
    before = float(of_row[0][0]["limit"])
    after = outward(max(min(float(each["ms"]) for each in barriers) for barriers in of_row), up=True)
    fact = Fact("way_latency", {"row": row, "before": before, "after": after})
    return fact, Change(("workloads", row, "latency_limit_ms"), after), (after - before) / (before or 1.0)


def _security(row: str, of_row: list[list[Barrier]], case: Case) -> tuple[Fact, Change, float] | None:
    if not all(of_row):
        return None
    before = int(of_row[0][0]["needed"])
    after = min(max(int(each["level"]) for each in barriers) for barriers in of_row)
    fact = Fact("way_security", {"row": row, "before": before, "after": after})
    return fact, Change(("workloads", row, "security_level"), after), (before - after) / before


def _more(name: str, key: str) -> Remedy:
    """Let a workload use sites of one more kind, zone or name: the first that gives all of the row a site."""

    def remedy(row: str, of_row: list[list[Barrier]], case: Case) -> tuple[Fact, Change, float] | None:
        if not all(of_row):
            return None
        common = set.intersection(*({str(each[key]) for each in barriers} for barriers in of_row))
        if not common:
            return None
        known = list(of_row[0][0].get("needed", ()))
        more = next(str(each[key]) for each in of_row[0] if str(each[key]) in common)
        fact = Fact("way_unrestricted", {"row": row, "filter": name, "more": more})
        return fact, Change(("workloads", row, name), (*known, more)), 1.0

    return remedy


REMEDIES: Mapping[str, Remedy] = {
    "latency": _latency,
    "security": _security,
    "kinds": _more("kinds", "kind"),
    "zones": _more("zones", "zone"),
    "only_sites": _more("only_sites", "site"),
}
