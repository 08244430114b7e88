"""The comparison in a terminal: what it says, and that it fits."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from suanli.reports.comparison.plans import Comparison
from suanli.reports.comparison.terminal import print_comparison

MakeResult = Callable[..., Path]
Comparing = Callable[..., Comparison]


def printed(comparison: Comparison, width: int) -> list[str]:
    console = Console(file=io.StringIO(), width=width, highlight=False)
    print_comparison(console, comparison)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


def words(lines: list[str]) -> str:
    return " ".join(" ".join(lines).replace("\u00a0", " ").split())


@pytest.mark.parametrize("width", [80, 120])
def test_it_fits_and_says_what_differs(comparing: Comparing, width: int) -> None:
    lines = printed(comparing("town", "dear-grid"), width)
    assert max(map(cell_len, lines)) <= width
    text = words(lines)
    assert "Inputs. One change of the inputs separates B from A: Sites: cost of a grid step, CNY" in text
    assert "Sites: cost of a grid step, CNY Old centre 3,000,000 → 60,000,000 (×20)" in text
    assert "Net present cost 12.54 12.97 +0.44 +3.5%" in text
    assert "Compute 2027 ≥ 40 PFLOPS ✓ 40.9 PFLOPS ✓ 40.9 PFLOPS" in text
    assert "New centre build: Liquid-cooled hall – 2026: 1 only B" in text
    assert "It is proved that B costs more than A, also at their best: by CNY 0.44 m." in text


@pytest.mark.parametrize("width", [80, 120])
def test_six_results_fit(comparing: Comparing, width: int) -> None:
    lines = printed(comparing("town", "dear-grid", "dear-hardware", "weaker", "longer", "impossible"), width)
    assert max(map(cell_len, lines)) <= width
    assert "▲ Impossible (F) holds no plan: none can exist. Only its inputs are compared." in words(lines)


def test_a_large_comparison_is_cut_short(comparing: Comparing, made_up: MakeResult) -> None:
    lines = printed(comparing(made_up("few", sites=60), made_up("many", sites=60, growth=2.0)), 80)
    assert len(lines) < 200
    assert "Not shown: 48 sites with smaller changes." in words(lines)
    assert "49 other sites" in words(lines)


def test_names_are_no_markup(comparing: Comparing, made_up: MakeResult) -> None:
    folder = made_up("hostile", names={"title": "[red]x[/red]", "site-1": "[b]y"}, growth=2.0)
    text = words(printed(comparing(folder, made_up("fine")), 120))
    assert "[red]x[/red]" in text
    assert "[b]y" in text
