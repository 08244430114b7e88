"""The Jinan tables: what they hold, where every number comes from, and that the figures of the policy stand."""

import csv
import re
from pathlib import Path

import pytest

import suanli
from suanli.inputs.case import Case
from suanli.inputs.loading import load

TABLES = Path(suanli.__file__).parent / "inputs" / "jinan"
SECTIONS = (
    "districts",
    "sites",
    "hall_types",
    "conversions",
    "hardware",
    "fleet",
    "drivers",
    "workloads",
    "systems",
    "targets",
)
DOCUMENTS = (
    "济政办字〔2025〕28号",
    "数字济南办发〔2023〕3号",
    "济政办字〔2021〕36号",
    "Jinan smart-city case description (2020)",
)


def table(name: str) -> dict[str, dict[str, str]]:
    with (TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def case() -> Case:
    return load("jinan-2027").case


@pytest.mark.parametrize("section", SECTIONS)
def test_every_row_says_where_its_numbers_come_from(section: str) -> None:
    for row, cells in table(section).items():
        source = cells["source"]
        assert re.match(r"(policy|public|derived|assumption)\b", source), (row, source)
        for found in re.finditer(r"assumption(.{0,16})", source):
            assert re.match(r" \((range |alternatives )", found[1]), (row, source)
        for found in re.finditer(r"policy: (.+)", source):
            named = any(document in found[1] for document in DOCUMENTS)
            assert named, (row, source)


def test_what_no_document_gives_is_not_called_policy() -> None:
    """The documents give no PUE, domestic percentage or AI load: such rows rest on assumptions."""
    targets, drivers = table("targets"), table("drivers")
    for row in ("pue-2025", "pue-2027", "domestic-2027"):
        assert not targets[row]["source"].startswith("policy"), row
        assert "assumption (range" in targets[row]["source"], row
    for row in ("training_load", "llm_dialogues", "connected_vehicles", "flights", "research_load", "tenants_carrier"):
        source = drivers[row]["source"]
        assert source.startswith("assumption (range") or "; assumption (range" in source, row
    assert "misprint" in drivers["base_stations"]["source"]
    assert float(drivers["base_stations"]["value.2027"]) == 65


@pytest.mark.parametrize(
    ("target", "metric", "value", "year"),
    [
        ("racks-2024", "racks_in_service", 110_000, 2024),
        ("utilisation-2024", "rack_utilisation", 0.6, 2024),
        ("gov-cloud-vcpu-2025", "pool_capacity", 69_000, 2025),
        ("gov-cloud-memory-2025", "pool_capacity", 176_000, 2025),
        ("gov-cloud-storage-2025", "pool_capacity", 20_000, 2025),
        ("green-sites-2025", "green_sites", 5, 2025),
        ("edge-districts-2025", "districts_with_edge", 15, 2025),
        ("video-analysis-2025", "pool_capacity", 50_000, 2025),
        ("compute-2027", "compute_pflops", 10_000, 2027),
    ],
)
def test_the_targets_carry_the_figures_of_the_documents(
    case: Case, target: str, metric: str, value: float, year: int
) -> None:
    found = {t.id: t for t in case.targets}[target]
    assert (found.metric, found.sense, found.value, found.year) == (metric, ">=", value, year)
    assert found.penalty_cny is None
    assert found.source.startswith("policy: ")


def test_stored_video_is_channels_times_bits() -> None:
    """4 Mbps for 30 days: 4e6 / 8 x 86,400 x 30 = 1.296 TB a channel; 50,000 channels are 64.8 PB."""
    per_channel = 4e6 / 8 * 86_400 * 30 / 1e12
    assert per_channel == pytest.approx(1.296)
    assert float(table("workloads")["video_backup"]["demand.storage_tb"]) == pytest.approx(per_channel)
    assert float(table("targets")["video-storage-2024"]["value"]) == pytest.approx(50_000 * per_channel)


def test_the_places_of_the_city(case: Case) -> None:
    kinds = [site.kind for site in case.sites]
    assert kinds.count("core") >= 12
    assert kinds.count("remote") == 2
    districts = table("districts")
    assert len(districts) == 15
    edge = [site for site in case.sites if site.kind == "edge"]
    assert {site.district for site in edge} == set(districts)
    assert len(edge) == 15
    assert all(site.in_city == (site.kind != "remote") for site in case.sites)
    assert all(site.name.en and site.name.zh for site in case.sites)


def test_the_supply_facilities_are_sites_and_never_demand(case: Case) -> None:
    systems = table("systems")
    assert len(systems) == 143
    assert not [system for system in systems if system.startswith("fac_")]
    rows = table("workloads")
    assert {row["workload"] for row in systems.values()} <= set(rows)
    spread = [row for row, cells in rows.items() if cells["spread"] != "city" and not cells["districts"]]
    assert 8 <= len(spread) <= 12
    assert 150 <= len(case.workloads) <= 220


def test_the_city_starts_with_100_000_standard_racks_of_which_60_per_cent_are_let(case: Case) -> None:
    """Policy: 100,000 standard racks of 2.5 kW in use and at least 60% utilised at the end of 2023."""
    halls = {hall.id: hall for hall in case.hall_types}
    racks = sum(
        count * halls[hall].racks * halls[hall].rack_kw / 2.5
        for site in case.sites
        for hall, count in site.existing_halls.items()
    )
    assert racks == pytest.approx(100_000, rel=0.01)
    let = sum(fleet.count for fleet in case.fleet if fleet.hardware == "tenant_rack")
    assert let / racks == pytest.approx(0.59, abs=0.01)


def test_tenants_bring_their_servers_and_only_draw_racks_and_power(case: Case) -> None:
    tenant = next(hardware for hardware in case.hardware if hardware.id == "tenant_rack")
    assert tenant.price_cny == tenant.fee_cny_per_year == tenant.counted_pflops == 0
    assert (tenant.peak_kw, dict(tenant.provides)) == (2.5, {"tenant_racks": 1})
    assert len([workload for workload in case.workloads if workload.pool == "tenant"]) == 4


def test_tenants_fill_60_per_cent_of_the_racks_asked_for_in_2024(case: Case) -> None:
    """Without the tenants the public systems, about a tenth of that, would leave the halls empty."""
    demand = sum(
        workload.demand["tenant_racks"][2024] * (1 + workload.backup)
        for workload in case.workloads
        if workload.pool == "tenant"
    )
    assert 0.55 < demand / 110_000 < 0.62


def test_enough_tenants_can_move_in_every_year(case: Case) -> None:
    """Racks that leave at the end of their contract and growth are within the market's supply."""
    tenant = next(hardware for hardware in case.hardware if hardware.id == "tenant_rack")
    bought = 0.0
    for year in case.years:
        demand = sum(
            workload.demand["tenant_racks"][year] * (1 + workload.backup)
            for workload in case.workloads
            if workload.pool == "tenant"
        )
        stays = sum(
            fleet.count
            for fleet in case.fleet
            if fleet.hardware == "tenant_rack" and year < fleet.install_year + tenant.life_years
        )
        needed = demand - stays - bought
        assert needed < tenant.supply[year]
        bought += needed


def test_some_of_the_fleet_reaches_the_end_of_its_life(case: Case) -> None:
    life = {hardware.id: hardware.life_years for hardware in case.hardware}
    ends = {fleet.install_year + life[fleet.hardware] for fleet in case.fleet}
    assert {2024, 2025, 2026, 2027} <= ends
    assert any(end > 2027 for end in ends)


def test_memory_binds_before_vcpu_in_the_government_cloud(case: Case) -> None:
    """The systems ask for more GB per usable vCPU than a server of 128 vCPU and 512 GB has."""
    asked = {
        resource: sum(w.demand.get(resource, {}).get(2025, 0) for w in case.workloads if w.pool == "gov_cloud")
        for resource in ("vcpu", "memory_gb")
    }
    share = case.max_utilisation
    server = 512 * share["memory_gb"] / (128 * share["vcpu"])
    assert asked["memory_gb"] / asked["vcpu"] > server > 176_000 / 69_000


def test_the_market_knows_what_there_is_and_when(case: Case) -> None:
    hardware = {item.id: item for item in case.hardware}
    assert len(hardware) >= 10
    assert {item.pool for item in case.hardware} == {
        "general",
        "gov_cloud",
        "storage",
        "ai",
        "hpc",
        "video",
        "edge",
        "tenant",
    }
    assert hardware["a800_8"].available_to < 2024
    assert hardware["cloudmatrix_384"].available_from == 2025
    assert hardware["cloudmatrix_384"].fp16_pflops == 300
    # 16 racks of 42 U; 559 kW / 16 = 35 kW a rack fits a liquid-cooled rack only.
    assert hardware["cloudmatrix_384"].rack_units == 16 * 42
    assert hardware["cloudmatrix_384"].halls == ("liquid",)


def test_every_hall_but_the_legacy_one_can_be_built_or_converted_into(case: Case) -> None:
    allowed = {hall for site in case.sites for hall in site.allowed_halls}
    assert {hall.id for hall in case.hall_types} - allowed == {"legacy"}
    assert {conversion.from_hall for conversion in case.conversions} >= {"legacy", "air"}
    assert min(hall.rack_kw for hall in case.hall_types) == 2.5


def test_every_backup_can_stand_in_another_fault_zone(case: Case) -> None:
    zone = {site.id: site.zone for site in case.sites}
    for workload in case.workloads:
        if workload.backup:
            assert len({zone[site] for site in workload.sites}) >= 2, workload.id
