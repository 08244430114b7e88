"""Loosening a case: all that a planner could give way in is let go as far as can be, and levers hold it back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from ...inputs.case import Case
from ...inputs.parts import Site, Target
from ..arrays.matrix import compiled, scale
from ..assemble import assemble
from .extension import Extension
from .levers import Columns, Kind, Lever, Loosened

MORE = 1000
"""Grid steps and halls that a site can have more of than the case says, when that lever is let go."""

AT_MOST = " (at most)"
"""An equality target is two in the loosened case; the one of this name says the other half."""

ANY_PRICE = 1.0
"""What is only there to be let go has some price in the loosened case; it is not what is minimised."""

USUAL_CNY_PER_KW = 2000.0
"""Weighs a kW of a connection that has no steps with a price, against one that has."""

OF_SITE_AND_YEAR = ("build", "buy", "upgrade", "place", "standby", "open")
"""Decisions that nobody can take at a site before its earliest year."""

WHOLE_THINGS: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    ("whole_halls", ("build", "convert", "halls")),
    ("whole_servers", ("buy", "keep", "own")),
    ("whole_steps", ("upgrade",)),
    ("whole_sites", ("open", "green_site", "district_has_edge")),
)


def loosen(case: Case) -> Loosened:
    """Build the matrix of a case let go as far as can be, with a lever for every demand and limit of the case."""
    model, lookup = assemble(_let_go(case), as_stated=True)
    plain = compiled(model)
    held = _Held(case, Extension(plain), {index for family, index in model.impossible if family == "backed"})
    levers = [lever for part in held.parts() for lever in part]
    matrix = scale(held.extension.made())
    scaled = tuple(replace(lever, closed=lever.closed / matrix.units[lever.columns]) for lever in levers)
    return Loosened(matrix, model, lookup, scaled)


def _let_go(case: Case) -> Case:
    first, last = case.years[0], case.years[-1]
    sites = [
        site.model_copy(
            update={
                "earliest_year": min(site.earliest_year, first),
                "grid_max_steps": site.grid_max_steps + (MORE if site.grid_step_kw > 0 else 0),
            }
        )
        for site in case.sites
    ]
    hardware = [
        kind.model_copy(
            update={"available_from": min(kind.available_from, first), "available_to": max(kind.available_to, last)}
        )
        for kind in case.hardware
    ]
    workloads = [
        each.model_copy(update={"unserved_penalty_cny": ANY_PRICE}) if each.unserved_penalty_cny is None else each
        for each in case.workloads
    ]
    return case.model_copy(
        update={
            "sites": tuple(sites),
            "hall_types": tuple(hall.model_copy(update={"lead_years": 0}) for hall in case.hall_types),
            "hardware": tuple(hardware),
            "workloads": tuple(workloads),
            "targets": tuple(soft for target in case.targets for soft in _soft(target)),
        }
    )


def _soft(target: Target) -> Iterator[Target]:
    if target.sense == "==":
        yield target.model_copy(update={"sense": ">=", "penalty_cny": ANY_PRICE})
        yield target.model_copy(update={"sense": "<=", "penalty_cny": ANY_PRICE, "id": target.id + AT_MOST})
    elif target.penalty_cny is None:
        yield target.model_copy(update={"penalty_cny": ANY_PRICE})
    else:
        yield target


@dataclass
class _Held:
    """The levers of a case, kind by kind; what they need is added to the matrix of the loosened case."""

    case: Case
    extension: Extension
    without_standby: set[object]

    def parts(self) -> Iterator[Iterator[Lever]]:
        """The levers of every kind."""
        yield self.targets()
        yield self.served()
        yield self.backups()
        yield self.supplies()
        yield self.markets()
        yield self.grids()
        yield self.halls()
        yield self.leads()
        yield self.egresses()
        yield self.budgets()
        yield self.first_years()
        yield self.whole()

    def targets(self) -> Iterator[Lever]:
        """Targets that must be attained."""
        for target in self.case.targets:
            if target.penalty_cny is None or target.sense == "==":
                names = [target.id, target.id + AT_MOST] if target.sense == "==" else [target.id]
                missed = np.concatenate([self.extension.columns("miss", target=name) for name in names])
                share = 1.0 / max(abs(target.value), 1e-9)
                yield _lever("target", target.id, target.year, missed, weight=share)

    def served(self) -> Iterator[Lever]:
        """Workloads that must be served."""
        for workload in self.case.workloads:
            if workload.unserved_penalty_cny is None:
                for year in self.case.years:
                    unserved = self.extension.columns("unserved", workload=workload.id, year=year)
                    yield _lever("served", workload.id, year, unserved)

    def backups(self) -> Iterator[Lever]:
        """Workloads that must have a backup in another fault zone."""
        for workload in self.case.workloads:
            for year in self.case.years if workload.backup > 0 else ():
                row = self.extension.row("backed", workload.id, year)
                if row is None and (workload.id, year) in self.without_standby:
                    row = self.extension.add_row({}, 1.0, 1.0)
                if row is not None:
                    column = self.extension.add_column({row: 1.0}, upper=1.0)
                    yield _lever("backup", workload.id, year, _these(column))

    def supplies(self) -> Iterator[Lever]:
        """What the market supplies in a year."""
        for kind in self.case.hardware:
            for year in self.case.years:
                row = self.extension.row("supply", kind.id, year)
                if row is not None and kind.available_from <= year <= kind.available_to:
                    column = self.extension.add_column({row: -1.0})
                    price = max(kind.price_cny, 1.0)
                    yield _lever("supply", kind.id, year, _these(column), weight=price)

    def markets(self) -> Iterator[Lever]:
        """The years in which hardware is sold."""
        for kind in self.case.hardware:
            unsold = [year for year in self.case.years if not kind.available_from <= year <= kind.available_to]
            bought = [self.extension.columns("buy", hardware=kind.id, year=year) for year in unsold]
            if any(map(len, bought)):
                yield _lever("market", kind.id, None, np.concatenate(bought), counted=False)

    def grids(self) -> Iterator[Lever]:
        """The power connection of a site: its steps, or its kW where there are no steps."""
        for site in self.case.sites:
            if site.grid_step_kw > 0:
                row = self.extension.row("steps", site.id)
                if row is None:
                    continue
                self.extension.row_upper[row] = site.grid_max_steps
                column = self.extension.add_column({row: -1.0}, upper=MORE, whole=True)
                weight = site.grid_step_cost_cny or site.grid_step_kw * USUAL_CNY_PER_KW
            else:
                rows = self._rows_of_years("site_power", site.id)
                if not rows or site.usable_grid == 0:
                    continue
                column = self.extension.add_column(dict.fromkeys(rows, -site.usable_grid))
                weight = USUAL_CNY_PER_KW
            yield _lever("grid", site.id, None, _these(column), weight=weight)

    def halls(self) -> Iterator[Lever]:
        """The halls that a plot can hold: more of them in a year in which the site is in use."""
        for site in self.case.sites:
            of_site = [self.extension.columns(family, site=site.id) for family in ("build", "halls", "own", "buy")]
            limited = np.concatenate(of_site)
            if not len(of_site[0]) and not len(self.extension.columns("convert", site=site.id)):
                continue
            before = self.extension.upper[limited]
            self.extension.upper[limited] = np.inf
            more = self.extension.add_column({}, upper=MORE, whole=True)
            for year in self.case.years:
                row = self.extension.row("plot", site.id, year)
                if row is not None:
                    used = self.extension.add_column({row: -1.0})
                    self.extension.add_row({used: 1.0, more: -1.0}, -np.inf, 0.0)
                    (opened,) = self.extension.columns("open", site=site.id, year=year)
                    self.extension.add_row({used: 1.0, int(opened): -float(MORE)}, -np.inf, 0.0)
            columns, closed = np.append(limited, more), np.append(before, 0.0)
            yield Lever("halls", site.id, None, columns, closed, _these(more))

    def leads(self) -> Iterator[Lever]:
        """The years that a hall takes to build."""
        for hall in self.case.hall_types:
            unready = [year for year in self.case.years if year < self.case.base_year + 1 + hall.lead_years]
            built = [self.extension.columns("build", hall=hall.id, year=year) for year in unready]
            if any(map(len, built)):
                yield _lever("lead", hall.id, None, np.concatenate(built), counted=False)

    def egresses(self) -> Iterator[Lever]:
        """The outgoing bandwidth of a site."""
        for site in self.case.sites:
            rows = self._rows_of_years("egress", site.id)
            if rows:
                column = self.extension.add_column(dict.fromkeys(rows, -1.0))
                yield _lever("egress", site.id, None, _these(column))

    def budgets(self) -> Iterator[Lever]:
        """The capital of a year."""
        for year in self.case.years:
            row = self.extension.row("budget", year)
            if row is not None:
                column = self.extension.add_column({row: -1.0})
                yield _lever("budget", "", year, _these(column))

    def first_years(self) -> Iterator[Lever]:
        """The first year of a site. Its amount is by how many years the site is used earlier."""
        for site in self.case.sites:
            early = [year for year in self.case.years if year < site.earliest_year]
            if early:
                yield self._first_year(site, early)

    def _first_year(self, site: Site, early: list[int]) -> Lever:
        taken: list[Columns] = []
        switches: list[int] = []
        for year in early:
            decided = np.concatenate(
                [self.extension.columns(family, site=site.id, year=year) for family in OF_SITE_AND_YEAR]
            )
            if site.existing:
                decided = np.setdiff1d(decided, self.extension.columns("open", site=site.id))
            most = self.extension.upper[decided]
            share = 1.0 / np.where(np.isfinite(most) & (most > 0), most, MORE)
            switch = self.extension.add_column({}, upper=1.0, whole=True)
            entries = dict(zip(decided.tolist(), share.tolist(), strict=True))
            self.extension.add_row({**entries, switch: -float(max(1, len(decided)))}, -np.inf, 0.0)
            if switches:
                self.extension.add_row({switches[-1]: 1.0, switch: -1.0}, -np.inf, 0.0)
            taken.append(decided)
            switches.append(switch)
        columns = np.concatenate([*taken, np.array(switches)])
        return Lever("first_year", site.id, None, columns, np.zeros(len(columns)), np.array(switches))

    def whole(self) -> Iterator[Lever]:
        """What comes in whole numbers, and which workloads must not be divided."""
        for workload in self.case.workloads:
            if not workload.divisible:
                shares = [self.extension.columns(family, workload=workload.id) for family in ("place", "standby")]
                yield _lever("indivisible", workload.id, None, np.concatenate(shares), counted=False, closed=1.0)
        for kind, families in WHOLE_THINGS:
            columns = np.concatenate([self.extension.columns(family) for family in families])
            whole = columns[self.extension.matrix.integer[columns]]
            if len(whole):
                yield _lever(kind, "", None, whole, counted=False, closed=np.inf)

    def _rows_of_years(self, family: str, site: str) -> list[int]:
        rows = [self.extension.row(family, site, year) for year in self.case.years]
        return [row for row in rows if row is not None]


def _these(*columns: int) -> Columns:
    return np.array(columns, dtype=np.int64)


def _lever(
    kind: Kind,
    subject: str,
    year: int | None,
    columns: Columns,
    *,
    counted: bool = True,
    weight: float = 1.0,
    closed: float = 0.0,
) -> Lever:
    """A lever whose columns are all held to the same bound; their values are its amounts, unless nothing is counted."""
    amounts = columns if counted else columns[:0]
    return Lever(kind, subject, year, columns, np.full(len(columns), closed), amounts, weight)
