"""Starting from a plan: its tables become a point of the model again, also where the case has changed since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyomo.environ as pyo
from scipy.optimize import linear_sum_assignment

from .arrays.components import Decisions
from .arrays.families import Model, families_of
from .arrays.matrix import Matrix, Vector
from .arrays.members import Members, Positions
from .cleaning import KEPT, clean_values, polish
from .costs import discounted
from .lookup import HOURS_PER_YEAR_THOUSANDS, ROUNDING, Lookup

Tables = Mapping[str, pd.DataFrame]

IMPOSSIBLE = 1e30
"""Cost of a pair of hall types that no conversion joins."""


def starting_point(model: Model, lookup: Lookup, matrix: Matrix, tables: Tables) -> Vector | None:
    """The plan of the tables as a point of the matrix; None where it is no plan of this case.

    Where the plan's shares and green electricity do not fit this case but its whole numbers do, the shares and green
    electricity are worked out anew.
    """
    x = point_of(model, lookup, tables) / matrix.units
    if matrix.violation(x) > KEPT:
        x = polish(matrix, np.clip(x, matrix.lower, matrix.upper))
    return x if matrix.violation(x) <= KEPT else None


def point_of(model: Model, lookup: Lookup, tables: Tables) -> Vector:
    """The decisions of a plan, as its tables have them, in the case's units: `extract_tables` the other way round.

    What the case of the model does not have (a site, a kind of hardware ...) is left out; what the tables do not have
    is zero. Workloads must be those of the model's case, see `Aggregation.merged`. Whether it is a plan is for the
    caller to find out.
    """
    x = np.zeros(sum(len(decisions.members) for decisions in families_of(model, pyo.Var)))
    halls, hardware, power, placement = (tables[name] for name in ("halls", "hardware", "power", "placement"))
    _put(x, model.open, tables["sites"], "open")
    _put(x, model.build, halls, "built")
    _put_conversions(x, model, halls)
    _put(x, model.upgrade, power, "grid_steps")
    _put(x, model.green, power, "green_mwh")
    _put(x, model.buy, hardware, "bought")
    x[model.buy.columns] /= model.hardware.lot.array[model.buying.of("hardware")]
    _put_kept(x, model, lookup, hardware)
    for decisions, role in ((model.place, "primary"), (model.standby, "standby"), (model.unserved, "unserved")):
        _put(x, decisions, placement[placement["role"] == role], "share")
    x = clean_values(model, x)
    _follow(x, model, lookup)
    return x


def _put(x: Vector, decisions: Decisions, table: pd.DataFrame, column: str) -> None:
    """Take the decisions' values from the column of a table whose other columns have the names of the dimensions."""
    found = _positions(decisions.members, table)
    there = found >= 0
    x[decisions.first_column + found[there]] = table[column].to_numpy(dtype=float)[there]


def _positions(members: Members, table: pd.DataFrame) -> Positions:
    """The member that each row is about; negative where there is no such member."""
    return members.find([_numbers(table[each.name], each.labels) for each in members.dimensions])


def _numbers(labels: pd.Series[str], known: Sequence[object]) -> npt.NDArray[np.int32]:
    number = {label: position for position, label in enumerate(known)}
    return np.fromiter((number.get(label, -1) for label in labels), dtype=np.int32, count=len(labels))


def _put_kept(x: Vector, model: Model, lookup: Lookup, hardware: pd.DataFrame) -> None:
    """Keep of the existing fleet as many units as the table says, those first that live longest.

    So none is kept again that was retired before, whatever rows of the fleet stand in the same place.
    """
    owning = model.owning
    found = _positions(owning, hardware)
    there = found >= 0
    left = np.zeros(owning.shape)
    left[tuple(codes[found[there]] for codes in owning.codes)] = hardware["kept"].to_numpy(dtype=float)[there]
    fleet, *place = model.kept.codes
    years_of_purchase = np.array([part.install_year for part in lookup.case.fleet], dtype=int)
    ends = years_of_purchase + np.array([lookup.hardware[part.hardware].life_years for part in lookup.case.fleet])
    most = np.array([part.count for part in lookup.case.fleet], dtype=float)
    columns = model.keep.first_column + model.keeping.find((fleet, place[-1]))
    for member in np.argsort(-ends[fleet], kind="stable").tolist():
        where = tuple(int(codes[member]) for codes in place)
        x[columns[member]] = min(left[where], most[fleet[member]])
        left[where] -= x[columns[member]]


def _put_conversions(x: Vector, model: Model, halls: pd.DataFrame) -> None:
    """Pair the halls converted away with those converted into, at each site and in each year, at the least cost."""
    converted = halls[(halls["converted_in"] > 0) | (halls["converted_away"] > 0)]
    if converted.empty:
        return
    cost = discounted(model, len(x))
    for (site, year), here in converted.groupby(["site", "year"]):
        away = np.repeat(here["hall"].to_numpy(), here["converted_away"])
        into = np.repeat(here["hall"].to_numpy(), here["converted_in"])
        pairs = [(site, a, b, year) for a in away for b in into]
        found = np.array([model.converting.position(pair) for pair in pairs], dtype=np.intp)
        columns = np.where(found < 0, -1, model.convert.first_column + found).reshape(len(away), len(into))
        chosen = linear_sum_assignment(np.where(columns < 0, IMPOSSIBLE, cost[columns]))
        for column in columns[chosen]:
            if column >= 0:
                x[column] += 1.0


def _follow(x: Vector, model: Model, lookup: Lookup) -> None:
    """Set what follows from the decisions: which sites and districts count for a target, and what is missed."""
    site, year = model.green_site.members.codes
    at = model.site_years.find((site, year))
    it, facility = x[model.it_mwh.columns][at], x[model.facility_mwh.columns][at]
    definition = lookup.case.green_site
    enough = it * (1 + ROUNDING) >= definition.min_it_mw * 1000.0 * HOURS_PER_YEAR_THOUSANDS
    x[model.green_site.columns] = enough & (facility <= definition.pue_limit * it * (1 + ROUNDING))
    scope, district, year, site = model.edge_sites.codes
    counted = model.district_has_edge.members.find((scope, district, year))
    is_open = x[model.open.first_column + model.site_years.find((site, year))]
    np.maximum.at(x, model.district_has_edge.first_column + counted, is_open)
    rows = model.target.relation
    missed = np.maximum(rows.lower - rows.terms.values(x), rows.terms.values(x) - rows.upper)
    x[model.miss.columns] = np.maximum(0.0, missed[model.soft_targets.of("target")])
