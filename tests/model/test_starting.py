"""A plan's tables become a point of the model again, and a search may begin with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from suanli.inputs.case import Case
from suanli.inputs.generating.random_case import draw_case
from suanli.model import solve
from suanli.model.aggregation import aggregate
from suanli.model.arrays.matrix import compile_matrix
from suanli.model.assemble import assemble
from suanli.model.search import plans
from suanli.model.search.state import Search
from suanli.model.starting import point_of, starting_point

if TYPE_CHECKING:
    from .conftest import MakeCase, Problem, Solution

Tables = dict[str, pd.DataFrame]


def cost_and_violation(case: Case, tables: Tables) -> tuple[float, float]:
    """What the tables cost as a point of the case's matrix in CNY, and by how much that point misses a row."""
    aggregation = aggregate(case)
    model, lookup = assemble(aggregation.case)
    matrix = compile_matrix(model)
    x = point_of(model, lookup, aggregation.merged(tables)) / matrix.units
    return matrix.objective(x) * matrix.money_unit, matrix.violation(x)


@pytest.mark.parametrize("seed", range(12))
def test_the_tables_of_a_plan_are_its_point_again(seed: int) -> None:
    case = draw_case("tiny", seed, sites=3, workloads=4, years=1 + seed % 2).case
    plan = solve(case, gap=1e-6, threads=1)
    cost, missed = cost_and_violation(case, dict(plan.tables))
    assert cost == pytest.approx(plan.objective_cny, rel=1e-9)
    assert missed < 1e-6


def test_tables_read_from_files_do_as_well(tmp_path: Path) -> None:
    from suanli.reports.folder import COLUMNS, TEXT_COLUMNS

    case = draw_case("tiny", 2, sites=3, workloads=4, years=2).case
    plan = solve(case, gap=1e-6, threads=1)
    read = {}
    for name, table in plan.tables.items():
        table.to_csv(tmp_path / name, index=False)
        texts = dict.fromkeys(TEXT_COLUMNS & set(COLUMNS[name]), "string")
        read[name] = pd.read_csv(tmp_path / name, dtype=texts, keep_default_na=False, na_values={"value": [""]})
    cost, missed = cost_and_violation(case, read)
    assert cost == pytest.approx(plan.objective_cny, rel=1e-9)
    assert missed < 1e-6


def test_halls_converted_are_paired_at_the_least_cost(solved: Callable[..., Solution]) -> None:
    """One hall of each of a and b becomes one of each of c and d: a to c and b to d cost 1 + 1, the others 5 + 5.

    Work in c and d is worth it, for there is no other hall that the servers fit.
    """
    halls = [{"id": name} for name in "abcd"]
    pairs = {"ac": 1, "ad": 5, "bc": 5, "bd": 1}
    solution = solved(
        sites=[{"allowed_halls": ["c", "d"], "existing_halls": {"a": 1, "b": 1}, "max_halls": 2}],
        hall_types=halls,
        conversions=[{"from_hall": pair[0], "to_hall": pair[1], "cost_cny": cost} for pair, cost in pairs.items()],
        hardware=[
            {"id": "in-c", "halls": ["c"], "provides": {"sea": 1}},
            {"id": "in-d", "halls": ["d"], "provides": {"dee": 1}},
        ],
        workloads=[{"demand": {"sea": 1, "dee": 1}}],
    )
    assert solution.costs()["conversions"] == 2
    cost, missed = cost_and_violation(solution.plan.case, dict(solution.plan.tables))
    assert cost == pytest.approx(2 + 2 * 100)
    assert missed < 1e-9


def test_of_two_fleets_in_one_place_the_younger_is_kept_longer(make_case: MakeCase) -> None:
    """Four servers in 2024 are both fleets; the two of 2025 are those of 2021, as the others' life is over by then."""
    case = make_case(
        years=(2024, 2025),
        hardware=[{"life_years": 5}],
        fleet=[
            {"site": "site", "hall": "hall", "hardware": "server", "count": count, "install_year": year}
            for year, count in ((2020, 2), (2021, 2))
        ],
        workloads=[{"demand": {2024: 4.0, 2025: 2.0}}],
    )
    plan = solve(case, gap=1e-9, threads=1)
    assert plan.objective_cny == 0, "what exists is enough, and costs nothing to keep"
    assert plan.tables["hardware"]["kept"].tolist() == [4, 2]
    model, lookup = assemble(case)
    x = point_of(model, lookup, plan.tables)
    kept = {index: x[model.keep.first_column + i] for i, index in enumerate(model.keeping)}
    assert kept == {(0, 2024): 2, (1, 2024): 2, (1, 2025): 2}
    assert compile_matrix(model).violation(x / compile_matrix(model).units) < 1e-9


def test_what_a_soft_target_is_missed_by_follows(make_case: MakeCase) -> None:
    """Four servers of 1 PFLOPS for 10 wanted: 6 are missed at 1 CNY each, cheaper than a server at 100."""
    target = {"metric": "compute_pflops", "value": 10, "penalty_cny": 1}
    case = make_case(hardware=[{"counted_pflops": 1}], workloads=[{"demand": 4}], targets=[target])
    plan = solve(case, gap=1e-9, threads=1)
    cost, missed = cost_and_violation(case, dict(plan.tables))
    assert cost == pytest.approx(4 * 100 + 6)
    assert missed < 1e-9


@pytest.fixture
def two_alike(make_case: MakeCase) -> Case:
    """Two divisible workloads, of 1 and 3 units, that are planned as one; 4 servers at either of two sites."""
    return make_case(
        sites=[{"id": "here"}, {"id": "there"}],
        workloads=[{"id": "small", "demand": 1}, {"id": "large", "demand": 3}],
    )


def test_members_of_a_merged_workload_need_not_stand_together(two_alike: Case) -> None:
    """A plan from elsewhere has the small one here and the large one there: of the whole, a quarter is here."""
    tables = dict(solve(two_alike, gap=1e-9, threads=1).tables)
    tables["placement"] = pd.DataFrame(
        [("small", "here", 2024, "primary", 1.0), ("large", "there", 2024, "primary", 1.0)],
        columns=["workload", "site", "year", "role", "share"],
    )
    merged = aggregate(two_alike).merged(tables)["placement"]
    assert merged.to_dict("list") == {
        "workload": ["small", "small"],
        "site": ["here", "there"],
        "year": [2024, 2024],
        "role": ["primary", "primary"],
        "share": [0.25, 0.75],
    }


def test_a_search_begins_with_the_plan_given(two_alike: Case) -> None:
    plan = solve(two_alike, gap=1e-9, threads=1)
    again = solve(two_alike, gap=1e-9, threads=1, start=plan.tables)
    assert again.progress[0].step == "the plan to start from"
    assert again.progress[0].best_cny == pytest.approx(4 * 100)
    assert again.objective_cny == pytest.approx(4 * 100)


def test_a_plan_is_kept_when_there_is_no_time_for_another() -> None:
    case = draw_case("tiny", 4, sites=3, workloads=4, years=2).case
    plan = solve(case, gap=1e-6, threads=1)
    again = solve(case, gap=0.0, time_limit=0.0, start=plan.tables)
    assert plan.objective_cny is not None
    assert again.objective_cny == pytest.approx(plan.objective_cny, rel=1e-6)


def test_no_plan_is_drafted_where_there_is_one_to_improve(
    drawn: Callable[[int], Problem], monkeypatch: pytest.MonkeyPatch
) -> None:
    drafts: list[Search] = []
    monkeypatch.setattr(plans, "draft", lambda state, *_: drafts.append(state))
    monkeypatch.setattr(plans, "any_plan", lambda *_: None)
    monkeypatch.setattr(plans, "improve", lambda *_: None)
    problem = drawn(1)
    without, started = problem.search(), problem.search()
    started.start_from(problem.point, problem.optimum)
    for state in (without, started):
        plans.find_plans(state)
    assert drafts == [without]


def with_demands(case: Case, *demands: float) -> Case:
    """The case with other demands of its workloads."""
    changed = (
        workload.model_copy(update={"demand": {"unit": {2024: demand}}})
        for workload, demand in zip(case.workloads, demands, strict=True)
    )
    return case.model_copy(update={"workloads": tuple(changed)})


def test_shares_that_no_longer_fit_are_worked_out_anew(two_alike: Case) -> None:
    """Three servers here and one there still serve 2 + 2 units, but not with the shares of 1 + 3 units.

    The shares say that all of the first is there, 2 units on one server.
    """
    tables = dict(solve(two_alike, gap=1e-9, threads=1).tables)
    tables["hardware"] = pd.DataFrame(
        [(site, "hall", "server", 2024, count, 0, count) for site, count in (("here", 3), ("there", 1))],
        columns=tables["hardware"].columns,
    )
    tables["placement"] = pd.DataFrame(
        [("small", "there", 2024, "primary", 1.0), ("large", "here", 2024, "primary", 1.0)],
        columns=["workload", "site", "year", "role", "share"],
    )
    first, last = two_alike.workloads
    indivisible = first.model_copy(update={"sites": {"there": 0.0, "here": 1.0}})
    apart = two_alike.model_copy(update={"workloads": (indivisible, last.model_copy(update={"sites": {"here": 0.0}}))})
    assert len(aggregate(apart).case.workloads) == 2
    cost, missed = cost_and_violation(apart, tables)
    assert cost == pytest.approx(400)
    assert missed < 1e-9
    changed = with_demands(apart, 2, 2)
    assert cost_and_violation(changed, tables)[1] > 0.1
    model, lookup = assemble(changed)
    matrix = compile_matrix(model)
    x = starting_point(model, lookup, matrix, tables)
    assert x is not None
    values = x * matrix.units
    shares = {index: values[model.place.first_column + i] for i, index in enumerate(model.placing)}
    assert shares["small", "there", 2024] <= 0.5 + 1e-9, "one unit of two"


def test_a_plan_that_does_not_fit_is_passed_over(two_alike: Case) -> None:
    """Four servers are too few for 1 + 9 units; ten are bought."""
    plan = solve(two_alike, gap=1e-9, threads=1)
    more = solve(with_demands(two_alike, 1, 9), gap=1e-9, threads=1, start=plan.tables)
    assert all(moment.step != "the plan to start from" for moment in more.progress)
    assert more.objective_cny == pytest.approx(10 * 100)


def test_a_plan_of_another_case_does_no_harm(two_alike: Case) -> None:
    """The site and the servers of the plan do not exist in the other case."""
    plan = solve(two_alike, gap=1e-9, threads=1)
    site, other = two_alike.sites
    renamed = two_alike.model_copy(
        update={
            "sites": (site.model_copy(update={"id": "elsewhere"}), other),
            "workloads": tuple(w.model_copy(update={"sites": {"elsewhere": 0.0}}) for w in two_alike.workloads),
        }
    )
    assert solve(renamed, gap=1e-9, threads=1, start=plan.tables).objective_cny == pytest.approx(4 * 100)
