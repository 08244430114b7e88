"""The shipped scenario without a plan, in words. How good its ways out are depends on the time there is for them."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from suanli.inputs.altering import altering
from suanli.inputs.loading import load
from suanli.model import Plan, solve
from suanli.model.explaining import explain
from suanli.model.explaining.arithmetic import reasons
from suanli.model.explaining.conflict import conflicts
from suanli.model.explaining.demands import told
from suanli.model.explaining.loosening import loosen
from suanli.model.explaining.trials import Trials
from suanli.reports.explanation.telling import Teller

FUSION, TELECOM = "Jinan AI Fusion Compute Centre", "China Telecom (Jinan) AI Computing Centre"


def test_jinan_without_new_power() -> None:
    case = load("jinan-infeasible").case
    teller = Teller(case)

    # The best hardware in the best hall: 900 kW / 1.1425 / 559 kW x 300 P = 422.8 P, and with a PUE of 1.1455 421.7 P.
    assert [teller.sentence(fact).replace("\u00a0", " ") for fact in reasons(case, lambda _: ())] == [
        f"target {target} asks for compute ({site}) of at least 1,000 PFLOPS in 2027;"
        f" the power and racks of {site} allow {most} PFLOPS at most"
        for target, site, most in (("ai-fusion-2027", FUSION, "422.8"), ("telecom-ai-2027", TELECOM, "421.7"))
    ]

    found = [told(case, each) for each in conflicts(Trials(loosen(case), time.monotonic() + 3600))]
    assert all(each.smallest and not each.whole for each in found)
    words = [[teller.sentence(fact).replace("\u00a0", " ") for fact in each.demands] for each in found]
    assert words[1:3] == [
        [
            f"target {target}: compute ({site}), at least 1,000 PFLOPS in 2027",
            f"the power connection of {site}: 1 MW, and no more can be added",
        ]
        for target, site in (("ai-fusion-2027", FUSION), ("telecom-ai-2027", TELECOM))
    ]
    assert words[0][0] == "target compute-2027: compute, at least 10,000 PFLOPS in 2027"
    assert words[0][1].startswith("the power connections of National Health and Medical Big Data Centre (North), ")
    assert words[0][2:] == [
        "the supply of Ascend CloudMatrix 384 supernode: 2 in 2025, 4 in 2026 and 6 in 2027",
        "Ascend CloudMatrix 384 supernode is sold from 2025 to 2030 only",
    ]
    assert words[3][0] == "target ai-compute-2025: compute (class AI), at least 5,000 PFLOPS in 2025"


def test_every_way_out_of_jinan_saved_as_a_scenario_has_a_plan(tmp_path: Path, audited: Callable[[Plan], Any]) -> None:
    loaded = load("jinan-infeasible")
    explanation = explain(loaded.case, altering(loaded), seconds=120, known_infeasible=True)
    assert explanation.status == "infeasible"
    assert explanation.ways_out
    for number, way in enumerate(explanation.ways_out):
        file = tmp_path / f"way-{number}.yaml"
        change = {each.key: each.value for each in way.changes}
        file.write_text(yaml.safe_dump({"extends": "jinan-infeasible", "change": change}), "utf-8")
        # With the plan that came with the way out to start from, there is a plan at once.
        plan = solve(load(str(file)).case, start=way.plan, gap=0.99, time_limit=30 if way.plan is not None else 120)
        assert plan.status == "optimal", change
        audited(plan)
