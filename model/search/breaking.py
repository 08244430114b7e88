"""Rows that may be broken at a price, for a draft that cannot keep them yet."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import sparse

from ..arrays.matrix import ALONE, Flags, Matrix, Vector
from .columns import NOWHERE, Columns, Numbers

SHARED = ("supply", "egress", "budget", "target", "differs")
"""Rows that tie many sites together are broken first: what others have used up may leave a site no way to keep them."""

LOCAL = ("capacity", "domestic_capacity", "racks", "hall_power", "site_power", "green_load", "green_pue")
"""Rows of one site, broken only where that is not enough: with many of them loose, HiGHS finds whole points late."""

BREAK = "break"

TOO_DEAR = 100.0
"""Breaking a row costs this times what keeping it should cost."""

WHOLE = 1e-8
"""A row broken by less than this is kept."""


@dataclass(frozen=True)
class Breakable:
    """A matrix with a column for each way to break a row, after the columns of the plain matrix.

    `rows` are the rows of the break columns, `plain` is how many columns the plain matrix has, `uses` says which of
    its columns each row uses (1 or 0).
    """

    matrix: Matrix
    columns: Columns
    rows: Numbers
    plain: int
    uses: sparse.csr_array

    def extended(self, x: Vector) -> Vector:
        """A point of the plain matrix with nothing broken."""
        return np.concatenate([x, np.zeros(len(self.rows))])

    def is_whole(self, x: Vector) -> bool:
        """Whether nothing is broken."""
        return bool(x[self.plain :].max(initial=0.0) <= WHOLE)

    def reach(self, free: Flags) -> Flags:
        """Columns of the plain matrix, and the breaks of the rows that they are in."""
        touched = self.uses @ free[: self.plain].astype(np.int32) > 0
        return np.concatenate([free[: self.plain], touched[self.rows]])

    def broken_by(self, x: Vector) -> Flags:
        """The columns in rows that are broken."""
        broken = np.zeros(self.uses.shape[0], dtype=np.int32)
        broken[self.rows[x[self.plain :] > WHOLE]] = 1
        return np.concatenate([self.uses.T @ broken > 0, np.zeros(len(self.rows), dtype=bool)])

    def loosened(self, families: tuple[str, ...] = (), broken: Vector | None = None) -> Vector:
        """Upper bounds with which only rows of these families can be broken, and those broken in this point."""
        loose = np.asarray(self.matrix.row_families.isin(families))[self.rows]
        if broken is not None:
            loose |= broken[self.plain :] > WHOLE
        return np.concatenate([self.matrix.upper[: self.plain], np.where(loose, np.inf, 0.0)])

    def dearer(self, x: Vector, times: float) -> Breakable:
        """The same with higher prices for what is broken in x."""
        price = self.matrix.cost.copy()
        price[self.plain :][x[self.plain :] > WHOLE] *= times
        return replace(self, matrix=replace(self.matrix, cost=price))


def breakable(matrix: Matrix, columns: Columns, row_prices: Vector) -> Breakable:
    """Add the break columns; `row_prices` are what the rows cost in the linear relaxation."""
    rows, count = matrix.coefficients.shape
    soft = np.asarray(matrix.row_families.isin((*SHARED, *LOCAL)))
    too_low = np.flatnonzero(soft & np.isfinite(matrix.row_lower))
    too_high = np.flatnonzero(soft & np.isfinite(matrix.row_upper))
    broken = np.concatenate([too_low, too_high])
    many = len(broken)
    sign = np.repeat([1.0, -1.0], [len(too_low), len(too_high)])
    breaks = sparse.coo_array((sign, (broken, np.arange(many))), (rows, many))
    price = TOO_DEAR * np.maximum(np.abs(row_prices), _usual_price(matrix))[broken]
    uses = sparse.csr_array(matrix.coefficients)
    nowhere = np.full(many, NOWHERE)

    def followed(values: Vector, by: float) -> Vector:
        return np.concatenate([values, np.full(many, by)])

    names = pd.Index([*matrix.families.categories, BREAK])
    codes = np.concatenate([matrix.families.codes, np.full(many, len(names) - 1)])
    return Breakable(
        matrix=replace(
            matrix,
            coefficients=sparse.csc_array(sparse.hstack([matrix.coefficients, breaks], format="csc")),
            cost=np.concatenate([matrix.cost, price]),
            lower=followed(matrix.lower, 0.0),
            upper=followed(matrix.upper, np.inf),
            integer=np.concatenate([matrix.integer, np.zeros(many, dtype=bool)]),
            series=np.concatenate([matrix.series, np.full(many, ALONE)]),
            families=pd.Categorical.from_codes(codes, names),
            units=followed(matrix.units, 1.0),
            reach=followed(matrix.reach, np.inf),
        ),
        columns=replace(
            columns,
            site=np.concatenate([columns.site, nowhere]),
            workload=np.concatenate([columns.workload, nowhere]),
            pool=np.concatenate([columns.pool, nowhere]),
            year=np.concatenate([columns.year, nowhere]),
        ),
        rows=broken,
        plain=count,
        uses=sparse.csr_array((np.ones(uses.nnz, dtype=np.int32), uses.indices, uses.indptr), uses.shape),
    )


def _usual_price(matrix: Matrix) -> Vector:
    """Row by row: what one unit costs by the cheapest of its columns that cost anything."""
    a = sparse.coo_array(matrix.coefficients)
    price = np.full(a.shape[0], np.inf)
    paid = matrix.cost[a.col] != 0
    np.minimum.at(price, a.row[paid], np.abs(matrix.cost[a.col[paid]] / a.data[paid]))
    known = price[np.isfinite(price)]
    return np.where(np.isfinite(price), price, np.median(known) if known.size else 1.0)
