"""The scenarios of the Jinan case: each is short, says what it is about and changes what it says."""

from collections.abc import Iterable
from functools import cache

import pytest

from suanli.inputs.case import Case
from suanli.inputs.loading import load as read
from suanli.inputs.parts import Hardware, Target
from suanli.inputs.shipped import shipped_scenarios
from suanli.model import solve

load = cache(read)  # each scenario is read once for all tests
VARIANTS = (
    "jinan-2026",
    "jinan-2027-fp32",
    "jinan-2027-green",
    "jinan-2027-no-hubs",
    "jinan-2027-soft",
    "jinan-infeasible",
    "jinan-outlook-2030",
)


@pytest.fixture(scope="module")
def reference() -> Case:
    return load("jinan-2027").case


def targets(case: Case) -> dict[str, Target]:
    return {target.id: target for target in case.targets}


def part(parts: Iterable[Hardware], wanted: str) -> Hardware:
    return next(item for item in parts if item.id == wanted)


def test_these_are_all() -> None:
    assert {name for name in shipped_scenarios() if name.startswith("jinan")} == {*VARIANTS, "jinan-2027"}


@pytest.mark.parametrize("name", [*VARIANTS, "jinan-2027"])
def test_it_is_titled_in_both_languages_and_short_enough_to_read_aloud(name: str) -> None:
    text = shipped_scenarios()[name].read_text("utf-8")
    assert len(text.splitlines()) <= 60
    about = next(line for line in text.splitlines() if line.startswith("about: "))
    assert 20 < len(about) < 130
    title = load(name).case.title
    assert "Jinan" in title.en
    assert "济南" in title.zh


@pytest.mark.parametrize("name", [*VARIANTS, "jinan-2027"])
def test_every_setting_and_change_has_a_source(name: str) -> None:
    for source in load(name).sources:
        if source.table == "change" and not source.row.endswith(".source"):
            assert any(f": {basis}" in source.source for basis in ("policy", "public", "assumption")), source
        else:
            assert source.source, source


def test_the_reference_case_starts_at_the_end_of_2023(reference: Case) -> None:
    assert (reference.base_year, reference.years) == (2023, (2024, 2025, 2026, 2027))
    assert reference.compute_convention == {"general": "fp32", "ai": "fp16", "hpc": "fp64"}
    assert all(target.penalty_cny is None for target in reference.targets)


def test_in_fp32_a_card_counts_about_a_quarter(reference: Case) -> None:
    case = load("jinan-2027-fp32").case
    assert part(reference.hardware, "ascend_8").counted_pflops == 2.5
    assert part(case.hardware, "ascend_8").counted_pflops == 0.6
    assert targets(case)["compute-2027"].value == 10_000
    assert "ai-compute-2025" not in targets(case)


def test_in_fp32_the_market_supplies_enough(reference: Case) -> None:
    """10,000 P in FP32 lie within what the market supplies to the city by 2027, but take most of it."""
    supplied = 0.0
    for hardware in load("jinan-2027-fp32").case.hardware:
        if hardware.hardware_class == "ai" and hardware.sites and not hardware.sites[0].startswith("hub_"):
            supplied += hardware.counted_pflops * sum(hardware.supply.get(year, 0) for year in range(2024, 2028))
    assert 10_000 < supplied < 13_000


def test_soft_targets_have_a_price(reference: Case) -> None:
    priced = {name: target.penalty_cny for name, target in targets(load("jinan-2027-soft").case).items()}
    assert priced["compute-2027"] == 100_000
    assert priced["pue-2027"] is None
    assert sum(price is not None for price in priced.values()) == 7


def test_without_hubs_nothing_can_stand_there() -> None:
    case = load("jinan-2027-no-hubs").case
    assert [site.max_halls for site in case.sites if site.kind == "remote"] == [0, 0]
    recovery = next(workload for workload in case.workloads if workload.system == "offsite_dr")
    assert "industry_dc" in recovery.sites


def test_green_asks_for_power_and_efficiency(reference: Case) -> None:
    case = load("jinan-2027-green").case
    assert (targets(case)["green-power-2027"].metric, targets(case)["green-power-2027"].value) == ("green_share", 0.8)
    assert targets(case)["pue-2027"].value == 1.25 < targets(reference)["pue-2027"].value
    most = sum(site.green_max_share for site in case.sites if site.kind == "core")
    assert most / sum(site.kind == "core" for site in case.sites) > 0.8


def test_a_year_earlier(reference: Case) -> None:
    assert targets(load("jinan-2026").case)["compute-2027"].year == 2026
    assert targets(reference)["compute-2027"].year == 2027


def test_the_outlook_grows_on(reference: Case) -> None:
    case = load("jinan-outlook-2030").case
    assert case.years[-1] == 2030
    assert targets(case)["compute-2030"].source.startswith("assumption (range")
    by_id = {workload.id: workload for workload in case.workloads}
    for workload in reference.workloads:
        for resource, demand in workload.demand.items():
            later = by_id[workload.id].demand[resource]
            assert later[2027] == demand[2027]
            assert later[2030] >= demand[2027]
    on_sale = dict.fromkeys({hardware.pool for hardware in case.hardware}, 0)
    for hardware in case.hardware:
        on_sale[hardware.pool] += hardware.available_to >= 2030
    assert all(on_sale.values())


def test_a_grid_freeze_leaves_no_plan() -> None:
    """No site may add a step: the 10,000 P, the tenants' growth and the edge nodes find no power."""
    case = load("jinan-infeasible").case
    assert all(site.grid_max_steps == 0 for site in case.sites)
    plan = solve(case, time_limit=30, threads=1)
    assert (plan.status, plan.objective_cny) == ("infeasible", None)
