"""What targets and limits cost, on cases where a line of arithmetic says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import pytest

from suanli.inputs.case import Case
from suanli.inputs.parts import Target
from suanli.model import solve
from suanli.model.questions.prices import NoPlanError, price
from suanli.model.questions.weakening import Relief, binding, relieve, weaker

if TYPE_CHECKING:
    from .conftest import MakeCase

Price = Callable[..., dict[str, Any]]


@pytest.fixture
def priced(make_case: MakeCase) -> Price:
    """The prices of a tiny case at its optimum, held and divisible, by target, or by kind and place or thing."""

    def find(**tables: Any) -> dict[str, Any]:
        case = make_case(**tables)
        prices = price(case, solve(case, gap=1e-9, threads=1).tables)
        targets = {row["target"]: (row["held"], row["divisible"]) for row in prices.targets.to_dict("records")}
        limits = {
            " ".join(filter(None, (row["kind"], row["place"], row["thing"]))): (row["held"], row["divisible"])
            for row in prices.limits.to_dict("records")
        }
        return {str(name): value for name, value in {**targets, **limits}.items()}

    return find


CARBON: dict[str, Any] = {
    "sites": [{"carbon_kg_per_kwh": 0.5, "green_max_share": 1.0, "green_premium_cny_per_kwh": 0.03}],
    "hardware": [{"average_kw": 1}],
    "workloads": [{"demand": 10}],
}
"""Ten servers of 1 kW on average use 87.6 MWh, 43.8 t; a tonne less takes 2 MWh of green electricity, 60 CNY."""


def test_a_tonne_costs_the_green_electricity_that_avoids_it(priced: Price) -> None:
    """43.8 - 30 = 13.8 t are avoided by 27.6 MWh; the servers stay whatever is held."""
    prices = priced(**CARBON, targets=[{"metric": "carbon_tonnes", "sense": "<=", "value": 30}])
    assert prices["target-1"] == (pytest.approx(60), pytest.approx(60))


def test_a_share_is_priced_per_unit_of_the_share(priced: Price) -> None:
    """A hundredth of 87.6 MWh more green is 0.876 MWh at 30 CNY: 26.28 CNY, a hundred times that for the whole."""
    prices = priced(**CARBON, targets=[{"metric": "green_share", "value": 0.4}])
    assert prices["target-1"] == (pytest.approx(2628), pytest.approx(2628))


def test_prices_are_discounted_as_costs_are(priced: Price) -> None:
    """A tonne of 2025, two years after the base year, at 10%: 60 / 1.21."""
    target = {"metric": "carbon_tonnes", "sense": "<=", "value": 30, "year": 2025}
    prices = priced(**CARBON, years=(2024, 2025), discount_rate=0.1, targets=[target])
    assert prices["target-1"][0] == pytest.approx(60 / 1.21)


def test_whole_servers_have_no_price_while_they_are_held(priced: Price) -> None:
    """Ten servers of 1 PFLOPS: with these held a PFLOPS less saves nothing; in fractions it saves 100 CNY."""
    target = {"metric": "compute_pflops", "value": 10}
    assert priced(hardware=[{"counted_pflops": 1}], targets=[target])["target-1"] == (0.0, pytest.approx(100))


def test_a_target_that_is_exceeded_costs_nothing(priced: Price) -> None:
    target = {"metric": "compute_pflops", "value": 5}
    prices = priced(hardware=[{"counted_pflops": 1}], workloads=[{"demand": 10}], targets=[target])
    assert prices["target-1"] == (0.0, 0.0)


def test_a_target_missed_costs_its_penalty(priced: Price) -> None:
    target = {"metric": "compute_pflops", "value": 10, "penalty_cny": 7}
    prices = priced(hardware=[{"counted_pflops": 1}], workloads=[{"demand": 4}], targets=[target])
    assert prices["target-1"] == (pytest.approx(7), pytest.approx(7))


def test_an_exact_target_is_priced_per_unit_less(priced: Price) -> None:
    """In fractions one PFLOPS less saves a server of 100 CNY."""
    target = {"metric": "compute_pflops", "value": 10, "sense": "=="}
    assert priced(hardware=[{"counted_pflops": 1}], targets=[target])["target-1"] == (0.0, pytest.approx(100))


NEAR_AND_FAR: dict[str, Any] = {
    "sites": [{"id": "near"}, {"id": "far"}],
    "workloads": [{"demand": 10, "gbps": 10, "sites": {"near": 0, "far": 7}}],
}
"""A Gbps to the far site costs 7 CNY a year more, and one server serves one unit and one Gbps."""


def near(**changed: Any) -> dict[str, Any]:
    return {**NEAR_AND_FAR, "sites": [{"id": "near", **changed}, {"id": "far"}]}


def test_the_power_of_a_site_is_worth_the_traffic_that_it_spares(priced: Price) -> None:
    """5 kW for 5 of the 10 servers at the near site; one more would spare 7 CNY. Held, no server can move."""
    prices = priced(**near(grid_kw=5))
    assert prices == {"site_power near": (0.0, pytest.approx(7))}


def test_of_a_connection_only_what_may_be_used_is_priced(priced: Price) -> None:
    """10 kW of which half may be used: the price is that of a usable kW."""
    assert priced(**near(grid_kw=10, usable_grid=0.5)) == {"site_power near": (0.0, pytest.approx(7))}


def test_a_rack_is_worth_all_its_servers(priced: Price) -> None:
    """One near rack of 10 kW holds the first ten of twenty servers; another would hold ten more: 70 CNY."""
    tables = near(allowed_halls=["small"], existing_halls={"small": 1})
    tables["workloads"] = [{"demand": 20, "gbps": 20, "sites": {"near": 0, "far": 7}}]
    halls = [{}, {"id": "small", "racks": 1}]
    prices = priced(**tables, hall_types=halls, hardware=[{"halls": ["hall", "small"]}])
    assert prices["halls near"] == (0.0, pytest.approx(70)), "a free hall on a larger plot would bring the rack"


def test_egress_has_a_price_when_only_shares_move(priced: Price) -> None:
    """Ten servers stand at both sites; 5 Gbps may leave the near one, each more spares 7 CNY."""
    fleet = [
        {"site": site, "hall": "hall", "hardware": "server", "count": 10, "install_year": 2023}
        for site in ("near", "far")
    ]
    prices = priced(**near(egress_gbps=5), hardware=[{"price_cny": 0, "life_years": 2}], fleet=fleet)
    assert prices == {"egress near": (pytest.approx(7), pytest.approx(7))}


def test_supply_and_budget(priced: Price) -> None:
    """Cheap servers at 100 CNY, 4 to be had; others at 150. One more cheap one spares 50 CNY, which is 1 in 100.

    Ten servers cost 4 * 100 + 6 * 150 = 1,300 CNY; nothing else does, so the budget of 1,400 does not bind.
    """
    servers = [{"id": "cheap", "supply": {2024: 4}}, {"id": "dear", "price_cny": 150}]
    prices = priced(hardware=servers, workloads=[{"demand": 10}], budget_cny={2024: 1400})
    assert prices == {"supply cheap": (0.0, pytest.approx(50))}


def test_of_a_supply_that_is_no_whole_number_of_lots_all_is_priced(priced: Price) -> None:
    """The market has five cheap servers, of which two lots of two can be bought; in fractions, all five.

    So for a demand of 4.5 no more are wanted. Were there only four, one more would spare 50 CNY.
    """
    servers = [{"id": "cheap", "lot": 2, "supply": {2024: 5}}, {"id": "dear", "price_cny": 150}]
    assert priced(hardware=servers, workloads=[{"demand": 4.5}]) == {}


def test_a_budget_is_priced_per_cny(priced: Price) -> None:
    """Leased servers cost 120 a year and no capital, bought ones 100 of it: a CNY of budget spares 0.2."""
    servers = [{"id": "bought"}, {"id": "leased", "price_cny": 0, "fee_cny_per_year": 120}]
    prices = priced(hardware=servers, workloads=[{"demand": 10}], budget_cny={2024: 500})
    assert prices == {"budget": (0.0, pytest.approx(0.2))}


def test_zones_cost_what_keeps_a_backup_away(priced: Price) -> None:
    """The work runs at the near site in zone x, its backup in zone y; both near would spare the standby's ... nothing.

    Traffic is that of the primary alone. But with the only near capacity in zone x and the far site's servers at
    200 CNY, a backup of 10 servers costs 2,000 there and would cost 1,000 near: 1,000 for the whole workload.
    """
    dear = {"id": "dear", "price_cny": 200, "halls": ["other"]}
    sites = [{"id": "near", "zone": "x"}, {"id": "far", "zone": "y", "existing_halls": {"other": 1}}]
    prices = priced(
        sites=sites,
        hall_types=[{}, {"id": "other"}],
        hardware=[{}, dear],
        workloads=[{"demand": 10, "backup": 1.0}],
    )
    assert prices == {"zone x": (0.0, pytest.approx(1000))}


def test_tables_that_are_no_plan_are_refused(make_case: MakeCase) -> None:
    case = make_case(workloads=[{"demand": 10}])
    tables = dict(solve(case, gap=1e-9, threads=1).tables)
    tables["hardware"] = tables["hardware"].assign(bought=1)
    with pytest.raises(NoPlanError):
        price(case, tables)


def target(**changed: Any) -> Target:
    values = {"id": "t", "metric": "compute_pflops", "sense": ">=", "value": 100.0, "year": 2024, **changed}
    return Target.model_validate(values)


@pytest.mark.parametrize(
    ("changed", "required"),
    [
        ({}, [95, 90]),
        ({"sense": "<="}, [105, 110]),
        ({"metric": "domestic_share", "value": 0.8}, [0.76, 0.72]),
        ({"metric": "green_sites", "value": 5.0}, [4]),
        ({"metric": "edge_nodes", "value": 40.0}, [38, 36]),
        ({"metric": "edge_nodes", "value": 2.0, "sense": "<="}, [3]),
        ({"value": 0.0}, []),
        ({"sense": "=="}, []),
    ],
)
def test_weaker_targets(changed: dict[str, Any], required: list[float]) -> None:
    assert [weak.required for weak in weaker(target(**changed), (0.1, 0.05))] == pytest.approx(required)


@pytest.mark.parametrize(
    ("sense", "attained", "binds"),
    [
        (">=", 100.9, True),
        (">=", 102.0, False),
        (">=", 50.0, True),
        ("<=", 99.5, True),
        ("<=", 90.0, False),
        ("==", 100.0, True),
        (">=", None, False),
    ],
)
def test_a_target_binds_near_what_it_requires(sense: str, attained: float | None, binds: bool) -> None:
    assert binding(target(sense=sense), attained) == binds


def relieved(case: Case, shares: Iterable[float], gap: float = 1e-9) -> Relief:
    plan = solve(case, gap=gap, threads=1)
    assert plan.objective_cny is not None
    asked = [weak for each in case.targets for weak in weaker(each, shares)]
    return relieve(case, plan.tables, plan.objective_cny, plan.bound_cny, asked, gap=gap, time_limit=60, threads=1)


def test_a_weaker_target_saves_whole_servers(make_case: MakeCase) -> None:
    """Ten servers for 10 PFLOPS; 9.5 take ten as well, 9 take nine and save 100 CNY."""
    case = make_case(hardware=[{"counted_pflops": 1}], targets=[{"metric": "compute_pflops", "value": 10}])
    relief = relieved(case, (0.05, 0.1))
    assert [each.weaker.required for each in relief.each] == [9.5, 9.0]
    assert [each.found_cny for each in relief.each] == pytest.approx([0, 100])
    assert [each.least_cny for each in relief.each] == pytest.approx([0, 100], abs=1e-3)
    assert [each.most_cny for each in relief.each] == pytest.approx([0, 100], abs=1e-3)


def test_a_weaker_target_saves_what_its_price_says_where_nothing_is_whole(make_case: MakeCase) -> None:
    """30 t by 5% and 10%: 1.5 and 3 t at 60 CNY."""
    case = make_case(**CARBON, targets=[{"metric": "carbon_tonnes", "sense": "<=", "value": 30}])
    assert [each.found_cny for each in relieved(case, (0.05, 0.1)).each] == pytest.approx([90, 180])


def test_a_plan_that_keeps_the_old_target_is_no_saving(make_case: MakeCase) -> None:
    """Started from twelve servers for 10 PFLOPS, ten are found for 9.5: a better plan for 10 PFLOPS too."""
    case = make_case(
        hardware=[{"counted_pflops": 1}],
        workloads=[{"demand": {"unit": 10}}],
        targets=[{"metric": "compute_pflops", "value": 10}],
    )
    tables = dict(solve(case, gap=1e-9, threads=1).tables)
    tables["hardware"] = tables["hardware"].assign(bought=12, in_service=12)
    asked = list(weaker(case.targets[0], (0.05,)))
    relief = relieve(case, tables, 1200.0, 500.0, asked, gap=1e-9, time_limit=60, threads=1)
    assert relief.best_cny == pytest.approx(1000)
    assert relief.bound_cny == pytest.approx(1000)
    (each,) = relief.each
    assert each.found_cny == 0
    assert (each.least_cny, each.most_cny) == pytest.approx((0, 0), abs=1e-3)


TEN: dict[str, Any] = {
    "hardware": [{"counted_pflops": 1}],
    "targets": [{"metric": "compute_pflops", "value": 10}],
}
"""Ten servers for 10 PFLOPS, 1,000 CNY."""


def test_an_open_gap_leaves_the_saving_open(make_case: MakeCase) -> None:
    """Of a plan of 1,000 CNY only 950 are proved, which is near enough at a gap of 6%; nine servers cost 900."""
    case = make_case(**TEN)
    tables = solve(case, gap=1e-9, threads=1).tables
    asked = list(weaker(case.targets[0], (0.1,)))
    relief = relieve(case, tables, 1000.0, 950.0, asked, gap=0.06, time_limit=60, threads=1)
    (each,) = relief.each
    assert each.found_cny == pytest.approx(100)
    assert each.least_cny == pytest.approx(50), "950 for 10 PFLOPS at least, 900 for 9 at most"
    assert each.most_cny == pytest.approx(100)


def test_where_the_gap_is_open_the_targets_as_they_are_come_first(make_case: MakeCase) -> None:
    """A plan of twelve servers: that ten do is no saving of the weaker target, for which nine do."""
    case = make_case(**TEN)
    tables = dict(solve(case, gap=1e-9, threads=1).tables)
    tables["hardware"] = tables["hardware"].assign(bought=12, in_service=12)
    asked = list(weaker(case.targets[0], (0.1,)))
    told: list[float | None] = []
    relief = relieve(
        case, tables, 1200.0, None, asked, gap=1e-9, time_limit=60, threads=1,
        on_start=lambda weak: told.append(None if weak is None else weak.required),
    )  # fmt: skip
    assert told == [None, 9.0]
    assert relief.best_cny == pytest.approx(1000)
    assert relief.bound_cny == pytest.approx(1000)
    assert [each.found_cny for each in relief.each] == pytest.approx([100])


def test_without_time_nothing_is_found_and_nothing_proved(make_case: MakeCase) -> None:
    case = make_case(**TEN)
    tables = solve(case, gap=1e-9, threads=1).tables
    asked = list(weaker(case.targets[0], (0.1,)))
    (each,) = relieve(case, tables, 1000.0, None, asked, gap=0.0, time_limit=0.0, threads=1).each
    assert [each.cost_cny, each.found_cny, each.least_cny] == pytest.approx([1000, 0, 0])
    assert each.most_cny is None
