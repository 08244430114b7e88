from collections.abc import Callable
from pathlib import Path

import pytest

from suanli.inputs.loading import Loaded, Source, find, load
from suanli.inputs.problems import InputProblems
from suanli.inputs.shipped import about, shipped_scenarios, shipped_tables

Load = Callable[[str], Loaded]
Write = Callable[[str, str | bytes], Path]


def told(name: str) -> str:
    with pytest.raises(InputProblems) as caught:
        load(name)
    return str(caught.value)


def test_every_shipped_scenario_loads_from_any_folder_and_says_what_it_is() -> None:
    assert "quickstart" in shipped_scenarios()
    for name, path in shipped_scenarios().items():
        assert load(name).case.name == name
        assert about(path)
    assert load(str(shipped_scenarios()["quickstart"])).case == load("quickstart").case


def test_shipped_tables_are_folders_with_tables() -> None:
    for folder in shipped_tables().values():
        assert any(folder.glob("*.csv"))


def test_a_name_that_is_no_scenario_is_told_with_the_nearest(write: Write) -> None:
    names = ", ".join(shipped_scenarios())
    expected = f"expected a scenario file (.yaml, .json) or one of the shipped scenarios ({names})"
    assert told("nothing-like-it") == f'suanli: found "nothing-like-it", {expected}'
    assert told("quikstart") == f'suanli: found "quikstart", {expected}; did you mean quickstart?'
    assert told("") == f"suanli: found empty text, {expected}"
    assert told("a\0b.yaml").startswith("a b.yaml: found a file that cannot be read")
    assert told("x" * 5000 + ".yaml").endswith(
        "found a file that cannot be read (File name too long), expected a scenario in YAML"
    )


def test_missing_files_and_folders_are_told(here: Path) -> None:
    (here / "folder").mkdir()
    (here / "result").mkdir()
    (here / "result" / "case.json").write_text("{}")
    assert told("lost.yaml") == "lost.yaml: found no such file, expected a scenario in YAML"
    assert told("lost.json") == (
        "lost.json: found no such file, expected a resolved case, as `suanli resolve` writes it"
    )
    assert told("folder") == "folder: found a folder, expected a scenario in YAML"
    assert told("result") == (
        f"result: found a folder, expected a scenario in YAML; did you mean {Path('result') / 'case.json'}?"
    )


def test_a_shipped_name_wins_over_a_folder_of_that_name(here: Path) -> None:
    (here / "quickstart").mkdir()
    assert find("quickstart") == shipped_scenarios()["quickstart"]


def test_every_row_setting_and_change_has_its_source(write: Write, loaded: Load) -> None:
    write("tables/drivers.csv", 'id,source,value.2025\npeople,"Census, table 3",200\n')
    found = loaded("""\
        tables: tables
        discount_rate: 0.05
        sources:
          discount_rate: "policy 4.2"
          network.route_factor: assumption
          sites.core.grid_kw: a letter
        targets: {compute: {source: "clause 7"}}
        change:
          sites.core.grid_kw: x2
          drivers.people.value.2025: 300
    """).sources
    assert Source("drivers", "people", "Census, table 3", "tables/drivers.csv", 2) in found
    assert Source("targets", "compute", "clause 7", "child.yaml", 8) in found
    assert Source("sites", "core", "", "tiny.yaml", 9) in found
    assert [source for source in found if source.table in ("settings", "change")] == [
        Source("settings", "discount_rate", "policy 4.2", "child.yaml", 3),
        Source("settings", "network.route_factor", "assumption", "child.yaml", 6),
        Source("change", "sites.core.grid_kw", "x2: a letter", "child.yaml", 10),
        Source("change", "drivers.people.value.2025", "300", "child.yaml", 11),
    ]
    rows = [(source.table, source.row) for source in found if source.table not in ("settings", "change")]
    assert rows == [
        ("districts", "north"),
        ("districts", "south"),
        ("sites", "core"),
        ("sites", "node"),
        ("hall_types", "air"),
        ("hardware", "server"),
        ("fleet", "old"),
        ("drivers", "people"),
        ("workloads", "office"),
        ("targets", "compute"),
    ]


def test_sources_of_shipped_files_are_named_from_the_package() -> None:
    files = {source.file for source in load("quickstart").sources}
    assert files == {"scenarios/quickstart.yaml"}


def test_a_setting_that_a_child_replaces_loses_the_source_of_the_old_value(write: Write) -> None:
    write("middle.yaml", "extends: tiny.yaml\ndiscount_rate: 0.05\nsources: {discount_rate: policy}\n")
    write("last.yaml", "extends: middle.yaml\ndiscount_rate: 0.06\nchange: {targets.compute.source: mine}\n")

    def settings(name: str) -> list[Source]:
        return [source for source in load(name).sources if source.table in ("settings", "change")]

    assert settings("middle.yaml") == [Source("settings", "discount_rate", "policy", "middle.yaml", 2)]
    assert settings("last.yaml") == [Source("settings", "discount_rate", "", "last.yaml", 2)]
