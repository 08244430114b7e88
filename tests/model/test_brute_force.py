"""Tiny random cases: the optimum against the cheapest of all plans, one by one.

The plans are counted and priced here in plain Python, straight from the formulation: every whole number of halls,
conversions, grid steps, servers kept and lots bought at each site, and every way to place the workloads, which are
all indivisible. What is left to choose is green electricity, which is bought where it is cheaper than its carbon.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from suanli.inputs.case import Case
from suanli.inputs.parts import HallType, Hardware, Site, Target
from suanli.model import Plan, solve

if TYPE_CHECKING:
    from .conftest import Solution

# Cases that HiGHS 1.15.1 got wrong (its issue 3274) when servers in service and halls were not declared to be whole:
# too dear by up to a factor of three, or infeasible.
ONCE_WRONG = (116, 1116, 1415, 1597, 2126, 2257, 2341)

# Relaxations that it got wrong when what sums up whole lots had a unit in which it is a fraction: by 0.9 and 0.2%.
RELAXATION_ONCE_WRONG = (403, 563)

SEEDS = (*range(120), *ONCE_WRONG[1:])
TOLERANCE = 1e-9
Counts = Mapping[Any, int]


def random_rows(seed: int) -> dict[str, Any]:
    """The rows of a case with one or two of each thing; few of them are large, so that all plans can be counted."""
    draw = random.Random(seed)
    features = ("two years", "two sites", "two halls", "two kinds", "fleet", "steps", "two workloads")
    has = set(draw.sample(features, draw.choice((3, 4, 4, 5))))
    years = (2024, 2025) if "two years" in has else (2024,)
    halls = ["air", "liquid"] if "two halls" in has else ["air"]
    sites = ["a", "b"] if "two sites" in has else ["a"]
    kinds = ["server", "trainer"] if "two kinds" in has else ["server"]
    hub = draw.random() < 0.3

    def site(name: str) -> dict[str, Any]:
        existing = name == "a" or draw.random() < 0.5
        return {
            "id": name,
            "zone": draw.choice(("east", name)),
            "in_city": name == "a" or not hub,
            "existing": existing,
            "earliest_year": 2025 if draw.random() < 0.15 else 2024,
            "opening_cost_cny": draw.randrange(0, 300),
            "fixed_cost_cny_per_year": draw.randrange(0, 40),
            "build_cost_factor": draw.choice((1.0, 1.25)),
            "allowed_halls": draw.sample(halls, draw.randint(1, len(halls))),
            "existing_halls": {"air": 1} if existing and draw.random() < 0.75 else {},
            "max_halls": draw.choice((1, 2, 2)),
            "grid_kw": draw.choice((5, 9, 14)),
            "usable_grid": draw.choice((0.9, 1.0)),
            "pue_factor": draw.choice((0.5, 1.0)),
            "electricity_cny_per_kwh": draw.choice((0.002, 0.005)),
            "carbon_kg_per_kwh": draw.choice((0.0, 0.5)),
            "green_max_share": draw.choice((0.0, 0.5)),
            "green_premium_cny_per_kwh": draw.choice((0.001, 0.004)),
            "egress_gbps": draw.choice((None, None, 2, 3)),
        } | (
            {"grid_step_kw": 5, "grid_step_cost_cny": draw.randrange(20, 200), "grid_max_steps": 1}
            if "steps" in has
            else {}
        )

    def hall(name: str) -> dict[str, Any]:
        return {
            "id": name,
            "racks": draw.choice((2, 3)),
            "rack_kw": draw.choice((4, 6)),
            "usable_u": draw.choice((4, 5)),
            "pue": draw.choice((1.25, 1.5)),
            "capex_cny": draw.randrange(50, 400),
            "upkeep_cny_per_year": draw.randrange(0, 30),
            "life_years": draw.randint(1, 5),
            "lead_years": draw.choice((0, 0, 0, 1)),
        }

    def hardware(name: str) -> dict[str, Any]:
        return {
            "id": name,
            "domestic": draw.random() < 0.5,
            "rack_units": draw.choice((2, 3, 4, 6)),
            "peak_kw": draw.choice((1, 2.5, 3, 5)),
            "average_kw": draw.choice((0.5, 1)),
            "price_cny": draw.randrange(10, 200),
            "maintenance_rate": draw.choice((0.0, 0.1)),
            "fee_cny_per_year": draw.choice((0, 15)),
            "life_years": draw.randint(1, 4),
            "lot": draw.choice((1, 1, 2)),
            "provides": {"unit": draw.choice((2, 3, 5))},
            "counted_pflops": draw.choice((0.5, 2)),
            "halls": draw.sample(halls, draw.randint(1, len(halls))),
            "supply": {2024: draw.randint(1, 3)} if draw.random() < 0.3 else {},
            "available_from": 2025 if draw.random() < 0.15 else 2024,
        }

    def workload(name: str) -> dict[str, Any]:
        return {
            "id": name,
            "divisible": False,
            "demand": {year: draw.choice((0, 1, 2, 3, 4)) for year in (2024, 2025)},
            "gbps": draw.choice((1, 2)),
            "sites": {place: draw.randrange(0, 60) for place in sites if draw.random() < 0.95},
            "domestic_only": draw.random() < 0.2,
            "backup": draw.choice((0.0, 0.0, 0.5)) if len(sites) == 2 else 0.0,
            "unserved_penalty_cny": None if draw.random() < 0.3 else draw.randrange(100, 3000),
        }

    def target() -> dict[str, Any]:
        metric, sense, value = draw.choice(
            [
                ("compute_pflops", ">=", draw.randint(1, 8)),
                ("compute_pflops", "==", draw.randint(1, 4)),
                ("domestic_share", ">=", 0.5),
                ("racks_in_service", ">=", draw.randint(1, 12)),
                ("racks_occupied", "<=", draw.randint(1, 6)),
                ("rack_utilisation", ">=", draw.choice((0.3, 0.8))),
                ("it_mwh", "<=", draw.randint(3, 30)),
                ("facility_mwh", ">=", draw.randint(3, 30)),
                ("pue", "<=", draw.choice((1.2, 1.3, 1.4))),
                ("capex", "<=", draw.randint(0, 500)),
            ]
        )
        penalty = draw.choice((None, draw.randrange(5, 120), draw.randrange(5, 120)))
        return {"metric": metric, "sense": sense, "value": value, "year": years[-1], "penalty_cny": penalty} | {
            "scope": {"in_city": draw.choice((True, None))}
        }

    conversions = [{"from_hall": "air", "to_hall": "liquid", "cost_cny": draw.randrange(20, 200)}]
    rows: dict[str, Any] = {
        "years": years,
        "discount_rate": draw.choice((0.0, 0.1)),
        "carbon_price_cny_per_tonne": draw.choice((0, 4)),
        "max_utilisation": {"unit": draw.choice((0.8, 1.0))},
        "sites": [site(name) for name in sites],
        "hall_types": [hall(name) for name in halls],
        "conversions": conversions if "two halls" in has else [],
        "hardware": [hardware(name) for name in kinds],
        "workloads": [workload(name) for name in (("x", "y") if "two workloads" in has else ("x",))],
        "targets": [target() for _ in range(draw.choice((0, 1, 1, 2)))],
        "budget_cny": {2024: draw.randrange(200, 1500)} if draw.random() < 0.3 else {},
    }
    if "fleet" in has and rows["sites"][0]["existing_halls"]:
        old = {"site": "a", "hall": "air", "hardware": "server", "count": draw.randint(1, 2)}
        rows["fleet"] = [{**old, "install_year": draw.choice((2021, 2023))}]
    return rows


@dataclass(frozen=True)
class Year:
    """What a site has decided in a year, and what it has in service then."""

    year: int
    open: int
    built: Counts
    converted: Counts
    steps: int
    kept: Counts
    lots: Counts
    halls: Counts
    units: Mapping[tuple[str, str], int]


def counts(limits: Mapping[Any, int]) -> Iterator[Counts]:
    """Every way to choose a number from 0 to its limit for each key."""
    for choice in itertools.product(*(range(limit + 1) for limit in limits.values())):
        yield dict(zip(limits, choice, strict=True))


def racks_of(kind: Hardware, hall: HallType) -> float:
    in_a_rack = min(math.floor(hall.usable_u / kind.rack_units), math.floor(hall.rack_kw / kind.peak_kw))
    if in_a_rack:
        return 1 / in_a_rack
    return max(math.ceil(kind.rack_units / hall.usable_u), math.ceil(kind.peak_kw / hall.rack_kw))


def pue_of(site: Site, hall: HallType) -> float:
    return 1 + (hall.pue - 1) * site.pue_factor


class Enumeration:
    """Every plan of one site of a case, by itself."""

    def __init__(self, case: Case, site: Site) -> None:
        self.case, self.site = case, site
        self.halls = {hall.id: hall for hall in case.hall_types}
        self.kinds = {kind.id: kind for kind in case.hardware}
        self.fleet = {n: row for n, row in enumerate(case.fleet) if row.site == site.id}

    def plans(self, past: tuple[Year, ...] = ()) -> Iterator[tuple[Year, ...]]:
        if len(past) == len(self.case.years):
            yield past
            return
        for year in self.next_years(past):
            yield from self.plans((*past, year))

    def next_years(self, past: tuple[Year, ...]) -> Iterator[Year]:
        site, year = self.site, self.case.base_year + 1 + len(past)
        usable = year >= site.earliest_year
        was_open = 1 if site.existing else past[-1].open if past else 0
        for is_open, (built, converted, halls) in itertools.product(
            range(was_open, 1 + (usable or was_open)), self.buildings(year, past)
        ):
            if sum(halls.values()) > site.max_halls * is_open:
                continue
            steps_left = site.grid_max_steps - sum(before.steps for before in past)
            for steps, kept in itertools.product(range(steps_left * usable + 1), self.keeping(year, past)):
                grid = site.grid_kw + site.grid_step_kw * (steps + sum(before.steps for before in past))
                for lots in counts(self.most_lots(year, halls)):
                    units = self.units(year, past, kept, lots)
                    if self.fits(units, halls, grid):
                        yield Year(year, is_open, built, converted, steps, kept, lots, halls, units)

    def buildings(self, year: int, past: tuple[Year, ...]) -> Iterator[tuple[Counts, Counts, Counts]]:
        site, before = self.site, past[-1].halls if past else self.site.existing_halls
        first = {
            hall: max(site.earliest_year, self.case.base_year + 1 + self.halls[hall].lead_years) for hall in self.halls
        }
        buildable = {hall: site.max_halls for hall in site.allowed_halls if year >= first[hall]}
        pairs = [(row.from_hall, row.to_hall) for row in self.case.conversions if row.to_hall in site.allowed_halls]
        existing = {pair: site.existing_halls.get(pair[0], 0) for pair in pairs}
        for built, converted in itertools.product(counts(buildable), counts(existing)):
            if any(
                sum(a.converted.get(pair, 0) for a in past) + converted[pair] > existing[pair] for pair in pairs
            ):  # there is one conversion from each hall type
                continue
            halls = {
                hall: before.get(hall, 0)
                + built.get(hall, 0)
                + sum(count for (_, made), count in converted.items() if made == hall)
                - sum(count for (used, _), count in converted.items() if used == hall)
                for hall in self.halls
            }
            if min(halls.values()) >= 0:
                yield built, converted, halls

    def keeping(self, year: int, past: tuple[Year, ...]) -> Iterator[Counts]:
        left = {
            n: (past[-1].kept[n] if past else row.count)
            * (year < row.install_year + self.kinds[row.hardware].life_years)
            for n, row in self.fleet.items()
        }
        return counts(left)

    def most_lots(self, year: int, halls: Counts) -> dict[tuple[str, str], int]:
        most = {}
        for kind in self.case.hardware:
            if year >= max(self.site.earliest_year, kind.available_from):
                for hall in kind.halls:
                    room = self.halls[hall].racks * halls[hall] / racks_of(kind, self.halls[hall])
                    most[kind.id, hall] = math.floor(room / kind.lot + TOLERANCE)
        return most

    def units(self, year: int, past: tuple[Year, ...], kept: Counts, lots: Counts) -> dict[tuple[str, str], int]:
        units = {(kind, hall): 0 for kind in self.kinds for hall in self.halls}
        for n, count in kept.items():
            units[self.fleet[n].hardware, self.fleet[n].hall] += count
        for bought, choice in [*((before.year, before.lots) for before in past), (year, lots)]:
            for (kind, hall), count in choice.items():
                if bought > year - self.kinds[kind].life_years:
                    units[kind, hall] += count * self.kinds[kind].lot
        return units

    def fits(self, units: Mapping[tuple[str, str], int], halls: Counts, grid: float) -> bool:
        peak = 0.0
        taken = dict.fromkeys(halls, 0.0)
        for (kind, hall), count in units.items():
            taken[hall] += count * racks_of(self.kinds[kind], self.halls[hall])
            peak += count * self.kinds[kind].peak_kw * pue_of(self.site, self.halls[hall])
        enough = all(taken[hall] <= self.halls[hall].racks * count + TOLERANCE for hall, count in halls.items())
        return enough and peak <= self.site.usable_grid * grid + TOLERANCE

    def measure(self, plan: tuple[Year, ...]) -> dict[Any, float]:
        """What counts of a plan: its net present cost, and what limits, targets and workloads need of each year."""
        case, site, end = self.case, self.site, self.case.years[-1]
        found: dict[Any, float] = {"cost": 0.0}
        was_open = int(site.existing)
        for now in plan:
            yearly: dict[str, float] = {}
            age = end - now.year + 1
            discount, at_the_end = ((1 + case.discount_rate) ** (case.base_year - year) for year in (now.year, end))

            built = [
                (self.halls[hall].capex_cny * site.build_cost_factor * n, self.halls[hall].life_years)
                for hall, n in now.built.items()
            ]
            prices = {(row.from_hall, row.to_hall): row.cost_cny for row in case.conversions}
            built += [(prices[pair] * n, self.halls[pair[1]].life_years) for pair, n in now.converted.items()]
            built += [(site.grid_step_cost_cny * now.steps, 30)]
            built += [
                (self.kinds[kind].price_cny * self.kinds[kind].lot * n, self.kinds[kind].life_years)
                for (kind, _), n in now.lots.items()
            ]
            yearly["capex"] = sum(cny for cny, _ in built) + site.opening_cost_cny * (now.open - was_open)
            salvage = sum(cny * max(0, life - age) / life for cny, life in built)
            was_open = now.open

            owned = [(self.kinds[kind], self.halls[hall], count) for (kind, hall), count in now.units.items()]
            energy = [(kind.average_kw * 8.76 * n, pue_of(site, hall)) for kind, hall, n in owned]
            facility = sum(mwh * pue for mwh, pue in energy)
            carbon = case.carbon_price_cny_per_tonne * site.carbon_kg_per_kwh
            dirty = site.electricity_cny_per_kwh * 1000 + carbon
            green = site.electricity_cny_per_kwh * 1000 + site.green_premium_cny_per_kwh * 1000
            running = facility * (site.green_max_share * min(dirty, green) + (1 - site.green_max_share) * dirty)
            running += site.fixed_cost_cny_per_year * now.open
            running += sum(self.halls[hall].upkeep_cny_per_year * n for hall, n in now.halls.items())
            running += sum((k.maintenance_rate * k.price_cny + k.fee_cny_per_year) * n for k, _, n in owned)
            found["cost"] += (yearly["capex"] + running) * discount - salvage * at_the_end

            usable = case.max_utilisation["unit"]
            yearly["open"] = now.open
            yearly["capacity"] = sum(k.provides["unit"] * usable * n for k, _, n in owned)
            yearly["domestic capacity"] = sum(k.provides["unit"] * usable * n for k, _, n in owned if k.domestic)
            yearly |= {f"bought {k}": 0.0 for k in self.kinds}
            for (kind, _), count in now.lots.items():
                yearly[f"bought {kind}"] += count * self.kinds[kind].lot
            yearly["compute_pflops"] = sum(k.counted_pflops * n for k, _, n in owned)
            yearly["domestic_pflops"] = sum(k.counted_pflops * n for k, _, n in owned if k.domestic)
            yearly["racks_in_service"] = sum(
                self.halls[h].racks * self.halls[h].rack_kw / 2.5 * n for h, n in now.halls.items()
            )
            yearly["racks_occupied"] = sum(n * racks_of(k, h) * h.rack_kw / 2.5 for k, h, n in owned)
            yearly["it_mwh"] = sum(mwh for mwh, _ in energy)
            yearly["facility_mwh"] = facility
            found |= {(name, now.year): value for name, value in yearly.items()}
        return found


RATIOS = {
    "domestic_share": ("domestic_pflops", "compute_pflops"),
    "rack_utilisation": ("racks_occupied", "racks_in_service"),
    "pue": ("facility_mwh", "it_mwh"),
}


class Cheapest:
    """The cheapest plan of a case: plans of the sites put together with every way to place the workloads."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.tables: dict[str, dict[Any, Any]] = {}
        for site in case.sites:
            each = Enumeration(case, site)
            measured = [each.measure(plan) for plan in each.plans()]
            names = measured[0] if measured else ()
            self.tables[site.id] = {name: np.array([plan[name] for plan in measured]) for name in names}

    def cost(self) -> float:
        """The least net present cost; infinite when there is no plan."""
        if not all(self.tables.values()):
            return math.inf
        coupled = self.coupling()
        best = math.inf
        seen: dict[Any, float] = {}
        for placement in itertools.product(*(self.choices(w, t) for w in self.case.workloads for t in self.case.years)):
            price, needs = self.needs(placement)
            if needs is not None:
                if needs not in seen:
                    seen[needs] = self.cheapest_sites(needs, coupled)
                best = min(best, price + seen[needs])
        return best

    def choices(self, workload: Any, year: int) -> list[tuple[Any, int, str | None, str | None]]:
        """Where a workload may run, and where its standby may be: in another fault zone."""
        zone = {site.id: site.zone for site in self.case.sites}
        usable = [site.id for site in self.case.sites if site.id in workload.sites and year >= site.earliest_year]
        primaries = usable if workload.unserved_penalty_cny is None else [*usable, None]
        standbys = usable if workload.backup else [None]
        return [
            (workload, year, primary, standby)
            for primary in primaries
            for standby in standbys
            if primary is None or standby is None or zone[primary] != zone[standby]
        ]

    def needs(self, placement: Sequence[tuple[Any, int, str | None, str | None]]) -> tuple[float, Any]:
        """What a placement costs, and what it needs of each site; None when a site has not enough bandwidth."""
        price, need, traffic = 0.0, dict[Any, float](), dict[Any, float]()
        for workload, year, primary, standby in placement:
            discount = (1 + self.case.discount_rate) ** (self.case.base_year - year)
            for site, share in ((primary, 1.0), (standby, workload.backup)):
                if site is not None:
                    amount = share * workload.demand["unit"][year]
                    need["open", site, year] = 1.0
                    need["capacity", site, year] = need.get(("capacity", site, year), 0.0) + amount
                    if workload.domestic_only:
                        key = ("domestic capacity", site, year)
                        need[key] = need.get(key, 0.0) + amount
            if primary is None:
                price += workload.unserved_penalty_cny * discount
            else:
                price += workload.gbps[year] * workload.sites[primary] * discount
                traffic[primary, year] = traffic.get((primary, year), 0.0) + workload.gbps[year]
        limits = {site.id: math.inf if site.egress_gbps is None else site.egress_gbps for site in self.case.sites}
        if any(gbps > limits[site] for (site, _), gbps in traffic.items()):
            return price, None
        return price, tuple(sorted(need.items()))

    def coupling(self) -> tuple[Any, Any]:
        """For every pair of plans of two sites (or plan of one): what targets cost, and whether all limits hold."""

        def total(name: str, year: int, sites: Sequence[str]) -> Any:
            return self.outer([table[name, year] * (site in sites) for site, table in self.tables.items()])

        case, everywhere = self.case, list(self.tables)
        allowed, paid = total("open", case.years[0], everywhere) >= 0, 0.0
        for kind in case.hardware:
            for year, most in kind.supply.items():
                if year in case.years:
                    allowed = allowed & (total(f"bought {kind.id}", year, everywhere) <= most)
        for year, most in case.budget_cny.items():
            allowed = allowed & (total("capex", year, everywhere) <= most + TOLERANCE)
        for target in case.targets:
            sites = everywhere if target.metric == "capex" else self.sites_of(target)
            if target.metric in RATIOS:
                above, below = (total(name, target.year, sites) for name in RATIOS[target.metric])
                excess = above - target.value * below
            else:
                excess = total(target.metric, target.year, sites) - target.value
            miss = {">=": -excess, "<=": excess, "==": np.abs(excess)}[target.sense]
            if target.penalty_cny is None or target.sense == "==":
                allowed = allowed & (miss <= 1e-7)
            else:
                discount = (1 + case.discount_rate) ** (case.base_year - target.year)
                paid = paid + target.penalty_cny * discount * np.maximum(miss, 0.0)
        return allowed, paid

    def sites_of(self, target: Target) -> list[str]:
        return [site.id for site in self.case.sites if site.in_city or target.scope.in_city is None]

    def cheapest_sites(self, needs: Any, coupled: tuple[Any, Any]) -> float:
        allowed, paid = coupled
        costs = []
        for site, table in self.tables.items():
            enough = np.ones(len(table["cost"]), dtype=bool)
            for (name, place, year), amount in needs:
                if place == site:
                    enough &= table[name, year] >= amount - TOLERANCE
            costs.append(np.where(enough, table["cost"], np.inf))
        return float(np.where(allowed, self.outer(costs) + paid, np.inf).min())

    @staticmethod
    def outer(of_sites: Sequence[Any]) -> Any:
        """The sum for every pair of plans of the first and the second site."""
        return of_sites[0] if len(of_sites) == 1 else of_sites[0][:, None] + of_sites[1][None, :]


@pytest.mark.parametrize("seed", SEEDS)
def test_no_plan_is_cheaper(make_case: Callable[..., Case], audited: Callable[[Plan], Solution], seed: int) -> None:
    the_cheapest_plan_is_found(make_case(**random_rows(seed)), audited)


@pytest.mark.parametrize("seed", [*range(0, 120, 5), *ONCE_WRONG, *RELAXATION_ONCE_WRONG])
def test_no_plan_is_cheaper_where_relaxations_come_before_the_full_problem(
    make_case: Callable[..., Case], audited: Callable[[Plan], Solution], seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("suanli.model.search.proof.AT_ONCE", 0)
    the_cheapest_plan_is_found(make_case(**random_rows(seed)), audited)


def the_cheapest_plan_is_found(case: Case, audited: Callable[[Plan], Solution]) -> None:
    expected = Cheapest(case).cost()
    plan = solve(case, gap=1e-6, threads=1)
    if math.isinf(expected):
        assert plan.status == "infeasible"
    else:
        assert audited(plan).cost == pytest.approx(expected, rel=1e-9)
        assert plan.status == "optimal", "a bound above the cost would not have been believed"
