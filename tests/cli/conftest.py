"""Running the verbs from the outside, and scenarios that are hard or impossible."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from suanli.cli import main

Verb = Callable[..., Result]
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def suanli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Verb:
    """Runs a verb in this process, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a verb in a process of its own, in an empty folder.

    It heeds Ctrl-C even where the tests run in the background of a script, which makes their processes deaf to it.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)

    def started(*arguments: object) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "suanli", *map(str, arguments)]
        return subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    yield started
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def planned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """The result folder of quickstart, planned once by the command line, and what that printed."""
    folder = tmp_path_factory.mktemp("planned") / "deep" / "town"
    done = CliRunner().invoke(main, ["run", "quickstart", "-o", str(folder), "--gap", "0.0001"])
    return folder, done


@pytest.fixture
def impossible(tmp_path: Path) -> Path:
    """Quickstart without the money for what must be served."""
    file = tmp_path / "impossible.yaml"
    file.write_text("extends: quickstart\nbudget_cny: {2026: 1000}\n", "utf-8")
    return file


@pytest.fixture
def puzzle(tmp_path: Path) -> Callable[[bool], Path]:
    """A market split: 40 servers, each bought or not, whose capacities must hit six sums exactly.

    No solver finds or rules out such a choice in seconds. With `priced` sums may be missed at a price: then some plan
    is easy to find, and its optimum as hard to prove.
    """

    def written(priced: bool) -> Path:
        numbers = random.Random(7)
        resources = [f"r{number}" for number in range(6)]
        kind = {"pool": "p", "hardware_class": "general", "rack_units": 0, "peak_kw": 0, "average_kw": 0}
        kind |= {"price_cny": 1, "life_years": 5, "available_from": 2026, "available_to": 2026}
        provided = [{resource: numbers.randrange(100) for resource in resources} for _ in range(40)]
        servers = {
            f"server{number}": {**kind, "halls": ["hall"], "supply": {2026: 1}, "provides": provides}
            for number, provides in enumerate(provided)
        }
        sums = {resource: sum(provides[resource] for provides in provided) for resource in resources}
        targets = {
            f"{resource}-{word}": {
                "metric": "pool_capacity",
                "sense": sense,
                "value": sums[resource] // 2,
                "year": 2026,
                "scope": {"pool": "p", "resource": resource},
                **({"penalty_cny": 1000} if priced else {}),
            }
            for resource in resources
            for word, sense in (("least", ">="), ("most", "<="))
        }
        hall = {"racks": 1, "rack_kw": 1, "usable_u": 1, "pue": 1, "capex_cny": 0, "life_years": 10}
        site = {"existing": True, "earliest_year": 2026, "existing_halls": {"hall": 1}, "max_halls": 1, "grid_kw": 1}
        scenario = {"base_year": 2025, "years": [2026], "sites": {"site": site}, "hall_types": {"hall": hall}}
        file = tmp_path / "puzzle.yaml"
        # JSON is YAML too.
        file.write_text(json.dumps({**scenario, "hardware": servers, "targets": targets}), "utf-8")
        return file

    return written
