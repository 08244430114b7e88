"""Differences of cases: which values, in which rows and years, and which only follow from others."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from suanli.inputs.case import Case
from suanli.reports.comparison.differences import (
    SECTIONS,
    SETTINGS,
    Change,
    Missing,
    RowChange,
    compared_fields,
    differences,
)
from suanli.reports.messages import Messages

Rebuilt = Callable[..., Case]


def test_a_case_does_not_differ_from_itself(town: Case) -> None:
    assert not differences(town, town)


def test_a_value_of_a_row(town: Case, rebuilt: Rebuilt) -> None:
    found = differences(town, rebuilt(town, {"sites.0.grid_kw": 150.0}))
    assert found.changes == (Change("sites", ("old_centre",), "grid_kw", (), None, 100.0, 150.0),)
    assert found.rows == ()


def test_values_by_year_and_resource(town: Case, rebuilt: Rebuilt) -> None:
    place = next(n for n, w in enumerate(town.workloads) if w.id == "training@city")
    found = differences(town, rebuilt(town, {f"workloads.{place}.demand.fp16_pflops.2027": 54.0}))
    assert found.changes == (Change("workloads", ("training@city",), "demand", ("fp16_pflops",), 2027, 36.0, 54.0),)


def test_what_only_one_case_gives_is_missing_in_the_other(town: Case, rebuilt: Rebuilt) -> None:
    found = differences(town, rebuilt(town, {"budget_cny": {"2026": 1e6}, "max_utilisation": {}}))
    assert found.changes == (
        Change(SETTINGS, (), "max_utilisation", ("vcpu",), None, 0.8, Missing.VALUE),
        Change(SETTINGS, (), "budget_cny", (), 2026, Missing.VALUE, 1e6),
    )


def test_names_titles_and_places_are_no_differences(town: Case, rebuilt: Rebuilt) -> None:
    told = {"sites.0.name.en": "Another", "title.en": "Another", "sites.0.latitude": 1.0, "targets.0.source": "me"}
    assert not differences(town, rebuilt(town, {"name": "another", **told}))


def test_a_site_that_only_one_case_has_is_told_once(town: Case) -> None:
    # Each of the workloads that may use the new centre would differ as well.
    users = sum("new_centre" in workload.sites for workload in town.workloads)
    without = town.model_copy(
        update={
            "sites": tuple(site for site in town.sites if site.id != "new_centre"),
            "workloads": tuple(
                w.model_copy(update={"sites": {s: c for s, c in w.sites.items() if s != "new_centre"}})
                for w in town.workloads
            ),
        }
    )
    found = differences(without, town)
    assert (found.rows, found.changes) == ((RowChange("sites", ("new_centre",), True),), ())
    assert found.following == users == 3
    assert differences(town, without).rows == (RowChange("sites", ("new_centre",), False),)


def test_existing_hardware_of_one_kind_is_added_up(town: Case) -> None:
    (lot,) = town.fleet
    halves = tuple(lot.model_copy(update={"count": n}) for n in (20, 40))
    assert not differences(town, town.model_copy(update={"fleet": halves}))
    found = differences(town, town.model_copy(update={"fleet": (lot, *halves)}))
    row = ("old_centre", "air", "server", "2022")
    assert found.changes == (Change("fleet", row, "count", (), None, 60, 120),)


def test_only_years_that_both_plan_are_compared(town: Case, rebuilt: Rebuilt) -> None:
    later = rebuilt(town, {"years": [2027, 2028], "hardware.0.supply": {"2026": 1.0, "2027": 2.0, "2028": 3.0}})
    found = differences(town, later)
    assert found.changes == (
        Change(SETTINGS, (), "years", (), None, ("2026", "2027"), ("2027", "2028")),
        Change("hardware", ("server",), "supply", (), 2027, Missing.VALUE, 2.0),
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_field_has_a_name_in_the_report(language: str) -> None:
    known = Messages("zh" if language == "zh" else "en").keys()
    for section in (SETTINGS, *SECTIONS):
        fields = compared_fields(section)
        assert fields
        assert [name for name in fields if f"comparison.field.{section}.{name}" not in known] == []
