"""Whatever cell of the accepted plan is changed, the audit notices; whatever stands in one, it never raises."""

import csv
import io
from collections.abc import Callable, Mapping

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from suanli.reports.audit import audit
from suanli.reports.folder import COLUMNS, TEXT_COLUMNS, Result, ResultError

Make = Callable[..., Result]

ANY = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
ODD = [
    "",
    " ",
    "-1",
    "0",
    "1.5",
    "1e400",
    "-1e300",
    "1e15",
    "nan",
    "inf",
    "-inf",
    "None",
    "True",
    "济南",
    "'",
    "x" * 300,
]


@ANY
@given(data=st.data())
def test_a_noticeable_change_of_any_number_is_found(make_result: Make, data: st.DataObject) -> None:
    result = make_result()
    name = data.draw(st.sampled_from(sorted(COLUMNS)), label="table")
    table = result.tables[name].copy()
    column = data.draw(st.sampled_from([c for c in table.columns if c not in TEXT_COLUMNS | {"met"}]), label="column")
    row = data.draw(st.sampled_from([row for row in table.index if pd.notna(table[column][row])]), label="row")
    number = table[column][row]
    whole = pd.api.types.is_integer_dtype(table[column])
    size = st.integers(1, 100) if whole else st.floats(max(0.001, abs(number) / 1000), max(1.0, 2 * abs(number)))
    change = data.draw(size, label="change") * data.draw(st.sampled_from([1, -1]), label="sign")
    table.loc[row, column] = number + change
    report = audit(make_result({name: table.to_csv(index=False)}))
    assert not report.ok
    assert report.failures


@ANY
@given(data=st.data())
def test_no_content_of_a_cell_makes_the_audit_raise(
    make_result: Make, tables: Mapping[str, str], data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(COLUMNS)), label="table")
    rows = list(csv.reader(io.StringIO(tables[name])))
    row = data.draw(st.integers(1, len(rows) - 1), label="row")
    column = data.draw(st.integers(0, len(rows[0]) - 1), label="column")
    other = data.draw(st.sampled_from(rows[1:]), label="other row")[column]
    before = rows[row][column]
    rows[row][column] = data.draw(st.sampled_from([*ODD, other]) | st.text(max_size=5), label="cell")
    changed = io.StringIO()
    csv.writer(changed).writerows(rows)
    try:
        report = audit(make_result({name: changed.getvalue()}))
    except ResultError:
        return
    assert report.ok == (not report.failures)
    assert not report.ok or rows[row][column] == before or float(rows[row][column]) == float(before)


@ANY
@given(name=st.sampled_from(sorted(COLUMNS)), data=st.data())
def test_any_row_removed_or_given_twice_is_found(
    make_result: Make, tables: Mapping[str, str], name: str, data: st.DataObject
) -> None:
    header, *lines = tables[name].splitlines(keepends=True)
    row = data.draw(st.integers(0, len(lines) - 1), label="row")
    assert not audit(make_result({name: "".join([header, *lines, lines[row]])})).ok
    assert not audit(make_result({name: "".join([header, *lines[:row], *lines[row + 1 :]])})).ok
