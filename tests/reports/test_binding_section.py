"""The pages about what binds and what is stranded: headings and cells follow from the tables of the folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from suanli.reports.document import Paragraph, Section, Table
from suanli.reports.draft import Draft
from suanli.reports.folder import EXTRA_COLUMNS, read_result
from suanli.reports.language import Language
from suanli.reports.messages import Messages
from suanli.reports.sections import binding, stranded
from suanli.reports.sources import Sources
from suanli.reports.stranded import stranded as stranded_in
from suanli.reports.view import PlanView

MakeResult = Callable[..., Path]
Edit = Callable[[Path, str, Callable[[pd.DataFrame], pd.DataFrame]], None]


def draft(folder: Path, language: Language = "en") -> Draft:
    return Draft(PlanView(read_result(folder), language), Messages(language), Sources({}))


def binding_of(folder: Path, language: Language = "en") -> Section:
    section = binding.section(draft(folder, language))
    assert section is not None
    return section


def cells(section: Section, table: str) -> list[list[str]]:
    found = [block for block in section.blocks if isinstance(block, Table) and block.id == table]
    assert len(found) == 1, [block.id for block in section.blocks if isinstance(block, Table)]
    return [[cell.text.replace("\u200b", "") for cell in row] for row in found[0].rows]


def test_without_prices_the_page_says_what_is_used_up(made_up: MakeResult) -> None:
    """Of 18,000 usable kW a site draws less than 1,000, it has one of two grid steps and four of 30 halls."""
    section = binding_of(made_up(sites=2))
    assert section.title == "No limit of the case is reached"
    assert not [block for block in section.blocks if isinstance(block, Table)]
    told = section.blocks[-1]
    assert isinstance(told, Paragraph)
    assert "suanli prices" in "".join(run.text for run in told.body)


def test_a_full_connection_is_named_with_its_years(made_up: MakeResult, edit: Edit) -> None:
    """18,000 of 0.9 * 20,000 kW in 2024; in 2025 one step makes it 22,500."""
    folder = made_up(sites=2)
    edit(
        folder,
        "power",
        lambda t: t.assign(peak_kw=t["peak_kw"].where((t["site"] != "site-1") | (t["year"] != 2024), 18000.0)),
    )
    section = binding_of(folder)
    assert section.title == "Limits reached somewhere: site power"
    assert cells(section, "binding") == [["Site power: Caishi 采石", "2024", "18,000 of 18,000\u00a0kW"]]
    chinese = binding_of(folder, "zh")
    assert chinese.title == "下列限制已用满：站点可用电力"


@pytest.fixture
def priced(made_up: MakeResult) -> Callable[..., Path]:
    """A result with prices: a target of 100 PFLOPS, 5% weaker, saves so much; the power of a site costs 7 CNY a kW."""

    def make(saving: float) -> Path:
        folder = made_up(sites=2)
        target = ("target-1", "compute_pflops", 2025, ">=", 100.0, 250.0, "PFLOPS", 0.0, 166252.08)
        weaker = (0.05, 95.0, 1e8, 1e8, saving, 0.9 * saving, 1.1 * saving, saving / 5)
        other = ("target-2", "rack_utilisation", 2025, ">=", 0.05, 0.1, "percentage point", 0.0, 0.0, *(None,) * 8)
        prices = pd.DataFrame([(*target, *weaker), other], columns=list(EXTRA_COLUMNS["prices"]))
        prices.to_csv(folder / "prices.csv", index=False)
        limits = [
            ("site_power", "site-1", "", 2024, 18000.0, 18000.0, "kW", True, 0.0, 7.25),
            ("site_power", "site-1", "", 2025, 20000.0, 22500.0, "kW", False, 0.0, 3.0),
            ("zone", "zone-0", "", 2025, 3.0, None, "workloads", False, 12.5, 0.0),
        ]
        pd.DataFrame(limits, columns=list(EXTRA_COLUMNS["binding"])).to_csv(folder / "binding.csv", index=False)
        return folder

    return make


def test_with_prices_the_page_names_the_dearest_target(priced: Callable[..., Path]) -> None:
    section = binding_of(priced(saving=5e6))
    assert section.title == "Compute (2025) is the dearest target: made 5% weaker it would save CNY\u00a05.00\u00a0m"
    assert cells(section, "target-prices") == [["Compute", "2025", "≥ 100\u00a0PFLOPS", "0", "166,252", "PFLOPS"]]
    sums = [f"CNY\u00a0{millions}\u00a0m" for millions in ("5.00", "4.50", "5.50")]
    assert cells(section, "weaker-targets") == [["Compute", "2025", "≥ 95\u00a0PFLOPS", *sums, "1,000,000", "PFLOPS"]]
    assert cells(section, "binding") == [
        ["Site power: Caishi 采石", "2024–2025", "20,000 of 22,500\u00a0kW", "0", "7.25", "usable kW"],
        ["Backups in another fault zone: zone-0", "2025", "–", "12.5", "0", "workload"],
    ]


def test_what_is_found_but_not_proved_is_said_so(priced: Callable[..., Path], edit: Edit) -> None:
    folder = priced(saving=5e6)
    edit(folder, "prices", lambda table: table.assign(saving_least_cny=0.0))
    title = "Compute (2025) seems the dearest target: for one 5% weaker a plan was found that costs {} less"
    assert binding_of(folder).title == title.format("CNY\u00a05.00\u00a0m")


def test_a_weaker_target_that_saves_nothing_is_not_called_dear(priced: Callable[..., Path]) -> None:
    folder = priced(saving=0.0)
    assert binding_of(folder).title == "No target made 5% weaker is found to save anything"
    assert binding_of(folder, "zh").title == "各项目标放宽5%，均未找到更省的方案"


def test_the_heading_of_stranded_capacity_names_the_first_cause(made_up: MakeResult) -> None:
    """In 2025 two sites have 2 air-cooled halls of 1,000 racks each, the first also 2 old ones of 200: 4,400.

    300 servers, two to an old rack of 2.5 kW, take 150; 50 + 75 trainers, one to an air rack of 5 kW, take 250.
    The grid could feed most of what is free: there is no demand. Workloads use 20 of 300 * 128 * 0.65 = 24,960 vCPU
    and 20 of 312.5 PFLOPS, so that nearly all servers are idle too.
    """
    folder = made_up(sites=2)
    view = PlanView(read_result(folder))
    found = stranded_in(view)
    racks = found[(found["capacity"] == "racks") & (found["year"] == 2025)]
    assert racks["amount"].sum() == pytest.approx(4400)
    assert racks.groupby("cause")["amount"].sum().idxmax() == "no_demand"
    section = stranded.section(draft(folder))
    assert section is not None
    assert section.title == ">99% of the racks paid for do no work in 2025, chiefly for lack of demand"
    total = cells(section, "stranded-racks")[-1]
    assert total[:2] == ["All sites", "4,400"]


def test_few_sites_are_listed_and_the_rest_added_up(made_up: MakeResult) -> None:
    folder = made_up(sites=20)
    section = stranded.section(draft(folder))
    assert section is not None
    rows = cells(section, "stranded-grid")
    assert len(rows) == stranded.MOST_SITES + 1
    assert rows[-2][0] == "10 other sites"
    amounts = [sum(float(row[1].replace(",", "")) for row in part) for part in (rows[:-1], rows[-1:])]
    assert amounts[0] == pytest.approx(amounts[1])
