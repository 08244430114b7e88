"""docs/formulation.md names everything that the model declares."""

import re
from pathlib import Path
from typing import get_args

import pyomo.environ as pyo
import pytest

from suanli.inputs.loading import load
from suanli.inputs.parts import Metric
from suanli.model.assemble import assemble
from suanli.model.costs import Category
from suanli.model.metrics import UNITS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "formulation.md").read_text("utf-8")
NAMES = set(re.findall(r"`(\w+)`", PAGE))


@pytest.fixture(scope="module")
def declared() -> set[str]:
    model, _ = assemble(load("quickstart").case)
    kinds = (pyo.Var, pyo.Constraint, pyo.Objective)
    return {str(component.local_name) for kind in kinds for component in model.component_objects(kind)}


def test_the_model_declares_what_this_test_takes_it_to(declared: set[str]) -> None:
    assert {"open", "place", "hall_balance", "capacity", "target", "net_present_cost"} <= declared


def test_every_variable_and_constraint_is_on_the_page(declared: set[str]) -> None:
    assert not declared - NAMES, "docs/formulation.md does not name these"


def test_every_metric_and_cost_category_is_on_the_page() -> None:
    assert not {*get_args(Metric), *get_args(Category)} - NAMES


def test_constraints_named_on_the_page_exist(declared: set[str]) -> None:
    listed = {name for line in PAGE.splitlines() if line.startswith("- `") for name in re.findall(r"`(\w+)`", line)}
    assert listed
    assert not listed - declared, "docs/formulation.md names constraints that the model does not have"


def test_units_of_metrics_agree() -> None:
    rows = re.findall(r"^\| (`\w+`.*) \| .+ \| (.+) \|$", PAGE.split("## Metrics")[1].split("\n## ")[0], re.M)
    assert len(rows) >= 13
    for row in rows:
        for metric in re.findall(r"`(\w+)`", row[0]):
            if metric != "pool_capacity":
                assert row[1].removeprefix("standard ") == UNITS[metric], metric


def test_every_module_on_the_page_exists() -> None:
    modules = re.findall(r"`((?:model|reports|inputs)/[\w/.]+)`", PAGE)
    assert len(modules) > 8
    assert not [module for module in modules if not (ROOT / module).exists()]
