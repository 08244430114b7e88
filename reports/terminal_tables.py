"""What the verbs prices and stranded show on the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from .messages import Messages
from .numbers import DASH, money, number, plain
from .view import PlanView, line

MOST_PLACES = 5
FILE_WIDTH = 120

HELD = """With counts held: what one unit less required would save while every hall, grid step and server stays as
planned and only shares and green electricity move. Nothing where whole things alone decide.
In fractions: the same if halls, steps and servers could be had in fractions, at the best such plan."""
FOUND = """Found: what the plan made anew for the weaker target costs less than the best plan known for the target as
it is. Proved, at most: between these lies what the weaker target saves, by the bounds of both."""
OPEN = """Not proved: any saving of {weakened}. The gaps of the plans are wider than what was found; a smaller --gap,
with a longer --time-limit, makes them narrower."""
NOTHING = 1.0
"""CNY: if a weaker target saves no more than this at most, it is proved to save nothing."""

SHORT_UNITS = {"percentage point": "% point"}
"""A table of many columns has no room for more."""
DISCOUNTED = "All sums are net present cost in CNY, discounted to the end of {base}, in prices of {base}."


def print_prices(console: Console, view: PlanView, prices: pd.DataFrame) -> None:
    """Print what each target costs at the margin and in the large."""
    margin = _table(("target",), ("year", "required", "attained", "held", "in fractions"), ("per",))
    for row in _records(prices.drop_duplicates("target")):
        amounts = (f"{row['sense']} {row['required']:,.6g}", _amount(row["attained"]))
        costs = (_price(row["price_held_cny"]), _price(row["price_divisible_cny"]))
        margin.add_row(escape(row["target"]), str(row["year"]), *amounts, *costs, _unit(row["unit"]))
    console.print("[bold]At the margin[/bold]: what a target costs, CNY")
    _show(console, margin)
    console.print(HELD)
    planned = prices[prices["weaker"].notna()]
    if len(planned):
        console.print("\n[bold]In the large[/bold]: what a weaker target would save, planned anew")
        _show(console, _savings(planned))
        console.print(FOUND)
        unproved = planned[~(planned["saving_least_cny"] > 0) & ~(planned["saving_most_cny"] <= NOTHING)]
        if len(unproved):
            weakened = ", ".join(f"{row['target']} {row['weaker']:.3g} weaker" for row in _records(unproved))
            console.print(OPEN.format(weakened=escape(weakened)), style="bold")
    console.print(DISCOUNTED.format(base=view.case.base_year))


def _savings(planned: pd.DataFrame) -> Table:
    names = ("saving_cny", "saving_least_cny", "saving_most_cny")
    table = _table(("target",), ("year", "weaker", "required", "found", "proved", "at most", "found, CNY"), ("per",))
    for row in _records(planned):
        savings = [money(None if pd.isna(row[name]) else row[name]) for name in names]
        required = f"{row['sense']} {row['weaker_required']:,.6g}"
        each = (_price(row["saving_per_unit_cny"]), _unit(row["unit"]))
        table.add_row(escape(row["target"]), str(row["year"]), f"{row['weaker']:.3g}", required, *savings, *each)
    return table


def _unit(unit: str) -> str:
    return escape(SHORT_UNITS.get(unit, unit))


def print_binding(console: Console, binding: pd.DataFrame) -> None:
    """Print what binds where, kind by kind, the dearest places first."""
    console.print("\n[bold]What binds where[/bold]: limits that are used up or have a price, CNY in the dearest year")
    if binding.empty:
        console.print("  Nothing does.")
        return
    t = Messages("en")
    table = _table(("limit", "where", "years"), ("held", "in fractions"), ("per",))
    for kind, rows in binding.groupby("kind", sort=False):
        places = list(rows.groupby(["place", "thing"], sort=False))
        for (place, thing), group in places[:MOST_PLACES]:
            where = " / ".join(filter(None, (str(place), str(thing))))
            years = ", ".join(str(year) for year in sorted(group["year"]))
            costs = (_price(group[name].max()) for name in ("price_held_cny", "price_divisible_cny"))
            table.add_row(t(f"limit.{kind}"), escape(where), years, *costs, t(f"limit.per.{kind}"))
        if len(places) > MOST_PLACES:
            table.add_row("", f"and {len(places) - MOST_PLACES} more")
    _show(console, table)


def print_stranded(
    console: Console, view: PlanView, stranded: pd.DataFrame, causes: Mapping[str, Sequence[str]]
) -> None:
    """Print stranded capacity: of all sites by year, and site by site in the last year."""
    t = Messages("en")
    for capacity, named in causes.items():
        rows, what = stranded[stranded["capacity"] == capacity], t(f"stranded.of.{capacity}")
        of_all = rows.pivot_table(index="cause", columns="year", values="amount", aggfunc="sum", fill_value=0.0)
        console.print(f"[bold]{what}[/bold]: all sites in use")
        table = _table(("",), [str(year) for year in of_all.columns])
        for cause in ("in_use", *named):
            if cause in of_all.index:
                table.add_row(t(f"stranded.{capacity}.{cause}"), *_amounts(line(of_all, cause)))
        table.add_row("paid for", *_amounts(of_all.sum()), style="bold")
        _show(console, table)
        last = rows[rows["year"] == view.last]
        of_site = last.pivot_table(index="site", columns="cause", values="amount", aggfunc="sum", fill_value=0.0)
        shown = [cause for cause in ("in_use", *named) if cause in of_site.columns]
        console.print(f"\n[bold]{what}[/bold]: site by site in {view.last}")
        table = _table(("site",), ["paid for", *(t(f"stranded.{capacity}.{cause}") for cause in shown)])
        for site in (site for site in view.sites if site in of_site.index):
            amounts = line(of_site, site)
            table.add_row(escape(site), plain(float(amounts.sum())), *_some(amounts[shown]))
        _show(console, table)
        console.print()


def _table(texts: Iterable[str], numbers: Iterable[str], more: Iterable[str] = ()) -> Table:
    """Columns of text to the left, which may break, and of numbers to the right, which may not."""
    table = Table(box=None, pad_edge=True, padding=(0, 1))
    for column in texts:
        table.add_column(column, overflow="fold", min_width=min(13, 2 * len(column)))
    for column in numbers:
        table.add_column(column, justify="right", overflow="fold", min_width=len(max(column.split() or [""], key=len)))
    for column in more:
        table.add_column(column, overflow="fold")
    return table


def _show(console: Console, table: Table) -> None:
    """Print a table: as wide as the terminal, or wide enough for a file or pipe."""
    if not console.is_terminal:
        console.width = max(console.width, FILE_WIDTH)
    console.print(table)


def _amounts(values: pd.Series[float]) -> list[str]:
    return [number(float(value)) for value in values]


def _some(values: pd.Series[float]) -> list[str]:
    return [plain(float(value)) if value >= 0.5 else "<1" if value > 0.005 else "" for value in values]


def _price(cny: Any) -> str:
    return DASH if pd.isna(cny) else f"{cny:,.6g}" if abs(cny) < 1e5 else plain(float(cny))


def _amount(value: Any) -> str:
    return DASH if pd.isna(value) else f"{value:,.6g}"


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]
