"""The comparison in a terminal: the same findings and tables as in the report, with fewer rows and without charts."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from ..document import Block, Bullets, Callout, Inline, Paragraph, Table
from .caveats import caveats, proved, warnings
from .plans import Comparison
from .sections import costs, inputs, metrics, programme, sites, summary, targets

MOST_ROWS = 12
_SIGNS = {"good": ("✓ ", "green"), "warn": ("▲ ", "yellow"), "bad": ("× ", "red")}


def print_comparison(console: Console, comparison: Comparison) -> None:
    """Print what differs; tables fit the width of the console."""
    t = comparison.t
    _print(console, summary.plans_table(comparison))
    for text in warnings(comparison):
        console.print(Text(f"▲ {_plain(text)}", style="yellow"))
    for text in caveats(comparison):
        if text not in warnings(comparison):
            console.print(Text(f"- {_plain(text)}"))
    for pair in comparison.pairs:
        _heading(console, t("comparison.inputs.label"), inputs.finding(comparison, pair))
        for block in inputs.tables(comparison, pair, most=MOST_ROWS):
            _print(console, block)
    if comparison.planned:
        _heading(console, t("costs.label"), costs.finding(comparison))
        for pair in comparison.pairs if len(comparison.pairs) > 1 else ():
            if pair.planned:
                console.print(Text(_plain(costs.pair_finding(comparison, pair))))
        for pair in comparison.pairs:
            if pair.proof is not None and pair.proof.verdict != "open":
                console.print(Text(_plain(proved(comparison, pair))))
        _print(console, costs.side_by_side(comparison, "category"))
        _print(console, costs.side_by_side(comparison, "site", most=MOST_ROWS))
    _rest(console, comparison)


def _rest(console: Console, comparison: Comparison) -> None:
    t = comparison.t
    found = targets.lines(comparison)
    if found:
        title = targets.finding(comparison) or t("comparison.targets.asked_only")
        _heading(console, t("targets.label"), title)
        _print(console, targets.table_of(comparison, found))
    if len(comparison.planned) > 1:
        _heading(console, t("comparison.metrics.label"), metrics.finding(comparison))
        _print(console, metrics.table_of(comparison))
    for pair in comparison.pairs:
        if not pair.planned:
            continue
        _heading(console, t("comparison.sites.label"), sites.finding(comparison, pair))
        if sites.changes(comparison, pair):
            _print(console, sites.table_of(comparison, pair, most=MOST_ROWS))
        _heading(console, t("programme.label"), programme.finding(comparison, pair))
        for block in programme.tables(comparison, pair, most=MOST_ROWS, with_purchases=False):
            _print(console, block)


def _heading(console: Console, label: str, finding: str) -> None:
    console.print()
    console.print(Text.assemble((f"{label}. ", "bold cyan"), (_plain(finding), "bold")))


def _print(console: Console, block: Block) -> None:
    if isinstance(block, Table):
        console.print(_grid(block))
        if block.note:
            console.print(Text(_plain(block.note), style="dim"))
    elif isinstance(block, Callout):
        console.print(Text(_plain(block.title), style="bold"))
        _items(console, block.items)
    elif isinstance(block, Bullets):
        _items(console, block.items)
    elif isinstance(block, Paragraph):
        console.print(_runs(block.body))


def _items(console: Console, items: Iterable[Inline]) -> None:
    for item in items:
        console.print(Text("- ").append_text(_runs(item)))


def _runs(runs: Inline) -> Text:
    return Text.assemble(*((_plain(run.text), "bold" if run.bold else "") for run in runs))


def _grid(table: Table) -> Grid:
    """A table of the document for the terminal: the caption above, columns as wide as they may be."""
    grid = Grid(
        box=None,
        padding=(0, 1),
        pad_edge=False,
        title=_plain(table.caption),
        title_justify="left",
        title_style="italic",
    )
    for column in table.columns:
        grid.add_column(_plain(column.title), justify=column.align, overflow="fold", header_style="bold")
    above = ""
    for n, row in enumerate(table.rows):
        last = table.total and n == len(table.rows) - 1
        cells = []
        for item in row:
            sign, colour = _SIGNS[item.status] if item.status else ("", "")
            cells.append(Text(sign + _plain(item.text), style="bold" if item.strong or last else colour))
        # What a row shares with the one above it is said once.
        if cells[0].plain == above:
            cells[0] = Text("")
        else:
            above = cells[0].plain
        grid.add_row(*cells)
    return grid


def _plain(text: str) -> str:
    """Text without the places to break that a page needs; spaces that keep together stay so."""
    return text.replace("\u200b", "")
