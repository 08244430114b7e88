"""docs/results.md says what a result folder holds."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from suanli.inputs.loading import load
from suanli.model import solve
from suanli.reports.folder import COLUMNS, EXTRA_COLUMNS
from suanli.reports.saving import save_plan

PAGE = (Path(__file__).parents[2] / "docs" / "results.md").read_text("utf-8")
CHAPTERS = {text.split("\n")[0]: text for text in PAGE.split("\n## ")[1:]}


def columns_of(table: str) -> list[str]:
    return re.findall(r"^\| `(\w+)` \|", CHAPTERS[f"{table}.csv"], re.M)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("results") / "quick"
    loaded = load("quickstart")
    save_plan(solve(loaded.case, threads=1), loaded.sources, 0.0, folder)
    return folder


@pytest.mark.parametrize("table", [*COLUMNS, *EXTRA_COLUMNS])
def test_the_columns_are_those_of_the_format(table: str) -> None:
    assert tuple(columns_of(table)) == {**COLUMNS, **EXTRA_COLUMNS}[table]


@pytest.mark.parametrize("table", ["sources", "progress"])
def test_the_columns_of_the_other_tables_are_those_written(table: str, folder: Path) -> None:
    assert columns_of(table) == list(pd.read_csv(folder / f"{table}.csv").columns)


def test_every_file_of_a_result_is_listed(folder: Path) -> None:
    listed = set(re.findall(r"`([\w./]+)`", PAGE.split("\n## ")[0]))
    assert not [path.name for path in folder.iterdir() if path.name not in listed and f"{path.name}/" not in listed]


def test_the_keys_of_the_summary_are_those_written(folder: Path) -> None:
    summary = json.loads((folder / "summary.json").read_text("utf-8"))
    lines = CHAPTERS["summary.json"].splitlines()
    described = [
        name for line in lines if line.startswith("| `") for name in re.findall(r"`(\w+)`", line.split("|")[1])
    ]
    assert described == list(summary)
    for key in ("seconds", "audit"):
        meaning = next(line for line in lines if line.startswith(f"| `{key}` "))
        assert set(summary[key]) <= set(re.findall(r"`(\w+)`", meaning))
