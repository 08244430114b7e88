"""What a point of the loosened case lets go, as changes of the case and as statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from ...inputs.altering import Change
from ...inputs.case import Case
from ...inputs.parts import Target
from ..arrays.matrix import Vector
from ..arrays.members import Positions
from ..metrics import RATIOS, Metrics
from .explanation import Fact, WayOut
from .levers import Lever, Loosened, row_of_workload
from .loosening import AT_MOST
from .rounding import outward, whole

USED = 1e-6
"""A lever counts as used if its amount is more than this (in the units of the case)."""

GIVEN_UP = 10.0
"""The size of giving something up altogether: more than any change of a number."""

COUNTED = frozenset({"edge_nodes", "districts_with_edge", "green_sites"})
PENALTY_TIMES = 10.0
"""The penalty offered for what is not served, beside what hardware and halls for it would cost in a year."""

LEAST_PENALTY = 1000.0


@dataclass(frozen=True)
class _Part:
    fact: Fact
    changes: tuple[Change, ...]
    size: float


class GivingWay:
    """Reads from points of a loosened case what gives way in them."""

    def __init__(self, case: Case, loosened: Loosened) -> None:
        self.case, self.loosened = case, loosened
        self._metrics = Metrics(loosened.model, loosened.lookup)
        self._targets = {target.id: target for target in case.targets}

    def amounts(self, lever: Lever, x: Vector) -> Vector:
        """How far each column of the lever is let go in a point of the matrix, in the units of the case."""
        return np.asarray(x[lever.amounts] * self.loosened.matrix.units[lever.amounts])

    def used(self, lever: Lever, x: Vector) -> bool:
        """Whether the point lets this lever go."""
        return bool(self.amounts(lever, x).max(initial=0.0) > USED)

    def way(self, levers: Iterable[Lever], x: Vector) -> WayOut | None:
        """The changes that make the point a plan, rounded outward; None: nothing is let go."""
        parts = list(self._parts([lever for lever in levers if self.used(lever, x)], x))
        if not parts:
            return None
        changes = {change.path: change for part in parts for change in part.changes}
        return WayOut(
            tuple(part.fact for part in parts), tuple(changes.values()), float(sum(part.size for part in parts))
        )

    def _parts(self, levers: list[Lever], x: Vector) -> Iterator[_Part]:
        rows: set[tuple[str, str]] = set()
        for lever in levers:
            if lever.kind in ("served", "backup"):
                row = row_of_workload(self.loosened.lookup.workload[lever.subject])
                if (lever.kind, row) not in rows:
                    rows.add((lever.kind, row))
                    yield self._unserved(row) if lever.kind == "served" else self._no_backup(row)
            elif lever.kind == "target":
                yield self._target(self._targets[lever.subject], lever, x)
            else:
                amount = float(self.amounts(lever, x).sum())
                yield getattr(self, f"_{lever.kind}")(lever, amount, x)

    def _target(self, target: Target, lever: Lever, x: Vector) -> _Part:
        values = x * self.loosened.matrix.units
        form = self._metrics.form(target.metric, target.scope, target.year)
        attained = form.value(values)
        above = target.sense == ">="
        size = 1.0
        fact = {"target": target.id, "metric": target.metric, "year": target.year, "before": target.value}
        if target.sense == "==":
            names = self.loosened.lookup.case.targets
            too_low = any(
                name.id == target.id and values[column] > USED
                for name, column in zip(
                    [each for each in names if each.id in (target.id, target.id + AT_MOST)], lever.amounts, strict=True
                )
            )
            sense = "<=" if too_low else ">="
            change = Change(("targets", target.id, "sense"), sense)
            return _Part(Fact("way_target_sense", {**fact, "sense": sense}), (change,), 0.5)
        if attained is None:
            attained = 0.0 if above else target.value * 2
        weaker = whole(attained, up=not above) if target.metric in COUNTED else outward(attained, up=not above)
        if target.metric in RATIOS and target.metric != "pue":
            weaker = min(max(weaker, 0.0), 1.0)
        if target.value:
            size = abs(weaker - target.value) / abs(target.value)
        if above and weaker <= 0 < target.value:
            size = GIVEN_UP
        change = Change(("targets", target.id, "value"), weaker)
        return _Part(Fact("way_target", {**fact, "sense": target.sense, "after": weaker}), (change,), size)

    def _grid(self, lever: Lever, amount: float, x: Vector) -> _Part:
        site = self.loosened.lookup.site[lever.subject]
        original = next(each for each in self.case.sites if each.id == site.id)
        total = sum(each.grid_kw for each in self.case.sites) or 1.0
        if original.grid_step_kw > 0:
            steps = whole(amount, up=True)
            kw = steps * original.grid_step_kw
            values = {"site": site.id, "kw": kw, "steps": steps, "cny": steps * original.grid_step_cost_cny}
            year = self._needed_by(site.id, original.grid_max_steps, x)
            change = Change(("sites", site.id, "grid_max_steps"), original.grid_max_steps + steps)
            return _Part(Fact("way_grid_steps", {**values, "year": year}), (change,), kw / total)
        after = outward(original.grid_kw + amount, up=True)
        change = Change(("sites", site.id, "grid_kw"), after)
        values = {"site": site.id, "before": original.grid_kw, "after": after}
        return _Part(Fact("way_grid_kw", values), (change,), (after - original.grid_kw) / total)

    def _needed_by(self, site: str, most: int, x: Vector) -> int:
        """The year in which more steps are in use than the case allows."""
        model, so_far = self.loosened.model, 0.0
        members = model.upgrade.members
        for position in range(len(members)):
            index = members.index(position)
            if index[0] == site:
                so_far += float(x[model.upgrade.first_column + position])
                if so_far > most + 0.5:
                    return int(index[1])
        return self.case.years[-1]

    def _halls(self, lever: Lever, amount: float, x: Vector) -> _Part:
        site = next(each for each in self.case.sites if each.id == lever.subject)
        more = whole(amount, up=True)
        total = sum(each.max_halls for each in self.case.sites) or 1
        change = Change(("sites", site.id, "max_halls"), site.max_halls + more)
        values = {"site": site.id, "before": site.max_halls, "after": site.max_halls + more}
        return _Part(Fact("way_halls", values), (change,), more / total)

    def _supply(self, lever: Lever, amount: float, x: Vector) -> _Part:
        kind = self.loosened.lookup.hardware[lever.subject]
        assert lever.year is not None
        before = kind.supply[lever.year]
        lots = whole((before + amount) / kind.lot, up=True)
        after = lots * kind.lot
        total = sum(sum(each.supply.values()) for each in self.case.hardware) or 1.0
        change = Change(("hardware", kind.id, "supply", str(lever.year)), after)
        values = {"hardware": kind.id, "year": lever.year, "before": before, "after": after}
        return _Part(Fact("way_supply", values), (change,), (after - before) / total)

    def _budget(self, lever: Lever, amount: float, x: Vector) -> _Part:
        assert lever.year is not None
        before = self.case.budget_cny[lever.year]
        after = outward(before + amount, up=True)
        change = Change(("budget_cny", str(lever.year)), after)
        values = {"year": lever.year, "before": before, "after": after}
        return _Part(
            Fact("way_budget", values), (change,), (after - before) / (sum(self.case.budget_cny.values()) or 1)
        )

    def _egress(self, lever: Lever, amount: float, x: Vector) -> _Part:
        site = self.loosened.lookup.site[lever.subject]
        before = site.egress_gbps or 0.0
        after = outward(before + amount, up=True)
        total = sum(each.egress_gbps or 0.0 for each in self.case.sites) or 1.0
        change = Change(("sites", site.id, "egress_gbps"), after)
        values = {"site": site.id, "before": before, "after": after}
        return _Part(Fact("way_egress", values), (change,), (after - before) / total)

    def _first_year(self, lever: Lever, amount: float, x: Vector) -> _Part:
        site = next(each for each in self.case.sites if each.id == lever.subject)
        year = max(self.case.years[0], site.earliest_year - whole(amount, up=True))
        change = Change(("sites", site.id, "earliest_year"), year)
        values = {"site": site.id, "before": site.earliest_year, "after": year}
        return _Part(Fact("way_first_year", values), (change,), (site.earliest_year - year) / len(self.case.years))

    def _unserved(self, row: str) -> _Part:
        """Unserved workloads have a penalty that makes serving them, where it can be done, the better choice."""
        members = [workload for workload in self.case.workloads if row_of_workload(workload) == row]
        value = sum(
            max(by_year.values(), default=0.0) * self._yearly_price(workload.pool, resource)
            for workload in members
            for resource, by_year in workload.demand.items()
        )
        penalty = outward(max(LEAST_PENALTY, PENALTY_TIMES * value), up=True)
        change = Change(("workloads", row, "unserved_penalty_cny"), penalty)
        return _Part(Fact("way_unserved", {"row": row, "cny": penalty}), (change,), GIVEN_UP)

    def _yearly_price(self, pool: str, resource: str) -> float:
        """What the cheapest hardware, with its share of a hall, costs in a year for one unit of a resource, CNY."""
        prices = []
        for kind in self.case.hardware:
            if kind.pool == pool and kind.provides.get(resource, 0.0) > 0:
                fits = [hall for hall in self.case.hall_types if hall.id in kind.halls]
                housed = [hall.capex_cny / hall.life_years / (hall.racks * hall.rack_kw) for hall in fits]
                yearly = kind.price_cny / kind.life_years + kind.fee_cny_per_year
                prices.append((yearly + kind.peak_kw * min(housed, default=0.0)) / kind.provides[resource])
        return min(prices, default=0.0)

    def terms(self, target: str, x: Vector) -> tuple[Positions, Vector]:
        """The columns that a target counts, and how much of it each makes up in a point of the matrix."""
        asked = self._targets[target]
        form = self._metrics.form(asked.metric, asked.scope, asked.year).numerator
        values = x[form.columns] * self.loosened.matrix.units[form.columns]
        return form.columns, np.asarray(form.coefficients * values)

    def _no_backup(self, row: str) -> _Part:
        members = [workload for workload in self.case.workloads if row_of_workload(workload) == row]
        change = Change(("workloads", row, "backup"), 0)
        before = max(workload.backup for workload in members)
        return _Part(Fact("way_no_backup", {"row": row, "before": before}), (change,), GIVEN_UP)
