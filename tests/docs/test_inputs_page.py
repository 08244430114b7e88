"""docs/inputs.md says what the schema says."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from suanli.inputs.loading import load
from suanli.inputs.rows import DERIVED, SECTIONS, TOP_LEVEL

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("input_reference", DOCS / "input_reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_up_to_date(reference: ModuleType) -> None:
    assert (DOCS / "inputs.md").read_text("utf-8") == reference.page(), "run: python docs/input_reference.py"


def test_every_field_of_every_section_has_a_line(reference: ModuleType) -> None:
    chapters = {text.split("\n")[0]: text for text in reference.page().split("\n## ")}
    for section, held in SECTIONS.items():
        for field in held.row.model_fields:
            assert (f"| `{field}` |" in chapters[section]) == (field not in DERIVED), f"{section}.{field}"


def test_every_top_level_key_is_mentioned() -> None:
    page = (DOCS / "inputs.md").read_text("utf-8")
    assert not [key for key in TOP_LEVEL if f"`{key}`" not in page and f"[{key}](#{key})" not in page]


def test_limits_and_defaults_are_told(reference: ModuleType) -> None:
    page = reference.page()
    assert "| `usable_grid` | number, 0 to 1 | 1 |" in page
    assert "| `growth_after` | number > -1 | 0 |" in page
    assert "| `max_halls` | whole number ≥ 0 | **needed** |" in page
    assert "| `hops` | mapping (`local_edge`, `edge`, `core`, `remote`), each: whole number ≥ 0 | none |" in page


def test_the_example_at_the_top_is_a_right_scenario(tmp_path: Path) -> None:
    example = (DOCS / "inputs.md").read_text("utf-8").split("```yaml\n")[1].split("```")[0]
    file = tmp_path / "greener.yaml"
    file.write_text(example, "utf-8")
    case = load(str(file)).case
    assert case.discount_rate == 0.03
    assert [target.id for target in case.targets] == ["compute-2027", "green-2027", "green-2026"]
    assert next(site for site in case.sites if site.id == "old_centre").grid_kw == 250
    assert [kind.price_cny for kind in case.hardware] == [66_000, 1_650_000, 55_000]
    assert case.title.en == "A greener town"
