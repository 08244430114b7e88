"""What the gaps leave open: never more is claimed than is proved."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from suanli.reports.comparison.caveats import caveats, proved, warnings
from suanli.reports.comparison.plans import Comparison
from suanli.reports.comparison.proof import Proof, proof
from suanli.reports.folder import read_result

MakeResult = Callable[..., Path]
Comparing = Callable[..., Comparison]
EditSummary = Callable[..., None]


@pytest.fixture
def pair(made_up: MakeResult, edit_summary: EditSummary) -> Callable[..., tuple[Path, Path]]:
    """Two results, the second of another case; costs and bounds in CNY m."""

    def make(first: tuple[float, float | None], second: tuple[float, float | None]) -> tuple[Path, Path]:
        folders = made_up("first"), made_up("second", grid_kw=21000.0)
        for folder, (cost, bound) in zip(folders, (first, second), strict=True):
            edit_summary(folder, objective_cny=cost * 1e6, bound_cny=None if bound is None else bound * 1e6)
        return folders

    return make


def found(folders: tuple[Path, Path]) -> Proof:
    out = proof(*map(read_result, folders))
    assert out is not None
    return out


@pytest.mark.parametrize(
    ("first", "second", "least", "most", "verdict"),
    [
        ((100, 95), (110, 105), 5, 15, "dearer"),  # at least 105 - 100, at most 110 - 95
        ((100, 95), (102, 99), -1, 7, "open"),
        ((100, 95), (90, 80), -20, -5, "cheaper"),
        ((100, 95), (96, 90), -10, 1, "open"),
        ((100, 100), (100, 100), 0, 0, "equal"),
        ((100, 99), (100, 99), -1, 1, "open"),
        ((100, None), (110, 105), 5, None, "dearer"),
        ((100, None), (90, 80), -20, None, "open"),
        ((100, 95), (90, None), None, -5, "cheaper"),
        ((100, None), (90, None), None, None, "open"),
    ],
)
def test_the_difference_of_the_least_costs_is_bounded(
    pair: Callable[..., tuple[Path, Path]],
    first: tuple[float, float | None],
    second: tuple[float, float | None],
    least: float | None,
    most: float | None,
    verdict: str,
) -> None:
    out = found(pair(first, second))
    assert out.verdict == verdict
    assert out.difference == pytest.approx((second[0] - first[0]) * 1e6)
    for value, limit in ((out.least, least), (out.most, most)):
        assert value == (None if limit is None else pytest.approx(limit * 1e6))


def plain(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(text.replace("\u00a0", " ") for text in texts)


def test_an_open_question_is_a_warning(pair: Callable[..., tuple[Path, Path]], comparing: Comparing) -> None:
    assert plain(warnings(comparing(*pair((100, 95), (102, 99))))) == (
        "Which of A and B is cheaper is not proved. Their plans differ by CNY 2.00 m, but their gaps leave more than "
        "that open: at its best, B may cost anything from CNY 1.00 m less to CNY 7.00 m more than A.",
    )


def test_without_a_bound_nothing_is_claimed(pair: Callable[..., tuple[Path, Path]], comparing: Comparing) -> None:
    assert plain(warnings(comparing(*pair((100, None), (90, None))))) == (
        "Which of A and B is cheaper is not proved. Their plans differ by CNY 10.0 m, but how much better plans could "
        "be is not known.",
    )


@pytest.mark.parametrize(
    ("second", "sentence"),
    [
        ((110, 105), "It is proved that B costs more than A: at their best, between CNY 5.00 m and CNY 15.0 m more."),
        ((90, 80), "It is proved that B costs less than A: at their best, between CNY 5.00 m and CNY 20.0 m less."),
        ((90, None), "It is proved that B costs less than A: at their best, at least CNY 5.00 m less."),
    ],
)
def test_what_is_proved_is_said(
    pair: Callable[..., tuple[Path, Path]], comparing: Comparing, second: tuple[float, float | None], sentence: str
) -> None:
    comparison = comparing(*pair((100, 95), second))
    assert warnings(comparison) == ()
    assert proved(comparison, comparison.pairs[0]).replace("\u00a0", " ") == sentence


def test_plans_for_the_same_case_differ_by_the_search(made_up: MakeResult, comparing: Comparing) -> None:
    first, second = made_up("first"), made_up("second", gap=0.2)
    comparison = comparing(first, second)
    same = "A and B are plans for the same case: what differs comes from the search, not from the inputs."
    assert proved(comparison, comparison.pairs[0]) == same
    assert caveats(comparison) == (same,)
    assert warnings(comparison) == ()
    assert caveats(comparing(first, first)) == ("A and B are the same folder.",)


def test_what_cannot_be_compared_is_told(made_up: MakeResult, comparing: Comparing) -> None:
    first, second = made_up("first"), made_up("second")
    changes = {"base_year": 2019, "years": [2030, 2031], "discount_rate": 0.1, "compute_convention": {"ai": "int8"}}
    case = json.loads((second / "case.json").read_text("utf-8"))
    for site in case["sites"]:
        site["id"] += "-other"
    (second / "case.json").write_text(json.dumps(case | changes), "utf-8")
    comparison = comparing(first, second)
    assert caveats(comparison) == (
        "A plans 2024–2025, B 2030–2031: no year is in both, so nothing can be compared year by year.",
        "A and B count compute in different precisions: their PFLOPS are not the same thing.",
        "A and B have no site in common.",
    )
    assert warnings(comparison) == ("The costs of A and B cannot be compared: they are in prices of 2023 and of 2019.",)


def test_failed_audits_and_missing_plans_are_warnings(
    made_up: MakeResult, without_plan: MakeResult, comparing: Comparing
) -> None:
    failed = made_up("failed", audit={"ok": False, "checks": 9, "failures": ["site-1: too much"]}, names={"title": "X"})
    found = warnings(comparing(made_up("fine"), failed, without_plan("infeasible")))
    assert found[:2] == (
        "The audit does not agree with the plan of X (B). Do not rely on its figures.",
        "Made-up plan (C) holds no plan: none can exist. Only its inputs are compared.",
    )
    unaudited = comparing(made_up("fine-too"), made_up("unaudited", audit=None, grid_kw=1.0))
    assert caveats(unaudited) == ("The plan of Made-up plan (B) was not audited.",)
