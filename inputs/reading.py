"""The rows and settings of a scenario, read as the schema says, and every problem with its place."""

from __future__ import annotations

from typing import Any, TypeVar

from .fields import Complaint, read_fields
from .parts import Conversion, Fleet, HallType, Hardware, Part, Site, Target
from .problems import Problem, file_name
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
        self._above_wrong: set[KeyPath] = set()
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
        derived: dict[str, Any] = {"id": row, "counted_pflops": 0.0}
        given = {name: value for name, value in derived.items() if name in model.model_fields}
        result, complaints = read_fields(model, node, given, schema.noted)
        self._complain_all((section, row), complaints)
        return result

    def _settings(self) -> Settings:
        root = self.scenario.draft.root
        given = Branch(root.at, {key: node for key, node in root.items.items() if key in Settings.model_fields})
        settings, complaints = read_fields(Settings, given, {}, ())
        self._complain_all((), complaints)
        if not self.scenario.incomplete:
            for needed in ("base_year", "years"):
                if not getattr(settings, needed) and not self.is_wrong((needed,)):
                    self.complain((needed,), f"no {needed}", "it to be given")
        return settings

    def _complain_all(self, path: KeyPath, complaints: list[Complaint]) -> None:
        for complaint in complaints:
            if complaint.missing:
                self._complain_missing((*path, *complaint.path), complaint)
            else:
                self.complain((*path, *complaint.path), complaint.found, complaint.expected, complaint.near)

    def _complain_missing(self, path: KeyPath, complaint: Complaint) -> None:
        """Note that a field is missing; once for the table, where it has no such column."""
        if self.scenario.incomplete:
            self._mark_wrong(path)
            return
        file = self.place(path)[0].file
        columns = self.scenario.columns.get(file)
        if columns is None or len(path) != 3 or path[2] in columns:
            self.complain(path, complaint.found, complaint.expected)
        else:
            self._mark_wrong(path)
            self.problems.append(Problem(file_name(file), 1, None, f"no column {path[2]}", "it: every row needs it"))

    def complain(self, path: KeyPath, found: str, expected: str, near: str | None = None) -> None:
        """Note a problem with the value at a path, or with its row where there is no such value."""
        self._mark_wrong(path)
        at, key = self.place(path)
        if at not in self.scenario.ragged:
            self.problems.append(Problem(file_name(at.file), at.line, key, found, expected, near))

    def _mark_wrong(self, path: KeyPath) -> None:
        self.wrong.add(path)
        self._above_wrong |= {path[:depth] for depth in range(len(path))}

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
        return path in self._above_wrong or any(path[:depth] in self.wrong for depth in range(1, len(path) + 1))
