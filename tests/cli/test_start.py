"""The command line starts at once: what only some verbs need is imported when they run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"highspy", "matplotlib", "numpy", "pandas", "pydantic", "pyomo", "rich", "scipy", "seaborn", "typst", "yaml"}
"""Libraries that take a tenth of a second or more, alone or together."""


def imported_by(*arguments: str, folder: Path) -> set[str]:
    """The top-level modules that a process has imported when the verb ends."""
    program = "import sys; from suanli.cli import main; main(standalone_mode=False)"
    tell = "print('\\nimported', *{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", f"{program}; {tell}", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Usage:" in done.stdout or "quickstart" in done.stdout
    return set(done.stdout.splitlines()[-1].split()[1:])


@pytest.mark.parametrize("arguments", [("--help",), ("run", "--help"), ("resolve", "--help")], ids=" ".join)
def test_help_imports_no_heavy_library(arguments: tuple[str, ...], tmp_path: Path) -> None:
    assert imported_by(*arguments, folder=tmp_path) & HEAVY == set()


def test_listing_the_scenarios_needs_no_solver(tmp_path: Path) -> None:
    solving = {"highspy", "matplotlib", "numpy", "pandas", "pyomo", "scipy", "typst"}
    assert imported_by("list", folder=tmp_path) & solving == set()


def test_a_plan_is_searched_before_the_drawing_libraries_are_loaded(tmp_path: Path) -> None:
    program = "import sys, suanli.verbs.running; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert {"highspy", "pyomo", "suanli"} <= set(done.stdout.split())
    assert not {"matplotlib", "seaborn", "typst"} & set(done.stdout.split())
