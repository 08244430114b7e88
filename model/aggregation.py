"""Aggregation: workloads with proportional demand become one, and the plan is handed back to each of them.

Divisible workloads are merged when in every year their demands of all resources, their traffic and their penalties
are proportional: there are weights lambda_i >= 0 with sum 1, so that

    demand_i[r] = lambda_i * D[r],   gbps_i = lambda_i * G,   penalty_i = lambda_i * P,

where D, G and P are the sums over the members. The weights may differ from year to year, for no row of the model ties
the shares of one year to those of another. Members also have the same pool, sites, backup share, and are all or none
domestic-only and priced; the network costs the same for all of them at each site, unless none has traffic. Latency and
security have done their part in the list of sites.

**Why the optimum does not change.** From the merged workload to its members: give every member the merged one's shares
y. The rows of a workload of its own (served, backed, backup_apart, place_open, standby_open, bounds) are the same for
all members and hold. Capacity, egress, network cost and penalty add up demand_i * y = D * y, and likewise G and P,
over the members, which is what they were; this direction needs no proportionality, only sums. Hence every plan of the
merged case is a plan of the original one at the same cost.

From the members to the merged workload: let their shares be x_i, in a year, and take y = sum of lambda_i * x_i, for
place, standby and unserved alike. Each row of a workload of its own is linear with the same coefficients and right-hand
side for all members, so a mean of points that keep it keeps it too (that is where indivisible workloads fail: a mean of
0 and 1 is neither). Capacity uses D * y = sum of lambda_i * D * x_i = sum of demand_i * x_i, with the standby's share
of it in the same way, and again likewise for G and P. Hence every plan of the original case has one of the merged case
at the same cost, with the same sites, halls and hardware. Metrics other than the unserved share, budgets and targets
speak of these alone; the unserved share is worked out again from the members.

**Zero.** In a year in which nothing of a member is above zero its weight is zero, and its share follows the others'.
It is merged only with members of which the same is true, so that one kind of hardware is needed by all or by none.

**Rounding.** Numbers in case files have 12 significant digits (`inputs/demand.py`), so what was proportional is so up
to 1e-11. Such members are merged with the sums of their own demands: the plan handed back is exactly as feasible and
dear as the merged one. Only the second half of the proof is off, by what no solver sees.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from math import fsum, isclose, sqrt

import numpy as np
import pandas as pd
from pyomo.common.gc_manager import PauseGC

from ..inputs.case import Case
from ..inputs.mapping import FrozenMapping
from ..inputs.parts import Workload

PROPORTIONAL = 3e-11
"""Relative difference of two quotients of numbers with 12 significant digits (each is off by up to 5e-12)."""

ROLES = ("primary", "standby", "unserved")
"""Roles in the order of the placement table."""


@dataclass(frozen=True)
class Aggregation:
    """A case with fewer workloads and the same optimum; a merged workload has the id of its first member."""

    case: Case
    original: Case
    members: Mapping[str, tuple[str, ...]]
    """id in the smaller case -> the workloads of the original case that it stands for"""

    def restore(self, tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
        """The plan's tables for the original case: every member is placed as the workload that it was merged into."""
        restored = dict(tables)
        if tables and self.case is not self.original:
            restored["placement"] = self._placement(tables["placement"])
            restored["metrics"] = self._metrics(tables["metrics"], restored["placement"])
        return restored

    def merged(self, tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
        """A plan's tables for the smaller case: `restore` the other way round, for any plan of the original one.

        A merged workload's share is the mean of its members' shares, weighted with their parts of its demand.
        """
        if self.case is self.original:
            return dict(tables)
        weights = pd.DataFrame(
            [
                (member, year, merged, weight)
                for merged, ids in self.members.items()
                for year in self.case.years
                for member, weight in self._weights(ids, year)
            ],
            columns=["workload", "year", "merged", "weight"],
        )
        table = tables["placement"]
        rows = table.merge(weights, on=["workload", "year"])
        rows = rows.assign(workload=rows["merged"], share=rows["share"] * rows["weight"])
        keys = ["workload", "site", "year", "role"]
        sums = rows.groupby(keys, sort=False)["share"].sum().reset_index()
        return {**tables, "placement": sums[list(table.columns)]}

    def _weights(self, members: Sequence[str], year: int) -> list[tuple[str, float]]:
        """Each member's part of what all of them want in the year; equal parts where that is nothing."""
        if len(members) == 1:
            return [(members[0], 1.0)]
        amounts = [_amounts(self._workloads[member], year) for member in members]
        largest = max(amounts[0], key=lambda name: fsum(amount.get(name, 0.0) for amount in amounts))
        of_each = [amount.get(largest, 0.0) for amount in amounts]
        total = fsum(of_each)
        return [
            (member, amount / total if total > 0 else 1.0 / len(members))
            for member, amount in zip(members, of_each, strict=True)
        ]

    @cached_property
    def _workloads(self) -> Mapping[str, Workload]:
        return {workload.id: workload for workload in self.original.workloads}

    def _placement(self, table: pd.DataFrame) -> pd.DataFrame:
        """Every row once for each member, in the order of the original case."""
        members = pd.DataFrame(
            [(merged, member) for merged, ids in self.members.items() for member in ids], columns=["workload", "member"]
        )
        position = {workload.id: number for number, workload in enumerate(self.original.workloads)}
        rows = table.merge(members, on="workload", how="left")
        rows["workload"] = rows["member"].astype(table["workload"].dtype)
        order = np.lexsort((rows["workload"].map(position), rows["role"].map(ROLES.index)))
        return rows.loc[order, list(table.columns)].reset_index(drop=True)

    def _metrics(self, table: pd.DataFrame, placement: pd.DataFrame) -> pd.DataFrame:
        """The mean of the unserved shares is one over the workloads of the original case."""
        unserved = placement[placement["role"] == "unserved"].groupby("year")["share"].sum()
        mean = table["year"].map(unserved).fillna(0.0) / len(self.original.workloads)
        return table.assign(value=table["value"].mask(table["metric"] == "unserved_share", mean))


def aggregate(case: Case) -> Aggregation:
    """Merge the workloads of a case as far as the optimum stays the same."""
    with PauseGC():  # of 3,000 workloads, collecting garbage took longer than merging
        return _aggregated(case)


def _aggregated(case: Case) -> Aggregation:
    alike: defaultdict[object, list[_Profile]] = defaultdict(list)
    alone: list[list[Workload]] = []
    for workload in case.workloads:
        if workload.divisible:
            profile = _Profile(workload, case.years)
            alike[profile.key].append(profile)
        else:
            alone.append([workload])
    groups = alone + [group for profiles in alike.values() for group in _proportional_groups(profiles)]
    if len(groups) == len(case.workloads):
        return Aggregation(case, case, {workload.id: (workload.id,) for workload in case.workloads})
    position = {workload.id: number for number, workload in enumerate(case.workloads)}
    for group in groups:
        group.sort(key=lambda workload: position[workload.id])
    groups.sort(key=lambda group: position[group[0].id])
    merged = tuple(_merged(group, case.years) for group in groups)
    members = {group[0].id: tuple(workload.id for workload in group) for group in groups}
    return Aggregation(case.model_copy(update={"workloads": merged}), case, members)


class _Profile:
    """A workload's amounts by year: `key` says which are above zero, `mix` their sizes over the year's largest."""

    def __init__(self, workload: Workload, years: Sequence[int]) -> None:
        self.workload = workload
        above_zero: list[tuple[str, ...]] = []
        self.mix: list[float] = []
        for year in years:
            amounts = _amounts(workload, year)
            largest = max(amounts.values())
            above_zero.append(tuple(name for name, amount in amounts.items() if amount > 0))
            self.mix += [amount / largest for amount in amounts.values() if amount > 0]
        traffic = any("gbps" in names for names in above_zero)
        self.key = (
            workload.pool,
            workload.domestic_only,
            workload.backup,
            workload.unserved_penalty_cny is None,
            frozenset(workload.sites.items() if traffic else workload.sites),
            tuple(above_zero),
        )

    def bearing(self) -> float:
        """One number that workloads of the same mix share, and others most likely do not."""
        return fsum(sqrt(number) * part for number, part in zip(count(2), self.mix, strict=False))

    def is_proportional_to(self, other: _Profile) -> bool:
        """Whether both have the same mix in every year."""
        pairs = zip(self.mix, other.mix, strict=True)
        return all(isclose(mine, its, rel_tol=PROPORTIONAL) for mine, its in pairs)


def _amounts(workload: Workload, year: int) -> dict[str, float]:
    """All that a workload wants in a year, and what it costs not to serve it."""
    amounts = {f"demand {name}": by_year.get(year, 0.0) for name, by_year in sorted(workload.demand.items())}
    return {**amounts, "gbps": workload.gbps.get(year, 0.0), "penalty": workload.unserved_penalty_cny or 0.0}


def _proportional_groups(profiles: Iterable[_Profile]) -> list[list[Workload]]:
    """Workloads of the same key in groups of the same mix: neighbours by their bearing, then compared exactly."""
    groups: list[list[_Profile]] = []
    for profile in sorted(profiles, key=_Profile.bearing):
        if groups and profile.is_proportional_to(groups[-1][0]):
            groups[-1].append(profile)
        else:
            groups.append([profile])
    return [[profile.workload for profile in group] for group in groups]


def _merged(group: Sequence[Workload], years: Sequence[int]) -> Workload:
    """One workload with the demand, the traffic and the penalty of all of the group."""
    first = group[0]
    if len(group) == 1:
        return first
    resources = dict.fromkeys(resource for workload in group for resource in workload.demand)
    penalties = [workload.unserved_penalty_cny for workload in group if workload.unserved_penalty_cny is not None]
    return first.model_copy(
        update={
            "demand": FrozenMapping(
                {
                    resource: _summed((workload.demand.get(resource, {}) for workload in group), years)
                    for resource in resources
                }
            ),
            "gbps": _summed((workload.gbps for workload in group), years),
            "unserved_penalty_cny": fsum(penalties) if penalties else None,
        }
    )


def _summed(amounts: Iterable[Mapping[int, float]], years: Sequence[int]) -> FrozenMapping[int, float]:
    by_year = list(amounts)
    return FrozenMapping({year: fsum(amount.get(year, 0.0) for amount in by_year) for year in years})
