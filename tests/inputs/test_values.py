from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from suanli.inputs.parts import Name
from suanli.inputs.tree import Leaf, Place
from suanli.inputs.values import UnreadableError, read_value

AT = Place(Path("x.yaml"), 1)


def read(annotation: Any, text: str | None, quoted: bool = False) -> Any:
    return read_value(annotation, Leaf(text, AT, quoted))


def refusal(annotation: Any, text: str | None, quoted: bool = False) -> str:
    with pytest.raises(UnreadableError) as caught:
        read(annotation, text, quoted)
    error = caught.value
    return f"found {error.found}, expected {error.expected}" + (f"; did you mean {error.near}?" if error.near else "")


@pytest.mark.parametrize(
    ("text", "number"),
    [("5", 5.0), ("-0.5", -0.5), ("1e7", 1e7), ("1.5E-3", 0.0015), ("3_000_000", 3e6), (".5", 0.5), ("2.", 2.0)],
)
def test_numbers_are_read_as_people_write_them(text: str, number: float) -> None:
    assert read(float, text) == number


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (".nan", "found .nan, expected a number that is finite"),
        ("-inf", "found -inf, expected a number that is finite"),
        ("1e999", "found 1e999, expected a number that is finite"),
        ("1,000", 'found "1,000", expected a number without separators; did you mean 1000?'),
        ("60%", 'found "60%", expected a number without a percent sign; did you mean 0.6?'),
        ("010", "found 010, expected a number without leading zeros; did you mean 10?"),
        ("on", 'found "on", expected a number'),
        ("1:30", 'found "1:30", expected a number'),
        ("0x1F", 'found "0x1F", expected a number'),
        ("１２", 'found "１２", expected a number'),
    ],
)
def test_a_number_that_is_none_is_explained(text: str, told: str) -> None:
    assert refusal(float, text) == told


def test_a_year_in_quotes_is_text_and_not_a_year() -> None:
    assert read(int, "2026") == 2026
    assert read(int, "2026.0") == 2026
    assert refusal(int, "2026", quoted=True) == (
        'found "2026" in quotes, which is text, expected a whole number without quotes'
    )
    assert refusal(int, "4.5") == "found 4.5, expected a whole number"
    assert refusal(int, "twenty") == 'found "twenty", expected a whole number'


def test_yaml_guesses_do_not_reach_the_planner() -> None:
    assert read(str, "on") == "on"
    assert read(str, "2026") == "2026"
    assert read(str, "NO") == "NO"
    assert read(bool, "TRUE") is True
    assert read(bool, "false") is False
    assert refusal(bool, "on") == 'found "on", expected true or false; did you mean true?'
    assert refusal(bool, "No") == 'found "No", expected true or false; did you mean false?'
    assert refusal(bool, "perhaps") == 'found "perhaps", expected true or false'


def test_a_list_is_a_yaml_list_or_a_cell_with_semicolons() -> None:
    words = tuple[str, ...]
    assert read(words, "air; liquid") == ["air", "liquid"]
    assert read(words, "air") == ["air"]
    assert read_value(words, Leaf((Leaf("air", AT), Leaf("x", AT)), AT)) == ["air", "x"]
    assert read_value(words, Leaf((), AT)) == []


def test_nothing_is_a_value_only_where_the_field_may_be_nothing() -> None:
    assert read_value(Annotated[float, Field(ge=0)] | None, Leaf(None, AT)) is None
    assert refusal(float, None) == "found nothing, expected a number"


def test_choices_names_and_wrong_shapes() -> None:
    assert refusal(Literal["core", "edge"], "Core") == 'found "Core", expected one of core, edge; did you mean core?'
    assert read(Name, "Caishi") == {"en": "Caishi"}
    with pytest.raises(UnreadableError, match="found a list, expected a number"):
        read_value(float, Leaf((Leaf("1", AT),), AT))
