"""Made-up result folders: tables that agree with each other, by simple arithmetic and without a solve."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from suanli.inputs.case import Case
from suanli.inputs.parts import Conversion, Fleet, HallType, Hardware, Name, Site, Target, Workload
from suanli.inputs.resolved import case_text
from suanli.reports import folder as results

SITE_NAMES = ("Caishi 采石", "Zhangqiu 章丘", "Gaoxin 高新", "Laiwu 莱芜", "Changqing 长清")
HALLS = (
    HallType(id="legacy", name=Name(en="Legacy hall"), racks=200, rack_kw=2.5, usable_u=38, pue=1.6,
             capex_cny=2e7, life_years=15),
    HallType(id="air", name=Name(en="Air-cooled hall"), racks=500, rack_kw=5, usable_u=40, pue=1.3,
             capex_cny=9e7, life_years=20),
)  # fmt: skip
RACKS = {"legacy": 200.0, "air": 1000.0}
"""Standard racks of 2.5 kW in one hall."""
UNITS_PER_RACK = {("server", "legacy"): 2, ("server", "air"): 5, ("trainer", "air"): 1}
"""Units in one rack of the hall: a server takes 1 kW and 2 U, a trainer 5 kW and 8 U."""


@dataclass(frozen=True)
class Recipe:
    """How large the made-up plan is, and how it went."""

    sites: int = 3
    remote: int = 0
    years: int = 2
    systems: int = 4
    districts: int = 1
    status: str = "optimal"
    gap: float | None = 0.0032
    audit: Mapping[str, Any] | None = field(default_factory=lambda: {"ok": True, "checks": 1234, "failures": []})
    growth: float = 1.5
    """Trainers bought in a year over those bought in the year before."""
    unserved: float = 0.0
    """Share of the first workload that is left out in the last year."""
    targets: tuple[tuple[str, str, float], ...] = (("compute_pflops", ">=", 100.0), ("rack_utilisation", ">=", 0.05))
    grid_kw: float = 20000.0
    placed: bool = False
    """Sites have a district and a place: in the city a tenth of a degree apart, outside four degrees further north."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Other names: of "title", of sites ("site-1"), of systems ("system-1"), of hardware ("server")."""


def hardware_types(recipe: Recipe, years: tuple[int, ...]) -> tuple[Hardware, ...]:
    common = {"life_years": 6, "available_from": years[0], "available_to": years[-1], "maintenance_rate": 0.05}
    return (
        Hardware(id="server", name=Name(en=recipe.names.get("server", "Server")), pool="general",
                 hardware_class="general", rack_units=2, peak_kw=1.0, average_kw=0.5, price_cny=6e4,
                 counted_pflops=0.01, fp32_pflops=0.01,
                 provides={"vcpu": 128.0}, halls=("legacy", "air"), **common),  # type: ignore[arg-type]
        Hardware(id="trainer", name=Name(en="Training server"), pool="ai", hardware_class="ai", domestic=True,
                 rack_units=8, peak_kw=5.0, average_kw=4.0, price_cny=1.4e6, counted_pflops=2.5, fp16_pflops=2.5,
                 provides={"fp16_pflops": 2.5}, halls=("air",), **common),  # type: ignore[arg-type]
    )  # fmt: skip


def _place(recipe: Recipe, n: int) -> dict[str, Any]:
    if not recipe.placed:
        return {}
    north = 4.0 if n >= recipe.sites - recipe.remote else 0.0
    return {
        "district": f"district-{n % 2}",
        "latitude": 36.6 + 0.1 * (n % 2) + north,
        "longitude": 117 + 0.1 * (n // 2),
    }


def make_case(recipe: Recipe) -> Case:
    """Sites take turns in being in use already; the last `remote` of them stand outside the city."""
    years = tuple(range(2024, 2024 + recipe.years))
    sites = tuple(
        Site(id=f"site-{n + 1}", name=Name(en=recipe.names.get(f"site-{n + 1}", name)), zone=f"zone-{n % 2}",
             kind="remote" if n >= recipe.sites - recipe.remote else "core", in_city=n < recipe.sites - recipe.remote,
             existing=n % 2 == 0, earliest_year=years[0], allowed_halls=("air",), max_halls=30,
             existing_halls={"legacy": 2} if n % 2 == 0 else {}, grid_kw=recipe.grid_kw, grid_step_kw=5000.0,
             grid_step_cost_cny=4e7, grid_max_steps=2, usable_grid=0.9, electricity_cny_per_kwh=0.65,
             carbon_kg_per_kwh=0.6, green_max_share=0.5, **_place(recipe, n))
        for n, name in enumerate((*SITE_NAMES, *(f"Site {n + 1}" for n in range(5, 200)))[: recipe.sites])
    )  # fmt: skip
    workloads = tuple(
        Workload(id=f"system-{n + 1}@{d}", system=f"system-{n + 1}", district=f"district-{d}",
                 pool="ai" if n % 2 else "general",
                 name=Name(en=recipe.names.get(f"system-{n + 1}", f"Digital system {n + 1}")),
                 backup=0.5 if n % 3 == 0 else 0.0,
                 demand={"fp16_pflops" if n % 2 else "vcpu": dict.fromkeys(years, 10.0 * (d + 1))},
                 sites=dict.fromkeys((site.id for site in sites), 2400.0), unserved_penalty_cny=1e8)
        for n in range(recipe.systems) for d in range(recipe.districts)
    )  # fmt: skip
    targets = tuple(
        Target(id=f"target-{n + 1}", metric=metric, sense=sense, value=value, year=years[-1],  # type: ignore[arg-type]
               penalty_cny=1e6, source="Clause 7")
        for n, (metric, sense, value) in enumerate(recipe.targets)
    )  # fmt: skip
    return Case(
        name="made-up", base_year=2023, years=years,
        title=Name(en=recipe.names.get("title", "Made-up plan"), zh=recipe.names.get("title", "虚构")),
        discount_rate=0.05, carbon_price_cny_per_tonne=80.0, compute_convention={"general": "fp32", "ai": "fp16"},
        max_utilisation={"vcpu": 0.65}, sites=sites, hall_types=HALLS, hardware=hardware_types(recipe, years),
        conversions=(Conversion(from_hall="legacy", to_hall="air", cost_cny=4e7),),
        fleet=tuple(Fleet(site=s.id, hall="legacy", hardware="server", count=300, install_year=2020)
                    for s in sites if s.existing),
        workloads=workloads, targets=targets, budget_cny={years[0]: 3e9},
    )  # fmt: skip


class MadeUpPlan:
    """Each year every site builds an air-cooled hall and buys trainers; existing sites keep their 300 servers."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self.case = make_case(recipe)
        self.years, self.last = self.case.years, self.case.years[-1]
        self.tables: dict[str, list[tuple[Any, ...]]] = {name: [] for name in results.COLUMNS}
        self.spent: list[tuple[str, str, int, float]] = []
        for n, site in enumerate(self.case.sites):
            self._plan_site(site, n)
        self._place()
        self._count()

    def _plan_site(self, site: Site, n: int) -> None:
        trainers = 0
        for i, year in enumerate(self.years):
            bought = round((20 + 10 * (n % 4)) * self.recipe.growth**i)
            trainers += bought
            self.tables["sites"].append((site.id, year, 1))
            self.tables["halls"].append((site.id, "air", year, 1, 0, 0, i + 1))
            self.tables["hardware"].append((site.id, "air", "trainer", year, bought, 0, trainers))
            it, peak, facility = trainers * 4 * 8.76, trainers * 5 * 1.3, trainers * 4 * 8.76 * 1.3
            if site.existing:
                self.tables["halls"].append((site.id, "legacy", year, 0, 0, 0, 2))
                self.tables["hardware"].append((site.id, "legacy", "server", year, 0, 300, 300))
                it, peak, facility = it + 1314, peak + 480, facility + 1314 * 1.6
            grid = site.grid_kw + (5000 if i else 0)
            self.tables["power"].append((site.id, year, int(i == 1), grid, peak, it, facility, 0.2 * facility))
            self.spent += [
                ("halls", site.id, year, 9e7),
                ("hardware", site.id, year, bought * 1.4e6),
                ("electricity", site.id, year, facility * 650),
            ]
            if i == 1:
                self.spent.append(("grid_steps", site.id, year, 4e7))
        self.spent.append(("salvage", site.id, self.last, -3e7))

    def _place(self) -> None:
        ids = [site.id for site in self.case.sites]
        for n, workload in enumerate(self.case.workloads):
            for year in self.years:
                missing = self.recipe.unserved if n == 0 and year == self.last else 0.0
                self.tables["placement"].append((workload.id, ids[n % len(ids)], year, "primary", 1.0 - missing))
                if missing:
                    self.tables["placement"].append((workload.id, "", year, "unserved", missing))
                    self.spent.append(("unserved_penalty", "", year, 1e8 * missing))
                if workload.backup:
                    self.tables["placement"].append((workload.id, ids[(n + 1) % len(ids)], year, "standby", 1.0))

    def metrics(self, year: int) -> dict[str, float]:
        """The city's metrics, straight from their definitions."""
        city = {site.id for site in self.case.sites if site.in_city}
        units = [(h, k, c) for s, h, k, y, _, _, c in self.tables["hardware"] if y == year and s in city]
        counted = {"server": 0.01, "trainer": 2.5}
        pflops = sum(c * counted[k] for _, k, c in units)
        racks = sum(c * RACKS[h] for s, h, y, *_, c in self.tables["halls"] if y == year and s in city)
        room = {"legacy": 1.0, "air": 2.0}
        occupied = sum(c / UNITS_PER_RACK[k, h] * room[h] for h, k, c in units)
        it, facility = (
            sum(row[i] for row in self.tables["power"] if row[1] == year and row[0] in city) for i in (5, 6)
        )
        ratio = 1 / pflops if pflops else float("nan")
        return {
            "compute_pflops": pflops,
            "domestic_share": sum(c * 2.5 for _, k, c in units if k == "trainer") * ratio,
            "racks_in_service": racks,
            "racks_occupied": occupied,
            "rack_utilisation": occupied / racks if racks else float("nan"),
            "it_mwh": it,
            "facility_mwh": facility,
            "pue": facility / it if it else float("nan"),
            "green_share": 0.2,
            "carbon_tonnes": 0.8 * facility * 0.6,
        }

    def _count(self) -> None:
        for year in self.years:
            self.tables["metrics"] += [(name, "city", year, v, "") for name, v in self.metrics(year).items()]
        for target in self.case.targets:
            attained = self.metrics(target.year)[target.metric]
            missed = max(0.0, target.value - attained if target.sense == ">=" else attained - target.value)
            row = (target.id, target.metric, target.year, target.sense, target.value, attained, missed <= 1e-9)
            self.tables["targets"].append((*row, missed, missed * 1e6))
            if missed:
                self.spent.append(("target_penalty", "", target.year, missed * 1e6))
        self.tables["costs"] = [(c, s, y, v, v * 1.05 ** (2023 - y)) for c, s, y, v in self.spent if v]

    def write(self, folder: Path) -> Path:
        """Write the result folder."""
        folder.mkdir(parents=True)
        objective = sum(row[4] for row in self.tables["costs"])
        write_case(folder, self.case, self.recipe, objective)
        for name, rows in self.tables.items():
            results.write_table(folder, name, pd.DataFrame(rows, columns=list(results.COLUMNS[name])))
        steps = [(2.0, 1.3, 0.8), (8.0, 1.1, 0.9), (41.0, 1.0, 0.9968)]
        rows = [(seconds, a * objective, b * objective, (a - b) / a, "search") for seconds, a, b in steps]
        _csv(folder, "progress", ("seconds", "best_cny", "bound_cny", "gap", "step"), rows)
        return folder


def write_case(folder: Path, case: Case, recipe: Recipe, objective: float | None) -> None:
    """case.json, sources.csv and summary.json."""
    text = case_text(case)
    results.write_text(folder / "case.json", text)
    sources = [("settings", "discount_rate", "Assumption: 4-6%"), ("hall_types", "air", "Survey of builders")]
    sources += [("sites", site.id, "Survey of sites") for site in case.sites]
    rows = [(*row, "made-up.yaml", n + 1) for n, row in enumerate(sources)]
    _csv(folder, "sources", ("table", "row", "source", "file", "line"), rows)
    bound = objective * (1 - recipe.gap) if objective is not None and recipe.gap is not None else None
    summary = {
        "status": recipe.status, "objective_cny": objective, "bound_cny": bound,
        "gap": recipe.gap if objective is not None else None, "requested_gap": 0.005,
        "seconds": {"read": 0.31, "build": 1.24, "solve": 41.2}, "rows": 12345, "columns": 23456, "nonzeros": 98765,
        "integers": 4321, "coefficient_range": [0.001, 9000.0],
        "case_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "versions": {"suanli": "0.1.0", "highspy": "1.15.1"},
    }  # fmt: skip
    if recipe.audit is not None:
        summary["audit"] = dict(recipe.audit)
    results.write_summary(folder, summary)


def _csv(folder: Path, name: str, columns: Iterable[str], rows: list[tuple[Any, ...]]) -> None:
    frame = pd.DataFrame(rows, columns=list(columns))
    results.write_text(folder / f"{name}.csv", frame.to_csv(index=False, lineterminator="\n"))


MakeResult = Callable[..., Path]


@pytest.fixture
def made_up(tmp_path: Path) -> MakeResult:
    """Make a result folder: `made_up(sites=3, years=4)`; Recipe says what can be asked for."""

    def make(folder: str = "result", **ingredients: Any) -> Path:
        return MadeUpPlan(Recipe(**ingredients)).write(tmp_path / folder)

    return make


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The result folder of four sites of a city and a hub outside it, with a map; to be read, not changed."""
    return MadeUpPlan(Recipe(sites=5, remote=1, placed=True)).write(tmp_path_factory.mktemp("town") / "town")


@pytest.fixture(scope="session")
def made_up_once(tmp_path_factory: pytest.TempPathFactory) -> MakeResult:
    """Make a result folder for several tests, none of which changes it."""

    def make(**ingredients: Any) -> Path:
        return MadeUpPlan(Recipe(**ingredients)).write(tmp_path_factory.mktemp("made-up") / "result")

    return make


@pytest.fixture
def without_plan(tmp_path: Path) -> MakeResult:
    """Make the result folder of a run that ended without a plan."""

    def make(status: str, **ingredients: Any) -> Path:
        recipe = Recipe(status=status, audit=None, **ingredients)
        folder = tmp_path / "no-plan"
        folder.mkdir()
        write_case(folder, make_case(recipe), recipe, None)
        return folder

    return make


@pytest.fixture
def edit() -> Callable[[Path, str, Callable[[pd.DataFrame], pd.DataFrame]], None]:
    """Change a table of a result folder: `edit(folder, "halls", lambda table: table.assign(built=0))`."""

    def change(folder: Path, name: str, how: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
        how(pd.read_csv(folder / f"{name}.csv")).to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")

    return change


@pytest.fixture
def edit_summary() -> Callable[..., None]:
    """Change values of summary.json: `edit_summary(folder, gap=0.0)`."""

    def change(folder: Path, **values: Any) -> None:
        path = folder / "summary.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), **values}))

    return change


@pytest.fixture
def edit_case() -> Callable[[Path, Callable[[dict[str, Any]], object]], None]:
    """Change the case of a result folder: `edit_case(folder, lambda case: case.update(budget_cny={}))`."""

    def change(folder: Path, how: Callable[[dict[str, Any]], object]) -> None:
        path = folder / "case.json"
        case = json.loads(path.read_text("utf-8"))
        how(case)
        path.write_text(json.dumps(case), "utf-8")

    return change
