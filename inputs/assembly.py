"""Put a Case together from what a scenario says: rows are checked, demand is spread, the network is reckoned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from .case import Case
from .consistency import CasePath, faults
from .demand import district_shares, driver_value, tidy
from .fields import read_fields
from .network import cny_per_gbps, great_circle_km, node_kind, round_trip_ms
from .parts import Conversion, Fleet, HallType, Hardware, Part, Site, Target, Workload
from .planner_checks import row_faults
from .problems import InputProblems, Problem, file_name
from .rows import SECTIONS, District, Driver, Settings, System, WorkloadRow
from .scenario import Scenario
from .tree import Branch, KeyPath, Leaf, Place

Row = TypeVar("Row", bound=Part)


class Rows:
    """The rows and settings of a scenario as the schema understands them, whatever is wrong with them noted.

    A field that is wrong or missing holds a harmless stand-in, so that everything else can be checked; `wrong` has
    the paths of these fields.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.problems: list[Problem] = list(scenario.problems)
        self.wrong: set[KeyPath] = set()
        self.settings = self._settings()
        self.districts = self._rows("districts", District)
        self.sites = self._rows("sites", Site)
        self.hall_types = self._rows("hall_types", HallType)
        self.conversions = self._rows("conversions", Conversion)
        self.hardware = self._rows("hardware", Hardware)
        self.fleet = self._rows("fleet", Fleet)
        self.drivers = self._rows("drivers", Driver)
        self.workloads = self._rows("workloads", WorkloadRow)
        self.systems = self._rows("systems", System)
        self.targets = self._rows("targets", Target)

    def _rows(self, section: str, model: type[Row]) -> dict[str, Row]:
        table = self.scenario.draft.find((section,))
        rows: dict[str, Row] = {}
        if isinstance(table, Branch):
            for row, node in table.items.items():
                if isinstance(node, Branch):
                    rows[row] = self._row(section, row, model, node)
        return rows

    def _row(self, section: str, row: str, model: type[Row], node: Branch) -> Row:
        schema = SECTIONS[section]
        given: dict[str, Any] = {"id": row} if "id" in model.model_fields else {}
        given |= dict.fromkeys(schema.hidden - {"id"}, 0.0)
        complaints: list[Any] = []
        result: Row = read_fields(model, node, given, schema.noted, complaints)
        for path, found, expected, near in complaints:
            self.complain((section, row, *path), found, expected, near)
        return result

    def _settings(self) -> Settings:
        root = self.scenario.draft.root
        given = Branch(root.at, {key: node for key, node in root.items.items() if key in Settings.model_fields})
        complaints: list[Any] = []
        settings: Settings = read_fields(Settings, given, {}, (), complaints)
        for path, found, expected, near in complaints:
            self.complain(path, found, expected, near)
        for needed in ("base_year", "years"):
            if not getattr(settings, needed) and (needed,) not in self.wrong:
                self.complain((needed,), f"no {needed}", "it to be given")
        return settings

    def complain(self, path: KeyPath, found: str, expected: str, near: str | None = None) -> None:
        """Note a problem with the value at a path, or with its row where there is no such value."""
        self.wrong.add(path)
        at, key = self.place(path)
        if at in self.scenario.ragged:
            return
        if found.startswith("no ") and at.file in self.scenario.columns and len(path) == 3:
            column = path[-1]
            if column not in self.scenario.columns[at.file]:
                at, key, found, expected = Place(at.file, 1), None, f"no column {column}", "it: every row needs it"
        self.problems.append(Problem(file_name(at.file), at.line, key, found, expected, near))

    def place(self, path: KeyPath) -> tuple[Place, str | None]:
        """Return where the value at a path stands, and the column or key to show for it."""
        node: Branch | Leaf = self.scenario.draft.root
        depth = 0
        for key in path:
            if isinstance(node, Leaf) or key not in node.items:
                break
            node = node.items[key]
            depth += 1
        at = node.at
        if isinstance(node, Leaf) and isinstance(node.value, tuple) and path[depth:] and path[depth].isdigit():
            number = int(path[depth])
            at = node.value[number].at if number < len(node.value) else at
        written = path[:depth] if isinstance(node, Leaf) or depth == len(path) else path
        if at.file.suffix.lower() == ".csv":
            return at, ".".join(written[2:]) or None
        return at, ".".join(written if depth else path) or None

    def is_wrong(self, path: KeyPath) -> bool:
        """Tell whether something at, above or below a path is known to be wrong already."""
        return any(path[: len(bad)] == bad[: len(path)] for bad in self.wrong)


def assemble(scenario: Scenario) -> Case:
    """Return the Case that a scenario means. Raises InputProblems with everything that is wrong with it."""
    rows = Rows(scenario)
    for path, fault in row_faults(rows):
        if not any(rows.is_wrong(part) for part in (path, *(tuple(map(str, part)) for part in fault.also))):
            rows.complain(path, fault.found, fault.expected, fault.near)
    workloads = [(row, workload) for row in rows.workloads.values() for workload in _workloads(rows, row)]
    case = _case(scenario, rows, tuple(workload for _, workload in workloads))
    origin = {
        "workloads": [row.id for row, _ in workloads],
        **{name: list(getattr(rows, name)) for name in SECTIONS if name != "workloads"},
    }
    for fault in faults(case):
        path = _draft_path(fault.path, origin)
        if not any(rows.is_wrong(part) for part in (path, *(_draft_path(part, origin) for part in fault.also))):
            rows.complain(path, fault.found, fault.expected, fault.near)
            rows.wrong.discard(path)
    if rows.problems:
        raise InputProblems(rows.problems)
    return Case.model_validate(case)


def _draft_path(path: CasePath, origin: Mapping[str, list[str]]) -> KeyPath:
    """Return where in the scenario the field of a Case stands."""
    section, *rest = path
    if section in origin and rest and isinstance(rest[0], int):
        rest = [origin[str(section)][rest[0]], *rest[1:]]
    return (str(section), *map(str, rest))


def _case(scenario: Scenario, rows: Rows, workloads: tuple[Workload, ...]) -> Case:
    settings = rows.settings
    fields = {name: getattr(settings, name) for name in Settings.model_fields if name != "network"}
    fields["base_year"] = settings.base_year or (settings.years[0] - 1 if settings.years else 0)
    return Case.model_construct(
        format=1,
        name=scenario.path.stem,
        **fields,
        sites=tuple(rows.sites.values()),
        hall_types=tuple(rows.hall_types.values()),
        conversions=tuple(rows.conversions.values()),
        hardware=tuple(_counted(hardware, settings) for hardware in rows.hardware.values()),
        fleet=tuple(rows.fleet.values()),
        workloads=workloads,
        targets=tuple(rows.targets.values()),
    )


def _counted(hardware: Hardware, settings: Settings) -> Hardware:
    """Return hardware with the compute that counts by the scenario's convention."""
    precision = settings.compute_convention.get(hardware.hardware_class)
    field = {"int8": "int8_pops"}.get(precision or "", f"{precision}_pflops")
    return hardware.model_copy(update={"counted_pflops": getattr(hardware, field) if precision else 0.0})


def _workloads(rows: Rows, row: WorkloadRow) -> Iterator[Workload]:
    """Yield the workloads of a row: one for every district with a share, or one for the city."""
    usable = not rows.is_wrong(("workloads", row.id)) and not rows.is_wrong(("drivers", row.driver))
    network = rows.settings.network
    if not usable:
        yield _workload(rows, row, "city", 0.0, {})
    elif row.spread == "city":
        centre = (network.city_latitude or 0.0, network.city_longitude or 0.0)
        yield _workload(rows, row, "city", 1.0, _reachable(rows, row, "city", centre))
    else:
        for district, share in district_shares(row, list(rows.districts.values())).items():
            centre = (rows.districts[district].latitude, rows.districts[district].longitude)
            yield _workload(rows, row, district, share, _reachable(rows, row, district, centre))


def _workload(rows: Rows, row: WorkloadRow, district: str, share: float, sites: dict[str, float]) -> Workload:
    driver = rows.drivers.get(row.driver)
    usable = driver is not None and driver.value and share > 0
    amount = {year: driver_value(driver, year) * share if usable and driver else 0.0 for year in rows.settings.years}
    penalty = row.unserved_penalty_cny
    return Workload(
        id=f"{row.id}@{district}",
        system=row.id,
        name=row.name,
        district=district,
        pool=row.pool,
        divisible=row.divisible,
        domestic_only=row.domestic_only,
        backup=row.backup,
        security_level=row.security_level,
        latency_limit_ms=row.latency_limit_ms,
        demand={
            resource: {year: tidy(intensity * units) for year, units in amount.items()}
            for resource, intensity in row.demand.items()
        },
        gbps={year: tidy(row.gbps * units) for year, units in amount.items()} if row.gbps > 0 else {},
        sites=sites,
        unserved_penalty_cny=None if penalty is None else tidy(penalty * share),
    )


def _reachable(rows: Rows, row: WorkloadRow, district: str, centre: tuple[float, float]) -> dict[str, float]:
    """Return the sites that may serve a workload from a district, and what a Gbps to each costs a year."""
    network = rows.settings.network
    found: dict[str, float] = {}
    for site in rows.sites.values():
        km = great_circle_km(*centre, site.latitude, site.longitude)
        kind = node_kind(site, district)
        allowed = (
            site.security_level >= row.security_level
            and (row.kinds is None or site.kind in row.kinds)
            and (row.zones is None or site.zone in row.zones)
            and (row.only_sites is None or site.id in row.only_sites)
        )
        # What is left of binary fractions must not decide whether a limit is kept.
        limit = row.latency_limit_ms
        if allowed and (limit is None or round_trip_ms(network, row.access, kind, km) <= limit + 1e-9):
            found[site.id] = tidy(cny_per_gbps(network, kind, km))
    return found
