"""What the floor is given for nothing: the small families, as triplets taken from the model's own matrix."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from suanli.inputs.case import Case
from suanli.inputs.loading import load
from suanli.inputs.resolved import case_text
from suanli.model.arrays.matrix import Matrix, compile_matrix
from suanli.model.assemble import assemble

from ..records import CASE_FILE, GIVEN_FILE, Task
from .matrix import COLUMNS, ROWS, Given
from .numbering import NONE, Numbering, number_columns
from .plain_arrays import Numbers, PlainArrays, plain_arrays


def given_part(case: Case, arrays: PlainArrays) -> tuple[Given, Matrix, Numbers]:
    """The given part of a case's matrix, the model's whole matrix, and the floor's number of each of its columns."""
    model, _ = assemble(case)
    matrix = compile_matrix(model)
    keys = _keys(matrix)
    mine = ~np.isin(matrix.families, COLUMNS)
    numbers = np.full(len(mine), NONE, dtype=np.int32)
    numbers[mine] = np.arange(mine.sum())
    years = {year: number for number, year in enumerate(case.years)}
    sites = {site.id: number for number, site in enumerate(case.sites)}
    halls = {hall.id: number for number, hall in enumerate(case.hall_types)}
    open_st = np.full((len(sites), len(years)), NONE, dtype=np.int32)
    halls_sht = np.full((len(sites), len(halls), len(years)), NONE, dtype=np.int32)
    keep_ft = np.full((len(case.fleet), len(years)), NONE, dtype=np.int32)
    for column in np.flatnonzero(mine):
        match matrix.families[column], keys[column]:
            case "open", (s, t):
                open_st[sites[s], years[t]] = numbers[column]
            case "halls", (s, h, t):
                halls_sht[sites[s], halls[h], years[t]] = numbers[column]
            case "keep", (f, t):
                keep_ft[f, years[t]] = numbers[column]
    filled = number_columns(arrays, keep_ft, int(mine.sum()))
    _number_the_filled(case, arrays, matrix, keys, filled, numbers)
    rows = np.flatnonzero(~np.isin(matrix.row_families, ROWS))
    part = sparse.coo_array(sparse.csr_array(matrix.coefficients)[rows])
    given = Given(
        cost=(matrix.cost / matrix.units * matrix.money_unit)[mine],
        lower=(matrix.lower * matrix.units)[mine],
        upper=(matrix.upper * matrix.units)[mine],
        integer=matrix.integer[mine],
        row=part.row.astype(np.int32),
        column=numbers[part.col],
        value=part.data / matrix.units[part.col],
        row_lower=matrix.row_lower[rows],
        row_upper=matrix.row_upper[rows],
        open_st=open_st,
        halls_sht=halls_sht,
        keep_ft=keep_ft,
    )
    return given, matrix, numbers


def _keys(matrix: Matrix) -> list[Any]:
    """What each column is about, as its decision is indexed."""
    return [matrix.layout.column(number)[1] for number in range(len(matrix.cost))]


def _number_the_filled(
    case: Case, a: PlainArrays, matrix: Matrix, keys: list[Any], filled: Numbering, numbers: Numbers
) -> None:
    """Number the columns of the filled families as the floor does."""

    def numbered(parts: Any) -> Mapping[str, int]:
        return {part.id: number for number, part in enumerate(parts)}

    w_of, s_of, h_of, k_of = map(numbered, (case.workloads, case.sites, case.hall_types, case.hardware))
    t_of = {year: number for number, year in enumerate(case.years)}
    pair_of = {(int(w), int(s)): pair for pair, (w, s) in enumerate(zip(a.pair_w, a.pair_s, strict=True))}
    for column in np.flatnonzero(np.isin(matrix.families, COLUMNS)):
        match matrix.families[column], keys[column]:
            case "place" | "standby" as family, (w, s, t):
                pair = pair_of[w_of[w], s_of[s]]
                numbers[column] = (filled.place if family == "place" else filled.standby)[pair, t_of[t]]
            case "unserved", (w, t):
                numbers[column] = filled.unserved[w_of[w], t_of[t]]
            case "buy" | "own" as family, (k, s, h, t):
                where = k_of[k], s_of[s], h_of[h], t_of[t]
                numbers[column] = (filled.buy if family == "buy" else filled.own)[where]


def main() -> None:
    """Leave the resolved case and what is given in the task's folder."""
    task = Task.from_argument(sys.argv[1])
    case = load(task.scenario).case
    given, _, _ = given_part(case, plain_arrays(case))
    np.savez(Path(task.folder) / GIVEN_FILE, **vars(given))
    (Path(task.folder) / CASE_FILE).write_text(case_text(case), encoding="utf-8")


if __name__ == "__main__":
    main()
