"""The shipped scenario without a plan: its words, and ways out that can be saved."""

from __future__ import annotations

from pathlib import Path

from suanli.inputs.altering import altering, override_text
from suanli.inputs.loading import load
from suanli.model.explaining import explain
from suanli.reports.explanation.telling import Teller

FUSION = "Jinan AI Fusion Compute Centre"


def test_jinan_without_new_power(tmp_path: Path) -> None:
    loaded = load("jinan-infeasible")
    explanation = explain(loaded.case, altering(loaded), seconds=1800, known_infeasible=True)
    teller = Teller(loaded.case)

    # The best hardware in the best hall: 900 kW / 1.1425 / 559 kW x 300 P = 422.8 P.
    reasons = [teller.sentence(fact).replace("\u00a0", " ") for fact in explanation.reasons]
    assert reasons[0] == (
        f"target ai-fusion-2027 asks for compute ({FUSION}) of at least 1,000 PFLOPS in 2027; the power and racks of"
        f" {FUSION} allow 422.8 PFLOPS at most"
    )
    told = [[teller.sentence(fact).replace("\u00a0", " ") for fact in each.demands] for each in explanation.conflicts]
    assert told[0][0] == "target compute-2027: compute, at least 10,000 PFLOPS in 2027"
    assert told[0][1].startswith("the power connections of National Health and Medical Big Data Centre (North), ")
    assert told[1] == [
        f"target ai-fusion-2027: compute ({FUSION}), at least 1,000 PFLOPS in 2027",
        f"the power connection of {FUSION}: 1 MW, and no more can be added",
    ]
    assert all(each.smallest and not each.whole for each in explanation.conflicts)

    changes = [{change.key for change in way.changes} for way in explanation.ways_out]
    assert {"sites.ai_fusion.grid_max_steps", "sites.telecom_ai.grid_max_steps"} in changes
    assert any("targets.compute-2027.value" in keys for keys in changes)
    assert len(changes) >= 3
    for number, way in enumerate(explanation.ways_out):
        file = tmp_path / f"way-{number}.yaml"
        file.write_text(override_text(way.changes, "jinan-infeasible"), "utf-8")
        saved = load(str(file)).case
        # What was confirmed is what the file means, but for its name and title.
        named = {"name": loaded.case.name}
        assert saved.model_copy(update=named) == altering(loaded)(way.changes).model_copy(update=named)
