"""Nothing of the policy documents is forgotten: every target and system is used, or it is said why not."""

import csv
from collections import Counter
from pathlib import Path

import pytest

import suanli

Rows = dict[str, dict[str, str]]

CHECKOUT = Path(suanli.__file__).resolve().parent
TABLES = CHECKOUT / "inputs" / "jinan"
ORIGINALS = CHECKOUT.parent / "shared" / "jinan"
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
POLICY_TARGETS = [f"PT{number:03d}" for number in range(1, 303)]
FACILITIES = 12
SYSTEMS = 155


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def coverage() -> Rows:
    return {row["id"]: row for row in rows(TABLES / "coverage.csv")}


@pytest.fixture(scope="module")
def ids() -> dict[str, set[str]]:
    return {section: {row["id"] for row in rows(TABLES / f"{section}.csv")} for section in SECTIONS}


def test_every_policy_target_and_system_is_there_once(coverage: Rows) -> None:
    listed = [row["id"] for row in rows(TABLES / "coverage.csv")]
    assert [row for row, count in Counter(listed).items() if count > 1] == []
    assert listed[: len(POLICY_TARGETS)] == POLICY_TARGETS
    systems = listed[len(POLICY_TARGETS) :]
    assert len(systems) == SYSTEMS
    assert sum(system.startswith("fac_") for system in systems) == FACILITIES
    assert len(coverage) == len(POLICY_TARGETS) + SYSTEMS


@pytest.mark.parametrize(("name", "count"), [("policy_targets", len(POLICY_TARGETS)), ("systems", SYSTEMS)])
def test_the_map_is_that_of_the_lists_it_was_made_from(coverage: Rows, name: str, count: int) -> None:
    path = ORIGINALS / f"{name}.csv"
    if not path.is_file():
        pytest.skip("the lists of policy targets and systems do not lie beside this checkout")
    originals = [row["id"] for row in rows(path)]
    assert len(originals) == count
    assert set(originals) <= set(coverage)


def test_what_it_points_at_exists(coverage: Rows, ids: dict[str, set[str]]) -> None:
    for row in coverage.values():
        if row["table"]:
            for used in row["row"].split(";"):
                assert used in ids[row["table"]], row
        else:
            assert row["row"] == "", row


def test_what_is_not_used_says_why_and_what_is_overridden_too(coverage: Rows) -> None:
    for row in coverage.values():
        assert row["what"], row
        assert row["clause"].startswith(("济政办字", "数字济南办发", "智慧城市案例")), row
        if not row["table"] or row["overridden"]:
            assert len(row["reason"]) > 10, row
        assert row["overridden"] in ("", "true"), row


def test_the_reasons_are_thought_through_one_by_one(coverage: Rows) -> None:
    """No reason stands for more than a handful of rows (the supply facilities share theirs)."""
    reasons = Counter(row["reason"] for row in coverage.values() if row["reason"] and not row["id"].startswith("fac_"))
    assert reasons.most_common(1)[0][1] <= 3


def test_the_known_misprints_are_overridden(coverage: Rows) -> None:
    overridden = {row["id"] for row in coverage.values() if row["overridden"]}
    assert {"PT007", "PT089", "PT173", "PT210"} <= overridden
    assert "65,000" in coverage["PT007"]["reason"]


def test_every_system_is_demand_and_every_facility_a_site(coverage: Rows, ids: dict[str, set[str]]) -> None:
    for row in coverage.values():
        if row["id"].startswith("fac_"):
            assert row["table"] == "sites", row
        elif not row["id"].startswith("PT"):
            assert (row["table"], row["row"]) == ("systems", row["id"])
    assert {row["row"] for row in coverage.values() if row["table"] == "systems"} == ids["systems"]


def test_the_targets_of_the_case_come_from_the_map_or_are_assumptions(coverage: Rows, ids: dict[str, set[str]]) -> None:
    mapped = {used for row in coverage.values() if row["table"] == "targets" for used in row["row"].split(";")}
    for target in rows(TABLES / "targets.csv"):
        if target["source"].startswith("policy"):
            assert target["id"] in mapped, target["id"]
