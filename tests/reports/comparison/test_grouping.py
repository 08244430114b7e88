"""Changes of the same kind are told once, in the words of the case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from suanli.inputs.case import Case
from suanli.reports.comparison.differences import Change, Missing
from suanli.reports.comparison.grouping import MOST_GROUPS, Group, grouped
from suanli.reports.comparison.manners import how
from suanli.reports.comparison.naming import what, where
from suanli.reports.comparison.origins import sources_of
from suanli.reports.comparison.plans import Comparison
from suanli.reports.comparison.sections import inputs
from suanli.reports.messages import Messages

Comparing = Callable[..., Comparison]


def prices(*pairs: tuple[float, float]) -> list[Change]:
    return [Change("hardware", (f"type-{n}",), "price_cny", (), None, *pair) for n, pair in enumerate(pairs)]


def demands(name: str, *by_year: tuple[float, float]) -> list[Change]:
    years = range(2026, 2026 + len(by_year))
    pairs = zip(years, by_year, strict=True)
    return [Change("workloads", (name,), "demand", ("vcpu",), year, *pair) for year, pair in pairs]


def told(groups: tuple[Group, ...]) -> list[tuple[int, str]]:
    """How many rows, and how they change."""
    t = Messages("en")
    return [(len(group.rows), how(t, group)) for group in groups]


def test_prices_times_one_factor_are_one_change() -> None:
    # Two of them have the same price, which is no reason to tell them apart.
    found = grouped(prices((100.0, 110.0), (200.0, 220.0), (200.0, 220.0), (70.0, 77.0)))
    assert told(found) == [(4, "×1.1")]


def test_what_does_not_fit_is_told_apart() -> None:
    found = grouped(prices((100.0, 110.0), (200.0, 220.0), (70.0, 63.0)))
    assert told(found) == [(2, "×1.1"), (1, "70 → 63 (×0.9)")]


def test_one_value_alone_is_told_with_both_ends() -> None:
    assert told(grouped(prices((60_000.0, 50_000.0)))) == [(1, "60,000 → 50,000 (×0.833)")]
    assert told(grouped(prices((0.0, 5.5)))) == [(1, "0 → 5.5")]
    given = Change("sites", ("a",), "egress_gbps", (), None, None, 40.0)
    assert told(grouped([given])) == [(1, "none → 40")]
    new = Change("settings", (), "budget_cny", (), 2026, Missing.VALUE, 1000.0)
    assert told(grouped([new])) == [(1, "new: 1,000")]
    listed = Change("sites", ("a",), "allowed_halls", (), None, ("air", "old"), ("air", "liquid"))
    assert told(grouped([listed])) == [(1, "with liquid, without old")]


def test_the_same_amount_more() -> None:
    found = grouped([Change("sites", (name,), "max_halls", (), None, n, n + 2) for name, n in (("a", 4), ("b", 7))])
    assert told(found) == [(2, "+2")]


def test_various_values_to_one() -> None:
    steps = [Change("sites", (str(k),), "grid_max_steps", (), None, n, 0) for k, n in enumerate((2, 2, 6, 3))]
    assert told(grouped(steps)) == [(4, "→ 0 (from 2 to 6 before)")]
    zones = [Change("sites", (name,), "zone", (), None, name, "east") for name in ("west", "south")]
    assert told(grouped(zones)) == [(2, "→ east")]


def test_sites_that_workloads_may_use_now() -> None:
    costs = {"a": 5000.0, "b": 24_000.0, "c": 9000.0}
    new = [Change("workloads", (w,), "sites", (w,), None, Missing.VALUE, cny) for w, cny in costs.items()]
    (group,) = grouped(new)
    assert told((group,)) == [(3, "new: 5,000 to 24,000")]
    old = [Change("workloads", (w,), "sites", (w,), None, cny, Missing.VALUE) for w, cny in costs.items()]
    assert told(grouped(old)) == [(3, "no longer: 5,000 to 24,000")]


def test_years_are_moved_and_not_multiplied() -> None:
    assert told(grouped([Change("targets", ("t",), "year", (), None, 2027, 2026)])) == [(1, "2027 → 2026")]
    sites = [Change("sites", (str(n),), "earliest_year", (), None, 2024 + n, 2025 + n) for n in range(3)]
    assert told(grouped(sites)) == [(3, "+1")]


def test_factors_that_differ_by_year() -> None:
    changes = [*demands("a", (10.0, 11.0), (20.0, 24.0)), *demands("b", (50.0, 55.0), (70.0, 84.0))]
    assert told(grouped(changes)) == [(2, "2026:\u00a0×1.1; 2027:\u00a0×1.2")]


def test_years_of_one_value_without_a_factor() -> None:
    assert told(grouped(demands("a", (0.0, 5.0), (0.0, 7.0)))) == [(1, "2026:\u00a00 → 5; 2027:\u00a00 → 7")]


def test_many_values_that_each_change_in_their_own_way_are_one_change() -> None:
    own = prices(*((100.0, 101.0 + n) for n in range(MOST_GROUPS + 1)))
    n = MOST_GROUPS + 1
    assert told(grouped(own)) == [(n, f"{n} values, between ×1.01 and ×1.13")]
    # Those that change alike are told before them.
    alike = [Change("hardware", (f"other-{n}",), "price_cny", (), None, 10.0 + n, 30.0 + 3 * n) for n in range(3)]
    assert told(grouped([*own, *alike])) == [(3, "×3"), (n, f"{n} values, between ×1.01 and ×1.13")]


def test_fields_and_tables_come_in_the_order_of_the_case() -> None:
    changes = [
        Change("targets", ("t",), "value", (), None, 1.0, 2.0),
        Change("settings", (), "discount_rate", (), None, 0.0, 0.05),
        Change("sites", ("s",), "grid_kw", (), None, 1.0, 2.0),
    ]
    assert [group.section for group in grouped(changes)] == ["settings", "sites", "targets"]


def test_a_change_in_the_words_of_the_case(comparing: Comparing) -> None:
    comparison = comparing("town", "dear-hardware")
    (pair,) = comparison.pairs
    (group,) = pair.groups
    words = what(comparison.t, group), where(comparison.t, pair, group), how(comparison.t, group)
    assert words == ("Hardware: price of a unit, CNY", "all 3 hardware types", "×1.1")
    assert sources_of(pair, group) == ("x1.1: assumption: tariffs (dear-hardware.yaml:3)",)
    # The other way round the reason is the same.
    (back,) = comparing("dear-hardware", "town").pairs
    assert sources_of(back, back.groups[0]) == ("x1.1: assumption: tariffs (dear-hardware.yaml:3)",)


def test_a_change_in_chinese(comparing: Comparing) -> None:
    comparison = comparing("town", "dear-grid", language="zh")
    (pair,) = comparison.pairs
    (group,) = pair.groups
    words = what(comparison.t, group), where(comparison.t, pair, group), how(comparison.t, group)
    assert words == ("站点：每级增容费用（元）", "老机房", "3,000,000 → 60,000,000（×20）")


def test_headings_count_the_changes(comparing: Comparing) -> None:
    headings = {name: inputs.section(comparing("town", name)).title for name in ("dear-grid", "longer", "town")}
    assert headings == {
        "dear-grid": "One change of the inputs separates B from A: Sites: cost of a grid step, CNY",
        "longer": "2 changes of the inputs, in settings, lead from A to B",
        "town": "The inputs of A and B are the same",
    }
    many = inputs.section(comparing("town", "dear-grid", "longer")).title
    assert many == "Changes of the inputs against A: B 1 change and C 2 changes"


@pytest.mark.parametrize("scope", [{}, {"pools": ["ai"]}])
def test_parts_of_a_scope_have_names(town: Case, rebuilt: Callable[..., Case], scope: Mapping[str, object]) -> None:
    from suanli.reports.comparison.differences import differences

    found = grouped(differences(town, rebuilt(town, {"targets.0.scope": {"in_city": None, **scope}})).changes)
    names = [what(Messages("en"), group) for group in found]
    assert names == ["Targets: what counts (in the city)"] + ["Targets: what counts (pools)"] * bool(scope)


def test_without_sources_none_are_told(comparing: Comparing, variants: Mapping[str, Path], tmp_path: Path) -> None:
    import shutil

    folder = Path(shutil.copytree(variants["dear-hardware"], tmp_path / "copy"))
    (folder / "sources.csv").unlink()
    comparison = comparing("town", folder)
    assert sources_of(comparison.pairs[0], comparison.pairs[0].groups[0]) == ()
