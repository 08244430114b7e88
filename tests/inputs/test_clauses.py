"""coverage.csv goes through to the result: what each clause asks for, and which workloads carry it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from suanli.inputs.clauses import Clause
from suanli.inputs.loading import Loaded, load

Write = Callable[[str, str], Path]
Load = Callable[[str], Loaded]
Tell = Callable[[str], list[str]]

SITES = "id,source\ncore,survey\n"
TABLE = """\
id,what,what.zh,amount,clause,table,row,overridden,reason,reason.zh
C1,compute,算力,0.1 P,Plan 3(2),targets,compute,,,
C2,residents served,服务居民,100,Plan 4,drivers,people,true,a misprint,笔误
C3,the office,办公,,Plan 5,workloads,office,,,
C4,a slogan,口号,,Plan 1,,,,no amount,没有数量
"""


def test_a_clause_knows_the_workloads_that_carry_it(write: Write, loaded: Load) -> None:
    write("tables/sites.csv", SITES)
    write("tables/coverage.csv", TABLE)
    found = loaded("tables: tables\nsystems:\n  desk: {workload: office}\n").clauses
    assert found == (
        Clause("C1", "Plan 3(2)", "compute", "算力", "0.1 P", "targets", ("compute",)),
        Clause("C2", "Plan 4", "residents served", "服务居民", "100", "drivers", ("people",), ("office",), True,
               "a misprint", "笔误"),
        Clause("C3", "Plan 5", "the office", "办公", "", "workloads", ("office",), ("office",)),
        Clause("C4", "Plan 1", "a slogan", "口号", reason="no amount", reason_zh="没有数量"),
    )  # fmt: skip


def test_systems_lead_to_the_workload_they_are_part_of(write: Write, loaded: Load) -> None:
    write("tables/sites.csv", SITES)
    write("tables/coverage.csv", "id,what,clause,table,row\ndesk,Desk,Plan 6,systems,desk\n")
    (clause,) = loaded("tables: tables\nsystems:\n  desk: {workload: office}\n").clauses
    assert (clause.rows, clause.workloads) == (("desk",), ("office",))


def test_what_is_wrong_with_the_table_is_told_with_the_rest(write: Write, wrong: Tell) -> None:
    write("tables/sites.csv", SITES)
    write("tables/coverage.csv", "id,what,clause,table,row\nC1,x,1,target,a\nC1,y,2,,\n")
    assert wrong("tables: tables\ndiscount_rat: 0.1\n")[1:] == [
        'tables/coverage.csv:2 (column table): found "target", expected nothing, or one of districts, sites, '
        "hall_types, conversions, hardware, fleet, drivers, workloads, systems, targets; did you mean targets?",
        'tables/coverage.csv:3 (column id): found "C1", expected an id, and every id once',
    ]


def test_a_resolved_case_and_a_scenario_without_the_table_have_no_clauses() -> None:
    assert load("tiny.yaml").clauses == ()


def test_jinan_hands_every_clause_through() -> None:
    clauses = {clause.id: clause for clause in load("jinan-2027").clauses}
    assert len(clauses) == 457
    assert clauses["PT001"].rows == ("compute-2027",)
    assert clauses["PT199"].amount == "69,000 vCPU"
    assert clauses["PT007"].overridden
    assert all(clause.what_zh for clause in clauses.values())
    assert all(bool(clause.reason) == bool(clause.reason_zh) for clause in clauses.values())
    carried = [clause for clause in clauses.values() if clause.table in ("drivers", "workloads", "systems")]
    assert all(clause.workloads for clause in carried)
