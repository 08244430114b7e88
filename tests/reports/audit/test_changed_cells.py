"""The hand-made plan with a cell or two changed: the right complaint is among the failures, word by word."""

from collections.abc import Callable, Mapping

import pytest

from suanli.reports.audit import AuditReport, audit
from suanli.reports.folder import Result

Audit = Callable[..., AuditReport]
Make = Callable[..., Result]

CHANGES = [
    # sites.csv
    ("sites", "caishi,2025", {"open": "0"}, "Caishi, 2025: the site is closed, but an existing site stays in use"),
    ("sites", "zhangqiu,2025", {"open": "0"}, "Zhangqiu, 2025: the site is closed, but a site in use stays in use"),
    (
        "sites",
        "zhangqiu,2024",
        {"open": "0"},
        "Zhangqiu, 2024: 1 hall of 0 that the site can hold, for the site is closed",
    ),
    (
        "sites",
        "zhangqiu,2024",
        {"open": "0"},
        "workload video@zhangqiu, 2024: primary share at Zhangqiu, which is closed",
    ),
    (
        "sites",
        "zhangqiu,2024",
        {"open": "0"},
        "Zhangqiu, 2025: site_opening in costs.csv 0.0 CNY, expected 500,000.0 CNY",
    ),
    ("sites", "zhangqiu,2024", {"open": "0"}, "metrics.csv: edge_nodes (city), 2024, is 1.0 sites, expected 0.0 sites"),
    # halls.csv
    ("halls", "caishi,air,2024", {"in_service": "2"}, "Caishi, 2024: halls of type air in service 2, expected 1"),
    ("halls", "zhangqiu,air,2024", {"built": "2"}, "Zhangqiu, 2025: halls of type air in service 1, expected 2"),
    ("halls", "zhangqiu,air,2024", {"built": "3"}, "Zhangqiu, 2024: 3 halls of 2 that the site can hold"),
    ("halls", "hub,air,2025", {"built": "1"}, "hub, 2025: 1 hall built of type air, which is not allowed at this site"),
    ("halls", "caishi,legacy,2024", {"converted_away": "4"}, "Caishi: 4 halls of 3 of type legacy converted away"),
    (
        "halls",
        "caishi,legacy,2024",
        {"converted_away": "2"},
        "Caishi, 2024: halls converted away (2 legacy) cannot have become the halls converted into (1 air)",
    ),
    (
        "halls",
        "caishi,air,2024",
        {"converted_in": "0"},
        "Caishi, 2024: halls converted away (1 legacy) cannot have become the halls converted into (none)",
    ),
    (
        "halls",
        "zhangqiu,air,2025",
        {"converted_away": "1"},
        "Zhangqiu: 1 hall of 0 of type air converted away",
    ),
    # hardware.csv
    (
        "hardware",
        "caishi,liquid,ascend,2025",
        {"bought": "4"},
        "Caishi, 2025: units of ascend in service in hall type liquid 3, expected 4",
    ),
    (
        "hardware",
        "caishi,liquid,ascend,2025",
        {"bought": "21", "in_service": "21"},
        "Caishi, 2025: racks in use 5.25 of 5.00 in hall type liquid",
    ),
    (
        "hardware",
        "caishi,liquid,ascend,2025",
        {"bought": "21", "in_service": "21"},
        "Caishi, 2025: IT power 105.0 of 100.0 kW in hall type liquid",
    ),
    (
        "hardware",
        "caishi,air,kunpeng,2025",
        {"bought": "3", "in_service": "23"},
        "Caishi, 2025: 3 units of kunpeng bought, not in whole lots of 5",
    ),
    (
        "hardware",
        "zhangqiu,air,kunpeng,2024",
        {"bought": "25", "in_service": "25"},
        "kunpeng, 2024: 45 units bought of 40 on the market",
    ),
    (
        # 25 + 10 units of 0.5 kW and PUE 1.2
        "hardware",
        "zhangqiu,air,kunpeng,2024",
        {"bought": "25", "in_service": "25"},
        "Zhangqiu, 2025: site power 21.0 of 20.0 kW that may be drawn",
    ),
    (
        "hardware",
        "caishi,legacy,x86,2024",
        {"bought": "1", "kept": "49"},
        "Caishi, 2024: 1 unit of x86 bought, which is on the market from 2015 to 2023 only",
    ),
    (
        "hardware",
        "caishi,legacy,x86,2025",
        {"kept": "21", "in_service": "21"},
        "Caishi, 2025: 21 units of x86 kept in hall type legacy, but 20 of the existing fleet are within their lives",
    ),
    (
        "hardware",
        "caishi,legacy,x86,2024",
        {"kept": "10", "in_service": "10"},
        "Caishi, 2025: 20 units of x86 kept in hall type legacy, more than the 10 of the year before",
    ),
    (
        "hardware",
        "zhangqiu,air,kunpeng,2024",
        {"kept": "5", "bought": "15"},
        "Zhangqiu, 2024: 5 units of kunpeng kept in hall type air, but 0 of the existing fleet are within their lives",
    ),
    (
        "hardware",
        "caishi,air,kunpeng,2025",
        {"in_service": "15"},
        "Caishi, 2025: units of kunpeng in service in hall type air 15, expected 20",
    ),
    (
        # A leased unit lives one year: without a new lease there is none.
        "hardware",
        "hub,air,leased-gpu,2025",
        {"bought": "0", "in_service": "0"},
        "hub, 2025: fp16_pflops used in pool ai 2.0 of 0.0 that may be used",
    ),
    (
        "hardware",
        "zhangqiu,air,kunpeng,2024",
        {"hall": "liquid"},
        "Zhangqiu, 2024: 20 units of kunpeng bought for hall type liquid, which it does not fit",
    ),
    (
        "hardware",
        "zhangqiu,air,kunpeng,2024",
        {"hall": "legacy"},
        "Zhangqiu, 2024: 20 units of kunpeng bought for hall type legacy, "
        "which neither stands nor is allowed at this site",
    ),
    # power.csv
    ("power", "caishi,2024", {"grid_steps": "0"}, "Caishi, 2024: site power 54.0 of 45.0 kW that may be drawn"),
    ("power", "caishi,2025", {"grid_steps": "2"}, "Caishi, 2025: 3 grid steps so far of 2"),
    ("power", "zhangqiu,2025", {"grid_kw": "21.0"}, "Zhangqiu, 2025: grid_kw in power.csv 21.0 kW, expected 20.0 kW"),
    ("power", "caishi,2025", {"peak_kw": "30.0"}, "Caishi, 2025: peak_kw in power.csv 30.0 kW, expected 46.5 kW"),
    ("power", "hub,2025", {"it_mwh": "52.6"}, "hub, 2025: it_mwh in power.csv 52.600 MWh, expected 52.560 MWh"),
    (
        "power",
        "caishi,2024",
        {"facility_mwh": "179.58"},
        "Caishi, 2024: facility_mwh in power.csv 179.6 MWh, expected 273.3 MWh",
    ),
    ("power", "hub,2025", {"green_mwh": "60"}, "hub, 2025: green electricity 60.0 of 58.9 MWh that can be bought"),
    (
        "power",
        "zhangqiu,2025",
        {"green_mwh": "1"},
        "Zhangqiu, 2025: green electricity 1.0 of 0.0 MWh that can be bought",
    ),
    (
        "power",
        "caishi,2024",
        {"green_mwh": "90"},
        "Caishi, 2024: green_premium in costs.csv 2,000.0 CNY, expected 1,800.0 CNY",
    ),
    (
        "power",
        "caishi,2024",
        {"green_mwh": "90"},
        "metrics.csv: carbon_tonnes (city), 2024, is 154.4 t, expected 160.4 t",
    ),
    # placement.csv
    (
        "placement",
        "office@city,caishi,2024,primary",
        {"share": "0.65"},
        "workload office@city, 2024: shares served and unserved add up to 0.90, expected 1.00",
    ),
    (
        "placement",
        "office@city,zhangqiu,2025,standby",
        {"share": "0.5"},
        "workload office@city, 2025: shares backed up add up to 0.50, expected 1.00",
    ),
    (
        "placement",
        "office@city,zhangqiu,2025,standby",
        {"site": "caishi"},
        "workload office@city, 2025: primary and standby shares 2.0 of 1.0 in fault zone east",
    ),
    (
        "placement",
        "office@city,zhangqiu,2025,standby",
        {"site": "hub"},
        "workload office@city, 2025: standby share at hub, a site that it may not use",
    ),
    (
        "placement",
        "training@city,hub,2024,primary",
        {"share": "1.0"},
        "hub, 2024: fp16_pflops used in pool ai 5.0 of 4.0 that may be used",
    ),
    (
        "placement",
        "training@city,hub,2024,primary",
        {"role": "standby"},
        "workload training@city, 2024: standby share, but it needs no backup",
    ),
    (
        "placement",
        "video@zhangqiu,zhangqiu,2024,primary",
        {"site": "", "role": "unserved"},
        "workload video@zhangqiu, 2024: unserved share, but it must be served",
    ),
    (
        "placement",
        "video@zhangqiu,zhangqiu,2024,primary",
        {"share": "0.6"},
        "workload video@zhangqiu, 2024: primary share 0.6, but it cannot be divided",
    ),
    (
        "placement",
        "training@city,,2024",
        {"share": "0.5"},
        "2024: unserved_penalty in costs.csv 200,000.0 CNY, expected 500,000.0 CNY",
    ),
    # metrics.csv
    (
        "metrics",
        "compute_pflops,city,2025",
        {"value": "7.3"},
        "metrics.csv: compute_pflops (city), 2025, is 7.30 PFLOPS, expected 7.20 PFLOPS",
    ),
    (
        "metrics",
        "pool_capacity,city; pool=general; resource=vcpu,2025",
        {"value": "8400"},
        "metrics.csv: pool_capacity (city; pool=general; resource=vcpu), 2025, is 8,400.0 vcpu, expected 6,720.0 vcpu",
    ),
    (
        "metrics",
        "domestic_share,city,2025",
        {"value": "1"},
        "metrics.csv: domestic_share (city), 2025, is 1.000, expected 0.972",
    ),
    (
        "metrics",
        "racks_in_service,city,2025",
        {"value": "65"},
        "metrics.csv: racks_in_service (city), 2025, is 65.0 racks, expected 100.0 racks",
    ),
    (
        "metrics",
        "racks_occupied,city,2025",
        {"value": "14"},
        "metrics.csv: racks_occupied (city), 2025, is 14.0 racks, expected 20.0 racks",
    ),
    (
        "metrics",
        "pue,city; kinds=core,2024",
        {"value": "1.5"},
        "metrics.csv: pue (city; kinds=core), 2024, is 1.500, expected 1.522",
    ),
    (
        "metrics",
        "pue,city,2024",
        {"value": ""},
        "metrics.csv: pue (city), 2024, is empty, expected 1.432",
    ),
    ("metrics", "pue,city,2024", {"unit": "share"}, "metrics.csv: pue (city), 2024, is in 'share', expected 'ratio'"),
    (
        "metrics",
        "green_share,city,2024",
        {"value": "0.25"},
        "metrics.csv: green_share (city), 2024, is 0.250, expected 0.280",
    ),
    (
        "metrics",
        "green_sites,city,2024",
        {"value": "2"},
        "metrics.csv: green_sites (city), 2024, is 2.0 sites, expected 1.0 sites",
    ),
    (
        "metrics",
        "capex,city,2025",
        {"value": "5000000"},
        "metrics.csv: capex (city), 2025, is 5,000,000.0 CNY, expected 5,200,000.0 CNY",
    ),
    (
        "metrics",
        "unserved_share,all,2024",
        {"value": "0.2"},
        "metrics.csv: unserved_share (all), 2024, is 0.20, expected 0.07",
    ),
    ("metrics", "edge_nodes,city,2025", {"scope": "all"}, "metrics.csv: edge_nodes (city), 2025, is missing"),
    (
        "metrics",
        "edge_nodes,city,2025",
        {"scope": "all"},
        "metrics.csv: edge_nodes (all), 2025, is a row that nothing asks for",
    ),
    ("metrics", "compute_pflops,all,2025", {"year": "2024"}, "metrics.csv: compute_pflops (all), 2025, is missing"),
    # targets.csv
    (
        "targets",
        "compute",
        {"attained": "7.5"},
        "targets.csv: target compute, 2025: attained is 7.50 PFLOPS, expected 7.20 PFLOPS",
    ),
    ("targets", "compute", {"met": "False"}, "targets.csv: target compute, 2025: called missed, but it is met"),
    ("targets", "core-pue", {"met": "True"}, "targets.csv: target core-pue, 2024: called met, but it falls short"),
    (
        "targets",
        "core-pue",
        {"missed": "0.122"},
        "targets.csv: target core-pue, 2024: missed by 0.1 of its linear form, expected 21.9 of its linear form",
    ),
    (
        "targets",
        "compute-with-hub",
        {"penalty_cny": "8000"},
        "targets.csv: target compute-with-hub, 2025: penalty 8,000.0 CNY, expected 80,000.0 CNY",
    ),
    ("targets", "green", {"sense": "<="}, "targets.csv: target green, 2025: sense is <=, expected >="),
    ("targets", "green", {"year": "2024"}, "targets.csv: target green, 2025: year is 2024, expected 2025"),
    ("targets", "green", {"metric": "pue"}, "targets.csv: target green, 2025: metric is pue, expected green_share"),
    (
        "targets",
        "green",
        {"required": "0.25"},
        "targets.csv: target green, 2025: required is 0.250 share, expected 0.300 share",
    ),
    ("targets", "green", {"attained": ""}, "targets.csv: target green, 2025: attained is empty, expected 0.3462"),
    # costs.csv
    (
        "costs",
        "halls,zhangqiu,2024",
        {"cny": "1000000"},
        "Zhangqiu, 2024: halls in costs.csv 1,000,000.0 CNY, expected 1,500,000.0 CNY",
    ),
    (
        "costs",
        "halls,zhangqiu,2024",
        {"discounted_cny": "1500000"},
        "Zhangqiu, 2024: discounted halls in costs.csv 1,500,000.0 CNY, expected 1,200,000.0 CNY",
    ),
    (
        "costs",
        "conversions,caishi,2024",
        {"cny": "900000"},
        "Caishi, 2024: conversions in costs.csv 900,000.0 CNY, expected 400,000.0 CNY",
    ),
    (
        "costs",
        "network,hub,2024",
        {"site": "caishi", "year": "2024", "category": "salvage"},
        "hub, 2024: network in costs.csv 0.0 CNY, expected 8,000.0 CNY",
    ),
    (
        "costs",
        "salvage,caishi,2025",
        {"cny": "-5400000"},
        "Caishi, 2025: salvage in costs.csv -5,400,000.0 CNY, expected -5,040,000.0 CNY",
    ),
    (
        "costs",
        "target_penalty,,2025",
        {"cny": "0"},
        "2025: target_penalty in costs.csv 0.0 CNY, expected 80,000.0 CNY",
    ),
    (
        "costs",
        "site_opening,zhangqiu,2024",
        {"year": "2025"},
        "Zhangqiu, 2025: site_opening in costs.csv 500,000.0 CNY, expected 0.0 CNY",
    ),
    (
        "costs",
        "carbon,hub,2025",
        {"cny": "735.84"},
        "hub, 2025: carbon in costs.csv 735.8 CNY, expected 635.8 CNY",
    ),
]


@pytest.mark.parametrize(("table", "row", "changes", "complaint"), CHANGES)
def test_a_changed_cell_is_found(
    audit_with_cell: Audit, table: str, row: str, changes: dict[str, str], complaint: str
) -> None:
    assert complaint in audit_with_cell(table, row, changes).failures


REMOVED = [
    ("halls", "hub,air,2025,", "hub, 2025: halls of type air in service 0, expected 1"),
    ("hardware", "hub,air,leased-gpu,2025,", "hub, 2025: fp16_pflops used in pool ai 2.0 of 0.0 that may be used"),
    (
        "hardware",
        "caishi,air,kunpeng,2025,",
        "Caishi, 2025: units of kunpeng in service in hall type air 0, expected 20",
    ),
    ("power", "zhangqiu,2025,", "Zhangqiu, 2025: grid_kw in power.csv 0.0 kW, expected 20.0 kW"),
    (
        "placement",
        "video@zhangqiu,zhangqiu,2024,",
        "workload video@zhangqiu, 2024: shares served and unserved add up to 0.0, expected 1.0",
    ),
    ("metrics", "it_mwh,city,2024,", "metrics.csv: it_mwh (city), 2024, is missing"),
    ("metrics", "pue,city; kinds=core,2024,", "metrics.csv: pue (city; kinds=core), 2024, is missing"),
    ("targets", "green,", "targets.csv: no row for target green"),
    ("costs", "electricity,hub,2024,", "hub, 2024: electricity in costs.csv 0.0 CNY, expected 22,075.2 CNY"),
]


@pytest.mark.parametrize(("table", "row", "complaint"), REMOVED)
def test_a_removed_row_is_found(
    make_result: Make, tables: Mapping[str, str], table: str, row: str, complaint: str
) -> None:
    left = "".join(line for line in tables[table].splitlines(keepends=True) if not line.startswith(row))
    assert left != tables[table]
    assert complaint in audit(make_result({table: left})).failures
