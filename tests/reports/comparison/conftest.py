"""Plans of quickstart and its variants, solved once, and comparisons of result folders."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from suanli.inputs.case import Case
from suanli.inputs.loading import load
from suanli.model import solve
from suanli.reports.comparison.plans import Comparison, compared, read_results
from suanli.reports.language import Language
from suanli.reports.messages import Messages
from suanli.reports.saving import save_plan

VARIANTS = {
    "town": "",
    "dear-grid": "change: {sites.old_centre.grid_step_cost_cny: 60_000_000}",
    "dear-hardware": 'change: {hardware.*.price_cny: x1.1}\nsources: {hardware.*.price_cny: "assumption: tariffs"}',
    "weaker": "change: {targets.compute-2027.value: 36}",
    "longer": "years: [2026, 2027, 2028]\ndiscount_rate: 0.05",
    "impossible": "budget_cny: {2026: 1000}",
}


@pytest.fixture(scope="session")
def variants(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """The result folders of quickstart ("town") and of its variants, by name."""
    place = tmp_path_factory.mktemp("variants")
    folders = {}
    for name, text in VARIANTS.items():
        file = place / f"{name}.yaml"
        title = name.replace("-", " ").capitalize()
        file.write_text(f'title: {{en: "{title}", zh: "小城{name}"}}\nextends: quickstart\n{text}\n', "utf-8")
        loaded = load(str(file))
        plan = solve(loaded.case, gap=1e-9, threads=1)
        folders[name] = place / "results" / name
        save_plan(plan, loaded.sources, 0.0, folders[name])
    return folders


@pytest.fixture
def comparing(variants: Mapping[str, Path]) -> Callable[..., Comparison]:
    """Compare result folders, or variants by their names: `comparing("town", "dear-grid", language="zh")`."""

    def compare(*folders: str | Path, language: Language = "en") -> Comparison:
        paths = [variants[folder] if isinstance(folder, str) else folder for folder in folders]
        return compared(read_results(paths), Messages(language))

    return compare


@pytest.fixture
def town() -> Case:
    """The case of quickstart."""
    return load("quickstart").case


@pytest.fixture
def rebuilt() -> Callable[..., Case]:
    """A case with some values changed: `rebuilt(case, {"sites.0.grid_kw": 200.0})`, without a look at what it means."""

    def change(case: Case, values: Mapping[str, Any]) -> Case:
        data = json.loads(case.model_dump_json())
        for key, value in values.items():
            *path, last = key.split(".")
            node = data
            for part in path:
                node = node[int(part)] if isinstance(node, list) else node[part]
            if isinstance(node, list):
                node[int(last)] = value
            else:
                node[last] = value
        return Case.model_validate_json(json.dumps(data))

    return change
