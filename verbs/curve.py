"""The curve of a trade-off as a table, on the terminal, in files and as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ..inputs.case import Case
from ..model.metrics import UNITS, scope_text
from ..model.questions.pareto import Axis, Point, knee, marginal_prices
from ..reports.folder import Result, write_text
from ..reports.language import Language
from ..reports.numbers import money_unit
from ..reports.series import Series
from ..reports.terminal import percent
from ..reports.tradeoff import draw_curve


def curve_table(series: Series, points: Sequence[tuple[int, float, Result]]) -> pd.DataFrame:
    """A row for each point: what it had to attain and does, its cost, bound and gap, and the price to the next."""
    required: list[float] = series.state.get("required", [])
    summaries = [result.summary for _, _, result in points]
    curve = [
        Point(value, float(summary["objective_cny"]), summary["bound_cny"])
        for (_, value, _), summary in zip(points, summaries, strict=True)
    ]
    bent = knee(curve)
    rows: list[dict[str, Any]] = []
    for place, ((number, value, _), summary, price) in enumerate(
        zip(points, summaries, marginal_prices(curve), strict=True)
    ):
        rows.append(
            {
                "point": number,
                "required": required[number - 2] if 2 <= number < len(required) + 2 else None,
                "attained": value,
                "cost_cny": summary["objective_cny"],
                "bound_cny": summary["bound_cny"],
                "gap": summary["gap"],
                "price_to_next_cny": price,
                "knee": place == bent,
                "audit_ok": summary["audit"]["ok"],
            }
        )
    numbers = ("required", "attained", "cost_cny", "bound_cny", "gap", "price_to_next_cny")
    return pd.DataFrame(rows).astype(dict.fromkeys(numbers, "float64"))


def knee_row(table: pd.DataFrame) -> int | None:
    """The row of the knee, if there is one."""
    rows = [row for row, bent in enumerate(table["knee"]) if bent]
    return rows[0] if rows else None


def write_curve(series: Series, table: pd.DataFrame) -> None:
    """Write curve.csv and curve.json."""
    series.state["curve"] = table.astype(object).where(table.notna(), None).to_dict("records")
    series.write()
    write_text(series.folder / "curve.csv", table.to_csv(index=False, lineterminator="\n"))


def draw(series: Series, first: Result, axis: Axis, table: pd.DataFrame, languages: Sequence[Language]) -> None:
    """Draw the curve in each language. Raises ReportError."""
    draw_curve(series.folder, first, axis.target(0.0), table, knee_row(table), languages)


def print_curve(console: Console, case: Case, axis: Axis, series: Series, table: pd.DataFrame) -> None:
    """Print the curve: each point, the price of a unit from it to the next, and the knee."""
    unit = UNITS.get(axis.metric, axis.scope.resource or "")
    title = escape(case.title.en or case.name)
    console.print(f"[bold]{title}[/bold]: cost against {axis.metric} ({escape(scope_text(axis.scope))}, {axis.year})")
    console.print(_drawn(table, unit))
    if len(table) == 1 and series.state.get("required") == []:
        known = "" if series.state.get("farthest_proved") else " as far as was found"
        console.print(
            f"  There is nothing to trade{known}: at up to {float(series.settings['within']):.0%} more cost no plan is "
            f"better than the cheapest, which has {axis.metric} = {table['attained'].iloc[0]:,.6g}."
        )
    _print_knee(console, axis, table)
    if _within_gaps(table):
        console.print(
            "  Some points cost hardly more than the one before, by less than their gaps: there the prices are not "
            "to be relied on; a smaller --gap makes them so."
        )


def _drawn(table: pd.DataFrame, unit: str) -> Table:
    each, size = {"share": ("1%", 0.01), "ratio": ("0.01", 0.01)}.get(unit, (unit or "1", 1.0))
    money, price = money_unit(table["cost_cny"]), money_unit(table["price_to_next_cny"].dropna() * size)
    titles = ("point", "required", "attained", f"cost, {money.unit}", "gap", f"to the next, {price.unit}/{each}", "")
    drawn = Table(box=None, pad_edge=True, padding=(0, 1))
    for title in titles:
        drawn.add_column(escape(title), justify="right" if title else "left", no_wrap=True)
    for row in table.astype(object).where(table.notna(), None).to_dict("records"):
        step = row["price_to_next_cny"]
        drawn.add_row(
            str(row["point"]),
            "-" if row["required"] is None else f"{row['required']:,.6g}",
            f"{row['attained']:,.6g}",
            f"{row['cost_cny'] / money.factor:,.3f}",
            percent(row["gap"]),
            "-" if step is None else f"{step * size / price.factor:,.5g}",
            "knee" if row["knee"] else "",
        )
    return drawn


def _print_knee(console: Console, axis: Axis, table: pd.DataFrame) -> None:
    row = knee_row(table)
    if row is None:
        if len(table) > 2:
            console.print("  No knee: the cost rises evenly, or what comes first is dearest.")
        return
    at, first = table.iloc[row], table.iloc[0]
    more = float(at["cost_cny"]) / float(first["cost_cny"]) - 1.0
    console.print(
        f"  Knee at point {at['point']}: {axis.metric} {at['attained']:,.6g} for {more:.2%} more than the least cost; "
        "beyond it each step is dearer (it lies furthest below the straight line between the ends)."
    )
    if _depth(table, row) < float((table["cost_cny"] - table["bound_cny"]).max()):
        console.print("  The gaps leave open whether that is the knee.")


def _depth(table: pd.DataFrame, row: int) -> float:
    """How far a point lies below the straight line between the ends, CNY."""
    value, cost = (table[column].to_numpy(dtype=float) for column in ("attained", "cost_cny"))
    way = (value[row] - value[0]) / (value[-1] - value[0])
    return float(cost[0] + way * (cost[-1] - cost[0]) - cost[row])


def _within_gaps(table: pd.DataFrame) -> bool:
    """Whether some step costs less than what the gaps leave open."""
    steps, moved = table["cost_cny"].diff(), table["attained"].diff() != 0
    open_ = table["cost_cny"] - table["bound_cny"]
    return bool((moved & (steps < open_)).iloc[1:].any())
