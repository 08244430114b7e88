"""What cells are sorted by."""

import pytest

from suanli.reports.web.sorting import number_in, sort_keys


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234", 1234),
        ("\u22121,234.5", -1234.5),
        ("+21.8%", 0.218),
        ("≥ 110,000 racks", 110_000),
        ("CNY\u00a013.53\u00a0bn", 13.53e9),
        ("CNY 900 m", 900e6),
        ("12 MW", 12),
        ("34 / 50", 34),
        ("1.35亿元", 1.35e8),
        ("9,000 万元", 9e7),
        ("−3亿元", -3e8),
        ("±0.0%", 0),
        ("S12", None),
        ("Caishi 2", None),
        ("–", None),
    ],
)
def test_the_number_in_a_text(text: str, value: float | None) -> None:
    assert number_in(text) == (None if value is None else pytest.approx(value))


def test_bounds_stand_beside_the_number() -> None:
    below, exact, above = (number_in(text) for text in ("<1%", "1%", ">1%"))
    assert below is not None
    assert exact is not None
    assert above is not None
    assert below < exact < above


def test_a_column_is_of_numbers_or_of_words() -> None:
    assert sort_keys(["10", "–", "9"]) == [10, None, 9]
    assert sort_keys(["10", "many"]) == [None, None]
    assert sort_keys(["–", ""]) == [None, None]
