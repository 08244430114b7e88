"""Green data centres, disaster recovery, units that fit the town, ids, and a case with nothing to plan."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from suanli.inputs.case import Case
from suanli.model import solve
from suanli.reports.document import Paragraph, Section, Table, texts
from suanli.reports.draft import Draft, cut
from suanli.reports.folder import read_result
from suanli.reports.messages import Messages
from suanli.reports.report import write_report
from suanli.reports.saving import save_plan
from suanli.reports.sections import assumptions, cover, energy, green, power, recovery, summary, targets
from suanli.reports.sources import read_sources
from suanli.reports.view import PlanView

MakeResult = Callable[..., Path]
Edit = Callable[[Path, str, Callable[[pd.DataFrame], pd.DataFrame]], None]
EditCase = Callable[[Path, Callable[[dict[str, Any]], object]], None]


def draft(folder: Path) -> Draft:
    return Draft(PlanView(read_result(folder)), Messages("en"), read_sources(folder))


def rows(section: Section | None, identifier: str) -> list[list[str]]:
    assert section is not None
    (table,) = (block for block in section.blocks if isinstance(block, Table) and block.id == identifier)
    return [[cell.text.replace("\u200b", "").replace("\u00a0", " ") for cell in row] for row in table.rows]


def limit(pue: float, mw: float) -> Callable[[dict[str, Any]], object]:
    return lambda case: case.update(green_site={"pue_limit": pue, "min_it_mw": mw})


def test_green_data_centres_need_a_low_pue_and_a_load(made_up: MakeResult, edit_case: EditCase) -> None:
    # The second site has trainers only: PUE 1.3, 75 x 4 kW in 2025, 30 x 4 kW in 2024. The others have old servers too.
    folder = made_up()
    edit_case(folder, limit(1.3, 0.12))
    here = draft(folder)
    assert [green.labelled(here, year) for year in (2024, 2025)] == [["site-2"], ["site-2"]]
    rule = "which takes a PUE of at most 1.30 and a mean IT load of at least 0.12 MW."
    words = f"Zhangqiu 章丘 is the one green data centre of the city in 2025, {rule}"
    assert green.statement(here).replace("\u00a0", " ") == words
    found = {row[0]: row[1:] for row in rows(energy.section(here), "green-sites")}
    assert found["Zhangqiu 章丘"] == ["0.3 MW", "1.300", "2024", "Green"]
    # 100 x 4 kW at 1.3 and 150 kW at 1.6: (520 + 240) / 550.
    assert found["Gaoxin 高新"] == ["0.55 MW", "1.382", "–", "–"]
    edit_case(folder, limit(1.3, 0.3))
    assert [green.labelled(draft(folder), year) for year in (2024, 2025)] == [[], ["site-2"]]
    edit_case(folder, limit(1.45, 0.0))
    assert green.statement(draft(folder)).startswith("3 sites of the city are green data centres in 2025")
    edit_case(folder, limit(1.2, 0.0))
    assert green.statement(draft(folder)).startswith("No site of the city is a green data centre in 2025")


def test_backups_are_told_by_fault_zone(made_up: MakeResult, edit_case: EditCase) -> None:
    folder = made_up(remote=1)
    # Systems 1 and 4 of four keep half in reserve; system 4 runs at the first site and is backed up at the second.
    part = recovery.section(draft(folder))
    assert part is not None
    assert part.title == "2 of 4 systems keep a backup in another fault zone"
    assert rows(part, "recovery") == [
        ["Digital system 1", "50%", "zone-0", "zone-1"],
        ["Digital system 4", "50%", "zone-0", "zone-1"],
    ]
    # System 3 runs at the third site, which stands outside the city.
    assert any("serve 1 system in 2025, wholly or in part" in text for text in texts(part))
    edit_case(folder, lambda case: [w.update(backup=0.0) for w in case["workloads"]])
    assert recovery.finding(draft(folder)) == "None of 4 systems keeps a backup"
    assert recovery.section(draft(made_up("idle", systems=0))) is None


@pytest.mark.parametrize(
    ("grid_kw", "unit", "lead"), [(900.0, "kW", "1,545 kW of 2,430 kW"), (2e4, "MW", "1.54 MW of 54 MW")]
)
def test_power_has_the_unit_that_fits_the_town(made_up: MakeResult, grid_kw: float, unit: str, lead: str) -> None:
    # One year: 90 trainers of 5 kW at 1.3 and 600 servers, at 480 kW a site for 300; three grids, 90% usable.
    here = draft(made_up(years=1, grid_kw=grid_kw))
    part = power.section(here)
    assert part.lead.replace("\u00a0", " ").startswith(f"All sites together peak at {lead} usable in 2024")
    captions = {text for text in texts(part) if text.startswith("Peak power and usable grid connection")}
    assert captions == {f"Peak power and usable grid connection, {unit}"}
    block = power.by_site(here)
    assert isinstance(block, Table)
    assert [column.title for column in block.columns][2:5] == [f"Grid, {unit}", f"Usable, {unit}", f"Peak, {unit}"]


def test_ids_of_targets_and_the_counting_convention_stand_with_them(made_up: MakeResult) -> None:
    here = draft(made_up())
    part = targets.section(here)
    assert [row[:2] for row in rows(part, "targets")] == [["target-1", "Compute"], ["target-2", "Rack utilisation"]]
    assert any("PFLOPS are counted by class of hardware: AI FP16, general FP32." in text for text in texts(part))
    labels = [figure.label for figure in cover.document(here, ()).key_figures]
    assert "compute in the city, 2025, counted AI FP16, general FP32" in labels


def test_the_summary_names_the_salvage_value(made_up: MakeResult) -> None:
    # Three sites at CNY 30 m each, after two years at 5%: 90 / 1.1025.
    part = summary.section(draft(made_up()))
    assert any("after CNY 81.6 m of salvage value is taken off" in t.replace("\u00a0", " ") for t in texts(part))


def test_every_source_is_listed_with_what_rests_on_it(made_up: MakeResult) -> None:
    part = assumptions.section(draft(made_up()))
    found = rows(part, "sources")
    assert [row[1] for row in found] == ["Assumption: 4-6%", "Survey of builders", "Survey of sites"]
    assert found[2][2] == "sites: Caishi 采石, Zhangqiu 章丘 and Gaoxin 高新"
    assert part.lead == (
        "At least in part an assumption: 1 of 5 rows and settings with a source; "
        "the sources give the range within which each may be off."
    )
    # Systems 1 and 3 ask for 10 vCPU each, systems 2 and 4 for 10 PFLOPS.
    assert rows(part, "demand") == [
        ["AI", "FP16 compute", "PFLOPS", "20", "20"],
        ["general", "vCPU", "vCPU", "20", "20"],
    ]


def test_a_case_with_nothing_to_plan_has_a_report(tmp_path: Path) -> None:
    case = Case(name="nothing", base_year=2025, years=(2026, 2027), sites=(), hall_types=(), hardware=())
    folder = tmp_path / "nothing"
    saved = save_plan(solve(case, threads=1), (), 0.0, folder)
    assert saved.audit is not None
    assert saved.audit.ok
    write_report(folder)
    assert (folder / "report.pdf").read_bytes().startswith(b"%PDF")
    assert power.finding(draft(folder)) == "No power is drawn"


def test_a_list_beyond_reading_is_cut_and_says_where_the_rest_is(made_up: MakeResult) -> None:
    here = draft(made_up())
    assert cut(here, range(150), "placement.csv") == (range(150), "")
    assert cut(here, range(1151), "placement.csv") == (range(150), "Not shown: 1,001 more, which placement.csv has.")


@pytest.mark.parametrize(
    ("runs", "backed", "told"),
    [
        (True, False, "They hold no backups."),
        (False, True, "serve no system in 2025. They hold the backups of 1 system,"),
        (False, False, "serve no system and hold no backup in 2025."),
    ],
)
def test_what_stands_outside_the_city(made_up: MakeResult, edit: Edit, runs: bool, backed: bool, told: str) -> None:
    # Of three sites the third is a hub; in the made-up plan system 3 runs there, and no backup stands there.
    folder = made_up(remote=1)
    if not runs:
        edit(folder, "placement", lambda t: t.assign(site=t["site"].replace("site-3", "site-1")))
    if backed:
        edit(
            folder,
            "placement",
            lambda t: t.assign(
                site=t["site"].where(~t["workload"].eq("system-1@0") | t["role"].ne("standby"), "site-3")
            ),
        )
    part = recovery.section(draft(folder))
    assert part is not None
    said = ["".join(run.text for run in block.body) for block in part.blocks if isinstance(block, Paragraph)]
    assert any(told in text for text in said)
