"""The verbs prices and stranded on quickstart, whose numbers follow from scenarios/quickstart.yaml."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from click.testing import Result

from suanli.reports.folder import EXTRA_COLUMNS, replaceable

Verb = Callable[..., Result]


@pytest.fixture
def folder(planned: tuple[Path, Result], tmp_path: Path) -> Path:
    """A copy of quickstart's result folder."""
    shutil.copytree(planned[0], tmp_path / "copy")
    return tmp_path / "copy"


def test_prices_of_quickstart(suanli: Verb, folder: Path) -> None:
    """A point of the green share less spares 1% of the energy of 2027 at 50 CNY a MWh, the old centre's premium.

    A result with prices may still be replaced.
    """
    done = suanli("prices", folder, "--targets", "green-2027", "--weaker", 0.05, "--gap", 1e-7)
    assert done.exit_code == 0, done.output
    prices = pd.read_csv(folder / "prices.csv")
    assert tuple(prices.columns) == EXTRA_COLUMNS["prices"]
    green = prices[prices["target"] == "green-2027"].iloc[0]
    power = pd.read_csv(folder / "power.csv")
    mwh = power[power["year"] == 2027]["facility_mwh"].sum()
    assert green["price_held_cny"] == pytest.approx(0.01 * mwh * 50)
    assert green["saving_cny"] == pytest.approx(1.5 * green["price_held_cny"], rel=1e-4), "0.3 to 0.285 are 1.5 points"
    assert green["saving_least_cny"] <= green["saving_cny"] <= green["saving_most_cny"] * (1 + 1e-9)
    assert prices[prices["target"] != "green-2027"]["weaker"].isna().all(), "only one was asked for"
    binding = pd.read_csv(folder / "binding.csv", keep_default_na=False)
    assert tuple(binding.columns) == EXTRA_COLUMNS["binding"]
    halls = binding[(binding["kind"] == "halls") & (binding["place"] == "old_centre")]
    assert halls[["used", "limit", "binds"]].astype(str).to_numpy().tolist() == [["2.0", "2.0", "True"]] * 2
    assert "1 of 1: green-2027 >= 0.285 (0.05 weaker)" in done.output
    replaceable(folder)


def test_the_margin_alone_plans_nothing_again(suanli: Verb, folder: Path) -> None:
    done = suanli("prices", folder, "--margin-only")
    assert done.exit_code == 0, done.output
    assert "Planning again" not in done.output
    assert "At the margin" in done.output
    assert pd.read_csv(folder / "prices.csv")["saving_cny"].isna().all()


def test_a_saving_within_the_gaps_is_said_to_be_unproved(suanli: Verb, folder: Path) -> None:
    """Of two PFLOPS less nothing is saved with whole servers, but a gap of 5% leaves that open."""
    done = suanli("prices", folder, "--targets", "compute-2027", "--weaker", 0.05, "--gap", 0.05)
    assert done.exit_code == 0, done.output
    words = " ".join(done.output.split())
    assert "Not proved: any saving of compute-2027 0.05 weaker." in words
    done = suanli("prices", folder, "--targets", "compute-2027", "--weaker", 0.05, "--gap", 1e-9)
    assert "Not proved" not in done.output, "then it is proved that nothing is saved"
    assert "% point" in done.output


def test_unknown_targets_are_told_with_the_nearest(suanli: Verb, folder: Path) -> None:
    done = suanli("prices", folder, "--targets", "grene-2027", "--targets", "x")
    assert done.exit_code == 2
    words = " ".join(done.output.split())
    assert "no such target" in words
    assert "'grene-2027' (did you mean 'green-2027'?); 'x'" in words
    assert not (folder / "prices.csv").exists()


def test_tables_that_are_no_plan_are_not_priced(suanli: Verb, folder: Path) -> None:
    hardware = pd.read_csv(folder / "hardware.csv")
    hardware.assign(bought=0, kept=0, in_service=0).to_csv(folder / "hardware.csv", index=False)
    done = suanli("prices", folder, "--margin-only")
    assert done.exit_code == 2
    assert "are no plan for its case.json" in " ".join(done.output.split())
    assert not (folder / "binding.csv").exists()


def test_a_result_without_plan_has_neither(suanli: Verb, impossible: Path, tmp_path: Path) -> None:
    suanli("run", impossible, "-o", tmp_path / "none", "--quiet")
    for verb in ("prices", "stranded"):
        done = suanli(verb, tmp_path / "none")
        assert done.exit_code == 2
        assert "holds no plan" in " ".join(done.output.split())


def test_stranded_capacity_of_quickstart(suanli: Verb, folder: Path) -> None:
    """The old centre has 2 halls, 120 standard racks: 62 do work and 2 hold idle servers in 2027.

    156 of its 200 kW are drawn by 64 racks, 2.4375 kW each: the other 44 kW feed 18.05 of the 56 empty racks.
    """
    done = suanli("stranded", folder)
    assert done.exit_code == 0, done.output
    found = pd.read_csv(folder / "stranded.csv")
    assert tuple(found.columns) == EXTRA_COLUMNS["stranded"]
    old = found[(found["site"] == "old_centre") & (found["year"] == 2027)]
    racks = old[old["capacity"] == "racks"].set_index("cause")["amount"].to_dict()
    fed = 44 / (156 / 64)
    assert racks == pytest.approx({"in_use": 62, "idle_servers": 2, "no_demand": fed, "no_power": 56 - fed})
    grid = old[old["capacity"] == "grid_kw"].set_index("cause")["amount"].to_dict()
    assert grid == pytest.approx({"in_use": 156, "no_demand": 44})
    assert "no power" in done.output
    replaceable(folder)
