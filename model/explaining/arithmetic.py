"""What single numbers already rule out: sums of what there can be at most, against what is asked for.

Every sum is generous (the best hardware everywhere, every extension made), so that what it rules out is impossible.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from ...inputs.case import Case
from ...inputs.parts import Hardware, Site, Target, Workload
from ..lookup import ROUNDING, Lookup
from ..metrics import in_scope
from .explanation import Fact
from .levers import row_of_workload
from .reach import Reach, Removed, no_hardware, unreachable

Amount = Callable[[Hardware, str], float]
"""What one unit of hardware in a hall of a type counts for."""

SLACK = 1e-9


def reasons(case: Case, removed: Removed) -> Iterator[Fact]:
    """Everything that single numbers rule out."""
    lookup = Lookup(case)
    reach = Reach(lookup)
    sums = _Sums(lookup, reach)
    yield from no_hardware(lookup)
    yield from unreachable(reach, removed)
    yield from sums.targets()
    yield from sums.supplies()
    yield from sums.sites()
    yield from sums.egress()
    yield from sums.budgets()


class _Sums:
    """Sums of what there can be at most."""

    def __init__(self, lookup: Lookup, reach: Reach) -> None:
        self.lookup, self.reach, self.case = lookup, reach, lookup.case
        self.served = [each for each in self.case.workloads if each.unserved_penalty_cny is None]

    # Targets

    def targets(self) -> Iterator[Fact]:
        """Targets above what any set of sites, or the whole market, could supply."""
        for target in self.case.targets:
            if target.sense == "<=" or (target.penalty_cny is not None and target.sense != "=="):
                continue
            at_sites = self._most_at_sites(target)
            if at_sites is not None and at_sites < target.value * (1 - SLACK) - SLACK:
                sites = [site.id for site in self.case.sites if in_scope(site, target.scope)]
                yield Fact("beyond_sites", {"target": target.id, "most": at_sites, "sites": sites})
            on_market = self._most_on_market(target)
            if on_market is not None and on_market < target.value * (1 - SLACK) - SLACK:
                yield Fact("beyond_supply", {"target": target.id, "most": on_market})

    def _most_at_sites(self, target: Target) -> float | None:
        """The most of the target's metric that its sites can reach; None: the metric has no such bound."""
        sites = [site for site in self.case.sites if in_scope(site, target.scope)]
        amount = self._amount(target)
        if amount is not None:
            return sum(self.most_at(site, target.year, amount, target) for site in sites)
        if target.metric == "racks_in_service":
            return sum(self._most_racks(site, target.year) for site in sites)
        if target.metric == "green_sites":
            return float(len(sites))
        usable = [
            site for site in sites if site.kind == "edge" and (site.existing or site.earliest_year <= target.year)
        ]
        if target.metric == "edge_nodes":
            return float(len(usable))
        if target.metric == "districts_with_edge":
            return float(len({site.district for site in usable}))
        return None

    def _amount(self, target: Target) -> Amount | None:
        lookup = self.lookup
        if target.metric == "compute_pflops":
            return lambda kind, _: kind.counted_pflops
        if target.metric == "pool_capacity":
            return lambda kind, _: (
                lookup.usable(kind.id, target.scope.resource or "") if kind.pool == target.scope.pool else 0.0
            )
        if target.metric == "racks_occupied":
            return lambda kind, hall: lookup.racks_per_unit(kind.id, hall) * lookup.standard_racks(hall)
        if target.metric == "it_mwh":
            return lambda kind, _: lookup.average_mwh(kind.id)
        return None

    def most_at(self, site: Site, year: int, amount: Amount, target: Target | None = None) -> float:
        """The most of an amount that the racks or the power of a site carry, with the best hardware alone."""
        steps = site.grid_max_steps * site.grid_step_kw if site.earliest_year <= year else 0.0
        kw = site.usable_grid * (site.grid_kw + steps)
        by_power = by_racks = 0.0
        for kind in self.reach.kinds_at(site, year):
            if target is not None and not _counts(kind, target):
                continue
            for hall in self._halls(kind, site):
                counted = amount(kind, hall)
                if counted > 0:
                    drawn = self.lookup.pue(site.id, hall) * kind.peak_kw
                    taken = self.lookup.racks_per_unit(kind.id, hall)
                    racks = self.lookup.hall[hall].racks * site.max_halls
                    by_power = max(by_power, counted / drawn * kw if drawn > 0 else math.inf)
                    by_racks = max(by_racks, counted / taken * racks if taken > 0 else math.inf)
        return min(by_power, by_racks)

    def _halls(self, kind: Hardware, site: Site) -> set[str]:
        fleet = {each.hall for each in self.case.fleet if (each.site, each.hardware) == (site.id, kind.id)}
        return {*self.reach.halls_for(kind, site), *fleet}

    def _most_racks(self, site: Site, year: int) -> float:
        """Standard racks of the plot full of the best hall that can stand there by then."""
        converted = {each.to_hall for each in self.case.conversions if self.lookup.existing(site.id, each.from_hall)}
        best = new = 0.0
        for hall in self.lookup.halls_at[site.id]:
            part = self.lookup.hall[hall]
            racks = part.racks * self.lookup.standard_racks(hall)
            built = hall in site.allowed_halls and year >= max(
                site.earliest_year, self.case.base_year + 1 + part.lead_years
            )
            new = max(new, racks if built else 0.0)
            if built or self.lookup.existing(site.id, hall) or (hall in converted and hall in site.allowed_halls):
                best = max(best, racks)
        standing = sum(site.existing_halls.values())
        return best * standing + new * (site.max_halls - standing)

    def _most_on_market(self, target: Target) -> float | None:
        """The most that the fleet and the market's supply add up to; None: something is not limited."""
        if target.metric not in ("compute_pflops", "pool_capacity"):
            return None
        amount = self._amount(target)
        assert amount is not None
        total = 0.0
        for kind in self.case.hardware:
            if amount(kind, "") > 0 and _counts(kind, target):
                units = self._units(kind, target.year)
                if units is None:
                    return None
                total += amount(kind, "") * units
        return total

    def _units(self, kind: Hardware, year: int) -> float | None:
        """Units of the fleet and of the market that can be in service in the year; None: as many as one likes."""
        units: float = sum(
            each.count
            for each in self.case.fleet
            if each.hardware == kind.id and year < each.install_year + kind.life_years
        )
        for bought in self.case.years:
            if bought <= year < bought + kind.life_years and kind.available_from <= bought <= kind.available_to:
                if not any(
                    self.reach.halls_for(kind, site) and site.earliest_year <= bought for site in self.case.sites
                ):
                    continue
                if bought not in kind.supply:
                    return None
                units += math.floor(kind.supply[bought] / kind.lot + ROUNDING) * kind.lot
        return units

    # Workloads

    def _needs(self, year: int, workloads: list[Workload]) -> dict[tuple[str, str], float]:
        """What workloads need of each pool's resources, backups included."""
        needs: dict[tuple[str, str], float] = {}
        for workload in workloads:
            for resource, by_year in workload.demand.items():
                amount = by_year.get(year, 0.0) * (1.0 + workload.backup)
                needs[workload.pool, resource] = needs.get((workload.pool, resource), 0.0) + amount
        return {key: amount for key, amount in needs.items() if amount > 0}

    def supplies(self) -> Iterator[Fact]:
        """Demand above what the fleet and the market have."""
        for (pool, resource), by_year in self._by_key(self.served).items():
            for year, needed in by_year.items():
                kinds = [k for k in self.case.hardware if k.pool == pool and self.lookup.usable(k.id, resource) > 0]
                units = {kind.id: self._units(kind, year) for kind in kinds}
                if not kinds or None in units.values():
                    continue
                most = sum(self.lookup.usable(kind.id, resource) * (units[kind.id] or 0.0) for kind in kinds)
                if most < needed * (1 - SLACK):
                    values = {"pool": pool, "resource": resource, "year": year, "needed": needed, "most": most}
                    yield Fact("short_supply", {**values, "hardware": [kind.id for kind in kinds]})
                    break

    def _by_key(self, workloads: list[Workload]) -> dict[tuple[str, str], dict[int, float]]:
        found: dict[tuple[str, str], dict[int, float]] = {}
        for year in self.case.years:
            for key, amount in self._needs(year, workloads).items():
                found.setdefault(key, {})[year] = amount
        return found

    def sites(self) -> Iterator[Fact]:
        """Demand above what the sites it may use can carry, by their racks or their power."""
        sites = {site.id: site for site in self.case.sites}
        told: set[tuple[str, str]] = set()
        for allowed in dict.fromkeys(frozenset(each.sites) for each in self.served):
            inside = [each for each in self.served if allowed.issuperset(each.sites)]
            for (pool, resource), by_year in self._by_key(inside).items():
                for year, needed in by_year.items():
                    most = sum(
                        self.most_at(
                            sites[site],
                            year,
                            lambda kind, _, p=pool, r=resource: (  # type: ignore[misc]
                                self.lookup.usable(kind.id, r) if kind.pool == p else 0.0
                            ),
                        )
                        for site in allowed
                        if sites[site].earliest_year <= year
                    )
                    if 0 < most < needed * (1 - SLACK) and (pool, resource) not in told:
                        told.add((pool, resource))
                        users = [each for each in inside if each.pool == pool and resource in each.demand]
                        rows = list(dict.fromkeys(row_of_workload(each) for each in users))
                        values = {"pool": pool, "resource": resource, "year": year, "needed": needed, "most": most}
                        named = [site.id for site in self.case.sites if site.id in allowed]
                        yield Fact("short_sites", {**values, "sites": named, "rows": rows})
                        break

    def egress(self) -> Iterator[Fact]:
        """Traffic above the outgoing bandwidth of the sites it may come from."""
        limit = {site.id: site.egress_gbps for site in self.case.sites}
        for allowed in dict.fromkeys(frozenset(each.sites) for each in self.served):
            if not allowed or any(limit[site] is None for site in allowed):
                continue
            inside = [each for each in self.served if allowed.issuperset(each.sites)]
            most = sum(limit[site] or 0.0 for site in allowed)
            for year in self.case.years:
                needed = sum(each.gbps.get(year, 0.0) for each in inside)
                if most < needed * (1 - SLACK):
                    named = [site.id for site in self.case.sites if site.id in allowed]
                    yield Fact("short_egress", {"year": year, "needed": needed, "most": most, "sites": named})
                    break

    # Money

    def budgets(self) -> Iterator[Fact]:
        """Budgets below what the hardware for the demand alone costs."""
        so_far: list[int] = []
        for year in self.case.years:
            if year not in self.case.budget_cny:
                return
            so_far.append(year)
            money = sum(self.case.budget_cny[each] for each in so_far)
            dearest: dict[str, float] = {}
            for (pool, resource), needed in self._needs(year, self.served).items():
                dearest[pool] = max(dearest.get(pool, 0.0), self._least_price(pool, resource, year, needed))
            if sum(dearest.values()) * (1 - SLACK) > money:
                values = {"years": list(so_far), "needed": sum(dearest.values()), "money": money}
                yield Fact("short_budget", values)
                return

    def _least_price(self, pool: str, resource: str, year: int, needed: float) -> float:
        """The least that the hardware costs which must be bought up to the year for so much of a resource."""
        kinds = [kind for kind in self.case.hardware if kind.pool == pool and self.lookup.usable(kind.id, resource) > 0]
        standing = sum(
            each.count * self.lookup.usable(kind.id, resource)
            for kind in kinds
            for each in self.case.fleet
            if each.hardware == kind.id and year < each.install_year + kind.life_years
        )
        prices = [
            kind.price_cny / self.lookup.usable(kind.id, resource) for kind in kinds if kind.available_from <= year
        ]
        return max(0.0, needed - standing) * min(prices, default=0.0)


def _counts(kind: Hardware, target: Target) -> bool:
    """Whether the scope of a target counts this hardware."""
    scope = target.scope
    return (scope.pools is None or kind.pool in scope.pools) and (
        scope.classes is None or kind.hardware_class in scope.classes
    )
