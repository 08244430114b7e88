"""README and pages: what they show works, and what they list is what there is."""

import re
from pathlib import Path

import pytest

from suanli.cli import main
from suanli.inputs.loading import load
from suanli.inputs.shipped import shipped_scenarios
from suanli.model import solve

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)]+)\)", page.read_text("utf-8")):
        if link.startswith("https://"):
            continue
        file, _, anchor = link.partition("#")
        target = page.parent / file if file else page
        assert target.is_file(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_on_the_pages_exist(page: Path) -> None:
    for verb in re.findall(r"^ {4}(?:\S*/)?suanli ([a-z]+)", page.read_text("utf-8"), re.M):
        assert verb in main.commands


@pytest.mark.parametrize(
    ("page", "start", "status"),
    [("README.md", 'title: {en: "My town"}', "optimal"), ("docs/tutorial.md", "title:", "optimal")],
)
def test_scenarios_on_the_pages_can_be_planned(page: str, start: str, status: str, tmp_path: Path) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", (ROOT / page).read_text("utf-8"), re.S)
    (block,) = [block for block in blocks if block.startswith(start)]
    file = tmp_path / "mine.yaml"
    file.write_text(block, "utf-8")
    assert solve(load(str(file)).case, threads=1).status == status


def test_the_readme_scenario_has_ten_lines() -> None:
    block = (ROOT / "README.md").read_text("utf-8").split("```yaml\n")[1].split("```")[0]
    assert len(block.splitlines()) == 10


def test_the_example_in_the_jinan_page_loads(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text((ROOT / "docs/jinan.md").read_text("utf-8").split("```yaml\n")[1].split("```")[0], "utf-8")
    assert load(str(file)).case.discount_rate == 0.06


def test_every_verb_and_exit_code_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert set(re.findall(r"^\| `suanli (\w+)", readme, re.M)) == set(main.commands)
    assert re.findall(r"^\| (\d) \|", readme, re.M) == ["0", "2", "3", "4", "5"]


@pytest.mark.parametrize("page", ["README.md", "docs/jinan.md"])
def test_every_shipped_scenario_is_listed(page: str) -> None:
    table = (ROOT / page).read_text("utf-8").split("## Scenarios")[1].split("\n## ")[0]
    listed = re.findall(r"^\| `([\w-]+)` \|", table, re.M)
    assert set(listed) == {name for name in shipped_scenarios() if page == "README.md" or name.startswith("jinan")}


def test_the_figures_of_the_tutorial_are_those_of_the_plan(tmp_path: Path) -> None:
    text = (ROOT / "docs/tutorial.md").read_text("utf-8")
    file = tmp_path / "dear.yaml"
    file.write_text(text.split("```yaml\n")[1].split("```")[0], "utf-8")
    town, dear = solve(load("quickstart").case, gap=1e-6), solve(load(str(file)).case, gap=1e-6)
    assert town.objective_cny is not None
    assert dear.objective_cny is not None
    assert f"{town.objective_cny:,.2f}" == "12,539,311.44"
    assert "12,539,311.44" in text
    costs = f"| net present cost, CNY m | {town.objective_cny / 1e6:.3f} | {dear.objective_cny / 1e6:.3f} |"
    assert costs in text
    built = dear.tables["halls"][["site", "built"]].query("built > 0").to_numpy().tolist()
    assert built == [["new_centre", 1]]
    assert dear.tables["power"]["grid_steps"].sum() == 0


def test_nothing_names_a_folder_of_one_machine() -> None:
    for page in PAGES:
        assert not re.findall(r"(?<![\w.])/(?:home|root|work|tmp|Users)/", page.read_text("utf-8")), page.name


def test_the_size_of_jinan_in_the_readme_is_that_of_the_case() -> None:
    case = load("jinan-2027").case
    words = {4: "four", 5: "five"}
    assert f"{len(case.sites)} sites, {words[len(case.years)]} years" in (ROOT / "README.md").read_text("utf-8")
