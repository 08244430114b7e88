"""What the verb prices does: price the targets and limits of a result, and save and print what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from ..inputs.parts import Target
from ..inputs.problems import nearest
from ..model.questions.prices import NoPlanError, Prices, price
from ..model.questions.weakening import Relief, Weaker, binding, relieve, weaker
from ..reports.folder import Result, ResultError, read_result, write_table
from ..reports.pricing import binding_table, price_table
from ..reports.terminal import money, percent
from ..reports.terminal_tables import print_binding, print_prices
from ..reports.view import PlanView
from .console import PLAN, console_of, showing_progress, wrong


def price_folder(
    folder: Path,
    *,
    targets: Sequence[str],
    shares: Sequence[float],
    margin_only: bool,
    gap: float,
    time_limit: float,
    threads: int | None,
    quiet: bool,
) -> int:
    """Price the plan of a result folder; returns the exit code."""
    console = console_of(quiet=quiet)
    try:
        result = read_result(folder)
        if not result.tables:
            raise ResultError(f"{folder} holds no plan, so there is nothing to price")
        asked = _asked(result, targets)
        console.print("Pricing targets and limits at the plan ...")
        try:
            prices = price(result.case, result.tables, time_limit=time_limit)
        except NoPlanError:
            raise ResultError(
                f"the tables in {folder} are no plan for its case.json; see what is wrong: suanli audit {folder}"
            ) from None
        view = PlanView(result)
        weakened = [] if margin_only else _weakened(result, prices, asked, shares)
        relief = _relieve(result, weakened, console, gap, time_limit, threads) if weakened else None
        dear, tight = price_table(view, prices, relief), binding_table(view, prices)
        write_table(folder, "binding", tight)
        write_table(folder, "prices", dear)
    except (ResultError, OSError) as error:
        return wrong(error)
    console.print()
    print_prices(console, view, dear)
    print_binding(console, tight)
    _tell(console, result, relief)
    console.print(f"\n  saved: {escape(str(folder))} (prices.csv, binding.csv)")
    return PLAN


def _asked(result: Result, names: Sequence[str]) -> list[Target]:
    """The targets with these ids; none named: none. Raises ResultError for what is no target of the case."""
    known = {target.id: target for target in result.case.targets}
    unknown = [name for name in names if name not in known]
    if unknown:
        told = "; ".join(f"{name!r}{_meant(name, list(known))}" for name in unknown)
        raise ResultError(f"no such target in {result.folder}: {told}")
    return [known[name] for name in dict.fromkeys(names)]


def _meant(name: str, known: Sequence[str]) -> str:
    near = nearest(name, known)
    return f" (did you mean {near!r}?)" if near else ""


def _weakened(result: Result, prices: Prices, asked: Sequence[Target], shares: Sequence[float]) -> list[Weaker]:
    """The weaker forms of the targets asked for; of those that bind or have a price where none was asked for."""
    attained = result.tables["targets"].set_index("target")["attained"].to_dict()
    priced = prices.targets.set_index("target").max(axis=1).to_dict()
    chosen = asked or [
        target for target in result.case.targets if priced[target.id] > 0 or binding(target, attained[target.id])
    ]
    return [weak for target in chosen for weak in weaker(target, shares)]


def _relieve(
    result: Result, weakened: Sequence[Weaker], console: Console, gap: float, time_limit: float, threads: int | None
) -> Relief:
    """Plan again for each, and say so."""
    minutes = (len(weakened) + 1) * time_limit / 60
    console.print(
        f"Planning again for {len(weakened)} weaker targets, at most {minutes:.0f} minutes; Ctrl-C keeps what there is."
    )
    number = 0

    def announce(weak: Weaker | None) -> None:
        nonlocal number
        if weak is None:
            console.print("  first for the targets as they are: what more search finds in any case is no saving")
            return
        number += 1
        required = f"{weak.target.sense} {weak.required:,.6g}"
        console.print(f"  {number} of {len(weakened)}: {escape(weak.target.id)} {required} ({weak.share:.3g} weaker)")

    with showing_progress(console) as on_progress:
        return relieve(
            result.case,
            result.tables,
            float(result.summary["objective_cny"]),
            result.summary["bound_cny"],
            weakened,
            gap=gap,
            time_limit=time_limit,
            threads=threads,
            on_start=announce,
            on_progress=on_progress,
        )


def _tell(console: Console, result: Result, relief: Relief | None) -> None:
    if relief is None:
        return
    if relief.interrupted:
        console.print("\nStopped by you: not all weaker targets were planned.")
    cost = float(result.summary["objective_cny"])
    if relief.best_cny < cost * (1 - 1e-6):
        better = f"{money(relief.best_cny)}, {percent(1 - relief.best_cny / cost)} less than the plan in the folder"
        console.print(f"\nOn the way a plan was found that keeps every target as it is and costs {better}; run again.")
