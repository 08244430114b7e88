"""The building programmes and the sites of two plans: what only one does, more, less, earlier, later."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import pytest

from suanli.reports.comparison.places import site_changes
from suanli.reports.comparison.plans import Comparison
from suanli.reports.comparison.programme import Work, works
from suanli.reports.comparison.sections import metrics, programme, sites, targets
from suanli.reports.document import Table

MakeResult = Callable[..., Path]
Comparing = Callable[..., Comparison]
Edit = Callable[[Path, str, Callable[[pd.DataFrame], pd.DataFrame]], None]


@pytest.mark.parametrize(
    ("before", "after", "how"),
    [
        ({2026: 2.0}, {}, "only_before"),
        ({}, {2026: 2.0}, "only_after"),
        ({2026: 2.0}, {2027: 3.0}, "more"),
        ({2026: 2.0, 2027: 1.0}, {2027: 2.0}, "less"),
        ({2027: 2.0}, {2026: 1.0, 2027: 1.0}, "earlier"),
        ({2026: 2.0}, {2026: 1.0, 2028: 1.0}, "later"),
        ({2027: 2.0}, {2026: 1.0, 2028: 1.0}, "otherwise"),
    ],
)
def test_how_a_work_differs(before: Mapping[int, float], after: Mapping[int, float], how: str) -> None:
    work = Work("site", "built", "air", before, after, 0.0)
    assert not work.same
    assert work.how == how


def told(block: object) -> list[list[str]]:
    assert isinstance(block, Table)
    return [[cell.text.replace("\u00a0", " ").replace("\u200b", "") for cell in row] for row in block.rows]


def test_the_programme_of_the_tutorial(comparing: Comparing) -> None:
    """A dear grid: the new centre is opened instead of a retrofit and a grid step."""
    comparison = comparing("town", "dear-grid")
    (pair,) = comparison.pairs
    works_table, *_ = programme.tables(comparison, pair)
    assert told(works_table) == [
        ["Old centre", "convert into: Liquid-cooled hall", "2026: 1", "–", "only A"],
        ["Old centre", "power connection, MW", "2027: 0.1", "–", "only A"],
        ["New centre", "build: Liquid-cooled hall", "–", "2026: 1", "only B"],
    ]
    every = works(pair.before.view, pair.after.view)
    bought = {(w.site, w.item): (dict(w.before), dict(w.after)) for w in every if w.kind == "bought" and not w.same}
    assert bought["old_centre", "ai_server"] == ({2026: 8, 2027: 12}, {})
    assert bought["new_centre", "ai_server"] == ({}, {2026: 8, 2027: 12})


def test_hardware_is_added_up_over_the_sites(comparing: Comparing) -> None:
    comparison = comparing("town", "weaker")
    (block,) = programme.tables(comparison, comparison.pairs[0], with_purchases=False)
    # 36 PFLOPS need 18 AI servers instead of 20: two at 1.5 m less.
    assert told(block) == [["AI server", "2026: 8; 2027: 12", "2026: 8; 2027: 10", "−2", "−3.00"]]
    assert programme.finding(comparison, comparison.pairs[0]) == "1 of 6 works differs: 1 smaller in B"


def both_halls_in_2025(halls: pd.DataFrame) -> pd.DataFrame:
    """Both air-cooled halls of the first site are built in the second year."""
    here = (halls["site"] == "site-1") & (halls["hall"] == "air")
    return halls.assign(built=halls["built"].where(~here, 2 * (halls["year"] == 2025)))


def test_headings_of_programmes(made_up: MakeResult, comparing: Comparing, edit: Edit) -> None:
    first, second = made_up("first"), made_up("second")
    pair = (comparison := comparing(first, second)).pairs[0]
    assert programme.finding(comparison, pair) == "A and B build and buy the same in the same years"
    # Halls and trainers at three sites, and a grid step at each: nine works. The first hall of site-1 comes later.
    edit(second, "halls", both_halls_in_2025)
    comparison = comparing(first, second)
    assert programme.finding(comparison, comparison.pairs[0]) == "1 of 9 works differs: 1 later in B"
    edit(second, "power", lambda t: t.assign(grid_steps=0))
    comparison = comparing(first, second)
    heading = "4 of 9 works differ: 3 only in A and 1 later in B"
    assert programme.finding(comparison, comparison.pairs[0]) == heading
    for folder in (first, second):
        edit(folder, "halls", lambda t: t.assign(built=0))
        edit(folder, "power", lambda t: t.assign(grid_steps=0))
        edit(folder, "hardware", lambda t: t.assign(bought=0))
    comparison = comparing(first, second)
    assert programme.finding(comparison, comparison.pairs[0]) == "Neither A nor B builds or buys anything"


def test_sites_that_gain_and_lose(comparing: Comparing) -> None:
    comparison = comparing("town", "dear-grid")
    (pair,) = comparison.pairs
    found = {change.site: change for change in site_changes(pair.before.view, pair.after.view, 2027)}
    # A liquid hall has 10 racks of 20 kW: 80 standard racks; an air-cooled one 20 of 5 kW: 40.
    assert (found["new_centre"].change("halls"), found["new_centre"].change("racks")) == (1, 80)
    assert found["old_centre"].change("racks") == -40
    # Twenty AI servers of 2 PFLOPS and the registry's 60 of 0.01.
    assert found["new_centre"].change("pflops") == pytest.approx(40.6)
    assert sites.finding(comparison, pair) == (
        "From A to B, 3 of 3 sites change in 2027: New centre gains most, 40.6 PFLOPS and Old centre loses most, "
        "40.3 PFLOPS"
    )
    rows = {row[0]: row[1:4] for row in told(sites.table_of(comparison, pair))}
    assert rows["New centre"] == ["+1", "+80", "+0.156"]
    assert list(rows) == ["New centre", "South edge node", "Old centre"]


def test_headings_of_sites(made_up: MakeResult, comparing: Comparing) -> None:
    same = comparing(made_up("first"), made_up("second"))
    assert sites.finding(same, same.pairs[0]) == "No site differs between A and B"
    more = comparing(made_up("three"), made_up("four", sites=4))
    # The fourth site: 50 trainers in 2024 and 75 more in 2025, at 2.5 PFLOPS.
    heading = "From A to B, 1 of 4 sites changes in 2025: Laiwu 莱芜 gains most, 312 PFLOPS"
    assert sites.finding(more, more.pairs[0]) == heading
    apart = comparing("longer", made_up("other"))
    assert sites.finding(apart, apart.pairs[0]) == ("The plans have no year in common in which sites could be compared")


def test_key_figures_by_year(comparing: Comparing) -> None:
    comparison = comparing("town", "weaker")
    assert metrics.finding(comparison) == "The city has 36.9 PFLOPS in 2027 with B, 4 less than with A"
    rows = told(metrics.table_of(comparison))
    assert rows[:2] == [
        ["Compute, PFLOPS", "2026", "16.8", "16.8", "–"],
        ["Compute, PFLOPS", "2027", "40.9", "36.9", "−4"],
    ]
    assert ["Capital spending, CNY m", "2026", "16.5", "16.5", "–"] in rows
    assert ["Capital spending, CNY m", "2027", "25.1", "22.1", "−3.0"] in rows
    assert ["Facility energy, GWh", "2026", "0.8", "0.8", "–"] in rows
    assert metrics.finding(comparing("town", "dear-grid")) == "The city has 40.9 PFLOPS in 2027 with A and with B"
    three = comparing("town", "dear-grid", "weaker")
    assert metrics.finding(three) == "The city has from 36.9 PFLOPS, C, to 40.9, A, in 2027"
    longer = told(metrics.table_of(comparing("town", "longer")))
    assert longer[2][:3] == ["Compute, PFLOPS", "2028", "–"]


def test_targets_side_by_side(comparing: Comparing, made_up: MakeResult) -> None:
    comparison = comparing("town", "weaker")
    table = targets.table_of(comparison, targets.lines(comparison))
    assert told(table)[0] == ["Compute", "2027", "40.9 PFLOPS (≥ 40 PFLOPS)", "36.9 PFLOPS (≥ 36 PFLOPS)"]
    assert targets.finding(comparison) == "Both plans meet the same 2 of 3 targets, and miss the others"
    asked = (("compute_pflops", ">=", 500.0), ("pue", "<=", 1.5))
    # Without growth the three sites have 90 trainers in both years: 2 x 225 + 6 PFLOPS.
    met, missed = made_up("met", targets=asked), made_up("missed", targets=asked, growth=1.0)
    assert targets.finding(comparing(met, missed)) == "B misses 1 target that A meets: Compute (2025)"
    assert targets.finding(comparing(missed, met)) == "B meets 1 target that A misses: Compute (2025)"
    assert targets.finding(comparing(met, met)) == "Both plans meet all of their common targets: 2 targets"
    assert targets.finding(comparing(met, missed, met)) == "Targets met: A 2 of 2, B 1 of 2 and C 2 of 2"
    assert targets.section(comparing(made_up("a", targets=()), made_up("b", targets=()))) is None
