"""What comes with suanli: scenarios and folders of tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from .problems import InputProblems
from .tree import Leaf
from .yaml_file import read_yaml

PACKAGE = Path(__file__).resolve().parent.parent
SCENARIOS = PACKAGE / "scenarios"
TABLES = PACKAGE / "inputs"


def shipped_scenarios() -> Mapping[str, Path]:
    """Return the scenarios that come with suanli: name -> file, by name."""
    return {path.stem: path for path in sorted(SCENARIOS.glob("*.yaml"))}


def shipped_tables() -> Mapping[str, Path]:
    """Return the folders of tables that come with suanli: name -> folder, by name."""
    return {path.name: path for path in sorted(TABLES.iterdir()) if path.is_dir() and any(path.glob("*.csv"))}


def about(path: Path) -> str:
    """Return the line that a scenario file says about itself; empty if it says none or cannot be read."""
    try:
        top, _ = read_yaml(path)
    except InputProblems:
        return ""
    line = top.items.get("about")
    return " ".join(str(line.value).split()) if isinstance(line, Leaf) and line.value else ""
