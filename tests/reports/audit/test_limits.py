"""The hand-made plan against a case that forbids one thing it does: that is complained about, and nothing else."""

from collections.abc import Callable
from typing import Any

import pytest

from suanli.reports.audit import AuditReport

Audit = Callable[..., AuditReport]

EXACT = [
    (
        {"sites.zhangqiu.earliest_year": 2025},
        "Zhangqiu, 2024: the site is open before its earliest year 2025",
        "Zhangqiu, 2024: 1 hall of type air built before 2025, the first year possible",
        "Zhangqiu, 2024: 20 units of kunpeng bought before the site's earliest year 2025",
        "workload office@city, 2024: primary share at Zhangqiu before the site's earliest year 2025",
        "workload office@city, 2024: standby share at Zhangqiu before the site's earliest year 2025",
        "workload video@zhangqiu, 2024: primary share at Zhangqiu before the site's earliest year 2025",
    ),
    ({"sites.caishi.max_halls": 3}, "Caishi, 2025: 4 halls of 3 that the site can hold"),
    (
        {"sites.caishi.allowed_halls": ["air"]},
        "Caishi, 2025: 1 hall built of type liquid, which is not allowed at this site",
        "Caishi, 2025: 3 units of ascend bought for hall type liquid, which neither stands nor is allowed at this site",
    ),
    (
        {"sites.caishi.allowed_halls": ["liquid"]},
        "Caishi, 2024: 1 hall converted into of type air, which is not allowed at this site",
        "Caishi, 2024: 20 units of kunpeng bought for hall type air, which neither stands nor is allowed at this site",
    ),
    (
        {"hall_types.liquid.lead_years": 2},
        "Caishi, 2025: 1 hall of type liquid built before 2026, the first year possible",
    ),
    ({"hardware.kunpeng.lot": 4}, "Zhangqiu, 2025: 10 units of kunpeng bought, not in whole lots of 4"),
    (
        {"hardware.ascend.available_to": 2024},
        "Caishi, 2025: 3 units of ascend bought, which is on the market from 2024 to 2024 only",
    ),
    (
        {"hardware.ascend.available_from": 2026},
        "Caishi, 2025: 3 units of ascend bought, which is on the market from 2026 to 2030 only",
    ),
    (
        {"hardware.ascend.halls": ["air"]},
        "Caishi, 2025: 3 units of ascend bought for hall type liquid, which it does not fit",
    ),
    ({"hardware.ascend.sites": ["hub"]}, "Caishi, 2025: 3 units of ascend bought, which may not stand at this site"),
    ({"hardware.kunpeng.supply": {"2024": 39.5}}, "kunpeng, 2024: 40 units bought of 39.5 on the market"),
    (
        {"fleet.1.install_year": 2020},
        "Caishi, 2025: 20 units of x86 kept in hall type legacy, but 0 of the existing fleet are within their lives",
    ),
    (
        {"fleet.0.count": 25},
        "Caishi, 2024: 50 units of x86 kept in hall type legacy, but 45 of the existing fleet are within their lives",
    ),
    (
        # 440 U in racks of 40 U: 11 racks.
        {"hardware.leased-gpu.rack_units": 440.0},
        "hub, 2024: racks in use 11.0 of 10.0 in hall type air",
        "hub, 2025: racks in use 11.0 of 10.0 in hall type air",
    ),
    ({"sites.caishi.usable_grid": 0.75}, "Caishi, 2024: site power 54.0 of 52.5 kW that may be drawn"),
    (
        {"sites.caishi.grid_max_steps": 0},
        "Caishi, 2024: 1 grid step so far of 0",
        "Caishi, 2025: 1 grid step so far of 0",
    ),
    (
        # 0.49 * 283.824
        {"sites.caishi.green_max_share": 0.49},
        "Caishi, 2025: green electricity 141.9 of 139.1 MWh that can be bought",
    ),
    (
        {"workloads.office@city.demand": {"vcpu": {"2024": 2000.0, "2025": 3700.0}}},
        "Caishi, 2025: vcpu used in pool general 3,700.0 of 3,648.0 that may be used",
    ),
    (
        # A standby reserves 0.9: 2000 * (0.25 + 0.9 * 0.75) + 500, then 0.9 * 3000 + 600.
        {"workloads.office@city.backup": 0.9},
        "Zhangqiu, 2024: vcpu used in pool general 2,350.0 of 2,048.0 that may be used",
        "Zhangqiu, 2025: vcpu used in pool general 3,300.0 of 3,072.0 that may be used",
    ),
    (
        # The hub carries 0.8 * 5.5.
        {"workloads.training@city.demand": {"fp16_pflops": {"2024": 5.5, "2025": 8.0}}},
        "hub, 2024: fp16_pflops used in pool ai 4.40 of 4.00 that may be used",
    ),
    (
        # At Caishi 1750 in 2024 and 3000 in 2025, of 0.8 * 20 * 128 on domestic hardware.
        {"workloads.office@city.domestic_only": True},
        "Caishi, 2025: vcpu used in pool general on domestic hardware 3,000.0 of 2,048.0 that may be used",
    ),
    ({"sites.caishi.egress_gbps": 22.5}, "Caishi, 2025: outgoing traffic 23.00 of 22.50 Gbps"),
    (
        {"sites.zhangqiu.zone": "east"},
        "workload office@city, 2024: primary and standby shares 2.0 of 1.0 in fault zone east",
        "workload office@city, 2025: primary and standby shares 2.0 of 1.0 in fault zone east",
    ),
    (
        {"workloads.office@city.divisible": False},
        "workload office@city, 2024: primary share 0.75, but it cannot be divided",
        "workload office@city, 2024: primary share 0.25, but it cannot be divided",
        "workload office@city, 2024: standby share 0.25, but it cannot be divided",
        "workload office@city, 2024: standby share 0.75, but it cannot be divided",
    ),
    (
        {"workloads.office@city.backup": 0.0},
        "workload office@city, 2024: standby share, but it needs no backup",
        "workload office@city, 2024: standby share, but it needs no backup",
        "workload office@city, 2025: standby share, but it needs no backup",
    ),
    ({"budget_cny": {"2025": 5000000.0}}, "2025: capital spending 5,200,000.0 of 5,000,000.0 CNY in the budget"),
    (
        {"targets.compute.value": 7.5},
        "target compute, 2025: hard, but compute_pflops is 7.20 and must be >= 7.50 PFLOPS",
        "targets.csv: target compute, 2025: required is 7.00 PFLOPS, expected 7.50 PFLOPS",
        "targets.csv: target compute, 2025: called met, but it falls short",
        "targets.csv: target compute, 2025: missed by 0.00 PFLOPS, expected 0.30 PFLOPS",
    ),
    (
        # An equality is hard, whatever its penalty. Missed by 0.3462 * 409.968 - 0.3 * 409.968 = 18.9216.
        {"targets.green.sense": "==", "targets.green.penalty_cny": 1.0},
        "target green, 2025: hard, but green_share is 0.346 and must be == 0.300 share",
        "targets.csv: target green, 2025: sense is >=, expected ==",
        "targets.csv: target green, 2025: called met, but it falls short",
        "targets.csv: target green, 2025: missed by 0.0 of its linear form, expected 18.9 of its linear form",
    ),
]


@pytest.mark.parametrize(("changes", "complaints"), [(case[0], case[1:]) for case in EXACT])
def test_what_the_case_forbids_is_all_that_is_found(
    audit_with_case: Audit, changes: dict[str, Any], complaints: tuple[str, ...]
) -> None:
    assert audit_with_case(changes).failures == complaints


AMONG_OTHERS = [
    ({"sites.caishi.existing_halls": {}}, "Caishi: 1 hall of 0 of type legacy converted away"),
    ({"sites.caishi.existing_halls": {}}, "Caishi, 2024: -1 halls of type legacy in service, fewer than none"),
    (
        {"conversions": [{"from_hall": "legacy", "to_hall": "liquid", "cost_cny": 400000.0}]},
        "Caishi, 2024: halls converted away (1 legacy) cannot have become the halls converted into (1 air)",
    ),
    (
        {"workloads.video@zhangqiu.sites": {"caishi": 300.0}},
        "workload video@zhangqiu, 2025: primary share at Zhangqiu, a site that it may not use",
    ),
    (
        {"workloads.training@city.unserved_penalty_cny": None},
        "workload training@city, 2024: unserved share, but it must be served",
    ),
    (
        {"hardware.kunpeng.domestic": False},
        "Zhangqiu, 2025: vcpu used in pool general on domestic hardware 600.0 of 0.0 that may be used",
    ),
    (
        # Two units of 1.25 kW to a rack: 50 units take 25 racks and 62.5 kW; two halls have 20 racks and 50 kW.
        {"hardware.x86.peak_kw": 1.25},
        "Caishi, 2024: IT power 62.5 of 50.0 kW in hall type legacy",
    ),
    ({"hardware.x86.peak_kw": 1.25}, "Caishi, 2024: racks in use 25.0 of 20.0 in hall type legacy"),
    (
        {"sites.caishi.earliest_year": 2025},
        "Caishi, 2024: 1 grid step before the site's earliest year 2025",
    ),
    ({"discount_rate": 0.0}, "Caishi, 2025: discounted halls in costs.csv 1,280,000.0 CNY, expected 2,000,000.0 CNY"),
]


@pytest.mark.parametrize(("changes", "complaint"), AMONG_OTHERS)
def test_what_the_case_forbids_is_found(audit_with_case: Audit, changes: dict[str, Any], complaint: str) -> None:
    assert complaint in audit_with_case(changes).failures


def test_a_limit_that_is_just_kept_is_no_failure(audit_with_case: Audit) -> None:
    """Each limit is what the plan uses: 23 Gbps, one step, 54 of 70 kW, ten racks, the last market year, capital."""
    report = audit_with_case(
        {
            "sites.caishi.egress_gbps": 23.0,
            "sites.caishi.grid_max_steps": 1,
            "sites.caishi.usable_grid": 54 / 70,
            "hardware.leased-gpu.rack_units": 400.0,
            "hardware.kunpeng.available_to": 2025,
            "budget_cny": {"2024": 3500000.0, "2025": 5200000.0},
        }
    )
    assert report.failures == ()
