"""The matrix of a case filled by hand with NumPy, as fast as it goes, and passed to HiGHS.

The families with many rows or columns are written out here a second time: all that grows with the number of workloads
or of kinds of servers. The rest, a tenth of the matrix, is given for nothing: its triplets come from the model itself.
A test compares the result with the model's matrix, number by number.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from scipy import sparse

from suanli.model.arrays.scaling import scale_factors, unit_of

from .numbering import NONE, Numbering, demands_of_pairs, number_columns
from .plain_arrays import Flags, Numbers, PlainArrays, Vector

COLUMNS = ("place", "standby", "unserved", "buy", "own")
ROWS = (
    "served",
    "backed",
    "backup_apart",
    "place_open",
    "standby_open",
    "capacity",
    "domestic_capacity",
    "egress",
    "in_service",
    "racks",
    "hall_power",
)
"""The families that are filled here."""


@dataclass(frozen=True)
class Given:
    """What is not filled here: its columns come first, its rows are triplets in the numbering of the whole matrix.

    `open_st`, `halls_sht` and `keep_ft` are the numbers of columns that the filled rows need; -1 where there is none.
    """

    cost: Vector
    lower: Vector
    upper: Vector
    integer: Flags
    row: Numbers
    column: Numbers
    value: Vector
    row_lower: Vector
    row_upper: Vector
    open_st: Numbers
    halls_sht: Numbers
    keep_ft: Numbers


@dataclass(frozen=True)
class FilledMatrix:
    """A matrix as HiGHS takes it, in the units of the case or scaled."""

    coefficients: sparse.csc_array
    cost: Vector
    lower: Vector
    upper: Vector
    integer: Flags
    row_lower: Vector
    row_upper: Vector


class Rows:
    """Rows under construction, as triplets."""

    def __init__(self, given: Given) -> None:
        """Start with the rows that are given."""
        self._row, self._column, self._value = [given.row], [given.column], [given.value]
        self._lower, self._upper = [given.row_lower], [given.row_upper]
        self.count = len(given.row_lower)

    def begin(self, count: int, lower: float | Vector, upper: float | Vector) -> int:
        """Add empty rows; returns the number of the first."""
        first, self.count = self.count, self.count + count
        self._lower.append(np.broadcast_to(np.float64(lower), count))
        self._upper.append(np.broadcast_to(np.float64(upper), count))
        return first

    def put(self, row: Numbers, column: Numbers, value: float | Vector | Numbers) -> None:
        """Put values into rows."""
        self._row.append(row)
        self._column.append(column)
        self._value.append(np.broadcast_to(np.float64(value), len(row)))

    def matrix(self, columns: int) -> sparse.csc_array:
        """All rows, column by column."""
        where = np.concatenate(self._row), np.concatenate(self._column)
        matrix = sparse.coo_array((np.concatenate(self._value), where), (self.count, columns)).tocsc()
        matrix.eliminate_zeros()
        return matrix

    def limits(self) -> tuple[Vector, Vector]:
        """Lower and upper limits of all rows."""
        return np.concatenate(self._lower), np.concatenate(self._upper)


def fill(a: PlainArrays, given: Given) -> FilledMatrix:
    """Fill the matrix."""
    numbers = number_columns(a, given.keep_ft, len(given.cost))
    rows = Rows(given)
    _service(a, given, numbers, rows)
    _capacity(a, numbers, rows)
    _egress(a, numbers, rows)
    _halls(a, given, numbers, rows)
    cost, upper, integer = _columns(a, given, numbers)
    lower = np.concatenate([given.lower, np.zeros(numbers.total - len(given.cost))])
    row_lower, row_upper = rows.limits()
    return FilledMatrix(rows.matrix(numbers.total), cost, lower, upper, integer, row_lower, row_upper)


def _columns(a: PlainArrays, given: Given, n: Numbering) -> tuple[Vector, Vector, Flags]:
    """Cost, upper bound and integrality of all columns."""
    cost, upper = np.zeros(n.total), np.ones(n.total)
    integer = np.zeros(n.total, dtype=bool)
    count = len(given.cost)
    cost[:count], upper[:count], integer[:count] = given.cost, given.upper, given.integer
    pair, t = np.nonzero(n.place != NONE)
    w = a.pair_w[pair]
    cost[n.place[pair, t]] = a.gbps_wt[w, t] * a.pair_cost[pair] * a.discount_t[t]
    integer[n.place[pair, t]] = a.whole_w[w]
    pair, t = np.nonzero(n.standby != NONE)
    integer[n.standby[pair, t]] = a.whole_w[a.pair_w[pair]]
    w, t = np.nonzero(n.unserved != NONE)
    cost[n.unserved[w, t]] = a.penalty_w[w] * a.discount_t[t]
    with np.errstate(divide="ignore"):
        most = np.floor(a.plot_racks_sh / a.racks_kh[:, None, :] + 1e-9)
    k, s, h, t = np.nonzero(n.buy != NONE)
    cost[n.buy[k, s, h, t]] = a.price_k[k] * (a.discount_t[t] - a.left_kt[k, t] * a.discount_t[-1])
    upper[n.buy[k, s, h, t]], integer[n.buy[k, s, h, t]] = np.floor(most[k, s, h] / a.lot_k[k]), True
    k, s, h, t = np.nonzero(n.own != NONE)
    cost[n.own[k, s, h, t]] = a.yearly_k[k] * a.discount_t[t]
    upper[n.own[k, s, h, t]], integer[n.own[k, s, h, t]] = most[k, s, h], True
    return cost, upper, integer


def _service(a: PlainArrays, given: Given, n: Numbering, rows: Rows) -> None:
    """Served, backed, backup apart, open."""
    years = len(a.discount_t)
    first = rows.begin(a.gbps_wt.size, 1.0, 1.0)
    pair, t = np.nonzero(n.place != NONE)
    place, w, s = n.place[pair, t], a.pair_w[pair], a.pair_s[pair]
    rows.put(first + w * years + t, place, 1.0)
    unserved = np.flatnonzero(n.unserved.ravel() != NONE)
    rows.put(first + unserved, n.unserved.ravel()[unserved], 1.0)
    candidate = np.flatnonzero(a.candidate_s[s])
    first = rows.begin(len(candidate), -np.inf, 0.0)
    _below(rows, first, place[candidate], given.open_st[s[candidate], t[candidate]])

    pair, t = np.nonzero(n.standby != NONE)
    place, standby, w, s = n.place[pair, t], n.standby[pair, t], a.pair_w[pair], a.pair_s[pair]
    backed, row = np.unique(w * years + t, return_inverse=True)
    rows.put(rows.begin(len(backed), 1.0, 1.0) + row, standby, 1.0)
    zones = int(a.zone_s.max(initial=0)) + 1
    groups, row = np.unique((w.astype(np.int64) * zones + a.zone_s[s]) * years + t, return_inverse=True)
    first = rows.begin(len(groups), -np.inf, 1.0)
    rows.put(first + row, place, 1.0)
    rows.put(first + row, standby, 1.0)
    candidate = np.flatnonzero(a.candidate_s[s])
    first = rows.begin(len(candidate), -np.inf, 0.0)
    _below(rows, first, standby[candidate], given.open_st[s[candidate], t[candidate]])


def _below(rows: Rows, first: int, share: Numbers, opened: Numbers) -> None:
    """Share <= open."""
    row = np.arange(first, first + len(share), dtype=np.int32)
    rows.put(row, share, 1.0)
    rows.put(row, opened, -1.0)


def _capacity(a: PlainArrays, n: Numbering, rows: Rows) -> None:
    """Capacity, for all and for domestic hardware alone."""
    demand, pair = demands_of_pairs(a)
    entry, t = np.nonzero((a.demand_t[demand] > 0) & (n.place[pair] != NONE))
    demand, pair = demand[entry], pair[entry]
    w = a.demand_w[demand]
    shape = (len(a.earliest_s), int(a.pool_k.max()) + 1, a.usable_kr.shape[1], len(a.discount_t))
    key = np.ravel_multi_index((a.pair_s[pair], a.pool_w[w], a.demand_r[demand], t), shape)
    amount, place, standby = a.demand_t[demand, t], n.place[pair, t], n.standby[pair, t]
    k, s, h, year = np.nonzero(n.own != NONE)
    own, which, r = n.own[k, s, h, year], *np.nonzero(a.usable_kr[k])
    provided = np.ravel_multi_index((s[which], a.pool_k[k][which], r, year[which]), shape)
    everything = np.ones(len(w), dtype=bool), np.ones(len(which), dtype=bool)
    for chosen, offered in (everything, (a.domestic_w[w], a.domestic_k[k][which])):
        row_of = np.full(np.prod(shape), NONE, dtype=np.int32)
        used = np.zeros(np.prod(shape), dtype=bool)
        used[key[chosen]] = True
        count = int(used.sum())
        first = rows.begin(count, -np.inf, 0.0)
        row_of[used] = np.arange(first, first + count, dtype=np.int32)
        rows.put(row_of[key[chosen]], place[chosen], amount[chosen])
        backed = chosen & (standby != NONE)
        rows.put(row_of[key[backed]], standby[backed], amount[backed] * a.backup_w[w[backed]])
        at = offered & used[provided]
        rows.put(row_of[provided[at]], own[which[at]], -a.usable_kr[k[which[at]], r[at]])


def _egress(a: PlainArrays, n: Numbering, rows: Rows) -> None:
    """Egress, at sites that limit it."""
    pair, t = np.nonzero((n.place != NONE) & (a.gbps_wt > 0)[a.pair_w] & ~np.isnan(a.egress_s)[a.pair_s][:, None])
    w, s = a.pair_w[pair], a.pair_s[pair]
    groups, row = np.unique(s.astype(np.int64) * len(a.discount_t) + t, return_inverse=True)
    first = rows.begin(len(groups), -np.inf, a.egress_s[groups // len(a.discount_t)])
    rows.put(first + row, n.place[pair, t], a.gbps_wt[w, t])


def _halls(a: PlainArrays, given: Given, n: Numbering, rows: Rows) -> None:
    """Servers in service, and the racks and the power of the halls they stand in."""
    k, s, h, t = np.nonzero(n.own != NONE)
    own = n.own[k, s, h, t]
    first = rows.begin(len(own), 0.0, 0.0)
    row_of = n.own - own.min(initial=n.total) + first
    rows.put(row_of[k, s, h, t], own, 1.0)
    bk, bs, bh, b = np.nonzero(n.buy != NONE)
    entry, year = np.nonzero(a.alive_kbt[bk, b])
    rows.put(
        row_of[bk[entry], bs[entry], bh[entry], year],
        n.buy[bk[entry], bs[entry], bh[entry], b[entry]],
        -a.lot_k[bk[entry]],
    )
    fleet, year = np.nonzero(given.keep_ft != NONE)
    rows.put(row_of[a.fleet_k[fleet], a.fleet_s[fleet], a.fleet_h[fleet], year], given.keep_ft[fleet, year], -1.0)
    place = np.ravel_multi_index((s, h, t), given.halls_sht.shape)
    standing, row = np.unique(place, return_inverse=True)
    halls, hall = given.halls_sht.ravel()[standing], np.unravel_index(standing, given.halls_sht.shape)[1]
    for per_unit, per_hall in ((a.racks_kh[k, h], a.hall_racks_h[hall]), (a.peak_k[k], a.hall_kw_h[hall])):
        taking = np.flatnonzero(per_unit)
        first = rows.begin(len(standing), -np.inf, 0.0)
        rows.put(first + row[taking], own[taking], per_unit[taking])
        rows.put(np.arange(first, first + len(standing), dtype=np.int32), halls, -per_hall)


def scaled(matrix: FilledMatrix) -> FilledMatrix:
    """The matrix in the units that suanli hands it over in, by its own factors: to find them is NumPy's work alone."""
    a = matrix.coefficients
    row, column = scale_factors(a, ~matrix.integer)
    data = row[a.indices]
    data *= a.data
    data *= np.repeat(column, np.diff(a.indptr))
    cost = matrix.cost * column
    return FilledMatrix(
        coefficients=sparse.csc_array((data, a.indices, a.indptr), a.shape),
        cost=cost / unit_of(cost),
        lower=matrix.lower / column,
        upper=matrix.upper / column,
        integer=matrix.integer,
        row_lower=matrix.row_lower * row,
        row_upper=matrix.row_upper * row,
    )


def pass_on(matrix: FilledMatrix) -> highspy.Highs:
    """A silent HiGHS that holds the matrix."""
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    a = matrix.coefficients
    status = highs.passModel(
        a.shape[1],
        a.shape[0],
        a.nnz,
        int(highspy.MatrixFormat.kColwise),
        int(highspy.ObjSense.kMinimize),
        0.0,
        matrix.cost,
        matrix.lower,
        matrix.upper,
        matrix.row_lower,
        matrix.row_upper,
        a.indptr.astype(np.int32),
        a.indices.astype(np.int32),
        a.data,
        matrix.integer.astype(np.int32),
    )
    if status == highspy.HighsStatus.kError:
        raise RuntimeError("HiGHS did not accept the matrix")
    return highs
