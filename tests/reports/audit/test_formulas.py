"""The auditor's own formulas, and the two places where the tables leave room for several plans."""

from collections.abc import Callable, Mapping
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suanli.inputs.case import Case
from suanli.inputs.parts import HallType, Hardware, Scope
from suanli.reports.audit import AuditReport, physics
from suanli.reports.audit.buildings import pairings
from suanli.reports.audit.equipment import check_hardware
from suanli.reports.audit.findings import Findings, amounts
from suanli.reports.audit.lookup import Lookup
from suanli.reports.audit.records import HardwareRow, Records
from suanli.reports.audit.scopes import scope_text
from suanli.reports.audit.state import state_of

Audit = Callable[..., AuditReport]


@pytest.mark.parametrize(
    ("rack_units", "peak_kw", "racks"),
    [
        (2.0, 0.5, 1 / 10),  # min(40/2, 5/0.5) = 10 to a rack
        (2.0, 1.2, 1 / 4),  # 5/1.2 = 4.17
        (20.0, 1.2, 1 / 2),  # by height
        (40.0, 5.0, 1.0),  # exactly one rack
        (41.0, 1.0, 2.0),  # a little more than a rack: two whole ones
        (8.0, 30.0, 6.0),  # a supernode of 30 kW
        (0.0, 5 / 3, 1 / 3),  # 5/(5/3) comes out at 3 or a hair below
        (0.0, 0.0, 0.0),  # takes no room
    ],
)
def test_racks_per_unit(rack_units: float, peak_kw: float, racks: float) -> None:
    hall = HallType(id="h", racks=10.0, rack_kw=5.0, usable_u=40.0, pue=1.3, capex_cny=0.0, life_years=20)
    hardware = Hardware(
        id="k",
        pool="p",
        hardware_class="c",
        rack_units=rack_units,
        peak_kw=peak_kw,
        average_kw=0.0,
        price_cny=0.0,
        life_years=5,
        available_from=2024,
        available_to=2030,
    )
    assert physics.racks_per_unit(hardware, hall) == racks


def test_life_and_salvage() -> None:
    assert [year for year in range(2023, 2030) if physics.in_life(2024, year, 3)] == [2024, 2025, 2026]
    assert physics.salvage_share(2024, 2025, 4) == 0.5
    assert physics.salvage_share(2025, 2025, 1) == 0.0
    assert physics.salvage_share(2020, 2025, 4) == 0.0


@pytest.mark.parametrize(
    ("scope", "text"),
    [
        (Scope(), "city"),
        (Scope(in_city=False), "outside city"),
        (Scope(in_city=None, pools=("ai",), kinds=("core", "edge")), "all; kinds=core+edge; pools=ai"),
        (Scope(districts=("a",), sites=("s", "t"), classes=("ai",)), "city; districts=a; sites=s+t; classes=ai"),
        (Scope(resource="vcpu", pool="general"), "city; pool=general; resource=vcpu"),
    ],
)
def test_scope_text(scope: Scope, text: str) -> None:
    assert scope_text(scope) == text


@pytest.mark.parametrize(
    ("found", "expected", "texts"),
    [
        (5210.0, 5000.0, ("5,210.0", "5,000.0")),
        (0.5, 0.9, ("0.50", "0.90")),
        (1000.0, 1000.00042, ("1,000.00000", "1,000.00042")),
        (2.0, 2.0, ("2.0", "2.0")),
    ],
)
def test_amounts_show_that_they_differ(found: float, expected: float, texts: tuple[str, str]) -> None:
    assert amounts(found, expected) == texts


@settings(deadline=None, max_examples=60)
@given(
    fleet=st.lists(st.tuples(st.integers(0, 3), st.integers(2019, 2024)), max_size=3),
    kept=st.tuples(*[st.integers(0, 6)] * 3),
)
def test_kept_is_accepted_exactly_when_the_fleet_can_be_split_so(
    fleet: list[tuple[int, int]], kept: tuple[int, ...]
) -> None:
    """By brute force: every row of the fleet on its own, with a life of 5 years, over 2024 to 2026."""
    years = (2024, 2025, 2026)
    ways = [
        [
            way
            for way in product(range(count + 1), repeat=3)
            if way[0] >= way[1] >= way[2]
            and all(not units or year < installed + 5 for units, year in zip(way, years, strict=True))
        ]
        for count, installed in fleet
    ]
    possible = any(tuple(map(sum, zip(*split, (0, 0, 0), strict=True))) == kept for split in product(*ways))
    assert kept_is_accepted(fleet, kept, years) == possible


def kept_is_accepted(fleet: list[tuple[int, int]], kept: tuple[int, ...], years: tuple[int, ...]) -> bool:
    case = Case.model_validate(
        {
            "name": "fleet",
            "base_year": 2023,
            "years": years,
            "sites": ({"id": "s", "existing": True, "earliest_year": 2024, "max_halls": 1, "grid_kw": 1.0},),
            "hall_types": (
                {
                    "id": "h",
                    "racks": 1.0,
                    "rack_kw": 1.0,
                    "usable_u": 1.0,
                    "pue": 1.0,
                    "capex_cny": 0.0,
                    "life_years": 9,
                },
            ),
            "hardware": (
                {
                    "id": "k",
                    "pool": "p",
                    "hardware_class": "c",
                    "rack_units": 0.0,
                    "peak_kw": 0.0,
                    "average_kw": 0.0,
                    "price_cny": 0.0,
                    "life_years": 5,
                    "available_from": 2015,
                    "available_to": 2020,
                },
            ),
            "fleet": tuple(
                {"site": "s", "hall": "h", "hardware": "k", "count": count, "install_year": installed}
                for count, installed in fleet
            ),
        }
    )
    rows = {("s", "h", "k", year): HardwareRow(0, units, units) for year, units in zip(years, kept, strict=True)}
    records = Records({}, {}, rows, {}, (), {}, {}, {})
    findings, lookup = Findings(), Lookup(case)
    check_hardware(records, state_of(records, lookup), lookup, findings)
    return not findings.failures


TYPES = ("a", "b", "c", "d")


PAIRS = [(x, y) for x in TYPES for y in TYPES if x != y]


@settings(deadline=None, max_examples=60)
@given(used=st.dictionaries(st.sampled_from(PAIRS), st.integers(0, 2), max_size=4), one_more=st.booleans())
def test_conversions_are_paired_in_every_way_there_is(used: dict[tuple[str, str], int], one_more: bool) -> None:
    """By brute force over all numbers of halls for every listed conversion."""
    listed = sorted(used)
    away = {x: sum(n for pair, n in used.items() if pair[0] == x) for x in TYPES}
    into = {y: sum(n for pair, n in used.items() if pair[1] == y) for y in TYPES}
    into["a"] += one_more
    every = set()
    for numbers in product(range(7), repeat=len(listed)):
        pairs = dict(zip(listed, numbers, strict=True))
        sums_away = {x: sum(n for pair, n in pairs.items() if pair[0] == x) for x in TYPES}
        sums_into = {y: sum(n for pair, n in pairs.items() if pair[1] == y) for y in TYPES}
        if sums_away == away and sums_into == into:
            every.add(frozenset((pair, n) for pair, n in pairs.items() if n))
    assert bool(every) != one_more
    case = Case.model_validate(
        {
            "name": "pairs",
            "base_year": 2023,
            "years": (2024,),
            "sites": (
                {
                    "id": "s",
                    "earliest_year": 2024,
                    "max_halls": 9,
                    "grid_kw": 1.0,
                    "existing_halls": dict.fromkeys(TYPES, 9),
                },
            ),
            "hall_types": (),
            "hardware": (),
            "conversions": tuple({"from_hall": x, "to_hall": y, "cost_cny": 1.0} for x, y in listed),
        }
    )
    found = [frozenset(way.items()) for way in pairings(case.sites[0], away, into, Lookup(case))]
    assert set(found) == every
    assert len(found) == len(every)


def test_any_cost_that_conversions_can_have_had_is_accepted(
    audit_with_case: Audit, case: Mapping[str, Any], tables: Mapping[str, str]
) -> None:
    """Two legacy halls and one old one become two air halls and a liquid one.

    Either old -> air (100,000), legacy -> air (400,000) and legacy -> liquid (900,000): 1,400,000 CNY;
    or old -> liquid (300,000) and twice legacy -> air: 1,100,000 CNY.
    """
    changes = {
        "sites.caishi.existing_halls": {"legacy": 4, "old": 1},
        "sites.caishi.max_halls": 9,
        "hall_types": [
            *case["hall_types"],
            {**case["hall_types"][0], "id": "old"},
        ],
        "conversions": [
            *case["conversions"],
            {"from_hall": "old", "to_hall": "air", "cost_cny": 100000.0},
            {"from_hall": "old", "to_hall": "liquid", "cost_cny": 300000.0},
        ],
    }
    halls = (
        tables["halls"]
        .replace("caishi,legacy,2024,0,0,1,2", "caishi,legacy,2024,0,0,2,2")
        .replace(
            "caishi,air,2024,0,1,0,1", "caishi,air,2024,0,2,0,2\ncaishi,old,2024,0,0,1,0\ncaishi,liquid,2024,0,1,0,1"
        )
    )
    for cost, accepted in ((1400000, True), (1100000, True), (1200000, False)):
        costs = tables["costs"].replace(
            "conversions,caishi,2024,400000.0,320000.0", f"conversions,caishi,2024,{cost},0"
        )
        complaints = [
            complaint
            for complaint in audit_with_case(changes, {"halls": halls, "costs": costs}).failures
            if "conver" in complaint and "discounted" not in complaint
        ]
        assert (complaints == []) == accepted, complaints
    assert complaints == ["Caishi, 2024: conversions in costs.csv 1,200,000.0 CNY, expected 1,100,000.0 CNY"]
