from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suanli.reports.numbers import (
    carbon_unit,
    energy_unit,
    money,
    money_unit,
    number,
    percent,
    plain,
    quantity,
    signed,
)
from suanli.reports.wording import breakable, printable, short_labels, shortened


@pytest.mark.parametrize(
    ("value", "text"),
    [(10234.4, "10,234"), (12.34, "12.3"), (0.05, "0.05"), (-3.0, "\u22123"), (0.0, "0"), (1_000_000.0, "1,000,000")],
)
def test_numbers_show_about_three_digits(value: float, text: str) -> None:
    assert number(value) == text


def test_what_has_no_value_is_a_dash() -> None:
    assert [number(None), number(float("nan")), percent(None), money(None)] == ["–"] * 4


def test_nothing_is_never_minus_nothing() -> None:
    assert plain(-0.0001, 2) == "0.00"
    assert signed(-0.0001) == "±0.0"
    assert (signed(1.26), signed(-1.26)) == ("+1.3", "\u22121.3")


def test_a_share_short_of_all_is_not_shown_as_all() -> None:
    assert (percent(0.9999), percent(1.0), percent(0.001), percent(0.0)) == (">99%", "100%", "<1%", "0%")
    assert (percent(0.6), percent(0.6049, 1)) == ("60%", "60.5%")


@pytest.mark.parametrize(
    ("cny", "text"),
    [(13.53e9, "CNY 13.53 bn"), (845.2e6, "CNY 845.2 m"), (4.1e6, "CNY 4.10 m"), (12_345.0, "CNY 12,345"),
     (-2e9, "CNY −2.00 bn")],
)  # fmt: skip
def test_money_has_a_fitting_unit_and_stays_on_one_line(cny: float, text: str) -> None:
    assert money(cny) == text.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("cny", "text"),
    [(13.53e9, "135.3亿元"), (845.2e6, "8.45亿元"), (41.6e6, "4,160万元"), (4.1e6, "410万元"), (64_500.0, "6.45万元"),
     (9_400.0, "9,400元"), (-2e9, "−20亿元"), (0.0, "0元")],
)  # fmt: skip
def test_money_in_chinese_counts_in_ten_thousands(cny: float, text: str) -> None:
    assert money(cny, "zh") == text


def test_energy_and_carbon_have_the_units_of_the_language() -> None:
    assert [(u.unit, u(1.5e6)) for u in (energy_unit([1.5e6]), energy_unit([1.5e6], "zh"))] == [
        ("GWh", "1,500.0"),
        ("亿千瓦时", "15.00"),
    ]
    assert [(u.unit, u(345.6)) for u in (energy_unit([345.6]), energy_unit([345.6], "zh"))] == [
        ("MWh", "345.6"),
        ("万千瓦时", "34.6"),
    ]
    assert [(u.unit, u(876_000)) for u in (carbon_unit([876_000]), carbon_unit([876_000], "zh"))] == [
        ("1,000 t", "876"),
        ("万吨", "87.60"),
    ]


def test_a_latin_unit_keeps_its_distance_and_a_chinese_one_none() -> None:
    assert (quantity("12", "MW"), quantity("12", "万吨"), quantity("12", "")) == ("12\u00a0MW", "12万吨", "12")


def test_a_table_has_one_unit_and_traces_of_it_show() -> None:
    unit = money_unit([5e9, 3e6, 10.0])
    assert unit.unit == "CNY bn"
    assert [unit(5e9), unit(3e6), unit(-10.0), unit(0.0)] == ["5.00", "<0.01", ">\u22120.01", "0.00"]


def test_control_characters_become_visible() -> None:
    assert printable("a\tb\n c\u2028d") == "a b c d"
    assert printable("\u202eevil\x00\x1b[31m") == "\ufffdevil\ufffd\ufffd[31m"
    assert printable("e\u0301") == "é"


def test_the_middle_of_a_long_label_is_left_out() -> None:
    assert shortened("Lanhai Linghang Big Data Centre, phase 2", 24) == "Lanhai Lingha...phase 2"
    assert shortened("济南市大数据中心一期工程", 12) == "济南市...程"
    assert shortened("short", 24) == "short"


def test_labels_that_become_alike_are_numbered() -> None:
    labels = ["Edge node of the eastern district A", "Edge node of the western district A"]
    assert short_labels(labels, 12) == ["Edge n...t A", "Edge n...t A (2)"]


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=60), st.integers(4, 30))
def test_labels_fit(text: str, most: int) -> None:
    text = printable(text)
    wide = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in shortened(text, most))
    assert wide <= most
    assert breakable(text).replace("\u200b", "") == text
    assert not any(unicodedata.category(c) == "Cc" for c in text)
