"""Load a scenario: by the name of a shipped one, from a YAML file, or as a resolved case in JSON."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from .assembly import assemble
from .case import Case
from .clauses import Clause, with_carriers
from .problems import InputProblems, Problem, file_name, listed, nearest, shown
from .resolved import read_case
from .scenario import YAML_SUFFIXES, Scenario
from .shipped import shipped_scenarios
from .sources import Source, sources_of
from .text_file import is_file, is_folder

__all__ = ["InputProblems", "Loaded", "Problem", "Source", "find", "load"]


@dataclass(frozen=True)
class Loaded:
    """A case, where its rows and settings come from, the file it was read from, and the clauses that it answers.

    Sources and clauses are empty for a resolved case.
    """

    case: Case
    sources: tuple[Source, ...]
    path: Path
    clauses: tuple[Clause, ...] = ()


def load(name_or_path: str) -> Loaded:
    """Load a case from the name of a shipped scenario, a YAML file or a resolved `.json` case.

    Raises InputProblems with every problem at once.
    """
    path = find(name_or_path)
    if is_resolved(path):
        return Loaded(read_case(path), (), path)
    scenario = Scenario(path)
    try:
        case = assemble(scenario)
    except ValidationError as error:  # each value was right by itself, but a product of them is not
        raise InputProblems([_beyond(path, each) for each in error.errors(include_url=False)]) from error
    return Loaded(case, sources_of(scenario), path, with_carriers(scenario.clauses.values(), scenario.draft))


def _beyond(path: Path, error: ErrorDetails) -> Problem:
    where = ".".join(map(str, error["loc"]))
    return Problem(file_name(path), None, None, f"{where} of {error['input']}", "numbers that stay below 1e18", None)


def is_resolved(path: Path) -> bool:
    """Tell whether a path is that of a resolved case."""
    return path.suffix.lower() == ".json"


def find(name_or_path: str) -> Path:
    """Return the file of a scenario. Raises InputProblems if there is none of that name."""
    shipped = shipped_scenarios()
    if name_or_path in shipped:
        return shipped[name_or_path]
    path = Path(name_or_path)
    is_path = name_or_path.lower().endswith((*YAML_SUFFIXES, ".json")) or len(path.parts) > 1
    if is_path or (name_or_path and (is_file(path) or is_folder(path))):
        return path
    expected = f"a scenario file (.yaml, .json) or one of the shipped scenarios ({listed(shipped)})"
    near = nearest(name_or_path, shipped)
    raise InputProblems([Problem("suanli", None, None, shown(name_or_path), expected, near)])
