"""A small but complete case, and a plan for it that was worked out by hand.

Two years, 2024 and 2025, after the base year 2023; rate 0.25, so that the discount factors are 0.8 and 0.64.
Caishi (core, existing, zone east), Zhangqiu (edge, new, zone west) and the hub (remote, outside the city, zone north).
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from suanli.reports.audit import AuditReport, audit
from suanli.reports.complaints import Complaints
from suanli.reports.folder import Result, read_result
from suanli.reports.messages import Messages
from suanli.reports.view import PlanView

CASE: dict[str, Any] = {
    "format": 1,
    "name": "three-sites",
    "base_year": 2023,
    "years": [2024, 2025],
    "discount_rate": 0.25,
    "carbon_price_cny_per_tonne": 50.0,
    "max_utilisation": {"vcpu": 0.8},
    "green_site": {"pue_limit": 1.35, "min_it_mw": 0.005},
    "sites": [
        {
            "id": "caishi",
            "name": {"en": "Caishi"},
            "kind": "core",
            "district": "licheng",
            "zone": "east",
            "existing": True,
            "earliest_year": 2024,
            "fixed_cost_cny_per_year": 1000000.0,
            "allowed_halls": ["air", "liquid"],
            "existing_halls": {"legacy": 3},
            "max_halls": 4,
            "grid_kw": 50.0,
            "grid_step_kw": 20.0,
            "grid_step_cost_cny": 300000.0,
            "grid_max_steps": 2,
            "usable_grid": 0.9,
            "electricity_cny_per_kwh": 0.5,
            "carbon_kg_per_kwh": 0.6,
            "green_max_share": 0.5,
            "green_premium_cny_per_kwh": 0.02,
            "egress_gbps": 50.0,
        },
        {
            "id": "zhangqiu",
            "name": {"en": "Zhangqiu"},
            "kind": "edge",
            "district": "zhangqiu",
            "zone": "west",
            "earliest_year": 2024,
            "opening_cost_cny": 500000.0,
            "fixed_cost_cny_per_year": 200000.0,
            "build_cost_factor": 1.5,
            "allowed_halls": ["air"],
            "max_halls": 2,
            "grid_kw": 20.0,
            "pue_factor": 0.5,
            "electricity_cny_per_kwh": 0.6,
            "carbon_kg_per_kwh": 0.6,
        },
        {
            "id": "hub",
            "kind": "remote",
            "zone": "north",
            "in_city": False,
            "existing": True,
            "earliest_year": 2024,
            "existing_halls": {"air": 1},
            "max_halls": 1,
            "grid_kw": 20.0,
            "usable_grid": 0.75,
            "electricity_cny_per_kwh": 0.3,
            "carbon_kg_per_kwh": 0.2,
            "green_max_share": 0.8,
            "green_premium_cny_per_kwh": 0.01,
            "egress_gbps": 20.0,
        },
    ],
    "hall_types": [
        {
            "id": "legacy",
            "racks": 10.0,
            "rack_kw": 2.5,
            "usable_u": 40.0,
            "pue": 1.6,
            "capex_cny": 0.0,
            "upkeep_cny_per_year": 50000.0,
            "life_years": 20,
        },
        {
            "id": "air",
            "racks": 10.0,
            "rack_kw": 5.0,
            "usable_u": 40.0,
            "pue": 1.4,
            "capex_cny": 1000000.0,
            "upkeep_cny_per_year": 100000.0,
            "life_years": 20,
        },
        {
            "id": "liquid",
            "racks": 5.0,
            "rack_kw": 20.0,
            "usable_u": 40.0,
            "pue": 1.1,
            "cooling": "liquid",
            "capex_cny": 2000000.0,
            "upkeep_cny_per_year": 150000.0,
            "life_years": 10,
            "lead_years": 1,
        },
    ],
    "conversions": [
        {"from_hall": "legacy", "to_hall": "air", "cost_cny": 400000.0},
        {"from_hall": "legacy", "to_hall": "liquid", "cost_cny": 900000.0},
    ],
    "hardware": [
        {
            "id": "x86",
            "pool": "general",
            "hardware_class": "general",
            "rack_units": 2.0,
            "peak_kw": 0.5,
            "average_kw": 0.25,
            "price_cny": 10000.0,
            "maintenance_rate": 0.1,
            "life_years": 5,
            "counted_pflops": 0.01,
            "provides": {"vcpu": 100.0},
            "halls": ["legacy", "air"],
            "available_from": 2015,
            "available_to": 2023,
        },
        {
            "id": "kunpeng",
            "pool": "general",
            "hardware_class": "general",
            "domestic": True,
            "rack_units": 2.0,
            "peak_kw": 0.5,
            "average_kw": 0.4,
            "price_cny": 20000.0,
            "maintenance_rate": 0.05,
            "life_years": 4,
            "lot": 5,
            "counted_pflops": 0.02,
            "provides": {"vcpu": 128.0},
            "halls": ["legacy", "air"],
            "available_from": 2024,
            "available_to": 2030,
            "supply": {"2024": 40.0},
        },
        {
            "id": "ascend",
            "pool": "ai",
            "hardware_class": "ai",
            "domestic": True,
            "rack_units": 8.0,
            "peak_kw": 5.0,
            "average_kw": 4.0,
            "price_cny": 1000000.0,
            "maintenance_rate": 0.04,
            "life_years": 5,
            "counted_pflops": 2.0,
            "provides": {"fp16_pflops": 2.0},
            "halls": ["liquid"],
            "sites": ["caishi"],
            "available_from": 2024,
            "available_to": 2030,
        },
        {
            "id": "leased-gpu",
            "pool": "ai",
            "hardware_class": "ai",
            "rack_units": 8.0,
            "peak_kw": 10.0,
            "average_kw": 6.0,
            "price_cny": 0.0,
            "fee_cny_per_year": 300000.0,
            "life_years": 1,
            "counted_pflops": 4.0,
            "provides": {"fp16_pflops": 4.0},
            "halls": ["air"],
            "available_from": 2024,
            "available_to": 2030,
        },
    ],
    "fleet": [
        # Lives end: the 30 are gone from 2025 on, the 20 from 2027 on.
        {"site": "caishi", "hall": "legacy", "hardware": "x86", "count": 30, "install_year": 2020},
        {"site": "caishi", "hall": "legacy", "hardware": "x86", "count": 20, "install_year": 2022},
    ],
    "workloads": [
        {
            "id": "office@city",
            "pool": "general",
            "backup": 0.5,
            "demand": {"vcpu": {"2024": 2000.0, "2025": 3000.0}},
            "gbps": {"2024": 10.0, "2025": 20.0},
            "sites": {"caishi": 1000.0, "zhangqiu": 2000.0},
        },
        {
            "id": "video@zhangqiu",
            "pool": "general",
            "divisible": False,
            "domestic_only": True,
            "demand": {"vcpu": {"2024": 500.0, "2025": 600.0}},
            "gbps": {"2024": 4.0, "2025": 5.0},
            "sites": {"caishi": 300.0, "zhangqiu": 100.0},
        },
        {
            "id": "training@city",
            "pool": "ai",
            "demand": {"fp16_pflops": {"2024": 5.0, "2025": 8.0}},
            "gbps": {"2024": 2.0, "2025": 4.0},
            "sites": {"caishi": 3000.0, "hub": 5000.0},
            "unserved_penalty_cny": 1000000.0,
        },
    ],
    "targets": [
        {"id": "compute", "metric": "compute_pflops", "sense": ">=", "value": 7.0, "year": 2025},
        {
            "id": "compute-with-hub",
            "metric": "compute_pflops",
            "sense": ">=",
            "value": 12.0,
            "year": 2025,
            "scope": {"in_city": None},
            "penalty_cny": 100000.0,
        },
        {
            "id": "core-pue",
            "metric": "pue",
            "sense": "<=",
            "value": 1.4,
            "year": 2024,
            "scope": {"kinds": ["core"]},
            "penalty_cny": 1000.0,
        },
        {"id": "green", "metric": "green_share", "sense": ">=", "value": 0.3, "year": 2025},
        {
            "id": "districts",
            "metric": "districts_with_edge",
            "sense": "==",
            "value": 1.0,
            "year": 2025,
            "penalty_cny": 5.0,
        },
    ],
    "budget_cny": {"2025": 6000000.0},
}

# Halls: Caishi turns one of its three legacy halls into an air hall in 2024 and adds a liquid one in 2025 (lead year).
#
# Hardware: the fleet's 30 oldest x86 go at the end of 2024. 40 kunpeng in 2024, all that the market has. The leased-gpu
# lives one year, so that it is leased anew each year.
#   units per rack: x86 and kunpeng in legacy min(40/2, 2.5/0.5) = 5, in air min(20, 10) = 10; ascend in liquid
#   min(5, 4) = 4; leased-gpu in air min(5, 0.5): 2 racks each.
#   racks at Caishi: legacy 50/5 = 10 of 20, then 20/5 = 4; air 20/10 = 2 of 10; liquid 3/4 of 5.
#
# PUE: Caishi legacy 1.6, air 1.4, liquid 1.1; Zhangqiu air 1 + 0.4 * 0.5 = 1.2; hub air 1.4.
# peak_kw  Caishi   50 * 0.5 * 1.6 + 20 * 0.5 * 1.4 = 54, of 0.9 * (50 + 20) = 63 after one step (of 45 without);
#                   then 16 + 14 + 3 * 5 * 1.1 = 46.5
#          Zhangqiu 20 * 0.5 * 1.2 = 12, then 18, of 20;  hub 10 * 1.4 = 14 of 0.75 * 20 = 15
# it_mwh   MWh a year of one unit: x86 0.25 * 8.76 = 2.19, kunpeng 3.504, ascend 35.04, leased-gpu 52.56
#          Caishi 50 * 2.19 + 20 * 3.504 = 109.5 + 70.08 = 179.58, then 43.8 + 70.08 + 105.12 = 219
# facility Caishi 109.5 * 1.6 + 70.08 * 1.4 = 175.2 + 98.112 = 273.312, then 70.08 + 98.112 + 115.632 = 283.824
# green    Caishi 100 of at most 0.5 * 273.312 = 136.656, then 141.912, all that can be bought
#
# Placement: vcpu at Caishi 2000 * (0.75 + 0.5 * 0.25) = 1750 of 0.8 * (50 * 100 + 20 * 128) = 6048, at Zhangqiu
# 2000 * (0.25 + 0.5 * 0.75) + 500 = 1750 of 0.8 * 20 * 128 = 2048; then 3000 of 3648 and 1500 + 600 of 3072.
# fp16 at the hub 0.8 * 5 = 4 of 4; then 0.25 * 8 = 2 of 4 there and 0.75 * 8 = 6 of 6 at Caishi.
# Traffic at Caishi 0.75 * 10 = 7.5 Gbps, then 20 + 0.75 * 4 = 23 of 50.
#
# Metrics (city: Caishi and Zhangqiu):
#   compute          50 * 0.01 + 40 * 0.02 = 1.3, 0.8 of it domestic; then 0.2 + 1.0 + 6 = 7.2, 7.0 of it domestic
#   racks in service standard racks of a hall: legacy 10, air 20, liquid 40; so 2 * 10 + 20 + 20 = 60, then 100
#   racks occupied   10 + 2 * 2 + 2 * 2 = 18, then 4 + 4 + 0.75 * 8 + 3 * 2 = 20
#   carbon           0.6 * (273.312 - 100 + 84.096) = 154.4448, then 0.6 * (141.912 + 126.144) = 160.8336
#   capex            0.5 + 1.5 + 0.4 + 0.3 + 0.8 = 3.5 million, then 2.0 + 0.2 + 3.0 = 5.2 million
#   green sites      Caishi's PUE is 1.522, then 1.296 (limit 1.35); Zhangqiu's 1.2; both use more than 43.8 MWh
#   unserved         0.2 of one of three workloads
# Targets: with the hub 7.2 + 4 = 11.2 of 12 PFLOPS, 0.8 missed, 80,000 CNY;
#          core PUE 273.312 / 179.58, missed by 273.312 - 1.4 * 179.58 = 21.9, 21,900 CNY.
#
# Costs: hardware_maintenance of a unit: x86 1,000, kunpeng 1,000, ascend 40,000.
#   carbon  50 CNY/t: Caishi 0.6 * 173.312 = 103.9872 t, then 85.1472; Zhangqiu 50.4576, then 75.6864;
#           hub 0.2 * 73.584 = 14.7168, then 0.2 * 63.584 = 12.7168
#   network Caishi 7.5 * 1000, then 20 * 1000 + 3 * 3000; Zhangqiu 2.5 * 2000 + 4 * 100, then 5 * 100;
#           hub 1.6 * 5000, then 1 * 5000
#   salvage at the end of 2025: Caishi conversion 400,000 * 18/20 + step 300,000 * 28/30 + kunpeng 400,000 * 2/4
#           + liquid hall 2,000,000 * 9/10 + ascend 3,000,000 * 4/5 = 5,040,000;
#           Zhangqiu hall 1,500,000 * 18/20 + kunpeng 400,000 * 2/4 + 200,000 * 3/4 = 1,700,000
TABLES = {
    "sites": """\
site,year,open
caishi,2024,1
caishi,2025,1
zhangqiu,2024,1
zhangqiu,2025,1
hub,2024,1
hub,2025,1
""",
    "halls": """\
site,hall,year,built,converted_in,converted_away,in_service
caishi,legacy,2024,0,0,1,2
caishi,legacy,2025,0,0,0,2
caishi,air,2024,0,1,0,1
caishi,air,2025,0,0,0,1
caishi,liquid,2025,1,0,0,1
zhangqiu,air,2024,1,0,0,1
zhangqiu,air,2025,0,0,0,1
hub,air,2024,0,0,0,1
hub,air,2025,0,0,0,1
""",
    "hardware": """\
site,hall,hardware,year,bought,kept,in_service
caishi,legacy,x86,2024,0,50,50
caishi,legacy,x86,2025,0,20,20
caishi,air,kunpeng,2024,20,0,20
caishi,air,kunpeng,2025,0,0,20
caishi,liquid,ascend,2025,3,0,3
zhangqiu,air,kunpeng,2024,20,0,20
zhangqiu,air,kunpeng,2025,10,0,30
hub,air,leased-gpu,2024,1,0,1
hub,air,leased-gpu,2025,1,0,1
""",
    "power": """\
site,year,grid_steps,grid_kw,peak_kw,it_mwh,facility_mwh,green_mwh
caishi,2024,1,70.0,54.0,179.58,273.312,100.0
caishi,2025,0,70.0,46.5,219.0,283.824,141.912
zhangqiu,2024,0,20.0,12.0,70.08,84.096,0.0
zhangqiu,2025,0,20.0,18.0,105.12,126.144,0.0
hub,2024,0,20.0,14.0,52.56,73.584,0.0
hub,2025,0,20.0,14.0,52.56,73.584,10.0
""",
    "placement": """\
workload,site,year,role,share
office@city,caishi,2024,primary,0.75
office@city,zhangqiu,2024,primary,0.25
office@city,caishi,2024,standby,0.25
office@city,zhangqiu,2024,standby,0.75
office@city,caishi,2025,primary,1.0
office@city,zhangqiu,2025,standby,1.0
video@zhangqiu,zhangqiu,2024,primary,1.0
video@zhangqiu,zhangqiu,2025,primary,1.0
training@city,hub,2024,primary,0.8
training@city,,2024,unserved,0.2
training@city,caishi,2025,primary,0.75
training@city,hub,2025,primary,0.25
""",
    "metrics": """\
metric,scope,year,value,unit
compute_pflops,city,2024,1.3,PFLOPS
compute_pflops,city,2025,7.2,PFLOPS
pool_capacity,city; pool=general; resource=vcpu,2024,8096.0,vcpu
pool_capacity,city; pool=general; resource=vcpu,2025,6720.0,vcpu
pool_capacity,city; pool=ai; resource=fp16_pflops,2024,0.0,fp16_pflops
pool_capacity,city; pool=ai; resource=fp16_pflops,2025,6.0,fp16_pflops
domestic_share,city,2024,0.6153846153846154,share
domestic_share,city,2025,0.9722222222222222,share
racks_in_service,city,2024,60.0,racks
racks_in_service,city,2025,100.0,racks
racks_occupied,city,2024,18.0,racks
racks_occupied,city,2025,20.0,racks
rack_utilisation,city,2024,0.3,share
rack_utilisation,city,2025,0.2,share
it_mwh,city,2024,249.66,MWh
it_mwh,city,2025,324.12,MWh
facility_mwh,city,2024,357.408,MWh
facility_mwh,city,2025,409.968,MWh
pue,city,2024,1.431578947368421,ratio
pue,city,2025,1.2648648648648648,ratio
green_share,city,2024,0.2797922822096876,share
green_share,city,2025,0.3461538461538462,share
carbon_tonnes,city,2024,154.4448,t
carbon_tonnes,city,2025,160.8336,t
capex,city,2024,3500000.0,CNY
capex,city,2025,5200000.0,CNY
edge_nodes,city,2024,1.0,sites
edge_nodes,city,2025,1.0,sites
districts_with_edge,city,2024,1.0,districts
districts_with_edge,city,2025,1.0,districts
green_sites,city,2024,1.0,sites
green_sites,city,2025,2.0,sites
unserved_share,all,2024,0.06666666666666667,share
unserved_share,all,2025,0.0,share
compute_pflops,all,2025,11.2,PFLOPS
pue,city; kinds=core,2024,1.5219512195121951,ratio
""",
    "targets": """\
target,metric,year,sense,required,attained,met,missed,penalty_cny
compute,compute_pflops,2025,>=,7.0,7.2,True,0.0,0.0
compute-with-hub,compute_pflops,2025,>=,12.0,11.2,False,0.8,80000.0
core-pue,pue,2024,<=,1.4,1.5219512195121951,False,21.9,21900.0
green,green_share,2025,>=,0.3,0.3461538461538462,True,0.0,0.0
districts,districts_with_edge,2025,==,1.0,1.0,True,0.0,0.0
""",
    "costs": """\
category,site,year,cny,discounted_cny
site_opening,zhangqiu,2024,500000.0,400000.0
halls,zhangqiu,2024,1500000.0,1200000.0
halls,caishi,2025,2000000.0,1280000.0
conversions,caishi,2024,400000.0,320000.0
grid_steps,caishi,2024,300000.0,240000.0
hardware,caishi,2024,400000.0,320000.0
hardware,zhangqiu,2024,400000.0,320000.0
hardware,caishi,2025,3000000.0,1920000.0
hardware,zhangqiu,2025,200000.0,128000.0
site_fixed,caishi,2024,1000000.0,800000.0
site_fixed,zhangqiu,2024,200000.0,160000.0
site_fixed,caishi,2025,1000000.0,640000.0
site_fixed,zhangqiu,2025,200000.0,128000.0
hall_upkeep,caishi,2024,200000.0,160000.0
hall_upkeep,zhangqiu,2024,100000.0,80000.0
hall_upkeep,hub,2024,100000.0,80000.0
hall_upkeep,caishi,2025,350000.0,224000.0
hall_upkeep,zhangqiu,2025,100000.0,64000.0
hall_upkeep,hub,2025,100000.0,64000.0
hardware_maintenance,caishi,2024,70000.0,56000.0
hardware_maintenance,zhangqiu,2024,20000.0,16000.0
hardware_maintenance,caishi,2025,160000.0,102400.0
hardware_maintenance,zhangqiu,2025,30000.0,19200.0
hardware_fees,hub,2024,300000.0,240000.0
hardware_fees,hub,2025,300000.0,192000.0
electricity,caishi,2024,136656.0,109324.8
electricity,zhangqiu,2024,50457.6,40366.08
electricity,hub,2024,22075.2,17660.16
electricity,caishi,2025,141912.0,90823.68
electricity,zhangqiu,2025,75686.4,48439.296
electricity,hub,2025,22075.2,14128.128
green_premium,caishi,2024,2000.0,1600.0
green_premium,caishi,2025,2838.24,1816.4736
green_premium,hub,2025,100.0,64.0
carbon,caishi,2024,5199.36,4159.488
carbon,zhangqiu,2024,2522.88,2018.304
carbon,hub,2024,735.84,588.672
carbon,caishi,2025,4257.36,2724.7104
carbon,zhangqiu,2025,3784.32,2421.9648
carbon,hub,2025,635.84,406.9376
network,caishi,2024,7500.0,6000.0
network,zhangqiu,2024,5400.0,4320.0
network,hub,2024,8000.0,6400.0
network,caishi,2025,29000.0,18560.0
network,zhangqiu,2025,500.0,320.0
network,hub,2025,5000.0,3200.0
unserved_penalty,,2024,200000.0,160000.0
target_penalty,,2024,21900.0,17520.0
target_penalty,,2025,80000.0,51200.0
salvage,caishi,2025,-5040000.0,-3225600.0
salvage,zhangqiu,2025,-1700000.0,-1088000.0
""",
}
# The objective is the sum of the discounted costs above; (objective - bound) / objective = 0.0025.
OBJECTIVE = 5444062.6944
SUMMARY: dict[str, Any] = {
    "status": "optimal",
    "objective_cny": OBJECTIVE,
    "bound_cny": OBJECTIVE * 0.9975,
    "gap": 0.0025,
    "requested_gap": 0.005,
}


@pytest.fixture
def make_result(tmp_path: Path) -> Callable[..., Result]:
    """Write a result folder, the hand-made one unless something is replaced, and read it."""

    def make(
        tables: Mapping[str, str] | None = None,
        case: Mapping[str, Any] | None = None,
        summary: Mapping[str, Any] | None = None,
    ) -> Result:
        (tmp_path / "case.json").write_text(json.dumps(case or CASE), encoding="utf-8")
        (tmp_path / "summary.json").write_text(json.dumps({**SUMMARY, **(summary or {})}), encoding="utf-8")
        for name, text in {**TABLES, **(tables or {})}.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        return read_result(tmp_path)

    return make


def told_in_chinese(result: Result) -> AuditReport:
    """Audit a result; whatever is complained about has Chinese words too."""
    report = audit(result)
    told = Complaints(PlanView(result, "zh"), Messages("zh"))
    assert [failure for failure in report.failures if told(failure) == failure] == []
    return report


@pytest.fixture
def audit_with_cell(make_result: Callable[..., Result]) -> Callable[..., AuditReport]:
    """Audit the hand-made plan with other cells in the one row of a table that begins with the given cells."""

    def audit_changed(table: str, row: str, changes: Mapping[str, str]) -> AuditReport:
        return told_in_chinese(make_result({table: changed_cells(TABLES[table], row, changes)}))

    return audit_changed


@pytest.fixture
def audit_with_case(make_result: Callable[..., Result]) -> Callable[..., AuditReport]:
    """Audit the hand-made plan against a case changed at dotted paths, such as "sites.caishi.max_halls"."""

    def audit_changed(changes: Mapping[str, Any], tables: Mapping[str, str] | None = None) -> AuditReport:
        case = copy.deepcopy(CASE)
        for path, value in changes.items():
            *way, last = path.split(".")
            part: Any = case
            for step in way:
                part = part[step] if isinstance(part, dict) else _member(part, step)
            part[last] = value
        return told_in_chinese(make_result(tables, case))

    return audit_changed


@pytest.fixture
def case() -> Mapping[str, Any]:
    """The hand-made case."""
    return CASE


@pytest.fixture
def tables() -> Mapping[str, str]:
    """The text of the hand-made tables."""
    return TABLES


def changed_cells(text: str, row: str, changes: Mapping[str, str]) -> str:
    """The table with other cells in the one row that begins with the given cells."""
    header, *lines = text.splitlines()
    (number,) = (number for number, line in enumerate(lines) if f"{line},".startswith(f"{row},"))
    cells = dict(zip(header.split(","), lines[number].split(","), strict=True))
    assert changes.keys() <= cells.keys()
    lines[number] = ",".join({**cells, **changes}.values())
    return "\n".join([header, *lines]) + "\n"


def _member(parts: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return parts[int(name)] if name.isdigit() else next(part for part in parts if part["id"] == name)
