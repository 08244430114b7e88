"""A tiny scenario, and what goes wrong when it is changed."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from suanli.inputs.loading import Loaded, load
from suanli.inputs.problems import InputProblems

TINY = """\
title: {en: Tiny, zh: 小}
base_year: 2025
years: [2026, 2027]
network: {access_ms: {fibre: 1}, city_latitude: 36, city_longitude: 117}
districts:
  north: {latitude: 36, longitude: 117, population: 30, weights: {cameras: 1}}
  south: {latitude: 35, longitude: 117, population: 10, weights: {cameras: 1}}
sites:
  core:
    kind: core
    district: north
    zone: east
    latitude: 36
    longitude: 117
    existing: true
    earliest_year: 2026
    allowed_halls: [air]
    existing_halls: {air: 2}
    max_halls: 4
    grid_kw: 1000
  node: {kind: edge, district: south, zone: w, latitude: 35, longitude: 117, earliest_year: 2026, max_halls: 1,
    grid_kw: 9}
hall_types:
  air: {racks: 10, rack_kw: 5, usable_u: 40, pue: 1.5, capex_cny: 1e6, life_years: 20}
hardware:
  server:
    pool: general
    hardware_class: general
    rack_units: 2
    peak_kw: 0.5
    average_kw: 0.4
    price_cny: 50000
    life_years: 5
    fp32_pflops: 0.01
    provides: {vcpu: 100}
    halls: [air]
    available_from: 2024
    available_to: 2030
fleet:
  old: {site: core, hall: air, hardware: server, count: 5, install_year: 2023}
drivers:
  people: {value: {2025: 100}}
workloads:
  office: {pool: general, driver: people, demand: {vcpu: 2}}
targets:
  compute: {metric: compute_pflops, sense: ">=", value: 0.1, year: 2027}
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder that holds tiny.yaml, so that problems name files shortly."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiny.yaml").write_text(TINY, encoding="utf-8")
    return tmp_path


@pytest.fixture
def write(here: Path) -> Callable[[str, str | bytes], Path]:
    """Write a file below the current folder; text is dedented."""

    def write_file(name: str, content: str | bytes) -> Path:
        path = here / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else textwrap.dedent(content).encode())
        return path

    return write_file


@pytest.fixture
def problems() -> Callable[[str], list[str]]:
    """Load a scenario that is wrong and return its problems as text."""

    def problems_of(name: str) -> list[str]:
        with pytest.raises(InputProblems) as caught:
            load(name)
        assert str(caught.value).splitlines() == [str(problem) for problem in caught.value.problems]
        return [str(problem) for problem in caught.value.problems]

    return problems_of


@pytest.fixture
def child(write: Callable[[str, str], Path]) -> Callable[[str], str]:
    """Write child.yaml, which extends the tiny scenario, and return its name; its text starts in line 2."""

    def write_child(text: str) -> str:
        write("child.yaml", "extends: tiny.yaml\n" + textwrap.dedent(text))
        return "child.yaml"

    return write_child


@pytest.fixture
def loaded(child: Callable[[str], str]) -> Callable[[str], Loaded]:
    """Load the tiny scenario with the sections and orders of a child."""
    return lambda text: load(child(text))


@pytest.fixture
def wrong(child: Callable[[str], str], problems: Callable[[str], list[str]]) -> Callable[[str], list[str]]:
    """Return what is wrong with a child of the tiny scenario."""
    return lambda text: problems(child(text))
